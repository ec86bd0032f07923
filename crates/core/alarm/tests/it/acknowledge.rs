//! Acknowledging.

use std::time::Duration;

use panfloor_alarm::{AlarmKey, AlarmState, Effect, Engine, Input};
use panfloor_model::{LimitKind, Metric, Timestamp};
use proptest::prelude::*;

use crate::plant::{PAN, Plant, at, class, limit, transition};

const P: &str = Metric::PRESSURE;

fn acknowledge(plant: &mut Plant, key: AlarmKey, up_to: Timestamp) {
    plant.handle(Input::Acknowledge { key, up_to, by: "anna".into(), note: Some("vent checked".into()) });
}

#[test]
fn an_acknowledged_alarm_returns_to_normal_by_itself() {
    let mut plant = Plant::new();
    let high = limit(P, LimitKind::High);
    plant.samples(P, 0..=15, 71.0);
    acknowledge(&mut plant, high.clone(), at(15));
    let made = plant.effects.iter().filter_map(transition).next_back().unwrap().clone();
    assert_eq!((made.from, made.to), (AlarmState::Unacknowledged, AlarmState::Acknowledged));
    assert_eq!((made.by.as_deref(), made.note.as_deref()), (Some("anna"), Some("vent checked")));
    assert_eq!((made.occurrence, made.event_time), (at(15), plant.now.wall));
    let alarm = &plant.active()[0];
    assert_eq!((alarm.acknowledged_by.as_deref(), alarm.note.as_deref()), (Some("anna"), Some("vent checked")));
    plant.transitions();
    plant.samples(P, 16..=21, 65.0);
    assert_eq!(plant.transitions(), ["pressure limit:high CA @21"]);
    assert!(plant.active().is_empty());
}

#[test]
fn a_returned_alarm_goes_by_acknowledging() {
    let mut plant = Plant::new();
    let high = limit(P, LimitKind::High);
    plant.samples(P, 0..=15, 71.0);
    plant.samples(P, 16..=21, 65.0);
    acknowledge(&mut plant, high.clone(), at(15));
    assert_eq!(plant.state(&high), AlarmState::Normal);
    let made = plant.effects.iter().filter_map(transition).next_back().unwrap();
    assert_eq!((made.from, made.by.as_deref()), (AlarmState::ReturnedUnacknowledged, Some("anna")));
}

#[test]
fn an_acknowledgement_does_not_reach_a_later_occurrence() {
    let mut plant = Plant::new();
    let high = limit(P, LimitKind::High);
    plant.samples(P, 0..=15, 71.0);
    plant.samples(P, 16..=21, 65.0);
    plant.samples(P, 22..=37, 71.0);
    plant.effects.clear();
    acknowledge(&mut plant, high.clone(), at(36));
    assert!(plant.effects.is_empty());
    assert_eq!(plant.state(&high), AlarmState::Unacknowledged);
    acknowledge(&mut plant, high.clone(), at(37));
    assert_eq!(plant.state(&high), AlarmState::Acknowledged);
    plant.effects.clear();
    acknowledge(&mut plant, high, at(37));
    assert!(plant.effects.is_empty(), "twice is once");
}

#[test]
fn a_running_off_delay_runs_on() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=15, 71.0);
    plant.samples(P, 16..=18, 65.0);
    acknowledge(&mut plant, limit(P, LimitKind::High), at(15));
    plant.transitions();
    plant.samples(P, 19..=21, 65.0);
    assert_eq!(plant.transitions(), ["pressure limit:high CA @21"]);
}

#[test]
fn what_is_not_there_cannot_be_acknowledged() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=15, 71.0);
    plant.effects.clear();
    acknowledge(&mut plant, limit(P, LimitKind::Low), at(15));
    acknowledge(&mut plant, limit("no such metric", LimitKind::High), at(99));
    let mut odd = AlarmKey::no_data(crate::plant::PAN);
    acknowledge(&mut plant, odd.clone(), at(15));
    odd.metric = Metric::new(P);
    acknowledge(&mut plant, odd, at(99));
    assert!(plant.effects.is_empty());
}

#[test]
fn an_acknowledgement_that_comes_first_takes_effect_when_the_alarm_comes() {
    let mut plant = Plant::new();
    let high = limit(P, LimitKind::High);
    plant.samples(P, 0..=5, 71.0);
    plant.effects.clear();
    acknowledge(&mut plant, high.clone(), at(20));
    assert_eq!(plant.effects, [Effect::Remember(PAN)], "it has to outlive a restart");
    let bytes = plant.engine.snapshot(PAN).unwrap();
    plant.engine = Engine::new();
    plant.engine.restore(PAN, class(), &bytes, plant.now).unwrap();
    plant.effects.clear();
    plant.samples(P, 6..=15, 71.0);
    let made: Vec<_> = plant.effects.iter().filter_map(transition).cloned().collect();
    let path: Vec<_> = made.iter().map(|made| (made.from.as_str(), made.to.as_str(), made.by.as_deref())).collect();
    assert_eq!(path, [("A", "B", None), ("B", "C", Some("anna"))]);
    plant.samples(P, 16..=21, 65.0);
    plant.samples(P, 22..=37, 71.0);
    assert_eq!(plant.state(&high), AlarmState::Unacknowledged, "a later occurrence is another one");
}

#[test]
fn a_silence_acknowledged_elsewhere_first_is_acknowledged_here() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=5, 65.0);
    let key = AlarmKey::no_data(PAN);
    acknowledge(&mut plant, key.clone(), at(60));
    plant.wait(Duration::from_secs(40));
    assert_eq!(plant.state(&key), AlarmState::Acknowledged);
}

#[test]
fn a_critical_alarm_is_acknowledged_alone() {
    let mut plant = Plant::new();
    plant.samples(P, 0..=15, 75.0);
    let [high, worst] = [LimitKind::High, LimitKind::HighHigh].map(|kind| limit(P, kind));
    assert!(plant.active().iter().any(|alarm| alarm.key == worst), "it stands");
    assert!(!plant.engine.may_acknowledge_together(&[high.clone(), worst.clone()]));
    assert!(plant.engine.may_acknowledge_together(&[worst]));
    assert!(plant.engine.may_acknowledge_together(&[high.clone(), limit(P, LimitKind::Low)]));
}

proptest! {
    #[test]
    fn when_an_acknowledgement_comes_does_not_matter(
        runs in prop::collection::vec((prop::sample::select(vec![65.0, 71.0]), 1_i64..25), 1..8),
        up_to in 0_i64..120,
        places in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let values: Vec<f64> = runs.iter().flat_map(|(value, times)| std::iter::repeat_n(*value, *times as usize)).collect();
        let end = |place: usize| {
            let mut plant = Plant::new();
            for (second, value) in values.iter().enumerate() {
                if second == place {
                    acknowledge(&mut plant, limit(P, LimitKind::High), at(up_to));
                }
                plant.sample(P, second as i64, *value);
            }
            if place == values.len() {
                acknowledge(&mut plant, limit(P, LimitKind::High), at(up_to));
            }
            let standing = plant.active().into_iter().find(|alarm| alarm.key == limit(P, LimitKind::High));
            standing.map(|alarm| (alarm.state, alarm.since, alarm.acknowledged_by))
        };
        let [one, other] = [places.0, places.1].map(|place| end(place.index(values.len() + 1)));
        prop_assert_eq!(one, other);
    }
}
