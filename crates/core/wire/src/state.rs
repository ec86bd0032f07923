//! State reports: what a machine says of itself, above all which config it has received or applied.

use panfloor_model::Mode;
use serde_json::{Map, Value};

use crate::decode::Context;
use crate::json;
use crate::limits::{MAX_NAME_BYTES, MAX_TEXT_BYTES};
use crate::reject::RejectReason;
use crate::telemetry::{bounded, whole_number};

/// What a machine reports of itself. A member that it left out, or sent as `null`, is `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StateReport {
    /// The machine's name at its source.
    pub device: String,
    /// Version of the config that the report speaks of.
    pub config_version: Option<u64>,
    /// The values in effect: always an object.
    pub config: Option<Value>,
    /// What became of the config.
    pub status: Option<ReportStatus>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Who commands the machine.
    pub mode: Option<Mode>,
    /// Version of the machine's program.
    pub firmware: Option<String>,
    /// Whether the broker kept it: such a report may be older than what was published since, and proves nothing new.
    pub retained: bool,
    /// The machine's class.
    pub class: Option<String>,
}

/// What became of a config. The three are different facts, and none stands for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportStatus {
    /// The machine has it.
    Received,
    /// The machine works by it.
    Applied,
    /// The machine will not work by it.
    Refused,
}

impl ReportStatus {
    /// Name on the wire.
    #[must_use]
    pub const fn wire_name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Applied => "applied",
            Self::Refused => "refused",
        }
    }

    /// The status with this wire name.
    #[must_use]
    pub fn from_wire_name(name: &str) -> Option<Self> {
        [Self::Received, Self::Applied, Self::Refused].into_iter().find(|status| status.wire_name() == name)
    }
}

/// Members of a report that are not the machine's values, where those stand bare.
const KNOWN: [&str; 9] = ["class", "config", "config_version", "device", "firmware", "id", "mode", "reason", "status"];

/// Reads a report. A known member with a wrong type or value rejects the whole: half a report could show a config as
/// applied that was not.
pub(crate) fn read(context: &Context<'_>) -> Result<StateReport, RejectReason> {
    let mut object = match json::parse(context.arrival.payload, json::NULL)? {
        Value::Object(object) => object,
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            return Err(RejectReason::NotAnObject { found: json::name_of(&other) });
        }
    };
    let report = StateReport {
        device: context.machine(Some(&object))?,
        config_version: config_version(&mut object)?,
        status: named(&mut object, "status", "received, applied or refused", ReportStatus::from_wire_name)?,
        reason: text(&mut object, "reason", MAX_TEXT_BYTES)?,
        mode: named(&mut object, "mode", "remote, local or maintenance", Mode::from_wire_name)?,
        firmware: text(&mut object, "firmware", MAX_TEXT_BYTES)?,
        retained: context.arrival.retained,
        class: text(&mut object, "class", MAX_NAME_BYTES)?,
        config: config(context, object)?,
    };
    let said = StateReport { device: report.device.clone(), retained: report.retained, ..StateReport::default() };
    if report == said { Err(RejectReason::EmptyState) } else { Ok(report) }
}

/// Takes a member out; `null` counts as missing.
fn take(object: &mut Map<String, Value>, member: &str) -> Option<Value> {
    object.remove(member).filter(|value| !value.is_null())
}

fn config_version(object: &mut Map<String, Value>) -> Result<Option<u64>, RejectReason> {
    let bad = RejectReason::BadState { member: "config_version", expected: "a whole number, zero or above" };
    take(object, "config_version").map(|value| whole_number(&value).ok_or(bad)).transpose()
}

fn text(object: &mut Map<String, Value>, member: &'static str, limit: usize) -> Result<Option<String>, RejectReason> {
    match take(object, member) {
        None => Ok(None),
        Some(Value::String(text)) => bounded(member.to_owned(), text, limit).map(Some),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(RejectReason::BadState { member, expected: "a string" })
        }
    }
}

fn named<T>(
    object: &mut Map<String, Value>,
    member: &'static str,
    expected: &'static str,
    from_wire_name: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, RejectReason> {
    let Some(value) = take(object, member) else { return Ok(None) };
    let known = value.as_str().and_then(from_wire_name);
    known.map(Some).ok_or(RejectReason::BadState { member, expected })
}

/// The member `config`; where configs travel bare and there is none, the members that nothing else claims.
fn config(context: &Context<'_>, mut object: Map<String, Value>) -> Result<Option<Value>, RejectReason> {
    match take(&mut object, "config") {
        Some(config) if config.is_object() => return Ok(Some(config)),
        Some(_) => return Err(RejectReason::BadState { member: "config", expected: "an object" }),
        None if context.mapping.config_envelope => return Ok(None),
        None => {}
    }
    object.retain(|name, _| !KNOWN.contains(&name.as_str()));
    Ok((!object.is_empty()).then_some(Value::Object(object)))
}
