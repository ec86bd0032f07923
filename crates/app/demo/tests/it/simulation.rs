//! The simulator against a real mosquitto, which goes away and comes back.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use panfloor_demo::{DemoError, SimulateSetup, simulate};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::DEADLINE;

/// A mosquitto that ends with the test.
struct Mosquitto(Child);

impl Mosquitto {
    fn start(folder: &Path, port: u16) -> Self {
        let config = folder.join("mosquitto.conf");
        std::fs::write(&config, format!("listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"))
            .unwrap();
        let child =
            Command::new("mosquitto").arg("-c").arg(&config).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Self(child.expect("mosquitto is not installed"))
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn setup(port: u16) -> SimulateSetup {
    SimulateSetup {
        machines: 5,
        rate_hz: 50.0,
        host: "127.0.0.1".to_owned(),
        port,
        login: None,
        seed: 1,
        duration: None,
        faults: false,
    }
}

/// Waits for the broker: the first attempts may come before it listens.
async fn listening(port: u16) {
    let listens = async { while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {} };
    timeout(DEADLINE, listens).await.expect("mosquitto does not listen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reading_is_acknowledged_also_across_a_restart_of_the_broker() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let first = Mosquitto::start(folder.path(), port);
    listening(port).await;
    let (stop, stopped) = watch::channel(false);
    let (report, mut reports) = watch::channel(0);
    let running =
        tokio::spawn(simulate(setup(port), move |progress| _ = report.send_replace(progress.acknowledged), stopped));
    let so_far = *timeout(DEADLINE, reports.wait_for(|count| *count > 100)).await.unwrap().unwrap();
    drop(first);
    let second = Mosquitto::start(folder.path(), port);
    timeout(DEADLINE, reports.wait_for(|count| *count > so_far + 200)).await.unwrap().unwrap();
    stop.send(true).unwrap();
    let summary = running.await.unwrap().unwrap();
    assert_eq!(summary.acknowledged, summary.sent);
    assert!(summary.sent > 300);
    drop(second);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rate_is_kept_and_the_duration_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let _broker = Mosquitto::start(folder.path(), port);
    listening(port).await;
    let (_stop, stopped) = watch::channel(false);
    // More pans than connections: they share.
    let setup = SimulateSetup { machines: 150, rate_hz: 2.0, duration: Some(Duration::from_secs(2)), ..setup(port) };
    let summary = timeout(DEADLINE, simulate(setup, |_| {}, stopped)).await.unwrap().unwrap();
    let per_second = summary.sent as f64 / summary.elapsed.as_secs_f64();
    assert!((200.0..=450.0).contains(&per_second), "{per_second} a second instead of 150 pans at 2 Hz");
    assert_eq!(summary.acknowledged, summary.sent);
}

#[tokio::test]
async fn no_broker_is_said_at_once() {
    let (_stop, stopped) = watch::channel(false);
    let port = free_port();
    let error = simulate(setup(port), |_| {}, stopped).await.unwrap_err();
    assert!(matches!(&error, DemoError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}
