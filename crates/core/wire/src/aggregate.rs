//! Minute aggregates: what a pipeline, or Panfloor's own aggregator, computed over one window.

use std::time::Duration;

use panfloor_model::{Metric, Timestamp};
use serde_json::{Map, Value};

use crate::decode::Context;
use crate::json;
use crate::limits::{MAX_NAME_BYTES, MAX_TEXT_BYTES};
use crate::reject::RejectReason;
use crate::telemetry::{bounded, metric, whole_number};
use crate::time;

/// Statistics of one metric over one window, in the metric's unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// The machine's name at its source.
    pub device: String,
    /// What was measured.
    pub metric: Metric,
    /// First moment of the window.
    pub window_start: Timestamp,
    /// First moment after the window.
    pub window_end: Timestamp,
    /// How many samples.
    pub count: Option<u64>,
    /// Their mean; `None` if it was no number.
    pub mean: Option<f64>,
    /// The smallest.
    pub min: Option<f64>,
    /// The largest.
    pub max: Option<f64>,
    /// Their standard deviation (population), zero or above.
    pub stddev: Option<f64>,
    /// Which band of the status the mean lies in, if the status says so.
    pub band: Option<Band>,
    /// The status as sent: `green`, `temp_yellow`.
    pub status: Option<String>,
    /// Text for people, as sent.
    pub notification: Option<String>,
    /// Rises when a window is computed anew; 1 where none was sent.
    pub revision: u64,
    /// Which of the contract's forms it had.
    pub form: AggregateForm,
}

/// Band of the reference design's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Band {
    /// As it should be.
    Green,
    /// Beside it.
    Yellow,
    /// Far from it.
    Red,
}

/// The forms in which aggregates come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AggregateForm {
    /// With its window.
    Full,
    /// `processingTime`, `mean` and a `status` whose prefix names the metric.
    Status,
    /// `processingTime` and `aggTemperature`.
    AggTemperature,
}

/// Length of the window where none is sent.
const MINUTE: Duration = Duration::from_secs(60);

/// Prefixes of the reference pipelines' status, and the metrics they mean.
const STATUS_PREFIXES: [(&str, &str); 3] =
    [("temp_", Metric::TEMPERATURE), ("pressure_", Metric::PRESSURE), ("mpower_", Metric::MOTOR_POWER)];

/// Reads one object.
pub(crate) fn read(context: &Context<'_>, object: &Map<String, Value>) -> Result<Aggregate, RejectReason> {
    let form = form(object);
    let mean_member = match form {
        AggregateForm::Full | AggregateForm::Status => "mean",
        AggregateForm::AggTemperature => "aggTemperature",
    };
    let device = context.machine(Some(object))?;
    let (window_start, window_end) = window(context, object, form)?;
    let status = text(object, "status", MAX_NAME_BYTES)?;
    let count = object.get("count").and_then(whole_number);
    let mean = mean(object, mean_member, count)?;
    Ok(Aggregate {
        device,
        metric: named_metric(context, object, form, status.as_deref())?,
        window_start,
        window_end,
        count,
        mean,
        min: number(object, "min"),
        max: number(object, "max"),
        stddev: number(object, "stddev").filter(|stddev| *stddev >= 0.0),
        band: status.as_deref().and_then(band),
        status,
        notification: text(object, "notification", MAX_TEXT_BYTES)?,
        revision: object.get("revision").and_then(whole_number).unwrap_or(1),
        form,
    })
}

/// The short forms have no window; which of them it is shows in where the mean stands.
fn form(object: &Map<String, Value>) -> AggregateForm {
    if object.contains_key("window_start") || !object.contains_key("processingTime") {
        AggregateForm::Full
    } else if object.contains_key("aggTemperature") {
        AggregateForm::AggTemperature
    } else {
        AggregateForm::Status
    }
}

/// The mean must be there; it may be no number only as a gap is in telemetry, or where nothing was counted.
fn mean(object: &Map<String, Value>, member: &'static str, count: Option<u64>) -> Result<Option<f64>, RejectReason> {
    match object.get(member) {
        Some(Value::Number(number)) => Ok(json::finite(number)),
        None | Some(Value::Null) if count == Some(0) => Ok(None),
        None | Some(Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => {
            Err(RejectReason::BadAggregate { member, expected: "a number" })
        }
    }
}

/// The metric: the topic's, the member's, or what the short form implies.
fn named_metric(
    context: &Context<'_>,
    object: &Map<String, Value>,
    form: AggregateForm,
    status: Option<&str>,
) -> Result<Metric, RejectReason> {
    let implied = || match form {
        AggregateForm::AggTemperature => Some(Metric::TEMPERATURE),
        AggregateForm::Full | AggregateForm::Status => {
            STATUS_PREFIXES.iter().find(|(prefix, _)| status.is_some_and(|s| s.starts_with(prefix))).map(|(_, m)| *m)
        }
    };
    let named = context.captures.metric.or_else(|| object.get("metric").and_then(Value::as_str)).or_else(implied);
    let expected =
        "the metric's name, in the topic or the message, or implied by a status of temp_, pressure_ or mpower_";
    metric(named.ok_or(RejectReason::BadAggregate { member: "metric", expected })?)
}

/// The window: as sent; where only `processingTime` is, the last whole UTC minute that was over by then.
fn window(
    context: &Context<'_>,
    object: &Map<String, Value>,
    form: AggregateForm,
) -> Result<(Timestamp, Timestamp), RejectReason> {
    let read = |member: &str| time::read(object.get(member), context.mapping.time_zone);
    let missing = |member| RejectReason::BadAggregate { member, expected: "a time" };
    let (start, end) = match form {
        AggregateForm::Full => {
            let start = read("window_start")?.ok_or(missing("window_start"))?;
            (start, read("window_end")?.unwrap_or(start.plus(MINUTE)))
        }
        AggregateForm::Status | AggregateForm::AggTemperature => {
            let end = read("processingTime")?.ok_or(missing("processingTime"))?.minute_start();
            (end.minus(MINUTE), end)
        }
    };
    if end <= start {
        return Err(RejectReason::BadAggregate { member: "window_end", expected: "later than window_start" });
    }
    Ok((start, context.not_in_future(end)?))
}

fn number(object: &Map<String, Value>, member: &str) -> Option<f64> {
    if let Some(Value::Number(number)) = object.get(member) { json::finite(number) } else { None }
}

fn text(object: &Map<String, Value>, member: &str, limit: usize) -> Result<Option<String>, RejectReason> {
    let Some(text) = object.get(member).and_then(Value::as_str) else { return Ok(None) };
    bounded(member.to_owned(), text.to_owned(), limit).map(Some)
}

fn band(status: &str) -> Option<Band> {
    let word = STATUS_PREFIXES.iter().find_map(|(prefix, _)| status.strip_prefix(prefix)).unwrap_or(status);
    match word {
        "green" => Some(Band::Green),
        "yellow" => Some(Band::Yellow),
        "red" => Some(Band::Red),
        _ => None,
    }
}
