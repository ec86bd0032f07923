//! Envelopes: minimum, mean and maximum a pixel.

use std::time::Duration;

use panfloor_model::Timestamp;

use crate::columns::{Columns, Extreme, Resolution, WindowStats};
use crate::gap::{Between, Gap, between};
use crate::moments::Moments;
use crate::series::{millis, seconds, usable, window_moments};

/// A minute, µs.
const MINUTE_US: i64 = 60_000_000;
/// Most samples read for one pen. More take longer to read than a drag of the chart may wait.
const MAX_RAW_SAMPLES: f64 = 200_000.0;

/// What to read for a window `pixels` wide.
///
/// Raw while a pixel spans less than a minute and no more than 200,000 samples are to be expected; minute rows beyond.
/// Raw always where the window holds at most four samples a pixel: minute rows could only show less of them.
#[must_use]
pub fn choose_resolution(from: Timestamp, to: Timestamp, pixels: u32, expected_interval: Duration) -> Resolution {
    let expected_us = (expected_interval.as_micros() as f64).max(1.0);
    let samples = to.since(from).as_micros() as f64 / expected_us;
    let is_few = samples <= 4.0 * f64::from(pixels.max(1));
    let is_near = pixel_us(from, to, pixels) < MINUTE_US;
    if samples <= MAX_RAW_SAMPLES && (is_few || is_near) { Resolution::Raw } else { Resolution::Minute }
}

/// One pen from samples. They may begin before `from`: the last of those may hold into the window.
///
/// With at most one sample a pixel the points are the samples. Else each pixel that has samples gives one point, at its
/// first sample's time. Pixels are laid out from the epoch, not from `from`, so that points stay as they are while a live
/// chart moves on.
#[must_use]
pub fn envelope_raw(
    samples: &[(Timestamp, f64)],
    from: Timestamp,
    to: Timestamp,
    pixels: u32,
    hold: Duration,
) -> Columns {
    let pixel_us = pixel_us(from, to, pixels);
    let inside = || usable(samples).filter(move |(time, _)| *time >= from && *time < to);
    let width_us = if inside().count() <= pixels as usize { 1 } else { pixel_us };
    let mut points = Points::default();
    let mut stats = WindowStats::default();
    for (time, value) in inside() {
        points.add(time.0.div_euclid(width_us), time, &Moments::of(time, value));
        widen(&mut stats, time, value, value);
    }
    let all = window_moments(usable(samples), from, to, hold);
    fill(&mut stats, all.as_ref(), from, to);
    let known = usable(samples).map(|(time, _)| (time, time.plus(hold)));
    let width_ms = if width_us == 1 { 0.0 } else { width_us as f64 / 1e3 };
    points.into_columns((Resolution::Raw, width_ms), visible(between(known, from, to), pixel_us), stats)
}

/// One pen from minute rows, taken in one by one, so that years of them need the memory of a screen.
///
/// Each pixel, at least a minute wide, gives one point in the middle of the minutes it holds. A minute into which only
/// an older value held is no gap and gives a point at that value. A last gap shorter than two minutes is not told: rows come
/// only after their minute.
#[derive(Debug)]
pub struct MinuteEnvelope {
    from: Timestamp,
    to: Timestamp,
    pixel_us: i64,
    width_us: i64,
    last: Option<Timestamp>,
    points: Points,
    stats: WindowStats,
    all: Option<Moments>,
    gaps: Between,
}

impl MinuteEnvelope {
    /// An envelope of the minutes that start in `from..to`.
    #[must_use]
    pub fn new(from: Timestamp, to: Timestamp, pixels: u32) -> Self {
        let pixel_us = pixel_us(from, to, pixels);
        // The minute that `from` cuts is not looked at, and nothing is said of it.
        let first_whole = minute_end(Timestamp(from.0.saturating_sub(1)).minute_start()).min(to);
        Self {
            from,
            to,
            pixel_us,
            width_us: pixel_us.max(MINUTE_US).saturating_add(MINUTE_US - 1) / MINUTE_US * MINUTE_US,
            last: None,
            points: Points::default(),
            stats: WindowStats::default(),
            all: None,
            gaps: Between::new(first_whole, to),
        }
    }

    /// Takes a row in: the start of its minute, and its moments. One that is not later than the one before is passed
    /// over.
    pub fn add(&mut self, minute: Timestamp, moments: &Moments) {
        let inside = minute >= self.from && minute < self.to;
        if !inside || !is_finite(moments) || self.last.is_some_and(|last| minute <= last) {
            return;
        }
        self.last = Some(minute);
        let end = minute_end(minute);
        self.points.add_span(minute.0.div_euclid(self.width_us), minute, end.min(self.to), moments);
        self.gaps.known(minute, end);
        if moments.count > 0 {
            widen(&mut self.stats, minute, moments.min, moments.max);
        }
        match &mut self.all {
            Some(all) => all.merge(moments),
            None => self.all = Some(*moments),
        }
    }

    /// The pen.
    #[must_use]
    pub fn into_columns(mut self) -> Columns {
        fill(&mut self.stats, self.all.as_ref(), self.from, self.to);
        let mut gaps = visible(self.gaps.into_gaps(), self.pixel_us);
        // The minute under way and the one being closed have no row yet.
        let two_minutes_ms = 2.0 * MINUTE_US as f64 / 1e3;
        gaps.pop_if(|gap| gap.to_ms >= millis(self.to) && gap.to_ms - gap.from_ms < two_minutes_ms);
        self.points.into_columns((Resolution::Minute, self.width_us as f64 / 1e3), gaps, self.stats)
    }
}

/// Span of a pixel, at least a microsecond.
fn pixel_us(from: Timestamp, to: Timestamp, pixels: u32) -> i64 {
    (to.0.saturating_sub(from.0) / i64::from(pixels.max(1))).max(1)
}

fn minute_end(minute: Timestamp) -> Timestamp {
    Timestamp(minute.0.saturating_add(MINUTE_US))
}

fn is_finite(moments: &Moments) -> bool {
    let Moments { mean, m2, min, max, integral, held_s, .. } = moments;
    [mean, m2, min, max, integral, held_s].into_iter().all(|number| number.is_finite())
}

/// Gaps at least a pixel wide.
fn visible(mut gaps: Vec<Gap>, pixel_us: i64) -> Vec<Gap> {
    gaps.retain(|gap| gap.to_ms - gap.from_ms >= pixel_us as f64 / 1e3);
    gaps
}

/// Takes `min` and `max` into the statistics' extremes; the earliest of equals stays.
fn widen(stats: &mut WindowStats, time: Timestamp, min: f64, max: f64) {
    let time_ms = millis(time);
    if stats.min.is_none_or(|known| min < known.value) {
        stats.min = Some(Extreme { value: min, time_ms });
    }
    if stats.max.is_none_or(|known| max > known.value) {
        stats.max = Some(Extreme { value: max, time_ms });
    }
}

fn fill(stats: &mut WindowStats, all: Option<&Moments>, from: Timestamp, to: Timestamp) {
    let Some(all) = all else { return };
    stats.time_weighted_mean = all.time_weighted_mean().filter(|mean| mean.is_finite());
    stats.sigma = (all.count > 0).then(|| all.std_dev()).filter(|sigma| sigma.is_finite());
    let window_s = seconds(from, to);
    stats.data_fraction = if window_s > 0.0 { (all.held_s / window_s).clamp(0.0, 1.0) } else { 0.0 };
}

/// Points being gathered, one a pixel.
#[derive(Debug, Default)]
struct Points {
    done: Vec<Open>,
    open: Option<Open>,
}

/// A pixel and what lies in it.
#[derive(Debug, Clone, Copy)]
struct Open {
    pixel: i64,
    start: Timestamp,
    end: Timestamp,
    moments: Moments,
}

impl Points {
    fn add(&mut self, pixel: i64, time: Timestamp, moments: &Moments) {
        match &mut self.open {
            Some(open) if open.pixel == pixel => open.moments.merge(moments),
            Some(_) | None => self.begin(Open { pixel, start: time, end: time, moments: *moments }),
        }
    }

    fn add_span(&mut self, pixel: i64, start: Timestamp, end: Timestamp, moments: &Moments) {
        match &mut self.open {
            Some(open) if open.pixel == pixel => {
                open.end = end;
                open.moments.merge(moments);
            }
            Some(_) | None => self.begin(Open { pixel, start, end, moments: *moments }),
        }
    }

    fn begin(&mut self, next: Open) {
        self.done.extend(self.open.replace(next));
    }

    fn into_columns(
        mut self,
        (resolution, width_ms): (Resolution, f64),
        gaps: Vec<Gap>,
        stats: WindowStats,
    ) -> Columns {
        self.done.extend(self.open.take());
        let column = |of: fn(&Open) -> f64| self.done.iter().map(of).collect();
        Columns {
            resolution,
            width_ms,
            time_ms: column(Open::middle_ms),
            start_ms: column(|point| millis(point.start)),
            mean: column(|point| point.moments.mean),
            min: column(|point| point.moments.min),
            max: column(|point| point.moments.max),
            count: self.done.iter().map(|point| point.moments.count).collect(),
            known: column(Open::known),
            gaps,
            stats,
        }
    }
}

impl Open {
    fn middle_ms(&self) -> f64 {
        millis(Timestamp(self.start.0.saturating_add(self.end.0.saturating_sub(self.start.0) / 2)))
    }

    /// Part of the span in which a value was known; of a span of no length all.
    fn known(&self) -> f64 {
        let span_s = seconds(self.start, self.end);
        if span_s > 0.0 { (self.moments.held_s / span_s).clamp(0.0, 1.0) } else { 1.0 }
    }
}
