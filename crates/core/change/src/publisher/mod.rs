//! What a station does next: shares its records, claims and opens an epoch, publishes what is approved, and records what it
//! sees.
//!
//! One per run of the station: all that must outlive a run is in the ledger. Call [`Publisher::next`] after every change of
//! the ledger or the view and when [`Publisher::poll_timeout`] is due; carry out *all* effects in order before the next
//! call: a [`Effect::Commit`] means sealing, signing with the station's key, storing and inserting into the ledger.

mod publish;
mod share;
mod term;
mod topics;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use panfloor_model::{MachineClass, Mono, Now};

pub use types::{Effect, Notice, NoticeKind, PublisherState, Wait, Waiting};

use crate::book::ChangeBook;
use crate::ledger::Ledger;
use crate::names::Hash;
use crate::view::{Head, StationView};
use topics::Topic;

/// How long to wait for a record's echo, an answer or a config's return before sending again.
const RESEND: Duration = Duration::from_secs(10);

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

/// The station's part in the protocol during one run.
#[derive(Debug, Clone)]
pub struct Publisher {
    station: String,
    pace: HeartbeatPace,
    started: Now,
    state: PublisherState,
    due: Option<Mono>,
    waits: Vec<Waiting>,
    /// How many sessions were lost as of the last call; none before the first.
    sessions_lost: Option<u64>,
    /// Heads sent in this run, and when the last went out.
    beat: u64,
    beat_at: Option<Mono>,
    /// When each of one's own records was last sent, each missing one last asked for.
    shared_at: BTreeMap<Hash, Mono>,
    wanted_at: BTreeMap<Hash, Mono>,
    /// Since when each missing record is, while the broker was there to ask.
    missed_since: BTreeMap<Hash, Mono>,
    /// Some of those that nobody gave in time, as long as they are missing.
    given_up: BTreeSet<Hash>,
    /// The epoch claimed in this run, and the heads sent by the time the claim had come back.
    epoch: Option<u64>,
    beat_of_claim: Option<u64>,
    /// When an epoch was last given up for a version seen above it.
    outgrown_at: Option<Mono>,
    topics: BTreeMap<String, Topic>,
    notices: Vec<Notice>,
}

/// All that one call looks at.
struct Scene<'a> {
    ledger: &'a Ledger,
    book: &'a ChangeBook,
    classes: &'a [MachineClass],
    view: &'a StationView,
    now: Now,
}

impl Scene<'_> {
    /// The heads of enrolled stations and of `own`. Anybody who may publish can invent the others'.
    fn station_heads(&self, own: &str) -> impl Iterator<Item = &Head> {
        let enrolled = self.ledger.stations().into_iter().filter(|one| !one.revoked).map(|one| one.station);
        let stations: BTreeSet<String> = enrolled.chain([own.to_owned()]).collect();
        let heads = self.view.heads.iter().filter(move |(station, _)| stations.contains(*station));
        heads.map(|(_, seen)| &seen.head)
    }
}

impl Publisher {
    /// At the start of a run: `station` is this station's id.
    #[must_use]
    pub fn new(station: &str, pace: HeartbeatPace, now: Now) -> Self {
        Self {
            station: station.to_owned(),
            pace,
            started: now,
            state: PublisherState::Offline,
            due: None,
            waits: Vec::new(),
            sessions_lost: None,
            beat: 0,
            beat_at: None,
            shared_at: BTreeMap::new(),
            wanted_at: BTreeMap::new(),
            missed_since: BTreeMap::new(),
            given_up: BTreeSet::new(),
            epoch: None,
            beat_of_claim: None,
            outgrown_at: None,
            topics: BTreeMap::new(),
            notices: Vec::new(),
        }
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
        let scene = Scene { ledger, book, classes, view, now };
        self.due = None;
        let before = std::mem::take(&mut self.waits);
        self.state = self.work(&scene, effects);
        self.note_waits(&scene);
        self.date_waits(before);
        self.settle_elsewhere(&scene);
    }

    /// One pass; says where the publisher then stands.
    fn work(&mut self, scene: &Scene<'_>, effects: &mut Vec<Effect>) -> PublisherState {
        if !scene.view.connected_control {
            self.missed_since.clear();
            return PublisherState::Offline;
        }
        if self.sessions_lost.replace(scene.view.sessions_lost).is_some_and(|before| before != scene.view.sessions_lost)
        {
            // What was on its way may be lost: everything unproven is sent again, under a new epoch.
            self.leave_epoch();
            self.shared_at.clear();
            self.beat_at = None;
            self.topics.clear();
        }
        if self.want(scene, effects) {
            return PublisherState::Holes;
        }
        self.share(scene, effects);
        self.end_sessions(scene, effects);
        let state = self.term(scene, effects);
        self.send_head(scene, state, effects);
        if let PublisherState::Publishing { epoch } = state {
            self.observe(scene, effects);
            self.expire(scene, effects);
            self.level_topics(scene, effects);
            self.publish(scene, epoch, effects);
        }
        state
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

    /// Asks to be called at `at`, if not earlier.
    fn wake(&mut self, at: Mono) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// Gives the epoch up; the next pass claims another.
    const fn leave_epoch(&mut self) {
        self.epoch = None;
        self.beat_of_claim = None;
    }

    /// What people must see, as of the last call; oldest first.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Notes whether the ledger took a record that was handed out in [`Effect::Commit`].
    pub fn committed(&mut self, taken: bool, now: Now) {
        if taken {
            self.settle(NoticeKind::RecordRefused, None);
        } else {
            self.raise(NoticeKind::RecordRefused, None, now);
        }
    }

    /// Takes over what an earlier publisher of this run had noticed, and since when its changes and it wait.
    pub fn remember(&mut self, earlier: Self) {
        (self.missed_since, self.given_up) = (earlier.missed_since, earlier.given_up);
        self.notices = earlier.notices;
        self.waits = earlier.waits;
    }

    /// Notes something for people, until [`Publisher::settle`].
    fn raise(&mut self, kind: NoticeKind, about: Option<(&str, u64)>, now: Now) {
        let (machine, version) = about.map(|(machine, version)| (machine.to_owned(), version)).unzip();
        match self.notices.iter_mut().find(|known| known.kind == kind && known.machine == machine) {
            Some(known) => known.version = version,
            None => self.notices.push(Notice { kind, machine, version, since: now.wall }),
        }
    }

    /// The cause of a notice is gone.
    fn settle(&mut self, kind: NoticeKind, machine: Option<&str>) {
        self.notices.retain(|known| known.kind != kind || known.machine.as_deref() != machine);
    }

    /// Drops notices about topics that this station no longer looks after: another one publishes, or nothing is desired there.
    fn settle_elsewhere(&mut self, scene: &Scene<'_>) {
        let stuck = self.notices.iter().any(|known| known.kind == NoticeKind::NoEpochLeft);
        let elsewhere = self.state == PublisherState::Bystander && !stuck;
        let desired = |machine: &String| scene.book.desired.contains_key(machine);
        self.notices.retain(|known| known.machine.as_ref().is_none_or(|machine| !elsewhere && desired(machine)));
    }
}
