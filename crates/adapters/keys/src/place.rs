//! Where the wrapping key lies: in the operating system's keyring, or in a file.
//!
//! A keyring can look sound and still take nothing (a session bus without a login keyring), so it is believed only after
//! a key was written and read back. A wrapping key that should be there and is not is never replaced: what was sealed under
//! it would be lost.

use std::path::{Path, PathBuf};

use keyring::Entry;
use zeroize::Zeroizing;

use crate::error::KeyError;
use crate::files;
use crate::seal::{Secret, random_secret};

/// Service name of the keyring entry.
const SERVICE: &str = "panfloor";
/// The file that holds the wrapping key where there is no keyring.
const FILE: &str = "wrapping.key";

/// Where the wrapping key is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrappingPlace {
    /// In the operating system's keyring; in a file beside the secrets where there is none.
    Keyring {
        /// Entry name under the service `panfloor`: one for each data folder, so that two installations of one account do
        /// not share a key.
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

/// Finds the wrapping key, or makes one where nothing was sealed yet.
pub(crate) fn wrapping_key(folder: &Path, wanted: &WrappingPlace) -> Result<(Secret, Place), KeyError> {
    let path = folder.join(FILE);
    let problem = match wanted {
        WrappingPlace::File => None,
        WrappingPlace::Keyring { .. } if path.exists() => {
            Some("the key was made while there was no keyring; it stays in its file".to_owned())
        }
        WrappingPlace::Keyring { entry } => match from_keyring(folder, entry)? {
            Found::Key(key) => return Ok((key, Place::Keyring)),
            Found::NoKeyring(problem) => Some(problem),
        },
    };
    let key = from_file(folder, &path)?;
    Ok((key, Place::File { path, keyring_problem: problem }))
}

/// What the keyring gave.
enum Found {
    Key(Secret),
    NoKeyring(String),
}

/// The key in the keyring: read, or made, written and read back.
fn from_keyring(folder: &Path, entry: &str) -> Result<Found, KeyError> {
    let sealed = files::holds_sealed(folder)?;
    let refuse = |reason: String| {
        if sealed { Err(KeyError::Keyring { reason }) } else { Ok(Found::NoKeyring(reason)) }
    };
    let entry = match Entry::new(SERVICE, entry) {
        Ok(entry) => entry,
        Err(error) => return refuse(error.to_string()),
    };
    match entry.get_secret() {
        Ok(bytes) => match as_key(bytes) {
            Some(key) => Ok(Found::Key(key)),
            None => Err(KeyError::Keyring { reason: "the entry does not hold 32 bytes".to_owned() }),
        },
        Err(keyring::Error::NoEntry) if sealed => refuse("the entry is gone".to_owned()),
        Err(keyring::Error::NoEntry) => match made_in_keyring(&entry) {
            Ok(key) => Ok(Found::Key(key)),
            Err(problem) => refuse(problem),
        },
        Err(error) => refuse(error.to_string()),
    }
}

/// Makes a key in the keyring, and believes it only once it was read back.
fn made_in_keyring(entry: &Entry) -> Result<Secret, String> {
    let key = random_secret().map_err(|error| error.to_string())?;
    entry.set_secret(key.as_slice()).map_err(|error| error.to_string())?;
    let back = entry.get_secret().map_err(|error| error.to_string())?;
    match as_key(back) {
        Some(back) if back == key => Ok(key),
        Some(_) | None => Err("what was written could not be read back".to_owned()),
    }
}

/// The key in its file, made where nothing was sealed yet.
fn from_file(folder: &Path, path: &Path) -> Result<Secret, KeyError> {
    if let Some(bytes) = files::read(path)? {
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyError::Damaged { path: path.to_owned() })?;
        return Ok(Zeroizing::new(key));
    }
    if files::holds_sealed(folder)? {
        return Err(KeyError::Damaged { path: path.to_owned() });
    }
    let key = random_secret()?;
    files::write(path, key.as_slice())?;
    Ok(key)
}

/// 32 bytes as a key; the rest is wiped.
fn as_key(bytes: Vec<u8>) -> Option<Secret> {
    let bytes = Zeroizing::new(bytes);
    <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}
