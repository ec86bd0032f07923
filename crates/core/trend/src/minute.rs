//! Minute rollups: moments of one UTC minute, and the row that keeps those of all metrics of a machine.

use std::time::Duration;

use panfloor_model::{Metric, Timestamp};
use thiserror::Error;

use crate::moments::Moments;
use crate::series::{usable, window_moments};

/// Version of the row's bytes.
const VERSION: u8 = 1;
/// Bytes of one metric's numbers: count, eight floats, two times.
const NUMBERS: usize = 11 * 8;

/// Moments of the UTC minute that starts at `minute`. `samples` may hold others too; `before` is the last sample before
/// the minute, whose value may hold into it. `None` if no value was known in the minute.
#[must_use]
pub fn minute_moments(
    samples: &[(Timestamp, f64)],
    before: Option<(Timestamp, f64)>,
    minute: Timestamp,
    hold: Duration,
) -> Option<Moments> {
    let end = minute.plus(Duration::from_secs(60));
    let before = before.filter(|(time, value)| *time < minute && crate::moments::is_usable(*value));
    let all = before.into_iter().chain(usable(samples).filter(move |(time, _)| before.is_none_or(|(b, _)| *time > b)));
    window_moments(all, minute, end, hold)
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
    /// The moments of a metric.
    #[must_use]
    pub fn of(&self, metric: &str) -> Option<&Moments> {
        self.0.iter().find(|(known, _)| known.as_str() == metric).map(|(_, moments)| moments)
    }

    /// Versioned bytes, opaque to the store: version; then for each metric the length of its name (one byte), the name,
    /// and its numbers of eight bytes each, little-endian, in the order of the fields of [`Moments`]. The floats are kept
    /// bit by bit. A metric whose name is longer than 255 bytes is left out (the wire allows none).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1 + self.0.len() * (NUMBERS + 16));
        bytes.push(VERSION);
        for (metric, moments) in &self.0 {
            let Ok(length) = u8::try_from(metric.as_str().len()) else { continue };
            bytes.push(length);
            bytes.extend_from_slice(metric.as_str().as_bytes());
            for number in to_words(moments) {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        }
        bytes
    }

    /// Reads them back.
    ///
    /// # Errors
    /// If a newer version wrote them or they are damaged (cut short, not UTF-8, a number that is not finite).
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut row = Self::default();
        walk(bytes, |name, moments| {
            row.0.push((Metric::new(name), moments()?));
            Some(())
        })?;
        Ok(row)
    }

    /// Reads the moments of some metrics, in their order, without making the others.
    ///
    /// # Errors
    /// As `decode`, but a number that is not finite is an error only among `metrics`.
    pub fn pick(bytes: &[u8], metrics: &[Metric]) -> Result<Vec<Option<Moments>>, DecodeError> {
        let mut found = vec![None; metrics.len()];
        walk(bytes, |name, moments| {
            for (_, found) in
                metrics.iter().zip(&mut found).filter(|(metric, found)| found.is_none() && metric.as_str() == name)
            {
                *found = Some(moments()?);
            }
            Some(())
        })?;
        Ok(found)
    }
}

/// Hands each metric of a row to `each`, which returns `None` for numbers that are not finite.
fn walk<'a>(
    bytes: &'a [u8],
    mut each: impl FnMut(&'a str, &dyn Fn() -> Option<Moments>) -> Option<()>,
) -> Result<(), DecodeError> {
    let damaged = |rest: &[u8], reason| DecodeError::Damaged { at: bytes.len() - rest.len(), reason };
    let Some((version, mut rest)) = bytes.split_first() else { return Err(damaged(bytes, "it is empty")) };
    if *version != VERSION {
        return Err(DecodeError::Version(*version));
    }
    while let Some((length, after)) = rest.split_first() {
        let cut = |_| damaged(rest, "it is cut short");
        let (name, after) = after.split_at_checked(usize::from(*length)).ok_or(()).map_err(cut)?;
        let (numbers, after) = after.split_at_checked(NUMBERS).ok_or(()).map_err(cut)?;
        let name = std::str::from_utf8(name).map_err(|_| damaged(rest, "a metric's name is not UTF-8"))?;
        each(name, &|| from_words(numbers)).ok_or_else(|| damaged(rest, "a number is not finite"))?;
        rest = after;
    }
    Ok(())
}

fn to_words(moments: &Moments) -> [u64; 11] {
    let Moments { count, mean, m2, min, max, first, last, first_time, last_time, integral, held_s } = *moments;
    let [mean, m2, min, max] = [mean, m2, min, max].map(f64::to_bits);
    let [first, last, integral, held_s] = [first, last, integral, held_s].map(f64::to_bits);
    [count, mean, m2, min, max, first, last, first_time.0 as u64, last_time.0 as u64, integral, held_s]
}

fn from_words(bytes: &[u8]) -> Option<Moments> {
    let mut words = bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
    let mut word = || words.next();
    let float = |word: Option<u64>| word.map(f64::from_bits).filter(|float| float.is_finite());
    Some(Moments {
        count: word()?,
        mean: float(word())?,
        m2: float(word())?,
        min: float(word())?,
        max: float(word())?,
        first: float(word())?,
        last: float(word())?,
        first_time: Timestamp(word()? as i64),
        last_time: Timestamp(word()? as i64),
        integral: float(word())?,
        held_s: float(word())?,
    })
}
