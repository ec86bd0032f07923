//! The store: one folder of sealed files.

use std::fmt;
use std::path::{Path, PathBuf};

use panfloor_model::Mono;
use zeroize::Zeroizing;

use crate::error::KeyError;
use crate::files;
use crate::keys::{StationKey, UserKey};
use crate::patience::Patience;
use crate::place::{Place, WrappingPlace, wrapping_key};
use crate::seal::{Kind, Secret, USER_CLEAR_BYTES, open, open_user_key, random_secret, seal, seal_user_key};

/// Fewest characters of a passphrase (NIST SP 800-63B's minimum for memorized secrets).
const MIN_PASSPHRASE_CHARS: usize = 8;

/// Whether a passphrase may be chosen; asked before anything is made with it.
///
/// # Errors
/// [`KeyError::PassphraseTooShort`].
pub fn check_passphrase(passphrase: &str) -> Result<(), KeyError> {
    if passphrase.chars().count() < MIN_PASSPHRASE_CHARS {
        return Err(KeyError::PassphraseTooShort { minimum: MIN_PASSPHRASE_CHARS });
    }
    Ok(())
}

/// The keys and secrets of one data folder. One process at a time (the data folder's lock).
///
/// Its functions block (disc, keyring, Argon2id): call them on a thread of their own, not on an async runtime's, since the
/// Linux keyring client runs a runtime itself.
pub struct KeyStore {
    folder: PathBuf,
    place: Place,
    wrapping: Secret,
    patience: Patience,
}

impl fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyStore").field("folder", &self.folder).field("place", &self.place).finish_non_exhaustive()
    }
}

impl KeyStore {
    /// Opens the folder, or makes it. A locked keyring may ask the user to unlock it meanwhile.
    ///
    /// # Errors
    /// If the folder cannot be used, or secrets lie in it and their wrapping key cannot be had: nothing is written over then.
    pub fn open(folder: &Path, place: &WrappingPlace) -> Result<Self, KeyError> {
        files::make_folder(folder)?;
        let (wrapping, place) = wrapping_key(folder, place)?;
        Ok(Self { folder: folder.to_owned(), place, wrapping, patience: Patience::default() })
    }

    /// Where the wrapping key lies: Settings says so.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Makes a key for `user`, sealed under the passphrase and the wrapping key. Given back for what is signed at once; its
    /// public half is to be enrolled.
    /// Takes 0.1 to 0.2 s by intent.
    ///
    /// # Errors
    /// If there is one already, the passphrase is too short, or it cannot be written.
    pub fn create_user_key(&self, user: &str, passphrase: &str) -> Result<UserKey, KeyError> {
        let path = self.user_path(user)?;
        check_passphrase(passphrase)?;
        if path.exists() {
            return Err(KeyError::Exists { what: key_of(user) });
        }
        let private = random_secret()?;
        let key = UserKey::from_secret(&private);
        files::write(&path, &seal_user_key(&self.wrapping, user, passphrase, key.public(), &private)?)?;
        Ok(key)
    }

    /// Opens the key of `user`. After five wrong passphrases in a row each further try has to wait (1 s, doubling up to 60 s).
    /// Takes 0.1 to 0.2 s by intent.
    ///
    /// # Errors
    /// [`KeyError::WrongPassphrase`], [`KeyError::TooManyTries`], [`KeyError::Missing`], or what is wrong with the file.
    pub fn unlock_user_key(&self, user: &str, passphrase: &str, now: Mono) -> Result<UserKey, KeyError> {
        let path = self.user_path(user)?;
        let file = files::read(&path)?.ok_or_else(|| KeyError::Missing { what: key_of(user) })?;
        if let Some(wait) = self.patience.wait(user, now) {
            return Err(KeyError::TooManyTries { wait });
        }
        let private = open_user_key(&self.wrapping, user, passphrase, &file, &path).inspect_err(|error| {
            if matches!(error, KeyError::WrongPassphrase) {
                self.patience.wrong(user, now);
            }
        })?;
        self.patience.right(user);
        Ok(UserKey::from_secret(&private))
    }

    /// The public half of the key of `user`, without the passphrase; `None` if there is no key.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn user_public_key(&self, user: &str) -> Result<Option<[u8; 32]>, KeyError> {
        let path = self.user_path(user)?;
        let Some(file) = files::read(&path)? else { return Ok(None) };
        let (clear, _) = open::<USER_CLEAR_BYTES>(&self.wrapping, Kind::UserKey, user, &file, &path)?;
        Ok(clear.first_chunk::<32>().copied())
    }

    /// The users who have a key here, in alphabetical order.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn users(&self) -> Result<Vec<String>, KeyError> {
        files::sealed_names(&self.folder, "user")
    }

    /// The station's key; made at the first call.
    ///
    /// # Errors
    /// If it cannot be read or written.
    pub fn station_key(&self) -> Result<StationKey, KeyError> {
        let path = files::sealed_path(&self.folder, "key", "station")?;
        if let Some(file) = files::read(&path)? {
            let (_, private) = open::<0>(&self.wrapping, Kind::Secret, "key station", &file, &path)?;
            let private =
                <[u8; 32]>::try_from(private.as_slice()).map_err(|_| KeyError::Damaged { path: path.clone() })?;
            return Ok(StationKey::from_secret(&Zeroizing::new(private)));
        }
        let private = random_secret()?;
        files::write(&path, &seal(&self.wrapping, Kind::Secret, "key station", &[], private.as_slice())?)?;
        Ok(StationKey::from_secret(&private))
    }

    /// Seals a secret (a broker's password) under the wrapping key; replaces one of the same name.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn store_secret(&self, name: &str, secret: &[u8]) -> Result<(), KeyError> {
        let path = files::sealed_path(&self.folder, "secret", name)?;
        files::write(&path, &seal(&self.wrapping, Kind::Secret, &format!("secret {name}"), &[], secret)?)
    }

    /// A sealed secret; `None` if there is none of that name.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn load_secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
        let path = files::sealed_path(&self.folder, "secret", name)?;
        let Some(file) = files::read(&path)? else { return Ok(None) };
        let (_, secret) = open::<0>(&self.wrapping, Kind::Secret, &format!("secret {name}"), &file, &path)?;
        Ok(Some(secret))
    }

    /// Forgets a secret; one that is not there is no error.
    ///
    /// # Errors
    /// If the file cannot be removed.
    pub fn forget_secret(&self, name: &str) -> Result<(), KeyError> {
        files::remove(&files::sealed_path(&self.folder, "secret", name)?)
    }

    /// The file of a user's key.
    fn user_path(&self, user: &str) -> Result<PathBuf, KeyError> {
        files::sealed_path(&self.folder, "user", user)
    }
}

/// What an error calls a user's key.
fn key_of(user: &str) -> String {
    format!("key of user {user:?}")
}
