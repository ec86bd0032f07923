//! The demo plant seen from outside, by an ordinary MQTT client.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails is a test that fails")]

mod configs;
mod demo;
mod simulation;

use std::collections::VecDeque;
use std::time::Duration;

use panfloor_demo::{Demo, DemoSetup};
use panfloor_wire::{Arrival, Decoded, Item, Mapping, decode};
use rumqttc::{AsyncClient, Event, EventLoop, Incoming, MqttOptions, Publish, QoS, SubscribeFilter};
use tokio::runtime::Handle;
use tokio::time::timeout;

/// Long enough for a busy machine; a test that needs it has failed.
const DEADLINE: Duration = Duration::from_secs(60);

/// A client that sees everything below `/devices`.
struct Watcher {
    client: AsyncClient,
    events: EventLoop,
    /// What came while the subscription was under way.
    early: VecDeque<Event>,
}

impl Watcher {
    /// Connects and waits until the broker has taken the subscription.
    async fn connect(port: u16) -> Self {
        let mut options = MqttOptions::new("watcher", "127.0.0.1", port);
        options.set_max_packet_size(512 * 1024, 512 * 1024);
        let (client, events) = AsyncClient::new(options, 100);
        let mut watcher = Self { client, events, early: VecDeque::new() };
        let mapping = Mapping::default();
        let filters = [mapping.data_filters(), mapping.control_filters()].concat();
        let filters = filters.into_iter().map(|filter| SubscribeFilter::new(filter, QoS::AtLeastOnce));
        watcher.client.subscribe_many(filters).await.unwrap();
        let mut early = VecDeque::new();
        watcher
            .next(|event| {
                let done = matches!(event, Event::Incoming(Incoming::SubAck(_)));
                early.push_back(event);
                done.then_some(())
            })
            .await;
        watcher.early = early;
        watcher
    }

    /// The first event that `wanted` accepts.
    async fn next<T>(&mut self, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        let found = async {
            loop {
                let event = match self.early.pop_front() {
                    Some(event) => event,
                    None => self.events.poll().await.unwrap(),
                };
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
        };
        timeout(DEADLINE, found).await.expect("what was waited for did not come")
    }

    /// The first message whose decoded item `wanted` accepts.
    async fn message<T>(&mut self, mut wanted: impl FnMut(Item) -> Option<T>) -> T {
        self.next(|event| match event {
            Event::Incoming(Incoming::Publish(publish)) => items(&publish).into_iter().find_map(&mut wanted),
            Event::Incoming(_) | Event::Outgoing(_) => None,
        })
        .await
    }
}

/// What the app's own decoder makes of a message; nothing of the demo's may be quarantined.
fn items(publish: &Publish) -> Vec<Item> {
    let arrival = Arrival {
        topic: &publish.topic,
        payload: &publish.payload,
        retained: publish.retain,
        arrived_at: panfloor_model::Timestamp::from_micros(4_000_000_000_000_000),
    };
    let Decoded { items, rejected, .. } = decode(&Mapping::default(), &arrival);
    assert!(rejected.is_empty(), "{}: {rejected:?}", publish.topic);
    items
}

fn start(setup: &DemoSetup) -> Demo {
    Demo::start(&Handle::current(), setup).unwrap()
}
