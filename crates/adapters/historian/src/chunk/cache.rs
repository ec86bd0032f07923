//! Sealed hours the writer has looked into lately, to tell whether a late reading is a repeat.

use std::collections::VecDeque;
use std::path::Path;

use crate::chunk::{format, month};
use crate::error::Result;
use crate::file::{Db, folder};
use crate::message::index::MachineHour;
use crate::message::row::Row;

/// Hours kept, about 1 MB each: late data of a machine comes hour by hour.
const HOURS: usize = 16;
/// Month files kept open.
const MONTHS: usize = 4;

/// Decoded hours, the latest used first.
#[derive(Debug, Default)]
pub(crate) struct ChunkCache {
    hours: VecDeque<(MachineHour, Vec<Row>)>,
    months: VecDeque<(String, Db)>,
}

impl ChunkCache {
    /// Sealed readings of a machine at exactly this time, in the order of commits.
    pub(crate) fn at(&mut self, folder: &Path, key: MachineHour, time: i64) -> Result<Vec<Row>> {
        if let Some(found) = self.hours.iter().position(|(k, _)| *k == key) {
            self.hours.swap(0, found);
        } else {
            let rows = self.load(folder, key)?;
            self.hours.push_front((key, rows));
            self.hours.truncate(HOURS);
        }
        let rows = self.hours.front().map_or(&[][..], |(_, rows)| rows);
        let first = rows.partition_point(|r| r.time < time);
        Ok(rows.iter().skip(first).take_while(|r| r.time == time).cloned().collect())
    }

    /// Forgets an hour that is sealed anew.
    pub(crate) fn forget(&mut self, key: MachineHour) {
        self.hours.retain(|(k, _)| *k != key);
    }

    /// No readings if the hour was never sealed, or its month is gone.
    fn load(&mut self, folder: &Path, key: MachineHour) -> Result<Vec<Row>> {
        let name = folder::month_of(key.1);
        let Some(db) = self.month(folder, &name)? else { return Ok(Vec::new()) };
        let Some(head) = db.sql(|conn| month::find(conn, key))? else { return Ok(Vec::new()) };
        let blob = db.sql(|conn| month::blob(conn, head))?;
        format::decode(&blob).ok_or_else(|| damaged(db, key))
    }

    fn month(&mut self, folder: &Path, name: &str) -> Result<Option<&Db>> {
        if let Some(found) = self.months.iter().position(|(n, _)| n == name) {
            self.months.swap(0, found);
        } else if let Some(db) = month::open_for_reading(folder, name)? {
            self.months.push_front((name.to_owned(), db));
            self.months.truncate(MONTHS);
        } else {
            return Ok(None);
        }
        Ok(self.months.front().map(|(_, db)| db))
    }
}

/// The error of a chunk that cannot be decoded.
pub(crate) fn damaged(db: &Db, (machine, hour): MachineHour) -> crate::HistorianError {
    db.damaged(format!("hour {hour} (since 1970) of machine {machine} cannot be read"))
}
