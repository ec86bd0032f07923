//! Everything the loop knows, and how it is read back from the store.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use panfloor_alarm::Input;
use panfloor_historian::Reader;
use panfloor_keys::StationKey;
use panfloor_model::{MachineClass, MachineId, Metric, Mode, Now, Phase, SourceId, Timestamp};

use crate::alarms::AlarmRoom;
use crate::changes::ChangeRoom;
use crate::identity::Identity;
use crate::plant::{Machine, Plant, Reported};
use crate::rollup::Rollups;
use crate::session::SignedIn;
use crate::sources::{SourceHealth, Sources};

/// Something that stands in the way of acquiring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// `disk_full`, `store_failed`, `seal_failed`.
    pub code: &'static str,
    /// What, where, why, what to do.
    pub sentence: String,
    /// Since when.
    pub since: Timestamp,
}

/// How many of the newest messages the latencies are told from: 40 machines for about 20 minutes.
const LATENCIES_KEPT: usize = 50_000;

/// What the loop counts for benchmarks and the status line.
#[derive(Debug, Clone, Default)]
pub struct Counters {
    /// From a reading's device time to the end of its commit, µs.
    pub publish_to_commit_us: VecDeque<u32>,
    /// The same without the time in which a commit was running, µs.
    pub outside_commit_us: VecDeque<u32>,
    /// Commits themselves, µs.
    pub commit_us: VecDeque<u32>,
}

impl Counters {
    /// Notes a duration; forgets the oldest beyond the bound.
    pub(crate) fn note(list: &mut VecDeque<u32>, span: Duration) {
        if list.len() == LATENCIES_KEPT {
            list.pop_front();
        }
        list.push_back(u32::try_from(span.as_micros()).unwrap_or(u32::MAX));
    }
}

/// What the loop is given once and keeps over every reload.
pub(crate) struct Given {
    pub(crate) identity: Option<Identity>,
    pub(crate) station_key: Option<Arc<StationKey>>,
    pub(crate) classes: BTreeMap<String, Arc<MachineClass>>,
    pub(crate) pace: panfloor_change::HeartbeatPace,
    /// The source at which the ledger's names of machines hold.
    pub(crate) home: Option<SourceId>,
}

/// What the loop knows.
pub struct Core {
    /// Machines.
    pub plant: Plant,
    /// Alarms.
    pub alarms: AlarmRoom,
    /// Changes; none before the site is founded.
    pub changes: Option<ChangeRoom>,
    /// Who is signed in.
    pub session: Option<SignedIn>,
    /// What stands in the way.
    pub trouble: Option<Trouble>,
    /// Why old hours stay in the live file.
    pub seal_trouble: Option<Trouble>,
    /// Counts.
    pub counters: Counters,
    /// Both clocks at the end of the last turn.
    pub now: Now,
    pub(crate) sources: Sources,
    pub(crate) rollups: Rollups,
    pub(crate) given: Given,
    /// Sessions of an earlier run are still to be ended: their keys are gone.
    pub(crate) old_sessions: bool,
}

impl Core {
    /// Reads everything back from the store.
    pub(crate) fn load(given: Given, reader: &Reader, now: Now) -> panfloor_historian::Result<Self> {
        let mut core = Self {
            plant: Plant::new(given.home),
            alarms: AlarmRoom::new(now),
            changes: None,
            session: None,
            trouble: None,
            seal_trouble: None,
            counters: Counters::default(),
            now,
            sources: Sources::default(),
            rollups: Rollups::default(),
            given,
            old_sessions: true,
        };
        core.read(reader, now)?;
        Ok(core)
    }

    /// After a failed commit: forgets what was decided and reads it back. Links, session and counts are no decisions and stay.
    pub(crate) fn reload(&mut self, reader: &Reader, now: Now) -> panfloor_historian::Result<()> {
        let blind = self.alarms.blind_since();
        self.plant = Plant::new(self.given.home);
        // Blind since before, not since the failure.
        self.alarms = AlarmRoom::new(Now { wall: blind.unwrap_or(now.wall), ..now });
        self.rollups = Rollups::default();
        self.old_sessions = self.session.is_none();
        let echoes = self.changes.take();
        let read = self.read(reader, now);
        match (&mut self.changes, echoes) {
            (Some(fresh), Some(old)) => fresh.keep_view_of(old),
            // Not read back: what it has seen of the world is kept for the next try.
            (None, old) => self.changes = old,
            (Some(_), None) => {}
        }
        if blind.is_none() {
            self.alarms.see(true, now);
        }
        // A session that was signed in the failed turn is in no record: it never was.
        let recorded = |record| self.changes.as_ref().is_some_and(|changes| changes.ledger().get(record).is_some());
        if read.is_ok() && self.session.as_ref().is_some_and(|session| !recorded(session.record)) {
            self.session = None;
        }
        read
    }

    /// Reads machines, alarms, rollups and ledger.
    fn read(&mut self, reader: &Reader, now: Now) -> panfloor_historian::Result<()> {
        self.read_plant(reader, now)?;
        let classes: BTreeMap<MachineId, Arc<MachineClass>> =
            self.plant.machines().filter_map(|machine| Some((machine.id, machine.class.clone()?))).collect();
        self.alarms.restore(reader, |machine| classes.get(&machine).cloned(), now)?;
        let machines: Vec<(MachineId, Option<Timestamp>, Duration)> =
            self.plant.machines().map(|machine| (machine.id, machine.newest(), machine.expected_interval())).collect();
        for (machine, newest, interval) in machines {
            // One that is only assumed would call a slow machine silent.
            if self.plant.machine(machine).is_some_and(Machine::knows_interval) {
                self.alarms.feed(Input::Expected { machine, interval }, now);
            }
            if let Some(newest) = newest {
                self.rollups.restore(reader, machine, newest, interval)?;
            }
        }
        if let (Some(identity), Some(key)) = (&self.given.identity, &self.given.station_key) {
            let classes: Vec<Arc<MachineClass>> = self.given.classes.values().map(Arc::clone).collect();
            let room = ChangeRoom::load(identity.clone(), Arc::clone(key), &classes, self.given.pace, reader, now)?;
            self.changes.insert(room).see_plant(&self.plant);
        }
        Ok(())
    }

    /// Reads machines, their reports, newest values and phases.
    fn read_plant(&mut self, reader: &Reader, now: Now) -> panfloor_historian::Result<()> {
        for row in reader.machines()? {
            for (source, address) in reader.aliases(row.id)? {
                self.plant.add(row.id, source, &address);
            }
            let class = row.class.as_ref().and_then(|class| self.given.classes.get(class)).cloned();
            if let Some(machine) = self.plant.machine_mut(row.id) {
                machine.class = class;
            }
        }
        for row in reader.state_reports()? {
            let Some(machine) = self.plant.machine_mut(row.machine) else { continue };
            machine.reported = serde_json::from_str::<Reported>(&row.json).ok();
            let mode = machine.reported.as_ref().and_then(|reported| Some((reported.received_at, reported.mode?)));
            if let Some((received_at, mode)) = mode {
                machine.command(received_at, mode);
            }
        }
        for latest in reader.latest_all()? {
            self.read_latest(&latest);
        }
        self.read_spacings(reader)?;
        let from = now.wall.minus(Duration::from_mins(35));
        let phase = Metric::new(Metric::PHASE);
        let ids: Vec<MachineId> = self.plant.machines().map(|machine| machine.id).collect();
        for id in ids {
            let steps = reader.steps(id, &phase, from, now.wall)?;
            let Some(machine) = self.plant.machine_mut(id) else { continue };
            for (time, name) in steps {
                if let Some(phase) = Phase::from_wire_name(&name) {
                    machine.enter(time, phase);
                }
            }
        }
        Ok(())
    }

    /// Tells from the store how far apart the samples of machines come that do not report it.
    fn read_spacings(&mut self, reader: &Reader) -> panfloor_historian::Result<()> {
        /// How far back, in turn, until there are some: from machines that send each second to those that send each quarter
        /// of an hour.
        const BACK: [Duration; 3] = [Duration::from_mins(1), Duration::from_mins(10), Duration::from_hours(2)];
        let unknown = self.plant.machines().filter(|machine| !machine.knows_interval());
        let unknown: Vec<_> = unknown.filter_map(|machine| Some((machine.id, machine.newest()?))).collect();
        for (id, newest) in unknown {
            for back in BACK {
                let messages = reader.messages(id, newest.minus(back), newest, &|| false)?;
                let times: Vec<Timestamp> = messages.iter().map(|message| message.time).collect();
                if times.len() > 2 {
                    if let Some(machine) = self.plant.machine_mut(id) {
                        machine.measured_before(&times);
                    }
                    break;
                }
            }
        }
        Ok(())
    }

    /// Takes a machine's newest values and tags.
    fn read_latest(&mut self, latest: &panfloor_historian::Latest) {
        let values: Vec<(Option<u16>, Timestamp, f64)> = latest
            .values
            .iter()
            .map(|(metric, time, value)| (self.plant.metric_index(metric), *time, *value))
            .collect();
        let Some(machine) = self.plant.machine_mut(latest.machine) else { return };
        for (metric, time, value) in values {
            if let Some(metric) = metric {
                machine.take(metric, time, value);
            }
        }
        let mode = latest.tags.iter().find(|(tag, _, _)| tag.as_str() == Metric::MODE);
        if let Some((time, mode)) = mode.and_then(|(_, time, mode)| Some((*time, Mode::from_wire_name(mode)?))) {
            machine.command(time, mode);
        }
    }

    /// How the sources are.
    #[must_use]
    pub fn sources(&self) -> Vec<SourceHealth> {
        self.sources.health()
    }

    /// The classes known here, by id.
    #[must_use]
    pub const fn classes(&self) -> &BTreeMap<String, Arc<MachineClass>> {
        &self.given.classes
    }

    /// Who this station is; none before the site is founded.
    #[must_use]
    pub const fn identity(&self) -> Option<&Identity> {
        self.given.identity.as_ref()
    }

    /// The config topic of a machine at its home broker.
    pub(crate) fn config_topics(&self) -> impl Fn(&str) -> Option<String> + 'static {
        let mapping = self.sources.home().map(|source| source.mapping.clone());
        move |machine| mapping.as_ref()?.config_topic(machine)
    }

    /// Whether a source is this station's home broker: the only one whose configs, states and records are heard.
    pub(crate) fn is_home(&self, source: SourceId) -> bool {
        self.sources.home().is_some_and(|home| home.id() == source)
    }
}
