//! How long to wait before the next attempt: doubling with full jitter, so that a plant's stations do not all come back
//! in the same instant when their broker does.

use std::time::Duration;

/// Ceiling of the first wait.
const FIRST: Duration = Duration::from_millis(500);

/// Ceiling of every later wait: an operator who mends the broker should not have to look for a button.
const MAX: Duration = Duration::from_secs(30);

/// Least wait, so that a broker which accepts and drops at once is not hammered.
const MIN: Duration = Duration::from_millis(100);

/// A connection that lasted this long was a good one: the next wait starts short again.
pub(crate) const GOOD_AFTER: Duration = Duration::from_secs(10);

/// Doubling ceiling.
#[derive(Debug)]
pub(crate) struct Backoff {
    ceiling: Duration,
}

impl Backoff {
    pub(crate) const fn new() -> Self {
        Self { ceiling: FIRST }
    }

    /// Starts short again.
    pub(crate) const fn reset(&mut self) {
        self.ceiling = FIRST;
    }

    /// The next wait: anything up to the ceiling, which then doubles.
    pub(crate) fn next(&mut self) -> Duration {
        let wait = rand::random_range(MIN..=self.ceiling);
        self.ceiling = self.ceiling.saturating_mul(2).min(MAX);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_lie_under_a_doubling_ceiling_that_stays_at_its_maximum() {
        let mut backoff = Backoff::new();
        for ceiling_ms in [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000] {
            assert_eq!(backoff.ceiling, Duration::from_millis(ceiling_ms));
            let wait = backoff.next();
            assert!(wait >= MIN && wait <= Duration::from_millis(ceiling_ms), "{wait:?}");
        }
        backoff.reset();
        assert!(backoff.next() <= FIRST);
    }
}
