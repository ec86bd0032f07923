//! The newest measured state of each machine, kept in memory and stored when rows leave the tail, since a machine may
//! have been silent since.

use std::collections::BTreeMap;

use panfloor_model::{MachineId, Metric, Timestamp};

use crate::bytes::{Cursor, put_bytes, put_int, put_len};
use crate::message::row::Row;
use crate::message::types::{Latest, Value};

const FORMAT: u8 = 1;
const NUMBER: u8 = 0;
const BAD: u8 = 1;
const TEXT: u8 = 2;

/// Newest state of a machine.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LatestState {
    /// Time of its newest reading.
    pub(crate) newest: i64,
    items: BTreeMap<Metric, (i64, Value)>,
}

impl LatestState {
    pub(crate) fn new() -> Self {
        Self { newest: i64::MIN, items: BTreeMap::new() }
    }

    /// Takes a reading in; rows come in the order of commits, so that at the same time the later one revises.
    pub(crate) fn take(&mut self, row: &Row) {
        self.newest = self.newest.max(row.time);
        for (metric, value) in &row.items {
            match self.items.get_mut(metric) {
                Some(known) if known.0 > row.time => {}
                Some(known) => *known = (row.time, value.clone()),
                None => {
                    self.items.insert(metric.clone(), (row.time, value.clone()));
                }
            }
        }
    }

    pub(crate) fn to_latest(&self, machine: u32) -> Latest {
        let mut latest = Latest {
            machine: MachineId(machine),
            newest: Timestamp(self.newest),
            values: Vec::new(),
            bad: Vec::new(),
            tags: Vec::new(),
        };
        for (metric, (time, value)) in &self.items {
            let (metric, time) = (metric.clone(), Timestamp(*time));
            match value {
                Value::Number(v) if v.is_nan() => latest.bad.push((metric, time)),
                Value::Number(v) => latest.values.push((metric, time, *v)),
                Value::Bad => latest.bad.push((metric, time)),
                Value::Text(t) => latest.tags.push((metric, time, t.to_string())),
            }
        }
        latest
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = vec![FORMAT];
        put_int(&mut out, self.newest);
        put_len(&mut out, self.items.len());
        for (metric, (time, value)) in &self.items {
            put_bytes(&mut out, metric.as_str().as_bytes());
            put_int(&mut out, *time);
            match value {
                Value::Number(v) => {
                    out.push(NUMBER);
                    out.extend_from_slice(&v.to_le_bytes());
                }
                Value::Bad => out.push(BAD),
                Value::Text(t) => {
                    out.push(TEXT);
                    put_bytes(&mut out, t.as_bytes());
                }
            }
        }
        out
    }

    /// `None` if the bytes are damaged.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(bytes);
        if cursor.byte()? != FORMAT {
            return None;
        }
        let newest = cursor.int()?;
        let count = cursor.len()?;
        let mut items = BTreeMap::new();
        for _ in 0..count {
            let metric = Metric::new(cursor.text()?);
            let time = cursor.int()?;
            let value = match cursor.byte()? {
                NUMBER => Value::Number(cursor.f64()?),
                BAD => Value::Bad,
                TEXT => Value::Text(cursor.text()?.into()),
                _ => return None,
            };
            items.insert(metric, (time, value));
        }
        cursor.is_empty().then_some(Self { newest, items })
    }
}
