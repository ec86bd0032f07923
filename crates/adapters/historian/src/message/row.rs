//! A reading as the store handles it, wherever it lies.

use std::sync::Arc;

use panfloor_model::{MachineId, Metric, Seq, SourceId, Timestamp};

use crate::message::types::{Message, NewMessage, Value};

/// Microseconds in a millisecond.
const MS: i64 = 1_000;
/// Microseconds in an hour.
pub(crate) const HOUR_US: i64 = 3_600_000_000;
/// 0000-01-01T00:00:00Z, the earliest time stored.
const FIRST_US: i64 = -62_167_219_200_000_000;
/// 9999-12-31T23:59:59.999999Z, the latest.
const LAST_US: i64 = 253_402_300_799_999_999;

/// The hour a time lies in, counted from 1970-01-01T00Z.
pub(crate) const fn hour_of(time: i64) -> i64 {
    time.div_euclid(HOUR_US)
}

/// A metric or tag, and what it was.
pub(crate) type Item = (Metric, Value);

/// One reading.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// Place in the tail; `None` once sealed.
    pub(crate) seq: Option<i64>,
    pub(crate) source: u16,
    /// Device time, or arrival time where there is none; UTC µs.
    pub(crate) time: i64,
    /// `time` is the device's own, so that it identifies.
    pub(crate) device: bool,
    /// UTC µs, whole milliseconds if `device`.
    pub(crate) arrival: i64,
    pub(crate) revision: bool,
    pub(crate) device_seq: Option<u64>,
    /// Not kept once sealed: by then its hash is remembered elsewhere.
    pub(crate) reading_id: Option<Box<str>>,
    pub(crate) items: Vec<Item>,
}

impl Row {
    /// The reading of a message, with all its items; times held to what is stored.
    pub(crate) fn of(m: &NewMessage) -> Self {
        let arrival = m.arrived_at.micros().clamp(FIRST_US, LAST_US);
        let device_time = m.device_time.map(|t| t.micros().clamp(FIRST_US, LAST_US));
        let numbers = m.values.iter().map(|(metric, v)| (metric.clone(), Value::Number(*v)));
        let bad = m.bad.iter().map(|metric| (metric.clone(), Value::Bad));
        let tags = m.tags.iter().map(|(metric, t)| (metric.clone(), Value::Text(Arc::from(t.as_str()))));
        Self {
            seq: None,
            source: m.source.0,
            time: device_time.unwrap_or(arrival),
            device: device_time.is_some(),
            arrival: if device_time.is_some() { arrival.div_euclid(MS) * MS } else { arrival },
            revision: false,
            device_seq: m.device_seq,
            reading_id: m.reading_id.as_deref().map(Box::from),
            items: numbers.chain(bad).chain(tags).collect(),
        }
    }

    /// As it is handed out.
    pub(crate) fn into_message(self, machine: u32) -> Message {
        let mut message = Message {
            seq: self.seq.map(Seq),
            source: SourceId(self.source),
            machine: MachineId(machine),
            time: Timestamp(self.time),
            has_device_time: self.device,
            arrived_at: Timestamp(self.arrival),
            device_seq: self.device_seq,
            values: Vec::new(),
            bad: Vec::new(),
            tags: Vec::new(),
            revision: self.revision,
        };
        for (metric, value) in self.items {
            match value {
                Value::Number(v) => message.values.push((metric, v)),
                Value::Bad => message.bad.push(metric),
                Value::Text(t) => message.tags.push((metric, t.to_string())),
            }
        }
        message
    }
}

/// Sorts by time, the older commit first; then leaves each identity its latest revision alone.
pub(crate) fn settle(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(order);
    let mut settled: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        if row.revision {
            let same = settled.iter_mut().rev().take_while(|r| r.time == row.time);
            for earlier in same.filter(|r| r.device) {
                earlier.items.retain(|(metric, _)| row.items.iter().all(|(m, _)| m != metric));
            }
        }
        settled.push(row);
    }
    settled.retain(|r| !r.items.is_empty());
    settled
}

/// Sealed rows come before those of the tail at the same time: they were committed before.
pub(crate) fn order(row: &Row) -> (i64, Option<i64>) {
    (row.time, row.seq)
}
