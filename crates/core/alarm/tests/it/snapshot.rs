//! The snapshot's format, and what is refused.

use std::time::Duration;

use panfloor_alarm::{Engine, Input, RestoreError};
use panfloor_model::{LimitKind, Metric, Phase};

use crate::plant::{PAN, Plant, at, class, limit};

fn busy() -> Plant {
    let mut plant = Plant::new();
    plant.samples(Metric::PRESSURE, 0..=15, 73.25);
    plant.samples(Metric::PRESSURE, 16..=18, 65.1);
    plant.samples(Metric::TEMPERATURE, 0..=5, 46.02);
    let key = limit(Metric::PRESSURE, LimitKind::High);
    plant.handle(Input::Acknowledge { key, up_to: at(15), by: "anna".into(), note: None });
    plant.wait(Duration::from_secs(40));
    plant
}

/// Version 1 as it was first written: every later Panfloor has to read these bytes.
#[test]
fn version_1_reads_as_it_did() {
    let plant = busy();
    let mut back = Engine::new();
    back.restore(PAN, class(), include_bytes!("snapshot-v1.json"), plant.now).unwrap();
    assert_eq!(back.snapshot(PAN), plant.engine.snapshot(PAN));
    assert!(back.active().eq(plant.engine.active()));
}

/// The same of version 2, with an acknowledgement that reaches ahead.
#[test]
fn version_2_is_pinned() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/snapshot-v2.json");
    let mut plant = busy();
    let key = limit(Metric::PRESSURE, LimitKind::Low);
    plant.handle(Input::Acknowledge { key, up_to: at(90), by: "ben".into(), note: Some("seen".into()) });
    let bytes = plant.engine.snapshot(PAN).unwrap();
    if std::env::var_os("PANFLOOR_BLESS").is_some() {
        std::fs::write(path, &bytes).unwrap();
    }
    let golden = std::fs::read(path).unwrap();
    assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&golden).trim_end());
    let mut back = Engine::new();
    back.restore(PAN, class(), &golden, plant.now).unwrap();
    assert_eq!(back.snapshot(PAN).unwrap(), bytes);
}

#[test]
fn damaged_or_newer_bytes_are_refused_and_change_nothing() {
    let mut plant = busy();
    let good = plant.engine.snapshot(PAN).unwrap();
    let newer = br#"{"version":3,"machine":{"shelved":true},"metrics":[]}"#;
    let refused = plant.engine.restore(PAN, class(), newer, plant.now).unwrap_err();
    assert!(matches!(refused, RestoreError::Version { found: 3, known: 2, machine: 7 }), "{refused}");
    for cut in 0..good.len() {
        let refused = plant.engine.restore(PAN, class(), &good[..cut], plant.now).unwrap_err();
        assert!(matches!(refused, RestoreError::Damaged { machine: 7, .. }), "{refused}");
    }
    assert_eq!(plant.engine.snapshot(PAN).unwrap(), good);
}

#[test]
fn a_quiet_machine_asks_to_be_remembered_once_a_minute() {
    let mut plant = Plant::new();
    for second in 0..=600 {
        plant.sample(Metric::PRESSURE, second, 65.0 + (second % 2) as f64);
    }
    assert_eq!(plant.effects.len(), 11, "the first sample and every 60 s: {:?}", plant.effects);
    plant.effects.clear();
    plant.phase(601, Phase::GrainGrowth);
    assert!(plant.effects.is_empty(), "the same phase again is no change");
    plant.phase(602, Phase::Tighten);
    assert_eq!(plant.effects.len(), 1);
}

#[test]
fn a_jittering_interval_asks_for_nothing() {
    let mut plant = Plant::new();
    for millis in [1001, 1100, 900, 999] {
        plant.handle(Input::Expected { machine: PAN, interval: Duration::from_millis(millis) });
    }
    assert!(plant.effects.is_empty(), "{:?}", plant.effects);
    plant.handle(Input::Expected { machine: PAN, interval: Duration::from_millis(1101) });
    assert_eq!(plant.effects.len(), 1);
}
