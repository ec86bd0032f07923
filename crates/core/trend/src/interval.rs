//! How far apart samples are to be expected, and how long a value holds.

use std::time::Duration;

use panfloor_model::Timestamp;

/// How many spacings are looked at.
const SPACINGS: usize = 20;
/// Where nothing is known: what pans are set to send.
const DEFAULT: Duration = Duration::from_secs(1);
/// Longest interval believed. A longer one would make a value of this morning hold in the afternoon.
const LONGEST: Duration = Duration::from_secs(3600);

/// The expected sample interval: the one the machine reports, else the median of the last 20 spacings of `times`
/// (ascending), else a second. From a microsecond to an hour.
#[must_use]
pub fn expected_interval(reported_ms: Option<u64>, times: &[Timestamp]) -> Duration {
    if let Some(millis) = reported_ms.filter(|millis| *millis > 0) {
        return Duration::from_millis(millis).min(LONGEST);
    }
    let spacings = times.windows(2).rev().filter_map(|pair| match pair {
        [earlier, later] if later > earlier => Some(later.since(*earlier)),
        _ => None,
    });
    let mut last: Vec<_> = spacings.take(SPACINGS).collect();
    last.sort_unstable();
    // Of an even number the lower middle: a machine is rather called late than held too long.
    let middle = last.get(last.len().saturating_sub(1) / 2);
    middle.copied().unwrap_or(DEFAULT).min(LONGEST)
}

/// How long a value holds: 2.5 expected intervals.
#[must_use]
pub fn hold(expected: Duration) -> Duration {
    expected.saturating_mul(5) / 2
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use panfloor_model::Timestamp;

    use super::{expected_interval, hold};

    #[test]
    fn reported_then_median_then_a_second() {
        let times: Vec<_> = [0, 1, 2, 3, 63, 64].map(|second| Timestamp::from_millis(second * 1000)).to_vec();
        assert_eq!(expected_interval(Some(250), &times), Duration::from_millis(250));
        assert_eq!(expected_interval(Some(0), &times), Duration::from_secs(1), "one long pause is no interval");
        assert_eq!(expected_interval(None, &[Timestamp(9), Timestamp(9)]), Duration::from_secs(1));
        assert_eq!(expected_interval(Some(u64::MAX), &[]), Duration::from_secs(3600));
    }

    #[test]
    fn only_the_last_twenty_count() {
        let slow = (0..100).map(|n| n * 10_000);
        let fast = (1..=21).map(|n| 990_000 + n * 500);
        let times: Vec<_> = slow.chain(fast).map(Timestamp::from_millis).collect();
        assert_eq!(expected_interval(None, &times), Duration::from_millis(500));
    }

    #[test]
    fn a_value_holds_two_and_a_half_intervals() {
        assert_eq!(hold(Duration::from_secs(1)), Duration::from_millis(2500));
        assert!(hold(Duration::MAX) > Duration::from_secs(3600));
    }
}
