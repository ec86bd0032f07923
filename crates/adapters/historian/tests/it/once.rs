//! Exactly once: the store against a plain map, under repeats, revisions, disorder, rollbacks, sealing and reopening.

use std::collections::{BTreeMap, BTreeSet};

use panfloor_historian::{NewMessage, counter};
use panfloor_model::{MachineId, Metric, SourceId, Timestamp};
use proptest::prelude::*;

use crate::store::{BASE, HOUR, SECOND, Store, reading};

const METRICS: [&str; 3] = ["temperature", "pressure", "motor_power"];
/// Readings are a third of an hour apart, so that hours seal with few of them.
const SLOT: i64 = HOUR / 3;

#[derive(Debug, Clone)]
struct Reading {
    machine: u32,
    /// Device time as a slot; `None` has none.
    slot: Option<i64>,
    id: Option<u8>,
    values: [Option<i32>; 3],
}

#[derive(Debug, Clone)]
enum Step {
    Transaction {
        readings: Vec<Reading>,
        commit: bool,
    },
    /// Seals what ended before this slot.
    Seal(i64),
    /// One machine-hour, or one step of removing: what a crash may leave behind.
    SealSome(i64),
    Reopen,
}

fn readings() -> impl Strategy<Value = Reading> {
    let slot = prop_oneof![9 => (0_i64..24).prop_map(Some), 1 => Just(None)];
    let values = prop::array::uniform3(prop_oneof![1 => Just(None), 3 => (0_i32..3).prop_map(Some)]);
    (1_u32..3, slot, prop::option::of(0_u8..4), values)
        .prop_filter("names something", |(_, _, _, v)| v.iter().any(Option::is_some))
        .prop_map(|(machine, slot, id, values)| Reading { machine, slot, id, values })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let transaction = (prop::collection::vec(readings(), 1..8), prop::bool::weighted(0.85))
        .prop_map(|(readings, commit)| Step::Transaction { readings, commit });
    let step = prop_oneof![
        6 => transaction,
        1 => (0_i64..30).prop_map(Step::Seal),
        2 => (0_i64..30).prop_map(Step::SealSome),
        1 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..16)
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    /// Latest value of each identity.
    known: BTreeMap<(u32, i64, &'static str), i32>,
    /// Readings without device time: machine, arrival, values.
    timeless: Vec<(u32, i64, [Option<i32>; 3])>,
    ids: BTreeSet<(u32, u8)>,
    duplicates: u64,
    revisions: u64,
    untellable: u64,
}

impl Model {
    /// Whether each value is stored for the first time.
    fn take(&mut self, r: &Reading, arrival: i64) -> Vec<bool> {
        let values = METRICS.iter().zip(r.values).filter_map(|(m, v)| Some((*m, v?)));
        let Some(slot) = r.slot else {
            let fresh = r.id.is_none_or(|id| self.ids.insert((r.machine, id)));
            if fresh {
                self.timeless.push((r.machine, arrival, r.values));
            }
            self.duplicates += u64::from(!fresh);
            self.untellable += u64::from(r.id.is_none());
            return values.map(|_| fresh).collect();
        };
        let mut fresh = Vec::new();
        let mut stored = false;
        for (metric, value) in values {
            let before = self.known.insert((r.machine, BASE + slot * SLOT, metric), value);
            fresh.push(before.is_none());
            self.revisions += u64::from(before.is_some_and(|b| b != value));
            stored |= before != Some(value);
        }
        self.duplicates += u64::from(!stored);
        fresh
    }
}

fn message(r: &Reading, arrival: i64) -> NewMessage {
    NewMessage {
        source: SourceId(1),
        machine: MachineId(r.machine),
        device_time: r.slot.map(|s| Timestamp(BASE + s * SLOT)),
        arrived_at: Timestamp(arrival),
        reading_id: r.id.map(|id| format!("id-{id}")),
        device_seq: None,
        values: METRICS
            .iter()
            .zip(r.values)
            .filter_map(|(m, v)| Some((Metric::new(m), f64::from(v?) / 10.0)))
            .collect(),
        bad: Vec::new(),
        tags: Vec::new(),
    }
}

fn check(store: &Store, model: &Model) {
    for machine in 1..3 {
        let mut known = BTreeMap::new();
        let mut timeless = Vec::new();
        let messages = store.messages(machine);
        assert!(messages.is_sorted_by_key(|m| m.time));
        for m in messages {
            if m.has_device_time {
                for (metric, value) in &m.values {
                    let name = METRICS.iter().find(|n| **n == metric.as_str()).unwrap();
                    let before = known.insert((machine, m.time.micros(), *name), (value * 10.0).round() as i32);
                    assert_eq!(before, None, "{} of {:?} read twice", metric.as_str(), m.time);
                }
            } else {
                let value =
                    |name| m.values.iter().find(|(n, _)| n.as_str() == name).map(|(_, v)| (v * 10.0).round() as i32);
                timeless.push((machine, m.time.micros(), METRICS.map(value)));
            }
        }
        let wanted: BTreeMap<_, _> =
            model.known.iter().filter(|((m, _, _), _)| *m == machine).map(|(k, v)| (*k, *v)).collect();
        assert_eq!(known, wanted);
        let wanted: Vec<_> = model.timeless.iter().filter(|(m, _, _)| *m == machine).copied().collect();
        assert_eq!(timeless, wanted);
        check_series(store, model, machine);
    }
    assert_eq!(store.counter(counter::DUPLICATES), model.duplicates);
    assert_eq!(store.counter(counter::REVISIONS), model.revisions);
    assert_eq!(store.counter(counter::UNTELLABLE), model.untellable);
}

fn check_series(store: &Store, model: &Model, machine: u32) {
    for (at, metric) in METRICS.iter().enumerate() {
        let known =
            model.known.iter().filter(|((m, _, n), _)| *m == machine && n == metric).map(|((_, t, _), v)| (*t, *v));
        let timeless =
            model.timeless.iter().filter(|(m, _, _)| *m == machine).filter_map(|(_, t, v)| Some((*t, v[at]?)));
        let mut wanted: Vec<(i64, i32)> = known.chain(timeless).collect();
        wanted.sort_unstable();
        let (id, name) = (MachineId(machine), Metric::new(metric));
        let series = store.reader.series(id, &name, Timestamp(i64::MIN), Timestamp(i64::MAX), &|| false).unwrap();
        let found: Vec<(i64, i32)> =
            series.points.iter().map(|(t, v)| (t.micros(), (v * 10.0).round() as i32)).collect();
        assert_eq!(found, wanted);
        let newest = store.reader.latest(id).unwrap();
        let newest = newest.and_then(|l| l.values.into_iter().find(|(m, _, _)| *m == name));
        assert_eq!(newest.map(|(_, t, v)| (t.micros(), (v * 10.0).round() as i32)), wanted.last().copied());
        let last = store.reader.last_before(id, &name, Timestamp(BASE + 12 * SLOT)).unwrap().map(|(t, _)| t.micros());
        assert_eq!(last, wanted.iter().rev().map(|(t, _)| *t).find(|t| *t < BASE + 12 * SLOT));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_store_equals_a_plain_map(steps in steps()) {
        let mut store = Store::new();
        let mut model = Model::default();
        let mut arrival = BASE + 24 * HOUR;
        let seal_at = |slot: i64| Timestamp(BASE + slot * SLOT + 2 * HOUR);
        for step in steps {
            match step {
                Step::Transaction { readings, commit } => {
                    let before = model.clone();
                    let mut tx = store.writer.begin().unwrap();
                    for r in &readings {
                        arrival += SECOND;
                        let inserted = tx.insert_message(&message(r, arrival)).unwrap();
                        prop_assert_eq!(inserted.fresh, model.take(r, arrival));
                    }
                    if commit {
                        tx.commit().unwrap();
                    } else {
                        drop(tx);
                        model = before;
                    }
                }
                Step::Seal(slot) => {
                    prop_assert!(!store.writer.seal(seal_at(slot)).unwrap().more);
                }
                Step::SealSome(slot) => {
                    store.writer.seal_some(seal_at(slot), 1).unwrap();
                }
                Step::Reopen => store = store.reopened(),
            }
            check(&store, &model);
        }
        let seq = store.writer.last_seq();
        store = store.reopened();
        prop_assert_eq!(store.writer.last_seq(), seq);
        check(&store, &model);
    }
}

#[test]
fn late_and_revised_readings_are_told() {
    let mut store = Store::new();
    let first = store.insert(&reading(1, BASE, &[("pressure", 65.2)]));
    assert_eq!((first.late, first.fresh, first.duplicates), (false, vec![true], 0));
    let again = store.insert(&reading(1, BASE, &[("pressure", 65.2)]));
    assert_eq!((again.seq, again.fresh, again.duplicates), (None, vec![false], 1));
    let late = store.insert(&reading(1, BASE - SECOND, &[("pressure", 65.0)]));
    assert!(late.late && late.seq.is_some());
    let revised = store.insert(&reading(1, BASE, &[("pressure", 65.3), ("temperature", 46.0)]));
    assert_eq!((revised.revisions, revised.fresh, revised.late), (1, vec![false, true], false));
    let other = store.insert(&reading(2, BASE - SECOND, &[("pressure", 65.0)]));
    assert!(!other.late, "each machine has its own newest");
    let latest = store.reader.latest(MachineId(1)).unwrap().unwrap();
    assert_eq!(latest.newest, Timestamp(BASE));
    assert_eq!(
        latest.values.iter().map(|(m, _, v)| (m.as_str(), *v)).collect::<Vec<_>>(),
        [("pressure", 65.3), ("temperature", 46.0)]
    );
}

#[test]
fn tags_and_bad_marks_have_identity_too() {
    let mut store = Store::new();
    let mut m = reading(1, BASE, &[]);
    m.tags = vec![(Metric::new(Metric::PHASE), "seed".to_owned())];
    m.bad = vec![Metric::new("pressure")];
    assert!(store.insert(&m).seq.is_some());
    assert_eq!(store.insert(&m).duplicates, 2);
    m.tags = vec![(Metric::new(Metric::PHASE), "tighten".to_owned())];
    assert_eq!(store.insert(&m).revisions, 1);
    let latest = store.reader.latest(MachineId(1)).unwrap().unwrap();
    assert_eq!(latest.tags, [(Metric::new(Metric::PHASE), Timestamp(BASE), "tighten".to_owned())]);
    assert_eq!(latest.bad, [(Metric::new("pressure"), Timestamp(BASE))]);
    let series = store
        .reader
        .series(MachineId(1), &Metric::new("pressure"), Timestamp(0), Timestamp(i64::MAX), &|| false)
        .unwrap();
    assert_eq!((series.points, series.bad), (Vec::new(), vec![Timestamp(BASE)]));
}

#[test]
fn messages_that_break_a_bound_are_refused_and_leave_the_transaction_good() {
    let mut store = Store::new();
    let mut tx = store.writer.begin().unwrap();
    let twice = reading(1, BASE, &[("pressure", 1.0), ("pressure", 2.0)]);
    assert!(tx.insert_message(&twice).is_err());
    assert!(tx.insert_message(&reading(1, BASE, &[])).is_err());
    assert!(tx.insert_message(&reading(1, BASE, &[("", 1.0)])).is_err());
    let many: Vec<String> = (0..=panfloor_historian::MAX_ITEMS).map(|i| format!("m{i}")).collect();
    let many: Vec<(&str, f64)> = many.iter().map(|n| (n.as_str(), 1.0)).collect();
    assert!(tx.insert_message(&reading(1, BASE, &many)).is_err());
    assert!(tx.insert_message(&reading(1, BASE, &[("pressure", 1.0)])).unwrap().seq.is_some());
    tx.commit().unwrap();
    assert_eq!(store.messages(1).len(), 1);
}

#[test]
fn wild_device_times_do_no_harm() {
    let mut store = Store::new();
    for (n, time) in [i64::MIN, i64::MAX, 0, -1, BASE].into_iter().enumerate() {
        let mut m = reading(1, BASE, &[("pressure", n as f64)]);
        m.device_time = Some(Timestamp(time));
        assert!(store.insert(&m).seq.is_some());
    }
    assert_eq!(store.messages(1).len(), 5);
    store.writer.seal(Timestamp(i64::MAX)).unwrap();
    assert_eq!(store.messages(1).len(), 5);
    assert_eq!(store.reader.sizes().unwrap().months.len(), 2, "2026-11, and one for all wild times");
}
