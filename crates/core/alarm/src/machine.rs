//! One machine: its metrics, its phase, and the alarm of its silence.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use panfloor_model::{LimitKind, MachineClass, MachineId, Metric, Mono, Now, Phase, Priority, Timestamp};
use serde::{Deserialize, Serialize};

use crate::io::{ActiveAlarm, Effect, Transition};
use crate::key::{AlarmKey, AlarmState, Condition};
use crate::latch::{Acknowledged, Change, Latch, Terms};
use crate::measurement::{Measurement, Memory};
use crate::rules::Rules;

/// Least age at which the newest sample counts as stale. Below it a fast machine would be called silent for a hiccup.
const STALE_FLOOR: Duration = Duration::from_secs(10);
/// How long it must be stale before the alarm stands up. At up to 4 s between samples the sum is 30 s.
const NO_DATA_ON_DELAY: Duration = Duration::from_secs(20);
/// Longest expected interval believed: an hour. More would switch the no-data alarm off.
const MAX_EXPECTED: Duration = Duration::from_secs(3600);
/// Event time after which a snapshot is asked for though nothing changed: bounds what a restart has to feed again.
const REMEMBER_EVERY: Duration = Duration::from_secs(60);
/// What makes a no-data alarm; it returns with the next sample.
const SILENCE: Terms = Terms { on_us: 0, off_us: 0, priority: Priority::Medium, limit: None };

/// What a machine remembers besides its metrics. Goes into snapshots as it is: a new field means a new version.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Standing {
    /// The phase, and the time as of which it was last told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<(Timestamp, Phase)>,
    /// Expected sample interval, µs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_us: Option<i64>,
    /// Time of the newest sample of any metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Timestamp>,
    pub silence: Latch,
}

/// One machine.
#[derive(Debug)]
pub(crate) struct Machine {
    id: MachineId,
    class: Arc<MachineClass>,
    pub standing: Standing,
    pub measurements: Vec<Measurement>,
    /// When a sample last moved it on, or when it was last given its full time.
    heard: Mono,
    /// Event time up to which the last `Remember` covers.
    remembered: Option<Timestamp>,
}

/// A metric's decisions on one sample: at most all five of its alarms change.
type Decisions = [Option<(Condition, Change, Option<f64>)>; 5];

impl Machine {
    /// A machine of which nothing is known but `standing` and `memories`.
    pub(crate) fn new(
        id: MachineId,
        class: Arc<MachineClass>,
        standing: Standing,
        memories: Vec<Memory>,
        now: Now,
    ) -> Self {
        let measurements = measurements(&class, memories);
        let remembered = standing.newest;
        Self { id, class, standing, measurements, heard: now.mono, remembered }
    }

    /// Changes the class; false if it is the same.
    pub(crate) fn set_class(&mut self, class: Arc<MachineClass>) -> bool {
        if *self.class == *class {
            return false;
        }
        let memories = std::mem::take(&mut self.measurements).into_iter().map(|known| known.memory).collect();
        self.measurements = measurements(&class, memories);
        self.class = class;
        true
    }

    /// Gives the machine its full time before it counts as silent.
    pub(crate) fn listen_from(&mut self, mono: Mono) {
        self.heard = mono;
    }

    /// Takes a sample.
    pub(crate) fn sample(&mut self, metric: &Metric, time: Timestamp, value: f64, now: Now, effects: &mut Vec<Effect>) {
        let at = self.measurements.iter().position(|known| known.memory.metric == *metric);
        let is_new = match at.and_then(|at| self.measurements.get(at)) {
            Some(known) => known.is_new(time),
            None => self.standing.newest.is_none_or(|newest| time > newest),
        };
        if !is_new || !value.is_finite() {
            return;
        }
        let before = effects.len();
        self.heard = now.mono;
        self.standing.newest = self.standing.newest.max(Some(time));
        if self.standing.silence.state.is_abnormal() {
            let change = self.standing.silence.come_back(time);
            self.tell_silence(change, time, now, effects);
        }
        if let Some(at) = at {
            self.judge(at, time, value, now, effects);
        }
        let is_due = match (self.standing.newest, self.remembered) {
            (Some(newest), Some(remembered)) => newest.since(remembered) >= REMEMBER_EVERY,
            (newest, _) => newest.is_some(),
        };
        if effects.len() > before || is_due {
            self.remember(effects);
        }
    }

    fn judge(&mut self, at: usize, time: Timestamp, value: f64, now: Now, effects: &mut Vec<Effect>) {
        let phase = self.standing.phase.map(|(_, phase)| phase);
        let (hold_us, restart_us) = (self.hold_us(), micros(self.silence_after()));
        let Some(measurement) = self.measurements.get_mut(at) else { return };
        let mut decisions: Decisions = [None; 5];
        let mut free = decisions.iter_mut();
        measurement.judge(time, value, phase, hold_us, restart_us, |decided| {
            if let Some(place) = free.next() {
                *place = Some(decided);
            }
        });
        for (condition, change, limit) in decisions.into_iter().flatten() {
            let key = AlarmKey { machine: self.id, metric: measurement.memory.metric.clone(), condition };
            let Some(latch) = measurement.memory.latch_mut(condition) else { continue };
            tell(latch, key.clone(), change, Deciding { time, now, value: Some(value), limit }, effects);
            acknowledge_begun(latch, key, change, now, effects);
        }
    }

    /// Takes a phase.
    pub(crate) fn phase(&mut self, time: Timestamp, phase: Phase, effects: &mut Vec<Effect>) {
        let before = self.standing.phase;
        if before.is_some_and(|(told, _)| time <= told) {
            return;
        }
        self.standing.phase = Some((time, phase));
        if before.is_none_or(|(_, known)| known != phase) {
            self.remember(effects);
        }
    }

    /// Takes an expected interval; true if it is news.
    pub(crate) fn expect(&mut self, interval: Duration, effects: &mut Vec<Effect>) -> bool {
        let expected_us = micros(interval.min(MAX_EXPECTED));
        // A measured interval jitters: within a tenth it is the same, or every sample would ask for a snapshot.
        let is_same = |known: i64| known.abs_diff(expected_us) <= known.unsigned_abs() / 10;
        if expected_us == 0 || self.standing.expected_us.is_some_and(is_same) {
            return false;
        }
        self.standing.expected_us = Some(expected_us);
        self.remember(effects);
        true
    }

    /// Takes an acknowledgement: of what stands, and of what is still to come of the time up to which it reaches.
    pub(crate) fn acknowledge(
        &mut self,
        key: AlarmKey,
        acknowledged: Acknowledged,
        now: Now,
        effects: &mut Vec<Effect>,
    ) {
        let silent_from = self.standing.newest.map(|newest| newest.plus(self.silence_after()));
        let (latch, decided) = if key.condition == Condition::NoData {
            if key.metric.as_str() != AlarmKey::MACHINE {
                return;
            }
            (&mut self.standing.silence, silent_from)
        } else {
            let known = self.measurements.iter_mut().find(|known| known.memory.metric == key.metric);
            let Some(memory) = known.map(|known| &mut known.memory) else { return };
            let decided = memory.last.map(|(time, _)| time);
            let Some(latch) = memory.latch_mut(key.condition) else { return };
            (latch, decided)
        };
        let kept = latch.keep(&acknowledged, decided);
        let change = latch.acknowledge(acknowledged, now.wall);
        if let Some(change) = change {
            tell(latch, key, change, Deciding { time: now.wall, now, value: None, limit: None }, effects);
        }
        if kept || change.is_some() {
            self.remember(effects);
        }
    }

    /// When the machine counts as silent; `None` if it was never heard or is called silent already.
    pub(crate) fn deadline(&self) -> Option<Mono> {
        let waits = self.standing.newest.is_some() && !self.standing.silence.state.is_abnormal();
        waits.then(|| self.heard.plus(self.silence_after()))
    }

    /// Raises the no-data alarm if it is due. It is dated by the newest sample, not by a clock, so that it is the same
    /// whenever and wherever it is decided.
    pub(crate) fn timeout(&mut self, now: Now, effects: &mut Vec<Effect>) {
        let (Some(deadline), Some(newest)) = (self.deadline(), self.standing.newest) else { return };
        if deadline > now.mono {
            return;
        }
        let time = newest.plus(self.silence_after());
        let change = self.standing.silence.activate(time, None, &SILENCE);
        let time = self.standing.silence.occurrence.as_ref().map_or(time, |occurrence| occurrence.since);
        self.tell_silence(change, time, now, effects);
        acknowledge_begun(&mut self.standing.silence, AlarmKey::no_data(self.id), change, now, effects);
        self.remember(effects);
    }

    /// Its alarms that are not normal.
    pub(crate) fn active(&self) -> impl Iterator<Item = ActiveAlarm> + '_ {
        let silence = active(AlarmKey::no_data(self.id), &self.standing.silence, None, None);
        let metrics = self.measurements.iter().flat_map(|known| {
            let memory = &known.memory;
            let key = |condition| AlarmKey { machine: self.id, metric: memory.metric.clone(), condition };
            let last_value = memory.last.map(|(_, value)| value);
            memory.latches().filter_map(move |(condition, latch)| {
                let over = higher(condition).filter(|higher| {
                    memory.latches().any(|(condition, latch)| condition == *higher && latch.state.is_abnormal())
                });
                active(key(condition), latch, last_value, over.map(key))
            })
        });
        silence.into_iter().chain(metrics)
    }

    fn remember(&mut self, effects: &mut Vec<Effect>) {
        self.remembered = self.standing.newest;
        effects.push(Effect::Remember(self.id));
    }

    fn tell_silence(&self, change: Change, time: Timestamp, now: Now, effects: &mut Vec<Effect>) {
        let deciding = Deciding { time, now, value: None, limit: None };
        tell(&self.standing.silence, AlarmKey::no_data(self.id), change, deciding, effects);
    }

    /// How long a value holds: 2.5 expected intervals, µs. Unknown: for ever, since otherwise a machine slower than a
    /// guess would never complete a delay.
    fn hold_us(&self) -> i64 {
        self.standing.expected_us.map_or(i64::MAX, |expected| expected.saturating_mul(5) / 2)
    }

    /// How long after its last sample a machine counts as silent.
    fn silence_after(&self) -> Duration {
        let hold = self.standing.expected_us.map_or(Duration::ZERO, |_| Duration::from_micros(self.hold_us() as u64));
        hold.max(STALE_FLOOR) + NO_DATA_ON_DELAY
    }
}

/// What decided a transition.
struct Deciding {
    time: Timestamp,
    now: Now,
    value: Option<f64>,
    limit: Option<f64>,
}

/// An occurrence that has just begun may have been acknowledged elsewhere already.
fn acknowledge_begun(latch: &mut Latch, key: AlarmKey, change: Change, now: Now, effects: &mut Vec<Effect>) {
    if change.to != AlarmState::Unacknowledged {
        return;
    }
    if let Some(change) = latch.acknowledge_ahead(now.wall) {
        tell(latch, key, change, Deciding { time: now.wall, now, value: None, limit: None }, effects);
    }
}

fn tell(latch: &Latch, key: AlarmKey, change: Change, deciding: Deciding, effects: &mut Vec<Effect>) {
    let Some(occurrence) = &latch.occurrence else { return };
    let acknowledged = change.to == AlarmState::Acknowledged
        || (change.from == AlarmState::ReturnedUnacknowledged && change.to == AlarmState::Normal);
    effects.push(Effect::Transition(Transition {
        key,
        occurrence: occurrence.since,
        from: change.from,
        to: change.to,
        event_time: deciding.time,
        decided_at: deciding.now.wall,
        priority: occurrence.priority,
        value: deciding.value,
        limit: deciding.limit,
        by: occurrence.by.clone().filter(|_| acknowledged),
        note: occurrence.note.clone().filter(|_| acknowledged),
    }));
}

fn active(
    key: AlarmKey,
    latch: &Latch,
    last_value: Option<f64>,
    suppressed_by: Option<AlarmKey>,
) -> Option<ActiveAlarm> {
    if latch.state == AlarmState::Normal {
        return None;
    }
    let occurrence = latch.occurrence.as_ref()?;
    Some(ActiveAlarm {
        key,
        state: latch.state,
        priority: occurrence.priority,
        since: occurrence.since,
        changed: occurrence.changed,
        value_at_activation: occurrence.value,
        limit: occurrence.limit,
        last_value,
        acknowledged_by: occurrence.by.clone(),
        note: occurrence.note.clone(),
        suppressed_by,
    })
}

/// The alarm of higher severity on the same side.
const fn higher(condition: Condition) -> Option<Condition> {
    match condition {
        Condition::Limit(LimitKind::Low) => Some(Condition::Limit(LimitKind::LowLow)),
        Condition::Limit(LimitKind::High) => Some(Condition::Limit(LimitKind::HighHigh)),
        Condition::Limit(LimitKind::LowLow | LimitKind::HighHigh) | Condition::NoData | Condition::Frozen => None,
    }
}

/// One measurement for each metric that the class judges, and for each that still has an alarm standing.
fn measurements(class: &MachineClass, memories: Vec<Memory>) -> Vec<Measurement> {
    let in_phases = class.phases.values().flat_map(|plan| plan.metrics.keys());
    let mut names: BTreeSet<&str> = class.metrics.keys().chain(in_phases).map(String::as_str).collect();
    names.extend([Metric::TEMPERATURE, Metric::PRESSURE]);
    let mut kept: Vec<Memory> = memories
        .into_iter()
        .filter(|memory| {
            names.contains(memory.metric.as_str())
                || memory.latches().any(|(_, latch)| latch.state != AlarmState::Normal)
        })
        .collect();
    for name in names {
        if !kept.iter().any(|memory| memory.metric.as_str() == name) {
            kept.push(Memory::new(Metric::new(name)));
        }
    }
    kept.sort_by(|a, b| a.metric.cmp(&b.metric));
    kept.into_iter().map(|memory| Measurement { rules: Rules::of(class, memory.metric.as_str()), memory }).collect()
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}
