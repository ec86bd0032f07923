//! No room left.

use panfloor_engine::{Action, Done, Refusal};
use panfloor_historian::Options;
use panfloor_model::Timestamp;
use panfloor_testkit::{Options as BrokerOptions, mosquitto_or_skip};

use crate::rig::{Rig, health, source, telemetry};

/// Readings sent; each of some 3 KB, so that they fill a store of 1 MiB.
const READINGS: u64 = 600;

/// A reading of 200 metrics that no compression makes small.
fn reading(number: u64) -> String {
    let values: String = (0..200)
        .map(|metric| {
            format!(r#","metric_{metric}":{}"#, f64::from_bits(0x4050_1234_5678_0000 + number * 997 + metric * 7))
        })
        .collect();
    format!(r#"{{"time":{}{values}}}"#, 1_795_500_000_000 + number * 1000)
}

#[test]
fn a_full_disk_acknowledges_nothing_and_with_room_all_arrives_once() {
    let Some(broker) = mosquitto_or_skip(&BrokerOptions::default()) else { return };
    let rig = Rig::new();
    let bounds = Options { max_live_bytes: Some(1 << 20), ..Options::default() };
    let running = rig.start_bounded(source(broker.port()), None, bounds);
    running.listening();
    let large = Action::Setting { key: "ui.large".to_owned(), json: format!("\"{}\"", "x".repeat(2 << 20)) };
    let refused = running.engine.act(large);
    assert!(matches!(refused, Err(Refusal::StoreNotWritable(_))), "whoever filled it up is told: {refused:?}");
    running.wait_core("room again", |core| core.trouble.is_none().then_some(()));
    let messages: Vec<_> = (0..READINGS).map(|number| telemetry("pan-01", reading(number))).collect();
    rig.publish(broker.port(), &messages);
    let trouble = running.wait_core("trouble", |core| core.trouble.clone());
    assert_eq!(trouble.code, "disk_full");
    assert!(trouble.sentence.contains("Nothing is acknowledged"), "{}", trouble.sentence);
    assert!(health(&running.engine).waiting > 0, "it says how many messages wait");
    let setting = || Action::Setting { key: "ui.theme".to_owned(), json: "\"dark\"".to_owned() };
    assert!(matches!(running.engine.act(setting()), Err(Refusal::StoreNotWritable(_))));
    assert_eq!(running.engine.act(Action::Retry), Ok(Done::Stored), "what needs no store is answered");
    assert_eq!(running.engine.reader().setting("ui.theme").unwrap(), None);
    let before = running.counter("committed");
    assert!(before < READINGS, "it was never full");
    running.engine.stop();

    let running = rig.start(source(broker.port()));
    running.wait_counter("committed", READINGS);
    assert_eq!(running.wait_core("no trouble", |core| Some(core.trouble.clone())), None);
    assert_eq!(health(&running.engine).waiting, 0);
    assert_eq!(running.counter("committed"), READINGS);
    assert_eq!(running.counter("duplicates"), 0, "what was stored had been acknowledged, and nothing else");
    let machine = running.engine.reader().machines().unwrap().remove(0).id;
    let all = (Timestamp(0), Timestamp(i64::MAX));
    let stored = running.engine.reader().messages(machine, all.0, all.1, &|| false).unwrap();
    let times: Vec<i64> = stored.iter().map(|message| message.time.millis() - 1_795_500_000_000).collect();
    assert_eq!(times, (0..READINGS as i64).map(|number| number * 1000).collect::<Vec<_>>());
    assert_eq!(running.engine.act(setting()), Ok(Done::Stored));
    running.engine.stop();
}

#[test]
fn an_hour_that_cannot_be_sealed_is_told_and_lost_is_nothing() {
    let Some(broker) = mosquitto_or_skip(&BrokerOptions::default()) else { return };
    let rig = Rig::new();
    let running = rig.start(source(broker.port()));
    running.listening();
    // Where the month's file should be there is a folder.
    let month = rig.folder.path().join("history-2020-01.db");
    std::fs::create_dir(&month).unwrap();
    let day = 1_577_880_000_000_i64;
    let readings =
        (0..3).map(|second| telemetry("pan-01", format!(r#"{{"time":{},"temperature":46.0}}"#, day + second)));
    rig.publish(broker.port(), &readings.collect::<Vec<_>>());
    running.wait_counter("committed", 3);
    let trouble = running.wait_core("trouble", |core| core.seal_trouble.clone());
    assert!(trouble.code == "seal_failed" && trouble.sentence.contains("Nothing is lost"), "{}", trouble.sentence);
    std::fs::remove_dir(&month).unwrap();
    running.wait_core("sealed", |core| core.seal_trouble.is_none().then_some(()));
    running.engine.stop();
}
