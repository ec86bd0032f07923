//! Times at which no value was known.

use std::time::Duration;

use panfloor_model::Timestamp;

/// A span without a value: from the end of the last value's hold to the next sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Start, milliseconds since the epoch.
    pub from_ms: f64,
    /// End, milliseconds since the epoch; later than the start.
    pub to_ms: f64,
}

/// The gaps in `from..to`: disjoint, ascending. `times` ascend and may begin before `from`: what was measured there may hold
/// into the window.
#[must_use]
pub fn gaps(times: &[Timestamp], from: Timestamp, to: Timestamp, hold: Duration) -> Vec<Gap> {
    let _ = (times, from, to, hold);
    Vec::new()
}
