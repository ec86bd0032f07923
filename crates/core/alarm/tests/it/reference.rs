//! The engine against a slow, plain reading of the rules: one alarm, judged from its whole history at every sample.

use panfloor_alarm::{AlarmState, Input, Transition};
use panfloor_model::{LimitKind, Metric, Phase, Timestamp};
use proptest::prelude::*;

use crate::plant::{PAN, Plant, at, limit, transition};

const ON_US: i64 = 15_000_000;
const OFF_US: i64 = 5_000_000;
const HOLD_US: i64 = 2_500_000;
const RESTART_US: i64 = 30_000_000;
const DEADBAND: f64 = 0.48;

#[derive(Debug, Clone)]
enum Step {
    Sample { after_ms: i64, value: f64 },
    Late { before_ms: i64, value: f64 },
    Phase(Phase),
    Acknowledge,
}

fn step() -> impl Strategy<Value = Step> {
    let value = prop_oneof![Just(70.0), Just(69.52), 69.0..71.0, 71.0..74.0, 64.0..69.0];
    let spacing = prop_oneof![8 => Just(1000_i64), 3 => 1_i64..4000, 1 => 1_i64..60_000];
    prop_oneof![
        20 => (spacing, value.clone()).prop_map(|(after_ms, value)| Step::Sample { after_ms, value }),
        3 => (0_i64..20_000, value).prop_map(|(before_ms, value)| Step::Late { before_ms, value }),
        1 => prop::sample::select(Phase::ALL.to_vec()).prop_map(Step::Phase),
        1 => Just(Step::Acknowledge),
    ]
}

/// Runs of like samples, so that delays are completed and broken about equally often.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((step(), prop_oneof![Just(1_usize), 1_usize..20]), 1..60)
        .prop_map(|runs| runs.into_iter().flat_map(|(step, times)| std::iter::repeat_n(step, times)).collect())
}

#[derive(Clone, Copy)]
struct Seen {
    time: Timestamp,
    value: f64,
    limit: Option<f64>,
}

/// High alarm of pressure, by history.
#[derive(Default)]
struct Model {
    state: AlarmState,
    since: Timestamp,
    /// Samples after the last change of state that the process made.
    history: Vec<Seen>,
    /// The last sample before those.
    previous: Option<Timestamp>,
}

impl Model {
    fn sample(&mut self, seen: Seen) -> Option<(AlarmState, AlarmState, Timestamp)> {
        let newest = self.history.last().map(|last| last.time).or(self.previous);
        if newest.is_some_and(|newest| seen.time <= newest) {
            return None;
        }
        self.history.push(seen);
        let abnormal = self.state.is_abnormal();
        let counts = |seen: &Seen| match (seen.limit, abnormal) {
            (None, abnormal) => abnormal,
            (Some(limit), true) => seen.value <= limit - DEADBAND,
            (Some(limit), false) => seen.value > limit,
        };
        let mut known_us = 0;
        let mut from_back = self.history.iter().rev().peekable();
        let mut any = false;
        while let Some(seen) = from_back.next().filter(|seen| counts(seen)) {
            any = true;
            let Some(earlier) = from_back.peek().filter(|earlier| counts(earlier)) else { break };
            let span_us = seen.time.0 - earlier.time.0;
            if span_us > RESTART_US {
                break;
            }
            known_us += span_us.min(HOLD_US);
        }
        if !any || known_us < if abnormal { OFF_US } else { ON_US } {
            return None;
        }
        let from = self.state;
        self.state = match from {
            AlarmState::Normal | AlarmState::ReturnedUnacknowledged => AlarmState::Unacknowledged,
            AlarmState::Unacknowledged => AlarmState::ReturnedUnacknowledged,
            AlarmState::Acknowledged => AlarmState::Normal,
        };
        if !abnormal {
            self.since = seen.time;
        }
        self.history.clear();
        self.previous = Some(seen.time);
        Some((from, self.state, seen.time))
    }

    fn acknowledge(&mut self) {
        self.state = match self.state {
            AlarmState::Unacknowledged => AlarmState::Acknowledged,
            AlarmState::ReturnedUnacknowledged => AlarmState::Normal,
            other @ (AlarmState::Normal | AlarmState::Acknowledged) => other,
        };
    }
}

fn of_high(plant: &mut Plant) -> Vec<Transition> {
    let high = limit(Metric::PRESSURE, LimitKind::High);
    let made = plant.effects.iter().filter_map(transition).filter(|made| made.key == high).cloned().collect();
    plant.effects.clear();
    made
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_engine_agrees_with_the_plain_reading(steps in steps()) {
        let class = crate::plant::class();
        let (mut plant, mut model) = (Plant::new(), Model::default());
        let mut phase = Phase::GrainGrowth;
        let mut time = at(0);
        for step in steps {
            match step {
                Step::Sample { after_ms, .. } => time = Timestamp(time.0 + after_ms * 1000),
                Step::Phase(next) => {
                    time = Timestamp(time.0 + 1);
                    phase = next;
                    plant.handle(Input::Phase { machine: PAN, time, phase });
                }
                Step::Acknowledge => {
                    let key = limit(Metric::PRESSURE, LimitKind::High);
                    plant.handle(Input::Acknowledge { key, up_to: time, by: "anna".into(), note: None });
                    model.acknowledge();
                    plant.effects.clear();
                }
                Step::Late { .. } => {}
            }
            if let Step::Sample { value, .. } | Step::Late { value, .. } = step {
                let time = if let Step::Late { before_ms, .. } = step { Timestamp(time.0 - before_ms * 1000) } else { time };
                plant.handle(Input::Sample { machine: PAN, metric: Metric::new(Metric::PRESSURE), time, value });
                let limit = class.phase_metric(phase, Metric::PRESSURE).and_then(|metric| metric.limits.high);
                let expected = model.sample(Seen { time, value, limit });
                let made = of_high(&mut plant);
                let got = made.iter().map(|made| (made.from, made.to, made.event_time)).next();
                prop_assert!(made.len() <= 1);
                prop_assert_eq!(got, expected);
            }
            let key = limit(Metric::PRESSURE, LimitKind::High);
            prop_assert_eq!(plant.state(&key), model.state);
            if let Some(alarm) = plant.engine.active().find(|alarm| alarm.key == key) {
                prop_assert_eq!(alarm.since, model.since);
            }
        }
    }
}
