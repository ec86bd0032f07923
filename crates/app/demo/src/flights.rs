//! Publishes under way, from the request to their PUBACK.
//!
//! rumqttc does not say which packet id a publish gets, but it takes requests in their order and reports each id as it
//! sends. After a loss of the connection a clean session forgets what was under way, so it is published anew from here.

use std::collections::{BTreeMap, VecDeque};

use panfloor_model::Timestamp;

/// A publish of one pan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flight {
    /// Which pan of the plant.
    pub(crate) pan: usize,
    /// What it is.
    pub(crate) cargo: Cargo,
    /// Its bytes, for the case that they must go again.
    pub(crate) payload: Vec<u8>,
}

/// What is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cargo {
    /// A reading of this device time.
    Telemetry(Timestamp),
    /// A report of the pan's state.
    State,
}

/// All publishes of one connection that are not acknowledged yet.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    next_number: u64,
    /// Requested, not yet sent, in order.
    requested: VecDeque<(u64, Flight)>,
    /// Sent, by packet id.
    sent: BTreeMap<u16, (u64, Flight)>,
    /// Left over from a lost connection, in order.
    stranded: VecDeque<(u64, Flight)>,
}

impl Flights {
    /// Publishes under way, stranded ones among them.
    pub(crate) fn len(&self) -> usize {
        self.requested.len() + self.sent.len() + self.stranded.len()
    }

    /// Whether a reading is under way.
    pub(crate) fn has_telemetry(&self) -> bool {
        let is_telemetry = |(_, flight): &(u64, Flight)| matches!(flight.cargo, Cargo::Telemetry(_));
        self.requested.iter().chain(self.sent.values()).chain(&self.stranded).any(is_telemetry)
    }

    /// A request was handed to the client.
    pub(crate) fn requested(&mut self, flight: Flight) {
        self.requested.push_back((self.next_number, flight));
        self.next_number += 1;
    }

    /// The client sent the next requested publish under this packet id.
    pub(crate) fn sent(&mut self, packet_id: u16) {
        if let Some(flight) = self.requested.pop_front() {
            self.sent.insert(packet_id, flight);
        }
    }

    /// The broker acknowledged this packet id.
    pub(crate) fn acknowledged(&mut self, packet_id: u16) -> Option<Flight> {
        self.sent.remove(&packet_id).map(|(_, flight)| flight)
    }

    /// The connection is lost, and with it what the client knew.
    pub(crate) fn connection_lost(&mut self) {
        let mut all: Vec<(u64, Flight)> = std::mem::take(&mut self.sent).into_values().collect();
        all.extend(self.requested.drain(..));
        all.extend(self.stranded.drain(..));
        all.sort_by_key(|(number, _)| *number);
        self.stranded = all.into();
    }

    /// The next publish that must go again, oldest first. Whoever takes it requests it or puts it back.
    pub(crate) fn take_stranded(&mut self) -> Option<Flight> {
        self.stranded.pop_front().map(|(_, flight)| flight)
    }

    /// Puts one back that could not go yet.
    pub(crate) fn put_back(&mut self, flight: Flight) {
        // Before all others, whatever their numbers.
        self.stranded.push_front((0, flight));
    }
}

#[cfg(test)]
mod tests {
    use super::{Cargo, Flight, Flights};
    use panfloor_model::Timestamp;
    use proptest::prelude::*;

    /// What can happen to a connection.
    #[derive(Debug, Clone, Copy)]
    enum Happening {
        Request,
        Send,
        Acknowledge,
        Lose,
    }

    proptest! {
        /// Whatever happens, each reading is acknowledged exactly once in the end, and in its order: brokers acknowledge
        /// in the order of arrival.
        #[test]
        fn each_reading_is_acknowledged_once_and_in_order(happenings in prop::collection::vec(
            prop_oneof![
                4 => Just(Happening::Request),
                4 => Just(Happening::Send),
                3 => Just(Happening::Acknowledge),
                1 => Just(Happening::Lose),
            ],
            0..400,
        )) {
            let mut flights = Flights::default();
            let (mut requested, mut acknowledged) = (0, Vec::new());
            // The client and its broker: ids go round from 1 to 100, PUBACKs come in the order of sending.
            let (mut waiting, mut next_id, mut under_way) = (0, 0_u16, std::collections::VecDeque::new());
            let ending = std::iter::repeat_n([Happening::Send, Happening::Acknowledge], 800).flatten();
            for happening in happenings.into_iter().chain([Happening::Lose]).chain(ending) {
                match happening {
                    Happening::Request => {
                        requested += 1;
                        flights.requested(reading(requested));
                        waiting += 1;
                    }
                    Happening::Send if waiting > 0 && under_way.len() < 100 => {
                        waiting -= 1;
                        next_id = next_id % 100 + 1;
                        flights.sent(next_id);
                        under_way.push_back(next_id);
                    }
                    Happening::Acknowledge => {
                        acknowledged.extend(under_way.pop_front().and_then(|id| flights.acknowledged(id)));
                    }
                    Happening::Lose => {
                        flights.connection_lost();
                        under_way.clear();
                        waiting = 0;
                        while let Some(flight) = flights.take_stranded() {
                            flights.requested(flight);
                            waiting += 1;
                        }
                    }
                    Happening::Send => {}
                }
            }
            let expected: Vec<Flight> = (1..=requested).map(reading).collect();
            prop_assert_eq!(acknowledged, expected);
            prop_assert_eq!(flights.len(), 0);
        }
    }

    fn reading(time: i64) -> Flight {
        Flight { pan: 0, cargo: Cargo::Telemetry(Timestamp(time)), payload: vec![1] }
    }

    #[test]
    fn packet_ids_belong_to_requests_in_their_order() {
        let mut flights = Flights::default();
        (1..=3).for_each(|time| flights.requested(reading(time)));
        flights.sent(7);
        flights.sent(8);
        assert_eq!(flights.acknowledged(8), Some(reading(2)));
        assert_eq!(flights.acknowledged(8), None, "one PUBACK, one reading");
        assert_eq!(flights.acknowledged(7), Some(reading(1)));
        assert_eq!(flights.acknowledged(9), None);
        assert_eq!(flights.len(), 1);
    }

    #[test]
    fn what_a_lost_connection_left_goes_again_in_order_and_counts_once() {
        let mut flights = Flights::default();
        (1..=4).for_each(|time| flights.requested(reading(time)));
        // Packet ids wrap around: the higher id may be the older publish.
        flights.sent(100);
        flights.sent(1);
        flights.connection_lost();
        flights.connection_lost();
        assert!(flights.has_telemetry());
        let again: Vec<Flight> = std::iter::from_fn(|| flights.take_stranded()).collect();
        assert_eq!(again, [reading(1), reading(2), reading(3), reading(4)]);
        assert_eq!(flights.acknowledged(100), None, "an answer to the lost connection");
        again.into_iter().for_each(|flight| flights.requested(flight));
        flights.sent(1);
        assert_eq!(flights.acknowledged(1), Some(reading(1)));
        assert_eq!(flights.len(), 3);
    }

    #[test]
    fn what_could_not_go_yet_stays_first() {
        let mut flights = Flights::default();
        (1..=2).for_each(|time| flights.requested(reading(time)));
        flights.connection_lost();
        let first = flights.take_stranded().unwrap();
        flights.put_back(first.clone());
        assert_eq!(flights.take_stranded(), Some(first));
        assert_eq!(flights.take_stranded(), Some(reading(2)));
    }
}
