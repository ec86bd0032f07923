//! What is known of the machines now: names, classes, phases, newest values, reports.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use panfloor_model::{MachineClass, MachineId, Metric, Mode, Phase, SourceId, Timestamp};
use panfloor_wire::StateReport;
use serde::{Deserialize, Serialize};

/// A value holds for at most so many expected intervals; past that it is stale (decisions: Samples).
pub const STALE_INTERVALS: f64 = 2.5;

/// How far back phases are kept in memory: what tiles and sparklines show, and a little more.
const PHASE_MEMORY: Duration = Duration::from_mins(35);

/// Spacings from which the expected interval is told where the machine does not report it.
const SPACINGS: usize = 20;

/// The newest measured value of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Latest {
    /// Index in [`Plant::metrics`].
    pub metric: u16,
    /// Device time.
    pub time: Timestamp,
    /// Value in the metric's unit.
    pub value: f64,
}

/// What a machine last reported of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reported {
    /// Config version it names.
    pub version: Option<u64>,
    /// Effective values.
    pub config: Option<serde_json::Value>,
    /// `received`, `applied`, `refused`, if it says.
    pub status: Option<String>,
    /// Its reason.
    pub reason: Option<String>,
    /// Firmware.
    pub firmware: Option<String>,
    /// Class it says it is of.
    pub class: Option<String>,
    /// Mode.
    pub mode: Option<Mode>,
    /// When the report came.
    pub received_at: Timestamp,
    /// Whether it came from the broker's store.
    pub retained: bool,
}

/// One machine.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Id in the store.
    pub id: MachineId,
    /// Name on the wire.
    pub address: String,
    /// Source it was heard of by.
    pub source: SourceId,
    /// Class, once known.
    pub class: Option<Arc<MachineClass>>,
    /// Who commands it.
    pub mode: Option<Mode>,
    /// As of when; what is older says nothing against it.
    mode_at: Timestamp,
    /// Phases in order of time, the last is the present one; the first may have begun before it was seen.
    pub phases: Vec<(Timestamp, Phase)>,
    /// Newest values.
    pub latest: Vec<Latest>,
    /// Its last report.
    pub reported: Option<Reported>,
    /// Newest device times, for the expected interval.
    times: Vec<Timestamp>,
}

impl Machine {
    /// A machine of which nothing is known yet.
    fn new(id: MachineId, source: SourceId, address: &str) -> Self {
        Self {
            id,
            address: address.to_owned(),
            source,
            class: None,
            mode: None,
            mode_at: Timestamp(i64::MIN),
            phases: Vec::new(),
            latest: Vec::new(),
            reported: None,
            times: Vec::new(),
        }
    }

    /// Name for people: `pan-03` becomes `Pan 03`.
    #[must_use]
    pub fn name(&self) -> String {
        let spaced = self.address.replace(['-', '_'], " ");
        let mut letters = spaced.chars();
        letters.next().map_or(spaced.clone(), |first| first.to_uppercase().chain(letters).collect())
    }

    /// The present phase.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        self.phases.last().map(|(_, phase)| *phase)
    }

    /// Device time of its newest value.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        self.times.last().copied()
    }

    /// The expected time between its samples.
    #[must_use]
    pub fn expected_interval(&self) -> Duration {
        panfloor_trend::expected_interval(self.reported_interval_ms(), &self.times)
    }

    /// Whether [`Self::expected_interval`] is more than an assumption.
    pub(crate) fn knows_interval(&self) -> bool {
        self.reported_interval_ms().is_some_and(|millis| millis > 0) || self.times.len() > 1
    }

    /// The interval that it reports to obey.
    fn reported_interval_ms(&self) -> Option<u64> {
        self.effective_config()?.get("sample_interval_ms")?.as_u64()
    }

    /// Takes device times from before the newest one, rising.
    pub(crate) fn measured_before(&mut self, times: &[Timestamp]) {
        let newest = self.newest();
        let earlier = times.iter().copied().filter(|time| newest.is_none_or(|newest| *time < newest));
        self.times = earlier.chain(newest).collect();
        self.times.dedup();
        self.times.drain(..self.times.len().saturating_sub(SPACINGS + 1));
    }

    /// The values it reports to obey.
    #[must_use]
    pub fn effective_config(&self) -> Option<&serde_json::Value> {
        self.reported.as_ref()?.config.as_ref()
    }

    /// Takes a newer phase; says whether it is another one.
    pub(crate) fn enter(&mut self, time: Timestamp, phase: Phase) -> bool {
        match self.phases.last() {
            Some((since, last)) if *last == phase || *since >= time => false,
            _ => {
                self.phases.push((time, phase));
                let keep = time.minus(PHASE_MEMORY);
                let old = self.phases.iter().rposition(|(since, _)| *since <= keep).unwrap_or(0);
                self.phases.drain(..old);
                true
            }
        }
    }

    /// Notes a device time newer than all before it.
    fn measured(&mut self, time: Timestamp) {
        if self.times.last().is_none_or(|last| *last < time) {
            if self.times.len() > SPACINGS {
                self.times.remove(0);
            }
            self.times.push(time);
        }
    }

    /// Takes a value; says whether it is the newest of its metric.
    pub(crate) fn take(&mut self, metric: u16, time: Timestamp, value: f64) -> bool {
        self.measured(time);
        match self.latest.iter_mut().find(|latest| latest.metric == metric) {
            Some(latest) if latest.time > time => false,
            Some(latest) => {
                *latest = Latest { metric, time, value };
                true
            }
            None => {
                self.latest.push(Latest { metric, time, value });
                true
            }
        }
    }

    /// Takes a mode as of a moment; says whether it is another one than before.
    pub(crate) fn command(&mut self, time: Timestamp, mode: Mode) -> bool {
        if time < self.mode_at {
            return false;
        }
        self.mode_at = time;
        self.mode.replace(mode) != Some(mode)
    }

    /// Takes a report of itself; says whether it says anything else than the one before it.
    pub(crate) fn report(&mut self, report: &StateReport, received_at: Timestamp) -> bool {
        if let Some(mode) = report.mode {
            self.command(received_at, mode);
        }
        let before = self.reported.take();
        let same_version = before.as_ref().filter(|before| before.version == report.config_version);
        let reported = Reported {
            version: report.config_version,
            // A report that names no values says nothing against those of the one before it, if it is of the same version.
            config: report.config.clone().or_else(|| same_version.and_then(|before| before.config.clone())),
            status: report.status.map(|status| status.wire_name().to_owned()),
            reason: report.reason.clone(),
            firmware: report.firmware.clone(),
            class: report.class.clone(),
            mode: self.mode,
            received_at,
            retained: report.retained,
        };
        let Reported { received_at, retained, .. } = reported;
        let same = before.is_some_and(|before| Reported { received_at, retained, ..before } == reported);
        self.reported = Some(reported);
        !same
    }
}

/// All machines and the dictionary of metrics.
#[derive(Debug, Clone, Default)]
pub struct Plant {
    machines: BTreeMap<MachineId, Machine>,
    by_address: HashMap<(SourceId, String), MachineId>,
    metrics: Vec<Metric>,
    by_metric: HashMap<Metric, u16>,
    home: Option<SourceId>,
}

impl Plant {
    /// No machines yet. `home` is the source at which the ledger's names of machines hold.
    pub(crate) fn new(home: Option<SourceId>) -> Self {
        Self { home, ..Self::default() }
    }

    /// Index of a metric → its name.
    #[must_use]
    pub fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    /// A metric's index, given at its first use; `None` when 65,535 are taken.
    pub(crate) fn metric_index(&mut self, metric: &Metric) -> Option<u16> {
        if let Some(index) = self.by_metric.get(metric) {
            return Some(*index);
        }
        let index = u16::try_from(self.metrics.len()).ok()?;
        self.metrics.push(metric.clone());
        self.by_metric.insert(metric.clone(), index);
        Some(index)
    }

    /// All machines by id.
    pub fn machines(&self) -> impl Iterator<Item = &Machine> {
        self.machines.values()
    }

    /// A machine by id.
    #[must_use]
    pub fn machine(&self, id: MachineId) -> Option<&Machine> {
        self.machines.get(&id)
    }

    /// A machine by id, to change.
    pub(crate) fn machine_mut(&mut self, id: MachineId) -> Option<&mut Machine> {
        self.machines.get_mut(&id)
    }

    /// The machine that a source calls so.
    #[must_use]
    pub fn by_address(&self, source: SourceId, address: &str) -> Option<MachineId> {
        // A borrowed key would need a newtype; this is one short allocation a message.
        self.by_address.get(&(source, address.to_owned())).copied()
    }

    /// The machine that the ledger calls so: by this name at the home broker. Another source may call another machine the same.
    #[must_use]
    pub fn by_name(&self, address: &str) -> Option<&Machine> {
        match self.home {
            Some(home) => self.machine(self.by_address(home, address)?),
            // Looking only, without sources of its own: what the store knows.
            None => self.machines.values().find(|machine| machine.address == address),
        }
    }

    /// Whether the ledger speaks of a machine by its address.
    #[must_use]
    pub fn is_at_home(&self, machine: &Machine) -> bool {
        self.by_name(&machine.address).is_some_and(|known| known.id == machine.id)
    }

    /// Adds a machine, or gives it another address.
    pub(crate) fn add(&mut self, id: MachineId, source: SourceId, address: &str) {
        self.by_address.insert((source, address.to_owned()), id);
        self.machines.entry(id).or_insert_with(|| Machine::new(id, source, address));
    }
}

#[cfg(test)]
mod tests {
    use panfloor_model::{MachineId, Metric, Mode, Phase, SourceId, Timestamp};

    use super::Plant;

    fn plant() -> (Plant, MachineId) {
        let mut plant = Plant::default();
        plant.add(MachineId(3), SourceId(1), "pan-03");
        (plant, MachineId(3))
    }

    #[test]
    fn a_late_value_never_moves_the_newest_back() {
        let (mut plant, id) = plant();
        let metric = plant.metric_index(&Metric::new("temperature")).unwrap();
        let machine = plant.machine_mut(id).unwrap();
        assert!(machine.take(metric, Timestamp(2_000_000), 46.0));
        assert!(!machine.take(metric, Timestamp(1_000_000), 45.0));
        assert_eq!(machine.latest[0].value.to_bits(), 46.0_f64.to_bits());
        assert_eq!(machine.newest(), Some(Timestamp(2_000_000)));
    }

    #[test]
    fn phases_keep_the_one_that_holds_at_the_left_edge() {
        let (mut plant, id) = plant();
        let machine = plant.machine_mut(id).unwrap();
        let minute = 60_000_000;
        for (at, phase) in [(0, Phase::Seed), (10, Phase::GrainGrowth), (60, Phase::Tighten), (61, Phase::Tighten)] {
            machine.enter(Timestamp(at * minute), phase);
        }
        assert_eq!(
            machine.phases,
            [(Timestamp(10 * minute), Phase::GrainGrowth), (Timestamp(60 * minute), Phase::Tighten)]
        );
    }

    #[test]
    fn an_older_reading_does_not_take_a_mode_back() {
        let (mut plant, id) = plant();
        let machine = plant.machine_mut(id).unwrap();
        assert!(machine.command(Timestamp(2_000_000), Mode::Maintenance));
        assert!(!machine.command(Timestamp(1_000_000), Mode::Remote));
        assert_eq!(machine.mode, Some(Mode::Maintenance));
        assert!(machine.command(Timestamp(3_000_000), Mode::Remote));
    }

    #[test]
    fn the_ledgers_names_are_those_of_the_home_broker() {
        let mut plant = Plant::new(Some(SourceId(2)));
        plant.add(MachineId(3), SourceId(1), "pan-03");
        assert!(plant.by_name("pan-03").is_none(), "another broker's pan");
        plant.add(MachineId(4), SourceId(2), "pan-03");
        assert_eq!(plant.by_name("pan-03").map(|machine| machine.id), Some(MachineId(4)));
        let at_home = |id| plant.is_at_home(plant.machine(MachineId(id)).unwrap());
        assert!(at_home(4) && !at_home(3));
    }

    #[test]
    fn names_are_for_people() {
        let (plant, id) = plant();
        assert_eq!(plant.machine(id).unwrap().name(), "Pan 03");
    }
}
