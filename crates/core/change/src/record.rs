//! A record before it is signed: what it says, where it stands in its chain, and the bytes to sign.

use panfloor_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::dsse::{Envelope, PAYLOAD_TYPE, pae};
use crate::names::{Hash, PublicKey, Signature};

/// The payload of a record, as JSON, members in this order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payload {
    /// The site's id.
    pub site: String,
    /// The station in whose chain it stands.
    pub station: String,
    /// Its place in the chain, from 1.
    pub seq: u64,
    /// The record before it in the chain; none for the first.
    pub prev: Option<Hash>,
    /// When it was made: shown, never decided by.
    #[serde(with = "crate::text::time")]
    pub time: Timestamp,
    /// The key that signs it. Inside the signed bytes, so that nobody can take a record's name by signing its payload
    /// with another key.
    pub key: PublicKey,
    /// The change it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub change: Option<String>,
    /// The change's request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request: Option<Hash>,
    /// What it says, `kind` first.
    #[serde(flatten)]
    pub body: Body,
}

/// The next free place in a chain; see [`Ledger::position`](crate::Ledger::position).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The site's id.
    pub site: String,
    /// The station that appends.
    pub station: String,
    /// Place in its chain, from 1.
    pub seq: u64,
    /// The record before it.
    pub prev: Option<Hash>,
}

/// A record not yet given its place: what is wanted, to be checked, sealed and signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The change it belongs to: needed for all kinds from `request` to `refused` but `claim` and `open`.
    pub change: Option<String>,
    /// The change's request: needed where `change` is, but for the request itself.
    pub request: Option<Hash>,
    /// What it says.
    pub body: Body,
}

/// A record with its place, ready to be signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsigned {
    payload: Vec<u8>,
    key: PublicKey,
    pae: Vec<u8>,
}

impl Draft {
    /// A record that belongs to no change.
    #[must_use]
    pub const fn alone(body: Body) -> Self {
        Self { change: None, request: None, body }
    }

    /// A request that opens `change` (an id nobody used before: a random UUID).
    #[must_use]
    pub fn request(change: &str, request: crate::Request) -> Self {
        Self { change: Some(change.to_owned()), request: None, body: Body::Request(request) }
    }

    /// A later record of `change`, whose request is `request`.
    #[must_use]
    pub fn about(change: &str, request: Hash, body: Body) -> Self {
        Self { change: Some(change.to_owned()), request: Some(request), body }
    }

    /// Gives it its place. `key` is the key that will sign, `time` is now.
    #[must_use]
    pub fn seal(self, position: Position, key: PublicKey, time: Timestamp) -> Unsigned {
        let payload = Payload {
            site: position.site,
            station: position.station,
            seq: position.seq,
            prev: position.prev,
            time,
            key,
            change: self.change,
            request: self.request,
            body: self.body,
        };
        // Serialising these types cannot fail (no map with other than text keys); were it to, the empty payload is
        // refused by the ledger.
        let payload = serde_json::to_vec(&payload).unwrap_or_default();
        let pae = pae(PAYLOAD_TYPE, &payload);
        Unsigned { payload, key, pae }
    }
}

impl Unsigned {
    /// The bytes to sign.
    #[must_use]
    pub fn pae(&self) -> &[u8] {
        &self.pae
    }

    /// The record's name, known before it is signed.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&self.pae)
    }

    /// The key that has to sign.
    #[must_use]
    pub const fn key(&self) -> PublicKey {
        self.key
    }

    /// The signed record. The signature is checked when the ledger takes it.
    #[must_use]
    pub fn signed(self, signature: Signature) -> Envelope {
        Envelope::new(self.payload, self.key, signature)
    }
}
