//! Who is known here: the ends of chains, the holes and the room that strangers get.
//!
//! Whoever may publish at the broker can make records in any station's name, each a sound chain of its own. They are kept for
//! people to see, since their key may be enrolled by a record that is still to come; until then they move nothing.

use std::collections::BTreeSet;

use super::{Ledger, Record, RefusalCode, Refused, Standing, refused};
use crate::names::Hash;
use crate::record::Payload;

/// Memory for records of keys that nobody enrolled, bytes: some 10,000 acknowledgements of a station that is being fetched.
const STRANGERS_BYTES_MAX: usize = 16 * 1024 * 1024;
/// What a record takes in memory beside its payload, bytes, about.
const RECORD_BYTES: usize = 1024;

/// The records of one station's chain of which each is of a known key, and so is all before it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Linked {
    count: u64,
    highest_seq: u64,
}

impl Linked {
    /// Whether no number is taken twice. All before a linked record is linked, so every number up to the highest is taken.
    pub(super) const fn is_one_chain(self) -> bool {
        self.count == self.highest_seq
    }
}

impl Ledger {
    /// Whether the key may stand in this chain at all: enrolled for its station (revoked, too), an administrator's that is
    /// trusted from outside, or that of a session open before the record.
    pub(crate) fn is_known(&self, payload: &Payload) -> bool {
        self.administrators.contains(&payload.key)
            || self.register.knows(payload.key, &payload.station)
            || payload
                .prev
                .and_then(|prev| self.sessions.get(&prev))
                .is_some_and(|open| open.contains_key(&payload.key))
    }

    /// Takes a record that stands into tips and links, if its key is known. All before it in its chain was taken.
    pub(super) fn link(&mut self, hash: Hash) {
        let Some(payload) = self.records.get(&hash).map(|record| &record.payload) else { return };
        if !self.is_known(payload) {
            return;
        }
        let (station, prev, seq) = (payload.station.clone(), payload.prev, payload.seq);
        // A stranger's record in between is no end of a chain, and hides none.
        let mut before = prev;
        while let Some(record) = before.and_then(|before| self.records.get(&before)) {
            if self.is_known(&record.payload) {
                break;
            }
            before = record.payload.prev;
        }
        if prev.is_none_or(|prev| self.linked.contains(&prev)) {
            self.linked.insert(hash);
            let whole = self.whole.entry(station.clone()).or_default();
            whole.count += 1;
            whole.highest_seq = whole.highest_seq.max(seq);
        }
        let tips = self.tips.entry(station).or_default();
        if let Some(before) = before {
            tips.remove(&before);
        }
        tips.insert(hash);
    }

    /// Records that are not held and that a record of a known key builds on. What strangers' records name is none: nobody
    /// may have it.
    #[must_use]
    pub fn holes(&self) -> Vec<Hash> {
        self.missing.iter().copied().filter(|hash| self.is_built_on(*hash)).collect()
    }

    /// Whether a record of a known key has this one before it in its chain.
    fn is_built_on(&self, hash: Hash) -> bool {
        let mut ahead = vec![hash];
        while let Some(hash) = ahead.pop() {
            for child in self.children.get(&hash).into_iter().flatten() {
                if self.records.get(child).is_some_and(|record| self.is_known(&record.payload)) {
                    return true;
                }
                ahead.push(*child);
            }
        }
        false
    }

    /// Counts a stranger's record that is about to be taken. Where no genesis stands yet nobody can be told from a stranger.
    ///
    /// # Errors
    /// If strangers' records already take all the room they get.
    pub(super) fn admit(&mut self, hash: Hash, payload: &Payload, bytes: usize) -> Result<(), Refused> {
        let awaited = self.missing.contains(&hash) && self.is_built_on(hash);
        if awaited || self.is_known(payload) {
            return Ok(());
        }
        let strangers = self.strangers_bytes + bytes + RECORD_BYTES;
        if strangers > STRANGERS_BYTES_MAX && self.register.is_founded() {
            let sentence = "Its key is enrolled by nobody, and records of unknown keys already take all the room they get: \
                            look at who may publish at the broker.";
            return Err(refused(RefusalCode::Strangers, sentence.to_owned()));
        }
        self.strangers_bytes = strangers;
        Ok(())
    }

    /// Counts strangers' records anew, after any of them may have become known.
    pub(super) fn count_strangers(&mut self) {
        let held = |record: &Record| matches!(record.standing, Standing::Held { .. });
        let mut built_on = BTreeSet::new();
        for record in self.records.values().filter(|record| held(record) && self.is_known(&record.payload)) {
            let mut before = record.payload.prev;
            while let Some(hash) = before.filter(|hash| built_on.insert(*hash)) {
                before = self.records.get(&hash).and_then(|record| record.payload.prev);
            }
        }
        let strangers =
            self.records.values().filter(|record| !self.is_known(&record.payload) && !built_on.contains(&record.hash));
        let bytes = strangers.map(|record| record.envelope.payload().len() + RECORD_BYTES).sum();
        self.strangers_bytes = bytes;
    }

    /// Whether no record is taken any more, of whomever.
    pub(crate) fn is_full(&self) -> bool {
        self.records.len() >= super::MAX_RECORDS
    }
}
