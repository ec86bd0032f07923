//! A sealed machine-hour as bytes: columns, so that each is coded by its own kind, and one pen is read without the
//! others.
//!
//! Format 1: `1`, the first 8 bytes of the rest's SHA-256, count of readings; times and arrival times; flags, sources
//! and device numbers; then the columns, each with name and length. Integrity is checked here since SQLite has no
//! checksums of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use panfloor_model::Metric;
use sha2::{Digest, Sha256};

use crate::bytes::{Cursor, put_bytes, put_len};
use crate::chunk::numbers::{Failure, floats, ints, put_floats, put_ints, put_times, times};
use crate::chunk::runs::{put_runs, runs};
use crate::message::row::Row;
use crate::message::types::Value;

const FORMAT: u8 = 1;
/// Bytes of the checksum.
const CHECK: usize = 8;
/// Most readings in a chunk that is believed: a damaged count must not ask for all memory.
const MAX_ROWS: usize = 1 << 24;

const FLAG_DEVICE: u64 = 1;
const FLAG_REVISION: u64 = 2;

/// What a metric is in a reading: not named, a number, bad, or a text.
const ABSENT: u64 = 0;
const NUMBER: u64 = 1;
const BAD: u64 = 2;
const TEXT: u64 = 3;

/// Codes readings of one machine-hour, sorted by time.
pub(crate) fn encode(rows: &[Row]) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    put_len(&mut body, rows.len());
    put_times(&mut body, &rows.iter().map(|r| r.time).collect::<Vec<_>>())?;
    put_ints(&mut body, &rows.iter().map(arrival_offset).collect::<Vec<_>>())?;
    put_runs(&mut body, rows.iter().map(flags));
    put_runs(&mut body, rows.iter().map(|r| u64::from(r.source)));
    put_runs(&mut body, rows.iter().map(|r| u64::from(r.device_seq.is_some())));
    put_ints(&mut body, &rows.iter().filter_map(|r| r.device_seq.map(|s| s as i64)).collect::<Vec<_>>())?;
    let mut columns: BTreeMap<&Metric, Vec<(usize, &Value)>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        for (metric, value) in &row.items {
            columns.entry(metric).or_default().push((at, value));
        }
    }
    put_len(&mut body, columns.len());
    for (metric, cells) in columns {
        put_bytes(&mut body, metric.as_str().as_bytes());
        put_bytes(&mut body, &encode_column(&cells, rows.len())?);
    }
    let mut out = vec![FORMAT];
    out.extend(Sha256::digest(&body).iter().take(CHECK));
    out.extend(body);
    Ok(out)
}

fn flags(row: &Row) -> u64 {
    let device = if row.device { FLAG_DEVICE } else { 0 };
    let revision = if row.revision { FLAG_REVISION } else { 0 };
    device | revision
}

/// Milliseconds from a reading's time to its arrival; zero where arrival stands in for the time. Arrival times of
/// readings with a device time are whole milliseconds, so nothing is lost.
fn arrival_offset(row: &Row) -> i64 {
    if row.device { row.arrival.div_euclid(1_000) - row.time.div_euclid(1_000) } else { 0 }
}

fn encode_column(cells: &[(usize, &Value)], count: usize) -> Result<Vec<u8>, Failure> {
    let mut states = vec![ABSENT; count];
    let mut numbers = Vec::new();
    let mut texts: Vec<&Arc<str>> = Vec::new();
    let mut codes = Vec::new();
    for (at, value) in cells {
        let state = match value {
            Value::Number(n) => {
                numbers.push(*n);
                NUMBER
            }
            Value::Bad => BAD,
            Value::Text(text) => {
                let code = texts.iter().rposition(|t| *t == text).unwrap_or(texts.len());
                if code == texts.len() {
                    texts.push(text);
                }
                codes.push(code as u64);
                TEXT
            }
        };
        if let Some(s) = states.get_mut(*at) {
            *s = state;
        }
    }
    let mut out = Vec::new();
    put_runs(&mut out, states);
    put_floats(&mut out, &numbers)?;
    put_len(&mut out, texts.len());
    for text in texts {
        put_bytes(&mut out, text.as_bytes());
    }
    put_runs(&mut out, codes);
    Ok(out)
}

/// Reads a column: each reading's value, if it has one.
fn decode_column(bytes: &[u8], count: usize) -> Option<Vec<Option<Value>>> {
    let mut cursor = Cursor::new(bytes);
    let states = runs(&mut cursor, count)?;
    let of = |state| states.iter().filter(|s| **s == state).count();
    let mut numbers = floats(&mut cursor, of(NUMBER))?.into_iter();
    let texts: Option<Vec<Arc<str>>> = (0..cursor.len()?).map(|_| cursor.text().map(Arc::from)).collect();
    let texts = texts?;
    let mut codes = runs(&mut cursor, of(TEXT))?.into_iter();
    let mut cell = |state| match state {
        ABSENT => Some(None),
        NUMBER => Some(Some(Value::Number(numbers.next()?))),
        BAD => Some(Some(Value::Bad)),
        TEXT => Some(Some(Value::Text(texts.get(usize::try_from(codes.next()?).ok()?)?.clone()))),
        _ => None,
    };
    states.into_iter().map(&mut cell).collect()
}

/// The bytes after format and checksum; `None` if they are not what was written.
fn checked(blob: &[u8]) -> Option<Cursor<'_>> {
    let mut cursor = Cursor::new(blob);
    let format = cursor.byte()?;
    let check = cursor.take(CHECK)?;
    let body = blob.get(1 + CHECK..)?;
    let sum = Sha256::digest(body);
    (format == FORMAT && sum.get(..CHECK)? == check).then(|| Cursor::new(body))
}

/// Reads all readings of a chunk; `None` if it is damaged.
pub(crate) fn decode(blob: &[u8]) -> Option<Vec<Row>> {
    let mut cursor = checked(blob)?;
    let count = cursor.len().filter(|c| *c <= MAX_ROWS)?;
    let times = times(&mut cursor, count)?;
    let offsets = ints(&mut cursor, count)?;
    let flags = runs(&mut cursor, count)?;
    let sources = runs(&mut cursor, count)?;
    let numbered = runs(&mut cursor, count)?;
    let mut numbers = ints(&mut cursor, numbered.iter().filter(|n| **n == 1).count())?.into_iter();
    let mut rows = Vec::with_capacity(count);
    for at in 0..count {
        let (time, flags) = (*times.get(at)?, *flags.get(at)?);
        let device = flags & FLAG_DEVICE != 0;
        let arrival = (time.div_euclid(1_000)).checked_add(*offsets.get(at)?)?.checked_mul(1_000)?;
        rows.push(Row {
            seq: None,
            source: u16::try_from(*sources.get(at)?).ok()?,
            time,
            device,
            arrival: if device { arrival } else { time },
            revision: flags & FLAG_REVISION != 0,
            device_seq: if *numbered.get(at)? == 1 { Some(numbers.next()? as u64) } else { None },
            reading_id: None,
            items: Vec::new(),
        });
    }
    for _ in 0..cursor.len()? {
        let metric = Metric::new(cursor.text()?);
        let column = decode_column(cursor.bytes()?, count)?;
        for (row, value) in rows.iter_mut().zip(column) {
            row.items.extend(value.map(|v| (metric.clone(), v)));
        }
    }
    cursor.is_empty().then_some(rows)
}

/// One pen's cell: time, whether the device gave it, value.
pub(crate) type Cell = (i64, bool, Value);

/// Reads some metrics of a chunk, in their order, nothing else being decoded but the times; `None` if it is damaged.
pub(crate) fn decode_some(blob: &[u8], metrics: &[Metric]) -> Option<Vec<Vec<Cell>>> {
    let mut cursor = checked(blob)?;
    let count = cursor.len().filter(|c| *c <= MAX_ROWS)?;
    let times = times(&mut cursor, count)?;
    skip_numbers(&mut cursor)?;
    let flags = runs(&mut cursor, count)?;
    runs(&mut cursor, count)?;
    runs(&mut cursor, count)?;
    skip_numbers(&mut cursor)?;
    let mut found = vec![Vec::new(); metrics.len()];
    for _ in 0..cursor.len()? {
        let name = cursor.text()?;
        let bytes = cursor.bytes()?;
        let mut wanted = metrics.iter().zip(&mut found).filter(|(metric, _)| metric.as_str() == name).peekable();
        if wanted.peek().is_some() {
            let cells = times.iter().zip(&flags).zip(decode_column(bytes, count)?);
            let cells: Vec<Cell> = cells.filter_map(|((t, f), v)| Some((*t, f & FLAG_DEVICE != 0, v?))).collect();
            wanted.for_each(|(_, into)| into.clone_from(&cells));
        }
    }
    Some(found)
}

fn skip_numbers(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.byte()?;
    cursor.bytes()?;
    Some(())
}

/// Equal to the bit, as far as a chunk keeps it; the order of a reading's items is not kept.
pub(crate) fn same(a: &[Row], b: &[Row]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_row(a, b))
}

fn same_row(a: &Row, b: &Row) -> bool {
    let head = |r: &Row| (r.source, r.time, r.device, r.arrival, r.revision, r.device_seq);
    let sorted =
        |r: &Row| r.items.iter().map(|(metric, value)| (metric.clone(), value.clone())).collect::<BTreeMap<_, _>>();
    let (a_items, b_items) = (sorted(a), sorted(b));
    head(a) == head(b)
        && a_items.len() == b_items.len()
        && a_items.iter().zip(&b_items).all(|((am, av), (bm, bv))| am == bm && av.same(bv))
}

#[cfg(test)]
mod tests;
