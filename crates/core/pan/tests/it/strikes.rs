//! A healthy strike: within its limits in all phases, physical, repeatable, alive.

use std::collections::BTreeSet;

use panfloor_model::{LimitKind, MachineClass, Metric, Phase};
use panfloor_pan::Telemetry;

use crate::{at, class, elevation, mean, pan, run, series};

/// Two strikes at one reading a second, and a little more.
const TWO_STRIKES_S: u64 = 2 * 4 * 3600;

/// Limits that this reading crosses.
fn crossed(class: &MachineClass, reading: &Telemetry) -> Vec<String> {
    let mut found = Vec::new();
    for (metric, value) in &reading.values {
        let Some(plan) = class.phase_metric(reading.phase, metric.as_str()) else { continue };
        for kind in LimitKind::ALL {
            if plan.limits.of(kind).is_some_and(|limit| kind.is_beyond(*value, limit)) {
                found.push(format!("{} {kind:?} at {value} in {:?}", metric.as_str(), reading.phase));
            }
        }
    }
    found
}

#[test]
fn a_healthy_strike_never_crosses_a_limit() {
    for class_id in ["reference-pan", "a-pan"] {
        let class = class(class_id);
        for seed in 0..12 {
            let mut pan = pan(class_id, seed, Phase::ALL[(seed % 7) as usize], 0, Vec::new());
            let mut phases = BTreeSet::new();
            for second in 0..TWO_STRIKES_S {
                let reading = pan.step(at(second));
                phases.insert(reading.phase);
                let found = crossed(&class, &reading);
                assert!(found.is_empty(), "{class_id}, seed {seed}, second {second}: {found:?}");
            }
            assert_eq!(phases.len(), 7);
        }
    }
}

#[test]
fn starts_anywhere_in_the_strike_are_within_limits() {
    for class_id in ["reference-pan", "a-pan"] {
        let class = class(class_id);
        for phase in Phase::ALL {
            for minutes in [0, 1, 2, 4, 6, 20, 100] {
                for reading in run(&mut pan(class_id, 5, phase, minutes, Vec::new()), 0, 300) {
                    let found = crossed(&class, &reading);
                    assert!(found.is_empty(), "{class_id}, {phase:?} + {minutes} min: {found:?}");
                }
            }
        }
    }
}

#[test]
fn boiling_massecuite_is_above_saturation_and_elevation_rises_through_the_strike() {
    for class_id in ["reference-pan", "a-pan"] {
        let class = class(class_id);
        let mut of_phase = std::collections::BTreeMap::<Phase, Vec<f64>>::new();
        for reading in run(&mut pan(class_id, 2, Phase::Charge, 0, Vec::new()), 0, 4 * 3600) {
            if class.phases[&reading.phase].boiling {
                assert!(elevation(&reading) > 0.0, "{reading:?}");
                of_phase.entry(reading.phase).or_default().push(elevation(&reading));
            }
        }
        let means: Vec<f64> = of_phase.values().map(|values| mean(values)).collect();
        assert_eq!(means.len(), 4);
        assert!(means.is_sorted(), "{class_id}: {means:?}");
    }
}

/// What must hold in every second of a healthy strike, `into_s` seconds into its phase: pressure in mbar, temperature in
/// °C, motor power in kW.
fn physical(reading: &Telemetry, into_s: u64) -> Result<(), String> {
    let value = |metric| reading.value(metric).unwrap();
    let (pressure, temperature, motor) =
        (value(Metric::PRESSURE), value(Metric::TEMPERATURE), value(Metric::MOTOR_POWER));
    // Vacuum is broken within a minute, drawn within another half.
    let open = (950.0..1_050.0).contains(&pressure);
    let vacuum = (42.0..300.0).contains(&pressure);
    let claims = match reading.phase {
        Phase::Charge => vec![
            ("vacuum is drawn first", into_s < 75 || vacuum),
            ("no colder than its vapour once air is out", into_s < 30 || elevation(reading) > -2.0),
            ("the stirrer rests while vacuum is drawn", into_s > 70 || motor < 0.3),
            ("the stirrer works after", into_s < 110 || motor > 7.0),
        ],
        Phase::Concentrate | Phase::Seed | Phase::GrainGrowth | Phase::Tighten => vec![
            ("under vacuum", vacuum),
            ("above saturation", (0.0..25.0).contains(&elevation(reading))),
            ("stirred", (7.0..16.0).contains(&motor)),
        ],
        Phase::Drop => vec![
            ("vacuum is broken", into_s < 60 || open),
            ("hot enough to flow, below boiling", (30.0..85.0).contains(&temperature)),
            ("the stirrer pushes out, without load in the end", into_s < 60 || (4.0..9.5).contains(&motor)),
        ],
        Phase::SteamOut => vec![
            ("open to the air to its end", open),
            ("steam is in it", into_s < 120 || temperature > 90.0),
            ("nothing to stir", into_s < 60 || motor < 0.3),
        ],
    };
    let broken: Vec<&str> = claims.into_iter().filter(|(_, holds)| !holds).map(|(claim, _)| claim).collect();
    if broken.is_empty() { Ok(()) } else { Err(format!("{broken:?} {into_s} s into {reading:?}")) }
}

#[test]
fn every_phase_is_physical_in_every_second() {
    for class_id in ["reference-pan", "a-pan"] {
        for seed in 0..12 {
            let mut pan = pan(class_id, seed, Phase::Tighten, 0, Vec::new());
            let (mut phase, mut since, mut begun) = (Phase::Tighten, 0, false);
            for second in 0..TWO_STRIKES_S {
                let reading = pan.step(at(second));
                if reading.phase != phase {
                    (phase, since, begun) = (reading.phase, second, true);
                }
                // Of the first phase nobody here knows how far it was.
                let into_s = if begun { second - since } else { 600 };
                assert_eq!(physical(&reading, into_s), Ok(()), "{class_id}, seed {seed}");
                assert_eq!(pan.tripped(), None, "{class_id}, seed {seed}");
            }
        }
    }
}

#[test]
fn equal_seeds_give_equal_pans_and_others_others() {
    let readings = |seed| run(&mut pan("reference-pan", seed, Phase::Seed, 1, Vec::new()), 0, 600);
    assert_eq!(readings(4), readings(4));
    assert_ne!(series(&readings(4), Metric::TEMPERATURE), series(&readings(5), Metric::TEMPERATURE));
}

#[test]
fn readings_are_alive_and_at_the_sensors_resolution() {
    let class = class("reference-pan");
    let readings = run(&mut pan("reference-pan", 6, Phase::GrainGrowth, 10, Vec::new()), 0, 600);
    for (name, plan) in &class.metrics {
        let values = series(&readings, name);
        let steps: BTreeSet<String> = values.iter().map(|value| format!("{value:.4}")).collect();
        assert!(steps.len() > 5, "{name} hardly moves: {steps:?}");
        for value in values {
            let count = value / plan.resolution;
            assert!((count - count.round()).abs() < 1e-6, "{name} {value}");
            assert!(value.to_string().len() <= 7, "{name} prints as {value}");
        }
    }
    assert!(readings.iter().enumerate().all(|(index, reading)| reading.seq == index as u64 + 1));
}

#[test]
fn a_clock_that_jumps_neither_breaks_nor_stalls_a_pan() {
    let mut pan = pan("a-pan", 1, Phase::GrainGrowth, 5, Vec::new());
    let first = pan.step(at(10));
    let back = pan.step(at(0));
    assert_eq!(back.phase, first.phase);
    assert_eq!(pan.next_due(), at(1));
    let far = pan.step(at(10_000_000));
    assert!(far.values.iter().all(|(_, value)| value.is_finite()));
    assert!(pan.next_due() > at(10_000_000));
}
