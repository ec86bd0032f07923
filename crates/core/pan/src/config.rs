//! The config of a pan: reading it, checking it against the class's schema.

use panfloor_model::{MachineClass, Metric};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::noise::Dice;

/// Per-pan difference of the initial setpoints from the class's, as a share of the scale: ±.
const TEMPERATURE_SPREAD: f64 = 0.02;
const PRESSURE_SPREAD: f64 = 0.04;
/// Setpoints are multiples of this.
const SETPOINT_STEP: f64 = 0.1;

/// Why a config is not acceptable.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ConfigFault {
    /// It is not a JSON object with the members of a pan's config.
    #[error("the config is not that of a pan: {0}")]
    Shape(String),
    /// A member that a pan does not know.
    #[error("{0} is not a member of this pan's config")]
    Unknown(String),
    /// A number outside of what the schema allows.
    #[error("{field} is {value}; it must lie between {low} and {high}")]
    Range {
        /// Which member.
        field: String,
        /// What it is.
        value: f64,
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Two interlocks in the wrong order.
    #[error("{field} must be two rising numbers; it is {low}, {high}")]
    Order {
        /// Which member.
        field: String,
        /// First number.
        low: f64,
        /// Second number.
        high: f64,
    },
    /// A setpoint at which the pan would trip.
    #[error("{field} {value} lies outside of the interlocks {low} to {high}")]
    Interlock {
        /// Which setpoint.
        field: String,
        /// What it is.
        value: f64,
        /// Lower interlock.
        low: f64,
        /// Upper interlock.
        high: f64,
    },
}

/// The config of a pan. Units and ranges are those of the class's schema.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanConfig {
    /// Steam valve permitted.
    pub heating_enabled: bool,
    /// The machine trips outside, kW.
    pub motor_power_interlocks: [f64; 2],
    /// The machine trips outside, mbar absolute.
    pub pressure_interlocks: [f64; 2],
    /// Vacuum target, mbar absolute.
    pub pressure_setpoint: f64,
    /// Time between readings, ms.
    pub sample_interval_ms: u32,
    /// The machine trips outside, °C.
    pub temperature_interlocks: [f64; 2],
    /// Massecuite temperature target, °C.
    pub temperature_setpoint: f64,
}

impl PanConfig {
    /// Reads a config and checks it against the schema of `class` and against itself.
    ///
    /// # Errors
    /// The first thing found that is wrong.
    pub fn check(value: &Value, class: &MachineClass) -> Result<Self, ConfigFault> {
        let members = value.as_object().ok_or_else(|| ConfigFault::Shape("not a JSON object".to_owned()))?;
        let properties = class.config_schema.get("properties");
        for (name, member) in members {
            let schema = properties.and_then(|p| p.get(name)).ok_or_else(|| ConfigFault::Unknown(name.clone()))?;
            check_range(name, member, schema)?;
        }
        let config = Self::deserialize(value).map_err(|error| ConfigFault::Shape(error.to_string()))?;
        config.check_interlocks()?;
        Ok(config)
    }

    fn check_interlocks(&self) -> Result<(), ConfigFault> {
        let pairs = [
            ("temperature", self.temperature_interlocks, Some(self.temperature_setpoint)),
            ("pressure", self.pressure_interlocks, Some(self.pressure_setpoint)),
            ("motor_power", self.motor_power_interlocks, None),
        ];
        for (name, [low, high], setpoint) in pairs {
            if low >= high {
                return Err(ConfigFault::Order { field: format!("{name}_interlocks"), low, high });
            }
            if let Some(value) = setpoint.filter(|value| *value <= low || *value >= high) {
                return Err(ConfigFault::Interlock { field: format!("{name}_setpoint"), value, low, high });
            }
        }
        Ok(())
    }
}

/// A number must lie in its schema's range; of an array, each number in that of its place.
fn check_range(name: &str, value: &Value, schema: &Value) -> Result<(), ConfigFault> {
    if let Some(items) = value.as_array() {
        let places = schema.get("prefixItems").and_then(Value::as_array);
        return items
            .iter()
            .zip(places.into_iter().flatten())
            .try_for_each(|(item, place)| check_range(name, item, place));
    }
    let Some(number) = value.as_f64() else { return Ok(()) };
    let bound = |key: &str, open: f64| schema.get(key).and_then(Value::as_f64).unwrap_or(open);
    let (low, high) = (bound("minimum", f64::NEG_INFINITY), bound("maximum", f64::INFINITY));
    if (low..=high).contains(&number) {
        Ok(())
    } else {
        Err(ConfigFault::Range { field: name.to_owned(), value: number, low, high })
    }
}

/// The class's default config with setpoints that differ a little from pan to pan, by `seed`, and this interval.
#[must_use]
pub fn initial_config(class: &MachineClass, seed: u64, sample_interval_ms: u32) -> Value {
    let mut dice = Dice::new(seed);
    let mut config = class.default_config.clone();
    for (metric, share) in [(Metric::TEMPERATURE, TEMPERATURE_SPREAD), (Metric::PRESSURE, PRESSURE_SPREAD)] {
        let Some(plan) = class.metrics.get(metric) else { continue };
        let Some(field) = plan.setpoint_field.as_deref() else { continue };
        let Some(default) = config.get(field).and_then(Value::as_f64) else { continue };
        let spread = share * (plan.scale[1] - plan.scale[0]) * dice.symmetric();
        let steps = ((default + spread) / SETPOINT_STEP).round();
        // Through tenths, so that 46.3 is not written as 46.300000000000004.
        config[field] = Value::from(steps / (1.0 / SETPOINT_STEP).round());
    }
    config["sample_interval_ms"] = Value::from(sample_interval_ms);
    config
}

#[cfg(test)]
mod tests {
    use super::{ConfigFault, PanConfig, initial_config};
    use panfloor_model::MachineClass;
    use serde_json::{Value, json};

    fn classes() -> Vec<MachineClass> {
        MachineClass::shipped().unwrap()
    }

    fn with(field: &str, value: Value) -> Result<PanConfig, ConfigFault> {
        let class = classes().into_iter().find(|class| class.id == "reference-pan").unwrap();
        let mut config = class.default_config.clone();
        config[field] = value;
        PanConfig::check(&config, &class)
    }

    #[test]
    fn initial_configs_are_acceptable_and_differ() {
        for class in classes() {
            let all: Vec<Value> = (0..40).map(|seed| initial_config(&class, seed, 1000)).collect();
            for config in &all {
                PanConfig::check(config, &class).unwrap();
                let tenths = config["temperature_setpoint"].as_f64().unwrap() * 10.0;
                assert!((tenths - tenths.round()).abs() < 1e-9);
            }
            assert!(all.iter().any(|config| config != &all[0]));
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(matches!(with("temperature_setpoint", json!(91)), Err(ConfigFault::Range { .. })));
        assert!(matches!(with("temperature_setpoint", json!(51)), Err(ConfigFault::Interlock { .. })));
        assert!(matches!(with("temperature_setpoint", json!("46")), Err(ConfigFault::Shape(_))));
        assert!(matches!(with("temperature_interlocks", json!([50, 40])), Err(ConfigFault::Order { .. })));
        assert!(matches!(with("temperature_interlocks", json!([40, 150])), Err(ConfigFault::Range { .. })));
        assert!(matches!(with("temperature_interlocks", json!([40])), Err(ConfigFault::Shape(_))));
        assert!(matches!(with("sample_interval_ms", json!(99)), Err(ConfigFault::Range { .. })));
        assert!(matches!(with("sample_interval_ms", json!(500.5)), Err(ConfigFault::Shape(_))));
        assert!(matches!(with("colour", json!("red")), Err(ConfigFault::Unknown(_))));
        assert_eq!(
            with("pressure_setpoint", json!(500)).unwrap_err().to_string(),
            "pressure_setpoint is 500; it must lie between 40 and 400"
        );
    }

    #[test]
    fn a_missing_member_is_refused() {
        for class in classes() {
            for field in class.config_fields() {
                let mut config = class.default_config.clone();
                config.as_object_mut().unwrap().remove(&field.name);
                assert!(matches!(PanConfig::check(&config, &class), Err(ConfigFault::Shape(_))), "{}", field.name);
            }
        }
    }
}
