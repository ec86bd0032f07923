//! Walking samples: passes over what cannot be used, and tells how long each value holds in a window.

use std::time::Duration;

use panfloor_model::Timestamp;

use crate::moments::{Moments, is_usable};

/// The samples that can be used: finite, and each later than the one before.
pub(crate) fn usable(samples: &[(Timestamp, f64)]) -> impl Iterator<Item = (Timestamp, f64)> + Clone {
    let mut last = None;
    samples.iter().copied().filter(move |(time, value)| {
        let keep = is_usable(*value) && last.is_none_or(|last| *time > last);
        if keep {
            last = Some(*time);
        }
        keep
    })
}

/// Moments of the window `from..to`; `None` if no value was known in it. Samples before it only hold into it.
pub(crate) fn window_moments(
    samples: impl Iterator<Item = (Timestamp, f64)> + Clone,
    from: Timestamp,
    to: Timestamp,
    hold: Duration,
) -> Option<Moments> {
    let mut moments: Option<Moments> = None;
    let nexts = samples.clone().skip(1).map(|(time, _)| Some(time)).chain([None]);
    for ((time, value), next) in samples.zip(nexts) {
        if time >= to {
            break;
        }
        if time >= from {
            moments.get_or_insert_with(|| Moments::held_over(time, value)).add(time, value);
        }
        let end = next.map_or(time.plus(hold), |next| next.min(time.plus(hold))).min(to);
        let seconds = seconds(time.max(from), end);
        if seconds > 0.0 {
            moments.get_or_insert_with(|| Moments::held_over(from, value)).hold(value, seconds);
        }
    }
    moments
}

/// Seconds from `from` to `to`, zero if that is negative.
pub(crate) fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.since(from).as_micros() as f64 / 1e6
}

/// Milliseconds since the epoch, as charts count.
pub(crate) fn millis(time: Timestamp) -> f64 {
    time.0 as f64 / 1e3
}
