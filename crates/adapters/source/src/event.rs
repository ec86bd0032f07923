//! What a session says: connections, deliveries, publishes taken by the broker.

use std::time::Duration;

use bytes::Bytes;
use panfloor_model::{Now, SourceId};

use crate::held::Place;
use crate::{Problem, SessionKind};

/// What a session tells its sink, in the order it happened.
#[derive(Debug)]
pub enum SourceEvent {
    /// The broker accepted the connection. Messages may come from now on.
    Connected {
        /// Which source.
        source: SourceId,
        /// Which of its sessions.
        session: SessionKind,
        /// Whether the broker still knew the session; if not, what came while away is lost there.
        session_present: bool,
        /// Number of this connection, rising; no two connections of a session share one.
        epoch: u64,
    },
    /// The broker answered the subscription, which is sent on every connection and again after a refusal.
    Subscribed {
        /// Which source.
        source: SourceId,
        /// Which of its sessions.
        session: SessionKind,
        /// Filters that the broker refused: nothing will come from them until its rules are changed.
        refused: Vec<String>,
        /// When the refused ones are asked for again over this connection, from now.
        retry_in: Duration,
    },
    /// There is no connection, or no longer one; tried again by itself.
    Disconnected {
        /// Which source.
        source: SourceId,
        /// Which of its sessions.
        session: SessionKind,
        /// Why.
        problem: Problem,
        /// When it will be tried again, from now.
        retry_in: Duration,
    },
    /// A message came.
    Delivery(Delivery),
    /// QoS 0 messages were dropped because too many were held. QoS 1 is never dropped.
    Dropped {
        /// Which source.
        source: SourceId,
        /// Which of its sessions.
        session: SessionKind,
        /// How many since the last such event, at least 1.
        count: u64,
    },
    /// The broker took a publish (its PUBACK came). Proves nothing more: not that it was stored, nor that anyone got it.
    Published {
        /// Which source.
        source: SourceId,
        /// The token given to [`publish`](crate::Client::publish).
        token: u64,
    },
    /// The session has ended, by [`stop`](crate::Client::stop), because every handle was dropped, or because its config
    /// cannot be used. The last event.
    Stopped {
        /// Which source.
        source: SourceId,
        /// Which of its sessions.
        session: SessionKind,
    },
}

/// A message as it came. Hand [`ack`](Self::ack) back once it is stored (or quarantined) durably.
#[derive(Debug)]
pub struct Delivery {
    /// Which source.
    pub source: SourceId,
    /// Which of its sessions.
    pub session: SessionKind,
    /// The topic it was published on.
    pub topic: String,
    /// Its bytes, undecoded; up to [`PACKET_BYTES_MAX`](crate::PACKET_BYTES_MAX), so check the contract's limit.
    pub payload: Bytes,
    /// Whether it is the broker's stored copy rather than news.
    pub retained: bool,
    /// The broker's own mark for a repeat. No use for dropping repeats: a redelivery may come without it.
    pub duplicate: bool,
    /// When it was read from the network.
    pub arrived_at: Now,
    /// Proof of delivery to give back.
    pub ack: AckToken,
}

/// The right to acknowledge one delivery, once, on the connection it came over. Dropping it acknowledges nothing: the
/// broker sends the message again on a later connection.
#[derive(Debug)]
pub struct AckToken {
    pub(crate) epoch: u64,
    /// Packet id; 0 for QoS 0, which has none and needs no acknowledgement.
    pub(crate) packet_id: u16,
    /// Given back on drop.
    pub(crate) _place: Option<Place>,
}

impl AckToken {
    /// A token that acknowledges nothing: for deliveries that do not come from a broker, such as recorded ones.
    #[must_use]
    pub const fn detached() -> Self {
        Self { epoch: 0, packet_id: 0, _place: None }
    }

    /// The connection it belongs to, as in [`SourceEvent::Connected`]; 0 if it belongs to none.
    #[must_use]
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }
}
