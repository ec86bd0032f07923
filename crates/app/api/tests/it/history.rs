//! A store with six hours of one machine's past, made without an engine.

use std::time::Duration;

use panfloor_change::HeartbeatPace;
use panfloor_engine::{Clock, EngineHandle, EngineSetup};
use panfloor_historian::{Access, NewMessage, Options, open};
use panfloor_model::{MachineId, Metric, Timestamp};
use panfloor_trend::{MinuteRow, hold, minute_moments};

use crate::door::Door;

pub(crate) const MINUTE: Duration = Duration::from_mins(1);
/// Between two samples.
const EVERY: Duration = Duration::from_secs(10);
/// Samples in all: six hours.
const SAMPLES: u32 = 6 * 360;
/// Minutes of silence in them, from, to.
const SILENT: [u32; 2] = [120, 150];
/// The minute at which the phase changes.
pub(crate) const TIGHTEN: u32 = 180;

/// The store behind a door, and what is in it.
pub(crate) struct History {
    pub(crate) door: Door,
    pub(crate) engine: EngineHandle,
    pub(crate) machine: u32,
    /// When it begins: on the minute; it ends half an hour ago.
    pub(crate) start: Timestamp,
    pub(crate) points: Vec<(Timestamp, f64)>,
}

impl History {
    pub(crate) fn new() -> Self {
        let door = Door::new();
        let start = Clock::new().now().wall.minus(MINUTE * 390).minute_start();
        let (machine, points) = write(&door.folder.path().join("site"), start);
        let setup = EngineSetup {
            folder: door.folder.path().join("site"),
            wrapping: panfloor_keys::WrappingPlace::File,
            founding: None,
            sources: Vec::new(),
            keep_sources: false,
            pace: HeartbeatPace::default(),
            store: Options::default(),
        };
        let engine = panfloor_engine::start(setup, door.runtime.handle()).unwrap();
        door.api.open(engine.clone(), false);
        Self { door, engine, machine: machine.0, start, points }
    }

    /// A moment so many minutes after the start, ms since the epoch.
    pub(crate) fn at_ms(&self, minutes: u32) -> f64 {
        self.start.plus(MINUTE * minutes).0 as f64 / 1000.0
    }

    /// The points from one minute to another.
    pub(crate) fn between(&self, from: u32, to: u32) -> Vec<(Timestamp, f64)> {
        let span = self.start.plus(MINUTE * from)..self.start.plus(MINUTE * to);
        self.points.iter().filter(|(time, _)| span.contains(time)).copied().collect()
    }
}

/// Writes readings, phases, and the rollups of all minutes but the last.
fn write(folder: &std::path::Path, start: Timestamp) -> (MachineId, Vec<(Timestamp, f64)>) {
    let mut writer = open(folder, Access::ReadWrite).unwrap().writer.unwrap();
    let mut tx = writer.begin().unwrap();
    let source = tx.source_id("home").unwrap();
    let machine = tx.machine_id(source, "pan-01", start).unwrap().id;
    tx.set_machine_class(machine, "reference-pan").unwrap();
    let (metric, phase) = (Metric::new(Metric::TEMPERATURE), Metric::new(Metric::PHASE));
    tx.put_step(machine, &phase, start, "grain_growth").unwrap();
    tx.put_step(machine, &phase, start.plus(MINUTE * TIGHTEN), "tighten").unwrap();
    let mut points = Vec::new();
    for number in (0..SAMPLES).filter(|number| !(SILENT[0]..SILENT[1]).contains(&(number / 6))) {
        let time = start.plus(EVERY * number);
        let value = ((46.0 + f64::from(number % 97) / 200.0) * 100.0).round() / 100.0;
        points.push((time, value));
        let message = NewMessage {
            source,
            machine,
            device_time: Some(time),
            arrived_at: time,
            reading_id: None,
            device_seq: None,
            values: vec![(metric.clone(), value)],
            bad: Vec::new(),
            tags: Vec::new(),
        };
        tx.insert_message(&message).unwrap();
    }
    for minute in (0..SAMPLES / 6 - 1).map(|minute| start.plus(MINUTE * minute)) {
        let first = points.partition_point(|(time, _)| *time < minute);
        let before = first.checked_sub(1).map(|at| points[at]);
        let end = points.partition_point(|(time, _)| *time < minute.plus(MINUTE));
        if let Some(moments) = minute_moments(&points[first..end], before, minute, hold(EVERY)) {
            tx.put_minute(machine, minute, &MinuteRow(vec![(metric.clone(), moments)]).encode()).unwrap();
        }
    }
    tx.commit().unwrap();
    (machine, points)
}
