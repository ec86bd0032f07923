//! The small tables: what is put is read, after a restart too.

use panfloor_historian::{HistorianError, RecordRow, RefusedRecord, TransitionFilter, TransitionRow};
use panfloor_model::{MachineId, SourceId, Timestamp};

use crate::store::{BASE, HOUR, Store};

fn transition(machine: u32, n: i64) -> TransitionRow {
    TransitionRow {
        id: 0,
        machine: MachineId(machine),
        metric: "pressure".to_owned(),
        condition: "high".to_owned(),
        occurrence: BASE,
        from: "normal".to_owned(),
        to: "unacknowledged".to_owned(),
        event_time: Timestamp(BASE + n),
        decided_at: Timestamp(BASE + n + 1),
        priority: "medium".to_owned(),
        value: Some(72.5),
        limit: Some(72.0),
        by: None,
        note: Some("steam valve".to_owned()),
    }
}

#[test]
fn machines_are_found_by_source_and_address() {
    let mut store = Store::new();
    let mut tx = store.writer.begin().unwrap();
    let (a, b) = (tx.source_id("mqtt-1").unwrap(), tx.source_id("pubsub").unwrap());
    assert_eq!(tx.source_id("mqtt-1").unwrap(), a);
    let first = tx.machine_id(a, "pan-03", Timestamp(BASE)).unwrap();
    assert!(first.created);
    assert!(!tx.machine_id(a, "pan-03", Timestamp(BASE)).unwrap().created);
    let other = tx.machine_id(b, "pan-03", Timestamp(BASE)).unwrap();
    assert_eq!((first.name.as_str(), other.name.as_str()), ("pan-03", "pan-03 (pubsub)"));
    assert_ne!(first.id, other.id);
    tx.set_machine_class(first.id, "reference-pan").unwrap();
    assert!(matches!(tx.machine_id(a, "", Timestamp(BASE)), Err(HistorianError::Refused { .. })));
    tx.commit().unwrap();
    let store = store.reopened();
    let machines = store.reader.machines().unwrap();
    assert_eq!(
        machines.iter().map(|m| (m.id, m.class.as_deref())).collect::<Vec<_>>(),
        [(first.id, Some("reference-pan")), (other.id, None)]
    );
}

#[test]
fn transitions_are_read_newest_first_by_page_span_and_machine() {
    let mut store = Store::new();
    let mut tx = store.writer.begin().unwrap();
    for n in 0..10 {
        assert_eq!(tx.append_transition(&transition(1 + n as u32 % 2, n)).unwrap(), n + 1);
    }
    tx.put_alarm_snapshot(MachineId(1), b"old").unwrap();
    tx.put_alarm_snapshot(MachineId(1), b"new").unwrap();
    tx.commit().unwrap();
    let store = store.reopened();
    let ids = |filter| store.reader.transitions(&filter).unwrap().iter().map(|t| t.id).collect::<Vec<_>>();
    assert_eq!(ids(TransitionFilter::default()), (1..=10).rev().collect::<Vec<_>>());
    assert_eq!(ids(TransitionFilter { limit: Some(2), before: Some(9), ..Default::default() }), [8, 7]);
    assert_eq!(ids(TransitionFilter { machine: Some(MachineId(2)), ..Default::default() }), [10, 8, 6, 4, 2]);
    let span =
        TransitionFilter { from: Some(Timestamp(BASE + 2)), to: Some(Timestamp(BASE + 4)), ..Default::default() };
    assert_eq!(ids(span), [4, 3]);
    let first = store.reader.transitions(&TransitionFilter { before: Some(2), ..Default::default() }).unwrap();
    assert_eq!(first, [TransitionRow { id: 1, ..transition(1, 0) }]);
    assert_eq!(store.reader.alarm_snapshots().unwrap(), [(MachineId(1), b"new".to_vec())]);
}

#[test]
fn records_are_kept_once_and_in_order() {
    let mut store = Store::new();
    let record = |n: u8| RecordRow {
        hash: [n; 32],
        station: "station-a".to_owned(),
        seq: u64::MAX - u64::from(n),
        kind: "request".to_owned(),
        change: Some("change-1".to_owned()),
        received_at: Timestamp(BASE),
        envelope: vec![n; 100],
    };
    let mut tx = store.writer.begin().unwrap();
    assert!(tx.put_record(&record(2)).unwrap());
    assert!(tx.put_record(&record(1)).unwrap());
    assert!(!tx.put_record(&record(2)).unwrap());
    let refused = RefusedRecord {
        received_at: Timestamp(BASE),
        station: None,
        reason: "the signature does not verify".to_owned(),
        envelope: vec![0; 100_000],
    };
    for _ in 0..1_005 {
        tx.put_refused_record(&refused).unwrap();
    }
    tx.commit().unwrap();
    let store = store.reopened();
    assert_eq!(store.reader.records().unwrap(), [record(2), record(1)]);
    let kept = store.reader.refused_records(usize::MAX).unwrap();
    assert_eq!((kept.len(), kept[0].envelope.len()), (1_000, 65_536));
}

#[test]
fn outbox_settings_and_reports_keep_the_last() {
    let mut store = Store::new();
    let mut tx = store.writer.begin().unwrap();
    tx.outbox_put("b", "/devices/pan-01/config", b"1", true).unwrap();
    tx.outbox_put("a", "/devices/pan-02/config", b"2", false).unwrap();
    tx.outbox_put("b", "/devices/pan-01/config", b"3", true).unwrap();
    tx.outbox_put("c", "x", b"", false).unwrap();
    assert!(tx.outbox_remove("c").unwrap());
    assert!(!tx.outbox_remove("c").unwrap());
    tx.put_setting("theme", "\"dark\"").unwrap();
    tx.put_setting("theme", "\"light\"").unwrap();
    tx.put_state_report(MachineId(1), "{}", Timestamp(BASE)).unwrap();
    tx.put_state_report(MachineId(1), "{\"config_version\":1}", Timestamp(BASE + HOUR)).unwrap();
    tx.put_config_seen(MachineId(2), "{\"version\":1}", Timestamp(BASE)).unwrap();
    tx.count("received", 2).unwrap();
    tx.count("received", 3).unwrap();
    tx.commit().unwrap();
    let store = store.reopened();
    let outbox = store.reader.outbox().unwrap();
    assert_eq!(
        outbox.iter().map(|o| (o.key.as_str(), o.payload.as_slice(), o.retain)).collect::<Vec<_>>(),
        [("b", &b"3"[..], true), ("a", &b"2"[..], false)]
    );
    assert_eq!(store.reader.setting("theme").unwrap().as_deref(), Some("\"light\""));
    assert_eq!(store.reader.setting("none").unwrap(), None);
    assert_eq!(store.reader.settings().unwrap().len(), 1);
    let report = store.reader.state_reports().unwrap();
    assert_eq!((report.len(), report[0].json.as_str()), (1, "{\"config_version\":1}"));
    assert_eq!(store.reader.configs_seen().unwrap()[0].machine, MachineId(2));
    assert_eq!(store.counter("received"), 5);
}

#[test]
fn what_is_dropped_is_undone() {
    let mut store = Store::new();
    let mut tx = store.writer.begin().unwrap();
    let source = tx.source_id("mqtt-1").unwrap();
    assert_eq!(source, SourceId(1));
    tx.machine_id(source, "pan-01", Timestamp(BASE)).unwrap();
    tx.put_setting("theme", "1").unwrap();
    tx.count("received", 1).unwrap();
    tx.append_transition(&transition(1, 0)).unwrap();
    drop(tx);
    assert_eq!(store.reader.machines().unwrap(), []);
    assert_eq!(store.reader.settings().unwrap(), []);
    assert_eq!(store.counter("received"), 0);
    assert_eq!(store.reader.transitions(&TransitionFilter::default()).unwrap(), []);
    store.writer.checkpoint().unwrap();
    let sizes = store.reader.sizes().unwrap();
    assert!(sizes.live_bytes > 0 && sizes.free_disk_bytes.is_some_and(|f| f > 0), "{sizes:?}");
}
