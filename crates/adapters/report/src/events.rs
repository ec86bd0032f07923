//! Events: a line through all lanes, a mark with its words in the row below them.

use plotters::prelude::DrawingBackend;

use crate::canvas::{Align, Canvas, fitting};
use crate::draw::{Layout, SMALL, lettering};
use crate::font::{self, Weight};
use crate::geometry::Point;
use crate::{EventMark, Shape, SheetError, TrendSheet};

/// Half the size of a mark.
const HALF: f64 = 6.0;
/// Between a mark and its words.
const SPACE: f64 = 6.0;
/// Least room for words: less than a short word says nothing.
const WORDS_MIN: f64 = 40.0;

/// A dotted line through every lane at each event.
pub(crate) fn lines<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    sheet: &TrendSheet,
    layout: &Layout,
) -> Result<(), SheetError> {
    for event in shown(sheet, layout) {
        let x = layout.x(event.time_ms);
        for plot in &layout.plots {
            canvas.line(&[(x, plot.top), (x, plot.bottom)], sheet.palette.muted, 1.0, &[1, 3])?;
        }
    }
    Ok(())
}

/// The row of marks.
pub(crate) fn row<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    sheet: &TrendSheet,
    layout: &Layout,
) -> Result<(), SheetError> {
    let events = shown(sheet, layout);
    if events.is_empty() {
        return Ok(());
    }
    let y = layout.events_y;
    canvas.line(&[(layout.left, y), (layout.right, y)], sheet.palette.line, 1.0, &[])?;
    let mut free_from = layout.left;
    for (index, event) in events.iter().enumerate() {
        let x = layout.x(event.time_ms);
        let next = events.get(index + 1).map_or(layout.right, |next| layout.x(next.time_ms) - HALF);
        free_from = words(canvas, sheet, event, (x, y), (free_from, next))?;
        mark(canvas, event, (x, y))?;
    }
    Ok(())
}

/// Events on the sheet, by time.
fn shown<'a>(sheet: &'a TrendSheet, layout: &Layout) -> Vec<&'a EventMark> {
    let mut events: Vec<_> = sheet.events.iter().filter(|event| layout.shows(event.time_ms)).collect();
    events.sort_by(|a, b| a.time_ms.total_cmp(&b.time_ms));
    events
}

/// Writes an event's words right of its mark, or left of it where only there is room for the whole; returns where the
/// next may begin.
fn words<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    sheet: &TrendSheet,
    event: &EventMark,
    at: Point,
    free: (f64, f64),
) -> Result<f64, SheetError> {
    let width = font::width(&event.label, SMALL, Weight::Regular);
    let (right_room, left_room) = (free.1 - at.0 - HALF - 2.0 * SPACE, at.0 - HALF - 2.0 * SPACE - free.0);
    let to_left = width > right_room && width <= left_room;
    let room = if to_left { left_room } else { right_room };
    let after_mark = at.0 + HALF;
    let label =
        if room < WORDS_MIN.min(width) { String::new() } else { fitting(&event.label, SMALL, Weight::Regular, room) };
    if label.is_empty() {
        return Ok(after_mark);
    }
    let drawn = font::width(&label, SMALL, Weight::Regular);
    let left = if to_left { at.0 - HALF - SPACE - drawn } else { at.0 + HALF + SPACE };
    let behind =
        crate::geometry::Rect { left: left - 3.0, right: left + drawn + 3.0, top: at.1 - 8.0, bottom: at.1 + 8.0 };
    canvas.fill(behind, sheet.palette.ground)?;
    canvas.text(&label, (left, at.1), lettering(SMALL, Weight::Regular, sheet.palette.ink, Align::Left));
    Ok(if to_left { after_mark } else { left + drawn + SPACE })
}

fn mark<DB: DrawingBackend>(canvas: &Canvas<DB>, event: &EventMark, (x, y): Point) -> Result<(), SheetError> {
    let points: Vec<Point> = match event.shape {
        Shape::Square => vec![(x - HALF, y - HALF), (x + HALF, y - HALF), (x + HALF, y + HALF), (x - HALF, y + HALF)],
        Shape::Triangle => vec![(x, y - HALF - 1.0), (x + HALF + 1.0, y + HALF), (x - HALF - 1.0, y + HALF)],
        Shape::Diamond => {
            let half = HALF + 1.5;
            vec![(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
        }
        Shape::Circle => {
            let corner = |n: u32| {
                let angle = f64::from(n) / 24.0 * std::f64::consts::TAU;
                (x + HALF * angle.cos(), y + HALF * angle.sin())
            };
            (0..24).map(corner).collect()
        }
        Shape::Tab => vec![
            (x - HALF + 1.0, y - HALF),
            (x + HALF - 1.0, y - HALF),
            (x + HALF - 1.0, y + 2.0),
            (x, y + HALF),
            (x - HALF + 1.0, y + 2.0),
        ],
    };
    canvas.polygon(&points, event.color, 1.0)
}
