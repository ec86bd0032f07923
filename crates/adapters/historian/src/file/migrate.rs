//! Versions of a file: all its migrations in one transaction, or none.

use crate::error::{HistorianError, Result};
use crate::file::Db;

/// What a file says of itself.
struct Marks {
    application_id: i32,
    version: i64,
    tables: i64,
}

/// One statement, so that the three are of one moment: another connection may be migrating the file.
fn marks(db: &Db) -> Result<Marks> {
    let sql =
        "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version),
                 (SELECT count(*) FROM sqlite_schema)";
    let marks = |r: &rusqlite::Row<'_>| Ok(Marks { application_id: r.get(0)?, version: r.get(1)?, tables: r.get(2)? });
    db.sql(|conn| conn.query_row(sql, [], marks))
}

/// Refuses a file of another program or a newer version; returns its version. An empty database is neither, and has
/// version 0: a start may have died before its migration.
pub(crate) fn check(db: &Db, application_id: i32, known: usize) -> Result<i64> {
    let found = marks(db)?;
    if found.application_id == 0 && found.version == 0 && found.tables == 0 {
        return Ok(0);
    }
    if found.application_id != application_id {
        return Err(HistorianError::Foreign { path: db.path.clone() });
    }
    let known = i64::try_from(known).unwrap_or(i64::MAX);
    if found.version > known {
        return Err(HistorianError::NewerVersion { path: db.path.clone(), found: found.version, known });
    }
    Ok(found.version)
}

/// Does the migrations that are missing, all in one transaction. True if the file was empty before.
pub(crate) fn migrate(db: &Db, application_id: i32, migrations: &[&str]) -> Result<bool> {
    let version = usize::try_from(check(db, application_id, migrations.len())?).unwrap_or(0);
    let Some(missing) = migrations.get(version..).filter(|m| !m.is_empty()) else { return Ok(false) };
    db.sql(|conn| {
        conn.execute_batch("BEGIN IMMEDIATE")?;
        let done = missing.iter().try_for_each(|sql| conn.execute_batch(sql)).and_then(|()| {
            conn.execute_batch(&format!(
                "PRAGMA application_id={application_id}; PRAGMA user_version={}; COMMIT",
                migrations.len()
            ))
        });
        if done.is_err() && !conn.is_autocommit() {
            // The first error is the one to tell; should this fail too, closing the connection rolls back.
            let _ = conn.execute_batch("ROLLBACK");
        }
        done
    })?;
    Ok(version == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    const ID: i32 = 0x5046_5454;
    const FIRST: &str = "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);";
    const SECOND: &str = "CREATE TABLE b (y INTEGER) STRICT;";

    fn file(folder: &tempfile::TempDir) -> Db {
        let path = folder.path().join("t.db");
        Db { conn: Connection::open(&path).unwrap(), path }
    }

    #[test]
    fn a_failure_in_the_middle_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let db = file(&folder);
        assert!(migrate(&db, ID, &[FIRST]).unwrap());
        let broken = [FIRST, SECOND, "INSERT INTO a VALUES (2); INSERT INTO nowhere VALUES (3);"];
        assert!(migrate(&db, ID, &broken).is_err());
        let found = marks(&db).unwrap();
        assert_eq!((found.version, found.tables, found.application_id), (1, 1, ID));
        let rows: i64 = db.conn.query_row("SELECT count(*) FROM a", [], |r| r.get(0)).unwrap();
        assert_eq!(rows, 1);
        assert!(!migrate(&db, ID, &[FIRST, SECOND]).unwrap(), "not made anew");
        assert_eq!(marks(&db).unwrap().version, 2);
    }

    #[test]
    fn a_failed_first_migration_leaves_an_empty_file_that_can_be_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let db = file(&folder);
        assert!(migrate(&db, ID, &[FIRST, "nonsense"]).is_err());
        assert_eq!(marks(&db).unwrap().tables, 0);
        assert!(migrate(&db, ID, &[FIRST, SECOND]).unwrap());
    }

    #[test]
    fn newer_and_foreign_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let db = file(&folder);
        migrate(&db, ID, &[FIRST, SECOND]).unwrap();
        let newer = migrate(&db, ID, &[FIRST]).unwrap_err();
        assert!(matches!(newer, HistorianError::NewerVersion { found: 2, known: 1, .. }), "{newer}");
        assert!(matches!(migrate(&db, ID + 1, &[FIRST, SECOND]), Err(HistorianError::Foreign { .. })));
    }
}
