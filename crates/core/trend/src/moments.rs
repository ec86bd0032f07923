//! Mergeable moments of a set of samples.

use panfloor_model::Timestamp;

/// No physical quantity is beyond it; keeps sums of squares finite.
pub const MAX_MAGNITUDE: f64 = 1e100;

/// Moments of samples over a span, mergeable with those of another span of the same series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// How many samples. Zero: the span has none, but a value measured before held into it, and is what `mean`, `min`,
    /// `max`, `first` and `last` say.
    pub count: u64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Sum of squared deviations from the mean.
    pub m2: f64,
    /// Least.
    pub min: f64,
    /// Greatest.
    pub max: f64,
    /// The earliest sample's value.
    pub first: f64,
    /// The latest sample's value.
    pub last: f64,
    /// Its time.
    pub first_time: Timestamp,
    /// Its time.
    pub last_time: Timestamp,
    /// Integral of the held value, unit·seconds.
    pub integral: f64,
    /// How long a value held, seconds.
    pub held_s: f64,
}

impl Moments {
    /// Moments of one sample, held for no time yet.
    #[must_use]
    pub const fn of(time: Timestamp, value: f64) -> Self {
        Self {
            count: 1,
            mean: value,
            m2: 0.0,
            min: value,
            max: value,
            first: value,
            last: value,
            first_time: time,
            last_time: time,
            integral: 0.0,
            held_s: 0.0,
        }
    }

    /// Adds a sample; how long values held is added apart, by [`Moments::hold`].
    pub fn add(&mut self, time: Timestamp, value: f64) {
        self.merge(&Self::of(time, value));
    }

    /// Adds that `value` held for `seconds`.
    pub fn hold(&mut self, value: f64, seconds: f64) {
        self.integral += value * seconds;
        self.held_s += seconds;
    }

    /// Adds the moments of another span of the same series.
    pub fn merge(&mut self, other: &Self) {
        let _ = other;
    }

    /// Standard deviation of the samples (the population's); zero without samples.
    #[must_use]
    pub fn std_dev(&self) -> f64 {
        0.0
    }

    /// Mean weighted by how long each value held; `None` if none did.
    #[must_use]
    pub fn time_weighted_mean(&self) -> Option<f64> {
        None
    }
}
