//! Pans and alarms together: a healthy strike raises nothing, the demo's faults raise what they should.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use panfloor_alarm::{AlarmState, Condition, Effect, Engine, Input, Transition};
use panfloor_model::{LimitKind, MachineClass, MachineId, Metric, Mono, Now, Phase, Timestamp};
use panfloor_pan::{Fault, FaultKind, Pan, PanSetup};

const MACHINE: MachineId = MachineId(1);
const START: Now = Now { wall: Timestamp(1_795_500_000_000_000), mono: Mono(1) };

fn classes() -> Vec<Arc<MachineClass>> {
    MachineClass::shipped().unwrap().into_iter().map(Arc::new).collect()
}

fn pan(class: &Arc<MachineClass>, seed: u64, start_phase: Phase, elapsed_min: u64, faults: Vec<Fault>) -> Pan {
    let setup = PanSetup {
        name: "pan-01".to_owned(),
        class: Arc::clone(class),
        seed,
        start_phase,
        start_elapsed: Duration::from_mins(elapsed_min),
        faults,
        initial_version: 1,
        initial_config: None,
    };
    Pan::new(setup, START.wall).unwrap()
}

/// Feeds a pan's readings to the alarms as the engine does: phase first, then samples. Gives all transitions and the phases
/// met.
fn run(pan: &mut Pan, seconds: u64) -> (Vec<Transition>, BTreeSet<Phase>) {
    let (mut engine, mut effects, mut phases) = (Engine::new(), Vec::new(), BTreeSet::new());
    engine.set_machine(MACHINE, Arc::clone(pan.class()), START, &mut effects);
    engine.handle(Input::SourceOnline(true), START, &mut effects);
    let expected = Input::Expected { machine: MACHINE, interval: Duration::from_secs(1) };
    engine.handle(expected, START, &mut effects);
    for second in 0..seconds {
        let now = START.plus(Duration::from_secs(second));
        let reading = pan.step(now.wall);
        phases.insert(reading.phase);
        let (machine, time) = (MACHINE, now.wall);
        engine.handle(Input::Phase { machine, time, phase: reading.phase }, now, &mut effects);
        for (metric, value) in reading.values {
            engine.handle(Input::Sample { machine, metric, time, value }, now, &mut effects);
        }
        engine.handle_timeout(now, &mut effects);
    }
    let told = |effect| match effect {
        Effect::Transition(transition) => Some(transition),
        Effect::Remember(_) => None,
    };
    (effects.into_iter().filter_map(told).collect(), phases)
}

#[test]
fn two_healthy_strikes_raise_nothing() {
    for class in classes() {
        for seed in 0..3 {
            let from = Phase::ALL[seed as usize * 2];
            let (transitions, phases) = run(&mut pan(&class, seed, from, 0, Vec::new()), 8 * 3600);
            assert_eq!(transitions, [], "{}, seed {seed}", class.id);
            assert_eq!(phases.len(), Phase::ALL.len(), "{}, seed {seed}", class.id);
        }
    }
}

#[test]
fn a_leak_of_forty_seconds_is_raised_and_returns() {
    let class = classes().into_iter().find(|class| class.id == "reference-pan").unwrap();
    for seed in 0..5 {
        let leak = Fault {
            kind: FaultKind::AirLeak { severity: 1.7 },
            from: Duration::from_secs(10),
            until: Some(Duration::from_secs(50)),
        };
        let (transitions, _) = run(&mut pan(&class, seed, Phase::GrainGrowth, 10, vec![leak]), 120);
        let changes: Vec<_> = transitions.iter().map(|told| (told.key.condition, told.from, told.to)).collect();
        let high = Condition::Limit(LimitKind::High);
        let (a, b, d) = (AlarmState::Normal, AlarmState::Unacknowledged, AlarmState::ReturnedUnacknowledged);
        assert_eq!(changes, [(high, a, b), (high, b, d)], "seed {seed}");
        assert!(transitions.iter().all(|told| told.key.metric.as_str() == Metric::PRESSURE), "seed {seed}");
    }
}

#[test]
fn a_steam_valve_stuck_closed_stands_within_110_s() {
    let class = classes().into_iter().find(|class| class.id == "reference-pan").unwrap();
    for seed in 0..5 {
        let fault = Fault { kind: FaultKind::SteamValveStuckClosed, from: Duration::from_secs(12), until: None };
        let (transitions, _) = run(&mut pan(&class, seed, Phase::GrainGrowth, 10, vec![fault]), 110);
        assert!(!transitions.is_empty(), "seed {seed}");
        assert!(transitions.iter().all(|told| told.to == AlarmState::Unacknowledged), "seed {seed}: {transitions:?}");
        assert!(transitions.iter().all(|told| told.key.metric.as_str() == Metric::TEMPERATURE), "seed {seed}");
    }
}
