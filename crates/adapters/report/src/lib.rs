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

pub use csv::{Cell as CsvCell, CsvError, Pen as CsvPen, Row as CsvRow, Value as CsvValue, csv};
pub use sheet::{
    Band, EventMark, Gap, Lane, LimitLine, Palette, PenLine, Rgb, SIZE_MAX_PX, SIZE_MIN_PX, Shade, Shape, SheetError,
    TrendSheet,
};

/// Units of an SVG's own coordinates in a pixel.
const SVG_FRACTIONS: u32 = 4;

/// The sheet as an SVG document of `width` × `height` pixels. Text stays text, in the sheet's font where the reader has
/// it, else in a sans-serif fitted into the same room.
///
/// # Errors
/// [`SheetError`] if the sheet's size, span or a range cannot be drawn.
pub fn svg(sheet: &TrendSheet) -> Result<String, SheetError> {
    sheet.check()?;
    let (width, height) = (sheet.width, sheet.height);
    let mut document = String::new();
    let size = (width * SVG_FRACTIONS, height * SVG_FRACTIONS);
    let area = SVGBackend::with_string(&mut document, size).into_drawing_area();
    let canvas = Canvas::new(area, SVG_FRACTIONS, false);
    draw::draw(&canvas, sheet)?;
    let texts: String = canvas.into_texts().iter().map(font::svg_element).collect();
    // The library knows whole units only, so it draws in fractions of a pixel, in a view inside one of pixels.
    let frame = format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         xmlns=\"http://www.w3.org/2000/svg\">\n<title>{}</title>\n",
        font::escaped(&canvas::printable(&sheet.title))
    );
    let fine = format!("<svg width=\"{}\" height=\"{}\"", size.0, size.1);
    let drawing = document.replacen(&fine, &format!("<svg width=\"{width}\" height=\"{height}\""), 1);
    Ok(format!("{frame}{drawing}{texts}</svg>\n"))
}

/// The sheet as a PNG of `width` × `height` pixels.
///
/// # Errors
/// [`SheetError`] if the sheet's size, span or a range cannot be drawn.
pub fn png(sheet: &TrendSheet) -> Result<Vec<u8>, SheetError> {
    sheet.check()?;
    let size = (sheet.width * raster::OVERSAMPLING, sheet.height * raster::OVERSAMPLING);
    let mut pixels = vec![0; size.0 as usize * size.1 as usize * raster::CHANNELS];
    let area = BitMapBackend::with_buffer(&mut pixels, size).into_drawing_area();
    let canvas = Canvas::new(area, raster::OVERSAMPLING, true);
    draw::draw(&canvas, sheet)?;
    let texts = canvas.into_texts();
    let mut picture = raster::Picture::shrunk(&pixels, sheet.width, sheet.height);
    for text in &texts {
        font::draw(text, &mut |at, coverage, color| picture.blend(at, coverage, color))?;
    }
    picture.encode()
}
