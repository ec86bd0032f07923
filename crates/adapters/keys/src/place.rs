//! Where the wrapping key lies: in the operating system's keyring, or in a file.

use std::path::PathBuf;

/// Where the wrapping key is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrappingPlace {
    /// In the operating system's keyring under this entry name (one per data folder); in a file beside the secrets where there is none.
    Keyring {
        /// Entry name under the service `panfloor`: the installation's id.
        entry: String,
    },
    /// In a file beside the secrets, the keyring untouched: for the demo and for tests.
    File,
}

/// Where the wrapping key lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the keyring.
    Keyring,
    /// In this file, readable by the user alone.
    File {
        /// The file.
        path: PathBuf,
        /// Why not in the keyring; `None` if the file was asked for.
        keyring_problem: Option<String>,
    },
}
