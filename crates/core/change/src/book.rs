//! The book: every change's state as the records prove it. Written by [`fold`](crate::fold) alone.

use std::collections::BTreeMap;

use panfloor_model::Timestamp;
use serde_json::Value;

use crate::body::Request;
use crate::names::Hash;

/// All changes and desired configs of a site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChangeBook {
    /// Changes by the hash of their request.
    pub changes: BTreeMap<Hash, Change>,
    /// The desired config, by machine name on the wire; absent for a machine that never got one.
    pub desired: BTreeMap<String, Desired>,
    /// `publishing` records that do not count, each with the reason: their changes are what their other records say.
    pub void: BTreeMap<Hash, String>,
    /// Opens that count, highest epoch first.
    pub opens: Vec<Hash>,
}

/// One change: a request and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The request's hash: the change's name in the book.
    pub request_hash: Hash,
    /// The change's id, as the author chose it.
    pub id: String,
    /// What is asked for.
    pub request: Request,
    /// Who asked, when.
    pub requested: Step,
    /// User ids that may not approve: the author, and those whose requests this one builds on.
    pub authors: Vec<String>,
    /// Approvals that count: one a user, by users who are no authors.
    pub approvals: Vec<Step>,
    /// Rejections.
    pub rejections: Vec<Step>,
    /// Withdrawals.
    pub withdrawals: Vec<Step>,
    /// The expiry, if there is one.
    pub expired: Option<Step>,
    /// Records about this change that have no effect, each with the reason: an approval by an author, a rejection that came after
    /// everything was published.
    pub ignored: Vec<(Hash, String)>,
    /// The state on each machine, in the request's order.
    pub machines: Vec<MachineChangeState>,
}

/// A change's state on one machine.
#[derive(Debug, Clone, PartialEq)]
pub struct MachineChangeState {
    /// The machine's name on the wire.
    pub machine: String,
    /// Where it stands.
    pub state: State,
    /// Approvals needed: the class's number, one more if a protected field differs from the base. `None` if the class
    /// is not known here: then it is never approved here.
    pub approvals_needed: Option<u8>,
    /// The version it was given, once there is a counting `publishing`.
    pub version: Option<u64>,
    /// The counting `publishing`.
    pub publishing: Option<Step>,
    /// The bytes came back on the config topic.
    pub published: Option<Step>,
    /// A report named the version.
    pub received: Option<Step>,
    /// A report said that it is in force.
    pub applied: Option<Step>,
    /// A report said that the machine won't, with the machine's reason.
    pub refused: Option<(Step, String)>,
    /// The version that overruled it.
    pub overruled_by: Option<u64>,
}

/// Where a change stands on one machine. The proven steps, with who and when, are beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits for approvals.
    Requested,
    /// Has its approvals, waits for the publisher.
    Approved,
    /// Somebody said no.
    Rejected,
    /// An author took it back.
    Withdrawn,
    /// It waited too long.
    Expired,
    /// Its base is not the desired version any more: rebase.
    Stale,
    /// The publisher committed it; not yet proven to be on the topic.
    Publishing,
    /// The bytes came back on the config topic.
    Published,
    /// The machine has it.
    Received,
    /// The machine obeys it.
    Applied,
    /// The machine won't.
    Refused,
    /// A higher version not built on it took its place.
    Overruled,
}

/// A step that a record proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The record.
    pub record: Hash,
    /// Who.
    pub by: Who,
    /// When, as the record says: for an observation the time of observing. Shown, never decided by.
    pub at: Timestamp,
    /// The remark of a decision; empty otherwise.
    pub remark: String,
}

/// Who made a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A user.
    User {
        /// User id.
        user: String,
        /// Name for people.
        name: String,
    },
    /// A station by itself.
    Station {
        /// Station id.
        station: String,
    },
}

/// What a machine should run.
#[derive(Debug, Clone, PartialEq)]
pub struct Desired {
    /// The version.
    pub version: u64,
    /// The config.
    pub config: Value,
    /// The counting `publishing` it comes from.
    pub publishing: Hash,
    /// The change it comes from.
    pub request: Hash,
    /// The config message, byte for byte, `proof` included.
    pub bytes: Vec<u8>,
    /// Whether the bytes are proven to have been on the config topic.
    pub published: bool,
}

impl ChangeBook {
    /// The change with this id; where an id was used twice, the one with the lower request hash.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Change> {
        self.changes.values().find(|change| change.id == id)
    }
}

impl Step {
    /// The user id, if a user made it.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        match &self.by {
            Who::User { user, .. } => Some(user),
            Who::Station { .. } => None,
        }
    }
}

impl Change {
    /// Its state on `machine`.
    #[must_use]
    pub fn on(&self, machine: &str) -> Option<&MachineChangeState> {
        self.machines.iter().find(|state| state.machine == machine)
    }
}
