//! Messages that cannot be read.

use panfloor_model::Metric;
use panfloor_testkit::{Options, mosquitto_or_skip};

use crate::rig::{Rig, report, source, telemetry};

#[test]
fn what_cannot_be_read_is_kept_with_its_reason_and_never_comes_again() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    let rig = Rig::new();
    let running = rig.start(source(broker.port()));
    running.listening();
    let hostile: [(&str, Vec<u8>); 6] = [
        ("not_json", b"{\"temperature\":".to_vec()),
        ("not_json", Vec::new()),
        ("not_utf8", vec![0xff, 0xfe, 0x00]),
        ("not_an_object", b"42".to_vec()),
        ("too_large", vec![b' '; 300 * 1024]),
        ("time_unreadable", br#"{"time":"yesterday","temperature":46.0}"#.to_vec()),
    ];
    let mut messages = vec![report("pan-01")];
    messages.extend(hostile.iter().map(|(_, payload)| telemetry("pan-01", payload.clone())));
    messages.push(telemetry("pan-01", r#"{"time":1795500000000,"temperature":46.5}"#));
    rig.publish(broker.port(), &messages);
    running.wait_counter("committed", 1);
    assert_eq!(running.counter("quarantined"), 6);
    let rows = running.engine.reader().quarantine(100, 0).unwrap();
    let codes: Vec<&str> = rows.iter().rev().map(|row| row.message.reason_code.as_str()).collect();
    assert_eq!(codes, hostile.iter().map(|(code, _)| *code).collect::<Vec<_>>());
    assert!(rows.iter().all(|row| row.message.topic == "/devices/pan-01/events" && row.message.reason.len() > 10));
    assert_eq!(rows[1].message.payload_len, 300 * 1024);
    running.engine.stop();

    let running = rig.start(source(broker.port()));
    running.listening();
    rig.publish(broker.port(), &[telemetry("pan-01", r#"{"time":1795500001000,"temperature":46.6}"#)]);
    running.wait_counter("committed", 2);
    assert_eq!(running.counter("received"), 8, "all of it was acknowledged and nothing came twice");
    let latest = running.engine.reader().latest_all().unwrap().remove(0);
    let value = latest.values.iter().find(|(metric, _, _)| metric.as_str() == Metric::TEMPERATURE).unwrap().2;
    assert_eq!(value.to_bits(), 46.6_f64.to_bits());
    running.engine.stop();
}
