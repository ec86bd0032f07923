//! Limits by class and phase, deadband, delays, gaps, late samples.

use std::time::Duration;

use panfloor_alarm::{AlarmState, Input};
use panfloor_model::{LimitKind, Metric, Phase, Priority};

use crate::plant::{PAN, Plant, at, limit};

const P: &str = Metric::PRESSURE;
const T: &str = Metric::TEMPERATURE;

/// Pressure in grain growth: high 70, high-high 72, deadband 0.48 mbar, on-delay 15 s, off-delay 5 s.
#[test]
fn activates_after_the_on_delay_and_returns_after_the_off_delay() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=14, 70.1);
    assert!(plant.transitions().is_empty());
    plant.samples(P, 15..=20, 70.1);
    assert_eq!(plant.transitions(), ["pressure limit:high AB @15"]);
    plant.samples(P, 21..=25, 65.0);
    assert!(plant.transitions().is_empty());
    plant.sample(P, 26, 65.0);
    assert_eq!(plant.transitions(), ["pressure limit:high BD @26"]);
}

#[test]
fn exactly_at_the_limit_is_not_beyond_it() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=40, 70.0);
    plant.samples(P, 41..=80, 60.0);
    assert!(plant.transitions().is_empty());
}

#[test]
fn one_sample_inside_starts_the_on_delay_anew() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=14, 71.0);
    plant.sample(P, 15, 70.0);
    plant.samples(P, 16..=30, 71.0);
    assert!(plant.transitions().is_empty());
    plant.sample(P, 31, 71.0);
    assert_eq!(plant.transitions(), ["pressure limit:high AB @31"]);
}

#[test]
fn within_the_deadband_an_alarm_stands() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=15, 71.0);
    plant.samples(P, 16..=70, 69.6);
    assert_eq!(plant.transitions(), ["pressure limit:high AB @15"]);
    plant.samples(P, 71..=76, 69.5);
    assert_eq!(plant.transitions(), ["pressure limit:high BD @76"]);
}

#[test]
fn the_lower_alarm_is_shown_under_the_higher() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=15, 73.0);
    assert_eq!(plant.transitions(), ["pressure limit:high AB @15", "pressure limit:high_high AB @15"]);
    let active = plant.active();
    let (high, high_high) = (limit(P, LimitKind::High), limit(P, LimitKind::HighHigh));
    let of = |key| active.iter().find(|alarm| alarm.key == key).unwrap();
    assert_eq!(of(high.clone()).suppressed_by, Some(high_high.clone()));
    assert_eq!((of(high.clone()).priority, of(high).limit), (Priority::Medium, Some(70.0)));
    let top = of(high_high.clone());
    assert_eq!((top.suppressed_by.clone(), top.priority, top.limit), (None, Priority::Critical, Some(72.0)));
    assert_eq!((top.value_at_activation, top.last_value, top.since), (Some(73.0), Some(73.0), at(15)));
    plant.samples(P, 16..=21, 71.0);
    assert_eq!(plant.transitions(), ["pressure limit:high_high BD @21"]);
    assert!(plant.active().iter().all(|alarm| alarm.suppressed_by.is_none()), "a returned alarm covers nothing");
}

#[test]
fn the_low_side_mirrors_the_high_side() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=15, 57.0);
    assert_eq!(plant.transitions(), ["pressure limit:low_low AB @15", "pressure limit:low AB @15"]);
    assert!(plant.active().iter().any(|alarm| alarm.suppressed_by == Some(limit(P, LimitKind::LowLow))));
    plant.samples(P, 16..=40, 60.4);
    assert_eq!(plant.transitions(), ["pressure limit:low_low BD @21"]);
    plant.samples(P, 41..=46, 60.5);
    assert_eq!(plant.transitions(), ["pressure limit:low BD @46"]);
}

#[test]
fn a_new_phase_switches_limits_at_once() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=15, 71.0);
    assert_eq!(plant.transitions(), ["pressure limit:high AB @15"]);
    plant.phase(16, Phase::Drop);
    assert!(plant.transitions().is_empty(), "a phase alone is no evidence of a return");
    plant.samples(P, 16..=21, 900.0);
    assert_eq!(plant.transitions(), ["pressure limit:high BD @21"]);
    plant.phase(30, Phase::Concentrate);
    plant.samples(P, 30..=45, 74.0);
    assert_eq!(plant.transitions(), ["pressure limit:high DB @45"]);
}

#[test]
fn a_late_phase_changes_nothing() {
    let mut plant = Plant::new();
    plant.phase(10, Phase::GrainGrowth);
    plant.phase(9, Phase::Drop);
    plant.phase(10, Phase::Drop);
    plant.samples(P, 11..=26, 71.0);
    assert_eq!(plant.transitions(), ["pressure limit:high AB @26"]);
}

#[test]
fn late_and_repeated_samples_never_decide() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=14, 71.0);
    for (second, value) in [(14, 71.0), (5, 60.0), (14, 60.0), (-100, 60.0)] {
        plant.sample(P, second, value);
    }
    plant.sample(P, 15, 71.0);
    assert_eq!(plant.transitions(), ["pressure limit:high AB @15"]);
}

#[test]
fn a_gap_is_no_return_and_does_not_count() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=10, 71.0);
    plant.sample(P, 20, 71.0);
    assert!(plant.transitions().is_empty(), "10 s and a hold of 2.5 s are known");
    plant.samples(P, 21..=23, 71.0);
    assert_eq!(plant.transitions(), ["pressure limit:high AB @23"]);
    plant.sample(P, 5000, 71.0);
    assert_eq!(plant.state(&limit(P, LimitKind::High)), AlarmState::Unacknowledged);
    plant.sample(P, 5001, 60.0);
    plant.sample(P, 9000, 60.0);
    assert!(plant.transitions().is_empty(), "after a long gap the off-delay starts anew");
    plant.samples(P, 9001..=9005, 60.0);
    assert_eq!(plant.transitions(), ["pressure limit:high BD @9005"]);
}

#[test]
fn a_long_gap_starts_the_on_delay_anew() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=14, 71.0);
    plant.samples(P, 45..=59, 71.0);
    assert!(plant.transitions().is_empty());
    plant.sample(P, 60, 71.0);
    assert_eq!(plant.transitions(), ["pressure limit:high AB @60"]);
}

/// A machine slower than it says must not be able to hide an alarm.
#[test]
fn samples_farther_apart_than_the_hold_still_activate() {
    let mut plant = Plant::new();
    for second in (0..=60).step_by(10) {
        plant.sample(P, second, 71.0);
    }
    assert_eq!(plant.transitions(), ["pressure limit:high AB @60"], "6 spacings count 2.5 s each");
}

#[test]
fn sparse_samples_count_in_full_where_they_are_expected() {
    let mut plant = Plant::new();
    plant.handle(Input::Expected { machine: PAN, interval: Duration::from_secs(10) });
    for second in [0, 10, 20] {
        plant.sample(P, second, 71.0);
    }
    assert_eq!(plant.transitions(), ["pressure limit:high AB @20"]);
}

#[test]
fn another_class_judges_from_the_next_sample_on() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=15, 71.0);
    plant.transitions();
    let mut wider = (*crate::plant::class()).clone();
    for phase in wider.phases.values_mut() {
        phase.metrics.remove(P);
    }
    wider.metrics.remove(P);
    let wider = std::sync::Arc::new(wider);
    plant.engine.set_machine(PAN, wider.clone(), plant.now, &mut plant.effects);
    assert!(plant.transitions().is_empty());
    assert_eq!(plant.state(&limit(P, LimitKind::High)), AlarmState::Unacknowledged);
    plant.effects.clear();
    plant.engine.set_machine(PAN, wider, plant.now, &mut plant.effects);
    assert!(plant.effects.is_empty(), "the same class again is no change");
    plant.sample(P, 16, 71.0);
    assert_eq!(plant.transitions(), ["pressure limit:high BD @16"]);
}

#[test]
fn what_is_no_number_or_no_known_machine_is_ignored() {
    let mut plant = Plant::new();
    plant.samples(T, 0..=3, f64::NAN);
    plant.samples(T, 4..=6, f64::INFINITY);
    plant.handle(Input::Sample {
        machine: panfloor_model::MachineId(99),
        metric: Metric::new(T),
        time: at(1),
        value: 1.0,
    });
    plant.handle(Input::Expected { machine: PAN, interval: Duration::ZERO });
    assert_eq!((plant.effects.len(), plant.engine.poll_timeout()), (0, None));
}

#[test]
fn times_at_the_ends_of_the_range_do_no_harm() {
    let mut plant = Plant::new();
    for micros in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
        let time = panfloor_model::Timestamp(micros);
        plant.handle(Input::Sample { machine: PAN, metric: Metric::new(P), time, value: 1e308 });
    }
    plant.wait(Duration::from_secs(3600));
    assert!(!plant.transitions().is_empty());
}
