//! Opening a store: checks, lock, migrations, recovery.

use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Instant;

use panfloor_model::Seq;

use crate::error::Result;
use crate::file::{Db, LIVE, folder};
use crate::message::shared::Shared;
use crate::message::tail::Names;
use crate::reader::Reader;
use crate::types::{Access, OpenReport, Options};
use crate::writer::Writer;

/// An open store.
#[derive(Debug)]
pub struct Opened {
    /// The writer; `None` with `Access::ReadOnly`.
    pub writer: Option<Writer>,
    /// The reader.
    pub reader: Reader,
    /// What opening found.
    pub recovered: OpenReport,
}

/// Opens the store in `folder` with the default bounds; makes folder and store if they are missing and `access` may
/// write.
///
/// # Errors
/// `Locked` if another process writes to it (open it read-only then), `NewerVersion`, `Foreign`, `NotWritable`,
/// `Missing`, `Damaged`, `DiskFull`, `Io`, `Sql`.
pub fn open(folder: &Path, access: Access) -> Result<Opened> {
    open_with(folder, access, &Options::default())
}

/// As `open`, with bounds of one's own.
///
/// # Errors
/// As `open`.
pub fn open_with(folder: &Path, access: Access, options: &Options) -> Result<Opened> {
    let started = Instant::now();
    let path = folder::live(folder);
    let mut names = Names::default();
    let (db, lock, created) = match access {
        Access::ReadWrite => {
            let lock = folder::lock(folder)?;
            let (db, created) = Db::open_for_writing(&path, &LIVE, options.max_live_bytes)?;
            (db, Some(lock), created)
        }
        Access::ReadOnly => (Db::open_for_reading(&path, &LIVE)?, None, false),
    };
    db.sql(|conn| names.load(conn))?;
    let shared = Shared::recover(&db, &mut names)?;
    let (last_seq, tail_rows) = (Seq(shared.last_seq), shared.tail.len());
    let shared = Arc::new(RwLock::new(shared));
    let reader = Reader::new(folder.to_owned(), Arc::clone(&shared), access == Access::ReadOnly);
    let writer = lock.map(|lock| Writer::new(db, folder.to_owned(), options.clone(), shared, names, lock));
    let recovered = OpenReport { created, last_seq, tail_rows, took: started.elapsed() };
    Ok(Opened { writer, reader, recovered })
}
