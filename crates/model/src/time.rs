//! Time as a value. Nobody below the engine reads a clock: `Now` is handed in.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment: microseconds since 1970-01-01T00:00:00Z, without leap seconds. Negative before 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
const HOUR: i64 = 60 * MINUTE;

impl Timestamp {
    /// From microseconds since the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From milliseconds since the epoch; saturates at the ends of the range.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1000))
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since the epoch, rounded down.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Start of the UTC minute this moment lies in.
    #[must_use]
    pub const fn minute_start(self) -> Self {
        Self(self.0.div_euclid(MINUTE) * MINUTE)
    }

    /// Start of the UTC hour this moment lies in.
    #[must_use]
    pub const fn hour_start(self) -> Self {
        Self(self.0.div_euclid(HOUR) * HOUR)
    }

    /// This moment plus `span`; saturates.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    /// This moment minus `span`; saturates.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    /// Time from `earlier` to this moment; zero if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// A reading of a clock that counts suspend and never steps: microseconds since an arbitrary start.
/// For timers only; means nothing in another process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mono(pub u64);

impl Mono {
    /// This reading plus `span`; saturates.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(span.as_micros()).unwrap_or(u64::MAX)))
    }

    /// Time from `earlier` to this reading; zero if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

/// Both clocks, read at one moment. Made only in the engine's clock, or by a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// Wall clock: for records and anything that outlives a start. May step.
    pub wall: Timestamp,
    /// For timers: never steps.
    pub mono: Mono,
}

impl Now {
    /// Both clocks moved on by `span`: what tests use to let time pass.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self { wall: self.wall.plus(span), mono: self.mono.plus(span) }
    }
}
