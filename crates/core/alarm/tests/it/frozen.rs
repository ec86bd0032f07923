//! Frozen values.

use panfloor_alarm::{AlarmKey, AlarmState, Condition};
use panfloor_model::{Metric, Phase, Priority};

use crate::plant::{PAN, Plant};

const T: &str = Metric::TEMPERATURE;

#[test]
fn a_minute_of_the_same_value_while_boiling_is_frozen() {
    let mut plant = Plant::new();
    plant.samples(T, 0..=59, 46.01);
    assert!(plant.transitions().is_empty());
    plant.sample(T, 60, 46.01);
    assert_eq!(plant.transitions(), ["temperature frozen AB @60"]);
    assert_eq!(plant.active()[0].priority, Priority::Low);
    plant.phase(61, Phase::Drop);
    plant.sample(T, 61, 46.01);
    assert!(plant.transitions().is_empty(), "the end of boiling mends no sensor");
    plant.sample(T, 62, 46.02);
    assert_eq!(plant.transitions(), ["temperature frozen BD @62"]);
}

#[test]
fn few_samples_are_not_enough() {
    let mut plant = Plant::new();
    for second in (0..=78).step_by(3) {
        plant.sample(T, second, 46.01);
    }
    assert!(plant.transitions().is_empty(), "27 samples");
    for second in [81, 84, 87] {
        plant.sample(T, second, 46.01);
    }
    assert_eq!(plant.transitions(), ["temperature frozen AB @87"], "the 30th, 29 spacings of 2.5 s known");
}

#[test]
fn out_of_boiling_and_for_other_metrics_nothing_freezes() {
    let mut plant = Plant::new();
    plant.samples(Metric::MOTOR_POWER, 0..=200, 12.0);
    plant.samples(Metric::HUMIDITY, 0..=200, 12.0);
    plant.phase(200, Phase::SteamOut);
    plant.samples(T, 201..=400, 100.0);
    plant.phase(400, Phase::GrainGrowth);
    plant.samples(T, 401..=459, 46.5);
    let frozen = AlarmKey { machine: PAN, metric: Metric::new(T), condition: Condition::Frozen };
    assert_eq!((plant.transitions().len(), plant.state(&frozen)), (0, AlarmState::Normal));
}
