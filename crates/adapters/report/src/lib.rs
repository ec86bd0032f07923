//! Prepared data made into files that leave the program: trend sheets as SVG and PNG, tables as CSV.
//!
//! Does: lays out and draws what it is given, the same on every machine, with fonts of its own.
//! Never: reads the store, chooses what is shown, knows a time zone or a language: labels come in ready.
//! Invariants: a gap is never drawn over; the same sheet gives the same bytes; no input makes it panic.

mod canvas;
mod csv;
mod draw;
mod events;
mod font;
mod geometry;
mod lane;
mod raster;
mod sheet;

use plotters::prelude::{BitMapBackend, IntoDrawingArea as _, SVGBackend};

use canvas::Canvas;

pub use csv::{Cell, CsvError, Pen as CsvPen, Row as CsvRow, csv};
pub use sheet::{
    EventMark, Gap, Lane, LimitLine, Palette, PenLine, Rgb, SIZE_MAX_PX, SIZE_MIN_PX, Shape, SheetError, TrendSheet,
};

/// Units of an SVG's own coordinates in a pixel.
const SVG_FRACTIONS: u32 = 4;

/// The sheet as an SVG document of `width` × `height` pixels. Text stays text, in the sheet's font where the reader has
/// it and in a sans-serif else.
///
/// # Errors
/// [`SheetError`] if the sheet's size, span or a range cannot be drawn.
pub fn svg(sheet: &TrendSheet) -> Result<String, SheetError> {
    sheet.check()?;
    font::load()?;
    let (width, height) = (sheet.width, sheet.height);
    let mut document = String::new();
    let size = (width * SVG_FRACTIONS, height * SVG_FRACTIONS);
    let area = SVGBackend::with_string(&mut document, size).into_drawing_area();
    draw::draw(&Canvas::new(area, SVG_FRACTIONS, false), sheet)?;
    // The library knows whole units only, so the sheet is drawn in fractions of a pixel and shown in pixels.
    let fine = format!("width=\"{}\" height=\"{}\"", size.0, size.1);
    Ok(document.replacen(&fine, &format!("width=\"{width}\" height=\"{height}\""), 1))
}

/// The sheet as a PNG of `width` × `height` pixels.
///
/// # Errors
/// [`SheetError`] if the sheet's size, span or a range cannot be drawn.
pub fn png(sheet: &TrendSheet) -> Result<Vec<u8>, SheetError> {
    sheet.check()?;
    font::load()?;
    let size = (sheet.width * raster::OVERSAMPLING, sheet.height * raster::OVERSAMPLING);
    let mut pixels = vec![0; size.0 as usize * size.1 as usize * raster::CHANNELS];
    let area = BitMapBackend::with_buffer(&mut pixels, size).into_drawing_area();
    draw::draw(&Canvas::new(area, raster::OVERSAMPLING, true), sheet)?;
    raster::encode(&raster::shrink(&pixels, sheet.width, sheet.height), sheet.width, sheet.height)
}
