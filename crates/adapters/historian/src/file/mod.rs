//! One SQLite file of the store: opened, checked, migrated.

pub(crate) mod folder;
pub(crate) mod migrate;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::{HistorianError, Result};

/// Bytes of a page: sealed chunks of 2 to 12 KB then fit one page or few.
const PAGE_BYTES: u64 = 16_384;
/// How long a statement waits for another connection's lock. Only opening and checkpoints ever meet one.
const BUSY: Duration = Duration::from_secs(5);
/// The write-ahead log is cut back to this after a checkpoint, so that one large transaction doesn't keep its room
/// for ever.
const WAL_KEEP_BYTES: i64 = 64 << 20;
/// Prepared statements kept a connection; the store has about 50.
const STATEMENTS: usize = 64;
/// Less free room than this makes a failed write a full disk, whatever the system called it.
const FULL_BYTES: u64 = 1 << 20;

/// Which of the store's files a database is.
#[derive(Debug)]
pub(crate) struct Kind {
    /// SQLite's `application_id`, so that another program's file is never taken for ours.
    pub(crate) application_id: i32,
    /// All migrations since the first version; `user_version` counts those done.
    pub(crate) migrations: &'static [&'static str],
}

/// The live file: tail, settings, alarms, records. `PFLV`.
pub(crate) const LIVE: Kind = Kind {
    application_id: 0x5046_4C56,
    migrations: &[concat!(
        include_str!("../message/schema.sql"),
        include_str!("../machine/schema.sql"),
        include_str!("../minute/schema.sql"),
        include_str!("../alarm/schema.sql"),
        include_str!("../record/schema.sql"),
        include_str!("../setting/schema.sql"),
        include_str!("../quarantine/schema.sql"),
        include_str!("../counter/schema.sql"),
        include_str!("../report/schema.sql"),
        include_str!("../step/schema.sql"),
    )],
};

/// A month of sealed history. `PFHM`.
pub(crate) const MONTH: Kind = Kind { application_id: 0x5046_484D, migrations: &[include_str!("../chunk/schema.sql")] };

/// A connection and the file it is of, for errors that say where.
#[derive(Debug)]
pub(crate) struct Db {
    /// The connection.
    pub(crate) conn: Connection,
    /// The file.
    pub(crate) path: PathBuf,
}

impl Db {
    /// Opens for writing; makes the file if it is missing and migrates it if it is older. True if it was made.
    pub(crate) fn open_for_writing(path: &Path, kind: &Kind, max_bytes: Option<u64>) -> Result<(Self, bool)> {
        if std::fs::metadata(path).is_ok_and(|m| m.len() > 0) {
            // Looked at through a connection that cannot write, so that a refused file stays as it is.
            Self::look(path, kind)?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Self::connect(path, flags)?;
        db.sql(|conn| {
            // Both must be set before the first table: later they need a VACUUM.
            conn.execute_batch(&format!("PRAGMA page_size={PAGE_BYTES}; PRAGMA auto_vacuum=INCREMENTAL;"))?;
            conn.execute_batch("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")?;
            conn.query_row(&format!("PRAGMA journal_size_limit={WAL_KEEP_BYTES}"), [], |_| Ok(()))?;
            if let Some(bytes) = max_bytes {
                conn.query_row(&format!("PRAGMA max_page_count={}", bytes / PAGE_BYTES), [], |_| Ok(()))?;
            }
            Ok(())
        })?;
        // SQLite answers with the mode that is left where it cannot have the one asked for.
        let mode: String = db.sql(|conn| conn.query_row("PRAGMA journal_mode=WAL", [], |r| r.get(0)))?;
        if !mode.eq_ignore_ascii_case("wal") {
            let why =
                format!("its log would be `{mode}`: a network folder, perhaps, which SQLite's log does not work on");
            return Err(HistorianError::NotWritable { path: path.to_owned(), why });
        }
        let created = migrate::migrate(&db, kind.application_id, kind.migrations)?;
        Ok((db, created))
    }

    /// Opens for reading. `Missing` if there is no such file, or an empty one: between being made and its first
    /// migration, it holds nothing.
    pub(crate) fn open_for_reading(path: &Path, kind: &Kind) -> Result<Self> {
        if path.exists()
            && let (db, true) = Self::look(path, kind)?
        {
            return Ok(db);
        }
        Err(HistorianError::Missing { path: path.to_owned() })
    }

    /// Opens for reading and refuses what is not ours or too new; false if it is empty.
    fn look(path: &Path, kind: &Kind) -> Result<(Self, bool)> {
        let db = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        let version = migrate::check(&db, kind.application_id, kind.migrations.len())?;
        Ok((db, version > 0))
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self> {
        // SQLite opens a folder, and calls reading it an I/O error.
        if path.is_dir() {
            return Err(HistorianError::NotWritable { path: path.to_owned(), why: "it is a folder".to_owned() });
        }
        let conn = Connection::open_with_flags(path, flags).map_err(|e| from_sql(path, e))?;
        let db = Self { conn, path: path.to_owned() };
        db.sql(|conn| conn.busy_timeout(BUSY))?;
        db.conn.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(db)
    }

    /// Runs SQL; an error says which file.
    pub(crate) fn sql<'a, T>(&'a self, f: impl FnOnce(&'a Connection) -> rusqlite::Result<T>) -> Result<T> {
        f(&self.conn).map_err(|e| from_sql(&self.path, e))
    }

    /// The file is not as this program would have written it.
    pub(crate) fn damaged(&self, what: impl Into<String>) -> HistorianError {
        HistorianError::Damaged { path: self.path.clone(), what: what.into() }
    }
}

/// Moves what it can from a write-ahead log into its file, without waiting for readers.
pub(crate) fn checkpoint(conn: &Connection) -> rusqlite::Result<()> {
    conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

/// An error of SQLite in the words of the store.
pub(crate) fn from_sql(path: &Path, source: rusqlite::Error) -> HistorianError {
    let path = path.to_owned();
    let Some(code) = source.sqlite_error_code() else { return HistorianError::Sql { path, source } };
    let why = source.to_string();
    if code == ErrorCode::DiskFull || (code == ErrorCode::SystemIoFailure && no_room(&path)) {
        HistorianError::DiskFull { path }
    } else if code == ErrorCode::DatabaseCorrupt || code == ErrorCode::NotADatabase {
        HistorianError::Damaged { path, what: why }
    } else if code == ErrorCode::ReadOnly || code == ErrorCode::CannotOpen || code == ErrorCode::PermissionDenied {
        HistorianError::NotWritable { path, why }
    } else {
        HistorianError::Sql { path, source }
    }
}

/// SQLite calls some failures of a full disk (its shared memory cannot grow) an I/O error.
fn no_room(path: &Path) -> bool {
    path.parent().and_then(|folder| fs4::available_space(folder).ok()).is_some_and(|free| free < FULL_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_no_write_ahead_log_can_be_no_store_is_made() {
        // In memory there is none either.
        let refused = Db::open_for_writing(Path::new(":memory:"), &LIVE, None).unwrap_err();
        assert!(matches!(&refused, HistorianError::NotWritable { .. }), "{refused}");
        assert!(refused.to_string().contains("network folder"), "{refused}");
    }
}
