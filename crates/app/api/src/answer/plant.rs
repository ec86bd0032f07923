//! Machines, their bands, and where their configs stand.

use panfloor_change::{ChangeBook, State, shown_version};
use panfloor_engine::{ChangeRoom, Core, Machine, STALE_INTERVALS};
use panfloor_model::{MachineClass, Metric, Phase, Timestamp};

use super::{Answer, Api};
use crate::dto::{Band, ConfigBrief, LatestDto, MachineDto, MetricBands, PlantSnapshot};
use crate::watch::ms;

impl Api {
    /// `plant`
    pub(super) fn plant(&self) -> Answer<PlantSnapshot> {
        let mut snapshot = self.inspect(|core| PlantSnapshot {
            metrics: core.plant.metrics().iter().map(|metric| metric.as_str().to_owned()).collect(),
            machines: core.plant.machines().map(|machine| machine_dto(core, machine)).collect(),
            now_ms: ms(core.now.wall),
        })?;
        snapshot.machines.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(snapshot)
    }
}

/// One machine at the door.
fn machine_dto(core: &Core, machine: &Machine) -> MachineDto {
    let metrics = core.plant.metrics();
    let latest = machine.latest.iter().filter_map(|latest| {
        let metric = metrics.get(usize::from(latest.metric))?;
        Some(LatestDto { metric: metric.as_str().to_owned(), time_ms: ms(latest.time), value: latest.value })
    });
    let bands = machine.class.as_ref().map(|class| {
        let configs = config_times(core, machine);
        let of = |metric: &String| MetricBands {
            metric: metric.clone(),
            bands: bands(class, metric, &machine.phases, &configs),
        };
        class.metrics.keys().map(of).collect()
    });
    // What began before it was seen has no known beginning.
    let since = machine.phases.last().filter(|_| machine.phases.len() > 1).map(|(since, _)| ms(*since));
    MachineDto {
        id: machine.id.0,
        name: machine.name(),
        address: machine.address.clone(),
        class_id: machine.class.as_ref().map(|class| class.id.clone()),
        phase: machine.phase().map(|phase| phase.wire_name().to_owned()),
        phase_since_ms: since,
        mode: machine.mode.map(|mode| mode.wire_name().to_owned()),
        stale_after_ms: machine.expected_interval().as_secs_f64() * 1000.0 * STALE_INTERVALS,
        latest: latest.collect(),
        bands: bands.unwrap_or_default(),
        config: brief(core, machine),
    }
}

/// From when on a machine obeyed which config: the proven changes, and before them what the first was based on.
pub(crate) fn config_times(core: &Core, machine: &Machine) -> Vec<(Timestamp, serde_json::Value)> {
    let mut times: Vec<(Timestamp, serde_json::Value)> = Vec::new();
    let mut base: Option<(Timestamp, serde_json::Value)> = None;
    if let Some(changes) = ledger_of(core, machine) {
        for change in changes.book().changes.values() {
            let Some(applied) = change.on(&machine.address).and_then(|state| state.applied.as_ref()) else { continue };
            let asked = change.request.machines.iter().find(|asked| asked.machine == machine.address);
            let Some(asked) = asked else { continue };
            if base.as_ref().is_none_or(|(first, _)| applied.at < *first) {
                base = Some((applied.at, asked.base_config.clone()));
            }
            times.push((applied.at, asked.config.clone()));
        }
    }
    times.sort_by_key(|(at, _)| *at);
    match base {
        Some((_, config)) => times.insert(0, (Timestamp(i64::MIN), config)),
        None => times.extend(machine.effective_config().map(|config| (Timestamp(i64::MIN), config.clone()))),
    }
    times
}

/// Limits and setpoint of a metric over time: a band begins where the phase or the config changes.
pub(crate) fn bands(
    class: &MachineClass,
    metric: &str,
    phases: &[(Timestamp, Phase)],
    configs: &[(Timestamp, serde_json::Value)],
) -> Vec<Band> {
    let mut moments: Vec<Timestamp> = phases.iter().map(|(at, _)| *at).collect();
    let first = moments.first().copied();
    moments.extend(configs.iter().map(|(at, _)| *at).filter(|at| first.is_some_and(|first| *at > first)));
    moments.sort_unstable();
    moments.dedup();
    let mut bands: Vec<Band> = Vec::with_capacity(moments.len());
    for at in moments {
        let phase = phases.iter().rev().find(|(since, _)| *since <= at).map(|(_, phase)| *phase);
        let config = configs.iter().rev().find(|(since, _)| *since <= at).map(|(_, config)| config);
        let band = band(class, metric, at, phase, config);
        if bands.last().is_none_or(|last| Band { from_ms: last.from_ms, ..band.clone() } != *last) {
            bands.push(band);
        }
    }
    bands
}

/// The band of a metric in a phase under a config.
fn band(
    class: &MachineClass,
    metric: &str,
    from: Timestamp,
    phase: Option<Phase>,
    config: Option<&serde_json::Value>,
) -> Band {
    let plan = phase.and_then(|phase| class.phases.get(&phase));
    let limits = plan.and_then(|plan| plan.metrics.get(metric)).map(|metric| metric.limits).unwrap_or_default();
    Band {
        from_ms: ms(from),
        phase: phase.map(|phase| phase.wire_name().to_owned()),
        boiling: plan.is_some_and(|plan| plan.boiling),
        setpoint: config.zip(phase).and_then(|(config, phase)| class.setpoint(config, phase, metric)),
        low_low: limits.low_low,
        low: limits.low,
        high: limits.high,
        high_high: limits.high_high,
    }
}

/// The site's changes, if its ledger speaks of this machine: only the home broker's machines are changed from here.
pub(crate) fn ledger_of<'a>(core: &'a Core, machine: &Machine) -> Option<&'a ChangeRoom> {
    core.changes.as_ref().filter(|_| core.plant.is_at_home(machine))
}

/// Where a machine's config stands, in one word.
pub(crate) fn brief(core: &Core, machine: &Machine) -> ConfigBrief {
    let reported = machine.reported.as_ref().and_then(|reported| reported.version);
    let Some(changes) = ledger_of(core, machine) else {
        return ConfigBrief {
            state: "unknown".to_owned(),
            desired: None,
            reported: reported.map(shown_version),
            since_ms: None,
        };
    };
    let book = changes.book();
    let desired = book.desired.get(&machine.address);
    let under_way = newest_under_way(book, &machine.address);
    let (state, since) = match (under_way, desired, reported) {
        (Some((state, since)), _, _) => (state_word(state), Some(since)),
        (None, Some(desired), Some(reported)) if desired.version == reported => ("in_sync", None),
        (None, Some(_), Some(_)) => ("drifted", None),
        (None, Some(_), None) | (None, None, None) => ("unknown", None),
        (None, None, Some(_)) => ("nothing_desired", None),
    };
    ConfigBrief {
        state: state.to_owned(),
        desired: desired.map(|desired| shown_version(desired.version)),
        reported: reported.map(shown_version),
        since_ms: since.map(ms),
    }
}

/// The newest change of a machine that is not done, with the time of its last proven step. A refusal stays until another
/// change follows it.
fn newest_under_way(book: &ChangeBook, machine: &str) -> Option<(State, Timestamp)> {
    let newest = book
        .changes
        .values()
        .filter_map(|change| Some((change, change.on(machine)?)))
        .filter(|(_, on)| {
            !matches!(on.state, State::Rejected | State::Withdrawn | State::Expired | State::Stale | State::Overruled)
        })
        .max_by_key(|(change, on)| (on.version, change.requested.at))?;
    let (change, on) = newest;
    let steps = [&on.publishing, &on.published, &on.received];
    let last = steps.into_iter().flatten().map(|step| step.at).max().unwrap_or(change.requested.at);
    match on.state {
        State::Applied => {
            // Of several requests the open one is shown, even if it has no version yet.
            book.changes
                .values()
                .filter_map(|change| Some((change, change.on(machine)?)))
                .find(|(_, on)| matches!(on.state, State::Requested | State::Approved))
                .map(|(change, on)| (on.state, change.requested.at))
        }
        State::Refused => Some((State::Refused, on.refused.as_ref().map_or(last, |(step, _)| step.at))),
        state @ (State::Requested
        | State::Approved
        | State::Rejected
        | State::Withdrawn
        | State::Expired
        | State::Stale
        | State::Publishing
        | State::Published
        | State::Received
        | State::Overruled) => Some((state, last)),
    }
}

/// A state's word at the door.
pub(crate) const fn state_word(state: State) -> &'static str {
    match state {
        State::Requested => "requested",
        State::Approved => "approved",
        State::Rejected => "rejected",
        State::Withdrawn => "withdrawn",
        State::Expired => "expired",
        State::Stale => "stale",
        State::Publishing => "publishing",
        State::Published => "published",
        State::Received => "received",
        State::Applied => "applied",
        State::Refused => "refused",
        State::Overruled => "overruled",
    }
}

/// Unit and decimals of a metric of a machine.
pub(crate) fn unit_of(machine: Option<&Machine>, metric: &str) -> (String, u8) {
    let decimals = machine
        .and_then(|machine| machine.class.as_ref())
        .and_then(|class| class.metrics.get(metric))
        .map_or(2, |plan| plan.decimals);
    (Metric::new(metric).unit().symbol().to_owned(), decimals)
}
