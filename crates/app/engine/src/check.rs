//! Trying a connection step by step, before it is kept.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use panfloor_model::{Mono, SourceId};
use panfloor_source::{MqttConfig, SessionKind, SourceEvent};
use panfloor_wire::{Arrival, Item, Mapping, decode};
use zeroize::Zeroizing;

use crate::clock::Clock;

/// What to try.
#[derive(Debug)]
pub struct CheckSetup {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Login.
    pub username: Option<String>,
    /// Its password.
    pub password: Option<Zeroizing<String>>,
    /// What topics and messages mean.
    pub mapping: Mapping,
    /// How long to wait for connection and first message, each.
    pub patience: Duration,
}

/// The steps in their order.
const STEPS: [&str; 5] = ["name_resolved", "port_open", "logged_in", "subscribed", "first_message"];

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckStep {
    /// `name_resolved`, `port_open`, `logged_in`, `subscribed`, `first_message`
    pub name: &'static str,
    /// Whether it succeeded; `None`: not reached.
    pub ok: Option<bool>,
    /// What was found, or what is wrong and what to do.
    pub detail: String,
    /// How long it took.
    pub took: Option<Duration>,
}

/// Tries a connection with a session that the broker forgets afterwards; always gives all five steps. Blocks for at
/// most five times the patience.
#[must_use]
pub fn check_source(setup: CheckSetup, runtime: &tokio::runtime::Handle) -> Vec<CheckStep> {
    let clock = Clock::new();
    let mut steps = Steps { began: clock.now().mono, clock, patience: setup.patience, steps: Vec::new() };
    if steps.network(&setup, runtime) {
        let client_id = format!("panfloor-test-{}", &uuid::Uuid::new_v4().simple().to_string()[..8]);
        let mut config = MqttConfig::new(SourceId(0), SessionKind::Data, &setup.host, setup.port, &client_id);
        config.username = setup.username;
        config.password = setup.password;
        config.filters = setup.mapping.data_filters();
        config.kept = false;
        let (sink, events) = channel();
        let sink = move |event| {
            // The test is over: nobody listens any more.
            let _over = sink.send(event);
        };
        let client = panfloor_source::start(runtime, config, Arc::new(move || clock.now()), Arc::new(sink));
        steps.session(&setup.mapping, &events);
        client.stop();
    }
    steps.all()
}

/// The steps as they are reached.
struct Steps {
    clock: Clock,
    began: Mono,
    patience: Duration,
    steps: Vec<CheckStep>,
}

impl Steps {
    /// Notes what came of the next step; gives whether to go on.
    fn note(&mut self, ok: bool, detail: String) -> bool {
        let now = self.clock.now().mono;
        let took = Some(now.since(self.began));
        self.began = now;
        if let Some(name) = STEPS.get(self.steps.len()) {
            self.steps.push(CheckStep { name, ok: Some(ok), detail, took });
        }
        ok
    }

    /// The steps before MQTT.
    fn network(&mut self, setup: &CheckSetup, runtime: &tokio::runtime::Handle) -> bool {
        let found = match runtime.block_on(panfloor_source::resolve(&setup.host, setup.port)) {
            Ok(found) => found,
            Err(problem) => return self.note(false, problem.to_string()),
        };
        let addresses: Vec<String> = found.iter().map(|address| address.ip().to_string()).collect();
        self.note(true, addresses.join(", "));
        match runtime.block_on(panfloor_source::knock(&setup.host, &found, self.patience)) {
            Ok(answered) => self.note(true, answered.to_string()),
            Err(problem) => self.note(false, problem.to_string()),
        }
    }

    /// The steps of the session: login, subscriptions, first message.
    fn session(&mut self, mapping: &Mapping, events: &Receiver<SourceEvent>) {
        while let Some(&name) = STEPS.get(self.steps.len()) {
            let (ok, detail) = match events.recv_timeout(self.patience) {
                Ok(SourceEvent::Connected { .. }) if name == "logged_in" => {
                    (true, "the broker accepted the login".to_owned())
                }
                Ok(SourceEvent::Subscribed { refused, .. }) if name == "subscribed" => match refused.first() {
                    None => (true, mapping.data_filters().join(", ")),
                    Some(first) => {
                        (false, format!("the broker refuses {first}: ask its administrator for the right to read it"))
                    }
                },
                Ok(SourceEvent::Delivery(delivery)) if name == "first_message" => first_message(mapping, &delivery),
                Ok(SourceEvent::Disconnected { problem, .. }) => (false, problem.to_string()),
                Ok(SourceEvent::Stopped { .. }) => (false, "the settings cannot be used".to_owned()),
                Ok(
                    SourceEvent::Connected { .. }
                    | SourceEvent::Subscribed { .. }
                    | SourceEvent::Delivery(_)
                    | SourceEvent::Dropped { .. }
                    | SourceEvent::Published { .. },
                ) => continue,
                Err(_) => (false, format!("nothing came within {} s", self.patience.as_secs())),
            };
            if !self.note(ok, detail) {
                break;
            }
        }
    }

    /// All steps, those not reached too.
    fn all(mut self) -> Vec<CheckStep> {
        let rest = STEPS.iter().skip(self.steps.len());
        let rest: Vec<CheckStep> =
            rest.map(|name| CheckStep { name, ok: None, detail: String::new(), took: None }).collect();
        self.steps.extend(rest);
        self.steps
    }
}

/// What the first message says.
fn first_message(mapping: &Mapping, delivery: &panfloor_source::Delivery) -> (bool, String) {
    let arrival = Arrival {
        topic: &delivery.topic,
        payload: &delivery.payload,
        retained: delivery.retained,
        arrived_at: delivery.arrived_at.wall,
    };
    let decoded = decode(mapping, &arrival);
    if let Some(rejected) = decoded.rejected.first() {
        return (false, format!("{}: {}", delivery.topic, rejected.reason));
    }
    let reading = decoded.items.iter().find_map(|item| match item {
        Item::Reading(reading) => Some(reading),
        Item::State(_) | Item::Config(_) | Item::Aggregate(_) => None,
    });
    let Some(reading) = reading else { return (true, delivery.topic.clone()) };
    let values: Vec<String> = reading
        .values
        .iter()
        .map(|(metric, value)| format!("{} {value} {}", metric.as_str(), metric.unit().symbol()).trim_end().to_owned())
        .collect();
    (true, format!("{}: {}", reading.device, values.join(", ")))
}
