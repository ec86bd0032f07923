//! The ledger: a set of records, their chains, and who was allowed to write them.

use std::collections::BTreeMap;

use panfloor_model::Role;
use thiserror::Error;

use crate::body::Frontier;
use crate::dsse::Envelope;
use crate::names::{Hash, PublicKey};
use crate::record::{Payload, Position};

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

/// A set of records of one site.
#[derive(Debug, Clone)]
pub struct Ledger {
    site: String,
    administrators: Vec<PublicKey>,
    records: BTreeMap<Hash, Record>,
}

impl Ledger {
    /// An empty ledger of `site`. A genesis counts only if one of `administrators` signed it: the keys in the join file,
    /// or the one just made.
    #[must_use]
    pub fn new(site: &str, administrators: Vec<PublicKey>) -> Self {
        Self { site: site.to_owned(), administrators, records: BTreeMap::new() }
    }

    /// The site's id.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.site
    }

    /// Takes a record from anywhere: checks its form and its signature, finds out whether it counts, and holds it if a record
    /// before it is missing. Taking one twice changes nothing.
    ///
    /// # Errors
    /// If the bytes are no record of this site or the signature does not fit. What was refused leaves no trace.
    pub fn insert(&mut self, envelope: &[u8]) -> Result<Inserted, Refused> {
        let _ = envelope;
        let _ = &self.administrators;
        Err(Refused { code: RefusalCode::NotARecord, sentence: String::new() })
    }

    /// Takes many at once (the store, at start): the same as [`Ledger::insert`] one by one, but quick. Gives back what was refused, by
    /// position.
    pub fn load<'a>(&mut self, envelopes: impl IntoIterator<Item = &'a [u8]>) -> Vec<(usize, Refused)> {
        let _ = envelopes.into_iter().count();
        Vec::new()
    }

    /// A record by name.
    #[must_use]
    pub fn get(&self, hash: Hash) -> Option<&Record> {
        self.records.get(&hash)
    }

    /// All records, by name.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    /// The records that count, by name.
    pub fn counting(&self) -> impl Iterator<Item = &Record> {
        self.records.values().filter(|record| record.standing == Standing::Counts)
    }

    /// Where a record stands; `None` if it is not held.
    #[must_use]
    pub fn standing(&self, hash: Hash) -> Option<Standing> {
        self.records.get(&hash).map(|record| record.standing)
    }

    /// Whose key made a counting record.
    #[must_use]
    pub fn signer(&self, hash: Hash) -> Option<&Signer> {
        let _ = hash;
        None
    }

    /// The last hashes of every chain, as far as it is held without a hole.
    #[must_use]
    pub fn frontier(&self) -> Frontier {
        Frontier::new()
    }

    /// The last record of a station's chain (where it forked: the longer branch, then the higher hash).
    #[must_use]
    pub fn head(&self, station: &str) -> Option<&Record> {
        let _ = station;
        None
    }

    /// The next free place in a station's chain.
    #[must_use]
    pub fn position(&self, station: &str) -> Position {
        Position { site: self.site.clone(), station: station.to_owned(), seq: 1, prev: None }
    }

    /// Records that others build on and that are not held.
    #[must_use]
    pub fn holes(&self) -> Vec<Hash> {
        Vec::new()
    }

    /// Enrolled user keys, by key.
    #[must_use]
    pub fn users(&self) -> Vec<EnrolledKey> {
        Vec::new()
    }

    /// Enrolled stations, by id.
    #[must_use]
    pub fn stations(&self) -> Vec<EnrolledStation> {
        Vec::new()
    }

    /// Sessions open at `station`: their records, and when each runs out.
    #[must_use]
    pub fn open_sessions(&self, station: &str) -> Vec<(Hash, panfloor_model::Timestamp)> {
        let _ = station;
        Vec::new()
    }
}
