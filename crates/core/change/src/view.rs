//! What a station sees of the world besides its ledger: the engine keeps it up to date, the publisher reads it.

use std::collections::{BTreeMap, BTreeSet};

use panfloor_model::{Mode, Mono, Phase, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::body::Frontier;
use crate::names::Hash;

/// What a station sees. Kept by the engine; [`Publisher::next`](crate::Publisher::next) reads it.
#[derive(Debug, Clone, Default)]
pub struct StationView {
    /// The control session stands, its subscriptions are acknowledged, *and* everything retained (heads, configs,
    /// states) has been read: a machine missing in `configs` then has an empty config topic. How to know that: publish
    /// something not retained to a topic of one's own after the SUBACK; when it comes back, what was retained came before.
    pub connected_control: bool,
    /// Counts the broker sessions that were lost (ConnAck without "session present", but for the first of a run). When
    /// it moves, the publisher opens a new epoch.
    pub sessions_lost: u64,
    /// Records of one's own that came back from the broker; persisted with the outbox.
    pub echoed: BTreeSet<Hash>,
    /// The last head of each station, one's own among them: as *received*, not as sent.
    pub heads: BTreeMap<String, SeenHead>,
    /// What is on the config topic, by machine name on the wire; absent when the topic is empty.
    pub configs: BTreeMap<String, SeenConfig>,
    /// The last state report, by machine name on the wire. Hand every report to `next` before the one after it takes
    /// its place, or the steps between are not seen.
    pub reports: BTreeMap<String, Report>,
    /// Class, mode and phase, by machine name on the wire: what the class's permissives are checked against.
    pub machines: BTreeMap<String, MachineView>,
}

/// A station's heartbeat: retained on `…/ledger/{station}/head`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The site's id.
    pub site: String,
    /// The station's id.
    pub station: String,
    /// When this run of the station started, µs UTC: tells its heads from those of an earlier run.
    pub started_at: i64,
    /// Counts the heads of this run, from 1.
    pub beat: u64,
    /// The highest epoch the station knows of.
    pub epoch: u64,
    /// The last hashes of every chain it holds.
    pub frontier: Frontier,
}

/// A head, and when it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenHead {
    /// The head.
    pub head: Head,
    /// When it came.
    pub received_at: Mono,
    /// Whether it came as a retained message: it then says nothing about being alive now.
    pub retained: bool,
}

/// What is on a config topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenConfig {
    /// The message, byte for byte.
    pub bytes: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
}

/// A machine's state report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The version it names.
    pub version: Option<u64>,
    /// What it says about that version.
    pub status: ReportStatus,
    /// Why the machine refused, or empty.
    pub reason: String,
    /// The effective values, if it names them.
    pub config: Option<Value>,
    /// Whether it came as a retained message.
    pub retained: bool,
    /// When it came.
    pub received_at: Timestamp,
    /// SHA-256 of the message: the evidence.
    pub evidence: Hash,
}

/// What a report says about the version it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportStatus {
    /// The machine has it.
    Received,
    /// The machine obeys it.
    Applied,
    /// The machine won't.
    Refused,
    /// It says nothing that is known.
    Other,
}

/// What is known of a machine now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineView {
    /// Its class, as this station has it.
    pub class: String,
    /// Who commands it, if it says so.
    pub mode: Option<Mode>,
    /// The strike's phase, if it says so.
    pub phase: Option<Phase>,
}

impl Head {
    /// Its JSON, as it is sent.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a head; `None` if the bytes are none.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        /// Longest head that is read, bytes: 64 stations with some forks fit.
        const MAX_HEAD_BYTES: usize = 64 * 1024;
        if bytes.len() > MAX_HEAD_BYTES {
            return None;
        }
        serde_json::from_slice(bytes).ok()
    }
}
