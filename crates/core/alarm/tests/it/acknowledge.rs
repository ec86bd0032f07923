//! Acknowledging.

use panfloor_alarm::{AlarmKey, AlarmState, Input};
use panfloor_model::{LimitKind, Metric, Timestamp};

use crate::plant::{Plant, at, limit, transition};

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
    acknowledge(&mut plant, high, at(99));
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
    acknowledge(&mut plant, limit(P, LimitKind::Low), at(99));
    acknowledge(&mut plant, limit("no such metric", LimitKind::High), at(99));
    let mut odd = AlarmKey::no_data(crate::plant::PAN);
    acknowledge(&mut plant, odd.clone(), at(99));
    odd.metric = Metric::new(P);
    acknowledge(&mut plant, odd, at(99));
    assert!(plant.effects.is_empty());
}
