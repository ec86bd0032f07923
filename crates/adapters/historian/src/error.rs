//! What can go wrong in the store: what, where, why, and what to do about it.

use std::path::PathBuf;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum HistorianError {
    /// The data folder, or a file in it, cannot be written.
    #[error("{} cannot be written ({why}): give this user the right to write there, or choose another data folder", path.display())]
    NotWritable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// There is no store in this folder, and read-only access cannot make one.
    #[error("{} holds no store: open it for writing once, or choose the right data folder", path.display())]
    Missing {
        /// The file looked for.
        path: PathBuf,
    },
    /// The file was written by a newer Panfloor. Nothing was written to it.
    #[error("{} has version {found}, this Panfloor knows versions up to {known}: install the newer Panfloor that wrote it", path.display())]
    NewerVersion {
        /// The file.
        path: PathBuf,
        /// Version found in it.
        found: i64,
        /// Newest version this build knows.
        known: i64,
    },
    /// The file is a database of another program. Nothing was written to it.
    #[error("{} is a database, but not one of Panfloor's: move it away, or choose another data folder", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Another process writes to this store. It can be opened read-only.
    #[error("{} is held by another Panfloor, which is writing to this store: open it read-only, or end the other one", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// What was read cannot be true: a damaged file, or one changed from outside.
    #[error("{} is damaged ({what}): keep a copy of it, then restore this file from a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// No room left on the disk. The transaction was rolled back as a whole.
    #[error("no room left on the disk of {}: nothing of this batch was stored; free some space", path.display())]
    DiskFull {
        /// The file that could not grow.
        path: PathBuf,
    },
    /// This one input can't be stored. The transaction is still good: quarantine the message and go on.
    #[error("refused: {reason}")]
    Refused {
        /// Why, in a sentence.
        reason: String,
    },
    /// An earlier call in this transaction failed, so it cannot be committed; it was rolled back.
    #[error("this transaction failed before ({why}) and was rolled back: begin another one")]
    Failed {
        /// The first failure's text.
        why: String,
    },
    /// An hour could not be sealed; its rows stay in the tail, nothing is lost.
    #[error("hour {hour_start_us} µs of machine {machine} could not be sealed ({why}): its rows stay in the live file")]
    Seal {
        /// The machine's number.
        machine: u32,
        /// Start of the hour, UTC µs.
        hour_start_us: i64,
        /// What the coder said.
        why: String,
    },
    /// The caller's `cancel` said stop.
    #[error("the query was cancelled")]
    Cancelled,
    /// The file system failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// SQLite failed otherwise.
    #[error("{}: {source}", path.display())]
    Sql {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

/// Result of a call to the store.
pub type Result<T> = std::result::Result<T, HistorianError>;
