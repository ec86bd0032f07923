//! Machines, their bands, and where their configs stand.

use panfloor_change::{ChangeBook, FieldChange, State, diff, shown_version};
use panfloor_engine::{ChangeRoom, Core, Machine, STALE_INTERVALS};
use panfloor_model::{MachineClass, Metric, Phase, Timestamp};
use serde_json::Value;

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
        (None, Some(desired), _) => {
            let is_version = reported.map(|version| version == desired.version);
            (agreement(&desired.config, machine.effective_config(), is_version), None)
        }
        (None, None, None) => ("unknown", None),
        (None, None, Some(_)) => ("nothing_desired", None),
    };
    ConfigBrief {
        state: state.to_owned(),
        desired: desired.map(|desired| shown_version(desired.version)),
        reported: reported.map(shown_version),
        since_ms: since.map(ms),
    }
}

/// Whether a machine obeys what is desired: by the values that it reports, since somebody at the machine can change those under
/// the same version; by the version where it names none. A desired value that it does not name is taken as obeyed.
fn agreement(desired: &Value, config: Option<&Value>, is_version: Option<bool>) -> &'static str {
    let known =
        config.and_then(Value::as_object).filter(|config| config.keys().any(|name| desired.get(name).is_some()));
    let values = config.filter(|_| known.is_some()).map(|config| {
        let named = |field: &FieldChange| field.before.is_some() && field.after.is_some();
        !diff(desired, config).iter().any(named)
    });
    match (is_version, values) {
        (None, None) => "unknown",
        (Some(false), _) | (_, Some(false)) => "drifted",
        (Some(true) | None, Some(true)) | (Some(true), None) => "in_sync",
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::agreement;

    #[test]
    fn a_machine_is_in_sync_by_the_values_that_it_names_and_else_by_the_version() {
        let desired = json!({"setpoint": 46.0, "interlock": [30, 60]});
        for (config, is_version, word) in [
            (None, Some(true), "in_sync"),
            (None, Some(false), "drifted"),
            (None, None, "unknown"),
            (Some(json!({"setpoint": 46, "interlock": [30.0, 60]})), Some(true), "in_sync"),
            (Some(json!({"setpoint": 46.5, "interlock": [30, 60]})), Some(true), "drifted"),
            (Some(json!({"setpoint": 46})), None, "in_sync"),
            (Some(json!({"setpoint": 46})), Some(false), "drifted"),
            (Some(json!({"elsewhere": 1})), None, "unknown"),
        ] {
            assert_eq!(agreement(&desired, config.as_ref(), is_version), word, "{config:?} {is_version:?}");
        }
    }
}
