//! Readings out of tail and months together.

use std::collections::BTreeMap;
use std::time::Duration;

use panfloor_model::{MachineId, Metric, Seq, Timestamp};

use crate::chunk::cache::damaged;
use crate::chunk::{format, month};
use crate::error::Result;
use crate::file::folder;
use crate::message::row::{Row, hour_of, settle};
use crate::message::types::{Message, Series, Value};
use crate::reader::pool::{View, hours, value_of};

/// How far back `Reader::last_before` looks. A value holds for seconds to minutes, so that older ones are no state at
/// all; a week covers the tags of a machine that stood still.
pub const LOOKBACK: Duration = Duration::from_hours(7 * 24);

/// Up to which place each hour is in its chunk.
type Through = BTreeMap<i64, i64>;

/// Rows of the tail that no chunk holds.
fn unsealed(rows: Vec<Row>, through: &Through) -> impl Iterator<Item = Row> {
    let sealed = |row: &Row| through.get(&hour_of(row.time)).is_some_and(|t| row.seq <= Some(*t));
    rows.into_iter().filter(move |row| !sealed(row))
}

pub(super) fn messages(
    view: &mut View<'_>,
    machine: MachineId,
    (from, to): (Timestamp, Timestamp),
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<Message>> {
    let span = (from.micros(), to.micros());
    let Some(hours) = hours(span, hour_of) else { return Ok(Vec::new()) };
    let seqs = view.tail(|shared| shared.tail.between(machine.0, span.0, span.1))?;
    let tail = view.rows(&seqs, cancel)?;
    let mut through = Through::new();
    let mut rows = Vec::new();
    view.chunks(machine.0, hours, cancel, |db, head, blob| {
        through.insert(head.hour, head.through_seq);
        let sealed = format::decode(blob).ok_or_else(|| damaged(db, (machine.0, head.hour)))?;
        rows.extend(sealed.into_iter().filter(|r| span.0 <= r.time && r.time < span.1));
        Ok(())
    })?;
    rows.extend(unsealed(tail, &through));
    Ok(settle(rows).into_iter().map(|row| row.into_message(machine.0)).collect())
}

pub(super) fn series(
    view: &mut View<'_>,
    machine: MachineId,
    metric: &Metric,
    (from, to): (Timestamp, Timestamp),
    cancel: &dyn Fn() -> bool,
) -> Result<Series> {
    let span = (from.micros(), to.micros());
    let Some(hours) = hours(span, hour_of) else { return Ok(Series::default()) };
    let seqs = view.tail(|shared| shared.tail.between(machine.0, span.0, span.1))?;
    let tail = view.rows(&seqs, cancel)?;
    let mut through = Through::new();
    let mut cells: Vec<format::Cell> = Vec::new();
    view.chunks(machine.0, hours, cancel, |db, head, blob| {
        through.insert(head.hour, head.through_seq);
        let sealed = format::decode_one(blob, metric).ok_or_else(|| damaged(db, (machine.0, head.hour)))?;
        cells.extend(sealed.into_iter().filter(|(t, _, _)| span.0 <= *t && *t < span.1));
        Ok(())
    })?;
    // Places in the tail's order of commits, so that a revision comes after what it revises; the sort below is stable.
    let mut rest: Vec<Row> = unsealed(tail, &through).collect();
    rest.sort_by_key(|row| row.seq);
    cells.extend(rest.into_iter().filter_map(|r| Some((r.time, r.device, value_of(r, metric)?))));
    cells.sort_by_key(|(time, _, _)| *time);
    Ok(to_series(cells))
}

/// Points and bad moments of cells by time; of several with one device time the last is the latest revision.
fn to_series(cells: Vec<format::Cell>) -> Series {
    let mut series = Series::default();
    let mut cells = cells.into_iter().peekable();
    while let Some((time, device, value)) = cells.next() {
        let revised = |next: &&format::Cell| next.0 == time && next.1;
        if device && cells.peek().as_ref().is_some_and(revised) {
            continue;
        }
        match value {
            Value::Number(v) if !v.is_nan() => series.points.push((Timestamp(time), v)),
            Value::Number(_) | Value::Bad => series.bad.push(Timestamp(time)),
            Value::Text(_) => {}
        }
    }
    series
}

pub(super) fn last_before(
    view: &mut View<'_>,
    machine: MachineId,
    metric: &Metric,
    time: Timestamp,
) -> Result<Option<(Timestamp, Value)>> {
    let span = (time.minus(LOOKBACK).micros(), time.micros());
    let Some(hours) = hours(span, hour_of) else { return Ok(None) };
    let places: Vec<(i64, i64)> =
        view.tail(|shared| shared.tail.back_from(machine.0, span.1).take_while(|(t, _)| *t >= span.0).collect())?;
    let mut newest: Option<(i64, Value)> = None;
    for (time, seq) in places {
        let value = view.row(seq)?.and_then(|row| value_of(row, metric));
        if let Some(value) = value {
            newest = Some((time, value));
            break;
        }
    }
    for name in folder::months_between(view.folder, hours.0, hours.1)?.iter().rev() {
        let Some(db) = view.month(name)? else { continue };
        for head in db.sql(|conn| month::heads(conn, machine.0, hours.0, hours.1))?.into_iter().rev() {
            if newest.as_ref().is_some_and(|(t, _)| hour_of(*t) > head.hour) {
                break;
            }
            let blob = db.sql(|conn| month::blob(conn, head))?;
            let cells = format::decode_one(&blob, metric).ok_or_else(|| damaged(db, (machine.0, head.hour)))?;
            let last = cells.into_iter().rev().find(|(t, _, _)| *t < span.1);
            if let Some((t, _, value)) = last.filter(|(t, _, _)| newest.as_ref().is_none_or(|(n, _)| t > n)) {
                newest = Some((t, value));
                break;
            }
        }
    }
    Ok(newest.filter(|(t, _)| *t >= span.0).map(|(t, value)| (Timestamp(t), value)))
}

pub(super) fn span(view: &mut View<'_>) -> Result<Option<(Timestamp, Timestamp)>> {
    let (mut first, last) =
        view.tail(|shared| (shared.tail.first_time(), shared.latest.values().map(|l| l.newest).max()))?;
    let months = folder::months(view.folder)?;
    // The first month that holds anything, and the one file that may hold any time.
    let mut found = false;
    for name in &months {
        let numbered = name.contains('-');
        if found && numbered {
            continue;
        }
        let Some(db) = view.month(name)? else { continue };
        let time = db.sql(month::first_time)?;
        found |= numbered && time.is_some();
        first = match (first, time) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    Ok(first.zip(last).map(|(first, last)| (Timestamp(first), Timestamp(last))))
}

pub(super) fn tail_since(view: &mut View<'_>, seq: Seq, limit: usize) -> Result<Vec<Message>> {
    let mut messages = Vec::new();
    if limit > 0 {
        view.scan(seq.0, |machine, row| {
            messages.push(row.into_message(machine));
            messages.len() < limit
        })?;
    }
    Ok(messages)
}
