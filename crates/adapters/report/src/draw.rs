//! The page: where everything stands, and the parts that are not a lane's.

use plotters::prelude::DrawingBackend;

use crate::canvas::{Align, Canvas, Lettering, fitting};
use crate::events;
use crate::font::Weight;
use crate::geometry::Rect;
use crate::lane;
use crate::{Rgb, SheetError, TrendSheet};

/// Space at the page's edges.
pub(crate) const MARGIN: f64 = 32.0;
/// Numbers of the value axes, left of the plots.
pub(crate) const AXIS_WIDTH: f64 = 52.0;
/// Title and subtitle.
const HEAD_HEIGHT: f64 = 64.0;
/// Unit and legend above each plot.
pub(crate) const LEGEND_HEIGHT: f64 = 30.0;
/// Space below each plot.
const LANE_GAP: f64 = 10.0;
/// Labels of the time axis.
const TIME_HEIGHT: f64 = 26.0;
/// Row of events.
const EVENTS_HEIGHT: f64 = 34.0;
/// Footer.
const FOOT_HEIGHT: f64 = 30.0;

/// Sizes of the texts, pixels an em.
pub(crate) const SMALL: f64 = 12.0;
pub(crate) const BODY: f64 = 13.0;
const TITLE: f64 = 22.0;

/// Where the parts stand.
pub(crate) struct Layout {
    /// Left and right end of all plots.
    pub(crate) left: f64,
    pub(crate) right: f64,
    /// The plots, one a lane.
    pub(crate) plots: Vec<Rect>,
    /// Middle of the row of time labels.
    time_y: f64,
    /// Middle of the row of events.
    pub(crate) events_y: f64,
    from_ms: f64,
    to_ms: f64,
}

impl Layout {
    fn of(sheet: &TrendSheet) -> Self {
        let (width, height) = (f64::from(sheet.width), f64::from(sheet.height));
        let (left, right) = (MARGIN + AXIS_WIDTH, width - MARGIN);
        let top = MARGIN / 2.0 + HEAD_HEIGHT;
        let events_height = if sheet.events.is_empty() { 0.0 } else { EVENTS_HEIGHT };
        let bottom = height - FOOT_HEIGHT - events_height - TIME_HEIGHT - MARGIN / 4.0;
        // At most a few dozen lanes, so the cast is exact.
        let share = (bottom - top) / sheet.lanes.len().max(1) as f64;
        let plot = |index: usize| {
            let top = top + share * index as f64;
            Rect { left, top: top + LEGEND_HEIGHT, right, bottom: top + share - LANE_GAP }
        };
        Self {
            left,
            right,
            plots: (0..sheet.lanes.len()).map(plot).collect(),
            time_y: bottom + TIME_HEIGHT / 2.0 - LANE_GAP / 2.0,
            events_y: bottom + TIME_HEIGHT + events_height / 2.0,
            from_ms: sheet.from_ms,
            to_ms: sheet.to_ms,
        }
    }

    /// Where a moment stands.
    pub(crate) fn x(&self, time_ms: f64) -> f64 {
        self.left + (time_ms - self.from_ms) / (self.to_ms - self.from_ms) * (self.right - self.left)
    }

    /// Whether a moment is on the sheet.
    pub(crate) fn shows(&self, time_ms: f64) -> bool {
        time_ms >= self.from_ms && time_ms <= self.to_ms
    }
}

/// A text at the left or right of its point.
pub(crate) const fn lettering(em: f64, weight: Weight, color: Rgb, align: Align) -> Lettering {
    Lettering { em, weight, color, align }
}

/// Draws the whole sheet.
pub(crate) fn draw<DB: DrawingBackend>(canvas: &Canvas<DB>, sheet: &TrendSheet) -> Result<(), SheetError> {
    let layout = Layout::of(sheet);
    let page = Rect { left: 0.0, top: 0.0, right: f64::from(sheet.width), bottom: f64::from(sheet.height) };
    canvas.fill(page, sheet.palette.ground)?;
    head_and_foot(canvas, sheet);
    for (lane, plot) in sheet.lanes.iter().zip(&layout.plots) {
        lane::ground(canvas, sheet, lane, *plot)?;
    }
    time_axis(canvas, sheet, &layout)?;
    events::lines(canvas, sheet, &layout)?;
    for (lane, plot) in sheet.lanes.iter().zip(&layout.plots) {
        lane::figure(canvas, sheet, lane, *plot, &layout)?;
    }
    events::row(canvas, sheet, &layout)?;
    canvas.finish()
}

fn head_and_foot<DB: DrawingBackend>(canvas: &Canvas<DB>, sheet: &TrendSheet) {
    let room = f64::from(sheet.width) - 2.0 * MARGIN;
    let title = fitting(&sheet.title, TITLE, Weight::Medium, room);
    canvas.text(&title, (MARGIN, MARGIN + 4.0), lettering(TITLE, Weight::Medium, sheet.palette.ink, Align::Left));
    let muted = |em| lettering(em, Weight::Regular, sheet.palette.muted, Align::Left);
    let subtitle = fitting(&sheet.subtitle, BODY, Weight::Regular, room);
    canvas.text(&subtitle, (MARGIN, MARGIN + 30.0), muted(BODY));
    let footer = fitting(&sheet.footer, SMALL, Weight::Regular, room);
    canvas.text(&footer, (MARGIN, f64::from(sheet.height) - FOOT_HEIGHT / 2.0 - 2.0), muted(SMALL));
}

fn time_axis<DB: DrawingBackend>(canvas: &Canvas<DB>, sheet: &TrendSheet, layout: &Layout) -> Result<(), SheetError> {
    let mut free_from = f64::NEG_INFINITY;
    for (time_ms, label) in sheet.time_labels.iter().filter(|(time_ms, _)| layout.shows(*time_ms)) {
        let x = layout.x(*time_ms);
        for plot in &layout.plots {
            canvas.line(&[(x, plot.top), (x, plot.bottom)], sheet.palette.line, 1.0, &[])?;
        }
        let half = crate::font::width(label, SMALL, Weight::Regular) / 2.0;
        if x - half > free_from && x + half < f64::from(sheet.width) {
            let centred = lettering(SMALL, Weight::Regular, sheet.palette.ink, Align::Center);
            canvas.text(label, (x, layout.time_y), centred);
            free_from = x + half + 8.0;
        }
    }
    Ok(())
}
