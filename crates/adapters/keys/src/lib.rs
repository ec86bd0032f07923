//! Secrets of this account: user keys, the station's key, other secrets, as sealed files under one wrapping key.
//!
//! Does: keeps a 32-byte wrapping key in the operating system's keyring (or in a file where there is none, and says
//! so), seals secrets under it, seals user keys under the user's passphrase as well, signs.
//! Never: gives a private key out, writes one unsealed, decides who may do what, reads a clock (waiting after wrong passphrases
//! takes `now` from outside).
//!
//! Invariants:
//! - Nothing secret lies in the folder in plain, but for the wrapping key itself where there is no keyring.
//! - A file that was changed by a single bit is refused, not opened as something else.
//! - A write replaces the whole file or nothing.

mod error;
mod files;
mod keys;
mod patience;
mod place;
mod seal;
mod store;

pub use error::KeyError;
pub use keys::{SessionKey, StationKey, UserKey};
pub use place::{Place, WrappingPlace};
pub use store::{KeyStore, check_passphrase};
