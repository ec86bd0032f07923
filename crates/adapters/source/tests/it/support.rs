//! A session under test with its events, and publishers.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant, SystemTime};

use panfloor_model::{Mono, Now, SourceId, Timestamp};
use panfloor_source::{Client, Delivery, MqttConfig, Problem, SessionKind, SourceEvent, start};
use panfloor_testkit::{Mosquitto, Options, mosquitto_or_skip};
use rumqttc::{Event, MqttOptions, Outgoing, Packet, QoS};
use tokio::runtime::Runtime;

/// Longest wait for anything; reached only by a failing test.
const PATIENCE: Duration = Duration::from_secs(30);

/// A broker that drops nothing.
pub(crate) fn broker() -> Option<Mosquitto> {
    mosquitto_or_skip(&Options::default())
}

/// A config for `port` of this machine that subscribes to `t/#`.
pub(crate) fn config(port: u16, client_id: &str) -> MqttConfig {
    let mut config = MqttConfig::new(SourceId(1), SessionKind::Data, "127.0.0.1", port, client_id);
    config.filters = vec!["t/#".to_owned()];
    config
}

/// A session and what it said.
pub(crate) struct Session {
    pub(crate) client: Client,
    events: Receiver<SourceEvent>,
    runtime: Option<Runtime>,
}

impl Session {
    pub(crate) fn start(config: MqttConfig) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("runtime");
        let (sender, events) = channel();
        let begin = Instant::now();
        let clock = move || Now {
            wall: Timestamp(SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_micros() as i64),
            mono: Mono(begin.elapsed().as_micros() as u64),
        };
        let sink = move |event| drop(sender.send(event));
        let client = start(runtime.handle(), config, Arc::new(clock), Arc::new(sink));
        Self { client, events, runtime: Some(runtime) }
    }

    /// Started, and subscribed.
    pub(crate) fn subscribed(config: MqttConfig) -> Self {
        let session = Self::start(config);
        session.wait_subscribed();
        session
    }

    /// The next event.
    pub(crate) fn next(&self) -> SourceEvent {
        self.events.recv_timeout(PATIENCE).expect("an event in time")
    }

    /// The first that `pick` takes; those before it are dropped, their tokens unused.
    pub(crate) fn wait<T>(&self, mut pick: impl FnMut(SourceEvent) -> Option<T>) -> T {
        loop {
            if let Some(found) = pick(self.next()) {
                return found;
            }
        }
    }

    /// The first that `pick` takes, trying again at once whenever there is no connection.
    pub(crate) fn wait_impatiently<T>(&self, mut pick: impl FnMut(SourceEvent) -> Option<T>) -> T {
        self.wait(|event| {
            if matches!(event, SourceEvent::Disconnected { .. }) {
                self.client.retry_now();
            }
            pick(event)
        })
    }

    /// The filters refused by the broker's next answer to a subscription.
    pub(crate) fn wait_subscribed(&self) -> Vec<String> {
        self.wait_impatiently(|event| match event {
            SourceEvent::Subscribed { refused, .. } => Some(refused),
            _ => None,
        })
    }

    pub(crate) fn delivery(&self) -> Delivery {
        self.wait(|event| match event {
            SourceEvent::Delivery(delivery) => Some(delivery),
            _ => None,
        })
    }

    pub(crate) fn problem(&self) -> Problem {
        self.wait(|event| match event {
            SourceEvent::Disconnected { problem, .. } => Some(problem),
            _ => None,
        })
    }

    /// Ends it in an orderly way.
    pub(crate) fn stop(self) {
        self.client.stop();
        self.wait(|event| matches!(event, SourceEvent::Stopped { .. }).then_some(()));
    }

    /// Ends it as a killed process would: nothing more is sent.
    pub(crate) fn kill(mut self) {
        self.runtime.take().expect("running").shutdown_background();
    }
}

/// What is in the payload, as text.
pub(crate) fn text(delivery: &Delivery) -> String {
    String::from_utf8(delivery.payload.to_vec()).expect("text")
}

/// Publishes each payload to `topic` and returns once the broker has them all.
pub(crate) fn publish(port: u16, qos: QoS, topic: &str, payloads: &[Vec<u8>]) {
    let mut options = MqttOptions::new("publisher", "127.0.0.1", port);
    options.set_max_packet_size(1 << 20, 1 << 20);
    let (client, mut connection) = rumqttc::Client::new(options, payloads.len() + 1);
    for payload in payloads {
        client.publish(topic, qos, false, payload.clone()).expect("queued");
    }
    // At QoS 0 nothing comes back; the disconnect leaves behind them all.
    let mut awaited = if qos == QoS::AtMostOnce { 0 } else { payloads.len() };
    if awaited == 0 {
        client.disconnect().expect("queued");
    }
    for event in connection.iter() {
        match event.expect("connected") {
            Event::Incoming(Packet::PubAck(_)) => {
                awaited -= 1;
                if awaited == 0 {
                    client.disconnect().expect("queued");
                }
            }
            Event::Outgoing(Outgoing::Disconnect) => return,
            _ => {}
        }
    }
}
