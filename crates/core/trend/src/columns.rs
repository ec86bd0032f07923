//! What a chart draws: columns of numbers, ready for the binary channel.

use crate::gap::Gap;

/// What the points are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// Samples, thinned to a minimum, mean and maximum a pixel where they are denser than that.
    Raw,
    /// Minute rows.
    Minute,
}

/// One pen of a chart. All columns have the same length; times rise strictly and lie in `from..to`.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// What the points are made of.
    pub resolution: Resolution,
    /// Span of the pixel a point stands for; zero where the points are samples.
    pub width_ms: f64,
    /// Milliseconds since the epoch.
    pub time_ms: Vec<f64>,
    /// Start of what the point is made of: of its first minute, or its first sample.
    pub start_ms: Vec<f64>,
    /// Mean of the point's samples, in the metric's unit.
    pub mean: Vec<f64>,
    /// Least of the point's samples; equals the mean where the point is one sample.
    pub min: Vec<f64>,
    /// Greatest of the point's samples.
    pub max: Vec<f64>,
    /// How many samples the point is made of; zero where only an older value held.
    pub count: Vec<u64>,
    /// Part of the point's span in which a value was known, 0 to 1; of raw points 1.
    pub known: Vec<f64>,
    /// Gaps at least a pixel wide: the line breaks there. Narrower ones only count in the data fraction.
    pub gaps: Vec<Gap>,
    /// Statistics of the window.
    pub stats: WindowStats,
}

/// A least or greatest value and its time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extreme {
    /// In the metric's unit.
    pub value: f64,
    /// When, milliseconds since the epoch; at minute resolution the start of the minute it happened in.
    pub time_ms: f64,
}

/// Statistics of a window. `None` where there is no data.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WindowStats {
    /// Mean weighted by how long each value held.
    pub time_weighted_mean: Option<f64>,
    /// Least sample.
    pub min: Option<Extreme>,
    /// Greatest sample.
    pub max: Option<Extreme>,
    /// Standard deviation of the samples (the population's).
    pub sigma: Option<f64>,
    /// Part of the window in which a value was known: 0 to 1.
    pub data_fraction: f64,
}
