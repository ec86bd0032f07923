//! Machines that publish telemetry at QoS 1, each over a connection of its own, and remember what the broker took.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use panfloor_model::Timestamp;
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Outgoing, Packet, QoS};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::ctl::PATIENCE;

/// Between two tries to connect.
const RECONNECT_AFTER: Duration = Duration::from_millis(50);

/// The class that all of them report.
pub(crate) const CLASS: &str = "reference-pan";

/// From one reading to the next in the machines' own time, ms. It runs faster than the wall clock, so that delays of a minute pass
/// within seconds of the test; it begins in the past, so that it never overtakes it.
pub(crate) const STEP_MS: i64 = 1_000;

/// How long before now the machines' own time begins. The store keeps two hours in its tail.
const BEGINS_BEFORE: Duration = Duration::from_mins(110);

/// From one reading of a machine to the next: 25 a second.
const PACE: Duration = Duration::from_millis(40);

/// A reading as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sent {
    pub(crate) values: Vec<(&'static str, f64)>,
    /// A PUBACK came for it.
    pub(crate) acknowledged: bool,
}

/// All readings that were sent, by machine and device time.
pub(crate) type Book = BTreeMap<(String, Timestamp), Sent>;

/// Machines at work.
pub(crate) struct Plant {
    book: Arc<Mutex<Book>>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    runtime: tokio::runtime::Runtime,
    port: u16,
}

impl Plant {
    /// Connects to the broker at `port`; nothing is published yet.
    pub(crate) fn new(port: u16) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { book: Arc::default(), stop: watch::channel(false).0, tasks: JoinSet::new(), runtime, port }
    }

    /// Publishes one message and waits for its PUBACK.
    pub(crate) fn publish(&self, topic: &str, retain: bool, payload: String) {
        self.runtime.block_on(async {
            let mut line = Line::new(self.port, "one-message");
            timeout(PATIENCE, line.publish(topic, retain, payload)).await.expect("the broker acknowledges");
            line.client.disconnect().await.unwrap();
            while line.events.poll().await.is_ok() {}
        });
    }

    /// Publishes, retained, what a machine reports of itself.
    pub(crate) fn report(&self, machine: &str) {
        let report = json!({
            "config_version": 0, "config": { "sample_interval_ms": STEP_MS }, "status": "applied", "class": CLASS,
        });
        self.publish(&format!("/devices/{machine}/state"), true, report.to_string());
    }

    /// Lets so many machines send.
    pub(crate) fn begin(&mut self, machines: u32) {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let begins_ms = i64::try_from((wall - BEGINS_BEFORE).as_millis()).unwrap();
        for number in 0..machines {
            let (book, stop, port) = (Arc::clone(&self.book), self.stop.subscribe(), self.port);
            // Every machine with a time of its own, so that readings of different ones never share one by design.
            let begins_ms = begins_ms + i64::from(number) * 7;
            self.tasks.spawn_on(send(port, number, begins_ms, book, stop), self.runtime.handle());
        }
    }

    /// Stops sending; returns what was sent once the broker has answered to the last.
    pub(crate) fn end(mut self) -> Book {
        self.stop.send_replace(true);
        self.runtime.block_on(async {
            while let Some(task) = timeout(PATIENCE, self.tasks.join_next()).await.expect("the broker answers") {
                task.expect("a machine's task");
            }
        });
        std::mem::take(&mut *self.book.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many readings the broker has acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        let book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.values().filter(|sent| sent.acknowledged).count()
    }
}

/// A machine's name.
pub(crate) fn name(number: u32) -> String {
    format!("pan-{number:02}")
}

/// Sends readings until told to stop.
async fn send(port: u16, number: u32, begins_ms: i64, book: Arc<Mutex<Book>>, stop: watch::Receiver<bool>) {
    let machine = name(number);
    let topic = format!("/devices/{machine}/events");
    let mut line = Line::new(port, &machine);
    let mut ticks = interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut count = 0;
    while !*stop.borrow() {
        ticks.tick().await;
        let time = Timestamp((begins_ms + count * STEP_MS) * 1_000);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        if u128::try_from(time.micros()).unwrap() > now.as_micros() {
            continue;
        }
        let values = values(i64::from(number), count);
        let key = (machine.clone(), time);
        let sent = Sent { values: values.to_vec(), acknowledged: false };
        book.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), sent);
        let mut reading =
            json!({ "time": time.micros() / 1_000, "seq": count, "phase": phase(i64::from(number), count) });
        for (metric, value) in values {
            reading[metric] = json!(value);
        }
        line.publish(&topic, false, reading.to_string()).await;
        if let Some(sent) = book.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&key) {
            sent.acknowledged = true;
        }
        count += 1;
    }
}

/// The phase of a machine's `count`-th reading: it boils, and every third machine drops now and then.
fn phase(number: i64, count: i64) -> &'static str {
    if number % 3 == 0 && (count + number * 29) % 250 >= 225 { "drop" } else { "grain_growth" }
}

/// A machine's `count`-th values: within the limits of its class, and beyond them now and then, one metric after another, for so
/// long that alarms stand up and so that all four limits have their turn. Never the same twice running.
fn values(number: i64, count: i64) -> [(&'static str, f64); 3] {
    let at = |period: i64| (count + number * 37).rem_euclid(period);
    let wobble = (count.rem_euclid(7)) as f64 / 100.0;
    let pressure = match at(140) {
        0..=24 => 70.6,
        25..=49 => 72.9,
        70..=89 => 58.6,
        90..=109 => 56.4,
        _ => 65.0,
    };
    let temperature = if at(260) < 90 { 47.4 } else { 46.0 };
    let motor_power = if at(110) < 45 { 13.6 } else { 12.1 };
    let rounded = |value: f64| ((value + wobble) * 100.0).round() / 100.0;
    [("temperature", rounded(temperature)), ("pressure", rounded(pressure)), ("motor_power", rounded(motor_power))]
}

/// One connection, with at most one message under way.
struct Line {
    client: AsyncClient,
    events: EventLoop,
}

impl Line {
    fn new(port: u16, id: &str) -> Self {
        let mut options = MqttOptions::new(format!("test-{id}"), "127.0.0.1", port);
        options.set_keep_alive(Duration::from_secs(20));
        let (client, events) = AsyncClient::new(options, 10);
        Self { client, events }
    }

    /// Publishes at QoS 1 and waits for the PUBACK; publishes again after a lost connection, as the protocol asks of a client that
    /// does not know whether its message was taken.
    async fn publish(&mut self, topic: &str, retain: bool, payload: String) {
        self.client.publish(topic, QoS::AtLeastOnce, retain, payload.clone()).await.unwrap();
        let (mut lost, mut mine) = (false, None);
        loop {
            match self.events.poll().await {
                Ok(Event::Outgoing(Outgoing::Publish(id))) => mine = Some(id),
                Ok(Event::Incoming(Packet::PubAck(ack))) if mine == Some(ack.pkid) => return,
                Ok(Event::Incoming(Packet::ConnAck(_))) if lost => {
                    lost = false;
                    self.client.publish(topic, QoS::AtLeastOnce, retain, payload.clone()).await.unwrap();
                }
                Ok(_) => {}
                Err(_) => {
                    // Sessions are clean: what was under way, and what was heard of it, is forgotten.
                    (lost, mine) = (true, None);
                    self.events.clean();
                    self.events.pending.clear();
                    self.events.state.events.clear();
                    tokio::time::sleep(RECONNECT_AFTER).await;
                }
            }
        }
    }
}
