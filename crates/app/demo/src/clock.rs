//! The wall clock, read here and nowhere else in this crate.

use std::time::{SystemTime, UNIX_EPOCH};

use panfloor_model::Timestamp;

/// Now. A clock set before 1970 reads as 1970: pans are not that old.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
