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
use crate::message::{body, tail};
use crate::reader::pool::{View, go_on, hours, value_of};

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
    let seqs: Vec<i64> =
        view.tail(|shared| shared.tail.between(machine.0, span.0, span.1).map(|held| held.seq).collect())?;
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

/// Cells of one metric in the tail, each with its place.
type Placed = Vec<(i64, format::Cell)>;

/// Some metrics of a machine: its readings are gone through once.
pub(super) fn pens(
    view: &mut View<'_>,
    machine: MachineId,
    metrics: &[Metric],
    (from, to): (Timestamp, Timestamp),
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<Series>> {
    let span = (from.micros(), to.micros());
    let Some(hours) = hours(span, hour_of) else { return Ok(vec![Series::default(); metrics.len()]) };
    let tail = tail(view, machine, metrics, span, cancel)?;
    let mut through = Through::new();
    let mut cells: Vec<Vec<format::Cell>> = vec![Vec::new(); metrics.len()];
    view.chunks(machine.0, hours, cancel, |db, head, blob| {
        through.insert(head.hour, head.through_seq);
        let sealed = format::decode_some(blob, metrics).ok_or_else(|| damaged(db, (machine.0, head.hour)))?;
        for (cells, sealed) in cells.iter_mut().zip(sealed) {
            cells.extend(sealed.into_iter().filter(|(t, _, _)| span.0 <= *t && *t < span.1));
        }
        Ok(())
    })?;
    let sealed = |seq: i64, time: i64| through.get(&hour_of(time)).is_some_and(|through| seq <= *through);
    for (cells, tail) in cells.iter_mut().zip(tail) {
        cells.extend(tail.into_iter().filter(|(seq, cell)| !sealed(*seq, cell.0)).map(|(_, cell)| cell));
        // The sort is stable: of one time the sealed come first, then those of the tail in the order of commits, so
        // that a revision comes after what it revises.
        cells.sort_by_key(|(time, _, _)| *time);
    }
    Ok(cells.into_iter().map(to_series).collect())
}

/// Cells of the tail by place, from memory as far as they are there.
fn tail(
    view: &mut View<'_>,
    machine: MachineId,
    metrics: &[Metric],
    span: (i64, i64),
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<Placed>> {
    let ids = view.live().sql(|conn| tail::metric_ids(conn, metrics))?;
    let mut placed: Vec<Placed> = vec![Vec::new(); metrics.len()];
    go_on(cancel)?;
    // Nobody is asked in here: whoever commits waits for this look to end.
    let rest = view.tail(|shared| {
        let mut rest = Vec::new();
        for held in shared.tail.between(machine.0, span.0, span.1) {
            let picked = held.body.and_then(|(device, body)| {
                let put = |at: usize, value| placed[at].push((held.seq, (held.time, device, value)));
                body::pick(body, &ids, put)
            });
            if picked.is_none() {
                rest.push(held.seq);
            }
        }
        rest
    })?;
    for row in view.rows(&rest, cancel)? {
        let Some(seq) = row.seq else { continue };
        for (metric, placed) in metrics.iter().zip(&mut placed) {
            let value = row.items.iter().find(|(m, _)| m == metric).map(|(_, value)| value.clone());
            placed.extend(value.map(|value| (seq, (row.time, row.device, value))));
        }
    }
    if !rest.is_empty() {
        placed.iter_mut().for_each(|placed| placed.sort_by_key(|(seq, _)| *seq));
    }
    Ok(placed)
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
            let found = format::decode_some(&blob, std::slice::from_ref(metric));
            let cells = found.ok_or_else(|| damaged(db, (machine.0, head.hour)))?;
            let last = cells.into_iter().flatten().rev().find(|(t, _, _)| *t < span.1);
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
