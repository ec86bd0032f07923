//! Which pans a plant has: names, classes, places in the strike, faults.

use std::sync::Arc;
use std::time::Duration;

use panfloor_model::{MachineClass, Metric, Phase};
use panfloor_pan::{Fault, FaultKind, PanConfig, PanSetup, initial_config};

use crate::configs::Configs;
use crate::error::DemoError;

/// The class that makes up most of the plant.
const REFERENCE_CLASS: &str = "reference-pan";
/// The class of the others.
const A_CLASS: &str = "a-pan";
/// Pans of the A class among the first 24; past them, every third.
const A_PANS: [u16; 8] = [1, 2, 10, 12, 15, 16, 17, 18];
/// Pans listed one by one; past them, every third is of the A class.
const LISTED_PANS: u16 = 24;
/// Version of the config of a pan that never got one: below every version that can be published (those start at 1000).
const FACTORY_VERSION: u64 = 1;
/// Pans that have the faults, if the plant is large enough for them.
const LEAKING_PAN: u16 = 14;
const COLD_PAN: u16 = 7;
const FROZEN_PAN: u16 = 19;
/// When the faults are, seconds after the start: the leak's alarm has come and gone, and the cold pan's stands, within
/// two minutes.
const LEAK_S: [u64; 2] = [10, 50];
const COLD_FROM_S: u64 = 12;
/// In a plant of one pan, after its leak.
const COLD_AFTER_LEAK_S: u64 = 55;
const FROZEN_FROM_S: u64 = 40;
/// Severity of a leak that lifts pressure between high and high-high, by class: the A class has the narrower limits.
const LEAK_SEVERITY: f64 = 1.7;
const LEAK_SEVERITY_A: f64 = 1.5;

/// A phase and the share of it that has passed, for the pans that are not in grain growth at the start.
const ELSEWHERE: [(u16, Phase, f64); 8] = [
    (3, Phase::Charge, 0.3),
    (6, Phase::Concentrate, 0.4),
    (9, Phase::Seed, 0.2),
    (11, Phase::Drop, 0.3),
    (12, Phase::Tighten, 0.5),
    (16, Phase::Concentrate, 0.7),
    (18, Phase::SteamOut, 0.2),
    (21, Phase::Tighten, 0.2),
];

/// What a plant is made of.
pub(crate) struct Plan<'a> {
    pub(crate) machines: u16,
    pub(crate) seed: u64,
    pub(crate) sample_interval_ms: u32,
    pub(crate) faults: bool,
    pub(crate) configs: &'a Configs,
}

/// The pans of a plant, in order of their numbers.
///
/// # Errors
/// If a shipped class is missing or cannot be read.
pub(crate) fn pans(plan: &Plan<'_>) -> Result<Vec<PanSetup>, DemoError> {
    let classes = MachineClass::shipped().map_err(|error| DemoError::Classes(error.to_string()))?;
    let find = |id: &str| {
        let class = classes.iter().find(|class| class.id == id).cloned().map(Arc::new);
        class.ok_or_else(|| DemoError::Classes(format!("{id} is missing")))
    };
    let (reference, a_class) = (find(REFERENCE_CLASS)?, find(A_CLASS)?);
    let roles = Roles::of(plan);
    let setups = (1..=plan.machines).map(|number| {
        let class = if is_a_pan(number) { &a_class } else { &reference };
        setup(plan, &roles, number, class)
    });
    Ok(setups.collect())
}

fn setup(plan: &Plan<'_>, roles: &Roles, number: u16, class: &Arc<MachineClass>) -> PanSetup {
    let name = format!("pan-{number:02}");
    let seed = mixed(plan.seed, number);
    let (start_phase, share) = roles.start(number, seed);
    let minutes = class.phases.get(&start_phase).map_or(0.0, |phase| share * phase.typical_minutes);
    // A kept config of a class that has changed since is no longer of use.
    let kept = plan.configs.of(&name).filter(|kept| PanConfig::check(&kept.config, class).is_ok());
    let (initial_version, config) = match kept {
        Some(kept) => (kept.version, kept.config),
        None => (FACTORY_VERSION, initial_config(class, seed, plan.sample_interval_ms)),
    };
    PanSetup {
        name,
        class: Arc::clone(class),
        seed,
        start_phase,
        start_elapsed: Duration::from_secs_f64(60.0 * minutes),
        faults: roles.faults(number),
        initial_version,
        initial_config: Some(config),
    }
}

const fn is_a_pan(number: u16) -> bool {
    let mut index = 0;
    while index < A_PANS.len() {
        if A_PANS[index] == number {
            return true;
        }
        index += 1;
    }
    number > LISTED_PANS && number.is_multiple_of(3)
}

/// Which pans have the faults.
#[derive(Debug, PartialEq, Eq)]
struct Roles {
    leaking: Option<u16>,
    cold: Option<u16>,
    frozen: Option<u16>,
}

impl Roles {
    /// The usual pans; in a smaller plant the last ones that are free.
    fn of(plan: &Plan<'_>) -> Self {
        if !plan.faults {
            return Self { leaking: None, cold: None, frozen: None };
        }
        let mut taken = Vec::new();
        let mut pick = |wanted: u16| {
            let free = |number: &u16| !taken.contains(number);
            let found = if wanted <= plan.machines {
                Some(wanted)
            } else {
                // Reference pans first: their limits are what the demo's texts speak of.
                let reference = (1..=plan.machines).rev().filter(|number| !is_a_pan(*number)).find(free);
                reference.or_else(|| (1..=plan.machines).rev().find(free))
            };
            taken.extend(found);
            found
        };
        // The wanted ones of a plant of 7 to 18 must not be given away before.
        let cold = pick(COLD_PAN);
        let (leaking, frozen) = (pick(LEAKING_PAN), pick(FROZEN_PAN));
        Self { leaking: leaking.or(cold), cold, frozen }
    }

    fn faults(&self, number: u16) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |kind, from_s, until_s: Option<u64>| {
            faults.push(Fault { kind, from: Duration::from_secs(from_s), until: until_s.map(Duration::from_secs) });
        };
        let leaks = self.leaking == Some(number);
        if leaks {
            let severity = if is_a_pan(number) { LEAK_SEVERITY_A } else { LEAK_SEVERITY };
            add(FaultKind::AirLeak { severity }, LEAK_S[0], Some(LEAK_S[1]));
        }
        if self.cold == Some(number) {
            let from_s = if leaks { COLD_AFTER_LEAK_S } else { COLD_FROM_S };
            add(FaultKind::SteamValveStuckClosed, from_s, None);
        }
        if self.frozen == Some(number) {
            let metric = Metric::new(Metric::TEMPERATURE);
            add(FaultKind::FrozenSensor { metric }, FROZEN_FROM_S, None);
        }
        faults
    }

    /// Phase at the start, and the share of it that has passed.
    fn start(&self, number: u16, seed: u64) -> (Phase, f64) {
        let share = (seed >> 40) as f64 / (1_u64 << 24) as f64;
        if [self.leaking, self.cold, self.frozen].contains(&Some(number)) {
            // Early, so that the phase outlasts what is to be seen in it.
            return (Phase::GrainGrowth, 0.1 + 0.1 * share);
        }
        let place = (number - 1) % LISTED_PANS + 1;
        ELSEWHERE
            .iter()
            .find(|(listed, ..)| *listed == place)
            .map_or((Phase::GrainGrowth, 0.1 + 0.6 * share), |(_, phase, share)| (*phase, *share))
    }
}

/// A seed of its own for each pan (the finaliser of SplitMix64, Steele et al. 2014).
fn mixed(seed: u64, number: u16) -> u64 {
    let mut mixed = seed.wrapping_add(u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
#[path = "plant_tests.rs"]
mod tests;
