//! Minute rollups out of live file and months together. The live file's are the newer.

use std::collections::BTreeMap;

use panfloor_model::{MachineId, Timestamp};

use crate::chunk::month;
use crate::error::Result;
use crate::file::{Db, folder};
use crate::message::row::hour_of;
use crate::minute::{self, MINUTE_US, Rollup};
use crate::reader::pool::{View, hours};

fn out((minute, rollup): Rollup) -> (Timestamp, Vec<u8>) {
    (Timestamp(minute.saturating_mul(MINUTE_US)), rollup)
}

fn unpack(db: &Db, blob: &[u8]) -> Result<Vec<Rollup>> {
    minute::unpack(blob).ok_or_else(|| db.damaged("the rollups of an hour cannot be read"))
}

pub(super) fn minutes(
    view: &mut View<'_>,
    machine: MachineId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(Timestamp, Vec<u8>)>> {
    let Some((first, last)) = hours((from.micros(), to.micros()), hour_of) else { return Ok(Vec::new()) };
    // The first minute that begins at or after a time.
    let ceil =
        |time: Timestamp| time.micros().div_euclid(MINUTE_US) + i64::from(time.micros().rem_euclid(MINUTE_US) > 0);
    let span = ceil(from)..ceil(to);
    let live = view.live().sql(|conn| minute::between(conn, machine.0, span.start, span.end))?;
    let mut all: BTreeMap<i64, Vec<u8>> = BTreeMap::new();
    for name in folder::months_between(view.folder, first, last)? {
        let Some(db) = view.month(&name)? else { continue };
        for blob in db.sql(|conn| month::minutes(conn, machine.0, first, last))? {
            all.extend(unpack(db, &blob)?.into_iter().filter(|(minute, _)| span.contains(minute)));
        }
    }
    all.extend(live);
    Ok(all.into_iter().map(out).collect())
}

pub(super) fn last_minute(view: &mut View<'_>, machine: MachineId) -> Result<Option<(Timestamp, Vec<u8>)>> {
    let mut newest = view.live().sql(|conn| minute::last(conn, machine.0))?;
    for name in folder::months(view.folder)?.iter().rev() {
        let Some(db) = view.month(name)? else { continue };
        let Some(blob) = db.sql(|conn| month::last_minutes(conn, machine.0))? else { continue };
        let last = unpack(db, &blob)?.pop();
        newest = match (newest, last) {
            (Some(a), Some(b)) => Some(if a.0 >= b.0 { a } else { b }),
            (a, b) => a.or(b),
        };
        if name.contains('-') {
            break;
        }
    }
    Ok(newest.map(out))
}
