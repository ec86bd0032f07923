//! The config of a pan: reading it, and what a new pan starts with.

use panfloor_model::{FieldProblem, MachineClass, Metric, validate_config};
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
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigFault {
    /// It fits its class and is not the config of a pan all the same: the class is no pan's.
    #[error("the config is not that of a pan: {0}")]
    Shape(String),
    /// It does not fit its class, or the pan would trip with it.
    #[error("{}", told(.0))]
    Unfit(Vec<FieldProblem>),
}

/// All problems in one line, each with its member.
fn told(problems: &[FieldProblem]) -> String {
    let line = |FieldProblem { path, problem }: &FieldProblem| match path.trim_start_matches('/') {
        "" => problem.clone(),
        member => format!("{member}: {problem}"),
    };
    problems.iter().map(line).collect::<Vec<_>>().join(" ")
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
    /// Reads a config that fits `class`, by the rules that hold everywhere ([`validate_config`]).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(value: &Value, class: &MachineClass) -> Result<Self, ConfigFault> {
        validate_config(class, value).map_err(ConfigFault::Unfit)?;
        Self::deserialize(value).map_err(|error| ConfigFault::Shape(error.to_string()))
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
    fn what_is_wrong_is_named_and_no_member_may_be_missing() {
        for class in classes() {
            for field in class.config_fields() {
                let mut config = class.default_config.clone();
                config.as_object_mut().unwrap().remove(&field.name);
                let fault = PanConfig::check(&config, &class).unwrap_err();
                assert!(fault.to_string().contains(&field.name), "{fault}");
                config[&field.name] = json!("46");
                let fault = PanConfig::check(&config, &class).unwrap_err();
                assert!(fault.to_string().starts_with(&format!("{}: ", field.name)), "{fault}");
            }
        }
    }

    #[test]
    fn a_setpoint_at_which_it_would_trip_is_refused() {
        let class = classes().remove(0);
        let mut config = class.default_config.clone();
        config["pressure_setpoint"] = json!(300);
        let fault = PanConfig::check(&config, &class).unwrap_err();
        assert!(matches!(fault, ConfigFault::Unfit(_)));
        assert!(fault.to_string().starts_with("pressure_setpoint: The machine would trip by itself"), "{fault}");
    }
}
