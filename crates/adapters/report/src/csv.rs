//! Tables as CSV after RFC 4180: comma, CRLF, quotes where needed, UTF-8 with a byte order mark, since spreadsheets on
//! Windows take a file without one for the local code page and spoil `°C`.

use std::io::{self, Write};

use chrono::{DateTime, FixedOffset, SecondsFormat};
use panfloor_model::Timestamp;

/// A column: one pen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pen {
    /// `Pan 14 pressure`.
    pub name: String,
    /// `mbar`; empty if unknown.
    pub unit: String,
    /// Digits after the point, at most 9.
    pub decimals: usize,
}

/// A pen's value in one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// In the pen's unit. One that is not finite is written as empty.
    pub value: f64,
    /// `good`, `bad`, …; empty if not known.
    pub quality: String,
}

/// A moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// When.
    pub time: Timestamp,
    /// The site's distance from UTC at that moment, seconds east.
    pub utc_offset_s: i32,
    /// One a pen, in the pens' order; `None` in a gap. Missing ones at the end count as gaps.
    pub cells: Vec<Option<Cell>>,
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// The file or pipe failed.
    #[error("the table could not be written: {0}")]
    Io(#[from] io::Error),
    /// A time that no calendar holds, or an offset of a day or more.
    #[error("row {row} has a time that cannot be written ({micros} µs, {utc_offset_s} s from UTC)")]
    Time {
        /// Counted from 1.
        row: u64,
        /// As given.
        micros: i64,
        /// As given.
        utc_offset_s: i32,
    },
}

/// Most digits after the point: more than any sensor gives.
const DECIMALS_MAX: usize = 9;

/// Writes a header and the rows as they come; returns how many rows. Columns: `time` (ISO 8601 with milliseconds and
/// offset), then for each pen its value, `name (unit)`, and its quality, `name quality`.
///
/// Text that a spreadsheet would run as a formula (names come from the plant's topics) gets an apostrophe in front.
///
/// # Errors
/// [`CsvError`]; what was written until then stays written.
pub fn csv(out: &mut dyn Write, pens: &[Pen], rows: impl IntoIterator<Item = Row>) -> Result<u64, CsvError> {
    out.write_all("\u{feff}time".as_bytes())?;
    for pen in pens {
        let value = if pen.unit.is_empty() { pen.name.clone() } else { format!("{} ({})", pen.name, pen.unit) };
        write!(out, ",{},{}", text(&value), text(&format!("{} quality", pen.name)))?;
    }
    out.write_all(b"\r\n")?;
    let mut count = 0;
    for row in rows {
        count += 1;
        out.write_all(time(&row, count)?.as_bytes())?;
        for (index, pen) in pens.iter().enumerate() {
            match row.cells.get(index) {
                Some(Some(cell)) if cell.value.is_finite() => {
                    write!(out, ",{:.*},{}", pen.decimals.min(DECIMALS_MAX), cell.value, text(&cell.quality))?;
                }
                Some(Some(cell)) => write!(out, ",,{}", text(&cell.quality))?,
                Some(None) | None => out.write_all(b",,")?,
            }
        }
        out.write_all(b"\r\n")?;
    }
    Ok(count)
}

fn time(row: &Row, number: u64) -> Result<String, CsvError> {
    let moment = DateTime::from_timestamp_micros(row.time.micros());
    let offset = FixedOffset::east_opt(row.utc_offset_s);
    match (moment, offset) {
        // A moment next to the calendar's end has no local time; the check leaves a day of room.
        (Some(moment), Some(offset))
            if moment.checked_add_signed(chrono::Duration::days(1)).is_some()
                && moment.checked_sub_signed(chrono::Duration::days(1)).is_some() =>
        {
            Ok(moment.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Millis, false))
        }
        _ => Err(CsvError::Time { row: number, micros: row.time.micros(), utc_offset_s: row.utc_offset_s }),
    }
}

/// A text cell: harmless in a spreadsheet, quoted where RFC 4180 asks for it.
fn text(text: &str) -> String {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if runs { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\r', '\n']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pen(name: &str, unit: &str) -> Pen {
        Pen { name: name.into(), unit: unit.into(), decimals: 2 }
    }

    fn written(pens: &[Pen], rows: Vec<Row>) -> String {
        let mut out = Vec::new();
        csv(&mut out, pens, rows).expect("writes");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn a_table_has_local_times_units_gaps_and_qualities() {
        let pens = [pen("Pan 14 temperature", "°C"), pen("Pan 14 pressure", "mbar")];
        let good = |value| Some(Cell { value, quality: "good".into() });
        let rows = vec![
            Row { time: Timestamp(1_795_500_904_250_000), utc_offset_s: 3600, cells: vec![good(46.1), good(65.2)] },
            Row { time: Timestamp(1_795_500_905_250_000), utc_offset_s: -12_600, cells: vec![None] },
            Row {
                time: Timestamp(0),
                utc_offset_s: 0,
                cells: vec![Some(Cell { value: f64::NAN, quality: "bad".into() }), good(-0.5)],
            },
        ];
        let expected = "\u{feff}time,Pan 14 temperature (°C),Pan 14 temperature quality,Pan 14 pressure (mbar),Pan 14 pressure quality\r\n\
            2026-11-24T07:15:04.250+01:00,46.10,good,65.20,good\r\n\
            2026-11-24T02:45:05.250-03:30,,,,\r\n\
            1970-01-01T00:00:00.000+00:00,,bad,-0.50,good\r\n";
        assert_eq!(written(&pens, rows), expected);
    }

    #[test]
    fn quotes_commas_and_line_ends_are_quoted() {
        let header = written(&[pen("say \"a, b\"\nc", "")], Vec::new());
        assert_eq!(header, "\u{feff}time,\"say \"\"a, b\"\"\nc\",\"say \"\"a, b\"\"\nc quality\"\r\n");
    }

    #[test]
    fn a_name_that_is_a_formula_is_defused() {
        let header = written(&[pen("=HYPERLINK(\"x\")", "")], Vec::new());
        assert!(header.starts_with("\u{feff}time,\"'=HYPERLINK(\"\"x\"\")\","), "{header}");
    }

    #[test]
    fn times_outside_any_calendar_are_refused_with_their_row() {
        for (micros, utc_offset_s) in [(i64::MAX, 0), (i64::MIN, 0), (0, 86_400)] {
            let row = Row { time: Timestamp(micros), utc_offset_s, cells: Vec::new() };
            let result = csv(&mut Vec::new(), &[], [row]);
            assert!(matches!(result, Err(CsvError::Time { row: 1, .. })), "{micros} {utc_offset_s}: {result:?}");
        }
    }
}
