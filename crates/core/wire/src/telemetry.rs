//! Readings: what a machine measured at one time.

use panfloor_model::{Metric, Timestamp};
use serde_json::{Map, Number, Value};

use crate::decode::{Context, is_usable_name, is_uuid};
use crate::json;
use crate::limits::{MAX_METRICS, MAX_NAME_BYTES, MAX_TAG_BYTES};
use crate::reject::RejectReason;
use crate::time;

/// Measurements of one machine at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The machine's name at its source.
    pub device: String,
    /// The reading's own identity, if it has one: the same again is a repeat.
    pub reading_id: Option<String>,
    /// The machine's own count, +1 a reading, if it counts.
    pub seq: Option<u64>,
    /// When it was measured.
    pub time: Timestamp,
    /// Who says so.
    pub time_from: TimeFrom,
    /// Metrics and their values, all finite, in the order of names. Units: [`Metric::unit`].
    pub values: Vec<(Metric, f64)>,
    /// Metrics whose value was no number (`NaN`, `Infinity`, beyond a double): gaps of quality bad.
    pub bad: Vec<Metric>,
    /// State tags: `phase`, `mode`, and the text members that the mapping names.
    pub tags: Vec<(Metric, String)>,
}

/// Whose clock a reading's time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeFrom {
    /// The machine's.
    Device,
    /// This station's, at arrival: the machine sent no time.
    Arrival,
}

/// Members with a meaning of their own: never metrics, whatever they hold.
const RESERVED: [&str; 7] = ["device", "id", "mode", "phase", "reading_id", "seq", "time"];

/// Reads one object.
pub(crate) fn read(context: &Context<'_>, object: Map<String, Value>) -> Result<Reading, RejectReason> {
    let device = context.machine(Some(&object))?;
    let (time, time_from) = measured_at(context, &object)?;
    let reading_id = reading_id(&object)?;
    let mut reading = Reading {
        device,
        reading_id,
        seq: object.get("seq").and_then(whole_number),
        time,
        time_from,
        values: Vec::with_capacity(object.len()),
        bad: Vec::new(),
        tags: Vec::new(),
    };
    for (name, value) in object {
        match value {
            Value::Number(number) if !RESERVED.contains(&name.as_str()) => reading.take_number(&name, &number)?,
            Value::String(text) if is_tag(context, &name) => reading.take_tag(name, text)?,
            // The contract: other strings, nulls and nested values are no metrics; nor is a boolean a number.
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            }
        }
    }
    match reading.values.len() + reading.bad.len() {
        0 if reading.tags.is_empty() => Err(RejectReason::NoMetric),
        0..=MAX_METRICS => Ok(reading),
        metrics => Err(RejectReason::TooManyMetrics { metrics }),
    }
}

impl Reading {
    fn take_number(&mut self, name: &str, number: &Number) -> Result<(), RejectReason> {
        let metric = metric(name)?;
        match json::finite(number) {
            Some(value) => self.values.push((metric, value)),
            None => self.bad.push(metric),
        }
        Ok(())
    }

    fn take_tag(&mut self, name: String, text: String) -> Result<(), RejectReason> {
        let metric = metric(&name)?;
        self.tags.push((metric, bounded(name, text, MAX_TAG_BYTES)?));
        Ok(())
    }
}

/// The metric of this name, if it can be one.
pub(crate) fn metric(name: &str) -> Result<Metric, RejectReason> {
    if !is_usable_name(name) {
        return Err(RejectReason::BadMetricName { name: name.chars().take(MAX_NAME_BYTES / 4).collect() });
    }
    Ok(Metric::new(name))
}

/// The text, unless it is longer than `limit` bytes.
pub(crate) fn bounded(member: String, text: String, limit: usize) -> Result<String, RejectReason> {
    let bytes = text.len();
    if bytes > limit { Err(RejectReason::TextTooLong { member, bytes, limit }) } else { Ok(text) }
}

/// A count: an integer of 64 bits without sign, also if written as `7.0`.
pub(crate) fn whole_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        // 2⁵³: up to it every whole double is one integer.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded in this very line")]
        ((0.0..=9_007_199_254_740_992.0).contains(&number) && number.fract() == 0.0).then_some(number as u64)
    })
}

/// A reading is not dated by the arrival of a retained message: that would make a machine that fell silent look alive at
/// every reconnect.
fn measured_at(context: &Context<'_>, object: &Map<String, Value>) -> Result<(Timestamp, TimeFrom), RejectReason> {
    match time::read(object.get("time"), context.mapping.time_zone)? {
        Some(time) => Ok((context.not_in_future(time)?, TimeFrom::Device)),
        None if context.arrival.retained => Err(RejectReason::RetainedWithoutTime),
        None => Ok((context.arrival.arrived_at, TimeFrom::Arrival)),
    }
}

fn reading_id(object: &Map<String, Value>) -> Result<Option<String>, RejectReason> {
    let text = |name: &str| object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let Some(id) = text("reading_id").or_else(|| text("id").filter(|id| is_uuid(id))) else { return Ok(None) };
    bounded("reading_id".to_owned(), id.to_owned(), MAX_NAME_BYTES).map(Some)
}

fn is_tag(context: &Context<'_>, name: &str) -> bool {
    matches!(name, Metric::PHASE | Metric::MODE)
        || (!RESERVED.contains(&name) && context.mapping.text_tags.iter().any(|tag| tag == name))
}
