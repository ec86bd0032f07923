//! Sources: clients of the plant's brokers. Deliveries come in, acknowledgements and publishes go out.
//!
//! Does: keeps one persistent MQTT 3.1.1 session alive ([`start`]), subscribes again on every connection, hands each
//! message over with an [`AckToken`], and tells why it has no connection in words an operator can act on ([`Problem`]).
//!
//! Never: decodes a payload, decides what is stored, acknowledges by itself, waits for whoever takes the events.
//!
//! Invariants:
//! - A QoS 1 message is acknowledged only by its own token, on the connection it came over: each connection has its own
//!   event loop and its own request channel, so nothing of a dead connection can leak into the next.
//! - The loop that polls the broker waits for nothing else: not for the sink, not for acknowledgements.
//! - Memory is bounded whatever the broker sends: [`HeldLimit`] counts what was handed over and is still held.
//! - At most one publish is outstanding: no packet id can collide.

mod backoff;
mod client;
mod config;
mod event;
mod held;
mod outbox;
mod poll;
mod problem;
mod reach;
mod session;

pub use client::{Client, PublishRefused, start};
pub use config::{MqttConfig, SessionKind};
pub use event::{AckToken, Delivery, SourceEvent};
pub use held::HeldLimit;
pub use problem::Problem;
pub use reach::{knock, resolve};

/// Largest payload that [`Client::publish`] takes: the contract's limit for one message.
pub const PUBLISH_PAYLOAD_BYTES_MAX: usize = 256 * 1024;

/// Largest packet that is received. Far above the contract's 256 KiB, since a message over this limit cannot be
/// skipped: the broker would send it again on every connection and nothing behind it would ever arrive. What lies
/// between the two limits is delivered, so that it can be quarantined and acknowledged.
pub const PACKET_BYTES_MAX: usize = 16 * 1024 * 1024;
