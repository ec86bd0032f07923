//! Machine classes: what all machines of one kind have in common, read from `contract/classes/*.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::limits::{LimitKind, Limits, Priority};
use crate::phase::Phase;

/// The class of the reference design's pans.
const REFERENCE_PAN: &str = include_str!("../../../contract/classes/reference-pan.json");
/// The class of real A pans, which boil hotter.
const A_PAN: &str = include_str!("../../../contract/classes/a-pan.json");

/// Why a class file was refused.
#[derive(Debug, Error)]
pub enum ClassError {
    /// The file is not the JSON of a class.
    #[error("the class file is not valid: {0}")]
    Json(#[from] serde_json::Error),
}

/// A class of machines: limits, setpoints by phase, and the schema of their config.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineClass {
    /// Key in the store and on the wire: `reference-pan`.
    pub id: String,
    /// Name for people: `reference pan`.
    pub title: String,
    /// Name where room is scarce: `ref. pan`.
    pub short_title: String,
    /// How many approvals a config change needs; a protected field needs one more.
    pub approvals: u8,
    /// Phases in which a config may be published; none listed: all.
    #[serde(default)]
    pub publish_phases: Vec<Phase>,
    /// JSON Schema (2020-12) of the config. `x-unit`, `x-protected` and `x-group` are read by the form,
    /// `x-order` and `x-within` by [`validate_config`](crate::validate_config).
    pub config_schema: serde_json::Value,
    /// A config that the schema accepts, for a machine that has none yet.
    pub default_config: serde_json::Value,
    /// What is measured, by metric name.
    pub metrics: BTreeMap<String, MetricPlan>,
    /// The strike, by phase.
    pub phases: BTreeMap<Phase, PhasePlan>,
}

/// What holds for one metric in all phases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricPlan {
    /// Ends of the scale that bars and sparklines share, in the metric's unit.
    pub scale: [f64; 2],
    /// Decimals shown.
    pub decimals: u8,
    /// Resolution of the sensor, in the metric's unit.
    pub resolution: f64,
    /// An alarm returns only this far inside its limit, in the metric's unit.
    pub deadband: f64,
    /// How long the value must lie beyond the limit, seconds of event time.
    pub on_delay_s: f64,
    /// How long it must lie inside again, seconds of event time.
    pub off_delay_s: f64,
    /// Priority by limit.
    pub priorities: BTreeMap<LimitKind, Priority>,
    /// The config's member that holds this metric's setpoint, if it has one.
    #[serde(default)]
    pub setpoint_field: Option<String>,
}

/// One phase of the strike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhasePlan {
    /// How long it usually lasts, minutes.
    pub typical_minutes: f64,
    /// Whether the pan boils under vacuum in it; outside it values run off the scale and nothing is abnormal about that.
    pub boiling: bool,
    /// By metric name.
    pub metrics: BTreeMap<String, PhaseMetric>,
}

/// One metric in one phase.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseMetric {
    /// Added to the config's setpoint in this phase, in the metric's unit.
    #[serde(default)]
    pub setpoint_offset: f64,
    /// Alarm limits in this phase.
    #[serde(default)]
    pub limits: Limits,
}

/// One member of a config, as the form shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigField {
    /// Member name.
    pub name: String,
    /// Whether a change of it needs one approval more.
    pub protected: bool,
}

impl MachineClass {
    /// Reads a class file.
    ///
    /// # Errors
    /// If it is not the JSON of a class.
    pub fn parse(json: &str) -> Result<Self, ClassError> {
        Ok(serde_json::from_str(json)?)
    }

    /// The classes that ship with Panfloor.
    ///
    /// # Errors
    /// If one of the shipped files is not valid (a test shows that none is).
    pub fn shipped() -> Result<Vec<Self>, ClassError> {
        [REFERENCE_PAN, A_PAN].into_iter().map(Self::parse).collect()
    }

    /// What holds for `metric` in `phase`.
    #[must_use]
    pub fn phase_metric(&self, phase: Phase, metric: &str) -> Option<&PhaseMetric> {
        self.phases.get(&phase)?.metrics.get(metric)
    }

    /// The setpoint of `metric` in `phase` under `config`, in the metric's unit.
    #[must_use]
    pub fn setpoint(&self, config: &serde_json::Value, phase: Phase, metric: &str) -> Option<f64> {
        if !self.phases.get(&phase)?.boiling {
            return None;
        }
        let field = self.metrics.get(metric)?.setpoint_field.as_deref()?;
        let base = config.get(field)?.as_f64()?;
        Some(base + self.phase_metric(phase, metric)?.setpoint_offset)
    }

    /// Least and greatest of what the phases in which the pan boils add to the setpoint of this config member, in its unit.
    /// Zeroes where it is the setpoint of no metric.
    #[must_use]
    pub fn setpoint_offsets(&self, field: &str) -> [f64; 2] {
        let metric = self.metrics.iter().find(|(_, plan)| plan.setpoint_field.as_deref() == Some(field));
        let boiling = self.phases.values().filter(|plan| plan.boiling);
        let offsets = metric.into_iter().flat_map(|(name, _)| {
            boiling.clone().map(|plan| plan.metrics.get(name).map_or(0.0, |metric| metric.setpoint_offset))
        });
        let span = offsets.fold(None, |span, offset| {
            let [least, most] = span.unwrap_or([offset, offset]);
            Some([offset.min(least), offset.max(most)])
        });
        span.unwrap_or_default()
    }

    /// The config's members in alphabetical order.
    #[must_use]
    pub fn config_fields(&self) -> Vec<ConfigField> {
        let Some(properties) = self.config_schema.get("properties").and_then(|p| p.as_object()) else {
            return Vec::new();
        };
        properties
            .iter()
            .map(|(name, schema)| ConfigField {
                name: name.clone(),
                protected: schema.get("x-protected").and_then(serde_json::Value::as_bool).unwrap_or(false),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{LimitKind, MachineClass};

    #[test]
    fn shipped_classes_are_whole() {
        for class in MachineClass::shipped().unwrap() {
            assert_eq!(class.phases.len(), 7, "{}", class.id);
            for (phase, plan) in &class.phases {
                for (name, metric) in &plan.metrics {
                    let limits: Vec<f64> = LimitKind::ALL.iter().filter_map(|kind| metric.limits.of(*kind)).collect();
                    assert!(limits.is_sorted(), "{} {phase:?} {name}: limits out of order", class.id);
                    let scale = class.metrics[name].scale;
                    if let (true, Some(setpoint)) = (plan.boiling, class.setpoint(&class.default_config, *phase, name))
                    {
                        assert!(scale[0] < setpoint && setpoint < scale[1], "{} {phase:?} {name}", class.id);
                        assert!(
                            limits.iter().filter(|limit| **limit < setpoint).count() == 2,
                            "{} {phase:?} {name}: the setpoint {setpoint} lies outside low and high",
                            class.id
                        );
                    }
                }
            }
            let fields = class.config_fields();
            assert_eq!(fields.iter().filter(|field| field.protected).count(), 3);
            assert!(fields.iter().all(|field| class.default_config.get(&field.name).is_some()));
        }
    }
}
