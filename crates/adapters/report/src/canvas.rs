//! Drawing in logical pixels with fractions, over a plotters backend that has whole ones.

use std::cell::RefCell;

use plotters::coord::Shift;
use plotters::element::{PathElement, Polygon, Rectangle};
use plotters::prelude::{Color as _, DrawingArea, DrawingBackend, RGBColor};
use plotters::style::ShapeStyle;

use crate::font::{self, Placed, Way, Weight};
use crate::geometry::{Point, Rect, dashes};
use crate::{Rgb, SheetError};

/// Longest text that is drawn, in characters: more fits on no sheet.
const TEXT_MAX: usize = 200;

/// Which end of a text its point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lettering {
    pub(crate) em: f64,
    pub(crate) weight: Weight,
    pub(crate) color: Rgb,
    pub(crate) align: Align,
}

/// A backend and how many of its pixels make a logical one.
pub(crate) struct Canvas<DB: DrawingBackend> {
    area: DrawingArea<DB, Shift>,
    scale: f64,
    /// Whether it makes pixels: then a line is drawn stroke by stroke, since plotters fills a whole thick polyline as one
    /// shape, with holes where it crosses itself.
    raster: bool,
    /// Drawn last and not by plotters, which knows no fractions of a pixel, no side bearings and no medium weight.
    texts: RefCell<Vec<Placed>>,
}

impl<DB: DrawingBackend> Canvas<DB> {
    pub(crate) fn new(area: DrawingArea<DB, Shift>, scale: u32, raster: bool) -> Self {
        Self { area, scale: f64::from(scale), raster, texts: RefCell::default() }
    }

    pub(crate) fn finish(&self) -> Result<(), SheetError> {
        self.area.present().map_err(failed)
    }

    pub(crate) fn fill(&self, rect: Rect, color: Rgb) -> Result<(), SheetError> {
        let corners = [self.at((rect.left, rect.top)), self.at((rect.right, rect.bottom))];
        self.area.draw(&Rectangle::new(corners, rgb(color).filled())).map_err(failed)
    }

    pub(crate) fn polygon(&self, points: &[Point], color: Rgb, alpha: f64) -> Result<(), SheetError> {
        let points: Vec<_> = points.iter().map(|point| self.at(*point)).collect();
        self.area.draw(&Polygon::new(points, rgb(color).mix(alpha).filled())).map_err(failed)
    }

    /// A closed outline.
    pub(crate) fn outline(&self, points: &[Point], color: Rgb, stroke: f64) -> Result<(), SheetError> {
        let closed: Vec<_> = points.iter().chain(points.first()).copied().collect();
        self.line(&closed, color, stroke, &[])
    }

    pub(crate) fn frame(&self, rect: Rect, color: Rgb, stroke: f64) -> Result<(), SheetError> {
        let Rect { left, top, right, bottom } = rect;
        self.outline(&[(left, top), (right, top), (right, bottom), (left, bottom)], color, stroke)
    }

    /// A polyline, `stroke` wide, dashed after `pattern`.
    pub(crate) fn line(&self, points: &[Point], color: Rgb, stroke: f64, pattern: &[u32]) -> Result<(), SheetError> {
        // Rounded and at least 1, far below the type's end.
        let stroke = (stroke * self.scale).round().clamp(1.0, 1000.0) as u32;
        let style = ShapeStyle { color: rgb(color).to_rgba(), filled: false, stroke_width: stroke };
        for dash in dashes(points, pattern) {
            if self.raster {
                for pair in dash.windows(2) {
                    self.path(pair, style)?;
                }
            } else {
                self.path(&dash, style)?;
            }
        }
        Ok(())
    }

    fn path(&self, points: &[Point], style: ShapeStyle) -> Result<(), SheetError> {
        let points: Vec<_> = points.iter().map(|point| self.at(*point)).collect();
        self.area.draw(&PathElement::new(points, style)).map_err(failed)
    }

    /// A text with its capitals centred on `at`.
    pub(crate) fn text(&self, text: &str, at: Point, lettering: Lettering) {
        let text = printable(text);
        let Lettering { em, weight, color, align } = lettering;
        let before = match align {
            Align::Left => 0.0,
            Align::Center => font::width(&text, em, weight) / 2.0,
            Align::Right => font::width(&text, em, weight),
        };
        let at = (at.0 - before, at.1);
        self.place(Placed { text, at, em, weight, color, way: Way::Across });
    }

    /// A text that runs upwards, centred on `at`.
    pub(crate) fn text_upwards(&self, text: &str, at: Point, lettering: Lettering) {
        let text = printable(text);
        let Lettering { em, weight, color, align: _ } = lettering;
        let at = (at.0, at.1 + font::width(&text, em, weight) / 2.0);
        self.place(Placed { text, at, em, weight, color, way: Way::Upwards });
    }

    fn place(&self, placed: Placed) {
        if !placed.text.is_empty() {
            self.texts.borrow_mut().push(placed);
        }
    }

    /// The texts that are still to be drawn.
    pub(crate) fn into_texts(self) -> Vec<Placed> {
        self.texts.into_inner()
    }

    fn at(&self, point: Point) -> (i32, i32) {
        // Saturates; everything on a sheet is far inside the type.
        ((point.0 * self.scale).round() as i32, (point.1 * self.scale).round() as i32)
    }
}

/// A text as it can stand in a document: no control characters, not endless.
pub(crate) fn printable(text: &str) -> String {
    let visible =
        text.trim().chars().map(|c| if c.is_control() || ('\u{fffe}'..='\u{ffff}').contains(&c) { ' ' } else { c });
    visible.take(TEXT_MAX).collect()
}

/// The longest beginning of a text that fits into `room`, with an ellipsis if it is not the whole.
pub(crate) fn fitting(text: &str, em: f64, weight: Weight, room: f64) -> String {
    let text = printable(text);
    if font::width(&text, em, weight) <= room {
        return text;
    }
    let mut short: Vec<char> = text.chars().collect();
    while short.pop().is_some() {
        let candidate = format!("{}…", short.iter().collect::<String>().trim_end());
        if font::width(&candidate, em, weight) <= room {
            return if short.is_empty() { String::new() } else { candidate };
        }
    }
    String::new()
}

fn rgb(color: Rgb) -> RGBColor {
    RGBColor(color.0, color.1, color.2)
}

fn failed(error: impl std::error::Error) -> SheetError {
    SheetError::Drawing(error.to_string())
}
