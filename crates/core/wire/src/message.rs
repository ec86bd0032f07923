//! One message as it arrived, and what came out of it.

use panfloor_model::Timestamp;

use crate::{Aggregate, ConfigSeen, Reading, RejectReason, StateReport};

/// One message as a source received it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// MQTT topic, or the name of the Pub/Sub topic.
    pub topic: &'a str,
    /// The bytes.
    pub payload: &'a [u8],
    /// Whether the broker sent it from its store of retained messages instead of live.
    pub retained: bool,
    /// When it arrived, by this station's clock.
    pub arrived_at: Timestamp,
}

/// What Pub/Sub knows about a message beside its bytes. MQTT 3.1.1 has no such thing: the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attributes<'a> {
    /// Attribute `deviceId`, which the bridges from MQTT to Pub/Sub set.
    pub device_id: Option<&'a str>,
}

/// What a message yielded. Never empty: something in `items`, or something in `rejected`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decoded {
    /// What could be read, in the message's order.
    pub items: Vec<Item>,
    /// What could not, in the message's order.
    pub rejected: Vec<Rejected>,
}

impl Decoded {
    /// A message that was rejected as a whole.
    pub(crate) fn rejection(reason: RejectReason) -> Self {
        Self { items: Vec::new(), rejected: vec![Rejected { excerpt_offset: reason.offset(), element: None, reason }] }
    }

    /// A message that holds one thing.
    pub(crate) fn single(outcome: Result<Item, RejectReason>) -> Self {
        match outcome {
            Ok(item) => Self { items: vec![item], rejected: Vec::new() },
            Err(reason) => Self::rejection(reason),
        }
    }
}

/// One thing that a message said.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Measurements of one machine at one time.
    Reading(Reading),
    /// What a machine says of itself.
    State(StateReport),
    /// What lies on a machine's config topic.
    Config(ConfigSeen),
    /// Statistics of one metric over one window.
    Aggregate(Aggregate),
}

/// What could not be decoded, and why. Quarantine adds source, topic and the payload's first 4 KiB.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// Why, as a sentence for people and as a code.
    pub reason: RejectReason,
    /// Which element of a batch, from 0; `None`: the whole message.
    pub element: Option<usize>,
    /// Byte of the payload at which reading stopped, where that is known.
    pub excerpt_offset: Option<usize>,
}
