//! Where in the tail the readings of a machine-hour lie. Kept in memory, since an index on the disk would be written
//! with every commit; rebuilt at opening from the tail, which holds a few hours. 16 bytes a reading.

use std::collections::BTreeMap;

use crate::message::row::hour_of;

/// A machine and an hour since 1970.
pub(crate) type MachineHour = (u32, i64);

/// Readings of the tail by machine and time.
#[derive(Debug, Clone, Default)]
pub(crate) struct TailIndex {
    /// (time, place) by rising time, for each machine-hour. Readings mostly come in order, so that inserting is
    /// appending.
    hours: BTreeMap<MachineHour, Vec<(i64, i64)>>,
    rows: u64,
}

impl TailIndex {
    pub(crate) fn insert(&mut self, machine: u32, time: i64, seq: i64) {
        let rows = self.hours.entry((machine, hour_of(time))).or_default();
        let at = rows.partition_point(|r| *r < (time, seq));
        rows.insert(at, (time, seq));
        self.rows += 1;
    }

    /// Forgets places of a machine-hour; `seqs` is sorted.
    pub(crate) fn remove(&mut self, key: MachineHour, seqs: &[i64]) {
        let Some(rows) = self.hours.get_mut(&key) else { return };
        let before = rows.len();
        rows.retain(|(_, seq)| seqs.binary_search(seq).is_err());
        self.rows -= (before - rows.len()) as u64;
        if rows.is_empty() {
            self.hours.remove(&key);
        }
    }

    /// Readings in it.
    pub(crate) fn len(&self) -> u64 {
        self.rows
    }

    /// Places of a machine's readings at exactly this time.
    pub(crate) fn at(&self, machine: u32, time: i64) -> Vec<i64> {
        let Some(rows) = self.hours.get(&(machine, hour_of(time))) else { return Vec::new() };
        let first = rows.partition_point(|(t, _)| *t < time);
        rows.iter().skip(first).take_while(|(t, _)| *t == time).map(|(_, seq)| *seq).collect()
    }

    /// Places of a machine's readings from one time up to, not including, another.
    pub(crate) fn between(&self, machine: u32, from: i64, to: i64) -> Vec<i64> {
        if from >= to {
            return Vec::new();
        }
        let hours = self.hours.range((machine, hour_of(from))..=(machine, hour_of(to)));
        hours.flat_map(|(_, rows)| rows).filter(|(t, _)| from <= *t && *t < to).map(|(_, seq)| *seq).collect()
    }

    /// Places of a machine-hour.
    pub(crate) fn hour(&self, key: MachineHour) -> Vec<i64> {
        self.hours.get(&key).map_or_else(Vec::new, |rows| rows.iter().map(|(_, seq)| *seq).collect())
    }

    /// Machine-hours before an hour.
    pub(crate) fn before(&self, hour: i64) -> impl Iterator<Item = MachineHour> {
        self.hours.keys().filter(move |(_, h)| *h < hour).copied()
    }

    /// Places of a machine before a time, the latest first.
    pub(crate) fn back_from(&self, machine: u32, time: i64) -> impl Iterator<Item = (i64, i64)> {
        let hours = self.hours.range((machine, i64::MIN)..=(machine, hour_of(time))).rev();
        hours.flat_map(|(_, rows)| rows.iter().rev()).filter(move |(t, _)| *t < time).copied()
    }

    /// Time of the earliest reading of any machine.
    pub(crate) fn first_time(&self) -> Option<i64> {
        self.hours.values().filter_map(|rows| rows.first()).map(|(t, _)| *t).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_plain_list_finds(
            rows in proptest::collection::vec((0_u32..3, -20_000_000_000_i64..20_000_000_000), 0..200),
            machine in 0_u32..3,
            mut from in -20_000_000_000_i64..20_000_000_000,
            mut to in -20_000_000_000_i64..20_000_000_000,
        ) {
            let mut index = TailIndex::default();
            for (seq, (m, time)) in rows.iter().enumerate() {
                index.insert(*m, *time, seq as i64);
            }
            if from > to {
                std::mem::swap(&mut from, &mut to);
            }
            let mut plain: Vec<(i64, i64)> = rows.iter().enumerate().filter(|(_, (m, _))| *m == machine)
                .map(|(seq, (_, t))| (*t, seq as i64)).collect();
            plain.sort_unstable();
            let wanted: Vec<i64> = plain.iter().filter(|(t, _)| from <= *t && *t < to).map(|(_, s)| *s).collect();
            prop_assert_eq!(index.between(machine, from, to), wanted);
            let back: Vec<(i64, i64)> = plain.iter().rev().filter(|(t, _)| *t < to).copied().collect();
            prop_assert_eq!(index.back_from(machine, to).collect::<Vec<_>>(), back);
            if let Some((time, seq)) = plain.first() {
                prop_assert!(index.at(machine, *time).contains(seq));
                index.remove((machine, hour_of(*time)), &[*seq]);
                prop_assert!(!index.at(machine, *time).contains(seq));
                prop_assert_eq!(index.len() + 1, rows.len() as u64);
            }
        }
    }
}
