//! Messages that cannot be read.

use panfloor_engine::SourceSetup;
use panfloor_model::Metric;
use panfloor_testkit::{Options, mosquitto_or_skip};
use panfloor_wire::{TopicKind, TopicTemplate};

use crate::rig::{Out, Rig, Running, founding, health, report, source, telemetry};

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

/// Why what is in quarantine is there, newest first.
fn reasons(running: &Running) -> Vec<String> {
    let rows = running.engine.reader().quarantine(2_000, 0).unwrap();
    rows.into_iter().map(|row| row.message.reason_code).collect()
}

#[test]
fn a_publisher_that_invents_a_thousand_devices_makes_a_hundred_machines() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    let rig = Rig::new();
    // One that reads batches too, whose readings name their devices themselves.
    let mut batches = source(broker.port());
    batches.mapping.templates.push(TopicTemplate::parse(TopicKind::Telemetry, "/batches").unwrap());
    let running = rig.start(batches);
    running.listening();
    let invented = |number| telemetry(&format!("invented-{number}"), r#"{"temperature":46.0}"#);
    rig.publish(broker.port(), &(0..1_000).map(invented).collect::<Vec<_>>());
    running.wait_counter("received", 1_000);
    assert_eq!(running.engine.reader().machines().unwrap().len(), 100);
    assert_eq!(running.counter("committed"), 100);
    let kept = reasons(&running);
    assert!(kept.len() == 900 && kept.iter().all(|code| code == "not_adopted"), "{} kept", kept.len());
    let told = running.wait("told", |engine| Some(health(engine)).filter(|health| health.not_adopted > 0));
    assert_eq!((told.not_adopted, told.adopts_per_hour), (900, Some(100)));

    // Machines that are known go on.
    rig.publish(broker.port(), &[invented(0)]);
    running.wait_counter("committed", 101);
    let batch: Vec<String> =
        (0..500).map(|number| format!(r#"{{"id":"batch-{number}","temperature":46.0}}"#)).collect();
    rig.publish(broker.port(), &[Out::new("/batches", format!("[{}]", batch.join(",")))]);
    running.wait_counter("received", 1_002);
    assert_eq!((running.counter("committed"), reasons(&running).len()), (101, 901), "once a message, not once a name");
    assert_eq!(running.engine.reader().machines().unwrap().len(), 100);
    running.engine.stop();

    let all = SourceSetup { adopts_per_hour: None, ..source(broker.port()) };
    let running = rig.start(all);
    running.listening();
    rig.publish(broker.port(), &(100..250).map(invented).collect::<Vec<_>>());
    running.wait_counter("committed", 251);
    assert_eq!(running.engine.reader().machines().unwrap().len(), 250);
    running.engine.stop();
}

#[test]
fn records_that_come_over_another_broker_are_kept_with_their_reason() {
    let (Some(home), Some(other)) = (mosquitto_or_skip(&Options::default()), mosquitto_or_skip(&Options::default()))
    else {
        return;
    };
    let rig = Rig::new();
    let first = rig.start_bounded(source(home.port()), Some(founding()), Default::default());
    let site = first.engine.inspect(|core| core.identity().unwrap().site.clone()).unwrap();
    first.engine.stop();
    // A mapping that reads the ledger's topics there.
    let mut elsewhere = SourceSetup { key: "elsewhere".to_owned(), ..source(other.port()) };
    let template = TopicTemplate::parse(TopicKind::Telemetry, "panfloor/{site}/ledger/{device}/records").unwrap();
    elsewhere.mapping.templates.push(template);
    let running = rig.start_all(vec![source(home.port()), elsewhere], None);
    running.wait("listening", |engine| {
        let states = engine.inspect(panfloor_engine::Core::sources).unwrap();
        let connected = |source: &panfloor_engine::SourceHealth| {
            matches!(source.state, panfloor_engine::LinkState::Connected { .. })
        };
        (states.len() == 2 && states.iter().all(connected)).then_some(())
    });
    rig.publish(other.port(), &[Out::new(&format!("panfloor/{site}/ledger/station-x/records"), "{}")]);
    running.wait("kept", |_| (reasons(&running) == ["not_home"]).then_some(()));
    running.engine.stop();
}
