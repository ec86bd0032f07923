//! The broker of the test kit does what its handle says.

use std::net::TcpStream;

use panfloor_testkit::{Options, mosquitto_or_skip};

#[test]
fn it_listens_stops_and_comes_back_on_the_same_port() {
    let Some(mut broker) = mosquitto_or_skip(&Options::default()) else { return };
    let port = broker.port();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    broker.stop().expect("stops");
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    assert!(broker.folder().join("mosquitto.db").exists(), "an orderly stop writes the state");
    broker.restart().expect("starts");
    assert_eq!(broker.port(), port);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
}

#[test]
fn dropping_the_handle_ends_it() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    let (port, folder) = (broker.port(), broker.folder().to_owned());
    drop(broker);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    assert!(!folder.exists());
}
