//! What a commit, a sealed hour and a read cost on this machine: `cargo run --release -p panfloor-historian --example
//! commit_cost [folder]`. 40 pans of 3 metrics, one reading a second each, for 3 hours; the folder (by default a
//! temporary one) says which disk is measured.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use panfloor_historian::{Access, NewMessage, open};
use panfloor_model::{MachineId, Metric, SourceId, Timestamp};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const BASE: i64 = 1_795_500_000 * SECOND;
const MACHINES: u32 = 40;

/// Noise that is the same in each run.
struct Noise(u64);

impl Noise {
    fn below(&mut self, range: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % range) as i64
    }
}

fn message(machine: u32, second: i64, noise: &mut Noise) -> NewMessage {
    let time = BASE + second * SECOND + noise.below(6) * 1_000;
    let wave = (second as f64 / 300.0).sin();
    let on_grid = |value: f64, digits: f64, noise: i64| ((value * digits).round() + noise as f64) / digits;
    NewMessage {
        source: SourceId(1),
        machine: MachineId(machine),
        device_time: Some(Timestamp(time)),
        arrived_at: Timestamp(time + 5_000 + noise.below(20_000)),
        reading_id: None,
        device_seq: None,
        values: vec![
            (Metric::new(Metric::TEMPERATURE), on_grid(46.0 + wave, 100.0, noise.below(3))),
            (Metric::new(Metric::PRESSURE), on_grid(65.0 + wave, 10.0, noise.below(3))),
            (Metric::new(Metric::MOTOR_POWER), on_grid(12.0 + wave, 100.0, noise.below(3))),
        ],
        bad: Vec::new(),
        tags: vec![(Metric::new(Metric::PHASE), "tighten".to_owned())],
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout();
    let temporary = tempfile::tempdir()?;
    let folder = std::env::args_os().nth(1).map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    let opened = open(&folder, Access::ReadWrite)?;
    let (mut writer, reader) = (opened.writer.ok_or("read-only")?, opened.reader);
    let mut noise = Noise(1);
    let started = Instant::now();
    for minute in 0..3 * 60 {
        let mut tx = writer.begin()?;
        for second in minute * 60..(minute + 1) * 60 {
            for machine in 1..=MACHINES {
                tx.insert_message(&message(machine, second, &mut noise))?;
            }
        }
        tx.commit()?;
    }
    writeln!(out, "{} readings in commits of 2,400: {:?}", 3 * 3_600 * MACHINES, started.elapsed())?;
    let mut single: Vec<Duration> = Vec::new();
    for n in 0..100 {
        let mut tx = writer.begin()?;
        tx.insert_message(&message(1, 3 * 3_600 + n, &mut noise))?;
        single.push(tx.commit()?.took);
    }
    single.sort_unstable();
    writeln!(out, "commit of one reading: p50 {:?}, p99 {:?}, max {:?}", single[50], single[98], single[99])?;
    let pen = |from: i64, to: i64| -> Result<(usize, Duration), Box<dyn Error>> {
        let started = Instant::now();
        let (from, to) = (Timestamp(BASE + from), Timestamp(BASE + to));
        let series = reader.series(MachineId(7), &Metric::new(Metric::PRESSURE), from, to, &|| false)?;
        Ok((series.points.len(), started.elapsed()))
    };
    writeln!(out, "an hour of one pen from the tail: {:?}", pen(0, HOUR)?)?;
    writeln!(out, "before sealing: {:?}", reader.sizes()?)?;
    let started = Instant::now();
    let report = writer.seal(Timestamp(BASE + 3 * HOUR))?;
    let samples = report.rows as f64 * 3.0;
    writeln!(
        out,
        "sealed in {:?}: {report:?}, {:.2} bytes a sample",
        started.elapsed(),
        report.chunk_bytes as f64 / samples
    )?;
    writeln!(out, "an hour of one pen from its month: {:?}", pen(0, HOUR)?)?;
    writeln!(out, "after: {:?}", reader.sizes()?)?;
    drop((writer, reader));
    writeln!(out, "opened again: {:?}", open(&folder, Access::ReadWrite)?.recovered)?;
    Ok(())
}
