//! Configs: taken by version, reported in order, obeyed.

use std::time::Duration;

use panfloor_model::{Metric, Mode, Phase, Timestamp};
use panfloor_pan::{MAX_CONFIG_BYTES, Pan, Receipt, Report, ReportStatus};
use serde_json::{Value, json};

use crate::{START, at, mean, pan, run, series};

fn growing(class_id: &str, seed: u64) -> Pan {
    pan(class_id, seed, Phase::GrainGrowth, 10, Vec::new())
}

/// A config message that changes one field of what is in force.
fn message(pan: &Pan, version: u64, field: &str, value: Value) -> Vec<u8> {
    let mut config = pan.state(START).config;
    config[field] = value;
    let envelope = json!({"site": "demo", "version": version, "config": config, "issued_at": "2026-11-24T06:15:00Z",
        "change": "c1", "approved_by": ["a"], "proof": {"payload": "", "signatures": []}});
    serde_json::to_vec(&envelope).unwrap()
}

/// All reports up to `until`, looked for every 100 ms.
fn reports(pan: &mut Pan, from: Timestamp, until: Timestamp) -> Vec<Report> {
    let mut found = Vec::new();
    let mut now = from;
    while now <= until {
        found.extend(std::iter::from_fn(|| pan.poll_report(now)));
        now = now.plus(Duration::from_millis(100));
    }
    found
}

#[test]
fn a_config_is_received_at_once_and_applied_a_moment_later() {
    let mut pan = growing("reference-pan", 1);
    assert_eq!(pan.next_report(), None);
    let bytes = message(&pan, 12_004, "temperature_setpoint", json!(46.5));
    assert_eq!(pan.receive_config(&bytes, at(10)), Receipt::Taken { version: 12_004 });
    let found = reports(&mut pan, at(10), at(13));
    assert_eq!(found.iter().map(|r| r.status).collect::<Vec<_>>(), [ReportStatus::Received, ReportStatus::Applied]);
    assert!(found.iter().all(|report| report.config_version == 12_004));
    assert_eq!(found[0].time, at(10));
    assert_ne!(found[0].config["temperature_setpoint"], json!(46.5), "not in force yet");
    assert_eq!(found[1].config["temperature_setpoint"], json!(46.5));
    let delay = found[1].time.since(found[0].time);
    assert!((Duration::from_millis(500)..=Duration::from_millis(2_100)).contains(&delay), "{delay:?}");
    assert_eq!(pan.config_version(), 12_004);
    assert_eq!((found[1].mode, found[1].class.as_str()), (Mode::Remote, "reference-pan"));
}

#[test]
fn only_a_higher_version_is_taken() {
    let mut pan = growing("reference-pan", 1);
    let bytes = message(&pan, 2_001, "pressure_setpoint", json!(66));
    assert_eq!(pan.receive_config(&bytes, at(1)), Receipt::Taken { version: 2_001 });
    assert_eq!(pan.receive_config(&bytes, at(1)), Receipt::Stale { version: 2_001, have: 2_001 });
    assert_eq!(reports(&mut pan, at(1), at(5)).len(), 2);
    for version in [1, 2_000, 2_001] {
        let bytes = message(&pan, version, "pressure_setpoint", json!(60));
        assert_eq!(pan.receive_config(&bytes, at(6)), Receipt::Stale { version, have: 2_001 });
    }
    assert_eq!(reports(&mut pan, at(6), at(10)), []);
    assert!((pan.config().pressure_setpoint - 66.0).abs() < 1e-9);
}

#[test]
fn a_newer_config_overtakes_one_that_waits() {
    let mut pan = growing("reference-pan", 1);
    let first = message(&pan, 10, "temperature_setpoint", json!(45.5));
    let second = message(&pan, 11, "temperature_setpoint", json!(46.5));
    pan.receive_config(&first, at(1));
    pan.receive_config(&second, at(1));
    let applied: Vec<u64> = reports(&mut pan, at(1), at(6))
        .iter()
        .filter(|report| report.status == ReportStatus::Applied)
        .map(|report| report.config_version)
        .collect();
    assert_eq!(applied, [11]);
}

#[test]
fn what_cannot_be_obeyed_is_refused_with_its_reason_and_changes_nothing() {
    let mut pan = growing("reference-pan", 1);
    let before = pan.config().clone();
    let trips = message(&pan, 20, "pressure_setpoint", json!(300));
    assert!(matches!(pan.receive_config(&trips, at(1)), Receipt::Refused { version: 20, .. }));
    pan.set_mode(Mode::Local);
    let fine = message(&pan, 21, "temperature_setpoint", json!(46.5));
    assert!(matches!(pan.receive_config(&fine, at(1)), Receipt::Refused { version: 21, .. }));
    let found = reports(&mut pan, at(1), at(5));
    assert_eq!(
        found.iter().map(|r| (r.config_version, r.status)).collect::<Vec<_>>(),
        [(20, ReportStatus::Refused), (21, ReportStatus::Refused)]
    );
    assert!(
        found[0].reason.as_deref().unwrap().contains("pressure_setpoint: The machine would trip by itself"),
        "{:?}",
        found[0].reason
    );
    assert!(found[1].reason.as_deref().unwrap().contains("local"), "{:?}", found[1].reason);
    assert_eq!(*pan.config(), before);
    pan.set_mode(Mode::Remote);
    assert_eq!(pan.receive_config(&fine, at(6)), Receipt::Taken { version: 21 });
}

#[test]
fn what_is_no_config_message_is_left_alone() {
    let mut pan = growing("reference-pan", 1);
    let huge = vec![b' '; MAX_CONFIG_BYTES + 1];
    for bytes in [&b""[..], b"null", b"{}", b"\xff\xfe", b"{\"version\":-1,\"config\":{}}", b"{\"version\":5}", &huge] {
        assert!(matches!(pan.receive_config(bytes, at(1)), Receipt::Unreadable { .. }));
    }
    let deep = [b"{\"version\":5,\"config\":".to_vec(), vec![b'['; 10_000]].concat();
    assert!(matches!(pan.receive_config(&deep, at(1)), Receipt::Unreadable { .. }));
    assert_eq!(reports(&mut pan, at(1), at(5)), []);
}

#[test]
fn temperature_and_pressure_go_to_new_setpoints_within_ninety_seconds_without_overshoot() {
    for (class_id, field, metric, wander) in [
        ("reference-pan", "temperature_setpoint", Metric::TEMPERATURE, 0.2),
        ("a-pan", "temperature_setpoint", Metric::TEMPERATURE, 0.25),
        ("reference-pan", "pressure_setpoint", Metric::PRESSURE, 0.8),
        ("a-pan", "pressure_setpoint", Metric::PRESSURE, 1.8),
    ] {
        for (seed, direction) in [(1, 1.0), (2, -1.0), (3, 1.0)] {
            let mut pan = growing(class_id, seed);
            let old = pan.state(START).config[field].as_f64().unwrap();
            let change = direction * if metric == Metric::PRESSURE { 3.0 } else { 0.7 };
            let new = ((old + change) * 10.0).round() / 10.0;
            let before = series(&run(&mut pan, 0, 60), metric);
            assert!((mean(&before) - old).abs() < wander, "{class_id} {field}: {} for {old}", mean(&before));
            let bytes = message(&pan, 100, field, json!(new));
            pan.receive_config(&bytes, at(60));
            let values = series(&run(&mut pan, 60, 600), metric);
            let reached = mean(&values[80..100]);
            assert!((reached - new).abs() < wander, "{class_id} {field} {new}: {reached} after 90 s");
            let furthest = values.iter().map(|value| direction * (value - new)).fold(f64::MIN, f64::max);
            assert!(furthest < wander + 0.1 * change.abs(), "{class_id} {field} {new}: overshoots by {furthest}");
        }
    }
}

#[test]
fn heating_off_closes_the_steam_valve_and_on_opens_it() {
    let mut pan = growing("reference-pan", 1);
    let off = message(&pan, 100, "heating_enabled", json!(false));
    pan.receive_config(&off, at(0));
    let cold = series(&run(&mut pan, 0, 300), Metric::TEMPERATURE);
    assert!(cold[299] < 40.0, "{}", cold[299]);
    let on = message(&pan, 101, "heating_enabled", json!(true));
    pan.receive_config(&on, at(300));
    let warm = series(&run(&mut pan, 300, 900), Metric::TEMPERATURE);
    assert!((warm[599] - pan.config().temperature_setpoint).abs() < 0.3, "{}", warm[599]);
}

#[test]
fn the_sample_interval_is_obeyed() {
    let mut pan = growing("reference-pan", 1);
    assert!(pan.due(START));
    pan.step(START);
    assert_eq!(pan.next_due(), at(1));
    let slow = message(&pan, 100, "sample_interval_ms", json!(5_000));
    pan.receive_config(&slow, at(1));
    assert_eq!(reports(&mut pan, at(1), at(4)).len(), 2);
    pan.step(at(4));
    assert!(!pan.due(at(5)));
    let next = pan.next_due();
    pan.step(next);
    assert_eq!(pan.next_due(), next.plus(Duration::from_secs(5)));
    let fast = message(&pan, 101, "sample_interval_ms", json!(100));
    pan.receive_config(&fast, at(12));
    assert_eq!(reports(&mut pan, at(12), at(14)).len(), 2);
    assert!(pan.next_due() <= at(14).plus(Duration::from_millis(100)));
}
