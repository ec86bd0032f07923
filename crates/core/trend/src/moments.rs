//! Mergeable moments of a set of samples.

use panfloor_model::Timestamp;

/// No physical quantity is beyond it; keeps sums of squares finite.
pub const MAX_MAGNITUDE: f64 = 1e100;

/// Moments of samples over a span, mergeable with those of another span of the same series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// How many samples. Zero: the span has none, but a value measured before held into it; that value is what `mean`, `min`,
    /// `max`, `first` and `last` say, and the span's start is what the times say.
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
    /// The earliest sample's time.
    pub first_time: Timestamp,
    /// The latest sample's time.
    pub last_time: Timestamp,
    /// Integral of the held value, unit·seconds.
    pub integral: f64,
    /// How long a value held, seconds.
    pub held_s: f64,
}

/// Whether a value can be reckoned with.
pub(crate) fn is_usable(value: f64) -> bool {
    value.abs() <= MAX_MAGNITUDE
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

    /// Moments of a span without samples into which `value` held.
    #[must_use]
    pub const fn held_over(start: Timestamp, value: f64) -> Self {
        let mut moments = Self::of(start, value);
        moments.count = 0;
        moments
    }

    /// Adds a sample; how long values held is added apart, by [`Moments::hold`]. What is no number or beyond
    /// [`MAX_MAGNITUDE`] is passed over.
    pub fn add(&mut self, time: Timestamp, value: f64) {
        if is_usable(value) {
            self.merge(&Self::of(time, value));
        }
    }

    /// Adds that `value` held for `seconds`.
    pub fn hold(&mut self, value: f64, seconds: f64) {
        self.integral += value * seconds;
        self.held_s += seconds;
    }

    /// Adds the moments of another span of the same series. Associative and commutative up to rounding.
    ///
    /// Chan, Golub and LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample variances", eq. 2.1.
    pub fn merge(&mut self, other: &Self) {
        let (integral, held_s) = (self.integral + other.integral, self.held_s + other.held_s);
        if self.count == 0 && (other.count > 0 || other.first_time < self.first_time) {
            *self = *other;
        } else if other.count > 0 {
            self.merge_samples(other);
        }
        self.integral = integral;
        self.held_s = held_s;
    }

    /// Merges what is known of samples; both sides have some.
    fn merge_samples(&mut self, other: &Self) {
        let (ours, theirs) = (self.count as f64, other.count as f64);
        let share = theirs / (ours + theirs);
        let delta = other.mean - self.mean;
        self.m2 += other.m2 + delta * delta * ours * share;
        // A weighted sum rather than mean + delta·share: exact where both means are equal, and never outside them.
        let (low, high) = (self.mean.min(other.mean), self.mean.max(other.mean));
        self.mean = (self.mean * (1.0 - share) + other.mean * share).max(low).min(high);
        self.count = self.count.saturating_add(other.count);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        if other.first_time < self.first_time {
            (self.first_time, self.first) = (other.first_time, other.first);
        }
        if other.last_time >= self.last_time {
            (self.last_time, self.last) = (other.last_time, other.last);
        }
    }

    /// Standard deviation of the samples (the population's); zero without samples.
    #[must_use]
    pub fn std_dev(&self) -> f64 {
        if self.count == 0 { 0.0 } else { (self.m2 / self.count as f64).sqrt() }
    }

    /// Mean weighted by how long each value held; `None` if none did.
    #[must_use]
    pub fn time_weighted_mean(&self) -> Option<f64> {
        (self.held_s > 0.0).then(|| self.integral / self.held_s)
    }
}
