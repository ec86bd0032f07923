//! Long runs and faults of simulated pans, on simulated time.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod configs;
mod faults;
mod interlocks;
mod strikes;

use std::sync::Arc;
use std::time::Duration;

use panfloor_model::{MachineClass, Metric, Phase, Timestamp};
use panfloor_pan::{Fault, Pan, PanSetup, Telemetry};

/// Where the clock of these tests starts.
const START: Timestamp = Timestamp::from_micros(1_795_500_000_000_000);

fn class(id: &str) -> Arc<MachineClass> {
    Arc::new(MachineClass::shipped().unwrap().into_iter().find(|class| class.id == id).unwrap())
}

/// A pan in `phase`, `minutes` after that phase began.
fn pan(class_id: &str, seed: u64, phase: Phase, minutes: u64, faults: Vec<Fault>) -> Pan {
    let setup = PanSetup {
        name: format!("pan-{seed:02}"),
        class: class(class_id),
        seed,
        start_phase: phase,
        start_elapsed: Duration::from_secs(60 * minutes),
        faults,
        initial_version: 1,
        initial_config: None,
    };
    Pan::new(setup, START).unwrap()
}

fn at(seconds: u64) -> Timestamp {
    START.plus(Duration::from_secs(seconds))
}

/// One reading a second from `from` to before `to`, seconds after the start.
fn run(pan: &mut Pan, from: u64, to: u64) -> Vec<Telemetry> {
    (from..to).map(|second| pan.step(at(second))).collect()
}

fn series(readings: &[Telemetry], metric: &str) -> Vec<f64> {
    readings.iter().map(|reading| reading.value(metric).unwrap()).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Temperature above saturation at the same reading's pressure, K.
fn elevation(reading: &Telemetry) -> f64 {
    let pressure = reading.value(Metric::PRESSURE).unwrap();
    let saturation = panfloor_model::steam::saturation_temperature_celsius(pressure).unwrap();
    reading.value(Metric::TEMPERATURE).unwrap() - saturation
}
