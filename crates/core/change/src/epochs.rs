//! Epochs and versions: which opens count, and how a version is shown.

/// Two stations never claim the same epoch: each takes those congruent to its number.
pub const EPOCH_MODULUS: u64 = 64;

/// Versions of one epoch; the last (n = 999) is followed by a new epoch.
pub const VERSIONS_PER_EPOCH: u64 = 1000;

/// A version as people see it: 12004 is `12.4`. Earlier and later compare as numbers.
#[must_use]
pub fn shown_version(version: u64) -> String {
    format!("{}.{}", version / VERSIONS_PER_EPOCH, version % VERSIONS_PER_EPOCH)
}
