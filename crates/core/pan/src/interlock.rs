//! The pan's own interlocks: outside of them it trips by itself, with sensors of its own, whatever the telemetry says.
//!
//! They watch while the pan boils; the open pan is far outside of them and nothing is wrong with that. Each begins to
//! watch once its value has been inside, so that a pan can be started at all.

use panfloor_model::Metric;

use crate::config::PanConfig;
use crate::physics::Process;

/// A value must lie outside for so long, seconds: a splash is no reason to lose a strike.
const TRIP_AFTER_S: f64 = 3.0;
/// The attendant at the pan resets it so long after a trip, seconds.
const RESET_AFTER_S: f64 = 600.0;
/// What is watched, with its unit for people.
const WATCHED: [(&str, &str); 3] =
    [(Metric::TEMPERATURE, "°C"), (Metric::PRESSURE, "mbar abs"), (Metric::MOTOR_POWER, "kW")];

/// A pan that has tripped.
#[derive(Debug, Clone, PartialEq)]
struct Trip {
    reason: String,
    elapsed_s: f64,
}

/// The three interlocks.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Interlocks {
    watching: [bool; WATCHED.len()],
    outside_s: [f64; WATCHED.len()],
    trip: Option<Trip>,
}

impl Interlocks {
    /// Why the pan has tripped; `None`: it has not.
    pub(crate) fn tripped(&self) -> Option<&str> {
        self.trip.as_ref().map(|trip| trip.reason.as_str())
    }

    /// Looks at `process` after a step of `dt_s` seconds in a phase in which the pan boils or not. Says whether the pan
    /// tripped in it, or was reset after an earlier trip.
    pub(crate) fn watch(&mut self, process: &Process, config: &PanConfig, boils: bool, dt_s: f64) -> bool {
        if let Some(trip) = &mut self.trip {
            trip.elapsed_s += dt_s;
            let reset = trip.elapsed_s >= RESET_AFTER_S;
            if reset {
                *self = Self::default();
            }
            return reset;
        }
        if !boils {
            *self = Self::default();
            return false;
        }
        let values = [process.temperature_celsius, process.pressure_mbar, process.motor_kw];
        let bounds = [config.temperature_interlocks, config.pressure_interlocks, config.motor_power_interlocks];
        for (at, (value, [low, high])) in values.into_iter().zip(bounds).enumerate() {
            let inside = low < value && value < high;
            self.watching[at] |= inside;
            self.outside_s[at] = if inside || !self.watching[at] { 0.0 } else { self.outside_s[at] + dt_s };
            if self.outside_s[at] >= TRIP_AFTER_S {
                let (name, unit) = WATCHED[at];
                let reason = format!("{name} {value:.1} {unit} left the interlock {low} to {high}");
                self.trip = Some(Trip { reason, elapsed_s: 0.0 });
                return true;
            }
        }
        false
    }
}
