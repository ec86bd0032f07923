//! Memory stays bounded when the engine does not keep up.

use std::collections::BTreeSet;

use panfloor_source::{AckToken, HeldLimit, MqttConfig, Problem, SourceEvent};
use panfloor_testkit::{Options, mosquitto_or_skip};
use rumqttc::QoS;

use crate::support::{Session, broker, config, publish, text};

fn numbers(count: u32) -> Vec<Vec<u8>> {
    (0..count).map(|n| n.to_string().into_bytes()).collect()
}

fn narrow(port: u16) -> MqttConfig {
    MqttConfig { held: HeldLimit { messages: 20, payload_bytes: 1_000_000 }, ..config(port, "a") }
}

#[test]
fn qos_0_beyond_the_bound_is_dropped_and_counted() {
    let Some(broker) = broker() else { return };
    let session = Session::subscribed(narrow(broker.port()));
    publish(broker.port(), QoS::AtMostOnce, "t/1", &numbers(500));
    let mut held: Vec<AckToken> = Vec::new();
    let mut dropped = 0;
    // The first half of the limit is held; the drops beyond it are told at the latest with the next message taken.
    while held.len() < 10 || dropped == 0 {
        match session.next() {
            SourceEvent::Delivery(delivery) => held.push(delivery.ack),
            SourceEvent::Dropped { count, .. } => dropped += count,
            event => panic!("{event:?}"),
        }
    }
    assert_eq!(held.len(), 10);
    session.client.ack(held);
    publish(broker.port(), QoS::AtLeastOnce, "t/1", &[b"last".to_vec()]);
    let mut taken = 10;
    session.wait(|event| match event {
        SourceEvent::Dropped { count, .. } => {
            dropped += count;
            None
        }
        SourceEvent::Delivery(delivery) if text(&delivery) == "last" => Some(()),
        SourceEvent::Delivery(_) => {
            taken += 1;
            None
        }
        _ => None,
    });
    assert_eq!(taken + dropped, 500, "every message was either taken or counted");
}

#[test]
fn qos_1_beyond_the_bound_stays_with_the_broker_and_none_is_lost() {
    // A broker without an in-flight window sends all it has at once.
    let options = Options { max_inflight_messages: 0, ..Options::default() };
    let Some(broker) = mosquitto_or_skip(&options) else { return };
    Session::subscribed(narrow(broker.port())).stop();
    publish(broker.port(), QoS::AtLeastOnce, "t/1", &numbers(100));

    let session = Session::start(narrow(broker.port()));
    let mut seen = BTreeSet::new();
    let mut waiting = Vec::new();
    let mut overruns = 0;
    while seen.len() < 100 {
        match session.next() {
            SourceEvent::Delivery(delivery) => {
                seen.insert(text(&delivery));
                waiting.push(delivery.ack);
                assert!(waiting.len() <= 20);
                // Given back in lots, as commits do; a short last lot must not wait for ever either.
                if waiting.len() == 20 || seen.len() == 100 {
                    session.client.ack(std::mem::take(&mut waiting));
                }
            }
            SourceEvent::Disconnected { problem, .. } => {
                assert_eq!(problem, Problem::Overrun);
                overruns += 1;
                waiting.clear();
            }
            SourceEvent::Connected { .. } | SourceEvent::Subscribed { .. } => {}
            event => panic!("{event:?}"),
        }
    }
    assert!(overruns > 0);
}

#[test]
fn tokens_that_are_dropped_end_an_overrun_too() {
    let options = Options { max_inflight_messages: 0, ..Options::default() };
    let Some(broker) = mosquitto_or_skip(&options) else { return };
    Session::subscribed(narrow(broker.port())).stop();
    publish(broker.port(), QoS::AtLeastOnce, "t/1", &numbers(21));
    let session = Session::start(narrow(broker.port()));
    let held: Vec<_> = (0..20).map(|_| session.delivery()).collect();
    drop(held);
    assert_eq!(session.problem(), Problem::Overrun);
    assert_eq!(text(&session.delivery()), "0", "nothing was acknowledged, so all comes again");
}
