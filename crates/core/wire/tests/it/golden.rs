//! Every golden message decodes to what its file expects.

use std::collections::BTreeMap;

use panfloor_model::Metric;
use panfloor_wire::{
    Aggregate, AggregateForm, Arrival, Attributes, Band, ConfigSeen, Item, Reading, StateReport, TimeFrom, decode_with,
    format_rfc3339,
};
use serde_json::{Map, Value, json};

use crate::case::{Case, all};

#[test]
fn telemetry() {
    run("telemetry");
}

#[test]
fn aggregates() {
    run("aggregate");
}

#[test]
fn states() {
    run("state");
}

#[test]
fn configs() {
    run("config");
}

#[test]
fn commands() {
    run("command");
}

/// Every code has a golden message, so that no reason exists in one language alone.
#[test]
fn every_reject_reason_has_a_case() {
    let mut seen: Vec<String> = ["telemetry", "aggregate", "state", "config", "command"]
        .iter()
        .flat_map(|kind| all(kind))
        .flat_map(|case| case.expect.rejected)
        .collect();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 22, "{seen:?}");
}

fn run(kind: &str) {
    let failures: Vec<String> = all(kind).iter().filter_map(|case| difference(kind, case)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn difference(kind: &str, case: &Case) -> Option<String> {
    let payload = case.payload();
    let arrival =
        Arrival { topic: &case.topic, payload: &payload, retained: case.retained, arrived_at: case.arrived_at() };
    let decoded = decode_with(&case.mapping, &arrival, Attributes { device_id: case.device_id() });
    let items: Vec<Value> = decoded.items.iter().map(neutral).collect();
    let rejected: Vec<&str> = decoded.rejected.iter().map(|rejected| rejected.reason.code()).collect();
    let same =
        same(&Value::from(items.clone()), &Value::from(case.expect.items.clone())) && rejected == case.expect.rejected;
    (!same).then(|| {
        let (want_items, want_rejected) = (&case.expect.items, &case.expect.rejected);
        format!(
            "{kind}/{}:\n  expected {} {want_rejected:?}\n  got      {} {rejected:?}",
            case.name,
            Value::from(want_items.clone()),
            Value::from(items)
        )
    })
}

/// Equal as JSON means it: 46 and 46.0 are one number, the order of `bad` says nothing.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(name, a)| {
                    b.get(name).is_some_and(|b| if name == "bad" { sorted(a) == sorted(b) } else { same(a, b) })
                })
        }
        _ => one == other,
    }
}

fn sorted(names: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = names.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    names.sort_unstable();
    names
}

/// An item as the golden messages write it.
fn neutral(item: &Item) -> Value {
    match item {
        Item::Reading(reading) => neutral_reading(reading),
        Item::State(report) => neutral_state(report),
        Item::Config(seen) => neutral_config(seen),
        Item::Aggregate(aggregate) => neutral_aggregate(aggregate),
    }
}

fn neutral_reading(reading: &Reading) -> Value {
    let values: Map<String, Value> =
        reading.values.iter().map(|(metric, value)| (metric.as_str().to_owned(), json!(value))).collect();
    let tags: BTreeMap<&str, &String> = reading.tags.iter().map(|(tag, text)| (tag.as_str(), text)).collect();
    assert_eq!(values.len(), reading.values.len(), "a metric stands twice");
    json!({
        "kind": "reading",
        "device": reading.device,
        "reading_id": reading.reading_id,
        "seq": reading.seq,
        "time": format_rfc3339(reading.time),
        "time_from": match reading.time_from { TimeFrom::Device => "device", TimeFrom::Arrival => "arrival" },
        "values": values,
        "bad": reading.bad.iter().map(Metric::as_str).collect::<Vec<_>>(),
        "tags": tags,
    })
}

fn neutral_state(report: &StateReport) -> Value {
    json!({
        "kind": "state",
        "device": report.device,
        "config_version": report.config_version,
        "config": report.config,
        "status": report.status.map(panfloor_wire::ReportStatus::wire_name),
        "reason": report.reason,
        "mode": report.mode.map(panfloor_model::Mode::wire_name),
        "firmware": report.firmware,
        "retained": report.retained,
        "class": report.class,
    })
}

fn neutral_config(seen: &ConfigSeen) -> Value {
    json!({
        "kind": "config",
        "device": seen.device,
        "payload": String::from_utf8(seen.payload.clone()).unwrap(),
        "envelope": seen.envelope,
    })
}

fn neutral_aggregate(aggregate: &Aggregate) -> Value {
    json!({
        "kind": "aggregate",
        "device": aggregate.device,
        "metric": aggregate.metric.as_str(),
        "window_start": format_rfc3339(aggregate.window_start),
        "window_end": format_rfc3339(aggregate.window_end),
        "count": aggregate.count,
        "mean": aggregate.mean,
        "min": aggregate.min,
        "max": aggregate.max,
        "stddev": aggregate.stddev,
        "band": aggregate.band.map(|band| match band {
            Band::Green => "green",
            Band::Yellow => "yellow",
            Band::Red => "red",
        }),
        "status": aggregate.status,
        "notification": aggregate.notification,
        "revision": aggregate.revision,
        "form": match aggregate.form {
            AggregateForm::Full => "full",
            AggregateForm::Status => "status",
            AggregateForm::AggTemperature => "agg_temperature",
        },
    })
}
