//! Crashes after any step: what is stored in the end must be what an undisturbed run stores.
//!
//! The store here keeps to the contract in the crate's docs: samples and phases are committed before they are fed; then the
//! snapshots asked for and the transitions are committed together; after a crash the snapshots are restored and the log is
//! fed again, from the last snapshot on or from further back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use panfloor_alarm::{AlarmKey, Condition, Effect, Engine, Input, Transition};
use panfloor_model::{LimitKind, MachineClass, MachineId, Metric, Mono, Now, Phase, Timestamp};
use proptest::prelude::*;

use crate::plant::{at, class};

const MACHINES: u32 = 2;

#[derive(Debug, Clone)]
enum Step {
    /// A sample that much after the newest of its series.
    Sample {
        machine: u32,
        metric: usize,
        after_ms: i64,
        value: f64,
    },
    /// Something already fed comes again.
    Again(prop::sample::Index),
    /// An older time, another value.
    Late {
        machine: u32,
        metric: usize,
        before_ms: i64,
        value: f64,
    },
    Phase {
        machine: u32,
        phase: Phase,
    },
    Acknowledge {
        machine: u32,
        condition: usize,
    },
    Expected {
        machine: u32,
        millis: u64,
    },
    /// Nothing comes for long enough that silence is raised.
    Silence,
    WallClock {
        to_s: i64,
    },
}

/// Where the process dies within a step.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Crash {
    No,
    /// The samples are stored, nothing was fed.
    BeforeFeeding,
    /// Fed and decided, nothing of it stored.
    BeforeStoring,
    AfterStoring,
}

fn step() -> impl Strategy<Value = Step> {
    let machine = || 0..MACHINES;
    let value = || prop_oneof![4 => Just(71.0), 3 => Just(65.0), 2 => Just(73.5), 1 => 55.0..75.0];
    let spacing = prop_oneof![8 => Just(1000_i64), 2 => 1_i64..5000, 1 => 1_i64..90_000];
    prop_oneof![
        20 => (machine(), 0..3_usize, spacing, value())
            .prop_map(|(machine, metric, after_ms, value)| Step::Sample { machine, metric, after_ms, value }),
        2 => any::<prop::sample::Index>().prop_map(Step::Again),
        2 => (machine(), 0..3_usize, 0_i64..40_000, value())
            .prop_map(|(machine, metric, before_ms, value)| Step::Late { machine, metric, before_ms, value }),
        1 => (machine(), prop::sample::select(Phase::ALL.to_vec())).prop_map(|(machine, phase)| Step::Phase { machine, phase }),
        2 => (machine(), 0..Condition::ALL.len()).prop_map(|(machine, condition)| Step::Acknowledge { machine, condition }),
        1 => (machine(), 100_u64..3000).prop_map(|(machine, millis)| Step::Expected { machine, millis }),
        1 => Just(Step::Silence),
        1 => (-100_000_i64..100_000).prop_map(|to_s| Step::WallClock { to_s }),
    ]
}

/// Batches of steps that are stored together, each with its crash.
fn batches() -> impl Strategy<Value = Vec<(Vec<Step>, Crash)>> {
    let run = (step(), prop_oneof![3 => Just(1_usize), 1 => 10_usize..70])
        .prop_map(|(step, times)| std::iter::repeat_n(step, times).collect::<Vec<_>>());
    let batch = prop::collection::vec(run, 1..4).prop_map(|runs| runs.concat());
    let crash = prop_oneof![
        6 => Just(Crash::No),
        1 => Just(Crash::BeforeFeeding),
        1 => Just(Crash::BeforeStoring),
        1 => Just(Crash::AfterStoring),
    ];
    prop::collection::vec((batch, crash), 1..25)
}

#[derive(Default)]
struct Store {
    log: Vec<Input>,
    snapshots: BTreeMap<MachineId, Vec<u8>>,
    /// How much of the log the snapshots cover.
    covered: usize,
    transitions: Vec<Transition>,
}

struct World {
    class: Arc<MachineClass>,
    engine: Engine,
    store: Store,
    now: Now,
    /// Newest time of each series and phase.
    newest: BTreeMap<(u32, usize), Timestamp>,
    /// Whether replay starts at the very beginning instead of the covered position.
    from_start: bool,
}

/// What a batch feeds, made before it is fed, so that a crashed step can be done again.
enum Fed {
    Input(Input),
    Silence,
}

impl World {
    fn new(from_start: bool) -> Self {
        let now = Now { wall: at(0), mono: Mono(0) };
        let mut world = Self {
            class: class(),
            engine: Engine::new(),
            store: Store::default(),
            now,
            newest: BTreeMap::new(),
            from_start,
        };
        let effects = world.start();
        world.commit(&effects);
        world
    }

    /// A process starts: restore or set every machine, feed what is stored, go online.
    fn start(&mut self) -> Vec<Effect> {
        self.engine = Engine::new();
        self.now.mono = Mono(self.now.mono.0 / 2);
        let mut effects = Vec::new();
        for id in (0..MACHINES).map(MachineId) {
            match self.store.snapshots.get(&id) {
                Some(bytes) => self.engine.restore(id, self.class.clone(), bytes, self.now).unwrap(),
                None => self.engine.set_machine(id, self.class.clone(), self.now, &mut effects),
            }
        }
        let from = if self.from_start { 0 } else { self.store.covered };
        for input in &self.store.log[from..] {
            self.engine.handle(input.clone(), self.now, &mut effects);
        }
        self.engine.handle(Input::SourceOnline(true), self.now, &mut effects);
        effects
    }

    fn commit(&mut self, effects: &[Effect]) {
        let mut remembered = std::collections::BTreeSet::new();
        for effect in effects {
            match effect {
                Effect::Transition(transition) => self.store.transitions.push(transition.clone()),
                Effect::Remember(id) => {
                    remembered.insert(*id);
                }
            }
        }
        for id in &remembered {
            self.store.snapshots.insert(*id, self.engine.snapshot(*id).unwrap());
        }
        for transition in &self.store.transitions[self.store.transitions.len().saturating_sub(effects.len())..] {
            assert!(self.store.snapshots.contains_key(&transition.key.machine));
        }
        if remembered.len() == MACHINES as usize {
            self.store.covered = self.store.log.len();
        }
    }

    fn make(&mut self, step: Step) -> Option<Fed> {
        let names = [Metric::PRESSURE, Metric::TEMPERATURE, Metric::HUMIDITY];
        let sample = |machine, metric: usize, time, value| {
            let metric_name = Metric::new(names[metric]);
            // The same stream suits the temperature's limits when moved down.
            let value = if metric == 1 { value - 20.0 } else { value };
            Input::Sample { machine: MachineId(machine), metric: metric_name, time, value }
        };
        Some(Fed::Input(match step {
            Step::Sample { machine, metric, after_ms, value } => {
                let newest = self.newest.entry((machine, metric)).or_insert(at(0));
                *newest = newest.plus(Duration::from_millis(after_ms as u64));
                sample(machine, metric, *newest, value)
            }
            Step::Late { machine, metric, before_ms, value } => {
                let newest = self.newest.get(&(machine, metric)).copied().unwrap_or(at(0));
                sample(machine, metric, newest.minus(Duration::from_millis(before_ms as u64)), value)
            }
            Step::Again(index) => {
                if self.store.log.is_empty() {
                    return None;
                }
                index.get(&self.store.log).clone()
            }
            Step::Phase { machine, phase } => {
                let newest = self.newest.entry((machine, 0)).or_insert(at(0));
                *newest = newest.plus(Duration::from_millis(1));
                Input::Phase { machine: MachineId(machine), time: *newest, phase }
            }
            Step::Acknowledge { machine, condition } => {
                let condition = Condition::ALL[condition];
                let metric = if condition == Condition::NoData { AlarmKey::MACHINE } else { Metric::PRESSURE };
                let key = AlarmKey { machine: MachineId(machine), metric: Metric::new(metric), condition };
                let up_to = at(1_000_000);
                Input::Acknowledge { key, up_to, by: "anna".into(), note: Some("seen".into()) }
            }
            Step::Expected { machine, millis } => {
                Input::Expected { machine: MachineId(machine), interval: Duration::from_millis(millis) }
            }
            Step::Silence => return Some(Fed::Silence),
            Step::WallClock { to_s } => {
                self.now.wall = at(to_s);
                return None;
            }
        }))
    }

    fn feed(&mut self, fed: &[Fed]) -> Vec<Effect> {
        let mut effects = Vec::new();
        for fed in fed {
            match fed {
                Fed::Input(input) => self.engine.handle(input.clone(), self.now, &mut effects),
                Fed::Silence => {
                    self.now.mono = self.now.mono.plus(Duration::from_secs(60));
                    self.engine.handle_timeout(self.now, &mut effects);
                }
            }
        }
        effects
    }

    /// Samples and phases are stored before anything is decided on them.
    fn store_inputs(&mut self, fed: &[Fed]) {
        for fed in fed {
            if let Fed::Input(input @ (Input::Sample { .. } | Input::Phase { .. })) = fed {
                self.store.log.push(input.clone());
            }
        }
    }

    fn batch(&mut self, steps: Vec<Step>, crash: Crash) {
        let mut fed: Vec<Fed> = steps.into_iter().filter_map(|step| self.make(step)).collect();
        // What is in no log (acknowledgements, intervals, silence) is a batch of its own: whoever did it sees that it
        // failed and does it again.
        while !fed.is_empty() {
            let logged = |fed: &Fed| matches!(fed, Fed::Input(Input::Sample { .. } | Input::Phase { .. }));
            let kind = logged(&fed[0]);
            let length = fed.iter().take_while(|fed| kind && logged(fed)).count().max(1);
            let rest = fed.split_off(length);
            self.stored_together(&fed, kind, crash);
            fed = rest;
        }
    }

    fn stored_together(&mut self, fed: &[Fed], is_logged: bool, crash: Crash) {
        self.store_inputs(fed);
        if crash != Crash::BeforeFeeding {
            let effects = self.feed(fed);
            if matches!(crash, Crash::No | Crash::AfterStoring) {
                self.commit(&effects);
            }
        }
        if crash == Crash::No {
            return;
        }
        let effects = self.start();
        self.commit(&effects);
        if !is_logged && crash != Crash::AfterStoring {
            let effects = self.feed(fed);
            self.commit(&effects);
        }
    }

    /// The stored transitions by machine, without what may differ: the wall clock.
    fn story(&self) -> Vec<Vec<Transition>> {
        let of = |id| self.store.transitions.iter().filter(move |made| made.key.machine == MachineId(id)).cloned();
        (0..MACHINES).map(|id| of(id).map(|made| Transition { decided_at: Timestamp(0), ..made }).collect()).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_crash_loses_or_doubles_a_transition(batches in batches(), from_start in any::<bool>()) {
        let (mut undisturbed, mut crashing) = (World::new(from_start), World::new(from_start));
        for (steps, crash) in batches {
            undisturbed.batch(steps.clone(), Crash::No);
            crashing.batch(steps, crash);
        }
        prop_assert_eq!(undisturbed.story(), crashing.story());
        let active = |world: &World| world.engine.active().collect::<Vec<_>>();
        prop_assert_eq!(active(&undisturbed), active(&crashing));
        for made in undisturbed.story().concat() {
            let doubles = undisturbed.store.transitions.iter().filter(|other| {
                (&other.key, other.occurrence, other.to) == (&made.key, made.occurrence, made.to)
            });
            prop_assert_eq!(doubles.count(), 1);
        }
    }
}

/// The streams above must do something, or agreement means nothing.
#[test]
fn the_streams_raise_and_clear_alarms() {
    let mut world = World::new(false);
    let sample = |value| Step::Sample { machine: 0, metric: 0, after_ms: 1000, value };
    world.batch(vec![Step::Phase { machine: 0, phase: Phase::Seed }], Crash::AfterStoring);
    world.batch(vec![sample(71.0); 20], Crash::BeforeStoring);
    world.batch(vec![sample(65.0); 20], Crash::BeforeFeeding);
    world.batch(vec![Step::Silence], Crash::BeforeStoring);
    let told: Vec<_> = world.story()[0].iter().map(crate::plant::short).collect();
    assert_eq!(told, ["pressure limit:high AB @16", "pressure limit:high BD @26", " no_data AB @70"]);
    assert_eq!(world.story()[0][0].key.condition, Condition::Limit(LimitKind::High));
}
