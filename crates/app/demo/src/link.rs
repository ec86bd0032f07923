//! One MQTT connection and the pans that speak through it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use panfloor_model::Timestamp;
use panfloor_pan::{Pan, Receipt, Report, ReportStatus, Telemetry};
use panfloor_wire::Mapping;
use rumqttc::{
    AsyncClient, ClientError, ConnectionError, Event, EventLoop, Incoming, MqttOptions, Outgoing, QoS, SubscribeFilter,
};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use crate::clock;
use crate::configs::{Applied, Configs};
use crate::flights::{Cargo, Flight, Flights};
use crate::messages;
use crate::tally::Tally;

/// Requests that may wait inside the client.
const REQUESTS: usize = 1024;
/// Of these, kept free of telemetry for states and subscriptions.
const REQUESTS_KEPT_FREE: usize = 128;
/// Publishes under way beyond which no more readings are taken: the broker does not keep up.
const MAX_FLIGHTS: usize = REQUESTS - REQUESTS_KEPT_FREE;
/// Longest sleep between two looks at the clock: a wall clock that is set forward is noticed within it.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// A reading that is later than this is not made up for.
const LATEST: Duration = Duration::from_secs(1);
/// First and longest wait before the next attempt to connect; it doubles in between.
const BACKOFF: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];
/// How long a farewell to the broker may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long the broker may be silent.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// Largest packet, bytes: the wire contract's 256 KiB and their topic.
const MAX_PACKET_BYTES: usize = 300 * 1024;

/// What all links of a plant are to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Order {
    /// Connect, announce states, take configs; no telemetry yet.
    Hold,
    /// Publish telemetry.
    Run,
    /// No more telemetry.
    Drain,
    /// Disconnect and end.
    Stop,
}

/// How a link is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkStatus {
    /// Not connected since the start, or since the loss of the connection; the last failure, if any.
    Connecting(Option<String>),
    /// Connected; whether it has heard the order to drain and nothing of telemetry is under way.
    Connected {
        /// See above.
        drained: bool,
    },
}

/// Where and as whom a link connects.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) client_id: String,
    pub(crate) login: Option<(String, String)>,
}

/// A pan and its topics.
struct Member {
    /// Its place in the plant.
    number: usize,
    pan: Pan,
    telemetry_topic: String,
    state_topic: String,
    config_topic: String,
    /// When the next reading is due if the host sets the pace instead of the config.
    paced: Timestamp,
}

/// The parts of a link that outlive a connection.
pub(crate) struct Link {
    members: Vec<Member>,
    by_config_topic: HashMap<String, usize>,
    address: Address,
    /// Time between readings, if the host sets the pace.
    pace: Option<Duration>,
    flights: Flights,
    tally: Arc<Tally>,
    configs: Arc<Configs>,
    orders: watch::Receiver<Order>,
    status: watch::Sender<LinkStatus>,
    connected: bool,
}

impl Link {
    /// A link for these pans, each with its place in the plant. A pan that the mapping has no topics for is left out.
    pub(crate) fn new(
        pans: Vec<(usize, Pan)>,
        address: Address,
        pace: Option<Duration>,
        tally: Arc<Tally>,
        configs: Arc<Configs>,
        orders: watch::Receiver<Order>,
    ) -> (Self, watch::Receiver<LinkStatus>) {
        let mapping = Mapping::default();
        let member = |(number, pan): (usize, Pan)| {
            Some(Member {
                number,
                telemetry_topic: mapping.telemetry_topic(pan.name())?,
                state_topic: mapping.state_topic(pan.name())?,
                config_topic: mapping.config_topic(pan.name())?,
                paced: pan.next_due(),
                pan,
            })
        };
        let members: Vec<Member> = pans.into_iter().filter_map(member).collect();
        let by_config_topic =
            members.iter().enumerate().map(|(index, member)| (member.config_topic.clone(), index)).collect();
        let (status, watched) = watch::channel(LinkStatus::Connecting(None));
        let flights = Flights::default();
        let link =
            Self { members, by_config_topic, address, pace, flights, tally, configs, orders, status, connected: false };
        (link, watched)
    }

    /// Runs until the order to stop, or until nobody is left to give orders.
    pub(crate) async fn run(mut self) {
        let (client, mut events) = self.client();
        let mut orders = self.orders.clone();
        let mut backoff = BACKOFF[0];
        loop {
            let event = {
                // Never dropped before it is ready: a poll that is cut short may lose part of a packet.
                let poll = events.poll();
                tokio::pin!(poll);
                loop {
                    tokio::select! {
                        event = &mut poll => break Some(event),
                        changed = orders.changed() => {
                            if changed.is_err() || self.order() == Order::Stop { break None; }
                            self.tick(&client);
                        }
                        () = sleep_until(self.next_tick()), if self.connected => self.tick(&client),
                    }
                }
            };
            match event {
                None => break,
                Some(Ok(event)) => {
                    self.handle(event, &client);
                    if self.connected {
                        backoff = BACKOFF[0];
                    }
                }
                Some(Err(error)) => {
                    self.lost(&error, &mut events);
                    if self.stopped_within(backoff).await {
                        return;
                    }
                    backoff = (backoff * 2).min(BACKOFF[1]);
                }
            }
        }
        self.farewell(&client, &mut events).await;
    }

    fn client(&self) -> (AsyncClient, EventLoop) {
        let mut options = MqttOptions::new(&self.address.client_id, &self.address.host, self.address.port);
        options
            .set_keep_alive(KEEP_ALIVE)
            .set_clean_session(true)
            .set_max_packet_size(MAX_PACKET_BYTES, MAX_PACKET_BYTES);
        if let Some((user, password)) = &self.address.login {
            options.set_credentials(user, password);
        }
        let (client, mut events) = AsyncClient::new(options, REQUESTS);
        let mut network = events.network_options();
        // Small packets both ways: waiting to fill them would add 40 ms to every reading.
        network.set_tcp_nodelay(true);
        events.set_network_options(network);
        (client, events)
    }

    fn order(&self) -> Order {
        *self.orders.borrow()
    }

    /// Waits before the next attempt to connect; says whether the order to stop came meanwhile.
    async fn stopped_within(&mut self, wait: Duration) -> bool {
        let until = Instant::now() + wait;
        loop {
            tokio::select! {
                () = sleep_until(until) => return self.order() == Order::Stop,
                changed = self.orders.changed() => {
                    if changed.is_err() || self.order() == Order::Stop { return true; }
                }
            }
        }
    }

    async fn farewell(&self, client: &AsyncClient, events: &mut EventLoop) {
        if !self.connected || client.try_disconnect().is_err() {
            return;
        }
        let gone = async {
            while let Ok(event) = events.poll().await {
                if event == Event::Outgoing(Outgoing::Disconnect) {
                    break;
                }
            }
        };
        if timeout(FAREWELL, gone).await.is_err() {
            tracing::debug!(client = self.address.client_id, "the broker did not take leave in time");
        }
    }

    fn lost(&mut self, error: &ConnectionError, events: &mut EventLoop) {
        tracing::debug!(client = self.address.client_id, %error, "no connection to the broker");
        self.connected = false;
        // Both would otherwise be taken for news of the next connection.
        events.state.events.clear();
        events.state.collision = None;
        self.flights.connection_lost();
        self.status.send_replace(LinkStatus::Connecting(Some(error.to_string())));
    }

    fn handle(&mut self, event: Event, client: &AsyncClient) {
        match event {
            Event::Incoming(Incoming::ConnAck(_)) => self.arrive(client),
            Event::Incoming(Incoming::PubAck(ack)) => {
                if let Some(Flight { pan, cargo: Cargo::Telemetry(time), .. }) = self.flights.acknowledged(ack.pkid) {
                    self.tally.count_acknowledged(pan, time);
                }
                self.go_again(client);
                self.show_status();
            }
            Event::Incoming(Incoming::Publish(publish)) => {
                self.take_config(&publish.topic, &publish.payload);
                self.tick(client);
            }
            Event::Outgoing(Outgoing::Publish(packet_id)) => self.flights.sent(packet_id),
            Event::Incoming(_) | Event::Outgoing(_) => {}
        }
    }

    /// Connected: the session is new, so everything is said anew.
    fn arrive(&mut self, client: &AsyncClient) {
        self.connected = true;
        let filters =
            self.members.iter().map(|member| SubscribeFilter::new(member.config_topic.clone(), QoS::AtLeastOnce));
        if let Err(error) = client.try_subscribe_many(filters) {
            tracing::warn!(%error, "the pans' configs could not be subscribed to");
        }
        self.go_again(client);
        let now = clock::now();
        for index in 0..self.members.len() {
            let report = self.members[index].pan.state(now);
            self.announce(client, index, &report);
        }
        self.tick(client);
    }

    fn go_again(&mut self, client: &AsyncClient) {
        while let Some(flight) = self.flights.take_stranded() {
            if let Err(flight) = self.send(client, flight) {
                self.flights.put_back(flight);
                return;
            }
        }
    }

    fn take_config(&mut self, topic: &str, payload: &[u8]) {
        let Some(member) = self.by_config_topic.get(topic).and_then(|index| self.members.get_mut(*index)) else {
            return;
        };
        // An empty payload clears the topic: there is nothing to obey.
        if payload.is_empty() {
            return;
        }
        match member.pan.receive_config(payload, clock::now()) {
            Receipt::Unreadable { reason } => {
                tracing::warn!(pan = member.pan.name(), reason, "a config is not readable")
            }
            receipt @ (Receipt::Taken { .. } | Receipt::Refused { .. } | Receipt::Stale { .. }) => {
                tracing::debug!(pan = member.pan.name(), ?receipt, "a config came");
            }
        }
    }

    /// Does what is due: reports first, then readings.
    fn tick(&mut self, client: &AsyncClient) {
        let now = clock::now();
        let telemetry = self.order() == Order::Run && self.connected;
        for index in 0..self.members.len() {
            while let Some(report) = self.connected.then(|| self.members[index].pan.poll_report(now)).flatten() {
                if report.status == ReportStatus::Applied {
                    let applied = Applied { version: report.config_version, config: report.config.clone() };
                    self.configs.keep(&report.device, applied);
                }
                self.announce(client, index, &report);
            }
            while telemetry && self.flights.len() < MAX_FLIGHTS {
                let Some(reading) = self.reading_due(index, now) else { break };
                self.publish_reading(client, index, &reading);
            }
        }
        self.show_status();
    }

    /// The next reading of this pan, if one is due by `now`.
    fn reading_due(&mut self, index: usize, now: Timestamp) -> Option<Telemetry> {
        let member = self.members.get_mut(index)?;
        let Some(pace) = self.pace else {
            return member.pan.due(now).then(|| member.pan.step(now));
        };
        if member.paced > now.plus(pace) || now.since(member.paced) > LATEST {
            // The clock was set, or the broker did not keep up.
            member.paced = now;
        }
        let due = member.paced;
        (due <= now).then(|| {
            member.paced = due.plus(pace);
            member.pan.step(due)
        })
    }

    fn publish_reading(&mut self, client: &AsyncClient, index: usize, reading: &Telemetry) {
        let time = reading.time;
        let payload = messages::telemetry(reading);
        let flight = Flight { pan: self.members[index].number, cargo: Cargo::Telemetry(time), payload };
        self.tally.count_published();
        if let Err(flight) = self.send(client, flight) {
            // Not possible while MAX_FLIGHTS is below REQUESTS; kept all the same.
            self.flights.put_back(flight);
        }
    }

    fn announce(&mut self, client: &AsyncClient, index: usize, report: &Report) {
        let payload = messages::state(report);
        let flight = Flight { pan: self.members[index].number, cargo: Cargo::State, payload };
        if let Err(flight) = self.send(client, flight) {
            self.flights.put_back(flight);
        }
    }

    /// Hands a publish to the client; gives it back if the client takes no more.
    fn send(&mut self, client: &AsyncClient, flight: Flight) -> Result<(), Flight> {
        // Members are in the order of their places, which are consecutive.
        let first = self.members.first().map_or(0, |member| member.number);
        let Some(member) = self.members.get(flight.pan - first) else { return Ok(()) };
        let (topic, retain) = match flight.cargo {
            Cargo::Telemetry(_) => (&member.telemetry_topic, false),
            Cargo::State => (&member.state_topic, true),
        };
        match client.try_publish(topic, QoS::AtLeastOnce, retain, flight.payload.clone()) {
            Ok(()) => {
                self.flights.requested(flight);
                Ok(())
            }
            Err(ClientError::Request(_) | ClientError::TryRequest(_)) => Err(flight),
        }
    }

    fn show_status(&self) {
        if !self.connected {
            return;
        }
        let drained = self.order() >= Order::Drain && !self.flights.has_telemetry();
        let status = LinkStatus::Connected { drained };
        self.status.send_if_modified(|shown| {
            let changed = *shown != status;
            *shown = status;
            changed
        });
    }

    /// When something is due next.
    fn next_tick(&self) -> Instant {
        let now = clock::now();
        let reads = self.order() == Order::Run && self.flights.len() < MAX_FLIGHTS;
        let due = |member: &Member| {
            let reading = reads.then(|| if self.pace.is_some() { member.paced } else { member.pan.next_due() });
            reading.into_iter().chain(member.pan.next_report()).min()
        };
        let wait = self.members.iter().filter_map(due).min().map_or(LONGEST_SLEEP, |due| due.since(now));
        Instant::now() + wait.min(LONGEST_SLEEP)
    }
}
