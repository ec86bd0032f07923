//! The one shape of an error at the door.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a command was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiError {
    /// What a user interface may branch on.
    pub code: ErrorCode,
    /// One sentence: what, where, why, what to do.
    pub sentence: String,
}

/// The kinds of error that a user interface treats differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request itself is wrong.
    BadRequest,
    /// Nobody is signed in.
    SignInNeeded,
    /// The signed-in user has not the right, or four eyes forbid it.
    NotAllowed,
    /// The user closed the passphrase window.
    Cancelled,
    /// The passphrase was wrong.
    WrongPassphrase,
    /// The thing asked for does not exist (any more).
    NotFound,
    /// A config breaks its class's schema; the sentence lists the fields.
    Invalid,
    /// The store cannot be written: disk full, read-only.
    StoreNotWritable,
    /// This process only reads: another one holds the store.
    ReadOnly,
    /// Anything else; the log has more.
    Internal,
}
