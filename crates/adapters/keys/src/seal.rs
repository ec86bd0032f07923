//! Sealing: XChaCha20-Poly1305 under the wrapping key, and for user keys under Argon2id of the passphrase inside it.
//!
//! A sealed file is `PFSEAL`, format (1), kind, then what the kind needs in the clear, a nonce of 24 bytes and the
//! ciphertext. All before the nonce, and the thing's name, is authenticated: a file that was changed, or put in place of
//! another, does not open. XChaCha20 takes random nonces safely, so that no counter has to be kept.

use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use crate::error::KeyError;

const MAGIC: &[u8; 6] = b"PFSEAL";
/// The format that is written, and the highest that is read.
const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 24;
const SALT_BYTES: usize = 16;

/// Argon2id memory, KiB: 64 MiB, RFC 9106's choice where memory is short (section 4, second option). It is what makes a
/// guesser's hardware expensive, and every control room PC has it to spare for a moment.
const ARGON_MEMORY_KIB: u32 = 64 * 1024;
/// Argon2id passes: RFC 9106's three for that memory; some 0.1 to 0.2 s on an office PC.
const ARGON_PASSES: u32 = 3;
/// Argon2id lanes: one, since this library computes them one after the other.
const ARGON_LANES: u32 = 1;

/// A 32-byte secret that is wiped when dropped.
pub(crate) type Secret = Zeroizing<[u8; 32]>;

/// What lies in a sealed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A secret under the wrapping key alone.
    Secret,
    /// A user's key under the passphrase, and that under the wrapping key.
    UserKey,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Self::Secret => 0,
            Self::UserKey => 1,
        }
    }
}

/// Random bytes from the operating system.
fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|error| KeyError::Random { reason: error.to_string() })?;
    Ok(bytes)
}

/// 32 random bytes from the operating system.
pub(crate) fn random_secret() -> Result<Secret, KeyError> {
    random().map(Zeroizing::new)
}

/// Seals `message`, with `clear` readable and authenticated beside it.
pub(crate) fn seal(key: &Secret, kind: Kind, name: &str, clear: &[u8], message: &[u8]) -> Result<Vec<u8>, KeyError> {
    let mut file = MAGIC.to_vec();
    file.extend([FORMAT, kind.byte()]);
    file.extend(clear);
    let nonce: [u8; NONCE_BYTES] = random()?;
    let aad = [file.as_slice(), name.as_bytes()].concat();
    let sealed = cipher(key)
        .encrypt(&XNonce::from(nonce), Payload { msg: message, aad: &aad })
        .map_err(|error| KeyError::Crypto { reason: error.to_string() })?;
    file.extend(nonce);
    file.extend(sealed);
    Ok(file)
}

/// Opens what [`seal`] made, with `N` bytes in the clear. `path` is for the error.
pub(crate) fn open<const N: usize>(
    key: &Secret,
    kind: Kind,
    name: &str,
    file: &[u8],
    path: &Path,
) -> Result<([u8; N], Zeroizing<Vec<u8>>), KeyError> {
    let damaged = || KeyError::Damaged { path: path.to_owned() };
    let rest = file.strip_prefix(MAGIC).ok_or_else(damaged)?;
    let (format, rest) = rest.split_first().ok_or_else(damaged)?;
    if *format > FORMAT {
        return Err(KeyError::NewerFormat { path: path.to_owned(), version: *format });
    }
    let rest = rest.strip_prefix(&[kind.byte()]).ok_or_else(damaged)?;
    let (clear, rest) = rest.split_first_chunk::<N>().ok_or_else(damaged)?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(damaged)?;
    let head = &file[..file.len() - rest.len()];
    let aad = [head, name.as_bytes()].concat();
    let message =
        cipher(key).decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: &aad }).map_err(|_| damaged())?;
    Ok((*clear, Zeroizing::new(message)))
}

/// The cipher under a key.
fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(**key).into())
}

/// What a user key's file says in the clear: public key, Argon2id's numbers, salt.
pub(crate) const USER_CLEAR_BYTES: usize = 32 + 12 + SALT_BYTES;

/// Seals a user's private key under the passphrase, then under the wrapping key.
pub(crate) fn seal_user_key(
    wrapping: &Secret,
    user: &str,
    passphrase: &str,
    public: [u8; 32],
    private: &Secret,
) -> Result<Vec<u8>, KeyError> {
    let salt: [u8; SALT_BYTES] = random()?;
    let mut clear = public.to_vec();
    for number in [ARGON_MEMORY_KIB, ARGON_PASSES, ARGON_LANES] {
        clear.extend(number.to_le_bytes());
    }
    clear.extend(salt);
    let key = stretch(passphrase, &clear)?;
    let inner = Zeroizing::new(seal(&key, Kind::Secret, user, &[], private.as_slice())?);
    seal(wrapping, Kind::UserKey, user, &clear, &inner)
}

/// Opens a user's private key. The outer seal tells a damaged file from a wrong passphrase.
pub(crate) fn open_user_key(
    wrapping: &Secret,
    user: &str,
    passphrase: &str,
    file: &[u8],
    path: &Path,
) -> Result<Secret, KeyError> {
    let (clear, inner) = open::<USER_CLEAR_BYTES>(wrapping, Kind::UserKey, user, file, path)?;
    // The numbers were authenticated just now, so they are ours: nobody makes this allocate a terabyte.
    let key = stretch(passphrase, &clear)?;
    let (_, private) = open::<0>(&key, Kind::Secret, user, &inner, path)
        .map_err(|error| if matches!(error, KeyError::Damaged { .. }) { KeyError::WrongPassphrase } else { error })?;
    let private = private.as_slice().try_into().map_err(|_| KeyError::Damaged { path: path.to_owned() })?;
    Ok(Zeroizing::new(private))
}

/// Argon2id of the passphrase, with the numbers and the salt that the file says in the clear.
fn stretch(passphrase: &str, clear: &[u8]) -> Result<Secret, KeyError> {
    let crypto = |reason: String| KeyError::Crypto { reason };
    let short = || crypto("the file's head is too short".to_owned());
    let (numbers, salt) = clear.get(32..).and_then(|rest| rest.split_first_chunk::<12>()).ok_or_else(short)?;
    let [m0, m1, m2, m3, t0, t1, t2, t3, p0, p1, p2, p3] = *numbers;
    let params = Params::new(
        u32::from_le_bytes([m0, m1, m2, m3]),
        u32::from_le_bytes([t0, t1, t2, t3]),
        u32::from_le_bytes([p0, p1, p2, p3]),
        Some(32),
    )
    .map_err(|error| crypto(error.to_string()))?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, key.as_mut())
        .map_err(|error| crypto(error.to_string()))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::{KeyError, Kind, Path, open, random_secret, seal};

    #[test]
    fn no_bit_can_be_changed_and_no_file_put_in_place_of_another() {
        let key = random_secret().unwrap();
        let file = seal(&key, Kind::Secret, "broker", b"clear", b"hunter2").unwrap();
        let path = Path::new("x");
        let (clear, message) = open::<5>(&key, Kind::Secret, "broker", &file, path).unwrap();
        assert_eq!((&clear, message.as_slice()), (b"clear", &b"hunter2"[..]));
        for bit in 0..file.len() * 8 {
            let mut changed = file.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open::<5>(&key, Kind::Secret, "broker", &changed, path).is_err(), "bit {bit}");
        }
        for length in 0..file.len() {
            assert!(open::<5>(&key, Kind::Secret, "broker", &file[..length], path).is_err(), "{length} bytes");
        }
        let mut newer = file.clone();
        newer[6] = 2;
        let error = open::<5>(&key, Kind::Secret, "broker", &newer, path).unwrap_err();
        assert!(matches!(error, KeyError::NewerFormat { version: 2, .. }));
        assert!(open::<5>(&key, Kind::Secret, "other", &file, path).is_err());
        assert!(open::<5>(&random_secret().unwrap(), Kind::Secret, "broker", &file, path).is_err());
    }
}
