//! Series of samples for the tests.

use panfloor_model::Timestamp;
use proptest::prelude::*;

/// Start of the test series: the start of a UTC minute.
pub(crate) const START: Timestamp = Timestamp(1_700_000_040_000_000);

/// The moment `millis` after the start.
pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp(START.0 + millis * 1000)
}

/// Values as sensors give them, and some that no sensor should.
pub(crate) fn value() -> impl Strategy<Value = f64> {
    prop_oneof![10 => 40.0..90.0, 2 => -1e6..1e6, 1 => Just(0.0), 1 => Just(1e100), 1 => Just(-1e100)]
}

/// An ascending series that begins a little before the start, with gaps.
pub(crate) fn series() -> impl Strategy<Value = Vec<(Timestamp, f64)>> {
    let spacing = prop_oneof![10 => Just(1000_i64), 5 => 1_i64..3000, 1 => 10_000_i64..400_000];
    prop::collection::vec((spacing, prop_oneof![4 => 40.0..90.0, 1 => value()]), 0..400).prop_map(|steps| {
        let mut time = -20_000;
        let step = |(spacing, value)| {
            time += spacing;
            (at(time), value)
        };
        steps.into_iter().map(step).collect()
    })
}

/// Whether two numbers agree to rounding at the size of `scale`.
pub(crate) fn close(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-9 * scale.abs().max(1e-9)
}
