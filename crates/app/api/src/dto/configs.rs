//! Config changes: machines, forms, requests, timelines.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::plant::ConfigBrief;

/// The Configs screen in one answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConfigsDto {
    /// Machines by name.
    pub machines: Vec<ConfigRow>,
    /// All open changes and the newest 50 closed ones, newest first.
    pub changes: Vec<ChangeDto>,
    /// Whether there are older closed ones: `changes_before` answers them.
    pub more: bool,
    /// What the change protocol needs a person for, until its cause is gone; oldest first.
    pub notices: Vec<ConfigNotice>,
    /// Who publishes.
    pub publisher: PublisherDto,
}

/// Which closed changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ChangesRequest {
    /// Those older than this one: the hash of its request, hex.
    pub before: String,
    /// At most so many (1 to 200).
    pub limit: u32,
}

/// A page of closed changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ChangesPage {
    /// Newest first.
    pub changes: Vec<ChangeDto>,
    /// Whether there are older ones.
    pub more: bool,
}

/// Something of the change protocol that people must see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConfigNotice {
    /// `second_writer`, `config_not_taken`, `drift`, `no_epoch_left`, `records_missing`, `record_refused`
    pub code: String,
    /// Machine id; `None`: it is about the whole site, or the machine is not known here.
    pub machine: Option<u32>,
    /// The machine's name; empty where it is about the whole site.
    pub name: String,
    /// The version it is about, shown.
    pub version: Option<String>,
    /// Since when.
    pub since_ms: f64,
}

/// What an approved change waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConfigWait {
    /// `epoch` (this station cannot publish now: see `PublisherDto.stands`), `version_before`, `class`, `mode`, `phase`, `config`,
    /// `reported_base`, `drift`, `too_long`
    pub code: String,
    /// For `version_before`: that version, shown.
    pub version: Option<String>,
    /// Since when it waits for this.
    pub since_ms: f64,
}

/// The site's publisher, as this station sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PublisherDto {
    /// `closed`, `claiming`, `open`
    pub state: String,
    /// Why: `offline`, `not_enrolled`, `holes` (records are missing), `bystander` (another station publishes), `claiming`,
    /// `waiting` (for two heartbeats), `opening`, `publishing`.
    pub stands: String,
    /// The epoch in force.
    pub epoch: Option<f64>,
    /// Own heartbeats do not come back: since the last one that did. `None`: they do, or none was sent yet.
    pub silent_since_ms: Option<f64>,
    /// Own records not yet come back from the broker.
    pub unshared: u32,
}

/// A machine in the Configs list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConfigRow {
    /// Machine id.
    pub machine: u32,
    /// Its name.
    pub name: String,
    /// Where its config stands.
    pub brief: ConfigBrief,
}

/// A machine's config in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConfigDetail {
    /// Machine id.
    pub machine: u32,
    /// Its name.
    pub name: String,
    /// Its class; without one no form can be shown.
    pub class_id: Option<String>,
    /// Firmware, if it reports one.
    pub firmware: Option<String>,
    /// Mode, if it reports one.
    pub mode: Option<String>,
    /// Desired config (values), if any.
    #[ts(type = "unknown")]
    pub desired: Option<serde_json::Value>,
    /// Desired version, as a number.
    pub desired_version: Option<f64>,
    /// Reported effective config.
    #[ts(type = "unknown")]
    pub reported: Option<serde_json::Value>,
    /// Reported version, as a number.
    pub reported_version: Option<f64>,
    /// When the report came.
    pub reported_ms: Option<f64>,
    /// Earlier versions of this machine, newest first.
    pub versions: Vec<VersionDto>,
}

/// A version that was once desired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct VersionDto {
    /// Shown: `12.4`.
    pub shown: String,
    /// Its values.
    #[ts(type = "unknown")]
    pub config: serde_json::Value,
    /// When it was published.
    pub time_ms: f64,
    /// The author of its request.
    pub author: String,
}

/// A change, from request to proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ChangeDto {
    /// Hash of the request, hex: names it everywhere.
    pub request: String,
    /// Author.
    pub author: String,
    /// Station at which it was requested.
    pub station: String,
    /// When.
    pub requested_ms: f64,
    /// Reason.
    pub reason: String,
    /// Machines, by name.
    pub machines: Vec<ChangeMachine>,
    /// Whole resulting config.
    #[ts(type = "unknown")]
    pub config: serde_json::Value,
    /// Values at the base, for the diff.
    #[ts(type = "unknown")]
    pub base_config: Option<serde_json::Value>,
    /// Base version, shown.
    pub base: Option<String>,
    /// `requested`, `approved`, `rejected`, `withdrawn`, `expired`, `stale`, `publishing`, `published`, `received`, `applied`, `refused`, `overruled`: the least advanced of its machines.
    pub state: String,
    /// Approvals given.
    pub approvals: Vec<DecisionDto>,
    /// Approvals needed.
    pub approvals_needed: u32,
    /// Whether the signed-in user may approve or reject, and if not, why.
    pub may_decide: bool,
    /// Why not; empty if it may.
    pub why_not: String,
    /// Whether the signed-in user may withdraw it.
    pub may_withdraw: bool,
    /// What approving it does, in one sentence.
    pub consequence: String,
}

/// One machine of a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ChangeMachine {
    /// Machine id.
    pub machine: u32,
    /// Name.
    pub name: String,
    /// State, as in `ChangeDto.state`.
    pub state: String,
    /// Version given, shown; `None`: none yet.
    pub version: Option<String>,
    /// Approved and not published: for what it waits.
    pub waiting: Option<ConfigWait>,
    /// Steps in order: approved, published, received, applied; proven ones have a time.
    pub steps: Vec<StepDto>,
}

/// A step of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StepDto {
    /// `requested`, `approved`, `publishing`, `published`, `received`, `applied`, `rejected`, `withdrawn`, `refused`…
    pub step: String,
    /// When it was proven; `None`: not yet.
    pub time_ms: Option<f64>,
    /// If it is the next one awaited: since when.
    pub awaited_since_ms: Option<f64>,
    /// Who or what proved it.
    pub by: String,
    /// Record, short hex; empty before it is proven.
    pub record: String,
    /// Remark or reason.
    pub remark: String,
}

/// An approval or rejection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DecisionDto {
    /// Who.
    pub user: String,
    /// When.
    pub time_ms: f64,
    /// `approved`, `rejected`
    pub decision: String,
    /// Remark.
    pub remark: String,
}

/// A change to request. The host asks for the passphrase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ChangeRequestDto {
    /// Machine id.
    pub machine: u32,
    /// Version on which it is based, as a number; `None`: the machine has none yet.
    pub base_version: Option<f64>,
    /// Whole resulting config.
    #[ts(type = "unknown")]
    pub config: serde_json::Value,
    /// Reason, 1 to 2000 characters.
    pub reason: String,
}

/// A decision on a request. The host asks for the passphrase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DecideRequest {
    /// Hash of the request, hex.
    pub request: String,
    /// `approve`, `reject`, `withdraw`
    pub decision: String,
    /// Remark; needed to reject.
    pub remark: String,
}

/// A config to check against its class, without sending anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CheckRequest {
    /// Machine id.
    pub machine: u32,
    /// The config as edited.
    #[ts(type = "unknown")]
    pub config: serde_json::Value,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CheckDto {
    /// Problems; empty: it may be requested.
    pub problems: Vec<FieldProblemDto>,
    /// Approvals that this change would need.
    pub approvals_needed: u32,
    /// What requesting it does, in one sentence; empty if nothing differs.
    pub consequence: String,
}

/// A field that breaks the schema.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FieldProblemDto {
    /// Member name; empty: the config as a whole.
    pub field: String,
    /// What is wrong and what is allowed.
    pub sentence: String,
}
