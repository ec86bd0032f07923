//! Opening a store: checks, lock, migrations, recovery.

use std::path::Path;

use crate::error::Result;
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

/// Opens the store in `folder` with the default bounds; makes folder and store if they are missing and `access` may write.
///
/// # Errors
/// `Locked` if another process writes to it (open it read-only then), `NewerVersion`, `Foreign`, `NotWritable`, `Missing`,
/// `Damaged`, `DiskFull`, `Io`, `Sql`.
pub fn open(folder: &Path, access: Access) -> Result<Opened> {
    open_with(folder, access, &Options::default())
}

/// As `open`, with bounds of one's own.
///
/// # Errors
/// As `open`.
pub fn open_with(folder: &Path, access: Access, options: &Options) -> Result<Opened> {
    let _ = (folder, access, options);
    Err(crate::HistorianError::Cancelled)
}
