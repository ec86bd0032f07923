//! The alarms that a station decided between its deaths, against those that an engine decides that never died.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use panfloor_alarm::{AlarmState, Condition, Effect, Engine, Input, Transition};
use panfloor_historian::{Message, Reader, TransitionFilter, TransitionRow};
use panfloor_model::{MachineClass, MachineId, Metric, Mono, Now, Phase, Timestamp};

use crate::exactly_once::rows;
use crate::plant::{CLASS, STEP_MS};

/// Machine, metric, condition.
type Key = (MachineId, String, String);

/// What of a transition does not depend on when it was decided.
#[derive(Debug, Clone, PartialEq)]
struct Decided {
    occurrence: i64,
    from: String,
    to: String,
    event_time: Timestamp,
    priority: String,
    value: Option<f64>,
    limit: Option<f64>,
}

/// The stored transitions form whole chains, and are those of an engine that was fed the stored readings without a break.
pub(crate) fn check_alarms(reader: &Reader) {
    let mut stored = reader.transitions(&TransitionFilter::default()).unwrap();
    stored.sort_by_key(|row| row.id);
    let stored = by_key(stored.iter().map(of_row));
    for (key, chain) in &stored {
        check_chain(key, chain);
    }
    let expected = by_key(replay(&rows(reader)).iter().map(of_transition));
    // Silence is told by the clock of the station, which no replay has.
    let told_by_samples = |chains: &BTreeMap<Key, Vec<Decided>>| -> BTreeMap<Key, Vec<Decided>> {
        let limits = chains.iter().filter(|((_, _, condition), _)| condition != Condition::NoData.as_str());
        limits.map(|(key, chain)| (key.clone(), chain.clone())).collect()
    };
    let (stored, expected) = (told_by_samples(&stored), told_by_samples(&expected));
    for (key, chain) in &expected {
        assert_eq!(stored.get(key), Some(chain), "{key:?}");
    }
    assert_eq!(stored.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    let (raised, returned) = count(&stored);
    assert!(raised >= 40 && returned >= 40, "{raised} alarms raised and {returned} returned: too few to mean anything");
    let conditions: BTreeSet<&str> = stored.keys().map(|(_, _, condition)| condition.as_str()).collect();
    assert!(conditions.len() >= 4, "only {conditions:?}");
    eprintln!("{raised} alarms raised, {returned} returned, in {} chains", stored.len());
}

/// How many became abnormal, and how many normal.
fn count(chains: &BTreeMap<Key, Vec<Decided>>) -> (usize, usize) {
    let abnormal = |state: &str| AlarmState::parse(state).unwrap().is_abnormal();
    let all = || chains.values().flatten();
    let raised = all().filter(|step| !abnormal(&step.from) && abnormal(&step.to)).count();
    (raised, all().filter(|step| abnormal(&step.from) && !abnormal(&step.to)).count())
}

/// From state to state without a hole or a repeat, forward in time, each occurrence later than the one before.
fn check_chain(key: &Key, chain: &[Decided]) {
    let mut state = AlarmState::Normal.as_str().to_owned();
    let mut last: Option<&Decided> = None;
    for step in chain {
        assert_eq!(step.from, state, "{key:?}: a transition is missing or doubled before {step:?}");
        assert_ne!(step.to, step.from, "{key:?}: {step:?}");
        if let Some(last) = last {
            assert!(step.event_time >= last.event_time, "{key:?}: {step:?} after {last:?}");
            let same = step.occurrence == last.occurrence;
            let begins = step.to == AlarmState::Unacknowledged.as_str();
            assert!(same != begins && step.occurrence >= last.occurrence, "{key:?}: {step:?} after {last:?}");
        }
        state.clone_from(&step.to);
        last = Some(step);
    }
}

/// What an engine decides that is fed all readings in the order in which they were stored.
fn replay(rows: &[Message]) -> Vec<Transition> {
    let class = MachineClass::shipped().unwrap().into_iter().find(|class| class.id == CLASS).map(Arc::new).unwrap();
    let now = Now { wall: Timestamp(0), mono: Mono(0) };
    let (mut engine, mut effects) = (Engine::new(), Vec::new());
    let machines: BTreeSet<MachineId> = rows.iter().map(|row| row.machine).collect();
    let interval = Duration::from_millis(STEP_MS.unsigned_abs());
    for machine in machines {
        engine.set_machine(machine, Arc::clone(&class), now, &mut effects);
        engine.handle(Input::Expected { machine, interval }, now, &mut effects);
    }
    for row in rows {
        let (machine, time) = (row.machine, row.time);
        let phase = row.tags.iter().find(|(tag, _)| tag.as_str() == Metric::PHASE);
        if let Some(phase) = phase.and_then(|(_, name)| Phase::from_wire_name(name)) {
            engine.handle(Input::Phase { machine, time, phase }, now, &mut effects);
        }
        for (metric, value) in &row.values {
            let sample = Input::Sample { machine, metric: metric.clone(), time, value: *value };
            engine.handle(sample, now, &mut effects);
        }
    }
    let transition = |effect| match effect {
        Effect::Transition(transition) => Some(transition),
        Effect::Remember(_) => None,
    };
    effects.into_iter().filter_map(transition).collect()
}

/// By alarm, in the order of decision.
fn by_key(steps: impl Iterator<Item = (Key, Decided)>) -> BTreeMap<Key, Vec<Decided>> {
    let mut chains: BTreeMap<Key, Vec<Decided>> = BTreeMap::new();
    for (key, step) in steps {
        chains.entry(key).or_default().push(step);
    }
    chains
}

/// As it is stored.
fn of_row(row: &TransitionRow) -> (Key, Decided) {
    let decided = Decided {
        occurrence: row.occurrence,
        from: row.from.clone(),
        to: row.to.clone(),
        event_time: row.event_time,
        priority: row.priority.clone(),
        value: row.value,
        limit: row.limit,
    };
    ((row.machine, row.metric.clone(), row.condition.clone()), decided)
}

/// As it was decided.
fn of_transition(transition: &Transition) -> (Key, Decided) {
    let key = &transition.key;
    let decided = Decided {
        occurrence: transition.occurrence.micros(),
        from: transition.from.as_str().to_owned(),
        to: transition.to.as_str().to_owned(),
        event_time: transition.event_time,
        priority: transition.priority.word().to_owned(),
        value: transition.value,
        limit: transition.limit,
    };
    ((key.machine, key.metric.as_str().to_owned(), key.condition.as_str().to_owned()), decided)
}
