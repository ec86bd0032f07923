//! What records say: one type a kind, fields in the order in which they are written.
//!
//! Their JSON Schemas and golden envelopes are in `contract/records/`.

use std::collections::BTreeMap;

use panfloor_model::{Role, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::names::{Hash, PublicKey};

/// The last hashes of every chain a station held, by station; more than one where a chain forked.
pub type Frontier = BTreeMap<String, Vec<Hash>>;

/// What a record says. `kind` is its member in the payload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// The site's first record. Signed by its first administrator.
    Site(Site),
    /// Enrols a user's key. Signed by an administrator.
    User(UserEnrolment),
    /// Enrols a station. Signed by an administrator.
    Station(StationEnrolment),
    /// Ends a key. Signed by an administrator.
    Revocation(Revocation),
    /// Delegates a session key. Signed by the user's key.
    Session(Session),
    /// Ends a session. Signed by that session's key, or by the station when the session ran out.
    SessionEnd(SessionEnd),
    /// Acknowledges an alarm. Signed by a session key.
    Acknowledgement(Acknowledgement),
    /// Asks for a change. Signed by its author.
    Request(Request),
    /// Says yes to a request. Signed by an approver who is no author.
    Approval(Decision),
    /// Says no to a request. Signed by an approver.
    Rejection(Decision),
    /// Takes a request back. Signed by an author.
    Withdrawal(Decision),
    /// The request waited too long. Signed by the publisher's station.
    Expiry(Nothing),
    /// Claims an epoch. Signed by the station.
    Claim(Claim),
    /// Opens a claimed epoch. Signed by the station.
    Open(Open),
    /// One machine's config, ready to be sent. Signed by the station.
    Publishing(Publishing),
    /// The very bytes were seen on the config topic. Signed by the station.
    Published(Observation),
    /// A report named the version. Signed by the station.
    Received(Observation),
    /// A report said that the version is in force. Signed by the station.
    Applied(Observation),
    /// A report said that the machine won't take the version. Signed by the station.
    Refused(Refusal),
    /// A kind that this version of Panfloor does not know: it keeps its place in the chain and has no effect.
    #[serde(other)]
    Unknown,
}

/// The site's first record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// The site's name for people.
    pub name: String,
    /// Its first administrator.
    pub administrator: Administrator,
    /// Number of the station that made it, 0–63.
    pub station_number: u8,
    /// Name of that station for people.
    pub station_name: String,
    /// That station's key.
    pub station_key: PublicKey,
}

/// The first administrator, who enrols everybody else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Administrator {
    /// User id, unique in the site.
    pub user: String,
    /// Name for people.
    pub name: String,
    /// Roles; administrator is among them whether or not it is listed.
    pub roles: Vec<Role>,
    /// The user's key at this station.
    pub public_key: PublicKey,
}

/// Enrols a key of a user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserEnrolment {
    /// User id, unique in the site; the same for all keys of one person, since four eyes compares users.
    pub user: String,
    /// Name for people.
    pub name: String,
    /// What this key may do. A key's roles are those of all its enrolments together: to take one away, revoke the key
    /// and enrol another.
    pub roles: Vec<Role>,
    /// The key.
    pub public_key: PublicKey,
    /// The station at which the key is used: its records count in that station's chain alone.
    pub at_station: String,
}

/// Enrols a station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StationEnrolment {
    /// The station's id.
    pub enrolled: String,
    /// Name for people.
    pub name: String,
    /// 0–63. A number given to two stations counts for neither.
    pub number: u8,
    /// The station's key.
    pub public_key: PublicKey,
}

/// Ends a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revocation {
    /// The key.
    pub revoked: PublicKey,
    /// Of the key's records only those inside this frontier count, and those a counting `publishing` names.
    pub frontier: Frontier,
    /// Why.
    pub reason: String,
}

/// Delegates a key for acknowledgements, shelving and notes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The session's key.
    pub session_key: PublicKey,
    /// At most 12 h after the record's time. The station then ends the session by a record; no fold reads a clock.
    #[serde(with = "crate::text::time")]
    pub expires_at: Timestamp,
}

/// Ends a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionEnd {
    /// The session's record.
    pub session: Hash,
}

/// Acknowledges an alarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// The alarm's definition or condition: `low_low`, `air_leak`.
    pub condition: String,
    /// The machine's name on the wire.
    pub machine: String,
    /// The metric, where the alarm is about one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub metric: Option<String>,
    /// All that happened up to this event time is acknowledged, since stations may date an occurrence differently.
    #[serde(with = "crate::text::time")]
    pub up_to: Timestamp,
    /// What the operator wrote; may be empty.
    pub note: String,
}

/// Asks for a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The machines' class.
    pub class: String,
    /// The machines, each with its base and its whole resulting config; no machine twice, 1 to 64 of them.
    pub machines: Vec<MachineChange>,
    /// Why; not empty.
    pub reason: String,
    /// The requests this one is a rebase of: their authors are authors of this one, too.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub builds_on: Vec<Hash>,
    /// The expected effect, if the author named one; checked by the telemetry, not by the fold.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub effect: Option<Value>,
}

/// What a request asks of one machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MachineChange {
    /// The machine's name on the wire.
    pub machine: String,
    /// Version of the desired config that this builds on; 0 if the ledger has none for the machine.
    pub base_version: u64,
    /// The config it builds on: that version's, or the one the machine reported.
    pub base_config: Value,
    /// The whole config after the change.
    pub config: Value,
}

/// An approval, a rejection or a withdrawal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What the user wrote; may be empty.
    pub remark: String,
}

/// A kind with no fields of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Nothing {}

/// Claims an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Above every epoch the station had seen, congruent to its number modulo 64.
    pub epoch: u64,
}

/// Opens a claimed epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Open {
    /// The claimed epoch.
    pub epoch: u64,
    /// What the station held: lower opens and publishings outside it are void.
    pub frontier: Frontier,
}

/// One machine's config, ready to be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Publishing {
    /// The machine's name on the wire.
    pub machine: String,
    /// Epoch × 1000 + n.
    pub version: u64,
    /// The version this one builds on; 0 for the first.
    pub base_version: u64,
    /// The config message without its `proof`, byte for byte, as base64.
    #[serde(with = "crate::text::bytes")]
    pub message: Vec<u8>,
    /// The approvals that carry it.
    pub approvals: Vec<Hash>,
}

/// Something a station saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The machine's name on the wire.
    pub machine: String,
    /// The version it is about.
    pub version: u64,
    /// When the station saw it.
    #[serde(with = "crate::text::time")]
    pub observed_at: Timestamp,
    /// SHA-256 of the message that proves it: the config message or the report.
    pub evidence: Hash,
}

/// A machine's refusal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// The machine's name on the wire.
    pub machine: String,
    /// The version it is about.
    pub version: u64,
    /// When the station saw it.
    #[serde(with = "crate::text::time")]
    pub observed_at: Timestamp,
    /// SHA-256 of the report that proves it.
    pub evidence: Hash,
    /// The machine's reason; may be empty. Cut to 1,000 characters.
    pub reason: String,
}

impl Body {
    /// The request, if it is one.
    #[must_use]
    pub const fn as_request(&self) -> Option<&Request> {
        if let Self::Request(request) = self { Some(request) } else { None }
    }

    /// The publishing, if it is one.
    #[must_use]
    pub const fn as_publishing(&self) -> Option<&Publishing> {
        if let Self::Publishing(publishing) = self { Some(publishing) } else { None }
    }

    /// The claimed epoch, if it is a claim.
    pub(crate) const fn as_claim(&self) -> Option<u64> {
        if let Self::Claim(claim) = self { Some(claim.epoch) } else { None }
    }

    /// The open, if it is one.
    pub(crate) const fn as_open(&self) -> Option<&Open> {
        if let Self::Open(open) = self { Some(open) } else { None }
    }

    /// Machine, version and time of what a station saw, if it is that.
    pub(crate) fn as_seen(&self) -> Option<(&str, u64, Timestamp)> {
        if let Self::Published(seen) | Self::Received(seen) | Self::Applied(seen) = self {
            Some((&seen.machine, seen.version, seen.observed_at))
        } else if let Self::Refused(seen) = self {
            Some((&seen.machine, seen.version, seen.observed_at))
        } else {
            None
        }
    }

    /// Whether it is of a kind that no change's state depends on.
    pub(crate) const fn is_beside_changes(&self) -> bool {
        matches!(self, Self::Session(_) | Self::SessionEnd(_) | Self::Acknowledgement(_) | Self::Unknown)
    }

    /// What the user wrote, if it is a decision; empty otherwise.
    pub(crate) fn remark(&self) -> &str {
        if let Self::Approval(decision) | Self::Rejection(decision) | Self::Withdrawal(decision) = self {
            &decision.remark
        } else {
            ""
        }
    }

    /// Its kind on the wire.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Site(_) => "site",
            Self::User(_) => "user",
            Self::Station(_) => "station",
            Self::Revocation(_) => "revocation",
            Self::Session(_) => "session",
            Self::SessionEnd(_) => "session_end",
            Self::Acknowledgement(_) => "acknowledgement",
            Self::Request(_) => "request",
            Self::Approval(_) => "approval",
            Self::Rejection(_) => "rejection",
            Self::Withdrawal(_) => "withdrawal",
            Self::Expiry(_) => "expiry",
            Self::Claim(_) => "claim",
            Self::Open(_) => "open",
            Self::Publishing(_) => "publishing",
            Self::Published(_) => "published",
            Self::Received(_) => "received",
            Self::Applied(_) => "applied",
            Self::Refused(_) => "refused",
            Self::Unknown => "unknown",
        }
    }
}
