//! Unlocked keys. They sign; they never show their private half, and forget it when dropped.

use ed25519_dalek::{Signer, SigningKey};

use crate::error::KeyError;

/// The three kinds of keys differ by name only, so that a session's key cannot sign where a user's must.
macro_rules! signing_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name(SigningKey);

        impl $name {
            /// The public key, 32 bytes.
            #[must_use]
            pub fn public(&self) -> [u8; 32] {
                self.0.verifying_key().to_bytes()
            }

            /// Signs (Ed25519, deterministic).
            #[must_use]
            pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
                self.0.sign(bytes).to_bytes()
            }

            /// From the private half.
            pub(crate) fn from_secret(secret: &[u8; 32]) -> Self {
                Self(SigningKey::from_bytes(secret))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

signing_key! {
    /// A user's key, unlocked by the passphrase: requests, decisions, administration. Hold it for one signature, then drop it.
    UserKey
}
signing_key! {
    /// The station's key: automatic records.
    StationKey
}
signing_key! {
    /// A session's key: acknowledgements and notes, until sign-out. Lives in memory alone.
    SessionKey
}

impl SessionKey {
    /// A new one.
    ///
    /// # Errors
    /// If the operating system gives no random bytes.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self::from_secret(&*crate::seal::random_secret()?))
    }
}
