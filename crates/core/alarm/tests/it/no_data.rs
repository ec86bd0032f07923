//! The silence of a machine.

use std::time::Duration;

use panfloor_alarm::{AlarmKey, AlarmState, Engine, Input};
use panfloor_model::{MachineId, Metric, Mono, Now, Phase};

use crate::plant::{PAN, Plant, at, class};

const P: &str = Metric::PRESSURE;

#[test]
fn silence_is_raised_after_thirty_seconds_and_returns_with_the_next_sample() {
    let mut plant = Plant::new();
    assert_eq!(plant.engine.poll_timeout(), None, "a machine never heard is not silent");
    plant.sample(P, 0, 65.0);
    assert_eq!(plant.engine.poll_timeout(), Some(plant.now.mono.plus(Duration::from_secs(30))));
    plant.wait(Duration::from_secs(29));
    plant.effects.clear();
    plant.wait(Duration::from_secs(1));
    assert_eq!(plant.transitions(), [" no_data AB @30"]);
    plant.wait(Duration::from_secs(3600));
    assert!(plant.transitions().is_empty(), "once is enough");
    plant.sample(P, 100, 65.0);
    assert_eq!(plant.transitions(), [" no_data BD @100"]);
}

#[test]
fn samples_put_the_silence_off() {
    let mut plant = Plant::new();
    for second in 0..100 {
        plant.wait(Duration::from_secs(1));
        plant.sample(if second % 2 == 0 { P } else { Metric::HUMIDITY }, second, 65.0 + second as f64 / 100.0);
    }
    assert!(plant.transitions().is_empty());
    plant.wait(Duration::from_secs(30));
    assert_eq!(plant.transitions(), [" no_data AB @129"]);
}

/// Redelivery shows that the link lives, not that the machine does.
#[test]
fn old_samples_do_not_put_the_silence_off() {
    let mut plant = Plant::new();
    plant.sample(P, 0, 65.0);
    for _ in 0..30 {
        plant.wait(Duration::from_secs(1));
        plant.sample(P, 0, 65.0);
        plant.sample(Metric::HUMIDITY, -5, 65.0);
    }
    plant.wait(Duration::from_secs(1));
    assert_eq!(plant.transitions(), [" no_data AB @30"]);
}

#[test]
fn a_slow_machine_is_given_its_time() {
    let mut plant = Plant::new();
    plant.handle(Input::Expected { machine: PAN, interval: Duration::from_secs(60) });
    plant.sample(P, 0, 65.0);
    plant.effects.clear();
    plant.wait(Duration::from_secs(169));
    assert!(plant.transitions().is_empty());
    plant.wait(Duration::from_secs(1));
    assert_eq!(plant.transitions(), [" no_data AB @170"]);
}

#[test]
fn a_shorter_interval_is_minded_at_once() {
    let mut plant = Plant::new();
    plant.handle(Input::Expected { machine: PAN, interval: Duration::from_secs(60) });
    plant.sample(P, 0, 65.0);
    plant.handle(Input::Expected { machine: PAN, interval: Duration::from_secs(1) });
    assert_eq!(plant.engine.poll_timeout(), Some(plant.now.mono.plus(Duration::from_secs(30))));
}

#[test]
fn one_broken_link_does_not_blame_the_machines() {
    let mut plant = Plant::new();
    plant.sample(P, 0, 65.0);
    plant.handle(Input::SourceOnline(false));
    assert_eq!(plant.engine.poll_timeout(), None);
    plant.effects.clear();
    plant.wait(Duration::from_secs(7200));
    plant.handle(Input::SourceOnline(true));
    plant.wait(Duration::from_secs(29));
    plant.handle(Input::SourceOnline(true));
    assert!(plant.transitions().is_empty());
    plant.wait(Duration::from_secs(1));
    assert_eq!(plant.transitions(), [" no_data AB @30"]);
}

#[test]
fn a_wall_clock_set_back_or_on_decides_nothing() {
    let mut plant = Plant::new();
    plant.sample(P, 0, 65.0);
    plant.effects.clear();
    for wall in [at(-86_400), at(86_400), at(-1)] {
        plant.now.wall = wall;
        plant.wait(Duration::from_secs(1));
        assert!(plant.transitions().is_empty());
    }
    plant.wait(Duration::from_secs(30));
    assert_eq!(plant.transitions(), [" no_data AB @30"]);
}

#[test]
fn occurrences_rise_though_the_newest_sample_stays() {
    let mut plant = Plant::new();
    plant.sample(P, 100, 65.0);
    plant.wait(Duration::from_secs(30));
    plant.sample(Metric::TEMPERATURE, 50, 46.0);
    plant.wait(Duration::from_secs(30));
    let occurrences: Vec<_> = plant
        .effects
        .iter()
        .filter_map(crate::plant::transition)
        .filter(|made| made.to == AlarmState::Unacknowledged)
        .map(|made| made.occurrence)
        .collect();
    assert_eq!(occurrences.len(), 2);
    assert!(occurrences[0] < occurrences[1], "{occurrences:?}");
}

#[test]
fn silence_can_be_acknowledged() {
    let mut plant = Plant::new();
    plant.sample(P, 0, 65.0);
    plant.wait(Duration::from_secs(30));
    let key = AlarmKey::no_data(PAN);
    plant.handle(Input::Acknowledge { key: key.clone(), up_to: at(30), by: "anna".into(), note: None });
    assert_eq!(plant.state(&key), AlarmState::Acknowledged);
}

/// Ten thousand alarms at once, none lost and none doubled.
#[test]
fn ten_thousand_machines_fall_silent_together() {
    let mut engine = Engine::new();
    let mut effects = Vec::new();
    let mut now = Now { wall: at(0), mono: Mono(5) };
    let class = class();
    engine.handle(Input::SourceOnline(true), now, &mut effects);
    for id in 0..10_000 {
        let machine = MachineId(id);
        engine.set_machine(machine, class.clone(), now, &mut effects);
        engine.handle(Input::Phase { machine, time: at(0), phase: Phase::Seed }, now, &mut effects);
        let sample = Input::Sample { machine, metric: Metric::new(P), time: at(1), value: 65.0 };
        engine.handle(sample, now, &mut effects);
    }
    effects.clear();
    now = now.plus(Duration::from_secs(31));
    engine.handle_timeout(now, &mut effects);
    engine.handle_timeout(now, &mut effects);
    let raised: std::collections::BTreeSet<_> =
        effects.iter().filter_map(crate::plant::transition).map(|made| made.key.clone()).collect();
    assert_eq!((raised.len(), effects.len(), engine.active().count()), (10_000, 20_000, 10_000));
    assert_eq!(engine.poll_timeout(), None);
}
