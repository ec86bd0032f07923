//! The embedded broker: rumqttd on a free port of loopback.
//!
//! It cannot be stopped and does not report its port (rumqttd 0.20), so the port is found first and the broker's threads
//! live as long as the process.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use panfloor_wire::Mapping;
use rumqttd::{Broker, Config, ConnectionSettings, RouterConfig, ServerSettings};

use crate::error::DemoError;

/// Ports tried before giving up: another program may take one between its search and its use.
const ATTEMPTS: u32 = 5;
/// How long one broker may take to answer; it usually takes 20 ms.
const READY_WITHIN: Duration = Duration::from_secs(3);
/// Pause between two looks at whether it answers.
const PROBE_PAUSE: Duration = Duration::from_millis(5);
/// Connections: the pans, the app's two sessions, and room for tools that look on.
const MAX_CONNECTIONS: usize = 128;
/// Largest payload, bytes: above the 256 KiB of the wire contract, so that the app's own limit can be shown.
const MAX_PAYLOAD_BYTES: usize = 512 * 1024;
/// Backlog a subscriber may fall behind by: this many bytes a segment, this many segments a filter. About eight minutes
/// of 40 pans.
const SEGMENT_BYTES: usize = 512 * 1024;
const SEGMENTS: usize = 8;
/// A CONNECT packet of MQTT 3.1.1: clean session, keep-alive 5 s, client id "p".
const CONNECT: [u8; 15] = [0x10, 13, 0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 5, 0, 1, b'p'];
/// CONNACK: accepted, no session.
const CONNACK: [u8; 4] = [0x20, 2, 0, 0];
/// DISCONNECT.
const DISCONNECT: [u8; 2] = [0xe0, 0];

/// Starts a broker; gives its port once it answers.
///
/// # Errors
/// If none of the ports tried comes to answer.
pub(crate) fn start() -> Result<u16, DemoError> {
    let mut cause = String::new();
    for _ in 0..ATTEMPTS {
        match try_start() {
            Ok(port) => return Ok(port),
            Err(error) => cause = error.to_string(),
        }
    }
    Err(DemoError::Broker { attempts: ATTEMPTS, cause })
}

fn try_start() -> std::io::Result<u16> {
    let listen = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    // The listener is gone by now: the port is free again, for the broker.
    thread::Builder::new().name("demo-broker".to_owned()).spawn(move || {
        if let Err(error) = Broker::new(config(listen)).start() {
            tracing::error!(%error, "the demo's broker has ended");
        }
    })?;
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        match probe(listen) {
            Ok(()) => return Ok(listen.port()),
            Err(error) if Instant::now() >= deadline => return Err(error),
            Err(_) => thread::sleep(PROBE_PAUSE),
        }
    }
}

/// Whether an MQTT broker answers there: an open port alone could be anything.
fn probe(address: SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect_timeout(&address, READY_WITHIN)?;
    stream.set_read_timeout(Some(READY_WITHIN))?;
    stream.write_all(&CONNECT)?;
    let mut answer = [0_u8; CONNACK.len()];
    stream.read_exact(&mut answer)?;
    if answer != CONNACK {
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "what answers is not the broker"));
    }
    stream.write_all(&DISCONNECT)
}

fn config(listen: SocketAddr) -> Config {
    let mapping = Mapping::default();
    let connections = ConnectionSettings {
        connection_timeout_ms: 5_000,
        max_payload_size: MAX_PAYLOAD_BYTES,
        max_inflight_count: 100,
        auth: None,
        external_auth: None,
        // Else a client that publishes where nobody has subscribed is thrown out.
        dynamic_filters: true,
    };
    let server =
        ServerSettings { name: "demo".to_owned(), listen, tls: None, next_connection_delay_ms: 1, connections };
    Config {
        router: RouterConfig {
            max_connections: MAX_CONNECTIONS,
            max_outgoing_packet_count: 200,
            max_segment_size: SEGMENT_BYTES,
            max_segment_count: SEGMENTS,
            // What the app subscribes to: one log for each, there from the start. Without it every topic published before
            // would get a log of its own, which lives as long as the process.
            initialized_filters: Some([mapping.data_filters(), mapping.control_filters()].concat()),
            ..RouterConfig::default()
        },
        v4: Some(HashMap::from([("demo".to_owned(), server)])),
        ..Config::default()
    }
}
