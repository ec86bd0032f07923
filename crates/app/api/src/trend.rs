//! Trend queries: from the store to columns, beside the loop, cancelled by a newer query of the same name.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use panfloor_alarm::AlarmState;
use panfloor_engine::{Core, EngineHandle};
use panfloor_historian::{HistorianError, Reader, TransitionFilter};
use panfloor_model::{MachineClass, MachineId, Metric, Phase, Timestamp};
use panfloor_trend::{
    Columns, MinuteRow, Moments, Resolution, WindowStats, choose_resolution, envelope_minutes, envelope_raw, hold,
};

use crate::answer::{Answer, Api, bad_request, from_ms, refused, stored};
use crate::dto::{MarkDto, MarksDto, MarksRequest, MetricBands, Pen, TrendRequest};
use crate::frame::{PenColumns, encode_trend};
use crate::watch::ms;

/// Most pens in one query: all temperatures and pressures of forty pans, with room.
const PENS_MAX: usize = 100;
/// Widest plot, pixels: an 8K screen.
const PIXELS_MAX: u32 = 8_192;
/// Most marks of one kind in one answer: more cannot be told apart on a screen.
const MARKS_MAX: usize = 2_000;
/// Farthest moment from the epoch, ms: JavaScript's own bound for dates, and in microseconds still a whole number here.
const MOMENT_MS_MAX: f64 = 8.64e15;
/// One minute.
const MINUTE: Duration = Duration::from_mins(1);

/// The newest query of each name.
#[derive(Debug, Default)]
pub(crate) struct Queries {
    newest: Mutex<HashMap<String, Arc<AtomicU64>>>,
    number: AtomicU64,
}

/// One query's right to go on.
struct Ticket {
    number: u64,
    newest: Arc<AtomicU64>,
}

impl Queries {
    /// Begins a query; an older one of the same name is cancelled.
    fn begin(&self, name: &str) -> Ticket {
        /// Names kept; a window uses a handful.
        const NAMES_MAX: usize = 64;
        let number = self.number.fetch_add(1, Ordering::Relaxed) + 1;
        let mut names = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= NAMES_MAX && !names.contains_key(name) {
            names.clear();
        }
        let newest = Arc::clone(names.entry(name.to_owned()).or_default());
        newest.store(number, Ordering::Relaxed);
        Ticket { number, newest }
    }
}

impl Ticket {
    fn is_cancelled(&self) -> bool {
        self.newest.load(Ordering::Relaxed) != self.number
    }
}

/// What a query needs to know of a machine.
#[derive(Clone)]
struct MachineFacts {
    interval: Duration,
}

/// A pen's columns, with what the export has to know.
pub(crate) struct PenAnswer {
    pub(crate) columns: Columns,
    /// 0 raw, 1 minute rollups, 2 raw reduced to pixels.
    pub(crate) resolution: u32,
}

/// Answers a query.
pub(crate) fn answer(engine: &EngineHandle, queries: &Queries, request: &TrendRequest) -> Answer<Vec<u8>> {
    let ticket = queries.begin(&request.query);
    let window = Window::of(&request.pens, request.from_ms, request.to_ms, request.pixels)?;
    let pens = read_pens(engine, &request.pens, window, &|| ticket.is_cancelled())?;
    let pens: Vec<PenColumns> = pens.into_iter().map(frame_columns).collect();
    Ok(encode_trend(request.from_ms, request.to_ms, ms(engine.now().wall), &pens))
}

/// A checked window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    pub(crate) pixels: u32,
}

impl Window {
    /// Checks what was asked for.
    pub(crate) fn of(pens: &[Pen], from_ms: f64, to_ms: f64, pixels: u32) -> Answer<Self> {
        if pens.len() > PENS_MAX {
            return Err(bad_request(format!("a chart has at most {PENS_MAX} pens")));
        }
        let edges = -MOMENT_MS_MAX..=MOMENT_MS_MAX;
        if !edges.contains(&from_ms) || !edges.contains(&to_ms) {
            return Err(bad_request("a chart's edges lie within what a calendar holds".to_owned()));
        }
        if from_ms >= to_ms {
            return Err(bad_request("a chart's right edge lies after its left one".to_owned()));
        }
        if pixels == 0 || pixels > PIXELS_MAX {
            return Err(bad_request(format!("a plot is 1 to {PIXELS_MAX} pixels wide")));
        }
        Ok(Self { from: from_ms_to(from_ms), to: from_ms_to(to_ms), pixels })
    }
}

/// A moment at the door as a timestamp.
fn from_ms_to(time_ms: f64) -> Timestamp {
    from_ms(time_ms)
}

/// Reads all pens of a window.
pub(crate) fn read_pens(
    engine: &EngineHandle,
    pens: &[Pen],
    window: Window,
    cancelled: &dyn Fn() -> bool,
) -> Answer<Vec<PenAnswer>> {
    let facts: BTreeMap<MachineId, MachineFacts> = engine
        .inspect(|core| {
            core.plant
                .machines()
                .map(|machine| (machine.id, MachineFacts { interval: machine.expected_interval() }))
                .collect()
        })
        .map_err(refused)?;
    let unknown = MachineFacts { interval: Duration::from_secs(1) };
    let mut answers = Vec::with_capacity(pens.len());
    for pen in pens {
        let facts = facts.get(&MachineId(pen.machine)).unwrap_or(&unknown);
        // Minute rows are read without asking; between pens it is asked in any case.
        if cancelled() {
            return Err(stored(HistorianError::Cancelled));
        }
        answers.push(read_pen(engine.reader(), pen, window, facts, cancelled).map_err(stored)?);
    }
    Ok(answers)
}

/// Reads one pen: raw where a pixel is short, minute rollups where it is long.
fn read_pen(
    reader: &Reader,
    pen: &Pen,
    window: Window,
    facts: &MachineFacts,
    cancelled: &dyn Fn() -> bool,
) -> panfloor_historian::Result<PenAnswer> {
    let machine = MachineId(pen.machine);
    let metric = Metric::new(&pen.metric);
    let hold = hold(facts.interval);
    match choose_resolution(window.from, window.to, window.pixels, facts.interval) {
        Resolution::Raw => {
            let series = reader.series(machine, &metric, window.from.minus(hold), window.to, cancelled)?;
            let inside = series.points.iter().filter(|(time, _)| *time >= window.from).count();
            let columns = envelope_raw(&series.points, window.from, window.to, window.pixels, hold);
            let resolution = if columns.time_ms.len() < inside { 2 } else { 0 };
            Ok(PenAnswer { columns, resolution })
        }
        Resolution::Minute => {
            let rows = read_minutes(reader, machine, &metric, window, hold, cancelled)?;
            Ok(PenAnswer { columns: envelope_minutes(&rows, window.from, window.to, window.pixels), resolution: 1 })
        }
    }
}

/// The minute rollups of a pen; minutes that have none yet (the open one, and those due anew) from the raw samples.
fn read_minutes(
    reader: &Reader,
    machine: MachineId,
    metric: &Metric,
    window: Window,
    hold: Duration,
    cancelled: &dyn Fn() -> bool,
) -> panfloor_historian::Result<Vec<(Timestamp, Moments)>> {
    let from = window.from.minute_start();
    let mut rows = Vec::new();
    let mut due = Vec::new();
    let mut last = None;
    for (minute, blob) in reader.minutes(machine, from, window.to)? {
        last = Some(minute);
        match MinuteRow::decode(&blob) {
            Ok(row) => rows.extend(row.of(metric.as_str()).map(|moments| (minute, *moments))),
            // Empty: due anew. Damaged: the raw samples say it too.
            Err(_) => due.push(minute),
        }
    }
    for minute in due {
        let series = reader.series(machine, metric, minute.minus(hold), minute.plus(MINUTE), cancelled)?;
        rows.extend(minute_of(&series.points, minute, hold));
    }
    // The minute of a machine's newest reading stays open until a newer one comes, however long that takes.
    let newest = reader.latest(machine)?.map_or(window.to, |latest| latest.newest);
    let recent = window.to.min(newest).minus(OPEN_SPAN).minute_start();
    let open = last.map_or(from, |last| last.plus(MINUTE)).max(recent);
    let end = window.to.min(newest.plus(hold).plus(MINUTE));
    let tail = reader.series(machine, metric, open.minus(hold), end, cancelled)?;
    let mut minute = open;
    while minute < end && !tail.points.is_empty() {
        rows.extend(minute_of(&tail.points, minute, hold));
        minute = minute.plus(MINUTE);
    }
    rows.sort_by_key(|(minute, _)| *minute);
    Ok(rows)
}

/// Minutes without a rollup are looked for no further back than this: rollups are at most a minute behind.
const OPEN_SPAN: Duration = Duration::from_mins(10);

/// The moments of one minute, from raw samples.
fn minute_of(points: &[(Timestamp, f64)], minute: Timestamp, hold: Duration) -> Option<(Timestamp, Moments)> {
    let first = points.partition_point(|(time, _)| *time < minute);
    let end = points.partition_point(|(time, _)| *time < minute.plus(MINUTE));
    let before = first.checked_sub(1).map(|at| points[at]);
    panfloor_trend::minute_moments(&points[first..end], before, minute, hold).map(|moments| (minute, moments))
}

/// Columns as the frame has them.
fn frame_columns(pen: PenAnswer) -> PenColumns {
    let columns = pen.columns;
    PenColumns {
        resolution: pen.resolution,
        stats: stats(&columns.stats),
        time_ms: columns.time_ms,
        mean: columns.mean,
        min: columns.min,
        max: columns.max,
        gaps: columns.gaps.iter().map(|gap| (gap.from_ms, gap.to_ms)).collect(),
    }
}

/// Statistics in the frame's order; NaN where there are none.
fn stats(stats: &WindowStats) -> [f64; 7] {
    let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
    [
        or_nan(stats.time_weighted_mean),
        or_nan(stats.min.map(|min| min.value)),
        or_nan(stats.max.map(|max| max.value)),
        or_nan(stats.sigma),
        stats.data_fraction,
        or_nan(stats.min.map(|min| min.time_ms)),
        or_nan(stats.max.map(|max| max.time_ms)),
    ]
}

/// What bands are made of.
struct BandFacts {
    class: Option<Arc<MachineClass>>,
    configs: Vec<(Timestamp, serde_json::Value)>,
    name: String,
}

impl Api {
    /// `trend_marks`
    pub(crate) fn trend_marks(&self, request: &MarksRequest) -> Answer<MarksDto> {
        let window = Window::of(&request.pens, request.from_ms, request.to_ms, 1)?;
        let engine = self.engine()?;
        let machines: Vec<MachineId> = {
            let mut ids: Vec<MachineId> = request.pens.iter().map(|pen| MachineId(pen.machine)).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let wanted = machines.clone();
        let (facts, mut events) = engine
            .inspect(move |core| (band_facts(core, &wanted), config_marks(core, &wanted, window)))
            .map_err(refused)?;
        let reader = engine.reader();
        let phase = Metric::new(Metric::PHASE);
        let mut bands = Vec::with_capacity(request.pens.len());
        for pen in &request.pens {
            let steps = reader.steps(MachineId(pen.machine), &phase, window.from, window.to).map_err(stored)?;
            let phases: Vec<(Timestamp, Phase)> =
                steps.into_iter().filter_map(|(at, name)| Some((at, Phase::from_wire_name(&name)?))).collect();
            let of = facts.get(&MachineId(pen.machine));
            let bands_of =
                of.and_then(|of| Some(crate::answer::bands(of.class.as_ref()?, &pen.metric, &phases, &of.configs)));
            bands.push(MetricBands { metric: pen.metric.clone(), bands: bands_of.unwrap_or_default() });
        }
        for machine in machines {
            let name = facts.get(&machine).map(|of| of.name.clone()).unwrap_or_default();
            events.extend(alarm_marks(reader, machine, &name, window)?);
        }
        events.sort_by(|a, b| a.time_ms.total_cmp(&b.time_ms));
        let store_span_ms = reader.span().map_err(stored)?.map(|(from, to)| (ms(from), ms(to)));
        Ok(MarksDto { bands, events, store_span_ms })
    }
}

/// What the bands of these machines are made of.
fn band_facts(core: &Core, machines: &[MachineId]) -> BTreeMap<MachineId, BandFacts> {
    let facts = |id: &MachineId| {
        let machine = core.plant.machine(*id)?;
        let configs = crate::answer::config_times(core, machine);
        Some((*id, BandFacts { class: machine.class.clone(), configs, name: machine.name() }))
    };
    machines.iter().filter_map(facts).collect()
}

/// Config changes of these machines: published, applied, refused.
fn config_marks(core: &Core, machines: &[MachineId], window: Window) -> Vec<MarkDto> {
    let Some(changes) = &core.changes else { return Vec::new() };
    let mut marks = Vec::new();
    for change in changes.book().changes.values() {
        for on in &change.machines {
            let Some(machine) = core.plant.by_name(&on.machine).filter(|machine| machines.contains(&machine.id)) else {
                continue;
            };
            let refused = on.refused.as_ref().map(|(step, _)| step);
            for (what, step) in
                [("published", on.published.as_ref()), ("applied", on.applied.as_ref()), ("refused", refused)]
            {
                let Some(step) = step.filter(|step| step.at >= window.from && step.at < window.to) else { continue };
                marks.push(MarkDto {
                    time_ms: ms(step.at),
                    kind: "config".to_owned(),
                    machine: machine.id.0,
                    machine_name: machine.name(),
                    metric: String::new(),
                    what: what.to_owned(),
                    priority: String::new(),
                    detail: on.version.map(panfloor_change::shown_version).unwrap_or_default(),
                });
            }
        }
    }
    marks.truncate(MARKS_MAX);
    marks
}

/// Alarms of a machine: raised and returned.
fn alarm_marks(reader: &Reader, machine: MachineId, name: &str, window: Window) -> Answer<Vec<MarkDto>> {
    let filter = TransitionFilter {
        from: Some(window.from),
        to: Some(window.to),
        machine: Some(machine),
        limit: Some(MARKS_MAX),
        before: None,
    };
    let mark = |row: panfloor_historian::TransitionRow| {
        let before = AlarmState::parse(&row.from)?;
        let after = AlarmState::parse(&row.to)?;
        let detail = match (before.is_abnormal(), after.is_abnormal()) {
            (false, true) => "raised",
            (true, false) => "returned",
            (false, false) | (true, true) => return None,
        };
        Some(MarkDto {
            time_ms: ms(row.event_time),
            kind: "alarm".to_owned(),
            machine: machine.0,
            machine_name: name.to_owned(),
            metric: row.metric,
            what: row.condition,
            priority: row.priority,
            detail: detail.to_owned(),
        })
    };
    Ok(reader.transitions(&filter).map_err(stored)?.into_iter().filter_map(mark).collect())
}
