//! One pan and a clock, for the tests.

use std::sync::Arc;
use std::time::Duration;

use panfloor_alarm::{ActiveAlarm, AlarmKey, AlarmState, Condition, Effect, Engine, Input, Transition};
use panfloor_model::{LimitKind, MachineClass, MachineId, Metric, Mono, Now, Phase, Timestamp};

/// The pan of most tests.
pub(crate) const PAN: MachineId = MachineId(7);
/// Start of event time: an arbitrary moment.
pub(crate) const START_S: i64 = 1_700_000_000;

/// The shipped reference class.
pub(crate) fn class() -> Arc<MachineClass> {
    let classes = MachineClass::shipped().unwrap();
    Arc::new(classes.into_iter().find(|class| class.id == "reference-pan").unwrap())
}

/// Event time `seconds` after the start.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis((START_S + seconds) * 1000)
}

/// Key of a limit alarm of the pan.
pub(crate) fn limit(metric: &str, kind: LimitKind) -> AlarmKey {
    AlarmKey { machine: PAN, metric: Metric::new(metric), condition: Condition::Limit(kind) }
}

/// A transition in short: `pressure limit:high AB @15`.
pub(crate) fn short(transition: &Transition) -> String {
    format!(
        "{} {} {}{} @{}",
        transition.key.metric.as_str(),
        transition.key.condition.as_str(),
        transition.from.as_str(),
        transition.to.as_str(),
        transition.event_time.0 / 1_000_000 - START_S
    )
}

/// An engine with one pan, boiling in grain growth, one sample a second expected.
pub(crate) struct Plant {
    pub(crate) engine: Engine,
    pub(crate) now: Now,
    pub(crate) effects: Vec<Effect>,
}

impl Plant {
    pub(crate) fn new() -> Self {
        let now = Now { wall: at(0), mono: Mono(1_000_000) };
        let mut plant = Self { engine: Engine::new(), now, effects: Vec::new() };
        plant.engine.set_machine(PAN, class(), now, &mut plant.effects);
        plant.handle(Input::SourceOnline(true));
        plant.handle(Input::Expected { machine: PAN, interval: Duration::from_secs(1) });
        plant.phase(-1, Phase::GrainGrowth);
        plant.effects.clear();
        plant
    }

    pub(crate) fn handle(&mut self, input: Input) {
        self.engine.handle(input, self.now, &mut self.effects);
    }

    pub(crate) fn sample(&mut self, metric: &str, second: i64, value: f64) {
        self.now = self.now.plus(Duration::from_millis(1));
        self.handle(Input::Sample { machine: PAN, metric: Metric::new(metric), time: at(second), value });
    }

    /// The same value every second, both ends included.
    pub(crate) fn samples(&mut self, metric: &str, seconds: std::ops::RangeInclusive<i64>, value: f64) {
        for second in seconds {
            self.sample(metric, second, value);
        }
    }

    pub(crate) fn phase(&mut self, second: i64, phase: Phase) {
        self.handle(Input::Phase { machine: PAN, time: at(second), phase });
    }

    /// Lets time pass without samples, and the timer go off.
    pub(crate) fn wait(&mut self, span: Duration) {
        self.now = self.now.plus(span);
        self.engine.handle_timeout(self.now, &mut self.effects);
    }

    /// The transitions since the last call, in short. Checks that a `Remember` comes with them.
    pub(crate) fn transitions(&mut self) -> Vec<String> {
        let effects = std::mem::take(&mut self.effects);
        let transitions: Vec<_> = effects.iter().filter_map(transition).map(short).collect();
        assert!(transitions.is_empty() || effects.contains(&Effect::Remember(PAN)), "{effects:?}");
        transitions
    }

    pub(crate) fn active(&self) -> Vec<ActiveAlarm> {
        self.engine.active().collect()
    }

    pub(crate) fn state(&self, key: &AlarmKey) -> AlarmState {
        self.engine.active().find(|alarm| alarm.key == *key).map_or(AlarmState::Normal, |alarm| alarm.state)
    }
}

/// The transition in an effect.
pub(crate) fn transition(effect: &Effect) -> Option<&Transition> {
    match effect {
        Effect::Transition(transition) => Some(transition),
        Effect::Remember(_) => None,
    }
}
