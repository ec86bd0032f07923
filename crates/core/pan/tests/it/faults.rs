//! Each fault shows the signature that process physics gives it.

use std::time::Duration;

use panfloor_model::{Metric, Phase};
use panfloor_pan::{Fault, FaultKind, Pan, Telemetry};

use crate::{class, elevation, mean, pan, run, series};

const FROM_S: u64 = 60;

fn faulty(class_id: &str, seed: u64, kind: FaultKind, until_s: Option<u64>) -> Pan {
    let fault = Fault { kind, from: Duration::from_secs(FROM_S), until: until_s.map(Duration::from_secs) };
    pan(class_id, seed, Phase::GrainGrowth, 10, vec![fault])
}

/// Means before the fault and from `after_s` to a minute later.
fn before_and_after(readings: &[Telemetry], metric: &str, after_s: usize) -> (f64, f64) {
    let values = series(readings, metric);
    (mean(&values[..FROM_S as usize]), mean(&values[after_s..after_s + 60]))
}

/// The longest run of seconds beyond `limit` on the side that `beyond` says.
fn longest(values: &[f64], beyond: impl Fn(f64) -> bool) -> usize {
    values.split(|value| !beyond(*value)).map(<[f64]>::len).max().unwrap_or(0)
}

#[test]
fn an_air_leak_raises_pressure_past_high_long_enough_to_alarm_and_returns() {
    let class = class("reference-pan");
    let limits = class.phases[&Phase::GrainGrowth].metrics[Metric::PRESSURE].limits;
    let (high, high_high) = (limits.high.unwrap(), limits.high_high.unwrap());
    for seed in 0..20 {
        let leak = FaultKind::AirLeak { severity: 1.7 };
        let readings = run(&mut faulty("reference-pan", seed, leak, Some(FROM_S + 40)), 0, 300);
        let pressures = series(&readings, Metric::PRESSURE);
        let over = longest(&pressures, |value| value > high);
        assert!(over > 18, "seed {seed}: {over} s over high; {:?}", &pressures[60..110]);
        let far_over = longest(&pressures, |value| value > high_high);
        assert!(far_over < 15, "seed {seed}: {far_over} s over high-high; {:?}", &pressures[60..110]);
        assert!(pressures[150..].iter().all(|value| *value < high - 0.48), "seed {seed} does not return");
        let temperatures = series(&readings, Metric::TEMPERATURE);
        assert!(temperatures[90] > temperatures[58] + 0.3, "seed {seed}: temperature does not follow");
        assert!(longest(&temperatures, |value| value > 47.0) < 60, "seed {seed}: temperature alarms as well");
        assert!(longest(&temperatures, |value| value < 45.0) < 60, "seed {seed}: temperature alarms as well");
    }
}

#[test]
fn a_closed_steam_valve_lets_temperature_sag_toward_saturation_and_pressure_fall() {
    for seed in 0..20 {
        let mut pan = faulty("reference-pan", seed, FaultKind::SteamValveStuckClosed, None);
        let readings = run(&mut pan, 0, 1860);
        let temperatures = series(&readings, Metric::TEMPERATURE);
        assert!(temperatures[85..].iter().all(|value| *value < 45.0), "seed {seed}: {:?}", &temperatures[60..90]);
        assert!(temperatures[92..].iter().all(|value| *value < 44.0), "seed {seed}: {:?}", &temperatures[60..95]);
        assert!(elevation(&readings[1800]).abs() < 0.5, "seed {seed}");
        let pressures = series(&readings, Metric::PRESSURE);
        assert!(pressures.iter().all(|value| *value > 60.0), "seed {seed}: pressure would alarm as well");
        let (before, after) = before_and_after(&readings, Metric::PRESSURE, 600);
        assert!(after < before - 0.5, "seed {seed}: {before} then {after}");
    }
}

#[test]
fn an_open_steam_valve_makes_temperature_and_elevation_climb() {
    let readings = run(&mut faulty("reference-pan", 1, FaultKind::SteamValveStuckOpen, None), 0, 400);
    let (before, after) = before_and_after(&readings, Metric::TEMPERATURE, 300);
    assert!(after > before + 0.5, "{before} then {after}");
    assert!(elevation(&readings[330]) > elevation(&readings[50]) + 0.5);
}

#[test]
fn a_failing_condenser_raises_pressure_and_temperature_together() {
    let readings = run(&mut faulty("a-pan", 1, FaultKind::CondenserFails, None), 0, 400);
    let (before, after) = before_and_after(&readings, Metric::PRESSURE, 65);
    assert!(after > before + 10.0, "{before} then {after}");
    let (before, after) = before_and_after(&readings, Metric::TEMPERATURE, 65);
    assert!(after > before + 0.5, "{before} then {after}");
}

#[test]
fn a_frozen_sensor_repeats_its_value_exactly_while_the_others_live() {
    let kind = FaultKind::FrozenSensor { metric: Metric::new(Metric::TEMPERATURE) };
    let readings = run(&mut faulty("reference-pan", 1, kind, Some(FROM_S + 100)), 0, 300);
    let temperatures = series(&readings, Metric::TEMPERATURE);
    let frozen = &temperatures[59..160];
    assert!(frozen.iter().all(|value| value.to_bits() == frozen[0].to_bits()), "{frozen:?}");
    assert!(longest(&temperatures[..59], |value| value.to_bits() == frozen[0].to_bits()) < 5);
    assert!(temperatures[160..].iter().any(|value| value.to_bits() != frozen[0].to_bits()));
    let pressures = series(&readings, Metric::PRESSURE);
    assert!(pressures[60..160].iter().any(|value| (value - pressures[60]).abs() > 0.05));
}

#[test]
fn a_drifting_sensor_moves_alone() {
    let kind = FaultKind::SensorDrift { metric: Metric::new(Metric::PRESSURE), per_minute: 1.0 };
    let readings = run(&mut faulty("reference-pan", 1, kind, None), 0, 400);
    let (before, after) = before_and_after(&readings, Metric::PRESSURE, 300);
    assert!(after > before + 3.0, "{before} then {after}");
    let (before, after) = before_and_after(&readings, Metric::TEMPERATURE, 300);
    assert!((after - before).abs() < 0.3, "{before} then {after}");
}

#[test]
fn a_sensor_that_drops_out_sends_nothing_and_the_others_go_on() {
    let kind = FaultKind::Dropout { metric: Metric::new(Metric::MOTOR_POWER) };
    let readings = run(&mut faulty("reference-pan", 1, kind, Some(FROM_S + 10)), 0, 90);
    let sent = |reading: &Telemetry| reading.value(Metric::MOTOR_POWER).is_some();
    assert!(readings[..60].iter().all(sent));
    assert!(!readings[60..70].iter().any(sent));
    assert!(readings[70..].iter().all(sent));
    assert!(readings.iter().all(|reading| reading.value(Metric::PRESSURE).is_some()));
}
