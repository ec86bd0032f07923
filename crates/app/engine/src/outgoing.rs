//! What a turn gathers and does only once its transaction is committed.

use std::collections::BTreeSet;
use std::sync::mpsc::SyncSender;

use panfloor_model::{Mono, Seq, Timestamp};
use panfloor_source::{AckToken, SessionKind};

use crate::event::{Done, Refusal};
use crate::fanout::{Domain, LiveSample};

/// A message to the home broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Publish {
    pub(crate) topic: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) retain: bool,
}

/// When a stored reading was made, and when it was read from the network.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) device_time: Timestamp,
    pub(crate) arrived: Mono,
}

/// Who waits for an answer.
pub(crate) type Reply = SyncSender<Result<Done, Refusal>>;

/// What follows the commit.
#[derive(Default)]
pub(crate) struct Turn {
    pub(crate) acks: Vec<(panfloor_model::SourceId, SessionKind, AckToken)>,
    pub(crate) publishes: Vec<Publish>,
    pub(crate) replies: Vec<(Reply, Result<Done, Refusal>)>,
    pub(crate) live: Vec<LiveSample>,
    pub(crate) domains: BTreeSet<Domain>,
    pub(crate) measured: Vec<Measured>,
    pub(crate) seq: Seq,
}
