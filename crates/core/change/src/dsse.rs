//! DSSE v1 envelopes (secure-systems-lab/dsse, protocol.md), in one spelling only.
//!
//! `{"payload":"…","payloadType":"…","signatures":[{"keyid":"…","sig":"…"}]}` with padded standard base64, no white
//! space and one signature. Other spellings of the same content are refused, so that a record has one byte form.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::VerifyingKey;
use thiserror::Error;

use crate::names::{Hash, PublicKey, Signature};

/// The payload type of every record.
pub const PAYLOAD_TYPE: &str = "application/vnd.panfloor.record+json";

/// Longest envelope that is read, bytes: a request for 64 machines fits, a flood does not.
pub(crate) const MAX_ENVELOPE_BYTES: usize = 256 * 1024;

const HEAD: &str = r#"{"payload":""#;
const TYPE: &str = r#"","payloadType":""#;
const KEY: &str = r#"","signatures":[{"keyid":""#;
const SIG: &str = r#"","sig":""#;
const TAIL: &str = r#""}]}"#;

/// Why bytes are no envelope of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RefusedEnvelope {
    /// Longer than any record.
    #[error("the envelope is longer than 256 KiB")]
    TooLong,
    /// Not the one spelling: other member order, white space, another number of signatures, escapes.
    #[error("the envelope is not in the canonical form (member order, no white space, exactly one signature)")]
    NotCanonical,
    /// The payload or the signature is not padded standard base64.
    #[error("the envelope's payload or signature is not canonical, padded, standard base64")]
    Base64,
    /// The payload is of another type.
    #[error("the envelope's payload type is not application/vnd.panfloor.record+json")]
    PayloadType,
    /// The key id is not 64 lower-case hexadecimal digits.
    #[error("the envelope's keyid is not a public key in lower-case hexadecimal digits")]
    KeyId,
    /// The signature does not fit the payload and the key.
    #[error("the signature does not fit the payload and the key")]
    Signature,
}

impl RefusedEnvelope {
    /// Stable code, as the golden files name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::NotCanonical => "not_canonical",
            Self::Base64 => "base64",
            Self::PayloadType => "payload_type",
            Self::KeyId => "key_id",
            Self::Signature => "bad_signature",
        }
    }
}

/// The bytes that are signed: DSSE's pre-authentication encoding.
#[must_use]
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

/// A signed record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    payload: Vec<u8>,
    key: PublicKey,
    signature: Signature,
}

impl Envelope {
    /// From its parts; the signature is not checked.
    #[must_use]
    pub const fn new(payload: Vec<u8>, key: PublicKey, signature: Signature) -> Self {
        Self { payload, key, signature }
    }

    /// Reads the one spelling. The signature is not checked: see [`Envelope::verify`].
    ///
    /// # Errors
    /// If the bytes are anything else.
    pub fn parse(bytes: &[u8]) -> Result<Self, RefusedEnvelope> {
        use RefusedEnvelope as No;
        if bytes.len() > MAX_ENVELOPE_BYTES {
            return Err(No::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| No::NotCanonical)?;
        let text = text.strip_prefix(HEAD).and_then(|rest| rest.strip_suffix(TAIL)).ok_or(No::NotCanonical)?;
        let (payload, rest) = text.split_once(TYPE).ok_or(No::NotCanonical)?;
        let (payload_type, rest) = rest.split_once(KEY).ok_or(No::NotCanonical)?;
        let (key, signature) = rest.split_once(SIG).ok_or(No::NotCanonical)?;
        if [payload, payload_type, key, signature].iter().any(|part| part.contains(['"', '\\', ' ', '\n', '\r', '\t']))
        {
            return Err(No::NotCanonical);
        }
        if payload_type != PAYLOAD_TYPE {
            return Err(No::PayloadType);
        }
        let key = key.parse().map_err(|_| No::KeyId)?;
        let payload = STANDARD.decode(payload).map_err(|_| No::Base64)?;
        let signature = STANDARD.decode(signature).map_err(|_| No::Base64)?;
        let signature = Signature(signature.try_into().map_err(|_| No::Signature)?);
        Ok(Self { payload, key, signature })
    }

    /// Its one spelling.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let payload = STANDARD.encode(&self.payload);
        let signature = STANDARD.encode(self.signature.0);
        format!("{HEAD}{payload}{TYPE}{PAYLOAD_TYPE}{KEY}{}{SIG}{signature}{TAIL}", self.key).into_bytes()
    }

    /// Checks the signature, strictly (no weak keys, no second form of a signature).
    ///
    /// # Errors
    /// [`RefusedEnvelope::Signature`] if it does not fit.
    pub fn verify(&self) -> Result<(), RefusedEnvelope> {
        let key = VerifyingKey::from_bytes(self.key.as_bytes()).map_err(|_| RefusedEnvelope::Signature)?;
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature.0);
        key.verify_strict(&self.pae(), &signature).map_err(|_| RefusedEnvelope::Signature)
    }

    /// The bytes that were signed.
    #[must_use]
    pub fn pae(&self) -> Vec<u8> {
        pae(PAYLOAD_TYPE, &self.payload)
    }

    /// The record's name.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&self.pae())
    }

    /// The signed payload.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The key that signed.
    #[must_use]
    pub const fn key(&self) -> PublicKey {
        self.key
    }
}
