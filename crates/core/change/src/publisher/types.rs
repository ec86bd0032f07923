//! What the publisher says: effects, where it stands, what it waits for.

use panfloor_model::Timestamp;

use crate::names::Hash;
use crate::record::Draft;
use crate::view::Head;

/// Something to be done. In order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Seal at the station's position, sign with the station's key, store record and outbox row in one transaction,
    /// insert into the ledger.
    Commit(Draft),
    /// Send this record of one's own to `…/ledger/{station}/records`, for the first time or again.
    Share(Hash),
    /// Send this head, retained.
    SendHead(Head),
    /// Ask for this record on `…/want`.
    Want(Hash),
    /// Send these bytes to the machine's config topic, retained, QoS 1.
    PublishConfig {
        /// The machine's name on the wire.
        machine: String,
        /// The version, for the log.
        version: u64,
        /// The message.
        bytes: Vec<u8>,
    },
}

/// Something that people must see, from when it was noticed until its cause is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// The machine's name on the wire, where it is about one.
    pub machine: Option<String>,
    /// The desired version that it is about, where it is about one.
    pub version: Option<u64>,
    /// Since when.
    pub since: Timestamp,
}

/// What people must see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// Somebody else keeps writing to a config topic: stopped overruling it.
    SecondWriter,
    /// The broker does not give the config back: a forbidden publish looks like this.
    ConfigNotTaken,
    /// A version on the topic or in a report that this ledger does not know: left alone.
    Drift,
    /// No epoch is left, since something on the site shows an absurdly high version.
    NoEpochLeft,
    /// Records that a station speaks of are missing and nobody gives them: it goes on without.
    RecordsMissing,
    /// The ledger does not take this station's own records.
    RecordRefused,
}

/// Where the publisher stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublisherState {
    /// Not connected, or not everything retained has been read.
    Offline,
    /// This station's key or number is not enrolled.
    NotEnrolled,
    /// Records are missing: asks for them.
    Holes,
    /// Another station publishes.
    Bystander,
    /// Its claim is not yet shared.
    Claiming,
    /// The claim came back; waits for two heartbeats.
    Waiting,
    /// Its open is not yet shared.
    Opening,
    /// It publishes under this epoch.
    Publishing {
        /// The epoch.
        epoch: u64,
    },
}

/// Why an approved change is not yet published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The request.
    pub request: Hash,
    /// The machine's name on the wire.
    pub machine: String,
    /// For what.
    pub reason: Wait,
    /// Since when it waits for this.
    pub since: Timestamp,
}

/// What an approved change can wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// An epoch of this station's own: see [`PublisherState`].
    Epoch,
    /// The version before it on this machine, which is not yet proven to be on the topic.
    VersionBefore(u64),
    /// The machine has not been seen, or is of another class than the request says.
    Class,
    /// The machine is not in mode `remote`.
    Mode,
    /// The machine is in a phase in which its class allows no config.
    Phase,
    /// The config no longer fits the class.
    Config,
    /// The machine reports a protected value that differs from the request's base: somebody changed it by hand.
    ReportedBase,
    /// The config topic holds something that must not be overruled unasked.
    Drift,
    /// The message is longer than machines take.
    TooLong,
}
