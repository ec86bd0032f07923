//! Where in the tail the readings of a machine-hour lie, and their bodies. Kept in memory, since an index on the disk
//! would be written with every commit; rebuilt at opening from the tail, which holds a few hours. 16 bytes a reading,
//! and its body: a chart of the last hour is 3,600 readings a machine, each in another corner of the file.

use std::collections::BTreeMap;

use crate::message::row::{HOUR_US, hour_of};

/// A machine and an hour since 1970.
pub(crate) type MachineHour = (u32, i64);

/// Most bytes of bodies held: three hours of 40 machines take about 15 MiB. What a long absence brings beyond it is
/// read from the disk until it is sealed.
const BODIES_MAX: usize = 64 << 20;
/// The body is not held.
const NOT_HELD: u32 = u32::MAX;

/// Where a reading lies.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// From the start of the hour, µs: less than 3.6 × 10⁹.
    offset_us: u32,
    /// Start of its body in `Hour::bodies`.
    body: u32,
    seq: i64,
}

/// Readings of a machine-hour.
#[derive(Debug, Clone, Default)]
struct Hour {
    /// By rising time and place. Readings mostly come in order, so that inserting is appending.
    places: Vec<Place>,
    /// Whether the time is the device's own (one byte), then the body, for each reading in the order they came. They
    /// go with the hour: its readings leave the tail together.
    bodies: Vec<u8>,
}

/// A reading of the tail as far as it is in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held<'a> {
    pub(crate) time: i64,
    pub(crate) seq: i64,
    /// Whether the time is the device's own, and the body, which ends by itself; `None`: to be read from the disk.
    pub(crate) body: Option<(bool, &'a [u8])>,
}

/// Readings of the tail by machine and time.
#[derive(Debug, Clone, Default)]
pub(crate) struct TailIndex {
    hours: BTreeMap<MachineHour, Hour>,
    rows: u64,
    /// Bytes of all bodies.
    held_bytes: usize,
}

impl Hour {
    /// The place of a time within this hour.
    fn find(&self, hour: i64, time: i64, seq: i64) -> usize {
        self.places.partition_point(|p| (time_of(hour, p), p.seq) < (time, seq))
    }

    fn held(&self, hour: i64, place: &Place) -> Held<'_> {
        let bytes = if place.body == NOT_HELD { None } else { self.bodies.get(place.body as usize..) };
        let body = bytes.and_then(<[u8]>::split_first).map(|(device, body)| (*device == 1, body));
        Held { time: time_of(hour, place), seq: place.seq, body }
    }
}

fn time_of(hour: i64, place: &Place) -> i64 {
    hour * HOUR_US + i64::from(place.offset_us)
}

impl TailIndex {
    /// Takes a reading in; `device` says whether `time` is the device's own.
    pub(crate) fn insert(&mut self, machine: u32, time: i64, seq: i64, device: bool, body: &[u8]) {
        let hour = hour_of(time);
        let of = self.hours.entry((machine, hour)).or_default();
        let room = self.held_bytes.saturating_add(body.len()) < BODIES_MAX;
        let start = u32::try_from(of.bodies.len()).ok().filter(|_| room).unwrap_or(NOT_HELD);
        if start != NOT_HELD {
            of.bodies.push(u8::from(device));
            of.bodies.extend_from_slice(body);
            self.held_bytes += 1 + body.len();
        }
        let place = Place { offset_us: (time - hour * HOUR_US) as u32, body: start, seq };
        of.places.insert(of.find(hour, time, seq), place);
        self.rows += 1;
    }

    /// Forgets places of a machine-hour; `seqs` is sorted.
    pub(crate) fn remove(&mut self, key: MachineHour, seqs: &[i64]) {
        let Some(hour) = self.hours.get_mut(&key) else { return };
        let before = hour.places.len();
        hour.places.retain(|p| seqs.binary_search(&p.seq).is_err());
        self.rows -= (before - hour.places.len()) as u64;
        if hour.places.is_empty() {
            self.held_bytes -= hour.bodies.len();
            self.hours.remove(&key);
        }
    }

    /// Readings in it.
    pub(crate) fn len(&self) -> u64 {
        self.rows
    }

    /// Places of a machine's readings at exactly this time.
    pub(crate) fn at(&self, machine: u32, time: i64) -> Vec<i64> {
        let hour = hour_of(time);
        let Some(of) = self.hours.get(&(machine, hour)) else { return Vec::new() };
        let from = of.places.iter().skip(of.find(hour, time, i64::MIN));
        from.take_while(|p| time_of(hour, p) == time).map(|p| p.seq).collect()
    }

    /// A machine's readings from one time up to, not including, another, by rising time and place.
    pub(crate) fn between(&self, machine: u32, from: i64, to: i64) -> impl Iterator<Item = Held<'_>> {
        let hours = self.hours.range((machine, hour_of(from))..=(machine, hour_of(to.max(from))));
        hours.flat_map(move |((_, hour), of)| {
            let (first, end) = (of.find(*hour, from, i64::MIN), of.find(*hour, to, i64::MIN));
            of.places.get(first..end).unwrap_or_default().iter().map(|place| of.held(*hour, place))
        })
    }

    /// Places of a machine-hour.
    pub(crate) fn hour(&self, key: MachineHour) -> Vec<i64> {
        self.hours.get(&key).map_or_else(Vec::new, |of| of.places.iter().map(|p| p.seq).collect())
    }

    /// Machine-hours before an hour.
    pub(crate) fn before(&self, hour: i64) -> impl Iterator<Item = MachineHour> {
        self.hours.keys().filter(move |(_, h)| *h < hour).copied()
    }

    /// Places of a machine before a time, the latest first.
    pub(crate) fn back_from(&self, machine: u32, time: i64) -> impl Iterator<Item = (i64, i64)> {
        let hours = self.hours.range((machine, i64::MIN)..=(machine, hour_of(time))).rev();
        let places = hours.flat_map(|((_, hour), of)| of.places.iter().rev().map(|p| (time_of(*hour, p), p.seq)));
        places.filter(move |(t, _)| *t < time)
    }

    /// Time of the earliest reading of any machine.
    pub(crate) fn first_time(&self) -> Option<i64> {
        self.hours.iter().filter_map(|((_, hour), of)| Some(time_of(*hour, of.places.first()?))).min()
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
                index.insert(*m, *time, seq as i64, seq % 2 == 0, &seq.to_le_bytes());
            }
            if from > to {
                std::mem::swap(&mut from, &mut to);
            }
            let mut plain: Vec<(i64, i64)> = rows.iter().enumerate().filter(|(_, (m, _))| *m == machine)
                .map(|(seq, (_, t))| (*t, seq as i64)).collect();
            plain.sort_unstable();
            let wanted: Vec<i64> = plain.iter().filter(|(t, _)| from <= *t && *t < to).map(|(_, s)| *s).collect();
            prop_assert_eq!(index.between(machine, from, to).map(|held| held.seq).collect::<Vec<_>>(), wanted);
            for held in index.between(machine, from, to) {
                let (device, body) = held.body.unwrap();
                prop_assert_eq!((device, &body[..8]), (held.seq % 2 == 0, &held.seq.to_le_bytes()[..]));
                prop_assert_eq!(rows[held.seq as usize], (machine, held.time));
            }
            prop_assert_eq!(index.between(machine, to, from).count(), 0);
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

    #[test]
    fn bodies_are_held_up_to_their_bound_and_go_with_their_hour() {
        let mut index = TailIndex::default();
        let body = vec![7; BODIES_MAX / 4];
        for seq in 0..6 {
            index.insert(1, seq * HOUR_US, seq, true, &body);
        }
        let held = |index: &TailIndex| index.between(1, 0, 6 * HOUR_US).filter(|held| held.body.is_some()).count();
        assert_eq!((held(&index), index.between(1, 0, 6 * HOUR_US).count()), (3, 6));
        index.remove((1, 0), &[0]);
        index.insert(1, 5 * HOUR_US + 1, 6, true, &body);
        assert_eq!((held(&index), index.len()), (3, 6), "there is room again");
        (1..6).for_each(|hour| index.remove((1, hour), &[hour, 6]));
        assert_eq!((index.held_bytes, index.len()), (0, 0));
    }
}
