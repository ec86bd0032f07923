//! The one place where clocks are read.

use std::time::{SystemTime, UNIX_EPOCH};

use panfloor_model::{Mono, Now, Timestamp};

/// Reads wall clock and timer clock.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    origin: std::time::Instant,
}

impl Clock {
    /// A clock. Its timer starts anywhere; two clocks of one process agree on Linux only.
    #[must_use]
    pub fn new() -> Self {
        Self {
            #[cfg(not(any(target_os = "linux", target_os = "android")))]
            origin: std::time::Instant::now(),
        }
    }

    /// Both clocks, now.
    #[must_use]
    pub fn now(&self) -> Now {
        Now { wall: wall(), mono: self.mono() }
    }

    /// Time since boot, suspend included.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    #[expect(clippy::unused_self, reason = "other systems need the origin")]
    fn mono(&self) -> Mono {
        let read = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let seconds = u64::try_from(read.tv_sec).unwrap_or(0);
        let micros = u64::try_from(read.tv_nsec).unwrap_or(0) / 1000;
        Mono(seconds.saturating_mul(1_000_000).saturating_add(micros))
    }

    /// Windows' performance counter counts suspend; on macOS it does not, and nothing else is offered without `unsafe`.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn mono(&self) -> Mono {
        Mono(u64::try_from(self.origin.elapsed().as_micros()).unwrap_or(u64::MAX))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// The wall clock; before 1970 it is taken for 1970.
fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
