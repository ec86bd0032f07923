//! A store written by version 1 opens, and reads as it did. With `PANFLOOR_BLESS=1` the fixture is written anew: only
//! for a version not yet released.

use std::path::{Path, PathBuf};

use panfloor_historian::{Options, TransitionFilter};
use panfloor_model::{MachineId, Metric, Timestamp};

use crate::store::{BASE, HOUR, SECOND, Store, opened, reading};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v1")
}

const FILES: [&str; 2] = ["live.db", "history-2026-11.db"];

fn write() -> Store {
    let mut store = Store::new();
    let mut tx = store.writer.begin().unwrap();
    let source = tx.source_id("mqtt-1").unwrap();
    let machine = tx.machine_id(source, "pan-03", Timestamp(BASE)).unwrap();
    for n in 0..60 {
        let mut m = reading(
            machine.id.0,
            BASE + n * 120 * SECOND,
            &[("temperature", 46.0 + n as f64 / 100.0), ("raw", 1.0 / (n + 3) as f64)],
        );
        m.tags.push((Metric::new(Metric::PHASE), if n < 30 { "seed" } else { "tighten" }.to_owned()));
        m.device_seq = Some(n as u64);
        if n == 7 {
            m.bad.push(Metric::new("pressure"));
        }
        tx.insert_message(&m).unwrap();
        tx.put_step(machine.id, &Metric::new(Metric::PHASE), Timestamp(BASE), "seed").unwrap();
        tx.put_minute(machine.id, m.arrived_at.minute_start(), &[n as u8]).unwrap();
    }
    tx.put_setting("theme", "\"dark\"").unwrap();
    tx.put_alarm_snapshot(machine.id, b"state").unwrap();
    tx.commit().unwrap();
    store.writer.seal(Timestamp(BASE + 3 * HOUR)).unwrap();
    store
}

#[test]
fn a_store_of_version_1_reads_as_it_did() {
    if std::env::var_os("PANFLOOR_BLESS").is_some() {
        let Store { folder, writer, reader, .. } = write();
        drop((writer, reader));
        std::fs::create_dir_all(fixture()).unwrap();
        for name in FILES {
            std::fs::copy(folder.path().join(name), fixture().join(name)).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    for name in FILES {
        std::fs::copy(fixture().join(name), folder.path().join(name)).unwrap();
    }
    let (writer, reader) = opened(folder.path(), &Options::default());
    assert_eq!(writer.last_seq().0, 60);
    let machine = reader.machines().unwrap().remove(0);
    assert_eq!((machine.id, machine.name.as_str()), (MachineId(1), "pan-03"));
    let all = reader.messages(machine.id, Timestamp(0), Timestamp(i64::MAX), &|| false).unwrap();
    assert_eq!(all.len(), 60);
    for (n, m) in all.iter().enumerate() {
        let value = |name: &str| m.values.iter().find(|(v, _)| v.as_str() == name).map(|(_, v)| v.to_bits());
        assert_eq!(m.time.micros(), BASE + n as i64 * 120 * SECOND);
        assert_eq!(value("temperature"), Some((46.0 + n as f64 / 100.0).to_bits()));
        assert_eq!(value("raw"), Some((1.0 / (n + 3) as f64).to_bits()));
        assert_eq!(m.tags[0].1, if n < 30 { "seed" } else { "tighten" });
        assert_eq!((m.device_seq, m.bad.len()), (Some(n as u64), usize::from(n == 7)));
        assert_eq!(m.seq.is_some(), n >= 30, "the second hour is in the tail");
    }
    assert_eq!(reader.minutes(machine.id, Timestamp(0), Timestamp(i64::MAX)).unwrap().len(), 60);
    let steps = reader.steps(machine.id, &Metric::new(Metric::PHASE), Timestamp(0), Timestamp(i64::MAX)).unwrap();
    assert_eq!(steps, [(Timestamp(BASE), "seed".to_owned())]);
    assert_eq!(reader.setting("theme").unwrap().as_deref(), Some("\"dark\""));
    assert_eq!(reader.alarm_snapshots().unwrap().len(), 1);
    assert_eq!(reader.transitions(&TransitionFilter::default()).unwrap(), []);
}

fn schema(path: &Path) -> Vec<(String, Option<String>)> {
    let sql = rusqlite::Connection::open(path).unwrap();
    let mut find = sql.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
    find.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

/// A migration that has shipped is not edited: stores that had it would be told from new ones by nothing.
#[test]
fn a_migrated_store_of_version_1_has_the_tables_of_a_new_one() {
    let (old, new) = (tempfile::tempdir().unwrap(), write());
    for name in FILES {
        std::fs::copy(fixture().join(name), old.path().join(name)).unwrap();
    }
    drop(opened(old.path(), &Options::default()));
    for name in FILES {
        assert_eq!(schema(&old.path().join(name)), schema(&new.folder.path().join(name)), "{name}");
    }
}
