//! The ledger: a set of records, their chains, and who was allowed to write them.
//!
//! What it says depends on the set of records alone, never on the order in which they came.

mod form;
mod judge;
mod known;
mod register;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use panfloor_model::{Role, Timestamp};

pub use types::{
    EnrolledKey, EnrolledStation, Inserted, QuarantineCode, Record, RefusalCode, Refused, Signer, Standing,
};

use crate::body::Frontier;
use crate::dsse::{Envelope, RefusedEnvelope};
use crate::names::{Hash, PublicKey};
use crate::record::{Payload, Position};
pub(crate) use form::{MAX_VERSION, form_problem};
pub(crate) use judge::{Right, right};
use judge::{Sessions, judge, sessions_after, user_right};
use known::Linked;
use register::Register;

/// Most records of one ledger: some 2 GB in memory, twenty years of a large site. Past it nothing is taken, loudly.
const MAX_RECORDS: usize = 1_000_000;

/// A set of records of one site.
#[derive(Debug, Clone)]
pub struct Ledger {
    site: String,
    administrators: Vec<PublicKey>,
    records: BTreeMap<Hash, Record>,
    /// Records by the one before them, held or not.
    children: BTreeMap<Hash, Vec<Hash>>,
    /// First records of chains.
    roots: BTreeSet<Hash>,
    /// Named as `prev` and not held.
    missing: BTreeSet<Hash>,
    /// Records of known keys that no later one of a known key builds on, as far as chains are whole, by station.
    tips: BTreeMap<String, BTreeSet<Hash>>,
    /// Records of known keys with nothing but such before them, and how many there are by station.
    linked: BTreeSet<Hash>,
    whole: BTreeMap<String, Linked>,
    /// Memory taken by records of unknown keys.
    strangers_bytes: usize,
    register: Register,
    signers: BTreeMap<Hash, Signer>,
    /// Sessions open after each record whose chain is whole.
    sessions: BTreeMap<Hash, Sessions>,
}

impl Ledger {
    /// An empty ledger of `site`. A genesis counts only if one of `administrators` signed it: the keys in the join file,
    /// or the one just made.
    #[must_use]
    pub fn new(site: &str, administrators: Vec<PublicKey>) -> Self {
        Self {
            site: site.to_owned(),
            administrators,
            records: BTreeMap::new(),
            children: BTreeMap::new(),
            roots: BTreeSet::new(),
            missing: BTreeSet::new(),
            tips: BTreeMap::new(),
            linked: BTreeSet::new(),
            whole: BTreeMap::new(),
            strangers_bytes: 0,
            register: Register::default(),
            signers: BTreeMap::new(),
            sessions: BTreeMap::new(),
        }
    }

    /// The site's id.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.site
    }

    /// Takes a record from anywhere: checks its form and its signature, finds out whether it counts, and holds it if a
    /// record before it is missing. Taking one twice changes nothing.
    ///
    /// # Errors
    /// If the bytes are no record of this site or the signature does not fit. What was refused leaves no trace.
    pub fn insert(&mut self, envelope: &[u8]) -> Result<Inserted, Refused> {
        let (hash, new) = self.place(envelope)?;
        let moves_others = new && self.judge_new(hash);
        let beside = self.records.get(&hash).is_some_and(|record| record.payload.body.is_beside_changes());
        let moves_book = moves_others || new && !beside;
        let standing = self.standing(hash).unwrap_or(Standing::Held { missing: hash });
        Ok(Inserted { hash, new, standing, moves_others, moves_book })
    }

    /// Takes many at once (the store, at start): the same as [`Ledger::insert`] one by one, but quick. Gives back what
    /// was refused, by position.
    pub fn load<'a>(&mut self, envelopes: impl IntoIterator<Item = &'a [u8]>) -> Vec<(usize, Refused)> {
        let mut refused = Vec::new();
        for (at, envelope) in envelopes.into_iter().enumerate() {
            if let Err(problem) = self.place(envelope) {
                refused.push((at, problem));
            }
        }
        self.judge_all();
        refused
    }

    /// Checks form and signature and puts the record into the set; its standing is not yet known.
    fn place(&mut self, envelope: &[u8]) -> Result<(Hash, bool), Refused> {
        let envelope = Envelope::parse(envelope).map_err(refused_envelope)?;
        let hash = envelope.hash();
        if self.records.contains_key(&hash) {
            return Ok((hash, false));
        }
        let payload: Payload = serde_json::from_slice(envelope.payload())
            .map_err(|error| refused(RefusalCode::NotARecord, format!("The payload is not a record: {error}.")))?;
        self.check_place(&envelope, &payload)?;
        self.admit(hash, &payload, envelope.payload().len())?;
        match payload.prev {
            None => {
                self.roots.insert(hash);
            }
            Some(prev) => {
                self.children.entry(prev).or_default().push(hash);
                if !self.records.contains_key(&prev) {
                    self.missing.insert(prev);
                }
            }
        }
        self.missing.remove(&hash);
        let standing = Standing::Held { missing: payload.prev.unwrap_or(hash) };
        self.records.insert(hash, Record { hash, payload, envelope, standing });
        Ok((hash, true))
    }

    /// Whether payload and envelope belong together and to this site.
    fn check_place(&self, envelope: &Envelope, payload: &Payload) -> Result<(), Refused> {
        if payload.site != self.site {
            let sentence = format!("The record is of site {:?}, not of {:?}.", payload.site, self.site);
            return Err(refused(RefusalCode::OtherSite, sentence));
        }
        if payload.key != envelope.key() {
            let sentence = "The record names another key than the one that signed it.".to_owned();
            return Err(refused(RefusalCode::BadSignature, sentence));
        }
        if let Some(problem) = form_problem(payload) {
            return Err(refused(RefusalCode::NotARecord, format!("The payload is not a record: {problem}.")));
        }
        envelope.verify().map_err(refused_envelope)?;
        if self.is_full() {
            let sentence = format!("The ledger holds {MAX_RECORDS} records and takes no more.");
            return Err(refused(RefusalCode::Full, sentence));
        }
        Ok(())
    }

    /// Finds out where a new record stands. The quick way where nothing else can change by it. Says whether it can.
    fn judge_new(&mut self, hash: Hash) -> bool {
        let Some(record) = self.records.get(&hash) else { return false };
        let enrols = register::concerns(&record.payload.body);
        let awaited = self.children.contains_key(&hash) || self.register.bounded_by(hash);
        if enrols || awaited {
            self.judge_all();
        } else if record.payload.prev.is_none_or(|prev| self.sessions.contains_key(&prev)) {
            self.stand(hash);
        } else {
            self.hold(hash);
        }
        enrols || awaited
    }

    /// Finds out anew where every record stands.
    fn judge_all(&mut self) {
        self.tips.clear();
        self.linked.clear();
        self.whole.clear();
        self.sessions.clear();
        self.signers.clear();
        let order = self.whole_chains();
        let whole: Vec<&Record> = order.iter().filter_map(|hash| self.records.get(hash)).collect();
        self.register = Register::of(&whole, &self.administrators, &|frontier, hash| self.inside(frontier, hash));
        for hash in &order {
            self.stand(*hash);
        }
        let held: Vec<Hash> = self.records.keys().filter(|hash| !self.sessions.contains_key(*hash)).copied().collect();
        for hash in held {
            self.hold(hash);
        }
        self.count_strangers();
    }

    /// All records whose chain is whole, each after the one before it.
    fn whole_chains(&self) -> Vec<Hash> {
        let mut order: Vec<Hash> = self.roots.iter().copied().collect();
        let mut at = 0;
        while let Some(hash) = order.get(at).copied() {
            at += 1;
            let mut next = self.children.get(&hash).cloned().unwrap_or_default();
            next.sort_unstable();
            order.extend(next.into_iter().filter(|child| self.follows(*child, hash)));
        }
        order
    }

    /// Whether `child` has the number after `parent` and stands in the same station's chain.
    fn follows(&self, child: Hash, parent: Hash) -> bool {
        let (Some(child), Some(parent)) = (self.records.get(&child), self.records.get(&parent)) else { return false };
        child.payload.seq == parent.payload.seq.saturating_add(1) && child.payload.station == parent.payload.station
    }

    /// Gives a record of a whole chain its standing. The record before it has one.
    fn stand(&mut self, hash: Hash) {
        let Some(record) = self.records.get(&hash) else { return };
        let prev = record.payload.prev;
        if prev.is_some_and(|prev| !self.follows(hash, prev)) {
            self.hold(hash);
            return;
        }
        let before = prev.and_then(|prev| self.sessions.get(&prev)).map_or_else(Sessions::default, Arc::clone);
        let (standing, signer) = judge(record, &self.register, &before, &|frontier, hash| self.inside(frontier, hash));
        let after = sessions_after(record, standing, signer.as_ref(), &before);
        self.sessions.insert(hash, after);
        if let Some(signer) = signer {
            self.signers.insert(hash, signer);
        }
        self.link(hash);
        if let Some(record) = self.records.get_mut(&hash) {
            record.standing = standing;
        }
    }

    /// A record whose chain is not whole: says what is missing, or that it never will be.
    fn hold(&mut self, hash: Hash) {
        let mut missing = hash;
        while let Some(record) = self.records.get(&missing) {
            let Some(prev) = record.payload.prev else { break };
            missing = prev;
            // A record that stands, or a broken link: nothing that arrives later mends it.
            if self.sessions.contains_key(&prev) {
                break;
            }
        }
        let standing = if self.records.contains_key(&missing) {
            Standing::Quarantined(QuarantineCode::ChainBroken)
        } else {
            Standing::Held { missing }
        };
        if let Some(record) = self.records.get_mut(&hash) {
            record.standing = standing;
        }
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

    /// Whose key made a record that counts, or would if its key had not been revoked.
    #[must_use]
    pub fn signer(&self, hash: Hash) -> Option<&Signer> {
        self.signers.get(&hash)
    }

    /// The last hashes of every chain of known keys, as far as it is held without a hole. Strangers' are left out: whoever
    /// may publish could make it longer than a record may be.
    #[must_use]
    pub fn frontier(&self) -> Frontier {
        self.tips.iter().map(|(station, tips)| (station.clone(), tips.iter().copied().collect())).collect()
    }

    /// The last record of a known key in a station's chain (where it forked: the longer branch, then the higher hash).
    #[must_use]
    pub fn head(&self, station: &str) -> Option<&Record> {
        self.tips
            .get(station)?
            .iter()
            .filter_map(|hash| self.records.get(hash))
            .max_by_key(|record| (record.payload.seq, record.hash))
    }

    /// The next free place in a station's chain.
    #[must_use]
    pub fn position(&self, station: &str) -> Position {
        let head = self.head(station);
        Position {
            site: self.site.clone(),
            station: station.to_owned(),
            seq: head.map_or(1, |record| record.payload.seq.saturating_add(1)),
            prev: head.map(|record| record.hash),
        }
    }

    /// Whether a record lies inside a frontier: is one of the named records or comes before one in its chain.
    #[must_use]
    pub fn inside(&self, frontier: &Frontier, hash: Hash) -> bool {
        let Some(record) = self.records.get(&hash) else { return false };
        let station = record.payload.station.as_str();
        frontier.get(station).is_some_and(|heads| heads.iter().any(|head| self.is_before(hash, *head)))
    }

    /// Whether `earlier` is `later` or comes before it in its chain.
    pub(crate) fn is_before(&self, earlier: Hash, later: Hash) -> bool {
        let (Some(first), Some(mut at)) = (self.records.get(&earlier), self.records.get(&later)) else { return false };
        if first.payload.station != at.payload.station || first.payload.seq > at.payload.seq {
            return false;
        }
        // Without a fork every number is taken once, so numbers say it all.
        let whole = self.whole.get(&first.payload.station).copied().unwrap_or_default();
        if whole.is_one_chain() && self.linked.contains(&earlier) && self.linked.contains(&later) {
            return true;
        }
        while at.payload.seq > first.payload.seq {
            let Some(prev) = at.payload.prev.and_then(|prev| self.records.get(&prev)) else { return false };
            if prev.payload.seq >= at.payload.seq {
                return false;
            }
            at = prev;
        }
        at.hash == earlier
    }

    /// Enrolled user keys, by key.
    #[must_use]
    pub fn users(&self) -> Vec<EnrolledKey> {
        self.register.users()
    }

    /// Enrolled stations, by id.
    #[must_use]
    pub fn stations(&self) -> Vec<EnrolledStation> {
        self.register.stations()
    }

    /// Sessions open at `station`: their records, and when each runs out.
    #[must_use]
    pub fn open_sessions(&self, station: &str) -> Vec<(Hash, Timestamp)> {
        let Some(sessions) = self.head(station).and_then(|head| self.sessions.get(&head.hash)) else {
            return Vec::new();
        };
        sessions.values().map(|open| (open.record, open.expires_at)).collect()
    }

    /// The user whom a key allows to sign at `station` now, in a role if one is needed.
    pub(crate) fn user_with(
        &self,
        key: PublicKey,
        station: &str,
        role: Option<Role>,
    ) -> Result<EnrolledKey, QuarantineCode> {
        user_right(&self.register, key, station, role)?;
        let user = self.register.user(key).ok_or(QuarantineCode::UnknownKey)?;
        if user.revoked { Err(QuarantineCode::Revoked) } else { Ok(user) }
    }

    /// The user whose session a key is, at the end of the station's chain.
    pub(crate) fn session_with(&self, key: PublicKey, station: &str, role: Option<Role>) -> Result<(), QuarantineCode> {
        let head = self.head(station).and_then(|head| self.sessions.get(&head.hash));
        let open = head.ok_or(QuarantineCode::SessionEnded)?;
        judge::session_right(&self.register, open, key, station, role).map(|_| ())
    }
}

/// A refusal.
const fn refused(code: RefusalCode, sentence: String) -> Refused {
    Refused { code, sentence }
}

/// The refusal of an envelope.
fn refused_envelope(problem: RefusedEnvelope) -> Refused {
    let code = match problem {
        RefusedEnvelope::Signature => RefusalCode::BadSignature,
        RefusedEnvelope::TooLong
        | RefusedEnvelope::NotCanonical
        | RefusedEnvelope::Base64
        | RefusedEnvelope::PayloadType
        | RefusedEnvelope::KeyId => RefusalCode::NotCanonical,
    };
    refused(code, format!("The record was refused: {problem}."))
}
