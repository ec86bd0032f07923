//! Writes messages with their members in a fixed order, so that the same message always has the same bytes.

use std::collections::BTreeMap;

use panfloor_model::Metric;
use serde_json::{Number, Value};

use crate::state::StateReport;
use crate::telemetry::{Reading, TimeFrom};
use crate::time;

/// Telemetry of a machine: `id`, `reading_id` if any, `time` if it is the machine's own, the metrics, the bad ones as `NaN`
/// (as Python writes them: then the text is not strict JSON), `seq`, `phase`, `mode`, other state tags.
#[must_use]
pub fn encode_telemetry(reading: &Reading) -> Vec<u8> {
    let mut writer = ObjectWriter::new();
    writer.string("id", &reading.device);
    if let Some(id) = &reading.reading_id {
        writer.string("reading_id", id);
    }
    if reading.time_from == TimeFrom::Device {
        writer.string("time", &time::format_rfc3339(reading.time));
    }
    for (metric, value) in &reading.values {
        writer.number(metric.as_str(), *value);
    }
    for metric in &reading.bad {
        writer.number(metric.as_str(), f64::NAN);
    }
    if let Some(seq) = reading.seq {
        writer.integer("seq", seq);
    }
    let rank = |tag: &Metric| match tag.as_str() {
        Metric::PHASE => 0,
        Metric::MODE => 1,
        _ => 2,
    };
    for wanted in 0..=2 {
        for (tag, text) in reading.tags.iter().filter(|(tag, _)| rank(tag) == wanted) {
            writer.string(tag.as_str(), text);
        }
    }
    writer.finish()
}

/// A machine's state report: `config_version`, `config`, `status`, `reason`, `mode`, `firmware`, `class`, those that are
/// known. The machine's name is the topic's business.
#[must_use]
pub fn encode_state(report: &StateReport) -> Vec<u8> {
    let mut writer = ObjectWriter::new();
    if let Some(version) = report.config_version {
        writer.integer("config_version", version);
    }
    if let Some(config) = &report.config {
        writer.value("config", config);
    }
    let texts = [
        ("status", report.status.map(crate::ReportStatus::wire_name)),
        ("reason", report.reason.as_deref()),
        ("mode", report.mode.map(panfloor_model::Mode::wire_name)),
        ("firmware", report.firmware.as_deref()),
        ("class", report.class.as_deref()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            writer.string(name, text);
        }
    }
    writer.finish()
}

/// Writes one JSON object, member by member.
///
/// Our own since it must keep the order it is given, write `NaN`, and not depend on whether some other crate of the build
/// switches serde_json's maps from sorted to ordered.
pub(crate) struct ObjectWriter {
    text: String,
}

impl ObjectWriter {
    pub(crate) fn new() -> Self {
        Self { text: String::from("{") }
    }

    pub(crate) fn string(&mut self, name: &str, value: &str) {
        self.name(name);
        push_string(&mut self.text, value);
    }

    pub(crate) fn integer(&mut self, name: &str, value: u64) {
        self.name(name);
        self.text.push_str(&value.to_string());
    }

    pub(crate) fn number(&mut self, name: &str, value: f64) {
        self.name(name);
        match Number::from_f64(value) {
            Some(number) => self.text.push_str(&number.to_string()),
            None => self.text.push_str("NaN"),
        }
    }

    pub(crate) fn value(&mut self, name: &str, value: &Value) {
        self.name(name);
        push_sorted(&mut self.text, value);
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.text.push('}');
        self.text.into_bytes()
    }

    fn name(&mut self, name: &str) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        push_string(&mut self.text, name);
        self.text.push(':');
    }
}

fn push_string(text: &mut String, value: &str) {
    text.push_str(&Value::from(value).to_string());
}

/// The value without white space, members of objects in the order of their names. Recurses as deep as the value.
fn push_sorted(text: &mut String, value: &Value) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => text.push_str(&value.to_string()),
        Value::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                push_sorted(text, element);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            let sorted: BTreeMap<&String, &Value> = members.iter().collect();
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                push_string(text, name);
                text.push(':');
                push_sorted(text, member);
            }
            text.push('}');
        }
    }
}
