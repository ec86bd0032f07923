//! Connections for readers, and what one read sees.
//!
//! A read opens a transaction on the live file first, then looks into the memory of the tail, then reads rows, and
//! months last. Sealing writes the month first, then the live file, then the memory. So whichever moment the read
//! falls on, a reading it no longer finds in the tail is in the month it opens afterwards; and one it finds in both
//! is known by `through_seq`.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use panfloor_model::Metric;

use crate::chunk::month::{self, Head};
use crate::error::{HistorianError, Result};
use crate::file::{Db, LIVE, folder};
use crate::message::row::Row;
use crate::message::shared::Shared;
use crate::message::tail::{self, Names};

/// Connections kept for the next read. More reads at once open more and close them again.
const IDLE: usize = 8;
/// Month files a connection keeps open: a chart of a few months doesn't open files anew for each pen.
const MONTHS: usize = 4;
/// Rows between two looks at `cancel`.
const CANCEL_ROWS: usize = 512;

/// Connections to one folder.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) folder: PathBuf,
    shared: Arc<RwLock<Shared>>,
    /// The writer is in another process, so the memory is brought up to date before each read.
    follows: bool,
    idle: Mutex<Vec<Files>>,
}

#[derive(Debug)]
struct Files {
    live: Db,
    names: Names,
    months: VecDeque<(String, Db)>,
}

/// One read.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) folder: &'a Path,
    pub(super) shared: &'a RwLock<Shared>,
    follows: bool,
    files: &'a mut Files,
}

impl Pool {
    pub(super) fn new(folder: PathBuf, shared: Arc<RwLock<Shared>>, follows: bool) -> Self {
        Self { folder, shared, follows, idle: Mutex::default() }
    }

    /// Runs a read on one moment of the live file.
    pub(super) fn with<T>(&self, read: impl FnOnce(&mut View<'_>) -> Result<T>) -> Result<T> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut files = match idle {
            Some(files) => files,
            None => Files {
                live: Db::open_for_reading(&folder::live(&self.folder), &LIVE)?,
                names: Names::default(),
                months: VecDeque::new(),
            },
        };
        // A deferred transaction starts with its first read, so one is made.
        files.live.sql(|conn| {
            conn.execute_batch("BEGIN")?;
            conn.prepare_cached("SELECT removals FROM tail")?.query_row([], |_| Ok(()))
        })?;
        let mut view = View { folder: &self.folder, shared: &self.shared, follows: self.follows, files: &mut files };
        let done = read(&mut view);
        files.live.sql(|conn| conn.execute_batch("COMMIT"))?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(files);
        }
        done
    }
}

impl View<'_> {
    pub(super) fn live(&self) -> &Db {
        &self.files.live
    }

    /// Brings the memory up to date, if the writer doesn't.
    pub(super) fn follow(&mut self) -> Result<()> {
        if self.follows {
            let mut shared = self.shared.write().unwrap_or_else(PoisonError::into_inner);
            shared.follow(&self.files.live, &mut self.files.names)?;
        }
        Ok(())
    }

    /// Looks up places in the memory of the tail.
    pub(super) fn tail<T>(&mut self, look: impl FnOnce(&Shared) -> T) -> Result<T> {
        self.follow()?;
        Ok(look(&self.shared.read().unwrap_or_else(PoisonError::into_inner)))
    }

    /// One row of the tail, if it is still there.
    pub(super) fn row(&mut self, seq: i64) -> Result<Option<Row>> {
        tail::get(&self.files.live, &mut self.files.names, seq)
    }

    /// Rows of the tail at these places.
    pub(super) fn rows(&mut self, seqs: &[i64], cancel: &dyn Fn() -> bool) -> Result<Vec<Row>> {
        let mut rows = Vec::with_capacity(seqs.len());
        for some in seqs.chunks(CANCEL_ROWS) {
            go_on(cancel)?;
            rows.extend(tail::get_all(&self.files.live, &mut self.files.names, some)?);
        }
        Ok(rows)
    }

    /// All rows of the tail after a place, until `each` says stop.
    pub(super) fn scan(&mut self, after: i64, mut each: impl FnMut(u32, Row) -> bool) -> Result<()> {
        tail::scan(&self.files.live, &mut self.files.names, after, |machine, row, _| each(machine, row))
    }

    /// A month, if it has a file.
    pub(super) fn month(&mut self, name: &str) -> Result<Option<&Db>> {
        let months = &mut self.files.months;
        if let Some(found) = months.iter().position(|(n, _)| n == name) {
            months.swap(0, found);
        } else if let Some(db) = month::open_for_reading(self.folder, name)? {
            months.push_front((name.to_owned(), db));
            months.truncate(MONTHS);
        } else {
            return Ok(None);
        }
        Ok(months.front().map(|(_, db)| db))
    }

    /// Hands a machine's chunks from one hour to another, both included, to `each`.
    pub(super) fn chunks(
        &mut self,
        machine: u32,
        (first, last): (i64, i64),
        cancel: &dyn Fn() -> bool,
        mut each: impl FnMut(&Db, Head, &[u8]) -> Result<()>,
    ) -> Result<()> {
        for name in folder::months_between(self.folder, first, last)? {
            let Some(db) = self.month(&name)? else { continue };
            let read = month::at_one_moment(db, || {
                for head in db.sql(|conn| month::heads(conn, machine, first, last))? {
                    go_on(cancel)?;
                    let blob = db.sql(|conn| month::blob(conn, head))?;
                    each(db, head, &blob)?;
                }
                Ok(())
            });
            if read.as_ref().is_err_and(|problem| !matches!(problem, HistorianError::Cancelled)) {
                // Opened anew when next asked for: what state it is in is not known.
                self.files.months.pop_front();
            }
            read?;
        }
        Ok(())
    }
}

/// The error, once the caller wants no more.
pub(super) fn go_on(cancel: &dyn Fn() -> bool) -> Result<()> {
    if cancel() { Err(HistorianError::Cancelled) } else { Ok(()) }
}

/// The hours of times from one up to, not including, another; `None` if there are none.
pub(super) fn hours((from, to): (i64, i64), hour_of: fn(i64) -> i64) -> Option<(i64, i64)> {
    (from < to).then(|| (hour_of(from), hour_of(to.saturating_sub(1))))
}

/// A metric's value in a row.
pub(super) fn value_of(row: Row, metric: &Metric) -> Option<crate::message::types::Value> {
    row.items.into_iter().find(|(m, _)| m == metric).map(|(_, value)| value)
}
