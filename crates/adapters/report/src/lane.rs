//! One lane: ground, limits, gaps, pens, legend.

use plotters::prelude::DrawingBackend;

use crate::canvas::{Align, Canvas, fitting};
use crate::draw::{BODY, LEGEND_HEIGHT, Layout, MARGIN, SMALL, lettering};
use crate::font::{self, Weight};
use crate::geometry::{Point, Rect, ticks};
use crate::{Gap, Lane, LimitLine, PenLine, Shade, SheetError, TrendSheet};

/// Height a tick of the value axis takes.
const TICK_SPACING: f64 = 44.0;
/// Width of a pen.
const PEN_STROKE: f64 = 1.6;
/// Opacity of the band between lowest and highest.
const ENVELOPE_ALPHA: f64 = 0.16;
/// Distance of a gap's hatching lines.
const HATCH_SPACING: f64 = 9.0;
/// Length of the line in the legend.
const LEGEND_LINE: f64 = 30.0;
/// Height of a limit's tab.
const TAB_HEIGHT: f64 = 18.0;

/// What lies under the lines of time and events: the plot, its bands and the axis' numbers.
pub(crate) fn ground<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    sheet: &TrendSheet,
    lane: &Lane,
    plot: Rect,
) -> Result<(), SheetError> {
    canvas.fill(plot, sheet.palette.plot)?;
    for band in &lane.bands {
        let at = |value| y(lane, plot, value).clamp(plot.top, plot.bottom);
        let area = Rect { top: at(band.high), bottom: at(band.low), ..plot };
        let color = match band.shade {
            Shade::Warn => sheet.palette.warn,
            Shade::Trip => sheet.palette.trip,
        };
        // Written so that an end that is no number draws nothing.
        if area.top < area.bottom {
            canvas.fill(area, color)?;
        }
    }
    let (values, decimals) = ticks(lane.y_range.0, lane.y_range.1, plot.height() / TICK_SPACING);
    for value in values {
        let y = y(lane, plot, value);
        canvas.line(&[(plot.left - 5.0, y), (plot.left, y)], sheet.palette.muted, 1.0, &[])?;
        let number = format!("{value:.decimals$}").replace('-', "−");
        let right = lettering(SMALL, Weight::Regular, sheet.palette.ink, Align::Right);
        canvas.text(&number, (plot.left - 10.0, y), right);
    }
    Ok(())
}

/// What lies over them.
pub(crate) fn figure<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    sheet: &TrendSheet,
    lane: &Lane,
    plot: Rect,
    layout: &Layout,
) -> Result<(), SheetError> {
    for limit in &lane.limits {
        limit_line(canvas, sheet, lane, limit, plot)?;
    }
    for pen in &lane.pens {
        envelope(canvas, lane, pen, plot, layout)?;
    }
    for pen in &lane.pens {
        for segment in &pen.segments {
            let points = segment.iter().map(|(time_ms, value)| (layout.x(*time_ms), y(lane, plot, *value)));
            for piece in plot.clip_line(points) {
                canvas.line(&piece, pen.color, PEN_STROKE, &pen.dash)?;
            }
        }
    }
    for gap in &lane.gaps {
        draw_gap(canvas, sheet, gap, plot, layout)?;
    }
    limit_tabs(canvas, sheet, lane, plot)?;
    canvas.frame(plot, sheet.palette.line, 1.0)?;
    canvas.line(&[(plot.left, plot.top), (plot.left, plot.bottom)], sheet.palette.muted, 1.5, &[])?;
    legend(canvas, sheet, lane, plot)
}

fn y(lane: &Lane, plot: Rect, value: f64) -> f64 {
    let (low, high) = lane.y_range;
    plot.bottom - (value - low) / (high - low) * plot.height()
}

fn is_inside(lane: &Lane, value: f64) -> bool {
    value >= lane.y_range.0 && value <= lane.y_range.1
}

fn limit_line<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    sheet: &TrendSheet,
    lane: &Lane,
    limit: &LimitLine,
    plot: Rect,
) -> Result<(), SheetError> {
    if !is_inside(lane, limit.value) {
        return Ok(());
    }
    let y = y(lane, plot, limit.value);
    canvas.line(&[(plot.left, y), (plot.right, y)], sheet.palette.limit, 1.0, &[2, 4])
}

/// The words of the limits, in tabs that point at the axis; one that would cover another stands right of it.
fn limit_tabs<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    sheet: &TrendSheet,
    lane: &Lane,
    plot: Rect,
) -> Result<(), SheetError> {
    let mut taken: Vec<Rect> = Vec::new();
    for limit in lane.limits.iter().filter(|limit| is_inside(lane, limit.value) && !limit.label.is_empty()) {
        let y = y(lane, plot, limit.value);
        let (top, bottom) = (y - TAB_HEIGHT / 2.0, y + TAB_HEIGHT / 2.0);
        let beside = taken.iter().filter(|tab| tab.top < bottom && tab.bottom > top);
        let left = beside.map(|tab| tab.right + 4.0).fold(plot.left + 1.0, f64::max);
        let label = fitting(&limit.label, SMALL, Weight::Regular, plot.width() / 3.0);
        let tab = Rect { left, top, bottom, right: left + 19.0 + font::width(&label, SMALL, Weight::Regular) };
        if tab.right > plot.right {
            continue;
        }
        let point = left + 7.0;
        let shape = [(left, y), (point, top), (tab.right, top), (tab.right, bottom), (point, bottom)];
        canvas.polygon(&shape, sheet.palette.plot, 1.0)?;
        canvas.outline(&shape, sheet.palette.limit, 1.0)?;
        let ink = lettering(SMALL, Weight::Regular, sheet.palette.ink, Align::Left);
        canvas.text(&label, (left + 11.0, y), ink);
        taken.push(tab);
    }
    Ok(())
}

/// The band between lowest and highest, piece by piece as the line is.
fn envelope<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    lane: &Lane,
    pen: &PenLine,
    plot: Rect,
    layout: &Layout,
) -> Result<(), SheetError> {
    let Some(band) = &pen.envelope else { return Ok(()) };
    for segment in &pen.segments {
        let (Some((from_ms, _)), Some((to_ms, _))) = (segment.first(), segment.last()) else { continue };
        let inside = band.iter().filter(|(time_ms, low, high)| {
            time_ms >= from_ms && time_ms <= to_ms && layout.shows(*time_ms) && low.is_finite() && high.is_finite()
        });
        let at = |value: f64| y(lane, plot, value).clamp(plot.top, plot.bottom);
        let (upper, mut lower): (Vec<Point>, Vec<Point>) =
            inside.map(|(t, low, high)| ((layout.x(*t), at(*high)), (layout.x(*t), at(*low)))).unzip();
        lower.reverse();
        let outline: Vec<Point> = upper.into_iter().chain(lower).collect();
        if outline.len() > 3 {
            canvas.polygon(&outline, pen.color, ENVELOPE_ALPHA)?;
        }
    }
    Ok(())
}

/// A gap: hatched, with edges, and its cause where there is room.
fn draw_gap<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    sheet: &TrendSheet,
    gap: &Gap,
    plot: Rect,
    layout: &Layout,
) -> Result<(), SheetError> {
    let (left, right) = (layout.x(gap.from_ms).max(plot.left), layout.x(gap.to_ms).min(plot.right));
    // Of a time that is no number nothing is drawn either.
    if left.partial_cmp(&right) != Some(std::cmp::Ordering::Less) {
        return Ok(());
    }
    let area = Rect { left, right, ..plot };
    canvas.fill(area, sheet.palette.plot)?;
    let mut start = left - plot.height();
    while start < right {
        if let Some((from, to)) = area.clip((start, plot.bottom), (start + plot.height(), plot.top)) {
            canvas.line(&[from, to], sheet.palette.line, 1.0, &[])?;
        }
        start += HATCH_SPACING;
    }
    for x in [left, right] {
        canvas.line(&[(x, plot.top), (x, plot.bottom)], sheet.palette.hatch, 1.0, &[])?;
    }
    gap_label(canvas, sheet, gap, area)
}

fn gap_label<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    sheet: &TrendSheet,
    gap: &Gap,
    area: Rect,
) -> Result<(), SheetError> {
    const HALF: f64 = 11.0;
    let (x, y) = (f64::midpoint(area.left, area.right), f64::midpoint(area.top, area.bottom));
    let lying = area.width() > font::width(&gap.label, SMALL, Weight::Regular) + 32.0;
    let room = if lying { area.width() } else { area.height() } - 24.0;
    let label = fitting(&gap.label, SMALL, Weight::Regular, room);
    if label.is_empty() || area.width() < 2.0 * HALF + 6.0 {
        return Ok(());
    }
    let half = font::width(&label, SMALL, Weight::Regular) / 2.0 + 8.0;
    let (across, along) = if lying { (half, HALF) } else { (HALF, half) };
    let card = Rect { left: x - across, right: x + across, top: y - along, bottom: y + along };
    canvas.fill(card, sheet.palette.plot)?;
    canvas.frame(card, sheet.palette.line, 1.0)?;
    let ink = lettering(SMALL, Weight::Regular, sheet.palette.ink, Align::Center);
    if lying {
        canvas.text(&label, (x, y), ink);
    } else {
        canvas.text_upwards(&label, (x, y), ink);
    }
    Ok(())
}

/// The unit over the axis, then each pen with a piece of its line.
fn legend<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    sheet: &TrendSheet,
    lane: &Lane,
    plot: Rect,
) -> Result<(), SheetError> {
    let y = plot.top - LEGEND_HEIGHT / 2.0;
    let unit = fitting(&lane.unit_title, BODY, Weight::Medium, plot.left - MARGIN / 2.0 - 10.0);
    canvas.text(&unit, (plot.left - 10.0, y), lettering(BODY, Weight::Medium, sheet.palette.ink, Align::Right));
    let mut x = plot.left;
    for pen in &lane.pens {
        let room = plot.right - x - LEGEND_LINE - 8.0;
        let name = fitting(&pen.name, BODY, Weight::Regular, room);
        if name.is_empty() {
            break;
        }
        canvas.line(&[(x, y), (x + LEGEND_LINE, y)], pen.color, 2.2, &pen.dash)?;
        x += LEGEND_LINE + 8.0;
        canvas.text(&name, (x, y), lettering(BODY, Weight::Regular, sheet.palette.ink, Align::Left));
        x += font::width(&name, BODY, Weight::Regular) + 24.0;
    }
    Ok(())
}
