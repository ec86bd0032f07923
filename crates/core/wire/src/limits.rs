//! How large, how many, how far ahead: every limit of the wire, each with its reason.

use std::time::Duration;

/// Largest payload that is decoded, bytes. Four times the largest config, a thousand times a common reading; the
/// clients' packet limit must lie above it, so that a larger message still reaches quarantine.
pub const MAX_PAYLOAD_BYTES: usize = 256 * 1024;

/// How far a device's clock may run ahead of ours. Beyond it a reading would hide all later ones as "latest".
pub const FUTURE_LIMIT: Duration = Duration::from_secs(10 * 60);

/// Longest name of a machine or metric and longest reading id, bytes. They are keys of the store and labels on screen.
pub const MAX_NAME_BYTES: usize = 128;

/// Most metrics in one reading, bad ones included. The busiest pans known report about 40; each new name is a series.
pub const MAX_METRICS: usize = 256;

/// Longest value of a state tag, bytes: a state has a short name; prose belongs in a log.
pub const MAX_TAG_BYTES: usize = 256;

/// Longest free text in a state report or an aggregate (`reason`, `firmware`, `notification`), bytes.
pub const MAX_TEXT_BYTES: usize = 4096;

/// Most elements in one batch: what the payload limit allows for readings of 64 bytes.
pub const MAX_BATCH: usize = 4096;

/// Deepest nesting of JSON that is accepted. The contract needs 4; below the parser's own limit of 128, so that the
/// stack a message may use is the same everywhere.
pub const MAX_DEPTH: usize = 32;

/// Longest topic pattern, bytes.
pub const MAX_PATTERN_BYTES: usize = 1024;

/// Most topic templates in a mapping: each message is compared with them in turn.
pub const MAX_TEMPLATES: usize = 64;

/// Most text tags in a mapping.
pub const MAX_TEXT_TAGS: usize = 64;

/// From this number on, a numeric `time` counts milliseconds; below it, seconds. 10¹¹ s lies in the year 5138, 10¹¹ ms in
/// March 1973: no real reading is on the wrong side.
pub const EPOCH_MILLIS_FROM: f64 = 1e11;
