//! The pan: its strike, process, sensors and config behind one handle.

use std::sync::Arc;
use std::time::Duration;

use panfloor_model::{MachineClass, Mode, Phase, Timestamp};
use serde_json::Value;

use crate::config::{ConfigFault, PanConfig, initial_config};
use crate::desired::{Announcement, Desired, Receipt};
use crate::fault::{Disturbance, Fault};
use crate::interlock::Interlocks;
use crate::noise::Dice;
use crate::physics::{Design, Process};
use crate::sensors::Sensors;
use crate::strike::Strike;
use crate::targets::{Targets, boils, targets};
use crate::telemetry::{FIRMWARE, Report, ReportStatus, Telemetry};

/// Longest step of the balance, seconds: short against its shortest lag.
const SUBSTEP_S: f64 = 0.25;
/// Longest time one call makes up for: a PC that slept longer finds the pan where it left it.
const LONGEST_STEP: Duration = Duration::from_secs(3600);
/// How much of the time before its start a pan really runs through, seconds: longer than all its lags.
const WARM_UP_S: f64 = 180.0;
/// Interval of a pan that is given no config, ms.
const DEFAULT_INTERVAL_MS: u32 = 1000;

/// What a pan is to be.
#[derive(Debug, Clone)]
pub struct PanSetup {
    /// Its name on the wire.
    pub name: String,
    /// Its class.
    pub class: Arc<MachineClass>,
    /// Seed of everything random in it.
    pub seed: u64,
    /// The phase it starts in.
    pub start_phase: Phase,
    /// How long that phase has already lasted; cut to what it can last.
    pub start_elapsed: Duration,
    /// What breaks when, counted from the start.
    pub faults: Vec<Fault>,
    /// Version of the config it starts with, epoch × 1000 + n.
    pub initial_version: u64,
    /// The config it starts with; `None`: [`initial_config`] by its seed, one reading a second.
    pub initial_config: Option<Value>,
}

/// A running pan.
#[derive(Debug, Clone)]
pub struct Pan {
    name: Arc<str>,
    class: Arc<MachineClass>,
    faults: Vec<Fault>,
    mode: Mode,
    desired: Desired,
    strike: Strike,
    design: Design,
    process: Process,
    interlocks: Interlocks,
    sensors: Sensors,
    dice: Dice,
    started: Timestamp,
    stepped: Timestamp,
    next_due: Timestamp,
    seq: u64,
}

impl Pan {
    /// A pan that starts at `now`, which is also when its first reading is due.
    ///
    /// # Errors
    /// If the initial config is not acceptable to the class.
    pub fn new(setup: PanSetup, now: Timestamp) -> Result<Self, ConfigFault> {
        let PanSetup { name, class, seed, start_phase, start_elapsed, faults, initial_version, initial_config: given } =
            setup;
        let value = given.unwrap_or_else(|| initial_config(&class, seed, DEFAULT_INTERVAL_MS));
        let default_pressure = class.default_config.get("pressure_setpoint").and_then(Value::as_f64);
        // Its own stream, so that configs do not change the noise that follows.
        let desired = Desired::new(initial_version, value, &class, seed.wrapping_add(1))?;
        let mut dice = Dice::new(seed);
        let mut strike = Strike::begin(&class, start_phase, &mut dice);
        let elapsed_s = start_elapsed.as_secs_f64().min(strike.length_s - 1.0).max(0.0);
        let warm_up_s = elapsed_s.min(WARM_UP_S);
        strike.elapsed_s = elapsed_s - warm_up_s;
        let mut pan = Self {
            name: Arc::from(name),
            design: Design::for_pressure(default_pressure.unwrap_or(desired.config.pressure_setpoint)),
            process: Process::settled(&targets(&class, &desired.config, &before(&class, strike))),
            interlocks: Interlocks::default(),
            sensors: Sensors::new(&class, &mut dice),
            class,
            faults,
            mode: Mode::Remote,
            desired,
            strike,
            dice,
            started: now,
            stepped: now,
            next_due: now,
            seq: 0,
        };
        pan.run(warm_up_s, &Disturbance::of(&[], Duration::ZERO));
        Ok(pan)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its class.
    #[must_use]
    pub const fn class(&self) -> &Arc<MachineClass> {
        &self.class
    }

    /// The phase it is in.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.strike.phase
    }

    /// Version of the config in force.
    #[must_use]
    pub const fn config_version(&self) -> u64 {
        self.desired.version
    }

    /// The config in force.
    #[must_use]
    pub const fn config(&self) -> &PanConfig {
        &self.desired.config
    }

    /// Who commands it: a pan that has tripped is its attendant's, until it is reset at its panel.
    #[must_use]
    pub fn mode(&self) -> Mode {
        if self.interlocks.tripped().is_some() { Mode::Local } else { self.mode }
    }

    /// Which value left its interlock; `None`: the pan has not tripped.
    #[must_use]
    pub fn tripped(&self) -> Option<&str> {
        self.interlocks.tripped()
    }

    /// Puts it into another mode. Outside of `Remote` it refuses configs.
    pub const fn set_mode(&mut self, mode: Mode) {
        self.mode = mode;
    }

    /// Whether a reading is due. One that lies more than an interval ahead was planned by a clock that has since been set
    /// back.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> bool {
        now >= self.next_due || self.next_due > now.plus(self.interval())
    }

    /// When the next reading is due.
    #[must_use]
    pub const fn next_due(&self) -> Timestamp {
        self.next_due
    }

    /// Moves on to `now` and reads the sensors. A `now` before the last one counts as no time.
    pub fn step(&mut self, now: Timestamp) -> Telemetry {
        self.desired.settle(now);
        let dt = now.since(self.stepped).min(LONGEST_STEP);
        let age = now.since(self.started);
        self.run(dt.as_secs_f64(), &Disturbance::of(&self.faults, age));
        self.stepped = now;
        self.plan_next(now);
        self.seq += 1;
        let values = self.sensors.read(&self.process, &self.faults, age, dt.as_secs_f64(), &mut self.dice);
        Telemetry {
            device: Arc::clone(&self.name),
            time: now,
            seq: self.seq,
            values,
            phase: self.strike.phase,
            mode: self.mode(),
        }
    }

    /// Takes a config message in. What becomes of it is reported by [`Pan::poll_report`].
    pub fn receive_config(&mut self, bytes: &[u8], now: Timestamp) -> Receipt {
        let barred = self.barred();
        self.desired.receive(bytes, &self.class, barred, now)
    }

    /// Why it takes no config now.
    fn barred(&self) -> Option<String> {
        if let Some(reason) = self.tripped() {
            return Some(format!("the pan has tripped: {reason}; it takes configs again when it has been reset"));
        }
        let mode = self.mode;
        (mode != Mode::Remote)
            .then(|| format!("the pan is in mode {}; it takes configs only in mode remote", mode.wire_name()))
    }

    /// The next report, if there is one by `now`.
    pub fn poll_report(&mut self, now: Timestamp) -> Option<Report> {
        if self.desired.settle(now) {
            // A shorter interval holds at once, not after the longer one has run out.
            self.next_due = self.next_due.min(now.plus(self.interval()));
        }
        let announcement = self.desired.next_announcement()?;
        Some(self.report(announcement, now))
    }

    /// When [`Pan::poll_report`] has something to say; `None`: not until a config comes.
    #[must_use]
    pub fn next_report(&self) -> Option<Timestamp> {
        self.desired.next_report()
    }

    /// The state as it is, for a broker that knows nothing of the pan.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> Report {
        let announcement = Announcement {
            version: self.desired.version,
            status: ReportStatus::Applied,
            reason: self.tripped().map(str::to_owned),
            config: self.desired.value.clone(),
        };
        self.report(announcement, now)
    }

    fn report(&self, announcement: Announcement, now: Timestamp) -> Report {
        Report {
            device: Arc::clone(&self.name),
            time: now,
            config_version: announcement.version,
            config: announcement.config,
            status: announcement.status,
            reason: announcement.reason,
            mode: self.mode(),
            firmware: FIRMWARE,
            class: self.class.id.clone(),
        }
    }

    fn interval(&self) -> Duration {
        Duration::from_millis(u64::from(self.desired.config.sample_interval_ms))
    }

    /// Readings keep to their grid; what was missed is not made up for.
    fn plan_next(&mut self, now: Timestamp) {
        let interval = self.interval();
        let planned = self.next_due.plus(interval);
        let latest = now.plus(interval);
        self.next_due = if planned > now && planned < latest { planned } else { latest };
    }

    fn run(&mut self, seconds: f64, disturbance: &Disturbance) {
        let mut rest_s = seconds;
        while rest_s > 1e-9 {
            let dt_s = rest_s.min(SUBSTEP_S);
            rest_s -= dt_s;
            if self.tripped().is_some() {
                self.rest(disturbance, dt_s);
            } else {
                self.strike.advance(&self.class, dt_s, &mut self.dice);
                let aim = targets(&self.class, &self.desired.config, &self.strike);
                self.process.step(&self.design, &aim, self.desired.config.heating_enabled, disturbance, dt_s);
            }
            let boils = boils(&self.class, self.strike.phase);
            if self.interlocks.watch(&self.process, &self.desired.config, boils, dt_s) {
                self.desired.say_again(self.interlocks.tripped().map(str::to_owned));
            }
        }
    }

    /// Tripped: steam shut by a valve of its own, also where the other is stuck, the stirrer off; the strike stands still.
    fn rest(&mut self, disturbance: &Disturbance, dt_s: f64) {
        let aim = Targets { motor_kw: 0.0, ..targets(&self.class, &self.desired.config, &self.strike) };
        let shut = Disturbance { stuck_valve: Some(0.0), ..*disturbance };
        self.process.step(&self.design, &aim, false, &shut, dt_s);
    }
}

/// The place in the strike at which a pan that starts at `strike` is taken as settled: there, or if the phase has just
/// begun without boiling, the end of the one before.
fn before(class: &MachineClass, strike: Strike) -> Strike {
    let boils = |phase: Phase| class.phases.get(&phase).is_some_and(|plan| plan.boiling);
    if strike.elapsed_s > 0.0 || boils(strike.phase) {
        return strike;
    }
    let at = Phase::ALL.iter().position(|phase| *phase == strike.phase).unwrap_or(0);
    let phase = Phase::ALL[(at + Phase::ALL.len() - 1) % Phase::ALL.len()];
    Strike { phase, elapsed_s: strike.length_s, length_s: strike.length_s }
}
