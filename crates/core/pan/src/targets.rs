//! What the pan's controllers aim at, by phase.

use panfloor_model::{MachineClass, Metric, Phase};

use crate::config::PanConfig;
use crate::strike::Strike;

/// Before the end of a phase the setpoints move to those of the next one over this long, seconds, so that they lie
/// within its limits, which switch at once.
const RAMP_S: f64 = 120.0;
/// The ramp is done this long before the end, seconds: the time temperature lags behind.
const RAMP_MARGIN_S: f64 = 45.0;
/// In short phases the ramp takes at most this share of them.
const RAMP_SHARE: f64 = 0.4;
/// At the start of the charge vacuum is drawn for so long, seconds; what is charged after that boils under control.
const EVACUATION_S: f64 = 75.0;
/// Temperature that the massecuite takes when vacuum is broken, °C.
const DROP_CELSIUS: f64 = 78.0;
/// Temperature while the empty pan is steamed out, °C.
const STEAM_OUT_CELSIUS: f64 = 92.5;
/// Motor power while the pan empties: at its start and end, kW.
const DROP_MOTOR_KW: [f64; 2] = [9.0, 5.0];
/// Motor limits of a class that has none, kW.
const UNLISTED_MOTOR_KW: [f64; 2] = [8.0, 14.0];

/// What the pan is made to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Regime {
    /// Boils under vacuum, both controllers at work.
    Boiling,
    /// Vacuum is drawn on a fresh charge; no steam yet.
    Evacuating,
    /// Open to the air; massecuite or metal goes to this temperature, °C.
    Open {
        /// Where it settles.
        rest_celsius: f64,
    },
}

/// What the controllers aim at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Targets {
    pub(crate) regime: Regime,
    pub(crate) temperature_celsius: f64,
    pub(crate) pressure_mbar: f64,
    pub(crate) motor_kw: f64,
}

/// What a pan of `class` with `config` aims at in this place of its strike.
pub(crate) fn targets(class: &MachineClass, config: &PanConfig, strike: &Strike) -> Targets {
    let regime = regime(class, strike);
    // Outside of boiling phases the aim is that of the first one to come.
    let phase = if boils(class, strike.phase) { strike.phase } else { Phase::Concentrate };
    let next = if phase == strike.phase && boils(class, phase.next()) { phase.next() } else { phase };
    let share = ramp_share(strike);
    let blend = |metric: &str| {
        let (own, other) = (offset(class, phase, metric), offset(class, next, metric));
        own + share * (other - own)
    };
    Targets {
        regime,
        temperature_celsius: config.temperature_setpoint + blend(Metric::TEMPERATURE),
        pressure_mbar: config.pressure_setpoint + blend(Metric::PRESSURE),
        motor_kw: motor_kw(class, strike, regime),
    }
}

/// Whether the pan boils in all of this phase.
pub(crate) fn boils(class: &MachineClass, phase: Phase) -> bool {
    class.phases.get(&phase).is_some_and(|plan| plan.boiling)
}

fn regime(class: &MachineClass, strike: &Strike) -> Regime {
    if boils(class, strike.phase) {
        return Regime::Boiling;
    }
    match strike.phase {
        Phase::Charge if strike.elapsed_s < EVACUATION_S => Regime::Evacuating,
        Phase::Charge => Regime::Boiling,
        Phase::SteamOut => Regime::Open { rest_celsius: STEAM_OUT_CELSIUS },
        Phase::Concentrate | Phase::Seed | Phase::GrainGrowth | Phase::Tighten | Phase::Drop => {
            Regime::Open { rest_celsius: DROP_CELSIUS }
        }
    }
}

fn offset(class: &MachineClass, phase: Phase, metric: &str) -> f64 {
    class.phase_metric(phase, metric).map_or(0.0, |plan| plan.setpoint_offset)
}

/// How far the setpoints have moved toward the next phase's, 0 to 1.
fn ramp_share(strike: &Strike) -> f64 {
    let ramp_s = RAMP_S.min(RAMP_SHARE * strike.length_s);
    (1.0 - (strike.remaining_s() - RAMP_MARGIN_S) / ramp_s).clamp(0.0, 1.0)
}

/// The stirrer works harder as crystals grow and the massecuite thickens.
fn motor_kw(class: &MachineClass, strike: &Strike, regime: Regime) -> f64 {
    let level = |phase: Phase, share: f64| {
        let limits = class.phase_metric(phase, Metric::MOTOR_POWER).map(|plan| plan.limits);
        let low = limits.and_then(|l| l.low).unwrap_or(UNLISTED_MOTOR_KW[0]);
        let high = limits.and_then(|l| l.high).unwrap_or(UNLISTED_MOTOR_KW[1]);
        low + share * (high - low)
    };
    let [from, to] = match strike.phase {
        // The stirrer rests until there is something to stir.
        Phase::Charge if regime == Regime::Evacuating => [0.0, 0.0],
        Phase::Charge => [level(Phase::Concentrate, 0.25), level(Phase::Concentrate, 0.3)],
        Phase::Concentrate => [level(Phase::Concentrate, 0.3), level(Phase::Seed, 0.3)],
        Phase::Seed => [level(Phase::Seed, 0.3), level(Phase::Seed, 0.38)],
        Phase::GrainGrowth => [level(Phase::Seed, 0.38), level(Phase::Tighten, 0.65)],
        Phase::Tighten => [level(Phase::Tighten, 0.65), level(Phase::Tighten, 0.75)],
        Phase::Drop => DROP_MOTOR_KW,
        Phase::SteamOut => [0.0, 0.0],
    };
    from + strike.progress() * (to - from)
}
