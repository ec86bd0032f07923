//! The alarm core at work: what it is fed, and where its effects go.

use std::collections::BTreeSet;
use std::sync::Arc;

use panfloor_alarm::{ActiveAlarm, AlarmKey, Effect, Engine, Input, Transition};
use panfloor_historian::{Reader, TransitionRow, Tx};
use panfloor_model::{MachineClass, MachineId, Metric, Mono, Now, Phase, Seq, Timestamp};

use crate::event::AlarmName;

/// How often every machine's state is stored even when nothing happens: what a restart has to read again.
const KEEP_EVERY: std::time::Duration = std::time::Duration::from_mins(1);

/// Most readings taken from the store at once while catching up at a start.
const REPLAY_PAGE: usize = 10_000;

/// The alarm core, with what it has decided but not stored yet.
#[derive(Debug)]
pub struct AlarmRoom {
    engine: Engine,
    effects: Vec<Effect>,
    kept: Mono,
    blind_since: Option<Timestamp>,
}

impl AlarmRoom {
    /// No machines, blind since now.
    pub(crate) fn new(now: Now) -> Self {
        Self { engine: Engine::new(), effects: Vec::new(), kept: now.mono, blind_since: Some(now.wall) }
    }

    /// Alarms that are not in state A.
    pub fn active(&self) -> impl Iterator<Item = ActiveAlarm> + '_ {
        self.engine.active()
    }

    /// Since when no source can be seen.
    #[must_use]
    pub const fn blind_since(&self) -> Option<Timestamp> {
        self.blind_since
    }

    /// Tells whether any source can be seen.
    pub(crate) fn see(&mut self, online: bool, now: Now) {
        self.engine.handle(Input::SourceOnline(online), now, &mut self.effects);
        if online {
            self.blind_since = None;
        } else if self.blind_since.is_none() {
            self.blind_since = Some(now.wall);
        }
    }

    /// A machine's class became known.
    pub(crate) fn set_class(&mut self, machine: MachineId, class: Arc<MachineClass>, now: Now) {
        self.engine.set_machine(machine, class, now, &mut self.effects);
    }

    /// Feeds the core.
    pub(crate) fn feed(&mut self, input: Input, now: Now) {
        self.engine.handle(input, now, &mut self.effects);
    }

    /// Takes an acknowledgement, given here or at another station. Taking one twice is taking it once.
    pub(crate) fn acknowledge(&mut self, alarm: AlarmName, by: String, note: Option<String>, now: Now) {
        self.feed(Input::Acknowledge { key: alarm.key, up_to: alarm.up_to, by, note }, now);
    }

    /// What of an acknowledgement somebody can have seen: up to now, or to the standing occurrence of a machine whose clock
    /// runs ahead. Signed so, it never speaks of an alarm that is yet to come.
    pub(crate) fn as_seen(&self, alarm: AlarmName, now: Now) -> AlarmName {
        let standing = self.engine.active().find(|active| active.key == alarm.key).map(|active| active.since);
        let up_to = alarm.up_to.min(standing.map_or(now.wall, |since| since.max(now.wall)));
        AlarmName { up_to, ..alarm }
    }

    /// Whether these alarms may be acknowledged in one act.
    pub(crate) fn may_acknowledge_together(&self, alarms: &[AlarmName]) -> bool {
        let keys: Vec<AlarmKey> = alarms.iter().map(|alarm| alarm.key.clone()).collect();
        self.engine.may_acknowledge_together(&keys)
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, now: Now) {
        self.engine.handle_timeout(now, &mut self.effects);
    }

    /// When time has to pass next.
    pub(crate) fn due(&self) -> Option<Mono> {
        self.engine.poll_timeout()
    }

    /// Stores what was decided since the last call; gives back the transitions.
    pub(crate) fn store(
        &mut self,
        machines: impl Iterator<Item = MachineId>,
        tx: &mut Tx<'_>,
        seq: Seq,
        now: Now,
    ) -> panfloor_historian::Result<Vec<Transition>> {
        let mut transitions = Vec::new();
        let mut remember = BTreeSet::new();
        for effect in self.effects.drain(..) {
            match effect {
                Effect::Transition(transition) => {
                    tx.append_transition(&row(&transition))?;
                    remember.insert(transition.key.machine);
                    transitions.push(transition);
                }
                Effect::Remember(machine) => {
                    remember.insert(machine);
                }
            }
        }
        if now.mono.since(self.kept) >= KEEP_EVERY {
            self.kept = now.mono;
            remember.extend(machines);
        }
        for machine in remember {
            if let Some(snapshot) = self.engine.snapshot(machine) {
                tx.put_alarm_snapshot(machine, &Kept { seq, snapshot }.encode())?;
            }
        }
        Ok(transitions)
    }

    /// Puts the core back as the store says, and feeds it what was stored since.
    pub(crate) fn restore(
        &mut self,
        reader: &Reader,
        class_of: impl Fn(MachineId) -> Option<Arc<MachineClass>>,
        now: Now,
    ) -> panfloor_historian::Result<()> {
        let mut from: Option<Seq> = None;
        for (machine, bytes) in reader.alarm_snapshots()? {
            let Some(class) = class_of(machine) else { continue };
            let kept = Kept::decode(&bytes);
            match kept.as_ref().map(|kept| self.engine.restore(machine, Arc::clone(&class), &kept.snapshot, now)) {
                // Not `Option::min`: to that, no place yet is the smallest of all, and nothing would be fed.
                Some(Ok(())) => from = from.into_iter().chain(kept.map(|kept| kept.seq)).min(),
                Some(Err(problem)) => {
                    tracing::error!(machine = machine.0, %problem, "alarm state cannot be read; it starts anew");
                    self.set_class(machine, class, now);
                }
                None => self.set_class(machine, class, now),
            }
        }
        let Some(mut seq) = from else { return Ok(()) };
        loop {
            let page = reader.tail_since(seq, REPLAY_PAGE)?;
            for message in &page {
                seq = message.seq.unwrap_or(seq);
                self.replay(message, now);
            }
            if page.len() < REPLAY_PAGE {
                return Ok(());
            }
        }
    }

    /// Feeds a stored reading.
    fn replay(&mut self, message: &panfloor_historian::Message, now: Now) {
        let machine = message.machine;
        let phase = message.tags.iter().find(|(tag, _)| tag.as_str() == Metric::PHASE);
        if let Some(phase) = phase.and_then(|(_, name)| Phase::from_wire_name(name)) {
            self.feed(Input::Phase { machine, time: message.time, phase }, now);
        }
        for (metric, value) in &message.values {
            self.feed(Input::Sample { machine, metric: metric.clone(), time: message.time, value: *value }, now);
        }
    }
}

/// A snapshot with the place in the store up to which it was decided.
struct Kept {
    seq: Seq,
    snapshot: Vec<u8>,
}

impl Kept {
    /// Eight bytes of place (little-endian), then the snapshot.
    fn encode(&self) -> Vec<u8> {
        let mut bytes = self.seq.0.to_le_bytes().to_vec();
        bytes.extend_from_slice(&self.snapshot);
        bytes
    }

    /// Reads it back; `None` if it is too short to be one.
    fn decode(bytes: &[u8]) -> Option<Self> {
        let (seq, snapshot) = bytes.split_first_chunk::<8>()?;
        Some(Self { seq: Seq(i64::from_le_bytes(*seq)), snapshot: snapshot.to_vec() })
    }
}

/// A transition as the store keeps it.
fn row(transition: &Transition) -> TransitionRow {
    TransitionRow {
        id: 0,
        machine: transition.key.machine,
        metric: transition.key.metric.as_str().to_owned(),
        condition: transition.key.condition.as_str().to_owned(),
        occurrence: transition.occurrence.micros(),
        from: transition.from.as_str().to_owned(),
        to: transition.to.as_str().to_owned(),
        event_time: transition.event_time,
        decided_at: transition.decided_at,
        priority: transition.priority.word().to_owned(),
        value: transition.value,
        limit: transition.limit,
        by: transition.by.clone(),
        note: transition.note.clone(),
    }
}
