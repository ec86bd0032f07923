//! What can go wrong with keys.

use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

/// Why a key could not be made, read or used.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The passphrase does not open the key.
    #[error("The passphrase is wrong.")]
    WrongPassphrase,
    /// Too many wrong passphrases in a row.
    #[error("Too many wrong passphrases: try again in {} s.", wait.as_secs().max(1))]
    TooManyTries {
        /// How long to wait.
        wait: Duration,
    },
    /// There is no such key or secret here.
    #[error("There is no {what} on this station. Ask an administrator to enrol a key for it.")]
    Missing {
        /// What was looked for.
        what: String,
    },
    /// A key of that name exists already: it is never written over.
    #[error("There is a {what} on this station already.")]
    Exists {
        /// What exists.
        what: String,
    },
    /// The passphrase is too short.
    #[error("The passphrase needs at least {minimum} characters.")]
    PassphraseTooShort {
        /// Least number of characters.
        minimum: usize,
    },
    /// A name that cannot be used.
    #[error("The name {name:?} cannot be used for a key: 1 to 100 bytes.")]
    Name {
        /// The name.
        name: String,
    },
    /// A sealed file was changed, cut, or sealed under another wrapping key.
    #[error("The file {} cannot be opened: it was changed, or sealed under another wrapping key. Restore it from a backup, or enrol a new key.", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A sealed file of a newer version of Panfloor.
    #[error("The file {} was written by a newer version of Panfloor (format {version}). Start that version.", path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        version: u8,
    },
    /// The keyring held the wrapping key before and does not give it now.
    #[error(
        "The operating system's keyring does not give Panfloor's wrapping key: {reason}. Unlock the keyring and start again."
    )]
    Keyring {
        /// What the keyring said.
        reason: String,
    },
    /// The folder cannot be read or written.
    #[error("The key file {} cannot be used: {source}. Check the folder's permissions and the disk.", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The operating system gave no random bytes.
    #[error("The operating system gave no random bytes: {reason}")]
    Random {
        /// What it said.
        reason: String,
    },
    /// Hashing or sealing failed inside (out of memory).
    #[error("Sealing failed: {reason}")]
    Crypto {
        /// What it said.
        reason: String,
    },
}
