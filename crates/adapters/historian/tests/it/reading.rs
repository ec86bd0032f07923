//! Readers beside the writer.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::ScopedJoinHandle;

use panfloor_historian::{HistorianError, Message, Reader, Value};
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
fn readings_are_seen_once_though_their_hour_is_sealed_anew_within_the_read() {
    let pressure = Metric::new("pressure");
    for at_call in 1..=4 {
        let mut store = Store::new();
        store.insert(&reading(1, BASE, &[("pressure", 0.0)]));
        store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
        store.insert(&reading(1, BASE + SECOND, &[("pressure", 1.0)]));
        let Store { folder: _folder, writer, reader, .. } = store;
        let (writer, calls) = (RefCell::new(writer), Cell::new(0));
        // Asking whether to go on is the one moment within a read at which others may act.
        let seal = || {
            calls.set(calls.get() + 1);
            if calls.get() == at_call {
                writer.borrow_mut().seal_some(Timestamp(BASE + 3 * HOUR), 1).unwrap();
            }
            false
        };
        let (from, to) = (Timestamp(0), Timestamp(i64::MAX));
        let all = reader.messages(MachineId(1), from, to, &seal).unwrap();
        assert_eq!(all.iter().map(|m| m.values[0].1).collect::<Vec<_>>(), [0.0, 1.0], "sealed at call {at_call}");
        let pen = reader.series(MachineId(1), &pressure, from, to, &|| false).unwrap();
        assert_eq!(pen.points, [(Timestamp(BASE), 0.0), (Timestamp(BASE + SECOND), 1.0)]);
    }
}

#[test]
fn pens_are_what_each_is_alone() {
    let mut store = Store::new();
    for n in 0..200_i64 {
        let mut m = reading(1, BASE + n * 60 * SECOND, &[("pressure", n as f64), ("level", n as f64 / 3.0)]);
        if n % 7 == 0 {
            m.values.remove(0);
            m.bad.push(Metric::new("pressure"));
        }
        m.tags.push((Metric::new("phase"), "seed".to_owned()));
        store.insert(&m);
    }
    store.insert(&reading(1, BASE + 190 * 60 * SECOND, &[("level", -1.0)]));
    let metrics = ["level", "none", "pressure", "level", "phase"].map(Metric::new);
    for _ in 0..2 {
        let (from, to) = (Timestamp(BASE + 30 * 60 * SECOND), Timestamp(BASE + 195 * 60 * SECOND));
        let pens = store.reader.pens(MachineId(1), &metrics, from, to, &|| false).unwrap();
        let alone = |metric: &Metric| store.reader.series(MachineId(1), metric, from, to, &|| false).unwrap();
        assert_eq!(pens, metrics.iter().map(alone).collect::<Vec<_>>());
        assert_eq!(pens.iter().map(|p| p.points.len()).collect::<Vec<_>>(), [165, 0, 142, 165, 0]);
        assert_eq!((pens[0].points[160].1, pens[2].bad.len()), (-1.0, 23));
        let messages = store.reader.messages(MachineId(1), from, to, &|| false).unwrap();
        let of = |m: &Message| m.values.iter().find(|(metric, _)| *metric == metrics[0]).map(|(_, v)| (m.time, *v));
        assert_eq!(pens[0].points, messages.iter().filter_map(of).collect::<Vec<_>>());
        store.writer.seal(Timestamp(BASE + 4 * HOUR)).unwrap();
    }
}

#[test]
fn rollups_come_one_by_one_and_stop_when_asked() {
    let mut store = Store::new();
    let mut tx = store.writer.begin().unwrap();
    for n in 0..300 {
        tx.put_minute(MachineId(1), Timestamp(BASE + n * 60 * SECOND), &n.to_le_bytes()).unwrap();
        tx.put_minute(MachineId(2), Timestamp(BASE + n * 60 * SECOND), b"another's").unwrap();
    }
    tx.commit().unwrap();
    store.writer.seal(Timestamp(BASE + 5 * HOUR)).unwrap();
    let each = |cancel: &dyn Fn() -> bool, most: usize| {
        let mut seen = Vec::new();
        let done =
            store.reader.each_minute(MachineId(1), Timestamp(0), Timestamp(i64::MAX), cancel, &mut |at, blob| {
                seen.push((at.micros() - BASE) / (60 * SECOND));
                assert_eq!(blob, seen[seen.len() - 1].to_le_bytes());
                if seen.len() < most { Ok(()) } else { Err(HistorianError::Cancelled) }
            });
        (done, seen)
    };
    let (done, seen) = each(&|| false, usize::MAX);
    assert!(done.is_ok());
    assert_eq!(seen, (0..300).collect::<Vec<_>>());
    let (done, seen) = each(&|| true, usize::MAX);
    assert!(matches!(done, Err(HistorianError::Cancelled)) && seen.is_empty());
    let (done, seen) = each(&|| false, 5);
    assert!(matches!(done, Err(HistorianError::Cancelled)));
    assert_eq!(seen.len(), 5);
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
