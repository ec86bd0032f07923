//! Envelopes: minimum, mean and maximum a pixel.

use std::time::Duration;

use panfloor_model::Timestamp;

use crate::columns::{Columns, Resolution, WindowStats};
use crate::moments::Moments;

/// One pen from samples. They may begin before `from`: the last of those may hold into the window.
#[must_use]
pub fn envelope_raw(
    samples: &[(Timestamp, f64)],
    from: Timestamp,
    to: Timestamp,
    pixels: u32,
    hold: Duration,
) -> Columns {
    let _ = (samples, from, to, pixels, hold);
    empty(Resolution::Raw)
}

/// One pen from minute rows (start of the minute, moments), ascending.
#[must_use]
pub fn envelope_minutes(rows: &[(Timestamp, Moments)], from: Timestamp, to: Timestamp, pixels: u32) -> Columns {
    let _ = (rows, from, to, pixels);
    empty(Resolution::Minute)
}

/// What to read for a window.
#[must_use]
pub fn choose_resolution(from: Timestamp, to: Timestamp, pixels: u32, expected_interval: Duration) -> Resolution {
    let _ = (from, to, pixels, expected_interval);
    Resolution::Raw
}

fn empty(resolution: Resolution) -> Columns {
    Columns {
        resolution,
        time_ms: Vec::new(),
        mean: Vec::new(),
        min: Vec::new(),
        max: Vec::new(),
        gaps: Vec::new(),
        stats: WindowStats::default(),
    }
}
