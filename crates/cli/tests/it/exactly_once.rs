//! Every reading that the broker acknowledged is in the store exactly once, whatever was killed or stopped meanwhile, and so is every
//! transition of an alarm.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use panfloor_historian::{Access, Message, Reader};
use panfloor_model::{MachineId, Metric, Seq, Timestamp};
use panfloor_testkit::{Mosquitto, Options, mosquitto_or_skip};
use tempfile::TempDir;

use crate::ctl::{Ctl, PATIENCE};
use crate::plant::{Book, Plant, Sent, name};
use crate::replay::check_alarms;

/// Machines, each at 25 readings a second.
const MACHINES: u32 = 12;

/// How often the station is killed.
const KILLS: u32 = 20;

/// How often the program is killed: [`KILLS`], or what `PANFLOOR_KILLS` says for a long run.
fn kills() -> u32 {
    std::env::var("PANFLOOR_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(KILLS)
}

/// At which of the kills the broker is stopped: once while the station runs, once while there is none.
const BROKER_STOPS: [u32; 2] = [6, 13];

/// Sends what only shows that the station listens; never counted.
const PROBE: &str = "probe";

/// Splitmix64, so that a failure can be had again from its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

/// The seed: `PANFLOOR_SEED`, or the time.
fn seed() -> u64 {
    let given = std::env::var("PANFLOOR_SEED").ok().and_then(|seed| seed.parse().ok());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    given.unwrap_or(now.as_micros() as u64)
}

/// Says the seed if the test fails.
struct OnFailure(u64);

impl Drop for OnFailure {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("to have it again: PANFLOOR_SEED={}", self.0);
        }
    }
}

#[test]
fn every_acknowledged_message_is_stored_exactly_once() {
    // So many under way that a kill always leaves some delivered and not acknowledged.
    let options = Options { max_inflight_messages: 400, ..Options::default() };
    let Some(mut broker) = mosquitto_or_skip(&options) else { return };
    let seed = seed();
    let _seed = OnFailure(seed);
    let folder = TempDir::new().unwrap();
    let mut plant = Plant::new(broker.port());
    let first = listening(&folder, &broker, &plant);
    plant.begin(MACHINES);
    let last = torment(first, &mut broker, &folder, &mut Dice(seed), &plant);
    let book = plant.end();
    let acknowledged = book.values().filter(|sent| sent.acknowledged).count();
    assert_eq!(acknowledged, book.len(), "every machine waits for the PUBACK of its last reading");
    wait_for_all(&last, folder.path(), &book);
    last.kill();
    let reader = open(folder.path());
    check_readings(&reader, &book);
    check_alarms(&reader);
}

/// A station whose subscriptions stand and who knows the class of every machine.
fn listening(folder: &TempDir, broker: &Mosquitto, plant: &Plant) -> Ctl {
    for number in 0..MACHINES {
        plant.report(&name(number));
    }
    let ctl = Ctl::run(folder.path(), broker.port());
    ctl.wait_until("all reports are in", |status| status.machines >= u64::from(MACHINES));
    // Telemetry has a session of its own, and is dropped by the broker before that one stands.
    let deadline = Instant::now() + PATIENCE;
    for count in 0.. {
        assert!(Instant::now() < deadline, "no telemetry comes in");
        plant.publish(&format!("/devices/{PROBE}/events"), false, format!(r#"{{"seq":{count},"probe":{count}}}"#));
        if ctl.run_for(Duration::from_millis(500), 1) > 0 {
            break;
        }
    }
    ctl
}

/// Kills the station again and again, at random moments after its start or after random progress, and stops the broker twice.
fn torment(mut ctl: Ctl, broker: &mut Mosquitto, folder: &TempDir, dice: &mut Dice, plant: &Plant) -> Ctl {
    let mut after_progress = 0;
    let kills = kills();
    for kill in 1..=kills {
        if kill == BROKER_STOPS[0] {
            broker.restart().unwrap();
        }
        let committed = if dice.below(3) == 0 {
            ctl.run_for(Duration::from_micros(dice.below(1_200_000)), u64::MAX)
        } else {
            let count = 1 + dice.below(500);
            let committed = ctl.wait_until("readings are committed", |status| status.committed >= count).committed;
            // Not always just after a status line.
            committed.max(ctl.run_for(Duration::from_micros(dice.below(60_000)), u64::MAX))
        };
        after_progress += u32::from(committed > 0);
        ctl.kill();
        if kill == BROKER_STOPS[1] {
            broker.stop().unwrap();
        }
        ctl = Ctl::run(folder.path(), broker.port());
        if kill == BROKER_STOPS[1] {
            broker.restart().unwrap();
        }
    }
    assert!(after_progress >= kills / 2, "only {after_progress} of {kills} kills came after a commit");
    let before = plant.acknowledged();
    ctl.wait_until("the last start works too", |status| status.committed > 200);
    assert!(plant.acknowledged() > before, "the machines have stopped sending");
    ctl
}

/// The store, as one who looks.
fn open(folder: &Path) -> Reader {
    panfloor_historian::open(folder, Access::ReadOnly).unwrap().reader
}

/// All rows of the store, in the order of their commits: raw, so that a doubled one shows.
pub(crate) fn rows(reader: &Reader) -> Vec<Message> {
    reader.tail_since(Seq(0), usize::MAX).unwrap()
}

/// The machines' names.
pub(crate) fn names(reader: &Reader) -> BTreeMap<MachineId, String> {
    reader.machines().unwrap().into_iter().map(|row| (row.id, row.name)).collect()
}

/// Waits until all that was acknowledged is there.
fn wait_for_all(ctl: &Ctl, folder: &Path, book: &Book) {
    let reader = open(folder);
    let deadline = Instant::now() + PATIENCE;
    loop {
        let names = names(&reader);
        let stored: BTreeSet<_> =
            rows(&reader).into_iter().map(|row| (names[&row.machine].clone(), row.time)).collect();
        let missing = book.keys().filter(|key| !stored.contains(*key)).count();
        if missing == 0 {
            return;
        }
        assert!(Instant::now() < deadline, "{missing} of {} acknowledged readings are not in the store", book.len());
        ctl.run_for(Duration::from_millis(500), u64::MAX);
    }
}

/// Each reading that was sent is there once, with its values to the bit; nothing else is.
fn check_readings(reader: &Reader, book: &Book) {
    let names = names(reader);
    let mut count = 0;
    let mut seen: BTreeMap<(String, Timestamp), Vec<Message>> = BTreeMap::new();
    for row in rows(reader).into_iter().filter(|row| names[&row.machine] != PROBE) {
        count += 1;
        seen.entry((names[&row.machine].clone(), row.time)).or_default().push(row);
    }
    for (key, Sent { values, acknowledged }) in book {
        let stored = seen.get(key).map_or(&[][..], Vec::as_slice);
        assert!(stored.len() == 1 || (!acknowledged && stored.is_empty()), "{key:?} is there {} times", stored.len());
        for row in stored {
            assert!(!row.revision && row.has_device_time && row.bad.is_empty(), "{row:?}");
            let bits = |values: &[(&str, f64)]| -> BTreeMap<String, u64> {
                values.iter().map(|(metric, value)| ((*metric).to_owned(), value.to_bits())).collect()
            };
            let of_row: Vec<(&str, f64)> = row.values.iter().map(|(metric, value)| (metric.as_str(), *value)).collect();
            assert_eq!(of_row.len(), values.len(), "{key:?}: a metric is missing or doubled");
            assert_eq!(bits(&of_row), bits(values), "{key:?}");
        }
    }
    let unknown: Vec<_> = seen.keys().filter(|key| !book.contains_key(*key)).collect();
    assert!(unknown.is_empty(), "nobody sent {unknown:?}");
    check_series(reader, book);
    let counters: BTreeMap<String, u64> = reader.counters().unwrap().into_iter().collect();
    assert_eq!(counters.get("quarantined").copied().unwrap_or(0), 0);
    let per_machine = book.len() / MACHINES as usize;
    assert!(per_machine > 200, "only {per_machine} readings of each machine: too few to mean anything");
    eprintln!(
        "{count} readings of {MACHINES} machines, {} repeats dropped",
        counters.get("duplicates").copied().unwrap_or(0)
    );
}

/// What charts and exports read holds each reading once as well.
fn check_series(reader: &Reader, book: &Book) {
    for (id, machine) in names(reader).into_iter().filter(|(_, machine)| machine != PROBE) {
        for metric in [Metric::TEMPERATURE, Metric::PRESSURE, Metric::MOTOR_POWER] {
            let series = reader.series(id, &Metric::new(metric), Timestamp(0), Timestamp(i64::MAX), &|| false).unwrap();
            let sent: Vec<(Timestamp, f64)> = book
                .iter()
                .filter(|((of, _), _)| *of == machine)
                .filter_map(|((_, time), sent)| Some((*time, sent.values.iter().find(|(name, _)| *name == metric)?.1)))
                .collect();
            assert!(
                series.bad.is_empty() && series.points == sent,
                "{machine} {metric}: the series differs from what was sent"
            );
        }
    }
}
