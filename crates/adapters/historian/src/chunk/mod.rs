//! Sealed machine-hours: how they are coded, and the month files they lie in.

pub(crate) mod cache;
pub(crate) mod format;
pub(crate) mod month;
mod numbers;
mod runs;
