//! The publishes that wait for their turn: bounded, one outstanding at a time.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

/// Publishes that may wait: far more than a plant's config changes of a day, so a full queue means a broker long gone.
const WAITING_MAX: usize = 1024;

/// Payload bytes that may wait.
const WAITING_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A publish as it was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) token: u64,
    pub(crate) topic: String,
    pub(crate) payload: Bytes,
    pub(crate) retain: bool,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Outgoing>,
    payload_bytes: usize,
    /// Whether the front one was handed to the current connection.
    front_sent: bool,
}

/// Filled by the handles, emptied by the session. A publish leaves only with its PUBACK, so a lost connection or a
/// session that the broker forgot costs none.
#[derive(Debug, Default)]
pub(crate) struct Outbox(Mutex<Queue>);

impl Outbox {
    /// Appends; false if the queue is full.
    pub(crate) fn push(&self, outgoing: Outgoing) -> bool {
        let mut queue = self.lock();
        let payload_bytes = queue.payload_bytes.saturating_add(outgoing.payload.len());
        if queue.waiting.len() >= WAITING_MAX || payload_bytes > WAITING_BYTES_MAX {
            return false;
        }
        queue.payload_bytes = payload_bytes;
        queue.waiting.push_back(outgoing);
        true
    }

    /// The next to send, unless one is outstanding.
    pub(crate) fn next(&self) -> Option<Outgoing> {
        let mut queue = self.lock();
        if queue.front_sent {
            return None;
        }
        let next = queue.waiting.front().cloned();
        queue.front_sent = next.is_some();
        next
    }

    /// The broker took the outstanding one: removes it and returns its token.
    pub(crate) fn acknowledged(&self) -> Option<u64> {
        let mut queue = self.lock();
        if !queue.front_sent {
            return None;
        }
        queue.front_sent = false;
        let done = queue.waiting.pop_front()?;
        queue.payload_bytes = queue.payload_bytes.saturating_sub(done.payload.len());
        Some(done.token)
    }

    /// The connection is gone: what was outstanding is sent again on the next one.
    pub(crate) fn connection_lost(&self) {
        self.lock().front_sent = false;
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing panics while holding the lock, and a queue is valid after any step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing(token: u64, bytes: usize) -> Outgoing {
        Outgoing { token, topic: "t".into(), payload: vec![0; bytes].into(), retain: false }
    }

    #[test]
    fn one_is_outstanding_at_a_time_and_order_is_kept() {
        let outbox = Outbox::default();
        assert!(outbox.push(outgoing(1, 1)) && outbox.push(outgoing(2, 1)));
        assert_eq!(outbox.next().map(|o| o.token), Some(1));
        assert!(outbox.next().is_none());
        assert_eq!(outbox.acknowledged(), Some(1));
        assert_eq!(outbox.next().map(|o| o.token), Some(2));
    }

    #[test]
    fn an_unacknowledged_publish_survives_a_lost_connection() {
        let outbox = Outbox::default();
        assert!(outbox.push(outgoing(1, 1)));
        assert!(outbox.next().is_some());
        outbox.connection_lost();
        assert_eq!(outbox.acknowledged(), None, "an acknowledgement without a publish removes nothing");
        assert_eq!(outbox.next().map(|o| o.token), Some(1));
    }

    #[test]
    fn count_and_bytes_are_bounded() {
        let outbox = Outbox::default();
        assert!((0..WAITING_MAX as u64).all(|token| outbox.push(outgoing(token, 1))));
        assert!(!outbox.push(outgoing(0, 1)));
        let outbox = Outbox::default();
        assert!(outbox.push(outgoing(0, WAITING_BYTES_MAX)));
        assert!(!outbox.push(outgoing(1, 1)));
    }
}
