//! Trend queries: from the store to columns, beside the loop, cancelled by a newer query of the same name.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use panfloor_alarm::AlarmState;
use panfloor_engine::{Core, EngineHandle};
use panfloor_historian::{HistorianError, Reader, Series, TransitionFilter};
use panfloor_model::{MachineClass, MachineId, Metric, Phase, Timestamp};
use panfloor_trend::{
    Columns, MinuteEnvelope, MinuteRow, Moments, Resolution, WindowStats, choose_resolution, envelope_raw, hold,
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

/// A pen's columns, with what the export has to know.
pub(crate) struct PenAnswer {
    pub(crate) columns: Columns,
    /// 0 raw, 1 minute rollups, 2 raw reduced to pixels.
    pub(crate) resolution: u32,
    /// The samples of the window and those that hold into it; none with minute rollups.
    pub(crate) samples: Series,
    /// How long a value holds.
    pub(crate) hold: Duration,
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

/// Reads all pens of a window, each machine once.
pub(crate) fn read_pens(
    engine: &EngineHandle,
    pens: &[Pen],
    window: Window,
    cancelled: &dyn Fn() -> bool,
) -> Answer<Vec<PenAnswer>> {
    let intervals: BTreeMap<MachineId, Duration> = engine
        .inspect(|core| core.plant.machines().map(|machine| (machine.id, machine.expected_interval())).collect())
        .map_err(refused)?;
    let mut by_machine: BTreeMap<MachineId, (Vec<usize>, Vec<Metric>)> = BTreeMap::new();
    for (at, pen) in pens.iter().enumerate() {
        let (places, metrics) = by_machine.entry(MachineId(pen.machine)).or_default();
        places.push(at);
        metrics.push(Metric::new(&pen.metric));
    }
    let mut answers = Vec::with_capacity(pens.len());
    for (machine, (places, metrics)) in by_machine {
        // What lies in the live file alone is read without asking.
        if cancelled() {
            return Err(stored(HistorianError::Cancelled));
        }
        let interval = intervals.get(&machine).copied().unwrap_or(Duration::from_secs(1));
        let of =
            PensOf { reader: engine.reader(), machine, metrics: &metrics, window, hold: hold(interval), cancelled };
        let read = match choose_resolution(window.from, window.to, window.pixels, interval) {
            Resolution::Raw => of.raw(),
            Resolution::Minute => of.minutes(),
        };
        answers.extend(places.into_iter().zip(read.map_err(stored)?));
    }
    answers.sort_by_key(|(at, _)| *at);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}

/// The pens of one machine.
struct PensOf<'a> {
    reader: &'a Reader,
    machine: MachineId,
    metrics: &'a [Metric],
    window: Window,
    hold: Duration,
    cancelled: &'a dyn Fn() -> bool,
}

impl PensOf<'_> {
    /// Where a pixel is short: from the samples.
    fn raw(&self) -> panfloor_historian::Result<Vec<PenAnswer>> {
        let Window { from, to, pixels } = self.window;
        let answer = |samples: Series| {
            let inside = samples.points.iter().filter(|(time, _)| *time >= from).count();
            let columns = envelope_raw(&samples.points, from, to, pixels, self.hold);
            let resolution = if columns.time_ms.len() < inside { 2 } else { 0 };
            PenAnswer { columns, resolution, samples, hold: self.hold }
        };
        Ok(self.samples(from.minus(self.hold), to)?.into_iter().map(answer).collect())
    }

    /// Where it is long: from the minute rollups; minutes that have none yet (the open one, and those due anew) from
    /// the samples.
    fn minutes(&self) -> panfloor_historian::Result<Vec<PenAnswer>> {
        let Window { from, to, pixels } = self.window;
        let from = from.minute_start();
        let mut envelopes: Vec<_> =
            self.metrics.iter().map(|_| MinuteEnvelope::new(self.window.from, to, pixels)).collect();
        let mut last = None;
        self.reader.each_minute(self.machine, from, to, self.cancelled, &mut |minute, row| {
            last = Some(minute);
            match MinuteRow::pick(row, self.metrics) {
                Ok(found) => add(&mut envelopes, minute, &found),
                // Empty: due anew. Damaged: the samples say it too.
                Err(_) => {
                    let samples = self.samples(minute.minus(self.hold), minute.plus(MINUTE))?;
                    add(&mut envelopes, minute, &self.minute(&samples, minute));
                }
            }
            Ok(())
        })?;
        // The minute of a machine's newest reading stays open until a newer one comes, however long that takes.
        let newest = self.reader.latest(self.machine)?.map_or(to, |latest| latest.newest);
        let recent = to.min(newest).minus(OPEN_SPAN).minute_start();
        let mut minute = last.map_or(from, |last| last.plus(MINUTE)).max(recent);
        let end = to.min(newest.plus(self.hold).plus(MINUTE));
        let samples = self.samples(minute.minus(self.hold), end)?;
        while minute < end && samples.iter().any(|samples| !samples.points.is_empty()) {
            add(&mut envelopes, minute, &self.minute(&samples, minute));
            minute = minute.plus(MINUTE);
        }
        let answer = |envelope: MinuteEnvelope| PenAnswer {
            columns: envelope.into_columns(),
            resolution: 1,
            samples: Series::default(),
            hold: self.hold,
        };
        Ok(envelopes.into_iter().map(answer).collect())
    }

    fn samples(&self, from: Timestamp, to: Timestamp) -> panfloor_historian::Result<Vec<Series>> {
        self.reader.pens(self.machine, self.metrics, from, to, self.cancelled)
    }

    /// The moments of one minute, from samples.
    fn minute(&self, samples: &[Series], minute: Timestamp) -> Vec<Option<Moments>> {
        let of = |samples: &Series| {
            let points = &samples.points;
            let first = points.partition_point(|(time, _)| *time < minute);
            let end = points.partition_point(|(time, _)| *time < minute.plus(MINUTE));
            let before = first.checked_sub(1).map(|at| points[at]);
            panfloor_trend::minute_moments(&points[first..end], before, minute, self.hold)
        };
        samples.iter().map(of).collect()
    }
}

/// Takes a minute in, each pen's own.
fn add(envelopes: &mut [MinuteEnvelope], minute: Timestamp, found: &[Option<Moments>]) {
    for (envelope, moments) in envelopes.iter_mut().zip(found) {
        if let Some(moments) = moments {
            envelope.add(minute, moments);
        }
    }
}

/// Minutes without a rollup are looked for no further back than this: rollups are at most a minute behind.
const OPEN_SPAN: Duration = Duration::from_mins(10);

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
