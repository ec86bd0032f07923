//! Minute rollups: moments of one UTC minute, and the row that keeps those of all metrics of a machine.

use std::time::Duration;

use panfloor_model::{Metric, Timestamp};
use thiserror::Error;

use crate::moments::Moments;

/// Moments of the UTC minute that starts at `minute`. `samples` may hold others too; `before` is the last sample before
/// the minute, whose value may hold into it. `None` if no value was known in the minute.
#[must_use]
pub fn minute_moments(
    samples: &[(Timestamp, f64)],
    before: Option<(Timestamp, f64)>,
    minute: Timestamp,
    hold: Duration,
) -> Option<Moments> {
    let _ = (samples, before, minute, hold);
    None
}

/// One machine-minute: the moments of its metrics.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MinuteRow(pub Vec<(Metric, Moments)>);

/// Why the bytes of a minute row were refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A newer Panfloor wrote it.
    #[error("the minute row has version {0}, this Panfloor reads version 1: start the newer one")]
    Version(u8),
    /// The bytes are damaged.
    #[error("the minute row is damaged at byte {at}: {reason}; build it anew from the samples")]
    Damaged {
        /// Where reading stopped.
        at: usize,
        /// What is wrong.
        reason: &'static str,
    },
}

impl MinuteRow {
    /// Compact, versioned bytes; opaque to the store.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Vec::new()
    }

    /// Reads them back.
    ///
    /// # Errors
    /// If a newer version wrote them or they are damaged.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let _ = bytes;
        Ok(Self::default())
    }
}
