//! The handle: acknowledge, publish, retry, stop. No call waits.

use std::sync::Arc;

use panfloor_model::Now;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::config::TOPIC_BYTES_MAX;
use crate::outbox::{Outbox, Outgoing};
use crate::session::Session;
use crate::{AckToken, MqttConfig, PUBLISH_PAYLOAD_BYTES_MAX, SourceEvent};

/// Reads both clocks.
pub(crate) type Clock = Arc<dyn Fn() -> Now + Send + Sync>;

/// Takes events; must not wait for anything, since the broker is not read meanwhile.
pub(crate) type Sink = Arc<dyn Fn(SourceEvent) + Send + Sync>;

/// What the handles ask of the session.
#[derive(Debug)]
pub(crate) enum Command {
    Ack(Vec<AckToken>),
    /// Something was put into the outbox.
    Publish,
    Retry,
    Stop,
}

/// Why a publish was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishRefused {
    /// Too much waits for the broker already.
    #[error("too many messages wait for the broker already: publish again when it is back")]
    QueueFull,
    /// The topic is empty, too long or holds a wildcard.
    #[error("“{topic}” cannot be published to: it is empty, too long or holds a wildcard")]
    BadTopic {
        /// As given.
        topic: String,
    },
    /// The payload is larger than [`PUBLISH_PAYLOAD_BYTES_MAX`].
    #[error("a message of {payload_bytes} bytes is over the contract's limit of {PUBLISH_PAYLOAD_BYTES_MAX}")]
    TooLarge {
        /// Size of the payload.
        payload_bytes: usize,
    },
    /// The session has been stopped.
    #[error("the session has been stopped")]
    Stopped,
}

/// A handle on a session. Cheap to clone; the session ends as by [`stop`](Self::stop) when the last one is dropped.
#[derive(Debug, Clone)]
pub struct Client {
    // Unbounded, but what goes through it is not: acknowledgements are bounded by what is held, publishes by the outbox.
    commands: UnboundedSender<Command>,
    outbox: Arc<Outbox>,
}

impl Client {
    /// Acknowledges deliveries that are stored durably. Never waits. Tokens of an earlier connection are dropped
    /// silently: the broker sends those messages again, and their packet ids may by now mean others.
    pub fn ack(&self, tokens: Vec<AckToken>) {
        self.send(Command::Ack(tokens));
    }

    /// Publishes at QoS 1, in the order of the calls, one outstanding at a time; sent again after a lost connection until
    /// the broker's PUBACK comes, told by [`SourceEvent::Published`] with `token`. Never waits.
    ///
    /// # Errors
    /// [`PublishRefused`]; then nothing will be sent.
    pub fn publish(&self, token: u64, topic: &str, payload: Vec<u8>, retain: bool) -> Result<(), PublishRefused> {
        if topic.is_empty() || topic.len() > TOPIC_BYTES_MAX || topic.contains('\0') || !rumqttc::valid_topic(topic) {
            return Err(PublishRefused::BadTopic { topic: topic.chars().take(100).collect() });
        }
        if payload.len() > PUBLISH_PAYLOAD_BYTES_MAX {
            return Err(PublishRefused::TooLarge { payload_bytes: payload.len() });
        }
        if self.commands.is_closed() {
            return Err(PublishRefused::Stopped);
        }
        if !self.outbox.push(Outgoing { token, topic: topic.to_owned(), payload: payload.into(), retain }) {
            return Err(PublishRefused::QueueFull);
        }
        self.send(Command::Publish);
        Ok(())
    }

    /// Ends the wait for the next attempt, if there is one; asks again for a refused subscription.
    pub fn retry_now(&self) {
        self.send(Command::Retry);
    }

    /// Sends the acknowledgements given so far, disconnects, and ends with [`SourceEvent::Stopped`]. The broker keeps the
    /// session. Publishes that have no PUBACK yet are given up.
    pub fn stop(&self) {
        self.send(Command::Stop);
    }

    fn send(&self, command: Command) {
        // Fails only when the session has ended: then nobody is left to do it, and `Stopped` has said so.
        let _ended = self.commands.send(command);
    }
}

/// Starts a session on `runtime`; it connects, and connects again, until stopped. `sink` is called from the runtime's
/// threads, one call at a time, and must not wait; `clock` dates the deliveries.
#[must_use]
pub fn start(
    runtime: &tokio::runtime::Handle,
    config: MqttConfig,
    clock: Arc<dyn Fn() -> Now + Send + Sync>,
    sink: Arc<dyn Fn(SourceEvent) + Send + Sync>,
) -> Client {
    let (commands, received) = unbounded_channel();
    let outbox = Arc::new(Outbox::default());
    runtime.spawn(Session::new(config, clock, sink, Arc::clone(&outbox), received).run());
    Client { commands, outbox }
}
