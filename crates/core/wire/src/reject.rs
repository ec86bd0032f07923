//! Why a message was rejected: each reason a sentence that says what to do, and a code for programs.

use thiserror::Error;

use crate::limits::{FUTURE_LIMIT, MAX_BATCH, MAX_DEPTH, MAX_METRICS, MAX_NAME_BYTES, MAX_PAYLOAD_BYTES};

/// Why a message, or an element of a batch, was rejected.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RejectReason {
    /// Larger than [`MAX_PAYLOAD_BYTES`].
    #[error(
        "the message has {bytes} bytes, more than the {MAX_PAYLOAD_BYTES} that are decoded: let the machine send smaller batches"
    )]
    TooLarge {
        /// Its size, bytes.
        bytes: usize,
    },
    /// No template of the mapping matches the topic.
    #[error("no topic template of this source's mapping matches the topic: add one, or subscribe to fewer topics")]
    UnknownTopic,
    /// On a command topic: commands go to machines.
    #[error("a command is for a machine, not for Panfloor: take the command topics out of this source's subscription")]
    Command,
    /// Not UTF-8.
    #[error("the message is not UTF-8 text (byte {offset}): let the machine send JSON in UTF-8")]
    NotUtf8 {
        /// First byte that is not UTF-8, from 0.
        offset: usize,
    },
    /// Not JSON.
    #[error("the message is not JSON ({message}): let the machine send one JSON object, or an array of them")]
    NotJson {
        /// What the parser says, with line and column.
        message: String,
        /// Byte at which the parser stopped, from 0.
        offset: usize,
    },
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("the message is nested deeper than {MAX_DEPTH} levels: send metrics as plain members of one object")]
    TooDeep,
    /// JSON, but no object, nor a batch of objects where one is allowed.
    #[error("expected a JSON object, found {found}: send {{\"name\": number, …}}")]
    NotAnObject {
        /// What was found.
        found: &'static str,
    },
    /// A batch without elements.
    #[error("the batch is empty: let the machine send nothing instead of []")]
    EmptyBatch,
    /// More than [`MAX_BATCH`] elements.
    #[error("the batch has {elements} elements, more than {MAX_BATCH}: let the machine send smaller batches")]
    BatchTooLong {
        /// How many.
        elements: usize,
    },
    /// Nothing says which machine it belongs to.
    #[error("no machine: set one in this source's mapping")]
    NoMachine,
    /// The machine's name is empty, too long or has control characters.
    #[error(
        "the machine's name is not usable: it needs 1 to {MAX_NAME_BYTES} bytes and no control characters; rename it at the machine, or set a name in this source's mapping"
    )]
    BadMachineName,
    /// No numeric member and no state tag.
    #[error(
        "no metric: the message has no numeric member besides the reserved ones; send at least one, or name its text members as text tags in this source's mapping"
    )]
    NoMetric,
    /// More than [`MAX_METRICS`].
    #[error("the message has {metrics} metrics, more than {MAX_METRICS}: split it into several messages")]
    TooManyMetrics {
        /// How many.
        metrics: usize,
    },
    /// A metric's name is empty, too long or has control characters.
    #[error(
        "a metric's name is not usable ({name:?}): it needs 1 to {MAX_NAME_BYTES} bytes and no control characters; rename it at the machine"
    )]
    BadMetricName {
        /// Its beginning.
        name: String,
    },
    /// A text is longer than its limit.
    #[error("the text of \"{member}\" has {bytes} bytes, more than {limit}: shorten it at the machine")]
    TextTooLong {
        /// Which member.
        member: String,
        /// Its length, bytes.
        bytes: usize,
        /// The limit, bytes.
        limit: usize,
    },
    /// The time is in no form that the contract knows.
    #[error(
        "the time {text} cannot be read: send RFC 3339 (2026-11-24T06:15:04.250Z), epoch seconds or milliseconds as a number, or YYYY-MM-DD HH:MM:SS in the time zone of this source's mapping"
    )]
    TimeUnreadable {
        /// Its beginning, as sent.
        text: String,
    },
    /// A local time that the clocks of the mapping's zone skipped.
    #[error(
        "the local time {text} does not exist in {zone}, whose clocks were put forward: send UTC, or set the right time zone in this source's mapping"
    )]
    TimeNonexistent {
        /// The time as sent.
        text: String,
        /// IANA name of the zone.
        zone: &'static str,
    },
    /// Further ahead than [`FUTURE_LIMIT`].
    #[error(
        "the time lies {ahead_s} s in the future, more than {limit_s} s: set the machine's clock, or the time zone in this source's mapping",
        limit_s = FUTURE_LIMIT.as_secs()
    )]
    TimeInFuture {
        /// How far ahead of arrival, seconds.
        ahead_s: u64,
    },
    /// A retained reading that does not say when it was measured.
    #[error(
        "a retained reading without \"time\" cannot be dated, it may be days old: let the machine send its time, or not retain telemetry"
    )]
    RetainedWithoutTime,
    /// A state report in which a member has the wrong type or an unknown value.
    #[error("in the state report \"{member}\" must be {expected}: mend the machine's program")]
    BadState {
        /// Which member.
        member: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A state report with no member that the contract knows.
    #[error(
        "the state report says nothing that the contract knows: send config_version, config, status, mode, firmware or class"
    )]
    EmptyState,
    /// An aggregate in which a member is missing or cannot be.
    #[error("in the aggregate \"{member}\" must be {expected}: mend the pipeline, or the topic template")]
    BadAggregate {
        /// Which member.
        member: &'static str,
        /// What it must be.
        expected: &'static str,
    },
}

impl RejectReason {
    /// Code for programs and the golden messages; never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::UnknownTopic => "unknown_topic",
            Self::Command => "command",
            Self::NotUtf8 { .. } => "not_utf8",
            Self::NotJson { .. } => "not_json",
            Self::TooDeep => "too_deep",
            Self::NotAnObject { .. } => "not_an_object",
            Self::EmptyBatch => "empty_batch",
            Self::BatchTooLong { .. } => "batch_too_long",
            Self::NoMachine => "no_machine",
            Self::BadMachineName => "bad_machine_name",
            Self::NoMetric => "no_metric",
            Self::TooManyMetrics { .. } => "too_many_metrics",
            Self::BadMetricName { .. } => "bad_metric_name",
            Self::TextTooLong { .. } => "text_too_long",
            Self::TimeUnreadable { .. } => "time_unreadable",
            Self::TimeNonexistent { .. } => "time_nonexistent",
            Self::TimeInFuture { .. } => "time_in_future",
            Self::RetainedWithoutTime => "retained_without_time",
            Self::BadState { .. } => "bad_state",
            Self::EmptyState => "empty_state",
            Self::BadAggregate { .. } => "bad_aggregate",
        }
    }

    /// Byte of the payload at which reading stopped, where that is known.
    pub(crate) fn offset(&self) -> Option<usize> {
        if let Self::NotUtf8 { offset } | Self::NotJson { offset, .. } = self { Some(*offset) } else { None }
    }
}
