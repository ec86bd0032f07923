//! Tables as CSV after RFC 4180: comma, CRLF, quotes where needed, UTF-8 with a byte order mark, since spreadsheets on
//! Windows take a file without one for the local code page and spoil `°C`.

use std::io::{self, Write};

use chrono::{DateTime, FixedOffset, SecondsFormat};
use panfloor_model::Timestamp;

/// The columns of one pen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pen {
    /// `Pan 14 pressure`.
    pub name: String,
    /// `mbar`; empty if unknown.
    pub unit: String,
    /// Its values are rollups, not samples.
    pub rollups: bool,
}

/// What was measured, in the pen's unit. Numbers are written unrounded; one that is not finite as empty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A sample.
    Sample(f64),
    /// What a span's samples come to.
    Rollup {
        /// Mean.
        mean: f64,
        /// Least.
        min: f64,
        /// Greatest.
        max: f64,
        /// How many samples.
        count: u64,
    },
}

/// A pen's cells in one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// `None` where there is no value.
    pub value: Option<Value>,
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
    /// One a pen, in the pens' order; `None`: nothing is said of this pen at that moment. So are missing ones at the
    /// end.
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

/// Writes notes, a header and the rows as they come; returns how many rows. A note is a line `# word,text,…`. Columns:
/// `time` (ISO 8601 with offset, to the millisecond, or finer where the moment is), then for each pen of samples its
/// value, `name (unit)`, and its quality, `name quality`; for each pen of rollups its mean, min, max, count of samples
/// and quality.
///
/// Text that a spreadsheet would run as a formula (names come from the plant's topics) gets an apostrophe in front.
///
/// # Errors
/// [`CsvError`]; what was written until then stays written.
pub fn csv(
    out: &mut dyn Write,
    notes: &[Vec<String>],
    pens: &[Pen],
    rows: impl IntoIterator<Item = Row>,
) -> Result<u64, CsvError> {
    out.write_all("\u{feff}".as_bytes())?;
    for note in notes {
        let line: Vec<String> = note.iter().map(|cell| text(cell)).collect();
        write!(out, "# {}\r\n", line.join(","))?;
    }
    out.write_all(b"time")?;
    for pen in pens {
        let unit = if pen.unit.is_empty() { String::new() } else { format!(" ({})", pen.unit) };
        for word in words(pen) {
            write!(out, ",{}", text(&format!("{}{word}{unit}", pen.name)))?;
        }
        if pen.rollups {
            write!(out, ",{}", text(&format!("{} count", pen.name)))?;
        }
        write!(out, ",{}", text(&format!("{} quality", pen.name)))?;
    }
    out.write_all(b"\r\n")?;
    let mut count = 0;
    for row in rows {
        count += 1;
        out.write_all(time(&row, count)?.as_bytes())?;
        for (index, pen) in pens.iter().enumerate() {
            let cell = row.cells.get(index).and_then(Option::as_ref);
            write!(out, ",{}", cells(pen, cell).join(","))?;
        }
        out.write_all(b"\r\n")?;
    }
    Ok(count)
}

/// What stands between a pen's name and its unit, for each column of values.
const fn words(pen: &Pen) -> &'static [&'static str] {
    if pen.rollups { &[" mean", " min", " max"] } else { &[""] }
}

/// A pen's cells: its values, its count if they are rollups, its quality.
fn cells(pen: &Pen, cell: Option<&Cell>) -> Vec<String> {
    let number = |value: f64| if value.is_finite() { value.to_string() } else { String::new() };
    let mut cells = match cell.and_then(|cell| cell.value) {
        Some(Value::Sample(value)) => vec![number(value)],
        Some(Value::Rollup { mean, min, max, count }) => {
            vec![number(mean), number(min), number(max), count.to_string()]
        }
        None => Vec::new(),
    };
    cells.resize(words(pen).len() + usize::from(pen.rollups), String::new());
    cells.push(cell.map(|cell| text(&cell.quality)).unwrap_or_default());
    cells
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
            let is_finer = row.time.micros().rem_euclid(1_000) != 0;
            let format = if is_finer { SecondsFormat::Micros } else { SecondsFormat::Millis };
            Ok(moment.with_timezone(&offset).to_rfc3339_opts(format, false))
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
        Pen { name: name.into(), unit: unit.into(), rollups: false }
    }

    fn written(pens: &[Pen], rows: Vec<Row>) -> String {
        let mut out = Vec::new();
        csv(&mut out, &[], pens, rows).expect("writes");
        String::from_utf8(out).expect("UTF-8")
    }

    fn cell(value: Option<Value>, quality: &str) -> Option<Cell> {
        Some(Cell { value, quality: quality.into() })
    }

    #[test]
    fn a_table_has_local_times_units_gaps_and_qualities_and_rounds_nothing() {
        let pens = [pen("Pan 14 temperature", "°C"), pen("Pan 14 pressure", "mbar")];
        let good = |value| cell(Some(Value::Sample(value)), "good");
        let rows = vec![
            Row { time: Timestamp(1_795_500_904_250_000), utc_offset_s: 3600, cells: vec![good(46.1), good(65.25)] },
            Row { time: Timestamp(1_795_500_905_250_001), utc_offset_s: -12_600, cells: vec![None] },
            Row {
                time: Timestamp(0),
                utc_offset_s: 0,
                cells: vec![cell(Some(Value::Sample(f64::NAN)), "bad"), good(-0.123_456_789_012_345)],
            },
            Row { time: Timestamp(1_000), utc_offset_s: 0, cells: vec![cell(None, "stale"), good(65.0)] },
        ];
        let expected = "\u{feff}time,Pan 14 temperature (°C),Pan 14 temperature quality,Pan 14 pressure (mbar),Pan 14 pressure quality\r\n\
            2026-11-24T07:15:04.250+01:00,46.1,good,65.25,good\r\n\
            2026-11-24T02:45:05.250001-03:30,,,,\r\n\
            1970-01-01T00:00:00.000+00:00,,bad,-0.123456789012345,good\r\n\
            1970-01-01T00:00:00.001+00:00,,stale,65,good\r\n";
        assert_eq!(written(&pens, rows), expected);
    }

    #[test]
    fn rollups_have_columns_of_their_own_and_notes_come_first() {
        let pens = [Pen { rollups: true, ..pen("Pan 14 pressure", "mbar") }, pen("=1", "")];
        let value = Value::Rollup { mean: 65.25, min: 65.0, max: 65.5, count: 60 };
        let rows = vec![
            Row { time: Timestamp(0), utc_offset_s: 0, cells: vec![cell(Some(value), "good"), None] },
            Row { time: Timestamp(60_000_000), utc_offset_s: 0, cells: vec![cell(None, "stale")] },
        ];
        let notes = [vec!["Site".to_owned(), "Nord, \"old\"".to_owned()], vec!["Unit".to_owned(), "=x".to_owned()]];
        let mut out = Vec::new();
        assert_eq!(csv(&mut out, &notes, &pens, rows).ok(), Some(2));
        let expected = "\u{feff}# Site,\"Nord, \"\"old\"\"\"\r\n# Unit,'=x\r\n\
            time,Pan 14 pressure mean (mbar),Pan 14 pressure min (mbar),Pan 14 pressure max (mbar),Pan 14 pressure count,Pan 14 pressure quality,'=1,'=1 quality\r\n\
            1970-01-01T00:00:00.000+00:00,65.25,65,65.5,60,good,,\r\n\
            1970-01-01T00:01:00.000+00:00,,,,,stale,,\r\n";
        assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
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
            let result = csv(&mut Vec::new(), &[], &[], [row]);
            assert!(matches!(result, Err(CsvError::Time { row: 1, .. })), "{micros} {utc_offset_s}: {result:?}");
        }
    }
}
