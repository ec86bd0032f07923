//! What of a reading is new: the rules of identity.

use std::collections::{BTreeMap, BTreeSet};

use panfloor_model::Metric;

use crate::error::{HistorianError, Result};
use crate::message::ids::IdHash;
use crate::message::row::{Item, Row};
use crate::message::types::{MAX_ITEMS, MAX_NAME_BYTES, MAX_TEXT_BYTES, NewMessage, Value};

/// A transaction's readings, not yet in the shared memory.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    /// Machine, stored row and its bytes, in order.
    pub(crate) rows: Vec<(u32, Row, Vec<u8>)>,
    /// Where in `rows` the readings of a machine and time are.
    at: BTreeMap<(u32, i64), Vec<usize>>,
    pub(crate) ids: BTreeSet<IdHash>,
    /// Newest time of each machine.
    pub(crate) newest: BTreeMap<u32, i64>,
    /// Numbers of metrics first named in this transaction.
    pub(crate) new_metrics: Vec<u32>,
    pub(crate) counts: BTreeMap<String, u64>,
}

impl Pending {
    pub(crate) fn count(&mut self, name: &str, by: u64) {
        if by == 0 {
            return;
        }
        match self.counts.get_mut(name) {
            Some(value) => *value = value.saturating_add(by),
            None => {
                self.counts.insert(name.to_owned(), by);
            }
        }
    }

    pub(crate) fn push(&mut self, machine: u32, row: Row, body: Vec<u8>) {
        let newest = self.newest.entry(machine).or_insert(row.time);
        *newest = row.time.max(*newest);
        self.at.entry((machine, row.time)).or_default().push(self.rows.len());
        self.rows.push((machine, row, body));
    }

    /// Readings of a machine at exactly this time, in order.
    pub(crate) fn at(&self, machine: u32, time: i64) -> impl Iterator<Item = &Row> {
        let places = self.at.get(&(machine, time)).into_iter().flatten();
        places.filter_map(|place| self.rows.get(*place)).map(|(_, row, _)| row)
    }
}

/// What the store knows of one machine at one device time: the latest value of each metric.
#[derive(Debug, Default)]
pub(crate) struct Known(Vec<Item>);

impl Known {
    /// Takes a row in; rows come in the order of commits.
    pub(crate) fn take(&mut self, row: &Row) {
        if !row.device {
            return;
        }
        for (metric, value) in &row.items {
            match self.0.iter_mut().find(|(m, _)| m == metric) {
                Some((_, known)) => *known = value.clone(),
                None => self.0.push((metric.clone(), value.clone())),
            }
        }
    }

    fn get(&self, metric: &Metric) -> Option<&Value> {
        self.0.iter().find(|(m, _)| m == metric).map(|(_, v)| v)
    }
}

/// What of a reading's items is to be stored.
#[derive(Debug, Default)]
pub(crate) struct Sorted {
    pub(crate) items: Vec<Item>,
    /// For each item as it came: stored for the first time.
    pub(crate) fresh: Vec<bool>,
    pub(crate) duplicates: u32,
    pub(crate) revisions: u32,
}

/// Sorts items into new ones, repeats and revisions.
pub(crate) fn sort(items: Vec<Item>, known: &Known) -> Sorted {
    let mut sorted = Sorted::default();
    for (metric, value) in items {
        let before = known.get(&metric);
        sorted.fresh.push(before.is_none());
        match before {
            Some(before) if before.same(&value) => sorted.duplicates += 1,
            Some(_) => {
                sorted.revisions += 1;
                sorted.items.push((metric, value));
            }
            None => sorted.items.push((metric, value)),
        }
    }
    sorted
}

/// Bounds of a message, so that none can hurt the store.
pub(crate) fn check(m: &NewMessage) -> Result<()> {
    let refuse = |reason: String| Err(HistorianError::Refused { reason });
    let names = m.values.iter().map(|(n, _)| n).chain(&m.bad).chain(m.tags.iter().map(|(n, _)| n));
    let count = m.values.len() + m.bad.len() + m.tags.len();
    if count == 0 {
        return refuse("the reading names no metric and no tag".to_owned());
    }
    if count > MAX_ITEMS {
        return refuse(format!("the reading names {count} metrics and tags, more than {MAX_ITEMS}"));
    }
    let mut seen = BTreeSet::new();
    for name in names {
        if name.as_str().is_empty() || name.as_str().len() > MAX_NAME_BYTES {
            return refuse(format!("a metric's or tag's name is empty or longer than {MAX_NAME_BYTES} bytes"));
        }
        if !seen.insert(name) {
            return refuse(format!("the reading names `{}` twice", name.as_str()));
        }
    }
    if m.tags.iter().any(|(_, text)| text.len() > MAX_TEXT_BYTES) {
        return refuse(format!("a tag's text is longer than {MAX_TEXT_BYTES} bytes"));
    }
    if m.reading_id.as_ref().is_some_and(|id| id.len() > MAX_NAME_BYTES) {
        return refuse(format!("the reading's id is longer than {MAX_NAME_BYTES} bytes"));
    }
    Ok(())
}
