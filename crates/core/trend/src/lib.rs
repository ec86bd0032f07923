//! Trends: mergeable moments, minute rows, envelopes, gaps, time-weighted statistics. Plain functions.
//!
//! Does: turns samples and minute rows into what a chart draws and what the store keeps for wide spans.
//! Never: interpolates, reads a clock, does I/O, keeps state.
//!
//! Invariants:
//! - A value holds until the next sample, and at most for the hold (2.5 expected intervals); past that is a gap.
//! - An envelope's minimum and maximum contain every sample of the window; nothing lies outside `from..to`.
//! - Gaps are disjoint, sorted and not empty.
//! - Every number that comes out is finite: values that are not, or beyond [`MAX_MAGNITUDE`], are passed over.
//!
//! Samples are `(time, value)` in ascending time; one that is not later than the one before is passed over.

mod columns;
mod envelope;
mod gap;
mod interval;
mod minute;
mod moments;
mod series;

pub use columns::{Columns, Extreme, Resolution, WindowStats};
pub use envelope::{MinuteEnvelope, choose_resolution, envelope_raw};
pub use gap::{Gap, gaps};
pub use interval::{expected_interval, hold};
pub use minute::{DecodeError, MinuteRow, minute_moments};
pub use moments::{MAX_MAGNITUDE, Moments};
