//! Epochs and versions: which opens count, and how a version is shown.

use std::collections::BTreeMap;

use crate::body::Frontier;
use crate::ledger::{Ledger, MAX_VERSION, Record};
use crate::names::Hash;

/// Two stations never claim the same epoch: each takes those congruent to its number.
pub const EPOCH_MODULUS: u64 = 64;

/// Versions of one epoch; the last (n = 999) is followed by a new epoch.
pub const VERSIONS_PER_EPOCH: u64 = 1000;

/// A version as people see it: 12004 is `v12.4`, which nobody takes for a setpoint. Earlier and later compare as numbers.
#[must_use]
pub fn shown_version(version: u64) -> String {
    format!("v{}.{}", epoch_of(version), version % VERSIONS_PER_EPOCH)
}

/// The epoch of a version.
pub(crate) const fn epoch_of(version: u64) -> u64 {
    version / VERSIONS_PER_EPOCH
}

/// The lowest epoch above `seen` that belongs to station `number`; `None` when its versions would no longer be exact
/// JSON numbers.
pub(crate) fn next_epoch(seen: u64, number: u8) -> Option<u64> {
    let number = u64::from(number) % EPOCH_MODULUS;
    let above = seen.checked_add(1)?;
    let epoch = above.checked_add((EPOCH_MODULUS + number - above % EPOCH_MODULUS) % EPOCH_MODULUS)?;
    (epoch < MAX_VERSION / VERSIONS_PER_EPOCH).then_some(epoch)
}

/// An open that counts.
#[derive(Debug, Clone)]
pub(crate) struct CountingOpen {
    pub(crate) hash: Hash,
    pub(crate) epoch: u64,
    pub(crate) station: String,
    pub(crate) frontier: Frontier,
}

/// The opens that count, highest epoch first: the highest of all, and each lower one that lies inside the frontiers of
/// all counting higher ones.
pub(crate) fn counting_opens(ledger: &Ledger) -> Vec<CountingOpen> {
    let numbers: BTreeMap<String, u8> =
        ledger.stations().into_iter().filter_map(|one| Some((one.station, one.number?))).collect();
    let claims: Vec<(u64, Hash)> =
        ledger.counting().filter_map(|record| Some((record.payload.body.as_claim()?, record.hash))).collect();
    let mut opens: Vec<CountingOpen> = ledger
        .counting()
        .filter_map(|record| {
            let open = record.payload.body.as_open()?;
            let number = numbers.get(&record.payload.station)?;
            let own = open.epoch % EPOCH_MODULUS == u64::from(*number);
            let claimed =
                claims.iter().any(|(epoch, claim)| *epoch == open.epoch && ledger.is_before(*claim, record.hash));
            (own && claimed).then(|| CountingOpen {
                hash: record.hash,
                epoch: open.epoch,
                station: record.payload.station.clone(),
                frontier: open.frontier.clone(),
            })
        })
        .collect();
    opens.sort_by_key(|open| (std::cmp::Reverse(open.epoch), open.hash));
    let mut counting: Vec<CountingOpen> = Vec::new();
    for open in opens {
        if counting.iter().all(|higher| ledger.inside(&higher.frontier, open.hash)) {
            counting.push(open);
        }
    }
    counting
}

/// The highest epoch that any record of a known key speaks of, counting or not: what a new claim must lie above. A stranger's
/// could leave none to claim.
pub(crate) fn highest_epoch(ledger: &Ledger) -> u64 {
    let epoch = |record: &Record| {
        let body = &record.payload.body;
        let published = body.as_publishing().map(|publishing| epoch_of(publishing.version));
        let epoch = body.as_claim().or_else(|| body.as_open().map(|open| open.epoch)).or(published)?;
        ledger.is_known(&record.payload).then_some(epoch)
    };
    ledger.records().filter_map(epoch).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{EPOCH_MODULUS, next_epoch, shown_version};

    #[test]
    fn epochs_are_unique_by_construction() {
        for seen in [0, 1, 5, 63, 64, 65, 1_000_003] {
            for number in 0..64_u8 {
                let epoch = next_epoch(seen, number).unwrap();
                assert!(epoch > seen && epoch <= seen + EPOCH_MODULUS, "{seen} {number}");
                assert_eq!(epoch % EPOCH_MODULUS, u64::from(number));
            }
        }
        assert_eq!(next_epoch(u64::MAX, 3), None);
        assert_eq!(next_epoch(1 << 52, 3), None);
    }

    #[test]
    fn versions_are_shown_with_a_point() {
        assert_eq!(shown_version(12_004), "v12.4");
    }
}
