//! What a station does next: shares its records, claims and opens an epoch, publishes what is approved, and records what it
//! sees.
//!
//! One per run of the station: all that must outlive a run is in the ledger. Call [`Publisher::next`] after every change of
//! the ledger or the view and when [`Publisher::poll_timeout`] is due; carry out *all* effects in order before the next
//! call: a [`Effect::Commit`] means sealing, signing with the station's key, storing and inserting into the ledger.

use std::time::Duration;

use panfloor_model::{MachineClass, Mono, Now};

use crate::book::ChangeBook;
use crate::ledger::Ledger;
use crate::names::Hash;
use crate::record::Draft;
use crate::view::{Head, StationView};

/// How often a station says what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeartbeatPace {
    /// Between heads.
    pub interval: Duration,
    /// Between heads from a claim to its open, while this is the only enrolled station: nobody else can then hold a record that
    /// this one lacks, so nothing is gained by waiting; the two heads must come back all the same.
    pub alone: Duration,
}

impl Default for HeartbeatPace {
    fn default() -> Self {
        Self { interval: Duration::from_secs(10), alone: Duration::from_millis(500) }
    }
}

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
    /// Something that people must see.
    Alarm {
        /// What.
        kind: AlarmKind,
        /// The machine, where it is about one.
        machine: Option<String>,
        /// What happened and what to do, for people.
        sentence: String,
    },
}

/// What a publisher raises alarms for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlarmKind {
    /// Somebody else keeps writing to a config topic: stopped overruling it.
    SecondWriter,
    /// The broker does not give the config back: a forbidden publish looks like this.
    ConfigNotTaken,
    /// A version on the topic or in a report that this ledger does not know: left alone.
    Drift,
    /// No epoch is left, since something on the site shows an absurdly high version.
    NoEpochLeft,
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

/// The station's part in the protocol during one run.
#[derive(Debug, Clone)]
pub struct Publisher {
    station: String,
    pace: HeartbeatPace,
    state: PublisherState,
    due: Option<Mono>,
    waits: Vec<Waiting>,
}

impl Publisher {
    /// At the start of a run: `station` is this station's id.
    #[must_use]
    pub fn new(station: &str, pace: HeartbeatPace, now: Now) -> Self {
        let _ = now;
        Self { station: station.to_owned(), pace, state: PublisherState::Offline, due: None, waits: Vec::new() }
    }

    /// What to do now. `book` is the fold of `ledger` as it is.
    pub fn next(
        &mut self,
        ledger: &Ledger,
        book: &ChangeBook,
        classes: &[MachineClass],
        view: &StationView,
        now: Now,
        effects: &mut Vec<Effect>,
    ) {
        let _ = (ledger, book, classes, view, now, effects, &self.station, self.pace);
    }

    /// When [`Publisher::next`] must be called again at the latest.
    #[must_use]
    pub const fn poll_timeout(&self) -> Option<Mono> {
        self.due
    }

    /// Where it stands, as of the last call.
    #[must_use]
    pub const fn state(&self) -> PublisherState {
        self.state
    }

    /// Why approved changes are not yet published, as of the last call.
    #[must_use]
    pub fn waiting(&self) -> &[Waiting] {
        &self.waits
    }
}
