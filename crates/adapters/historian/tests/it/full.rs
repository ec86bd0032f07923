//! No room left, and bounds that keep it from getting there.

use panfloor_historian::{HistorianError, NewQuarantine, Options, counter};
use panfloor_model::{MachineId, SourceId, Timestamp};

use crate::store::{BASE, SECOND, Store, opened, reading};

#[test]
fn a_full_disk_stops_the_batch_as_a_whole_and_room_lets_it_go_on() {
    let mut store = Store::with(Options { max_live_bytes: Some(1 << 20), ..Options::default() });
    let mut committed = 0_i64;
    let error = loop {
        let mut tx = store.writer.begin().unwrap();
        let batch = (0..100).try_for_each(|n| {
            let time = BASE + (committed * 100 + n) * SECOND;
            tx.insert_message(&reading(1, time, &[("pressure", f64::from_bits(0x4050_1234_5678_9ABC + n as u64))]))
                .map(drop)
        });
        let blob = vec![7; 20_000];
        let done = batch.and_then(|()| tx.put_minute(MachineId(1), Timestamp(BASE + committed * 60 * SECOND), &blob));
        match done.and_then(|()| tx.commit()) {
            Ok(_) => committed += 1,
            Err(e) => break e,
        }
    };
    assert!(matches!(error, HistorianError::DiskFull { .. }), "{error}");
    assert!(error.to_string().contains("free some space"));
    assert!(committed > 3);
    assert_eq!(store.messages(1).len() as i64, committed * 100, "nothing of the batch that failed");
    assert_eq!(store.writer.last_seq().0, committed * 100);
    assert_eq!(store.counter(counter::COMMITTED) as i64, committed * 100);
    let Store { folder, writer, reader, .. } = store;
    drop((writer, reader));
    let options = Options::default();
    let (writer, reader) = opened(folder.path(), &options);
    let mut store = Store { folder, options, writer, reader };
    assert!(store.insert(&reading_after(committed)).seq.is_some());
    assert_eq!(store.messages(1).len() as i64, committed * 100 + 1);
}

fn reading_after(committed: i64) -> panfloor_historian::NewMessage {
    reading(1, BASE + committed * 100 * SECOND, &[("pressure", 1.0)])
}

#[test]
fn a_transaction_that_failed_cannot_be_committed() {
    let mut store = Store::with(Options { max_live_bytes: Some(1 << 20), ..Options::default() });
    let mut tx = store.writer.begin().unwrap();
    assert!(tx.insert_message(&reading(1, BASE, &[("pressure", 1.0)])).unwrap().seq.is_some());
    let too_much = vec![0; 2 << 20];
    assert!(matches!(tx.put_minute(MachineId(1), Timestamp(BASE), &too_much), Err(HistorianError::DiskFull { .. })));
    assert!(matches!(tx.commit(), Err(HistorianError::Failed { .. })));
    assert_eq!(store.messages(1), []);
    assert!(store.insert(&reading(1, BASE, &[("pressure", 1.0)])).fresh == [true], "not taken for a repeat");
}

fn quarantined(n: u64, payload: usize) -> NewQuarantine {
    NewQuarantine {
        source: SourceId(1),
        topic: format!("/devices/pan-{n}/events"),
        arrived_at: Timestamp(BASE + n as i64),
        payload: vec![b'x'; payload],
        payload_len: payload as u64,
        reason_code: "not-json".to_owned(),
        reason: "not JSON at byte 1".to_owned(),
    }
}

#[test]
fn quarantine_keeps_the_newest_within_its_bounds() {
    let mut store = Store::with(Options { quarantine_messages: 10, ..Options::default() });
    let mut tx = store.writer.begin().unwrap();
    for n in 0..25 {
        tx.quarantine(&quarantined(n, 10)).unwrap();
    }
    tx.commit().unwrap();
    assert_eq!(store.reader.quarantine_count().unwrap(), 10);
    let kept = store.reader.quarantine(100, 0).unwrap();
    assert_eq!(
        kept.iter().map(|q| q.message.arrived_at.micros() - BASE).collect::<Vec<_>>(),
        (15..25).rev().collect::<Vec<_>>()
    );
    assert_eq!(store.reader.quarantine(3, 8).unwrap().len(), 2);
    assert_eq!(store.counter(counter::QUARANTINED), 25);
    assert_eq!(store.counter(counter::QUARANTINE_DROPPED), 15);
}

#[test]
fn quarantine_is_bounded_in_bytes_and_keeps_4_kib_of_a_payload() {
    let mut store = Store::with(Options { quarantine_bytes: 50_000, ..Options::default() });
    let mut tx = store.writer.begin().unwrap();
    for n in 0..25 {
        tx.quarantine(&quarantined(n, 200_000)).unwrap();
    }
    tx.commit().unwrap();
    let kept = store.reader.quarantine(100, 0).unwrap();
    assert_eq!(kept.len(), 11, "of 4,096 bytes and a little each");
    assert!(kept.iter().all(|q| q.message.payload.len() == 4_096 && q.message.payload_len == 200_000));
    let mut tx = store.writer.begin().unwrap();
    let mut long = quarantined(99, 1);
    long.topic = "ä".repeat(60_000);
    tx.quarantine(&long).unwrap();
    tx.commit().unwrap();
    assert_eq!(store.reader.quarantine(1, 0).unwrap()[0].message.topic, "ä".repeat(512));
}
