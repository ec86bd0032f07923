//! Sealing: XChaCha20-Poly1305 under the wrapping key, Argon2id for passphrases.

use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use crate::error::KeyError;

/// 32 random bytes from the operating system.
pub(crate) fn random_secret() -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let mut secret = Zeroizing::new([0; 32]);
    SysRng.try_fill_bytes(secret.as_mut()).map_err(|error| KeyError::Random { reason: error.to_string() })?;
    Ok(secret)
}
