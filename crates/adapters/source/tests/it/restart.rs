//! Brokers that go away and come back.

use std::collections::BTreeSet;

use panfloor_source::{MqttConfig, Problem, SourceEvent};
use rumqttc::QoS;

use crate::support::{Session, broker, config, publish, text};

/// Messages sent in the stream that the broker's restart cuts.
const STREAM: u64 = 2000;

#[test]
fn nothing_with_a_puback_is_lost_over_a_broker_restart_mid_stream() {
    let Some(mut broker) = broker() else { return };
    let receiver = Session::subscribed(config(broker.port(), "receiver"));
    let publisher = Session::start(MqttConfig { filters: Vec::new(), ..config(broker.port(), "publisher") });
    let mut queued = 0;
    let mut queue = |upto: u64| {
        while queued < upto.min(STREAM) {
            publisher.client.publish(queued, "t/1", queued.to_string().into_bytes(), false).expect("taken");
            queued += 1;
        }
    };
    queue(500);
    std::thread::scope(|scope| {
        let received = scope.spawn(move || {
            let mut received = BTreeSet::new();
            while received.len() < STREAM as usize {
                received.insert(receiver.wait_impatiently(|event| match event {
                    SourceEvent::Delivery(delivery) => {
                        let number = text(&delivery).parse::<u64>().expect("a number");
                        receiver.client.ack(vec![delivery.ack]);
                        Some(number)
                    }
                    _ => None,
                }));
            }
            received
        });
        for expected in 0..STREAM {
            let token = publisher.wait_impatiently(|event| match event {
                SourceEvent::Published { token, .. } => Some(token),
                _ => None,
            });
            assert_eq!(token, expected, "each publish is told once, in order");
            queue(token + 500);
            if token == STREAM / 2 {
                broker.stop().expect("stops");
                broker.restart().expect("starts");
            }
        }
        assert_eq!(received.join().expect("received"), (0..STREAM).collect());
    });
}

#[test]
fn it_subscribes_again_when_the_broker_has_forgotten_the_session() {
    let Some(mut broker) = broker() else { return };
    let session = Session::subscribed(config(broker.port(), "a"));
    broker.kill().expect("killed");
    assert!(matches!(session.problem(), Problem::ConnectionLost | Problem::PortClosed { .. }));
    broker.forget().expect("forgotten");
    broker.restart().expect("starts");
    session.client.retry_now();
    let (present, epoch) = session.wait_impatiently(|event| match event {
        SourceEvent::Connected { session_present, epoch, .. } => Some((session_present, epoch)),
        _ => None,
    });
    assert!(!present);
    assert!(epoch > 1);
    assert!(session.wait_subscribed().is_empty());
    publish(broker.port(), QoS::AtLeastOnce, "t/1", &[b"after".to_vec()]);
    assert_eq!(text(&session.delivery()), "after");
}

#[test]
fn an_acknowledgement_from_before_a_reconnect_is_dropped() {
    let Some(mut broker) = broker() else { return };
    let session = Session::subscribed(config(broker.port(), "a"));
    publish(broker.port(), QoS::AtLeastOnce, "t/1", &[b"one".to_vec()]);
    let before = session.delivery();
    broker.restart().expect("restarts");
    let again = session.wait_impatiently(|event| match event {
        SourceEvent::Delivery(delivery) => Some(delivery),
        _ => None,
    });
    assert_eq!(text(&again), "one");
    assert!(again.ack.epoch() > before.ack.epoch());
    // The broker uses the same packet id again, so this would acknowledge what is not stored yet.
    session.client.ack(vec![before.ack]);
    session.stop();
    let session = Session::start(config(broker.port(), "a"));
    assert_eq!(text(&session.delivery()), "one");
}

#[test]
fn a_publish_made_while_the_broker_is_away_is_sent_when_it_is_back() {
    let Some(mut broker) = broker() else { return };
    let session = Session::subscribed(config(broker.port(), "a"));
    broker.kill().expect("killed");
    session.problem();
    session.client.publish(7, "t/1", b"later".to_vec(), false).expect("taken");
    broker.forget().expect("forgotten");
    broker.restart().expect("starts");
    session.client.retry_now();
    let (mut echoed, mut published) = (false, false);
    while !(echoed && published) {
        session.wait_impatiently(|event| match event {
            SourceEvent::Delivery(delivery) => {
                echoed |= text(&delivery) == "later";
                Some(())
            }
            SourceEvent::Published { token, .. } => {
                published |= token == 7;
                Some(())
            }
            _ => None,
        });
    }
}
