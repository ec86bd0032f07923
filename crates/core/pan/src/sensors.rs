//! The sensors: noise, resolution, and the faults that live in them.

use std::time::Duration;

use panfloor_model::{MachineClass, Metric};

use crate::fault::{Fault, FaultKind};
use crate::noise::{Dice, Wander};
use crate::physics::Process;

/// How far a value wanders: share of the class's scale (±0.15 °C and ±0.6 mbar for the reference pan, ±0.1 kW).
const WANDER_TEMPERATURE: f64 = 0.015;
const WANDER_PRESSURE: f64 = 0.025;
const WANDER_MOTOR: f64 = 0.01;
/// Noise of one reading in steps of the sensor's resolution: ± this many.
const NOISE_STEPS: f64 = 1.5;
/// Resolution of a metric that the class does not list.
const UNLISTED_RESOLUTION: f64 = 0.01;

/// One sensor.
#[derive(Debug, Clone)]
struct Sensor {
    metric: Metric,
    resolution: f64,
    wander_span: f64,
    wander: Wander,
    last: Option<f64>,
}

/// The three sensors of a pan.
#[derive(Debug, Clone)]
pub(crate) struct Sensors {
    sensors: [Sensor; 3],
}

impl Sensors {
    pub(crate) fn new(class: &MachineClass, dice: &mut Dice) -> Self {
        let mut sensor = |name: &str, share: f64| {
            let plan = class.metrics.get(name);
            Sensor {
                metric: Metric::new(name),
                resolution: plan.map_or(UNLISTED_RESOLUTION, |p| p.resolution),
                wander_span: plan.map_or(0.0, |p| share * (p.scale[1] - p.scale[0])),
                wander: Wander::drawn(dice),
                last: None,
            }
        };
        Self {
            sensors: [
                sensor(Metric::TEMPERATURE, WANDER_TEMPERATURE),
                sensor(Metric::PRESSURE, WANDER_PRESSURE),
                sensor(Metric::MOTOR_POWER, WANDER_MOTOR),
            ],
        }
    }

    /// What the sensors say of `process`, `age` after the pan's start and `dt_s` after the reading before.
    pub(crate) fn read(
        &mut self,
        process: &Process,
        faults: &[Fault],
        age: Duration,
        dt_s: f64,
        dice: &mut Dice,
    ) -> Vec<(Metric, f64)> {
        let truths = [process.temperature_celsius, process.pressure_mbar, process.motor_kw];
        let mut values = Vec::with_capacity(self.sensors.len());
        for (sensor, truth) in self.sensors.iter_mut().zip(truths) {
            let reading = sensor.sense(truth, dt_s, dice);
            let mut shown = Some(reading);
            for fault in faults.iter().filter(|fault| fault.acts_at(age)) {
                shown = sensor.under(fault, age, shown);
            }
            if let Some(value) = shown {
                sensor.last = Some(value);
                values.push((sensor.metric.clone(), value));
            }
        }
        values
    }
}

impl Sensor {
    fn sense(&mut self, truth: f64, dt_s: f64, dice: &mut Dice) -> f64 {
        let wander = self.wander_span * self.wander.step(dice, dt_s);
        let noise = NOISE_STEPS * self.resolution * dice.symmetric();
        // None of the three can be negative: the motor of a resting stirrer reads 0.
        self.rounded(if truth.abs() < self.resolution { 0.0 } else { (truth + wander + noise).max(0.0) })
    }

    /// To the sensor's resolution, and to the nearest decimal so that it prints short.
    fn rounded(&self, value: f64) -> f64 {
        let steps = (value / self.resolution).round();
        (steps * self.resolution * 1e6).round() / 1e6
    }

    fn under(&self, fault: &Fault, age: Duration, shown: Option<f64>) -> Option<f64> {
        match &fault.kind {
            FaultKind::FrozenSensor { metric } if *metric == self.metric => self.last.or(shown),
            FaultKind::Dropout { metric } if *metric == self.metric => None,
            FaultKind::SensorDrift { metric, per_minute } if *metric == self.metric => {
                let minutes = age.saturating_sub(fault.from).as_secs_f64() / 60.0;
                shown.map(|value| self.rounded(value + per_minute * minutes))
            }
            FaultKind::FrozenSensor { .. }
            | FaultKind::Dropout { .. }
            | FaultKind::SensorDrift { .. }
            | FaultKind::AirLeak { .. }
            | FaultKind::CondenserFails
            | FaultKind::SteamValveStuckClosed
            | FaultKind::SteamValveStuckOpen => shown,
        }
    }
}
