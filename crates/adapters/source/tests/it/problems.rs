//! Every cause of having no connection is told apart.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use panfloor_source::{MqttConfig, Problem, SourceEvent};
use panfloor_testkit::{GRANT, Options, mosquitto_or_skip, refusing_or_skip};

use rumqttc::QoS;

use crate::support::{Session, broker, config, publish};

fn closed_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("binds").local_addr().expect("address").port()
}

#[test]
fn a_wrong_password_is_a_refused_login_and_the_right_one_connects() {
    let login = Some(("operator".to_owned(), "right".to_owned()));
    let options = Options { login, allow_anonymous: false, ..Options::default() };
    let Some(broker) = mosquitto_or_skip(&options) else { return };
    let with = |password: &str| MqttConfig {
        username: Some("operator".to_owned()),
        password: Some(password.to_owned().into()),
        ..config(broker.port(), "a")
    };
    assert_eq!(Session::start(with("wrong")).problem(), Problem::RefusedLogin);
    assert_eq!(Session::start(config(broker.port(), "b")).problem(), Problem::RefusedLogin);
    Session::subscribed(with("right")).stop();
}

#[test]
fn a_port_where_nothing_listens_is_a_closed_port() {
    let port = closed_port();
    let problem = Session::start(config(port, "a")).problem();
    assert_eq!(problem, Problem::PortClosed { host: "127.0.0.1".to_owned(), port });
    assert_eq!(problem.code(), "port_closed");
    assert!(problem.to_string().contains(&port.to_string()));
}

#[test]
fn a_name_that_nobody_knows_is_not_resolved() {
    let mut config = config(1883, "a");
    config.host = "nonexistent.invalid".to_owned();
    let problem = Session::start(config).problem();
    assert_eq!(problem, Problem::NameNotResolved { host: "nonexistent.invalid".to_owned() });
}

#[test]
fn a_listener_that_says_nothing_times_out() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("binds");
    let port = listener.local_addr().expect("address").port();
    let problem = Session::start(config(port, "a")).problem();
    assert_eq!(problem, Problem::TimedOut { host: "127.0.0.1".to_owned(), port });
}

#[test]
fn a_config_that_cannot_be_used_is_told_and_ends_the_session() {
    let session = Session::start(config(1883, ""));
    assert!(matches!(session.problem(), Problem::Config(_)));
    assert!(matches!(session.next(), SourceEvent::Stopped { .. }));
}

#[test]
fn stop_works_while_there_is_no_connection() {
    let session = Session::start(config(closed_port(), "a"));
    session.problem();
    session.stop();
}

#[test]
fn a_host_name_is_resolved_and_used() {
    let Some(broker) = broker() else { return };
    let mut config = config(broker.port(), "a");
    config.host = "localhost".to_owned();
    Session::subscribed(config).stop();
}

/// The broker's next answer to a subscription; fails if the connection ends.
fn refused(session: &Session) -> Vec<String> {
    let answer = session.wait(|event| match event {
        SourceEvent::Subscribed { refused, .. } => Some(Ok(refused)),
        SourceEvent::Disconnected { problem, .. } => Some(Err(problem)),
        _ => None,
    });
    answer.expect("the same connection goes on")
}

#[test]
fn a_refused_subscription_is_asked_for_again_when_told_to_and_when_it_is_time() {
    for refused_retry in [Duration::from_hours(1), Duration::from_millis(50)] {
        let Some((broker, _rules)) = refusing_or_skip(None) else { return };
        let session = Session::start(MqttConfig { refused_retry, ..config(broker.port(), "a") });
        assert_eq!(session.wait_subscribed(), ["t/#"]);
        publish(broker.port(), QoS::AtLeastOnce, GRANT.0, &[GRANT.1.as_bytes().to_vec()]);
        if refused_retry > Duration::from_secs(1) {
            session.client.retry_now();
        }
        while !refused(&session).is_empty() {}
        publish(broker.port(), QoS::AtLeastOnce, "t/1", &[b"heard".to_vec()]);
        assert_eq!(crate::support::text(&session.delivery()), "heard");
        session.stop();
    }
}
