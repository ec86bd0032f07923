//! Reading ids of readings without device time, remembered 48 h of arrival time.

use std::collections::{BTreeMap, HashSet};

use sha2::{Digest, Sha256};

/// How long an id is remembered, hours of arrival time.
const REMEMBERED_HOURS: i64 = 48;
/// Most ids remembered, about 40 MB: 5 readings a second without device time for 48 h. Beyond it the oldest hours are
/// forgotten earlier.
const MAX_IDS: usize = 1_000_000;
/// Bytes of an id's hash: 128 bits, so that among a million no two will meet.
pub(crate) const ID_BYTES: usize = 16;

/// A machine's reading id, hashed.
pub(crate) type IdHash = [u8; ID_BYTES];

/// Hash of a reading id.
pub(crate) fn hash(machine: u32, id: &str) -> IdHash {
    let digest = Sha256::new().chain_update(machine.to_le_bytes()).chain_update(id.as_bytes()).finalize();
    let mut out = [0; ID_BYTES];
    out.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    out
}

/// Ids by hour of arrival.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReadingIds {
    hours: BTreeMap<i64, HashSet<IdHash>>,
    count: usize,
}

impl ReadingIds {
    pub(crate) fn contains(&self, id: &IdHash) -> bool {
        self.hours.values().any(|ids| ids.contains(id))
    }

    /// Remembers an id; forgets what is 48 h older than the newest hour.
    pub(crate) fn insert(&mut self, hour: i64, id: IdHash) {
        while self.count >= MAX_IDS {
            self.forget_oldest();
        }
        if self.hours.entry(hour).or_default().insert(id) {
            self.count += 1;
        }
        let newest = self.hours.last_key_value().map_or(hour, |(h, _)| *h);
        while self.hours.first_key_value().is_some_and(|(h, _)| *h < newest - REMEMBERED_HOURS) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, ids)) = self.hours.pop_first() {
            self.count -= ids.len();
        }
    }

    /// Hours before this one need not be kept.
    pub(crate) fn oldest_kept(&self) -> Option<i64> {
        self.hours.first_key_value().map(|(h, _)| *h)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_forgotten_after_48_hours() {
        let mut ids = ReadingIds::default();
        ids.insert(100, hash(1, "a"));
        ids.insert(148, hash(1, "b"));
        assert!(ids.contains(&hash(1, "a")));
        assert!(!ids.contains(&hash(2, "a")), "another machine's");
        ids.insert(149, hash(1, "c"));
        assert!(!ids.contains(&hash(1, "a")));
        assert_eq!((ids.count, ids.oldest_kept()), (2, Some(148)));
    }
}
