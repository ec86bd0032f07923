//! Envelopes: minimum, mean and maximum a pixel.

use std::time::Duration;

use panfloor_model::Timestamp;

use crate::columns::{Columns, Extreme, Resolution, WindowStats};
use crate::gap::{Gap, between};
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
    points.into_columns(Resolution::Raw, visible(between(known, from, to), pixel_us), stats)
}

/// One pen from minute rows (start of the minute, moments), ascending. Takes the minutes that start in `from..to`.
///
/// Each pixel, at least a minute wide, gives one point in the middle of the minutes it holds. A minute into which only
/// an older value held is no gap and gives a point at that value. A last gap shorter than two minutes is not told: rows come
/// only after their minute.
#[must_use]
pub fn envelope_minutes(rows: &[(Timestamp, Moments)], from: Timestamp, to: Timestamp, pixels: u32) -> Columns {
    let pixel_us = pixel_us(from, to, pixels);
    let width_us = pixel_us.max(MINUTE_US).saturating_add(MINUTE_US - 1) / MINUTE_US * MINUTE_US;
    let mut last = None;
    let rows = rows.iter().filter(|(minute, moments)| {
        let keep = *minute >= from && *minute < to && is_finite(moments) && last.is_none_or(|last| *minute > last);
        if keep {
            last = Some(*minute);
        }
        keep
    });
    let rows: Vec<_> = rows.collect();
    let mut points = Points::default();
    let mut stats = WindowStats::default();
    let mut all: Option<Moments> = None;
    for (minute, moments) in &rows {
        points.add_span(minute.0.div_euclid(width_us), *minute, minute_end(*minute).min(to), moments);
        if moments.count > 0 {
            widen(&mut stats, *minute, moments.min, moments.max);
        }
        match &mut all {
            Some(all) => all.merge(moments),
            None => all = Some(*moments),
        }
    }
    fill(&mut stats, all.as_ref(), from, to);
    let known = rows.iter().map(|(minute, _)| (*minute, minute_end(*minute)));
    // The minute that `from` cuts is not looked at, and nothing is said of it.
    let first_whole = minute_end(Timestamp(from.0.saturating_sub(1)).minute_start()).min(to);
    let mut gaps = visible(between(known, first_whole, to), pixel_us);
    // The minute under way and the one being closed have no row yet.
    if gaps.last().is_some_and(|gap| gap.to_ms >= millis(to) && gap.to_ms - gap.from_ms < 2.0 * MINUTE_US as f64 / 1e3)
    {
        gaps.pop();
    }
    points.into_columns(Resolution::Minute, gaps, stats)
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
#[derive(Default)]
struct Points {
    done: Vec<(f64, Moments)>,
    open: Option<Open>,
}

/// The pixel being filled.
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
        if let Some(open) = self.open.replace(next) {
            self.close(&open);
        }
    }

    fn close(&mut self, open: &Open) {
        let middle = Timestamp(open.start.0.saturating_add(open.end.0.saturating_sub(open.start.0) / 2));
        self.done.push((millis(middle), open.moments));
    }

    fn into_columns(mut self, resolution: Resolution, gaps: Vec<Gap>, stats: WindowStats) -> Columns {
        if let Some(open) = self.open.take() {
            self.close(&open);
        }
        let column = |of: fn(&(f64, Moments)) -> f64| self.done.iter().map(of).collect();
        Columns {
            resolution,
            time_ms: column(|(time_ms, _)| *time_ms),
            mean: column(|(_, moments)| moments.mean),
            min: column(|(_, moments)| moments.min),
            max: column(|(_, moments)| moments.max),
            gaps,
            stats,
        }
    }
}
