//! What the ledger says about records, keys and stations.

use panfloor_model::Role;
use thiserror::Error;

use crate::dsse::Envelope;
use crate::names::{Hash, PublicKey};
use crate::record::Payload;

/// Why bytes were not taken at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    /// The envelope is not canonical (see [`RefusedEnvelope`](crate::RefusedEnvelope)).
    NotCanonical,
    /// The signature does not fit: tampered with, or signed by another key.
    BadSignature,
    /// The payload is not a record of ours: not JSON, or a field is missing or out of range.
    NotARecord,
    /// A record of another site.
    OtherSite,
    /// The ledger is full.
    Full,
    /// Its key is enrolled by nobody, and such records already take all the room they get.
    Strangers,
}

/// Bytes that were not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct Refused {
    /// What is wrong, for the program.
    pub code: RefusalCode,
    /// What is wrong, for people.
    pub sentence: String,
}

/// What became of a record that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inserted {
    /// Its name.
    pub hash: Hash,
    /// Whether it was not held before: only then is it to be stored.
    pub new: bool,
    /// Where it stands now. A later record can change that (the one before it in its chain arrives, its key is
    /// enrolled or revoked): ask [`Ledger::standing`] again.
    pub standing: Standing,
    /// Whether other records may stand elsewhere than before: a hole was filled, a key enrolled or revoked.
    pub moves_others: bool,
    /// Whether [`fold`](crate::fold) may give another book than before: false for a repetition, and for records about people's
    /// sessions and alarms that change no other record's standing.
    pub moves_book: bool,
}

/// Whether a record counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Counts,
    /// A record before it in its chain is not held: a hole.
    Held {
        /// The missing record.
        missing: Hash,
    },
    /// It is kept and shown, and has no effect.
    Quarantined(QuarantineCode),
}

/// Why a record is kept without effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuarantineCode {
    /// Its key is enrolled by nobody (yet).
    UnknownKey,
    /// Its key was enrolled for another station's chain.
    OtherStation,
    /// Its key's roles do not allow this kind.
    MissingRight,
    /// Its key was revoked, and the revocation's frontier does not hold it.
    Revoked,
    /// Its session ended before it in the chain.
    SessionEnded,
    /// Its kind is not known to this version of Panfloor.
    UnknownKind,
    /// It breaks its chain: its number does not follow the record before it.
    ChainBroken,
    /// A genesis that is not signed by an administrator this station trusts.
    UntrustedGenesis,
}

/// A record of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its name.
    pub hash: Hash,
    /// Its payload, parsed.
    pub payload: Payload,
    /// The envelope it came in.
    pub envelope: Envelope,
    /// Whether it counts.
    pub standing: Standing,
}

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// A user's key.
    User {
        /// User id.
        user: String,
        /// Name for people.
        name: String,
    },
    /// A user's session key.
    Session {
        /// User id.
        user: String,
        /// Name for people.
        name: String,
        /// The delegation.
        session: Hash,
    },
    /// A station's key.
    Station {
        /// Station id.
        station: String,
    },
}

/// An enrolled user key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolledKey {
    /// The key.
    pub key: PublicKey,
    /// User id.
    pub user: String,
    /// Name for people.
    pub name: String,
    /// Roles, of all its enrolments together.
    pub roles: Vec<Role>,
    /// The station at which it is used.
    pub station: String,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// An enrolled station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolledStation {
    /// Station id.
    pub station: String,
    /// Name for people.
    pub name: String,
    /// Its key.
    pub key: PublicKey,
    /// Its number, 0–63; `None` if the number was given to another station, too: it then counts for neither.
    pub number: Option<u8>,
    /// Whether its key was revoked.
    pub revoked: bool,
}
