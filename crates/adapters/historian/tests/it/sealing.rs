//! Sealing: bit for bit, once, whatever comes late or breaks off.

use panfloor_historian::{Access, HistorianError, Message, open};
use panfloor_model::{MachineId, Metric, SourceId, Timestamp};
use proptest::prelude::*;

use crate::store::{BASE, HOUR, SECOND, Store, reading};

/// Readings without their places, which sealing takes from them.
fn bare(messages: Vec<Message>) -> Vec<Message> {
    messages.into_iter().map(|m| Message { seq: None, ..m }).collect()
}

fn same(a: &[Message], b: &[Message]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        let bits = |m: &Message| {
            m.values.iter().map(|(n, v)| (n.clone(), v.to_bits())).collect::<std::collections::BTreeMap<_, _>>()
        };
        assert_eq!(bits(a), bits(b));
        let sorted = |m: &Message| {
            let mut rest = (m.tags.clone(), m.bad.clone());
            rest.0.sort();
            rest.1.sort();
            rest
        };
        assert_eq!(sorted(a), sorted(b));
        let head = |m: &Message| (m.time, m.has_device_time, m.arrived_at, m.source, m.device_seq, m.revision);
        assert_eq!(head(a), head(b));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_hour_comes_back_bit_for_bit(
        rows in prop::collection::vec(
            (0_i64..HOUR, prop::option::of(any::<u64>()), prop::option::of(-20_000_i32..20_000), any::<bool>(), "[a-c]{0,1}", 0_u16..3, any::<Option<u64>>()),
            1..80,
        )
    ) {
        let mut store = Store::new();
        for (offset, bits, grid, bad, tag, source, device_seq) in rows {
            let mut m = reading(1, BASE + offset, &[]);
            m.source = SourceId(source);
            m.device_seq = device_seq;
            m.values.extend(bits.map(|b| (Metric::new("raw"), f64::from_bits(b))));
            m.values.extend(grid.map(|g| (Metric::new("grid"), f64::from(g) / 100.0)));
            m.tags.push((Metric::new("phase"), tag));
            if bad {
                m.bad.push(Metric::new("bad"));
            }
            store.insert(&m);
        }
        let before = bare(store.messages(1));
        let report = store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
        prop_assert_eq!(report.hours, 1);
        prop_assert_eq!(report.rows, report.rows_removed);
        prop_assert_eq!(store.reader.tail_since(panfloor_model::Seq(0), 1).unwrap(), vec![]);
        same(&store.messages(1), &before);
        store = store.reopened();
        same(&store.messages(1), &before);
    }
}

#[test]
fn only_hours_that_are_old_enough_are_sealed() {
    let mut store = Store::new();
    for hour in 0..4 {
        store.insert(&reading(1, BASE + hour * HOUR, &[("pressure", hour as f64)]));
    }
    let nothing = store.writer.seal(Timestamp(BASE + 3 * HOUR - 1)).unwrap();
    assert_eq!((nothing.hours, nothing.rows_removed), (0, 0));
    assert_eq!(store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap().hours, 1);
    assert_eq!(store.writer.seal(Timestamp(BASE + 5 * HOUR)).unwrap().hours, 2);
    assert_eq!(store.messages(1).len(), 4);
}

#[test]
fn a_crash_between_the_two_files_loses_and_doubles_nothing() {
    let mut store = Store::new();
    for second in 0..20 {
        store.insert(&reading(1, BASE + second * SECOND, &[("pressure", second as f64)]));
    }
    let before = bare(store.messages(1));
    let step = store.writer.seal_some(Timestamp(BASE + 3 * HOUR), 1).unwrap();
    assert_eq!((step.hours, step.rows_removed, step.more), (1, 0, true), "in the month, and still in the tail");
    same(&bare(store.messages(1)), &before);
    store = store.reopened();
    same(&bare(store.messages(1)), &before);
    // What comes between, for that very hour, is in no chunk yet.
    store.insert(&reading(1, BASE + 100 * SECOND, &[("pressure", 100.0)]));
    store.insert(&reading(1, BASE, &[("pressure", -1.0)]));
    assert_eq!(store.insert(&reading(1, BASE + SECOND, &[("pressure", 1.0)])).duplicates, 1);
    let after = bare(store.messages(1));
    assert_eq!(after.len(), 21);
    assert_eq!(after[0].values, [(Metric::new("pressure"), -1.0)]);
    let rest = store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
    assert_eq!((rest.rows, rest.rows_removed, rest.more), (2, 22, false));
    same(&store.messages(1), &after);
}

#[test]
fn late_data_of_a_sealed_hour_joins_it() {
    let mut store = Store::new();
    store.insert(&reading(1, BASE + SECOND, &[("pressure", 1.0)]));
    store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
    assert_eq!(store.insert(&reading(1, BASE + SECOND, &[("pressure", 1.0)])).duplicates, 1, "known from the chunk");
    let late = store.insert(&reading(1, BASE, &[("pressure", 0.0)]));
    assert!(late.late && late.fresh == [true]);
    assert_eq!(store.insert(&reading(1, BASE + SECOND, &[("pressure", 1.5)])).revisions, 1);
    let wanted = [(Timestamp(BASE), 0.0), (Timestamp(BASE + SECOND), 1.5)];
    for _ in 0..2 {
        let pen = store
            .reader
            .series(MachineId(1), &Metric::new("pressure"), Timestamp(0), Timestamp(i64::MAX), &|| false)
            .unwrap();
        assert_eq!(pen.points, wanted);
        store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
    }
    assert_eq!(
        store.insert(&reading(1, BASE + SECOND, &[("pressure", 1.5)])).duplicates,
        1,
        "the revision is what is known"
    );
}

#[test]
fn places_are_never_used_again() {
    let mut store = Store::new();
    let first = store.insert(&reading(1, BASE, &[("pressure", 1.0)])).seq;
    store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
    store = store.reopened();
    assert_eq!(Some(store.writer.last_seq()), first);
    assert!(store.insert(&reading(1, BASE + SECOND, &[("pressure", 1.0)])).seq > first);
}

#[test]
fn the_newest_state_outlives_its_rows() {
    let mut store = Store::new();
    store.insert(&reading(1, BASE, &[("pressure", 65.2)]));
    let before = store.reader.latest_all().unwrap();
    store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
    store = store.reopened();
    assert_eq!(store.reader.latest_all().unwrap(), before);
    assert_eq!(store.reader.span().unwrap(), Some((Timestamp(BASE), Timestamp(BASE))));
}

#[test]
fn reading_ids_are_known_after_sealing_and_for_48_hours() {
    let mut store = Store::new();
    let timeless = |hours: i64, id: &str| {
        let mut m = reading(1, BASE + hours * HOUR, &[("pressure", 1.0)]);
        m.device_time = None;
        m.arrived_at = Timestamp(BASE + hours * HOUR);
        m.reading_id = Some(id.to_owned());
        m
    };
    assert!(store.insert(&timeless(0, "a")).seq.is_some());
    store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
    store = store.reopened();
    assert_eq!(store.insert(&timeless(47, "a")).seq, None);
    assert!(store.insert(&timeless(49, "b")).seq.is_some());
    assert!(store.insert(&timeless(49, "a")).seq.is_some(), "forgotten by then");
    assert_eq!(store.messages(1).len(), 3);
}

#[test]
fn rollups_move_with_their_hour_and_the_newer_wins() {
    let mut store = Store::new();
    let minute = |n: i64| Timestamp(BASE + n * 60 * SECOND);
    let put = |store: &mut Store, n: i64, blob: &[u8]| {
        let mut tx = store.writer.begin().unwrap();
        tx.put_minute(MachineId(1), minute(n), blob).unwrap();
        tx.commit().unwrap();
    };
    for n in 0..90 {
        put(&mut store, n, &[n as u8]);
    }
    store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
    put(&mut store, 5, b"late");
    let all = |store: &Store| store.reader.minutes(MachineId(1), minute(0), minute(90)).unwrap();
    for _ in 0..2 {
        assert_eq!(all(&store).len(), 90);
        assert_eq!(all(&store)[5], (minute(5), b"late".to_vec()));
        assert_eq!(store.reader.last_minute(MachineId(1)).unwrap(), Some((minute(89), vec![89])));
        store.writer.seal(Timestamp(BASE + 4 * HOUR)).unwrap();
    }
    // Changed between the chunk's commit and the removal: the newer one must stay.
    put(&mut store, 7, b"one");
    store.writer.seal_some(Timestamp(BASE + 4 * HOUR), 1).unwrap();
    put(&mut store, 7, b"two");
    store.writer.seal(Timestamp(BASE + 4 * HOUR)).unwrap();
    store.writer.seal(Timestamp(BASE + 4 * HOUR)).unwrap();
    assert_eq!(all(&store)[7], (minute(7), b"two".to_vec()));
    assert_eq!(store.reader.minutes(MachineId(1), Timestamp(minute(5).micros() + 1), minute(8)).unwrap().len(), 2);
}

#[test]
fn a_damaged_month_is_named_and_stops_neither_commits_nor_other_months() {
    let mut store = Store::new();
    store.insert(&reading(1, BASE, &[("pressure", 1.0)]));
    let december = BASE + 10 * 24 * HOUR;
    store.insert(&reading(1, december, &[("pressure", 2.0)]));
    let month = store.folder.path().join("history-2026-11.db");
    std::fs::write(&month, vec![7_u8; 4_096]).unwrap();
    let error = store.writer.seal(Timestamp(december + 3 * HOUR)).unwrap_err().to_string();
    assert!(error.contains("history-2026-11.db") && error.contains("damaged"), "{error}");
    assert_eq!(store.writer.seal(Timestamp(december + 3 * HOUR)).unwrap().hours, 1, "December's");
    let mut tx = store.writer.begin().unwrap();
    let late = tx.insert_message(&reading(1, BASE + SECOND, &[("pressure", 3.0)]));
    assert!(matches!(late, Err(HistorianError::Refused { .. })), "its repeats can't be told: for quarantine");
    let now = tx.insert_message(&reading(1, december + 3 * HOUR, &[("pressure", 3.0)])).unwrap();
    assert!(now.seq.is_some());
    tx.commit().unwrap();
}

#[test]
fn a_month_of_a_newer_version_is_named_not_touched_and_holds_nothing_up() {
    let mut store = Store::new();
    store.insert(&reading(1, BASE, &[("pressure", 1.0)]));
    store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
    let month = store.folder.path().join("history-2026-11.db");
    let sql = rusqlite::Connection::open(&month).unwrap();
    sql.execute_batch("PRAGMA user_version=99; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    drop(sql);
    store = store.reopened();
    let before = std::fs::read(&month).unwrap();
    let newer = |e: &HistorianError| matches!(e, HistorianError::NewerVersion { found: 99, .. });
    store.insert(&reading(1, BASE + HOUR, &[("pressure", 2.0)]));
    let december = BASE + 10 * 24 * HOUR;
    store.insert(&reading(1, december, &[("pressure", 3.0)]));
    let now = Timestamp(december + 3 * HOUR);
    assert!(newer(&store.writer.seal(now).unwrap_err()));
    assert_eq!(store.writer.seal(now).unwrap().hours, 1, "December's");
    assert_eq!(store.reader.tail_since(panfloor_model::Seq(0), 9).unwrap().len(), 1, "November's stays in the tail");
    let read = |from, to| store.reader.messages(MachineId(1), Timestamp(from), Timestamp(to), &|| false);
    assert!(newer(&read(BASE, BASE + HOUR).unwrap_err()), "what is missing is not passed over");
    assert_eq!(read(december, december + HOUR).unwrap().len(), 1);
    assert_eq!(std::fs::read(&month).unwrap(), before);
}

#[test]
fn a_month_that_cannot_be_written_keeps_its_rows_in_the_tail_until_it_can() {
    let mut store = Store::new();
    store.insert(&reading(1, BASE, &[("pressure", 1.0)]));
    let month = store.folder.path().join("history-2026-11.db");
    std::fs::create_dir(&month).unwrap();
    for _ in 0..2 {
        let refused = store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap_err();
        assert!(matches!(&refused, HistorianError::NotWritable { path, .. } if *path == month), "{refused}");
    }
    assert!(store.insert(&reading(1, BASE + SECOND, &[("pressure", 2.0)])).seq.is_some(), "commits go on");
    std::fs::remove_dir(&month).unwrap();
    assert_eq!(store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap().rows, 2);
    assert_eq!(store.messages(1).len(), 2);
}

#[test]
fn a_follower_sees_rows_once_while_they_are_sealed() {
    let mut store = Store::new();
    let follower = open(store.folder.path(), Access::ReadOnly).unwrap();
    assert!(follower.writer.is_none());
    let count = || follower.reader.messages(MachineId(1), Timestamp(0), Timestamp(i64::MAX), &|| false).unwrap().len();
    for second in 0..5 {
        store.insert(&reading(1, BASE + second * SECOND, &[("pressure", 1.0)]));
        assert_eq!(count(), second as usize + 1);
    }
    while store.writer.seal_some(Timestamp(BASE + 3 * HOUR), 1).unwrap().more {
        assert_eq!(count(), 5);
    }
    assert_eq!(count(), 5);
    assert_eq!(follower.reader.latest(MachineId(1)).unwrap().map(|l| l.newest), Some(Timestamp(BASE + 4 * SECOND)));
}
