//! Readers beside the writer.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::ScopedJoinHandle;

use panfloor_historian::{HistorianError, Reader, Value};
use panfloor_model::{MachineId, Metric, Seq, Timestamp};

use crate::store::{BASE, HOUR, SECOND, Store, reading};

#[test]
fn readers_see_every_reading_once_while_hours_are_sealed() {
    let mut store = Store::new();
    let mut tx = store.writer.begin().unwrap();
    for n in 0..600 {
        tx.insert_message(&reading(1, BASE + n * 30 * SECOND, &[("pressure", n as f64)])).unwrap();
    }
    tx.commit().unwrap();
    let (done, rounds) = (AtomicBool::new(false), AtomicU32::new(0));
    let pressure = Metric::new("pressure");
    let read = |reader: Reader| {
        while !done.load(Ordering::Acquire) {
            let all = reader.messages(MachineId(1), Timestamp(0), Timestamp(i64::MAX), &|| false).unwrap();
            let times: Vec<i64> = all.iter().map(|m| (m.time.micros() - BASE) / (30 * SECOND)).collect();
            assert_eq!(times, (0..600).collect::<Vec<_>>());
            let pen = reader.series(MachineId(1), &pressure, Timestamp(0), Timestamp(i64::MAX), &|| false).unwrap();
            assert_eq!(pen.points.len(), 600);
            rounds.fetch_add(1, Ordering::AcqRel);
        }
    };
    std::thread::scope(|scope| {
        let read = &read;
        let readers: Vec<_> = (0..2).map(|_| store.reader.clone()).map(|r| scope.spawn(move || read(r))).collect();
        let failed = || readers.iter().any(ScopedJoinHandle::is_finished);
        let mut now = BASE + 3 * HOUR;
        while now <= BASE + 8 * HOUR && !failed() {
            // Each step of sealing meets at least one whole read.
            let seen = rounds.load(Ordering::Acquire);
            let step = store.writer.seal_some(Timestamp(now), 1).unwrap();
            while rounds.load(Ordering::Acquire) < seen + 2 && !failed() {
                std::thread::yield_now();
            }
            if !step.more {
                now += HOUR;
            }
        }
        done.store(true, Ordering::Release);
    });
    assert_eq!(store.reader.tail_since(Seq(0), 10).unwrap(), []);
}

#[test]
fn a_cancelled_query_ends_with_the_error_that_says_so() {
    let mut store = Store::new();
    store.insert(&reading(1, BASE, &[("pressure", 1.0)]));
    let cancelled = store.reader.messages(MachineId(1), Timestamp(0), Timestamp(i64::MAX), &|| true);
    assert!(matches!(cancelled, Err(HistorianError::Cancelled)));
    store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
    let pressure = Metric::new("pressure");
    let cancelled = store.reader.series(MachineId(1), &pressure, Timestamp(0), Timestamp(i64::MAX), &|| true);
    assert!(matches!(cancelled, Err(HistorianError::Cancelled)));
    assert_eq!(store.messages(1).len(), 1, "the connection is good for the next one");
}

#[test]
fn spans_include_their_start_and_not_their_end() {
    let mut store = Store::new();
    for n in 0..10 {
        store.insert(&reading(1, BASE + n * HOUR, &[("pressure", n as f64)]));
    }
    for _ in 0..2 {
        let part = store
            .reader
            .messages(MachineId(1), Timestamp(BASE + 2 * HOUR), Timestamp(BASE + 5 * HOUR), &|| false)
            .unwrap();
        assert_eq!(part.iter().map(|m| m.values[0].1).collect::<Vec<_>>(), [2.0, 3.0, 4.0]);
        let none = store.reader.messages(MachineId(1), Timestamp(BASE), Timestamp(BASE), &|| false).unwrap();
        assert_eq!(none, []);
        assert_eq!(store.reader.span().unwrap(), Some((Timestamp(BASE), Timestamp(BASE + 9 * HOUR))));
        store.writer.seal(Timestamp(BASE + 7 * HOUR)).unwrap();
    }
    let before = store.reader.last_before(MachineId(1), &Metric::new("pressure"), Timestamp(BASE + 3 * HOUR)).unwrap();
    assert_eq!(before, Some((Timestamp(BASE + 2 * HOUR), Value::Number(2.0))));
    assert_eq!(store.reader.last_before(MachineId(1), &Metric::new("pressure"), Timestamp(BASE)).unwrap(), None);
    assert_eq!(store.reader.last_before(MachineId(1), &Metric::new("none"), Timestamp(i64::MAX)).unwrap(), None);
}

#[test]
fn the_tail_after_a_place_is_what_was_committed_since() {
    let mut store = Store::new();
    let first = store.insert(&reading(1, BASE, &[("pressure", 1.0)])).seq.unwrap();
    store.insert(&reading(2, BASE - HOUR, &[("pressure", 2.0)]));
    store.insert(&reading(1, BASE + SECOND, &[("pressure", 3.0)]));
    let since = |seq, limit| {
        let tail = store.reader.tail_since(seq, limit).unwrap();
        tail.iter().map(|m| (m.machine.0, m.values[0].1)).collect::<Vec<_>>()
    };
    assert_eq!(since(first, 10), [(2, 2.0), (1, 3.0)]);
    assert_eq!(since(Seq(0), 2), [(1, 1.0), (2, 2.0)]);
    assert_eq!(since(store.writer.last_seq(), 10), []);
}
