//! A trend sheet as data: everything that is drawn, prepared by the caller.

/// A colour: red, green, blue.
pub type Rgb = (u8, u8, u8);

/// A page of stacked lanes that share one time axis.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendSheet {
    /// Largest line at the top.
    pub title: String,
    /// Below the title: span, resolution.
    pub subtitle: String,
    /// From top to bottom, one a unit.
    pub lanes: Vec<Lane>,
    /// Marked through all lanes and named in the row below them.
    pub events: Vec<EventMark>,
    /// Start of the time axis, milliseconds since the epoch.
    pub from_ms: f64,
    /// End of the time axis, milliseconds since the epoch; after the start.
    pub to_ms: f64,
    /// Where to draw a vertical grid line and what to write under it, in local time.
    pub time_labels: Vec<(f64, String)>,
    /// Pixels, [`SIZE_MIN_PX`] to [`SIZE_MAX_PX`].
    pub width: u32,
    /// Pixels, [`SIZE_MIN_PX`] to [`SIZE_MAX_PX`].
    pub height: u32,
    /// Colours.
    pub palette: Palette,
    /// Small line at the bottom: where it comes from, when it was made.
    pub footer: String,
}

/// One unit's plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Above the axis: `mbar`, `°C`.
    pub unit_title: String,
    /// Lowest and highest value of the axis; the second above the first.
    pub y_range: (f64, f64),
    /// Stretches of the axis beyond limits, shaded quietly behind everything.
    pub bands: Vec<Band>,
    /// Drawn as light dotted lines with a tab at the axis.
    pub limits: Vec<LimitLine>,
    /// Drawn in order, the last on top.
    pub pens: Vec<PenLine>,
    /// Hatched over the lane's whole height.
    pub gaps: Vec<Gap>,
}

/// A stretch of a lane's axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Lower end, in the lane's unit; may lie outside the axis.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How dark.
    pub shade: Shade,
}

/// How dark a band is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    /// Between high and high-high, or low and low-low.
    Warn,
    /// Beyond high-high or low-low.
    Trip,
}

/// A limit of the lane.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitLine {
    /// `high 70`.
    pub label: String,
    /// In the lane's unit. One outside the axis is not drawn.
    pub value: f64,
}

/// One series.
#[derive(Debug, Clone, PartialEq)]
pub struct PenLine {
    /// In the legend: `Pan 14 pressure`.
    pub name: String,
    /// Of the line.
    pub color: Rgb,
    /// Lengths in pixels of dash, gap, dash, …; empty for a solid line.
    pub dash: Vec<u32>,
    /// Pieces of (milliseconds since the epoch, value). Nothing is drawn between two pieces, nor over a value that is
    /// not finite.
    pub segments: Vec<Vec<(f64, f64)>>,
    /// (Milliseconds since the epoch, lowest, highest), shaded behind the line; cut where a piece of the line ends.
    pub envelope: Option<Vec<(f64, f64, f64)>>,
}

/// A stretch without data.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Start, milliseconds since the epoch.
    pub from_ms: f64,
    /// End, milliseconds since the epoch.
    pub to_ms: f64,
    /// Cause and length, written into it where there is room: `No data 4 min 20 s`. May be empty.
    pub label: String,
}

/// Something that happened at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct EventMark {
    /// Milliseconds since the epoch.
    pub time_ms: f64,
    /// What it was; left out where it would run into the next.
    pub label: String,
    /// Tells its kind without the colour.
    pub shape: Shape,
    /// Of the shape.
    pub color: Rgb,
}

/// Shape of an event's mark. The first four are the alarm priorities'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Critical alarm.
    Square,
    /// High alarm.
    Triangle,
    /// Medium alarm.
    Diamond,
    /// Low alarm.
    Circle,
    /// Anything that is no alarm: a note, a config applied.
    Tab,
}

/// The sheet's colours but for pens and events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Page.
    pub ground: Rgb,
    /// Plot.
    pub plot: Rgb,
    /// Bands between a limit and the graver one.
    pub warn: Rgb,
    /// Bands beyond the graver limit.
    pub trip: Rgb,
    /// Titles and numbers.
    pub ink: Rgb,
    /// Labels and axes.
    pub muted: Rgb,
    /// Grid and frames.
    pub line: Rgb,
    /// Limit lines.
    pub limit: Rgb,
    /// Hatching of gaps.
    pub hatch: Rgb,
}

impl Palette {
    /// The light theme, which is also the one for paper.
    #[must_use]
    pub const fn light() -> Self {
        Self {
            ground: (0xff, 0xff, 0xff),
            plot: (0xf8, 0xf9, 0xfa),
            warn: (0xee, 0xf0, 0xf2),
            trip: (0xe2, 0xe5, 0xe8),
            ink: (0x12, 0x17, 0x1c),
            muted: (0x4d, 0x57, 0x61),
            line: (0xcf, 0xd4, 0xd8),
            limit: (0x84, 0x8e, 0x97),
            hatch: (0x6b, 0x76, 0x80),
        }
    }

    /// The dark theme.
    #[must_use]
    pub const fn dark() -> Self {
        Self {
            ground: (0x1c, 0x20, 0x24),
            plot: (0x23, 0x28, 0x2d),
            warn: (0x1e, 0x23, 0x27),
            trip: (0x18, 0x1c, 0x1f),
            ink: (0xf1, 0xf3, 0xf5),
            muted: (0x9c, 0xa6, 0xaf),
            line: (0x38, 0x40, 0x47),
            limit: (0x7c, 0x87, 0x91),
            hatch: (0x74, 0x80, 0x8a),
        }
    }
}

/// Smallest width and height: below it nothing would be legible.
pub const SIZE_MIN_PX: u32 = 320;

/// Largest width and height: a PNG of this size takes about 200 MB while it is drawn.
pub const SIZE_MAX_PX: u32 = 4096;

/// Why a sheet cannot be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SheetError {
    /// Width or height is out of range.
    #[error("a sheet of {width} × {height} pixels cannot be drawn: choose {SIZE_MIN_PX} to {SIZE_MAX_PX} each way")]
    Size {
        /// As given.
        width: u32,
        /// As given.
        height: u32,
    },
    /// The time axis is empty, runs backwards or is not finite.
    #[error("the time axis from {from_ms} to {to_ms} ms cannot be drawn: its end must lie after its start")]
    Span {
        /// As given.
        from_ms: f64,
        /// As given.
        to_ms: f64,
    },
    /// A lane's range is empty, runs backwards or is not finite.
    #[error("the range {low} to {high} of the lane “{unit_title}” cannot be drawn: its end must lie above its start")]
    Range {
        /// As given.
        unit_title: String,
        /// As given.
        low: f64,
        /// As given.
        high: f64,
    },
    /// There are more lanes than fit.
    #[error("{lanes} lanes do not fit into {height} pixels: take fewer units or a higher sheet")]
    Lanes {
        /// As given.
        lanes: usize,
        /// As given.
        height: u32,
    },
    /// The drawing or its encoding failed inside the library.
    #[error("the sheet could not be drawn ({0}): report this with the log")]
    Drawing(String),
}

/// Least height of a lane with its title.
pub(crate) const LANE_MIN_PX: u32 = 60;

/// What is not lanes: titles, time axis, events, legend, footer.
pub(crate) const FRAME_PX: u32 = 200;

impl TrendSheet {
    /// Whether it can be drawn.
    pub(crate) fn check(&self) -> Result<(), SheetError> {
        let fits = SIZE_MIN_PX..=SIZE_MAX_PX;
        if !fits.contains(&self.width) || !fits.contains(&self.height) {
            return Err(SheetError::Size { width: self.width, height: self.height });
        }
        if !is_range(self.from_ms, self.to_ms) {
            return Err(SheetError::Span { from_ms: self.from_ms, to_ms: self.to_ms });
        }
        let (lanes, height) = (self.lanes.len(), self.height);
        let needed = u32::try_from(lanes).unwrap_or(u32::MAX).saturating_mul(LANE_MIN_PX);
        if needed > height.saturating_sub(FRAME_PX) {
            return Err(SheetError::Lanes { lanes, height });
        }
        match self.lanes.iter().find(|lane| !is_range(lane.y_range.0, lane.y_range.1)) {
            Some(lane) => Err(SheetError::Range {
                unit_title: lane.unit_title.clone(),
                low: lane.y_range.0,
                high: lane.y_range.1,
            }),
            None => Ok(()),
        }
    }
}

/// Whether there is a finite, not vanishing way from `low` to `high`.
fn is_range(low: f64, high: f64) -> bool {
    low.is_finite() && high.is_finite() && (high - low).is_finite() && high - low > 0.0
}
