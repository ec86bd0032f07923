//! Listeners that answer with whatever bytes: told apart where that helps, survived in any case.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use panfloor_source::{Problem, SessionKind, SourceEvent};
use proptest::prelude::*;

use crate::support::{Session, config};

/// "Connection accepted."
const CONNACK: [u8; 4] = [0x20, 2, 0, 0];

/// Accepts connections for ever; answers the first bytes of each with `answer`, reads on to the client's end if `patient`.
fn listener(answer: Vec<u8>, patient: bool) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("binds");
    let port = listener.local_addr().expect("address").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer);
            let _ = stream.write_all(&answer);
            while patient && stream.read(&mut buffer).is_ok_and(|count| count > 0) {}
        }
    });
    port
}

fn answered(bytes: &[u8]) -> Vec<u8> {
    [&CONNACK, bytes].concat()
}

#[test]
fn a_web_server_is_not_mqtt() {
    let port = listener(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html></html>".to_vec(), false);
    let problem = Session::start(config(port, "a")).problem();
    assert_eq!(problem, Problem::NotMqtt { host: "127.0.0.1".to_owned(), port });
}

#[test]
fn a_port_that_wants_tls_is_not_plain_mqtt() {
    // A fatal TLS alert: unexpected message.
    let port = listener(vec![0x15, 3, 3, 0, 2, 2, 10], false);
    let problem = Session::start(config(port, "a")).problem();
    assert_eq!(problem, Problem::NotMqtt { host: "127.0.0.1".to_owned(), port });
}

#[test]
fn each_refusal_of_the_broker_has_its_own_problem() {
    let expected = [
        (1, Problem::WrongVersion),
        (2, Problem::RefusedClientId),
        (3, Problem::Unavailable),
        (4, Problem::RefusedLogin),
        (5, Problem::RefusedLogin),
    ];
    for (code, problem) in expected {
        let port = listener(vec![0x20, 2, 0, code], true);
        assert_eq!(Session::start(config(port, "a")).problem(), problem);
    }
}

#[test]
fn a_packet_over_the_limit_is_told_with_its_size() {
    // A publish that announces 20,000,000 bytes.
    let port = listener(answered(&[0x30, 0x80, 0xda, 0xc4, 0x09]), true);
    assert_eq!(Session::start(config(port, "a")).problem(), Problem::PacketTooLarge { bytes: 20_000_000 });
}

#[test]
fn refused_filters_are_named() {
    // The subscription is the first packet with an id, so its id is 1; 0x80 refuses the second filter.
    let port = listener(answered(&[0x90, 4, 0, 1, 1, 0x80]), true);
    let mut config = config(port, "a");
    config.filters.push("secret/#".to_owned());
    config.session = SessionKind::Control;
    assert_eq!(Session::start(config).wait_subscribed(), ["secret/#"]);
}

#[test]
fn an_acknowledgement_of_nothing_is_no_published() {
    let port = listener(answered(&[0x40, 2, 0, 9]), true);
    let session = Session::start(config(port, "a"));
    let problem = session.wait(|event| match event {
        SourceEvent::Published { token, .. } => panic!("published {token}"),
        SourceEvent::Disconnected { problem, .. } => Some(problem),
        _ => None,
    });
    assert!(matches!(problem, Problem::Protocol(_)), "{problem}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes after the connection is accepted, the session says that the connection ended and goes on.
    #[test]
    fn any_bytes_end_in_a_problem_and_not_in_the_end_of_the_session(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let port = listener(answered(&bytes), false);
        let session = Session::start(config(port, "a"));
        session.problem();
        session.client.retry_now();
        session.problem();
        session.stop();
    }

    /// Nor when they come instead of its acceptance.
    #[test]
    fn any_bytes_as_first_answer_end_in_a_problem(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let port = listener(bytes, false);
        let session = Session::start(config(port, "a"));
        session.problem();
        session.stop();
    }
}
