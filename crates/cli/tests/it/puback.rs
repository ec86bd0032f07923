//! No PUBACK leaves before the disk has the reading: told by a trace of the system calls, not by the program.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use panfloor_testkit::{Options, mosquitto_or_skip, skip};
use tempfile::TempDir;

use crate::ctl::{Ctl, PATIENCE, PROGRAM, arguments};
use crate::mqtt_bytes::{Packet, Piece, packets};
use crate::plant::Plant;
use crate::trace::{CALLS, Call, TEXT_BYTES, calls};

/// Readings sent one at a time.
const SINGLE: u64 = 25;

/// Readings sent while earlier ones are still on their way.
const CROWDED: u64 = 60;

/// The write-ahead log, in which a commit lies first.
const LOG: &str = "live.db-wal";

#[test]
fn no_puback_leaves_before_its_commit() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    if !may_trace() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let trace = folder.path().join("trace");
    let data = folder.path().join("data");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-yy", "-xx", "-s", TEXT_BYTES, "-e", "signal=none", "-e"]).arg(format!("trace={CALLS}"));
    strace.arg("-o").arg(&trace).arg(PROGRAM).args(arguments(&data, broker.port()));
    let ctl = Ctl::spawn(strace);
    let plant = Plant::new(broker.port());
    send(&ctl, &plant);
    interrupt(&ctl);
    ctl.wait_for_end();
    let found = calls(&std::fs::read_to_string(&trace).unwrap());
    check(&found, broker.port());
}

/// Whether strace is there and may do its work.
fn may_trace() -> bool {
    let tried = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).stdin(Stdio::null()).output();
    match tried {
        Ok(output) if output.status.success() => true,
        Ok(output) => {
            skip("strace", &format!("it may not trace here: {}", String::from_utf8_lossy(&output.stderr).trim()));
            false
        }
        Err(error) => {
            skip("strace", &format!("it does not run ({error}): install the package strace"));
            false
        }
    }
}

/// A number that no other reading has, and that the store keeps as the eight bytes it is, being on no decimal grid.
fn proof(count: u64) -> f64 {
    1_000.0 + count as f64 + std::f64::consts::PI / 10.0
}

/// Sends readings: first each after the one before was committed, then many at once.
fn send(ctl: &Ctl, plant: &Plant) {
    let mut count = 0;
    let mut next = || {
        let payload = format!(r#"{{"time":{},"proof":{}}}"#, 1_700_000_000_000 + count * 1_000, proof(count));
        plant.publish("/devices/pan-01/events", false, payload);
        count += 1;
    };
    // Until the subscription stands the broker drops them.
    let deadline = Instant::now() + PATIENCE;
    let mut committed = 0;
    while committed == 0 {
        assert!(Instant::now() < deadline, "no telemetry comes in");
        next();
        committed = ctl.run_for(Duration::from_millis(500), 1);
    }
    for _ in 0..SINGLE {
        next();
        committed = ctl.wait_until("the reading is committed", |status| status.committed > committed).committed;
    }
    for _ in 0..CROWDED {
        next();
    }
    let all = committed + CROWDED;
    ctl.wait_until("the last readings are committed", |status| status.committed >= all);
}

/// Ends the traced program as Ctrl-C does: strace itself must live on to write what it saw.
fn interrupt(ctl: &Ctl) {
    let children = format!("/proc/{0}/task/{0}/children", ctl.id());
    let children = std::fs::read_to_string(children).unwrap();
    let traced = children.split_whitespace().next().expect("strace has a child");
    assert!(Command::new("kill").args(["-INT", traced]).status().unwrap().success());
}

/// Bytes of a kind of call, by connection.
fn streams(found: &[Call], names: &[&str], port: u16) -> BTreeMap<String, Vec<Packet>> {
    let mut pieces: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
    let broker = format!("->127.0.0.1:{port}");
    for call in found.iter().filter(|call| names.contains(&call.name.as_str()) && call.on.ends_with(&broker)) {
        let piece = Piece { bytes: call.bytes.clone(), began: call.began, ended: call.ended };
        pieces.entry(call.on.clone()).or_default().push(piece);
    }
    pieces.into_iter().map(|(connection, pieces)| (connection, packets(&pieces))).collect()
}

/// For each PUBACK: its PUBLISH has arrived, then the reading was written to the log, then the log was synced, then the PUBACK left.
fn check(found: &[Call], port: u16) {
    let arrived = streams(found, &["read", "readv", "recvfrom", "recvmsg"], port);
    let left = streams(found, &["write", "writev", "sendto", "sendmsg"], port);
    let on_log = |call: &&Call, names: &[&str]| names.contains(&call.name.as_str()) && call.on.ends_with(LOG);
    let syncs: Vec<&Call> =
        found.iter().filter(|call| on_log(call, &["fdatasync", "fsync"]) && call.result == 0).collect();
    let writes: Vec<&Call> = found.iter().filter(|call| on_log(call, &["write", "pwrite64", "pwritev"])).collect();
    let mut checked = 0;
    for (connection, packets) in &left {
        let arrivals = arrived.get(connection).map_or(&[][..], Vec::as_slice);
        for (ack, id) in packets.iter().filter_map(|packet| Some((packet, packet.acknowledges()?))) {
            let publish = arrivals
                .iter()
                .filter(|packet| packet.ended < ack.began)
                .filter_map(|packet| Some((packet, packet.publishes()?)))
                .rfind(|(_, (of, _))| *of == id);
            let (publish, (_, payload)) =
                publish.unwrap_or_else(|| panic!("{connection}: PUBACK {id} without a PUBLISH before it"));
            let payload: serde_json::Value = serde_json::from_slice(payload).unwrap();
            let bytes = payload["proof"].as_f64().expect("only readings are published here").to_le_bytes();
            let holds = |call: &Call| call.bytes.windows(bytes.len()).any(|window| window == bytes);
            let written = writes
                .iter()
                .find(|call| call.began > publish.ended && call.ended < ack.began && holds(call))
                .unwrap_or_else(|| panic!("{connection}: PUBACK {id} left before its reading was written: {payload}"));
            let synced = syncs.iter().any(|sync| sync.began > written.ended && sync.ended < ack.began);
            assert!(synced, "{connection}: PUBACK {id} left before the log was synced: {payload}");
            checked += 1;
        }
    }
    assert!(checked >= SINGLE + CROWDED, "only {checked} PUBACKs were seen");
    eprintln!("{checked} PUBACKs, each after its reading was written and synced; {} syncs", syncs.len());
}
