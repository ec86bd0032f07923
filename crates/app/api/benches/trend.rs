//! How fast charts are read, through the door: `cargo bench -p panfloor-api --bench trend`. Prints one JSON object:
//! medians in ms. The store holds 40 machines of 4 metrics: their samples of the last hour and a half (one a second,
//! all in the tail), and `PANFLOOR_BENCH_DAYS` (by default 8) days of minute rollups of which all but the last hours
//! are sealed.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use panfloor_api::dto::{ApiError, Pen, PromptDto, TrendRequest};
use panfloor_api::{Api, Attempt, Host, Profile};
use panfloor_change::HeartbeatPace;
use panfloor_engine::{Clock, EngineSetup};
use panfloor_historian::{Access, NewMessage, Options, Tx, open};
use panfloor_model::{MachineId, Metric, SourceId, Timestamp};
use panfloor_trend::{MinuteRow, Moments};

const MACHINES: u32 = 40;
const METRICS: [&str; 4] = [Metric::TEMPERATURE, Metric::PRESSURE, Metric::MOTOR_POWER, "level"];
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
/// Seconds of samples.
const SAMPLED_S: u32 = 5_400;
/// Runs of each query.
const RUNS: usize = 15;

type Done<T> = Result<T, Box<dyn Error>>;

/// A host that nobody sits at.
struct Nobody;

impl Host for Nobody {
    fn ask_passphrase(&self, _: PromptDto, _: Attempt<'_>) -> Result<(), ApiError> {
        Ok(())
    }
    fn switch(&self, _: Profile) -> Result<(), ApiError> {
        Ok(())
    }
    fn ask_save_path(&self, _: &str) -> Option<PathBuf> {
        None
    }
    fn log_folder(&self) -> Option<PathBuf> {
        None
    }
    fn autostart(&self) -> Option<bool> {
        None
    }
    fn set_autostart(&self, _: bool) -> Result<(), ApiError> {
        Ok(())
    }
}

/// A value on the sensors' grid that wanders.
fn value(machine: u32, metric: usize, second: u32) -> f64 {
    let wave = (f64::from(second) / 300.0 + f64::from(machine)).sin();
    let noise = f64::from(second.wrapping_mul(2_654_435_761) >> 29) / 100.0;
    ((46.0 + metric as f64 * 10.0 + wave + noise) * 100.0).round() / 100.0
}

fn reading(source: SourceId, machine: MachineId, start: Timestamp, second: u32) -> NewMessage {
    let time = start.plus(SECOND * second);
    let values = METRICS.iter().enumerate().map(|(at, name)| (Metric::new(name), value(machine.0, at, second)));
    NewMessage {
        source,
        machine,
        device_time: Some(time),
        arrived_at: time.plus(Duration::from_millis(20)),
        reading_id: None,
        device_seq: Some(u64::from(second)),
        values: values.collect(),
        bad: Vec::new(),
        tags: vec![(Metric::new(Metric::PHASE), "tighten".to_owned())],
    }
}

/// The rollup of a minute whose samples are not kept here.
fn rollup(machine: MachineId, minute: Timestamp) -> Vec<u8> {
    let moments = |at: usize| {
        let mut moments = Moments::of(minute, value(machine.0, at, 0));
        for second in 1..60 {
            moments.add(minute.plus(SECOND * second), value(machine.0, at, second));
        }
        moments.hold(moments.mean, 60.0);
        moments
    };
    MinuteRow(METRICS.iter().enumerate().map(|(at, name)| (Metric::new(name), moments(at))).collect()).encode()
}

fn fill(folder: &Path, now: Timestamp, days: u32) -> Done<()> {
    let mut writer = open(folder, Access::ReadWrite)?.writer.ok_or("read-only")?;
    let mut tx = writer.begin()?;
    let source = tx.source_id("home")?;
    let machine = |tx: &mut Tx<'_>, n: u32| tx.machine_id(source, &format!("pan-{n:02}"), now).map(|row| row.id);
    let machines = (1..=MACHINES).map(|n| machine(&mut tx, n)).collect::<Result<Vec<_>, _>>()?;
    tx.commit()?;
    let first = now.minus(Duration::from_hours(24) * days).minute_start();
    for hour in 0..days * 24 {
        let mut tx = writer.begin()?;
        for minute in (0..60).map(|minute| first.plus(MINUTE * (hour * 60 + minute))) {
            for machine in &machines {
                tx.put_minute(*machine, minute, &rollup(*machine, minute))?;
            }
        }
        tx.commit()?;
    }
    writer.seal(now)?;
    let start = now.minus(SECOND * SAMPLED_S);
    for minute in 0..SAMPLED_S / 60 {
        let mut tx = writer.begin()?;
        for second in minute * 60..minute * 60 + 60 {
            for machine in &machines {
                tx.insert_message(&reading(source, *machine, start, second))?;
            }
        }
        tx.commit()?;
    }
    Ok(())
}

/// Median of some runs, ms.
fn median(api: &Api, pens: &[(u32, usize)], span: (Timestamp, Timestamp), pixels: u32) -> Done<f64> {
    let pens = pens.iter().map(|(machine, metric)| Pen { machine: *machine, metric: METRICS[*metric].to_owned() });
    let (from_ms, to_ms) = (span.0.0 as f64 / 1e3, span.1.0 as f64 / 1e3);
    let request = TrendRequest { pens: pens.collect(), from_ms, to_ms, pixels, query: "bench".to_owned() };
    let mut took = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let started = Instant::now();
        let frame = api.trend(&request).map_err(|error| error.sentence)?;
        took.push(started.elapsed());
        assert!(frame.len() > 1_000 * request.pens.len(), "the store has no such data");
    }
    took.sort_unstable();
    Ok((took[RUNS / 2].as_secs_f64() * 1e5).round() / 1e2)
}

fn main() -> Done<()> {
    let days = std::env::var("PANFLOOR_BENCH_DAYS").ok().map_or(Ok(8), |days| days.parse())?;
    let folder = tempfile::tempdir()?;
    let site = folder.path().join("site");
    let now = Clock::new().now().wall;
    fill(&site, now, days)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let setup = EngineSetup {
        folder: site,
        wrapping: panfloor_keys::WrappingPlace::File,
        founding: None,
        sources: Vec::new(),
        keep_sources: false,
        pace: HeartbeatPace::default(),
        store: Options::default(),
    };
    let engine = panfloor_engine::start(setup, runtime.handle())?;
    let api = Api::new(Arc::new(Nobody), runtime.handle().clone());
    api.open(engine.clone(), false);
    let back = |hours: u64| (now.minus(Duration::from_hours(hours)), now);
    let twelve: Vec<(u32, usize)> = (1..=6).flat_map(|machine| [(machine, 0), (machine, 1)]).collect();
    let result = [
        ("one_pen_hour_tail_ms", median(&api, &[(7, 1)], back(1), 1_200)?),
        ("twelve_pen_hours_tail_ms", median(&api, &twelve, back(1), 1_200)?),
        ("twelve_pens_24h_minutes_ms", median(&api, &twelve, back(24), 1_200)?),
        ("one_pen_all_minutes_ms", median(&api, &[(7, 1)], back(u64::from(days) * 24), 1_200)?),
    ];
    engine.stop();
    let members: Vec<String> = result.iter().map(|(name, ms)| format!("\"{name}\":{ms}")).collect();
    writeln!(std::io::stdout(), "{{\"days\":{days},{}}}", members.join(","))?;
    Ok(())
}
