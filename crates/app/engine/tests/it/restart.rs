//! What a restart must not change: readings, alarms, rollups.

use std::collections::BTreeMap;
use std::time::Duration;

use panfloor_alarm::{Effect, Engine, Input, Transition};
use panfloor_engine::EngineHandle;
use panfloor_historian::TransitionRow;
use panfloor_model::{MachineClass, MachineId, Metric, Mono, Now, Phase, Timestamp};
use panfloor_testkit::{Options, mosquitto_or_skip};
use panfloor_trend::{MinuteRow, hold, minute_moments};

use crate::rig::{Out, Rig, Running, report, source, telemetry};

const SECOND: i64 = 1_000_000;
/// The machine reads off the full second: into the first moment of each minute the value before it holds.
const OFF: i64 = SECOND / 4;
const MINUTE: Duration = Duration::from_mins(1);
const INTERVAL: Duration = Duration::from_secs(1);

/// A reading: device time, µs after the start of the minute in which the test begins; pressure.
type Sample = (i64, f64);

/// One sample a second; pressure beyond its high limit from second 84 to second 110, over the restart at 90.
fn steady(from_s: i64, to_s: i64) -> Vec<Sample> {
    let wobble = |second: i64| (second % 7) as f64 / 100.0;
    let pressure = |second: i64| if (84..110).contains(&second) { 70.6 } else { 65.0 };
    (from_s..to_s).map(|second| (second * SECOND + OFF, pressure(second) + wobble(second))).collect()
}

fn messages(start: Timestamp, samples: &[Sample]) -> Vec<Out> {
    let payload = |(at, pressure): &Sample| {
        let time_ms = (start.0 + at) / 1000;
        format!(r#"{{"time":{time_ms},"phase":"grain_growth","pressure":{pressure},"motor_power":{}}}"#, pressure / 5.0)
    };
    samples.iter().map(|sample| telemetry("pan-01", payload(sample))).collect()
}

/// What the alarm core says to samples in this order, without any restart.
fn told_without_restart(start: Timestamp, samples: &[Sample]) -> Vec<Transition> {
    let now = Now { wall: start, mono: Mono(1) };
    let class = MachineClass::shipped().unwrap().into_iter().find(|class| class.id == "reference-pan").unwrap();
    let (mut engine, mut effects, machine) = (Engine::new(), Vec::new(), MachineId(1));
    engine.set_machine(machine, class.into(), now, &mut effects);
    engine.handle(Input::Expected { machine, interval: INTERVAL }, now, &mut effects);
    for (at, pressure) in samples {
        let time = Timestamp(start.0 + at);
        engine.handle(Input::Phase { machine, time, phase: Phase::GrainGrowth }, now, &mut effects);
        for (metric, value) in [(Metric::PRESSURE, *pressure), (Metric::MOTOR_POWER, pressure / 5.0)] {
            engine.handle(Input::Sample { machine, metric: Metric::new(metric), time, value }, now, &mut effects);
        }
    }
    let told = |effect| match effect {
        Effect::Transition(transition) => Some(transition),
        Effect::Remember(_) => None,
    };
    effects.into_iter().filter_map(told).collect()
}

/// A transition without what differs by intent: number, moment of the decision.
fn in_short(row: &TransitionRow) -> (String, String, String, i64, i64, Option<u64>) {
    let TransitionRow { metric, condition, from, to, occurrence, event_time, value, .. } = row;
    let key = format!("{metric} {condition}");
    (key, from.clone(), to.clone(), *occurrence, event_time.0, value.map(f64::to_bits))
}

/// The same of one that the core told.
fn in_short_too(told: &Transition) -> (String, String, String, i64, i64, Option<u64>) {
    let key = format!("{} {}", told.key.metric.as_str(), told.key.condition.as_str());
    let (from, to) = (told.from.as_str().to_owned(), told.to.as_str().to_owned());
    (key, from, to, told.occurrence.0, told.event_time.0, told.value.map(f64::to_bits))
}

fn only_machine(engine: &EngineHandle) -> MachineId {
    engine.reader().machines().unwrap().remove(0).id
}

/// Waits until no stored minute is due, then compares each with its samples.
fn check_minutes(running: &Running, start: Timestamp, minutes: usize) {
    let reader = running.engine.reader();
    let machine = only_machine(&running.engine);
    let end = start.plus(MINUTE * u32::try_from(minutes).unwrap());
    let rows = running.wait("all minutes are written", |_| {
        let rows = reader.minutes(machine, start, end).unwrap();
        (rows.len() == minutes && rows.iter().all(|(_, blob)| !blob.is_empty())).then_some(rows)
    });
    for (minute, blob) in rows {
        let stored: BTreeMap<_, _> = MinuteRow::decode(&blob).unwrap().0.into_iter().collect();
        for metric in [Metric::PRESSURE, Metric::MOTOR_POWER] {
            let metric = Metric::new(metric);
            let (from, to) = (minute.minus(hold(INTERVAL)), minute.plus(MINUTE));
            let points = reader.series(machine, &metric, from, to, &|| false).unwrap().points;
            let first = points.partition_point(|(time, _)| *time < minute);
            let before = first.checked_sub(1).map(|at| points[at]);
            let anew = minute_moments(&points[first..], before, minute, hold(INTERVAL));
            let number = minute.since(start).as_secs() / 60;
            assert_eq!(stored.get(&metric).copied(), anew, "{}, minute {number}", metric.as_str());
        }
    }
}

#[test]
fn readings_alarms_and_rollups_are_the_same_over_restarts_late_samples_and_revisions() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    let rig = Rig::new();
    let running = rig.start(source(broker.port()));
    running.listening();
    let start = running.engine.now().wall.minus(MINUTE * 20).minute_start();
    rig.publish(broker.port(), &[report("pan-01")]);
    running.wait_core("the class", |core| core.plant.machines().find_map(|machine| machine.class.clone()));
    // Up to the middle of the second minute, and into the delay of an alarm.
    let mut sent = steady(0, 90);
    rig.publish(broker.port(), &messages(start, &sent));
    running.wait_counter("committed", 90);
    running.engine.stop();

    let running = rig.start(source(broker.port()));
    running.listening();
    let mut more = steady(90, 185);
    // Late: into a closed minute, and between the open minute and what held into it.
    more.extend([(30 * SECOND + SECOND / 2, 66.0), (179 * SECOND + SECOND / 2, 67.0)]);
    // Revised: in a closed minute, the last before the open one, and in the open one.
    more.extend([(70 * SECOND + OFF, 64.25), (179 * SECOND + OFF, 64.5), (182 * SECOND + OFF, 64.75)]);
    rig.publish(broker.port(), &messages(start, &more));
    sent.extend(more);
    running.wait_counter("committed", sent.len() as u64);
    assert_eq!(running.counter("revisions"), 6, "two metrics of three readings");
    // The minute that was revised while it was open is closed after another restart, another one without.
    let closing = steady(185, 245);
    rig.publish(broker.port(), &messages(start, &closing));
    sent.extend(closing);
    running.wait_counter("committed", sent.len() as u64);
    check_minutes(&running, start, 4);
    let before: Vec<_> = running.engine.inspect(|core| core.alarms.active().collect::<Vec<_>>()).unwrap();
    running.engine.stop();

    let running = rig.start(source(broker.port()));
    running.listening();
    assert_eq!(running.engine.inspect(|core| core.alarms.active().collect::<Vec<_>>()).unwrap(), before);
    let last = steady(245, 310);
    rig.publish(broker.port(), &messages(start, &last));
    sent.extend(last);
    running.wait_counter("committed", sent.len() as u64);
    assert_eq!(running.counter("received"), sent.len() as u64, "all had been acknowledged: nothing came twice");
    check_minutes(&running, start, 5);
    let mut rows = running.engine.reader().transitions(&Default::default()).unwrap();
    rows.reverse();
    let told: Vec<_> = told_without_restart(start, &sent).iter().map(in_short_too).collect();
    assert!(told.len() >= 2, "raised and returned: {told:?}");
    assert_eq!(rows.iter().map(in_short).collect::<Vec<_>>(), told);
    running.engine.stop();
}

#[test]
fn a_slow_machine_keeps_its_interval_and_its_minutes_over_a_restart() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    let rig = Rig::new();
    let running = rig.start(source(broker.port()));
    running.listening();
    let start = running.engine.now().wall.minus(MINUTE * 40).minute_start();
    // Every 100 s, and it does not say so.
    let sent: Vec<Sample> = (0..20).map(|n| (n * 100 * SECOND, 65.0 + n as f64 / 10.0)).collect();
    rig.publish(broker.port(), &messages(start, &sent));
    running.wait_counter("committed", 20);
    let interval = |running: &Running| {
        running.engine.inspect(|core| core.plant.machines().next().unwrap().expected_interval()).unwrap()
    };
    assert_eq!(interval(&running), Duration::from_secs(100));
    let machine = only_machine(&running.engine);
    // A value holds for 250 s: no minute is without one, though not every one has a sample.
    let rows = running.engine.reader().minutes(machine, start, start.plus(MINUTE * 31)).unwrap();
    let minutes: Vec<u64> = rows.iter().map(|(minute, _)| minute.since(start).as_secs() / 60).collect();
    assert_eq!(minutes, (0..31).collect::<Vec<_>>());
    running.engine.stop();
    let running = rig.start(source(broker.port()));
    assert_eq!(interval(&running), Duration::from_secs(100), "not the second that is assumed of an unknown machine");
    running.engine.stop();
}
