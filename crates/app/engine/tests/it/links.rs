//! Brokers that cannot be reached, refuse, or go away.

use panfloor_engine::{LinkState, SourceSetup};
use panfloor_testkit::{GRANT, Options, mosquitto_or_skip, refusing_or_skip};
use zeroize::Zeroizing;

use crate::rig::{Out, Rig, Running, health, report, source, telemetry};

/// Waits until the source is offline; gives the code and checks that the sentence says what to do.
fn offline(running: &Running) -> &'static str {
    running.wait("offline", |engine| match health(engine).state {
        LinkState::Offline { code, sentence, .. } => {
            assert!(sentence.contains(':') && sentence.ends_with('.'), "{sentence}");
            Some(code)
        }
        LinkState::Connecting | LinkState::Connected { .. } => None,
    })
}

fn blind(running: &Running) -> bool {
    running.engine.inspect(|core| core.alarms.blind_since().is_some()).unwrap()
}

#[test]
fn nobody_listens_at_the_port() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let running = Rig::new().start_and_keep(source(port));
    assert_eq!(offline(&running.1), "port_closed");
    assert!(blind(&running.1));
    running.1.engine.stop();
}

#[test]
fn a_refused_login_says_so() {
    let login = Some(("station".to_owned(), "right".to_owned()));
    let options = Options { login, allow_anonymous: false, ..Options::default() };
    let Some(broker) = mosquitto_or_skip(&options) else { return };
    let wrong = SourceSetup {
        username: Some("station".to_owned()),
        password: Some(Zeroizing::new("wrong".to_owned())),
        ..source(broker.port())
    };
    let (rig, running) = Rig::new().start_and_keep(wrong);
    assert_eq!(offline(&running), "refused_login");
    assert!(blind(&running));
    running.engine.stop();
    let right = SourceSetup {
        username: Some("station".to_owned()),
        password: Some(Zeroizing::new("right".to_owned())),
        ..source(broker.port())
    };
    let running = rig.start(right);
    running.listening();
    assert!(!blind(&running));
    running.engine.stop();
}

#[test]
fn a_refused_subscription_is_blindness() {
    let Some((broker, _rules)) = refusing_or_skip(Some("/devices/+/events/#")) else { return };
    let running = Rig::new().start_and_keep(source(broker.port()));
    assert_eq!(offline(&running.1), "refused_subscription");
    assert!(blind(&running.1));
    running.1.engine.stop();
}

#[test]
fn a_refused_subscription_is_tried_again_when_somebody_says_so() {
    let Some((broker, _rules)) = refusing_or_skip(None) else { return };
    let rig = Rig::new();
    let running = rig.start(source(broker.port()));
    assert_eq!(offline(&running), "refused_subscription");
    rig.publish(broker.port(), &[Out::new(GRANT.0, GRANT.1)]);
    assert!(blind(&running), "the broker does not say that rights were granted");
    running.engine.act(panfloor_engine::Action::Retry).unwrap();
    running.listening();
    assert!(!blind(&running));
    rig.publish(broker.port(), &[telemetry("pan-01", r#"{"seq":1,"temperature":46.0}"#)]);
    running.wait_counter("committed", 1);
    running.engine.stop();
}

#[test]
fn a_backlog_is_over_when_nothing_old_comes_any_more() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    let rig = Rig::new();
    let running = rig.start(source(broker.port()));
    running.listening();
    let old = running.engine.now().wall.millis() - 60_000;
    rig.publish(broker.port(), &[telemetry("pan-01", format!(r#"{{"time":{old},"temperature":46.0}}"#))]);
    let catching_up = |behind| {
        move |engine: &panfloor_engine::EngineHandle| {
            (health(engine).state == LinkState::Connected { catching_up: behind }).then_some(())
        }
    };
    running.wait("catching up", catching_up(true));
    running.wait("caught up, though nothing more came", catching_up(false));
    running.engine.stop();
}

#[test]
fn a_broker_that_goes_away_makes_blind_and_not_silent() {
    let Some(mut broker) = mosquitto_or_skip(&Options::default()) else { return };
    let rig = Rig::new();
    let running = rig.start(source(broker.port()));
    running.listening();
    let begun = running.engine.now().wall;
    rig.publish(broker.port(), &[report("pan-01"), telemetry("pan-01", r#"{"seq":1,"temperature":46.0}"#)]);
    running.wait_counter("committed", 1);
    assert!(!blind(&running));
    broker.stop().unwrap();
    offline(&running);
    // The source is offline with the first of its two sessions; blindness comes with the data session's end.
    let since = running.wait("blind", |engine| engine.inspect(|core| core.alarms.blind_since()).unwrap());
    assert!(since >= begun && since <= running.engine.now().wall);
    broker.restart().unwrap();
    running.engine.act(panfloor_engine::Action::Retry).unwrap();
    running.wait("sees again", |_| (!blind(&running)).then_some(()));
    running.listening();
    rig.publish(broker.port(), &[telemetry("pan-01", r#"{"seq":2,"temperature":46.1}"#)]);
    running.wait_counter("committed", 2);
    assert_eq!(health(&running.engine).session_kept, Some(true), "the broker kept the session over its restart");
    let transitions = running.engine.reader().transitions(&Default::default()).unwrap();
    assert_eq!(transitions, [], "being blind is no alarm of a machine");
    running.engine.stop();
}
