//! Trend frames decode, and say what the store says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Instant;

use panfloor_api::dto::{ErrorCode, Pen, TrendRequest};
use panfloor_api::frame::PenColumns;
use serde_json::json;

use crate::door::PATIENCE;
use crate::history::{History, TIGHTEN};

/// Reads a frame as a window does.
pub(crate) fn decode(frame: &[u8]) -> Vec<PenColumns> {
    let u32_at = |at: usize| u32::from_le_bytes(frame[at..at + 4].try_into().unwrap());
    let f64_at = |at: usize| f64::from_le_bytes(frame[at..at + 8].try_into().unwrap());
    assert_eq!(frame[..4], [b'T', 1, 0, 0]);
    let (pens, mut at) = (u32_at(4), 32);
    let mut decoded = Vec::new();
    for _ in 0..pens {
        let (resolution, points, gaps) = (u32_at(at), u32_at(at + 4) as usize, u32_at(at + 8) as usize);
        at += 16;
        let mut column = |count: usize| {
            let column: Vec<f64> = (0..count).map(|number| f64_at(at + 8 * number)).collect();
            at += 8 * count;
            column
        };
        let stats = column(7).try_into().unwrap();
        let (time_ms, mean, min, max) = (column(points), column(points), column(points), column(points));
        let gaps = column(2 * gaps).chunks(2).map(|gap| (gap[0], gap[1])).collect();
        decoded.push(PenColumns { resolution, stats, time_ms, mean, min, max, gaps });
    }
    assert_eq!(at, frame.len(), "nothing is left over");
    decoded
}

fn ask(history: &History, machine: u32, metric: &str, minutes: [u32; 2], pixels: u32) -> PenColumns {
    let pens = vec![Pen { machine, metric: metric.to_owned() }];
    let [from_ms, to_ms] = minutes.map(|minute| history.at_ms(minute));
    let request = TrendRequest { pens, from_ms, to_ms, pixels, query: metric.to_owned() };
    decode(&history.door.api.trend(&request).unwrap()).remove(0)
}

#[test]
fn near_it_is_every_sample_of_the_store() {
    let history = History::new();
    let pen = ask(&history, history.machine, "temperature", [10, 20], 600);
    let stored = history.between(10, 20);
    assert_eq!(pen.resolution, 0);
    assert_eq!(pen.time_ms, stored.iter().map(|(time, _)| time.0 as f64 / 1000.0).collect::<Vec<_>>());
    assert_eq!(pen.mean, stored.iter().map(|(_, value)| *value).collect::<Vec<_>>());
    assert!(pen.min == pen.mean && pen.max == pen.mean && pen.gaps.is_empty());
    let reduced = ask(&history, history.machine, "temperature", [10, 70], 100);
    assert_eq!(reduced.resolution, 2, "the frame says that it shows pixels, not samples");
    assert!(reduced.time_ms.len() <= 101);
    let extreme = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::NEG_INFINITY, f64::max);
    let highest = extreme(&mut history.between(10, 70).into_iter().map(|(_, value)| value));
    assert_eq!(extreme(&mut reduced.max.iter().copied()).to_bits(), highest.to_bits());
    history.engine.stop();
}

#[test]
fn wide_it_is_every_minute_of_the_store_up_to_the_one_in_which_the_machine_fell_silent() {
    let history = History::new();
    let pen = ask(&history, history.machine, "temperature", [0, 380], 380);
    assert_eq!(pen.resolution, 1);
    for (at, time_ms) in pen.time_ms.iter().enumerate() {
        let minute = ((time_ms - history.at_ms(0)) / 60_000.0) as u32;
        let values: Vec<f64> = history.between(minute, minute + 1).into_iter().map(|(_, value)| value).collect();
        // Right after the last sample its value holds, without a sample of the minute's own.
        if values.is_empty() {
            assert!(minute == 120 || minute == 360, "minute {minute}");
            continue;
        }
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        assert!((pen.mean[at] - mean).abs() < 1e-9, "minute {minute}");
        assert_eq!(pen.min[at].to_bits(), values.iter().copied().fold(f64::INFINITY, f64::min).to_bits());
        assert_eq!(pen.max[at].to_bits(), values.iter().copied().fold(f64::NEG_INFINITY, f64::max).to_bits());
    }
    let minutes: Vec<u32> = pen.time_ms.iter().map(|time| ((time - history.at_ms(0)) / 60_000.0) as u32).collect();
    let sampled = (0..360).filter(|minute| !(120..150).contains(minute));
    assert!(sampled.clone().all(|minute| minutes.contains(&minute)), "{minutes:?}");
    assert!(minutes.is_sorted());
    let silent = pen.gaps.iter().any(|(from, to)| *from <= history.at_ms(122) && *to >= history.at_ms(149));
    assert!(silent, "{:?}", pen.gaps);
    assert!(pen.gaps.last().is_some_and(|(from, to)| *from <= history.at_ms(362) && *to >= history.at_ms(380)));
    history.engine.stop();
}

#[test]
fn what_is_not_there_is_empty() {
    let history = History::new();
    for (machine, metric, minutes) in [
        (history.machine, "temperature", [500, 520]),
        (history.machine, "temperature", [500, 5000]),
        (history.machine, "viscosity", [0, 20]),
        (history.machine, "viscosity", [0, 380]),
        (99, "temperature", [0, 20]),
        (99, "temperature", [0, 3800]),
    ] {
        let pen = ask(&history, machine, metric, minutes, 300);
        assert!(pen.time_ms.is_empty(), "{machine} {metric} {minutes:?}: {pen:?}");
        assert!(pen.stats[0].is_nan() && pen.stats[4].to_bits() == 0.0_f64.to_bits(), "{pen:?}");
    }
    history.engine.stop();
}

#[test]
fn bands_step_where_the_phase_changes() {
    let history = History::new();
    let pens = json!([{"machine": history.machine, "metric": "temperature"}]);
    let ask = |from: u32, to: u32| {
        let window = json!({"pens": pens, "from_ms": history.at_ms(from), "to_ms": history.at_ms(to)});
        history.door.call("trend_marks", window).unwrap()["bands"][0]["bands"].as_array().unwrap().clone()
    };
    let both = ask(TIGHTEN - 10, TIGHTEN + 10);
    let phases: Vec<&str> = both.iter().filter_map(|band| band["phase"].as_str()).collect();
    assert_eq!(phases, ["grain_growth", "tighten"]);
    assert_eq!(both[1]["from_ms"].as_f64(), Some(history.at_ms(TIGHTEN)));
    assert_eq!(ask(TIGHTEN + 1, TIGHTEN + 10)[0]["phase"], json!("tighten"), "what holds at the left edge is known");
    assert!(both.iter().all(|band| band["high"].is_number() && band["boiling"] == json!(true)), "{both:#?}");
    history.engine.stop();
}

/// Counts warnings and errors.
struct Counting(Arc<AtomicUsize>);

impl tracing::Subscriber for Counting {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::WARN
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, _: &tracing::Event<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn a_newer_query_of_the_same_name_cancels_the_older() {
    let history = History::new();
    let pens = vec![Pen { machine: history.machine, metric: "temperature".to_owned() }; 100];
    let [from_ms, to_ms] = [0, 380].map(|minute| history.at_ms(minute));
    let long = TrendRequest { pens, from_ms, to_ms, pixels: 380, query: "chart".to_owned() };
    let short = TrendRequest { pens: Vec::new(), ..long.clone() };
    let other = TrendRequest { query: "sparkline".to_owned(), ..short.clone() };
    assert!(history.door.api.trend(&other).is_ok());
    let deadline = Instant::now() + PATIENCE;
    // Which of two threads comes first is nobody's to say: until the long one was under way when the short one came.
    loop {
        let (begun, begins) = channel();
        let (api, long) = (Arc::clone(&history.door.api), long.clone());
        let older = std::thread::spawn(move || {
            let told = Arc::new(AtomicUsize::new(0));
            let answer = tracing::subscriber::with_default(Counting(Arc::clone(&told)), || {
                begun.send(()).unwrap();
                api.trend(&long)
            });
            (answer, told.load(Ordering::Relaxed))
        });
        begins.recv_timeout(PATIENCE).unwrap();
        let _cancelled_if_first = history.door.api.trend(&short);
        if let (Err(error), told) = older.join().unwrap() {
            assert_eq!(error.code, ErrorCode::Cancelled);
            assert_eq!(told, 0, "a newer query is no trouble, and nothing for the log");
            break;
        }
        assert!(Instant::now() < deadline, "no query was cancelled");
    }
    assert!(history.door.api.trend(&long).is_ok(), "the newest is answered");
    history.engine.stop();
}
