//! Deliveries, acknowledgements, publishes on a healthy broker.

use panfloor_source::{PUBLISH_PAYLOAD_BYTES_MAX, PublishRefused, SourceEvent};
use rumqttc::QoS;

use crate::support::{Session, broker, config, publish, text};

fn payloads(names: &[&str]) -> Vec<Vec<u8>> {
    names.iter().map(|name| name.as_bytes().to_vec()).collect()
}

#[test]
fn an_acknowledged_message_does_not_come_again() {
    let Some(broker) = broker() else { return };
    let session = Session::subscribed(config(broker.port(), "a"));
    publish(broker.port(), QoS::AtLeastOnce, "t/1", &payloads(&["one", "two"]));
    for expected in ["one", "two"] {
        let delivery = session.delivery();
        assert_eq!((delivery.topic.as_str(), text(&delivery).as_str()), ("t/1", expected));
        assert!(!delivery.retained);
        session.client.ack(vec![delivery.ack]);
    }
    session.stop();
    publish(broker.port(), QoS::AtLeastOnce, "t/1", &payloads(&["three"]));
    let session = Session::start(config(broker.port(), "a"));
    assert_eq!(text(&session.delivery()), "three");
}

#[test]
fn a_message_that_was_not_acknowledged_comes_again_after_a_kill() {
    let Some(broker) = broker() else { return };
    let session = Session::subscribed(config(broker.port(), "a"));
    publish(broker.port(), QoS::AtLeastOnce, "t/1", &payloads(&["one", "two"]));
    let first = session.delivery();
    let second = session.delivery();
    assert_eq!((text(&first), text(&second)), ("one".to_owned(), "two".to_owned()));
    session.kill();

    let session = Session::start(config(broker.port(), "a"));
    let present = session.wait(|event| match event {
        SourceEvent::Connected { session_present, .. } => Some(session_present),
        _ => None,
    });
    assert!(present, "the broker kept the session");
    assert_eq!(text(&session.delivery()), "one");
    assert_eq!(text(&session.delivery()), "two");
}

#[test]
fn what_is_published_while_away_is_kept() {
    let Some(broker) = broker() else { return };
    Session::subscribed(config(broker.port(), "a")).stop();
    let sent: Vec<_> = (0..2000).map(|n: u32| n.to_string().into_bytes()).collect();
    publish(broker.port(), QoS::AtLeastOnce, "t/1", &sent);
    let session = Session::start(config(broker.port(), "a"));
    for payload in sent {
        let delivery = session.delivery();
        assert_eq!(delivery.payload, payload);
        session.client.ack(vec![delivery.ack]);
    }
}

#[test]
fn a_message_over_the_contracts_limit_arrives_and_blocks_nothing() {
    let Some(broker) = broker() else { return };
    let session = Session::subscribed(config(broker.port(), "a"));
    publish(broker.port(), QoS::AtLeastOnce, "t/1", &[vec![b'x'; 300_000], b"small".to_vec()]);
    let large = session.delivery();
    assert_eq!(large.payload.len(), 300_000);
    session.client.ack(vec![large.ack]);
    assert_eq!(text(&session.delivery()), "small");
}

#[test]
fn a_publish_comes_back_to_its_own_session_and_is_told_when_taken() {
    let Some(broker) = broker() else { return };
    let session = Session::subscribed(config(broker.port(), "a"));
    for token in 0..50 {
        session.client.publish(token, "t/config", token.to_string().into_bytes(), true).expect("taken");
    }
    let (mut echoes, mut published) = (Vec::new(), Vec::new());
    while echoes.len() < 50 || published.len() < 50 {
        match session.next() {
            SourceEvent::Delivery(delivery) => {
                echoes.push(text(&delivery).parse::<u64>().expect("a number"));
                session.client.ack(vec![delivery.ack]);
            }
            SourceEvent::Published { token, .. } => published.push(token),
            event => panic!("{event:?}"),
        }
    }
    let in_order: Vec<u64> = (0..50).collect();
    assert_eq!((echoes, published), (in_order.clone(), in_order));
    session.stop();

    let late = Session::start(config(broker.port(), "b"));
    let kept = late.delivery();
    assert!(kept.retained);
    assert_eq!(text(&kept), "49");
}

#[test]
fn what_cannot_be_published_is_refused_at_once() {
    let Some(broker) = broker() else { return };
    let session = Session::subscribed(config(broker.port(), "a"));
    for topic in ["", "t/+", "t/#", "t\0", &"t".repeat(70_000)] {
        let refused = session.client.publish(1, topic, Vec::new(), false);
        assert!(matches!(refused, Err(PublishRefused::BadTopic { .. })), "{refused:?}");
    }
    let payload = vec![0; PUBLISH_PAYLOAD_BYTES_MAX + 1];
    let refused = session.client.publish(1, "t/1", payload, false);
    assert_eq!(refused, Err(PublishRefused::TooLarge { payload_bytes: PUBLISH_PAYLOAD_BYTES_MAX + 1 }));
    session.client.publish(2, "t/1", vec![b'x'; PUBLISH_PAYLOAD_BYTES_MAX], false).expect("the limit itself is taken");
    assert_eq!(session.delivery().payload.len(), PUBLISH_PAYLOAD_BYTES_MAX);
}

#[test]
fn dropping_the_last_handle_ends_the_session() {
    let Some(broker) = broker() else { return };
    let mut session = Session::subscribed(config(broker.port(), "a"));
    let other = Session::subscribed(config(broker.port(), "b"));
    session.client = other.client.clone();
    session.wait(|event| matches!(event, SourceEvent::Stopped { .. }).then_some(()));
}
