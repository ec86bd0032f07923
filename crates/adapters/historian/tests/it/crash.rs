//! Killed at any point: what a commit has returned is there, once.
//!
//! The child is this test binary again. It commits, seals in small steps, and says after each commit how far it is;
//! the parent kills it after some of these lines, so that the kill falls anywhere into the next commits or steps of
//! sealing.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use panfloor_historian::Options;
use panfloor_model::{MachineId, Timestamp};

use crate::store::{BASE, HOUR, SECOND, opened, reading};

const FOLDER: &str = "PANFLOOR_CRASH_FOLDER";
const FROM: &str = "PANFLOOR_CRASH_FROM";
const ROUNDS: u64 = 20;
const BATCH: i64 = 3;
/// Readings are 40 s apart, so that an hour is over every 90.
const STEP: i64 = 40 * SECOND;
/// What was not acknowledged is delivered again, and a broker delivers more than that.
const REDELIVERED: i64 = 40;

fn value(n: i64) -> f64 {
    n as f64 / 10.0
}

/// Runs only as the child of the test below.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let mut next: i64 = std::env::var(FROM).unwrap().parse().unwrap();
    let (mut writer, _reader) = opened(&folder, &Options::default());
    let mut out = std::io::stdout();
    loop {
        let mut tx = writer.begin().unwrap();
        for n in next..next + BATCH {
            tx.insert_message(&reading(1, BASE + n * STEP, &[("pressure", value(n))])).unwrap();
            tx.put_minute(MachineId(1), Timestamp(BASE + n * STEP), &n.to_le_bytes()).unwrap();
        }
        tx.commit().unwrap();
        next += BATCH;
        writeln!(out, "committed {next}").unwrap();
        out.flush().unwrap();
        writer.seal_some(Timestamp(BASE + next * STEP + 2 * HOUR), 1).unwrap();
    }
}

/// Starts a child at a reading, kills it after some lines; returns the last reading (plus one) it said was committed.
fn run_and_kill(folder: &Path, from: i64, lines: usize) -> i64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(FROM, from.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut committed = from;
    let mut seen = 0;
    let mut killed = false;
    for line in out.lines().map_while(Result::ok) {
        if let Some((_, n)) = line.split_once("committed ") {
            committed = n.parse().unwrap();
            seen += 1;
        }
        if seen == lines && !killed {
            // SIGKILL on Unix; lines already written are still read.
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    assert!(killed, "the child ended by itself after {seen} commits");
    committed
}

#[test]
fn killed_at_random_points_nothing_is_lost_or_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut committed = 0;
    for round in 0..ROUNDS {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let lines = 1 + (random >> 33) as usize % 60;
        let said = run_and_kill(folder.path(), (committed - REDELIVERED).max(0), lines);
        let found = check(folder.path(), round);
        // What was there stays, what was said is there, and at most the batch under way is there unsaid: as a whole.
        let least = committed.max(said);
        assert!(
            found == least || found == least.max(said + BATCH),
            "round {round}: {least} known, {said} said, {found} found"
        );
        committed = found;
    }
    let (mut writer, reader) = opened(folder.path(), &Options::default());
    writer.seal(Timestamp(BASE + 2 * committed * STEP)).unwrap();
    assert!(reader.sizes().unwrap().months.iter().any(|(_, bytes)| *bytes > 0));
    drop((writer, reader));
    assert_eq!(check(folder.path(), ROUNDS), committed);
}

/// Every reading is there once, with its value, from the first without a hole; returns how many.
fn check(folder: &Path, round: u64) -> i64 {
    let (_writer, reader) = opened(folder, &Options::default());
    let all = reader.messages(MachineId(1), Timestamp(0), Timestamp(i64::MAX), &|| false).unwrap();
    let found: Vec<(i64, f64)> = all.iter().map(|m| ((m.time.micros() - BASE) / STEP, m.values[0].1)).collect();
    let wanted: Vec<(i64, f64)> = (0..found.len() as i64).map(|n| (n, value(n))).collect();
    assert_eq!(found, wanted, "round {round}");
    let minutes = reader.minutes(MachineId(1), Timestamp(0), Timestamp(i64::MAX)).unwrap();
    let last = minutes.last().map(|(_, blob)| i64::from_le_bytes(blob.as_slice().try_into().unwrap()));
    assert_eq!(last, found.last().map(|(n, _)| *n), "rollups are committed with their readings");
    assert!(minutes.is_sorted_by(|a, b| a.0 < b.0));
    assert_eq!(reader.latest(MachineId(1)).unwrap().map(|l| l.values[0].2), found.last().map(|(_, v)| *v));
    found.len() as i64
}
