//! Sealing: machine-hours move from the tail into the file of their month.
//!
//! Two files cannot commit as one. So a chunk is written first, then its rows leave the tail; a chunk says up to
//! which place (`through_seq`) it holds its machine-hour, and readers pass over rows of the tail up to there. A crash
//! between the two leaves rows that are passed over, until the next run finds them in the chunk and only removes
//! them.
//!
//! Rows are removed by rising place, after all machines of the hour are sealed: they lie interleaved, and removing
//! one machine's alone would write every page of the hour anew for each machine.

mod hour;
mod removal;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use panfloor_model::Timestamp;

use crate::error::{HistorianError, Result};
use crate::file::{Db, folder};
use crate::message::index::MachineHour;
use crate::message::row::hour_of;
use crate::minute::{self, HOUR_MINUTES};
use crate::seal::hour::SealedHour;
use crate::seal::removal::Removal;
use crate::types::SealReport;
use crate::writer::Writer;

/// An hour is sealed this long after its end at the earliest, whatever the options say: devices' clocks and backlogs.
const SETTLE: Duration = Duration::from_mins(10);
/// Machine-hours written in one transaction at most: bounds memory to a few tens of MB.
const HOURS_A_STEP: usize = 64;
/// Rows waiting to be removed before no more hours are sealed: bounds memory after a long absence.
const ROWS_WAITING: usize = 500_000;

/// Where sealing stands between calls.
#[derive(Debug, Default)]
pub(crate) struct Sealing {
    /// What is in chunks and still to leave the live file.
    removal: Removal,
    /// Hours that cannot be sealed, left alone until the next start so that they don't hold up the others.
    given_up: BTreeSet<MachineHour>,
    /// The month written last, kept open.
    month: Option<(String, Db)>,
}

/// Seals all that is due.
pub(crate) fn all(writer: &mut Writer, now: Timestamp) -> Result<SealReport> {
    let mut total = SealReport::default();
    loop {
        let step = some(writer, now, HOURS_A_STEP)?;
        total.hours += step.hours;
        total.rows += step.rows;
        total.chunk_bytes += step.chunk_bytes;
        total.rows_removed += step.rows_removed;
        if !step.more {
            return Ok(total);
        }
    }
}

/// Seals at most `max_hours` machine-hours, or removes some rows of those sealed.
pub(crate) fn some(writer: &mut Writer, now: Timestamp, max_hours: usize) -> Result<SealReport> {
    let mut report = SealReport::default();
    let due = due(writer, now)?;
    if due.is_empty() || writer.sealing.removal.len() > ROWS_WAITING {
        report.rows_removed = removal::step(writer)?;
        report.more = !due.is_empty() || !writer.sealing.removal.is_empty();
        return Ok(report);
    }
    let mut by_month: BTreeMap<String, Vec<MachineHour>> = BTreeMap::new();
    for key in due.into_iter().take(max_hours.clamp(1, HOURS_A_STEP)) {
        by_month.entry(folder::month_of(key.1)).or_default().push(key);
    }
    for (month, keys) in by_month {
        for hour in seal_month(writer, &month, &keys)? {
            report.hours += 1;
            report.rows += hour.new_rows;
            report.chunk_bytes += hour.chunk_bytes();
            writer.chunks.forget(hour.key);
            writer.sealing.removal.add(hour);
        }
    }
    report.more = true;
    Ok(report)
}

/// Leaves hours alone if trying again would fail again.
fn give_up(writer: &mut Writer, e: &HistorianError, keys: &[MachineHour]) {
    use HistorianError as E;
    if matches!(e, E::Damaged { .. } | E::Foreign { .. } | E::NewerVersion { .. } | E::Seal { .. }) {
        writer.sealing.given_up.extend(keys);
    }
}

fn open(writer: &mut Writer, month: &str, keys: &[MachineHour]) -> Result<Db> {
    crate::chunk::month::open_for_writing(&writer.folder, month).inspect_err(|e| give_up(writer, e, keys))
}

/// Machine-hours with rows or rollups in the live file that are old enough and not waiting for their removal.
fn due(writer: &Writer, now: Timestamp) -> Result<BTreeSet<MachineHour>> {
    let end = hour_of(now.minus(writer.options.keep_tail.max(SETTLE)).micros());
    let mut due: BTreeSet<MachineHour> = writer.read().tail.before(end).collect();
    let minutes = writer.db.sql(|conn| minute::before(conn, end.saturating_mul(HOUR_MINUTES)))?;
    due.extend(minutes.into_iter().map(|(machine, minute)| (machine, minute.div_euclid(HOUR_MINUTES))));
    due.retain(|key| !writer.sealing.given_up.contains(key) && !writer.sealing.removal.has(*key));
    Ok(due)
}

/// Writes the chunks of hours of one month, all in one transaction.
fn seal_month(writer: &mut Writer, month: &str, keys: &[MachineHour]) -> Result<Vec<SealedHour>> {
    let db = match writer.sealing.month.take().filter(|(name, _)| name == month) {
        Some((_, db)) => db,
        None => open(writer, month, keys)?,
    };
    let mut hours = Vec::with_capacity(keys.len());
    for key in keys {
        let hour = hour::prepare(writer, &db, *key);
        hours.push(hour.inspect_err(|e| give_up(writer, e, &[*key]))?);
    }
    let names = names(writer, keys)?;
    db.sql(|conn| {
        conn.execute_batch("BEGIN IMMEDIATE")?;
        let done = hours
            .iter()
            .try_for_each(|hour| hour.write(conn))
            .and_then(|()| {
                names.iter().try_for_each(|(id, name)| crate::chunk::month::put_machine(conn, *id, name).map(drop))
            })
            .and_then(|()| conn.execute_batch("COMMIT"));
        if done.is_err() && !conn.is_autocommit() {
            // The first error is the one to tell; the connection is not used again.
            let _ = conn.execute_batch("ROLLBACK");
        }
        done
    })?;
    writer.sealing.month = Some((month.to_owned(), db));
    Ok(hours)
}

/// Names of the machines, for the month's own list.
fn names(writer: &Writer, keys: &[MachineHour]) -> Result<BTreeMap<u32, String>> {
    let mut names = BTreeMap::new();
    for (machine, _) in keys {
        if !names.contains_key(machine) {
            let name = writer.db.sql(|conn| crate::machine::name(conn, *machine))?;
            names.extend(name.map(|n| (*machine, n)));
        }
    }
    Ok(names)
}
