//! The heat and mass balance of one pan, with its two controllers.
//!
//! Pressure: what boils off and what leaks in against what the condenser takes; the vacuum controller moves the
//! condenser's valve (PI). Temperature: saturation temperature at that pressure plus the boiling point elevation of
//! the mother liquor, which evaporation raises and feed lowers; the temperature controller moves steam and feed.
//! Coarse on purpose: lumped, one massecuite temperature, constants chosen for time scales that a chart shows.

use panfloor_model::steam::saturation_temperature_celsius;

use crate::fault::Disturbance;
use crate::targets::{Regime, Targets};

/// Absolute pressure of the open air, mbar.
const AIR_MBAR: f64 = 1005.0;
/// What the condenser cannot go below, mbar: saturation at cooling water of 30 °C.
const CONDENSER_MBAR: f64 = 42.4;
/// Least distance between a class's pressure and the condenser's, mbar: keeps the gains finite for odd classes.
const LEAST_VACUUM_RANGE_MBAR: f64 = 5.0;
/// Share of the pressure above the condenser's that an open valve takes away a second.
const CONDENSER_PER_S: f64 = 0.1;
/// Valve position at the class's default setpoint and usual boiling.
const VALVE_USUAL: f64 = 0.5;
/// The valve does not close below this: the vacuum pump always draws a little.
const VALVE_LEAST: f64 = 0.1;
/// Where pressure settles without vapour, as a share of the usual distance to the condenser: air that every pan draws in.
const IDLE_RANGE: f64 = 0.9;
/// Proportional gain of the vacuum controller: valve per usual distance to the condenser.
const VACUUM_GAIN: f64 = 3.0;
/// Its integral time, seconds.
const VACUUM_INTEGRAL_S: f64 = 20.0;
/// Usual position of steam valve and feed valve: they balance.
const STEAM_USUAL: f64 = 0.55;
/// Gain of the temperature controller on steam, per kelvin. Small, so that temperature hardly disturbs pressure.
const STEAM_GAIN: f64 = 0.1;
/// Gain of the temperature controller on feed, per kelvin.
const FEED_GAIN: f64 = 0.46;
/// Kelvin of boiling point elevation a second that full steam without feed adds.
const CONCENTRATION_K_PER_S: f64 = 0.1;
/// Boiling follows steam with this lag, seconds.
const STEAM_LAG_S: f64 = 3.0;
/// Boiling above which the massecuite is well mixed.
const MIXED_BOILING: f64 = 0.2;
/// Massecuite temperature follows boiling temperature with this lag, seconds.
const BOIL_LAG_S: f64 = 5.0;
/// Without boiling it sinks to saturation temperature over this time, seconds.
const COOL_LAG_S: f64 = 50.0;
/// Setpoints are approached with this lag, seconds: no controller of a pan takes a step.
const SETPOINT_LAG_S: f64 = 10.0;
/// Pressure after vacuum is broken: lag, seconds.
const BREAK_LAG_S: f64 = 12.0;
/// Temperature of the open pan: lag, seconds.
const OPEN_LAG_S: f64 = 40.0;
/// Motor power: lag, seconds.
const MOTOR_LAG_S: f64 = 8.0;
/// The liquor's elevation stays within this, K: pure water to molasses.
const ELEVATION_RANGE_K: [f64; 2] = [0.0, 25.0];

/// What all pans of a class share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Design {
    /// Distance of the class's default pressure to the condenser's, mbar.
    range_mbar: f64,
    /// Air drawn in at all times, mbar a second.
    idle_inflow: f64,
    /// Vapour of full boiling, mbar a second.
    vapour: f64,
}

impl Design {
    /// Sized so that the valve stands at [`VALVE_USUAL`] at `pressure_mbar`, the class's default setpoint.
    pub(crate) fn for_pressure(pressure_mbar: f64) -> Self {
        let range_mbar = (pressure_mbar - CONDENSER_MBAR).max(LEAST_VACUUM_RANGE_MBAR);
        let idle_inflow = VALVE_LEAST * CONDENSER_PER_S * IDLE_RANGE * range_mbar;
        let vapour = (Self::usual_flow(range_mbar) - idle_inflow) / STEAM_USUAL;
        Self { range_mbar, idle_inflow, vapour }
    }

    fn usual_flow(range_mbar: f64) -> f64 {
        VALVE_USUAL * CONDENSER_PER_S * range_mbar
    }
}

/// What happens in the pan now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Process {
    pub(crate) pressure_mbar: f64,
    pub(crate) temperature_celsius: f64,
    pub(crate) motor_kw: f64,
    /// Boiling point elevation of the liquor, K.
    elevation_k: f64,
    /// How hard it boils, 0 to 1.
    boiling: f64,
    /// Integral part of the vacuum controller, valve position.
    vacuum_integral: f64,
    /// Setpoints as the controllers see them.
    aimed_celsius: f64,
    aimed_mbar: f64,
}

impl Process {
    /// Settled at `targets`.
    pub(crate) fn settled(targets: &Targets) -> Self {
        let (pressure_mbar, temperature_celsius, boiling) = match targets.regime {
            Regime::Boiling | Regime::Evacuating => (targets.pressure_mbar, targets.temperature_celsius, STEAM_USUAL),
            Regime::Open { rest_celsius } => (AIR_MBAR, rest_celsius, 0.0),
        };
        Self {
            pressure_mbar,
            temperature_celsius,
            motor_kw: targets.motor_kw,
            elevation_k: elevation(targets.temperature_celsius, targets.pressure_mbar),
            boiling,
            vacuum_integral: VALVE_USUAL,
            aimed_celsius: targets.temperature_celsius,
            aimed_mbar: targets.pressure_mbar,
        }
    }

    /// Moves on by `dt_s` seconds, which must be short against the lags (a quarter of a second is).
    pub(crate) fn step(
        &mut self,
        design: &Design,
        targets: &Targets,
        heating: bool,
        disturbance: &Disturbance,
        dt_s: f64,
    ) {
        self.motor_kw += lag(targets.motor_kw - self.motor_kw, MOTOR_LAG_S, dt_s);
        match targets.regime {
            Regime::Boiling => {
                self.aimed_celsius += lag(targets.temperature_celsius - self.aimed_celsius, SETPOINT_LAG_S, dt_s);
                self.aimed_mbar += lag(targets.pressure_mbar - self.aimed_mbar, SETPOINT_LAG_S, dt_s);
                self.heat(heating, disturbance, dt_s);
                self.draw_vacuum(design, disturbance, dt_s);
            }
            Regime::Evacuating => {
                self.start_charge(targets);
                self.draw_vacuum(design, disturbance, dt_s);
                let boiling_celsius = self.saturation_celsius() + self.elevation_k;
                // A liquor above its boiling point flashes; one below it is not warmed by vacuum.
                self.temperature_celsius += lag(boiling_celsius - self.temperature_celsius, BOIL_LAG_S, dt_s).min(0.0);
            }
            Regime::Open { rest_celsius } => {
                self.boiling = 0.0;
                self.pressure_mbar += lag(AIR_MBAR - self.pressure_mbar, BREAK_LAG_S, dt_s);
                self.temperature_celsius += lag(rest_celsius - self.temperature_celsius, OPEN_LAG_S, dt_s);
            }
        }
    }

    /// A fresh charge: syrup whose elevation suits the setpoints, the controllers aimed at them.
    fn start_charge(&mut self, targets: &Targets) {
        self.boiling = 0.0;
        self.aimed_celsius = targets.temperature_celsius;
        self.aimed_mbar = targets.pressure_mbar;
        self.elevation_k = elevation(targets.temperature_celsius, targets.pressure_mbar);
    }

    fn heat(&mut self, heating: bool, disturbance: &Disturbance, dt_s: f64) {
        let error_k = self.aimed_celsius - self.temperature_celsius;
        let wanted = if heating { (STEAM_USUAL + STEAM_GAIN * error_k).clamp(0.0, 1.0) } else { 0.0 };
        let steam = disturbance.stuck_valve.unwrap_or(wanted);
        let feed = (STEAM_USUAL - FEED_GAIN * error_k).clamp(0.0, 1.0);
        self.boiling += lag(steam - self.boiling, STEAM_LAG_S, dt_s);
        self.elevation_k = (self.elevation_k + CONCENTRATION_K_PER_S * (self.boiling - feed) * dt_s)
            .clamp(ELEVATION_RANGE_K[0], ELEVATION_RANGE_K[1]);
        let saturation = self.saturation_celsius();
        let mixed = (self.boiling / MIXED_BOILING).min(1.0);
        self.temperature_celsius += mixed
            * lag(saturation + self.elevation_k - self.temperature_celsius, BOIL_LAG_S, dt_s)
            + (1.0 - mixed) * lag(saturation - self.temperature_celsius, COOL_LAG_S, dt_s);
    }

    fn draw_vacuum(&mut self, design: &Design, disturbance: &Disturbance, dt_s: f64) {
        let error = (self.pressure_mbar - self.aimed_mbar) / design.range_mbar;
        let wanted = self.vacuum_integral + VACUUM_GAIN * error;
        let valve = wanted.clamp(VALVE_LEAST, 1.0);
        // The integral stands still while the valve is at its stop, else it would overshoot afterwards.
        let winds_up = (wanted > 1.0 && error > 0.0) || (wanted < VALVE_LEAST && error < 0.0);
        if !winds_up {
            self.vacuum_integral += VACUUM_GAIN * error * dt_s / VACUUM_INTEGRAL_S;
        }
        let inflow = design.vapour * self.boiling
            + design.idle_inflow
            + disturbance.leak * Design::usual_flow(design.range_mbar);
        let outflow = valve * disturbance.condenser * CONDENSER_PER_S * (self.pressure_mbar - CONDENSER_MBAR);
        self.pressure_mbar = (self.pressure_mbar + (inflow - outflow) * dt_s).clamp(CONDENSER_MBAR, AIR_MBAR);
    }

    fn saturation_celsius(&self) -> f64 {
        saturation(self.pressure_mbar)
    }
}

/// Saturation temperature, °C. Pressure is always within the formula's range here: condenser to open air.
fn saturation(pressure_mbar: f64) -> f64 {
    saturation_temperature_celsius(pressure_mbar.clamp(CONDENSER_MBAR, AIR_MBAR)).unwrap_or(0.0)
}

/// Elevation at which liquor boils at `celsius` under `pressure_mbar`, K.
fn elevation(celsius: f64, pressure_mbar: f64) -> f64 {
    (celsius - saturation(pressure_mbar)).clamp(ELEVATION_RANGE_K[0], ELEVATION_RANGE_K[1])
}

/// First-order approach: what part of `distance` is covered in `dt_s`.
fn lag(distance: f64, lag_s: f64, dt_s: f64) -> f64 {
    distance * (dt_s / lag_s).min(1.0)
}
