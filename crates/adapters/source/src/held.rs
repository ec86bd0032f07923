//! Counts what was handed over and not yet given back, so that memory stays bounded whatever a broker sends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much a session may have handed over and not got back.
///
/// QoS 1 is usually bounded far below this by the broker's in-flight window (mosquitto: 20), but brokers can be set to
/// no window at all, and nothing bounds QoS 0. QoS 0 may fill half of the limit and is dropped beyond it; QoS 1 beyond
/// the limit is left unacknowledged with the broker and fetched again once the backlog has halved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldLimit {
    /// Messages, at least 2.
    pub messages: usize,
    /// Bytes of their payloads. A message is taken whenever nothing else is held, however large it is.
    pub payload_bytes: usize,
}

impl Default for HeldLimit {
    /// 20,000 messages or 128 MiB: about a second of the fastest backlog seen, and bearable on a small PC.
    fn default() -> Self {
        Self { messages: 20_000, payload_bytes: 128 * 1024 * 1024 }
    }
}

/// The count of one session, over all its connections: a message held since before a reconnect still takes memory.
#[derive(Debug)]
pub(crate) struct Held {
    limit: HeldLimit,
    messages: AtomicUsize,
    payload_bytes: AtomicUsize,
}

impl Held {
    pub(crate) fn new(limit: HeldLimit) -> Arc<Self> {
        Arc::new(Self { limit, messages: AtomicUsize::new(0), payload_bytes: AtomicUsize::new(0) })
    }

    /// Takes a place for a message, unless more than the limit divided by `share` would be held. Called by the
    /// polling task alone, so that check and count need not be one step.
    pub(crate) fn take(self: &Arc<Self>, payload_bytes: usize, share: usize) -> Option<Place> {
        let messages = self.messages.load(Ordering::Acquire);
        let bytes = self.payload_bytes.load(Ordering::Acquire);
        let full = messages >= self.limit.messages / share
            || bytes.saturating_add(payload_bytes) > self.limit.payload_bytes / share;
        if full && messages > 0 {
            return None;
        }
        self.messages.fetch_add(1, Ordering::AcqRel);
        self.payload_bytes.fetch_add(payload_bytes, Ordering::AcqRel);
        Some(Place { held: Arc::clone(self), payload_bytes })
    }

    /// Whether at most half of the limit is held.
    pub(crate) fn is_half_empty(&self) -> bool {
        self.messages.load(Ordering::Acquire) <= self.limit.messages / 2
            && self.payload_bytes.load(Ordering::Acquire) <= self.limit.payload_bytes / 2
    }
}

/// One message's place; given back when dropped, so that a lost token cannot leak it.
#[derive(Debug)]
pub(crate) struct Place {
    held: Arc<Held>,
    payload_bytes: usize,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.held.messages.fetch_sub(1, Ordering::AcqRel);
        self.held.payload_bytes.fetch_sub(self.payload_bytes, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_bounded_and_dropping_a_place_gives_it_back() {
        let held = Held::new(HeldLimit { messages: 2, payload_bytes: 1000 });
        let first = held.take(1, 1).expect("free");
        let _second = held.take(1, 1).expect("free");
        assert!(held.take(1, 1).is_none());
        drop(first);
        assert!(held.take(1, 1).is_some());
    }

    #[test]
    fn bytes_are_bounded_but_a_lone_giant_passes() {
        let held = Held::new(HeldLimit { messages: 10, payload_bytes: 100 });
        let giant = held.take(5000, 1).expect("nothing else is held");
        assert!(held.take(1, 1).is_none());
        assert!(!held.is_half_empty());
        drop(giant);
        assert!(held.is_half_empty());
    }

    #[test]
    fn qos_0_fills_half_only() {
        let held = Held::new(HeldLimit { messages: 4, payload_bytes: 1000 });
        let _held = [held.take(1, 2), held.take(1, 2)];
        assert!(held.take(1, 2).is_none());
        assert!(held.take(1, 1).is_some());
    }
}
