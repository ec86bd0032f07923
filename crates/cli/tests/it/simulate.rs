//! `panfloorctl simulate` delivers what it says.

use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use panfloor_testkit::{Options, mosquitto_or_skip};
use rumqttc::{Client, Event, MqttOptions, Packet, QoS};

use crate::ctl::{PATIENCE, PROGRAM};

#[test]
fn a_simulation_delivers_what_it_says() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    let (client, received) = subscriber(broker.port());
    let to = format!("mqtt://127.0.0.1:{}", broker.port());
    let run = Command::new(PROGRAM)
        .args(["simulate", "--machines", "5", "--rate", "20", "--to", &to, "--for", "3s", "--json"])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said = String::from_utf8(run.stdout).unwrap();
    let summary: serde_json::Value = serde_json::from_str(said.trim().lines().last().unwrap()).unwrap();
    let acknowledged = summary["acknowledged"].as_u64().unwrap();
    assert_eq!(summary["sent"].as_u64(), Some(acknowledged), "{summary}");
    // 300 are due. A busy computer makes the pans miss turns, and catch up those that passed while they were connecting.
    assert!((150..=450).contains(&acknowledged), "{summary}");
    let mut machines = std::collections::BTreeMap::<String, u64>::new();
    for _ in 0..acknowledged {
        let topic = received.recv_timeout(PATIENCE).expect("as many readings arrive as were acknowledged");
        *machines.entry(topic).or_default() += 1;
    }
    // In order on one connection: had there been more readings, they would have come before this.
    client.publish("end", QoS::AtLeastOnce, false, "").unwrap();
    assert_eq!(received.recv_timeout(PATIENCE).unwrap(), "end", "more readings arrived than were acknowledged");
    assert_eq!(machines.len(), 5, "{machines:?}");
}

/// Receives the topics of all readings, and of `end`.
fn subscriber(port: u16) -> (Client, std::sync::mpsc::Receiver<String>) {
    let mut options = MqttOptions::new("test-subscriber", "127.0.0.1", port);
    options.set_keep_alive(Duration::from_secs(20));
    let (client, mut connection) = Client::new(options, 10);
    client.subscribe("/devices/+/events/#", QoS::AtLeastOnce).unwrap();
    client.subscribe("end", QoS::AtLeastOnce).unwrap();
    let (sender, received) = channel();
    let (ready, subscribed) = channel();
    std::thread::spawn(move || {
        for event in connection.iter().map_while(Result::ok) {
            // Fails once nobody listens any more.
            let _heard = match event {
                Event::Incoming(Packet::Publish(publish)) => sender.send(publish.topic).is_ok(),
                Event::Incoming(Packet::SubAck(_)) => ready.send(()).is_ok(),
                Event::Incoming(_) | Event::Outgoing(_) => true,
            };
        }
    });
    for _ in 0..2 {
        subscribed.recv_timeout(PATIENCE).expect("the broker takes the subscriptions");
    }
    (client, received)
}
