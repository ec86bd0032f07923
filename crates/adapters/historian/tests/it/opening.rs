//! Opening: locks, versions, other programs' files, folders that cannot be.

use panfloor_historian::{Access, HistorianError, open};

use crate::store::{BASE, Store, reading};

#[test]
fn a_second_writer_is_refused_and_may_read() {
    let mut store = Store::new();
    let refused = open(store.folder.path(), Access::ReadWrite).unwrap_err();
    assert!(matches!(refused, HistorianError::Locked { .. }), "{refused}");
    let second = open(store.folder.path(), Access::ReadOnly).unwrap();
    assert!(second.writer.is_none());
    store.insert(&reading(1, BASE, &[("pressure", 1.0)]));
    assert_eq!(second.reader.latest_all().unwrap().len(), 1);
    drop(second);
    let folder = store.folder;
    drop((store.writer, store.reader));
    assert!(open(folder.path(), Access::ReadWrite).unwrap().writer.is_some(), "free again");
}

#[test]
fn opening_reports_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("made").join("here");
    let first = open(&below, Access::ReadWrite).unwrap();
    assert!(first.recovered.created);
    let mut writer = first.writer.unwrap();
    let mut tx = writer.begin().unwrap();
    tx.insert_message(&reading(1, BASE, &[("pressure", 1.0)])).unwrap();
    tx.commit().unwrap();
    drop((writer, first.reader));
    let second = open(&below, Access::ReadWrite).unwrap().recovered;
    assert_eq!((second.created, second.tail_rows, second.last_seq.0), (false, 1, 1));
}

#[test]
fn a_newer_version_is_refused_and_not_touched() {
    let store = Store::new();
    let path = store.folder.path().join("live.db");
    let folder = store.folder;
    drop((store.writer, store.reader));
    let sql = rusqlite::Connection::open(&path).unwrap();
    sql.execute_batch("PRAGMA user_version=99; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    drop(sql);
    let before = std::fs::read(&path).unwrap();
    for access in [Access::ReadWrite, Access::ReadOnly] {
        let refused = open(folder.path(), access).unwrap_err();
        assert!(matches!(refused, HistorianError::NewerVersion { found: 99, known: 1, .. }), "{refused}");
        let text = refused.to_string();
        assert!(text.contains("99") && text.contains("up to 1") && text.contains("live.db"), "{text}");
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn another_programs_database_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("live.db");
    let sql = rusqlite::Connection::open(&path).unwrap();
    sql.execute_batch("CREATE TABLE bookmarks (url TEXT);").unwrap();
    drop(sql);
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(open(folder.path(), Access::ReadWrite), Err(HistorianError::Foreign { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn what_is_no_database_is_called_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("live.db");
    std::fs::write(&path, "not a database, though long enough to be looked at. ".repeat(100)).unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(open(folder.path(), Access::ReadWrite), Err(HistorianError::Damaged { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn folders_that_cannot_be_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let refused = open(&file.join("below"), Access::ReadWrite).unwrap_err();
    assert!(matches!(refused, HistorianError::NotWritable { .. }), "{refused}");
    let missing = open(&folder.path().join("none"), Access::ReadOnly).unwrap_err();
    assert!(matches!(missing, HistorianError::Missing { .. }), "{missing}");
    assert!(!folder.path().join("none").exists());
}

#[test]
fn files_that_cannot_be_written_are_named() {
    for name in ["lock", "live.db"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::create_dir(&path).unwrap();
        let refused = open(folder.path(), Access::ReadWrite).unwrap_err();
        assert!(matches!(&refused, HistorianError::NotWritable { path: p, .. } if *p == path), "{name}: {refused}");
        assert!(refused.to_string().contains("the right to write"), "{refused}");
    }
}

#[test]
fn files_are_made_as_decided() {
    let store = Store::new();
    let sql = rusqlite::Connection::open(store.folder.path().join("live.db")).unwrap();
    let number = |pragma: &str| sql.query_row(&format!("PRAGMA {pragma}"), [], |r| r.get::<_, i64>(0)).unwrap();
    assert_eq!((number("page_size"), number("auto_vacuum"), number("user_version")), (16_384, 2, 1));
    let mode: String = sql.query_row("PRAGMA journal_mode", [], |r| r.get(0)).unwrap();
    assert_eq!(mode, "wal");
}
