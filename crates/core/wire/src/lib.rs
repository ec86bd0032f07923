//! What travels between machines, brokers, pipelines and Panfloor, and what it means.
//!
//! Does: turns the bytes of one message, by a source's [`Mapping`], into readings, state reports, configs seen and
//! minute aggregates, or into a reason why not; writes the messages that a machine or Panfloor sends.
//! Never: reads a clock, a file or the network; decides whether a machine may exist, whether a reading is a repeat, or
//! whether a config was rightly published.
//!
//! Invariants:
//! 1. [`decode`] returns for every topic and every payload, without a panic and with a bounded stack.
//! 2. Every message yields an item or a rejection, never neither.
//! 3. A bad element of a batch costs that element alone; a value that is no number costs that metric alone.
//! 4. A UUID in `id` is never taken for a machine.
//! 5. [`ConfigSeen`] holds the very bytes that arrived.
//!
//! The contract in words, as JSON Schemas and as golden messages: `contract/README.md`.

mod aggregate;
mod config;
mod decode;
mod encode;
mod json;
pub mod limits;
mod mapping;
mod message;
mod reject;
mod state;
mod telemetry;
mod template;
mod time;

pub use aggregate::{Aggregate, AggregateForm, Band};
pub use config::{ConfigEnvelope, ConfigSeen};
pub use decode::{decode, decode_with};
pub use encode::{encode_state, encode_telemetry};
pub use limits::{FUTURE_LIMIT, MAX_PAYLOAD_BYTES};
pub use mapping::{Mapping, MappingError};
pub use message::{Arrival, Attributes, Decoded, Item, Rejected};
pub use reject::RejectReason;
pub use state::{ReportStatus, StateReport};
pub use telemetry::{Reading, TimeFrom};
pub use template::{Captures, TemplateError, TopicKind, TopicTemplate};
pub use time::{format_rfc3339, parse_rfc3339};
