//! Times at which no value was known.

use std::time::Duration;

use panfloor_model::Timestamp;

use crate::series::millis;

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
    between(times.iter().map(|time| (*time, time.plus(hold))), from, to)
}

/// What `spans` (start and end of something known, by ascending start) leave open in `from..to`.
pub(crate) fn between(spans: impl Iterator<Item = (Timestamp, Timestamp)>, from: Timestamp, to: Timestamp) -> Vec<Gap> {
    let mut between = Between::new(from, to);
    spans.for_each(|(start, end)| between.known(start, end));
    between.into_gaps()
}

/// Gaps being found as what is known comes.
#[derive(Debug)]
pub(crate) struct Between {
    known_to: Timestamp,
    to: Timestamp,
    gaps: Vec<Gap>,
}

impl Between {
    pub(crate) const fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { known_to: from, to, gaps: Vec::new() }
    }

    /// Takes a span of something known; their starts ascend.
    pub(crate) fn known(&mut self, start: Timestamp, end: Timestamp) {
        self.open(start.min(self.to));
        self.known_to = self.known_to.max(end);
    }

    pub(crate) fn into_gaps(mut self) -> Vec<Gap> {
        self.open(self.to);
        self.gaps
    }

    /// What lies open up to `end`, if anything.
    fn open(&mut self, end: Timestamp) {
        let (from_ms, to_ms) = (millis(self.known_to), millis(end));
        // Compared as charts count, where far from the epoch a microsecond may round to nothing.
        if from_ms < to_ms {
            self.gaps.push(Gap { from_ms, to_ms });
            self.known_to = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use panfloor_model::Timestamp;

    use super::gaps;

    fn of(times: &[i64]) -> Vec<(f64, f64)> {
        let times: Vec<_> = times.iter().map(|second| Timestamp::from_millis(second * 1000)).collect();
        let (from, to) = (Timestamp::from_millis(10_000), Timestamp::from_millis(20_000));
        let gaps = gaps(&times, from, to, Duration::from_millis(2500));
        gaps.iter().map(|gap| (gap.from_ms / 1e3, gap.to_ms / 1e3)).collect()
    }

    #[test]
    fn a_value_holds_and_then_no_more() {
        assert_eq!(of(&[]), [(10.0, 20.0)]);
        assert_eq!(of(&[8, 9, 10, 12, 14, 16, 18]), []);
        assert_eq!(of(&[9, 15, 17]), [(11.5, 15.0), (19.5, 20.0)]);
        assert_eq!(of(&[1, 25]), [(10.0, 20.0)]);
        assert_eq!(of(&[12, 12, 11, 19]), [(10.0, 12.0), (14.5, 19.0)], "repeated and late times do no harm");
    }

    #[test]
    fn an_empty_window_has_no_gap() {
        let at = Timestamp(5);
        assert!(gaps(&[], at, at, Duration::ZERO).is_empty());
        assert!(gaps(&[], at, Timestamp(4), Duration::ZERO).is_empty());
    }
}
