//! Minute rollups out of live file and months together. The live file's are the newer.

use panfloor_model::{MachineId, Timestamp};

use crate::chunk::month;
use crate::error::{HistorianError, Result};
use crate::file::{Db, folder};
use crate::message::row::hour_of;
use crate::minute::{self, MINUTE_US};
use crate::reader::pool::{View, go_on, hours};

fn time(minute: i64) -> Timestamp {
    Timestamp(minute.saturating_mul(MINUTE_US))
}

fn damaged(db: &Db) -> HistorianError {
    db.damaged("the rollups of an hour cannot be read")
}

/// Hands a machine's rollups to `each` by rising minute, no more than an hour of sealed ones being in memory at once.
pub(super) fn each(
    view: &mut View<'_>,
    machine: MachineId,
    (from, to): (Timestamp, Timestamp),
    cancel: &dyn Fn() -> bool,
    each: &mut dyn FnMut(Timestamp, &[u8]) -> Result<()>,
) -> Result<()> {
    let Some((first, last)) = hours((from.micros(), to.micros()), hour_of) else { return Ok(()) };
    // The first minute that begins at or after a time.
    let ceil =
        |time: Timestamp| time.micros().div_euclid(MINUTE_US) + i64::from(time.micros().rem_euclid(MINUTE_US) > 0);
    let span = ceil(from)..ceil(to);
    let live = view.live().sql(|conn| minute::between(conn, machine.0, span.start, span.end))?;
    let mut live = live.iter().map(|(minute, rollup)| (*minute, rollup.as_slice())).peekable();
    let months = folder::months_between(view.folder, first, last)?;
    let mut sealed: Vec<(i64, &str)> = Vec::new();
    for name in &months {
        let Some(db) = view.month(name)? else { continue };
        let hours = db.sql(|conn| month::minute_hours(conn, machine.0, first, last))?;
        sealed.extend(hours.into_iter().map(|hour| (hour, name.as_str())));
    }
    sealed.sort_unstable();
    for (hour, name) in sealed {
        go_on(cancel)?;
        let Some(db) = view.month(name)? else { continue };
        let blob = db.sql(|conn| month::minutes(conn, (machine.0, hour)))?.unwrap_or_default();
        let mut entries = minute::entries(&blob);
        for (minute, rollup) in entries.by_ref().filter(|(minute, _)| span.contains(minute)) {
            while let Some((before, rollup)) = live.next_if(|(at, _)| *at < minute) {
                each(time(before), rollup)?;
            }
            let newer = live.next_if(|(at, _)| *at == minute).map(|(_, newer)| newer);
            each(time(minute), newer.unwrap_or(rollup))?;
        }
        if !blob.is_empty() && !entries.is_whole() {
            return Err(damaged(db));
        }
    }
    live.try_for_each(|(minute, rollup)| each(time(minute), rollup))
}

pub(super) fn last_minute(view: &mut View<'_>, machine: MachineId) -> Result<Option<(Timestamp, Vec<u8>)>> {
    let mut newest = view.live().sql(|conn| minute::last(conn, machine.0))?;
    for name in folder::months(view.folder)?.iter().rev() {
        let Some(db) = view.month(name)? else { continue };
        let Some(blob) = db.sql(|conn| month::last_minutes(conn, machine.0))? else { continue };
        let mut entries = minute::entries(&blob);
        let last = entries.by_ref().last().map(|(minute, rollup)| (minute, rollup.to_vec()));
        if !entries.is_whole() {
            return Err(damaged(db));
        }
        newest = match (newest, last) {
            (Some(a), Some(b)) => Some(if a.0 >= b.0 { a } else { b }),
            (a, b) => a.or(b),
        };
        if name.contains('-') {
            break;
        }
    }
    Ok(newest.map(|(minute, rollup)| (time(minute), rollup)))
}
