//! The poll loop of one connection: reads the broker, hands over, waits for nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rumqttc::{Event, EventLoop, Outgoing, Packet, Publish, QoS, SubscribeReasonCode};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::client::{Clock, Sink};
use crate::held::Held;
use crate::outbox::Outbox;
use crate::problem::{Place, Problem};
use crate::{AckToken, Delivery, MqttConfig, SourceEvent};

/// Drops are told at most this often, so that telling them is bounded too.
const DROPS_TOLD_EVERY: Duration = Duration::from_secs(1);

/// How a connection ended.
pub(crate) enum End {
    /// By our own wish.
    Disconnected,
    /// By itself.
    Problem(Problem),
}

/// What the poll task tells the pump.
#[derive(Debug, Default)]
pub(crate) struct Link {
    connected: AtomicBool,
    overrun: AtomicBool,
    refused: AtomicBool,
    wake: Notify,
}

impl Link {
    pub(crate) fn is_connected(&self) -> bool {
        self.connected.load(Ordering::Acquire)
    }

    /// Whether a QoS 1 message was left with the broker because too much was held.
    pub(crate) fn is_overrun(&self) -> bool {
        self.overrun.load(Ordering::Acquire)
    }

    /// Whether the broker's last answer refused a subscription.
    pub(crate) fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Acquire)
    }

    /// Returns when there may be something new to do.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }
}

/// One connection.
pub(crate) struct Poll {
    pub(crate) event_loop: EventLoop,
    pub(crate) config: Arc<MqttConfig>,
    pub(crate) clock: Clock,
    pub(crate) sink: Sink,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) held: Arc<Held>,
    pub(crate) link: Arc<Link>,
    pub(crate) epoch: u64,
}

impl Poll {
    /// Polls until the connection ends. Never cancelled while connected except to end it: a cancelled poll may lose the
    /// request it was writing.
    pub(crate) async fn run(mut self) -> End {
        let mut drops = Drops::default();
        let end = loop {
            match self.event_loop.poll().await {
                Ok(Event::Incoming(packet)) => self.incoming(packet, &mut drops),
                Ok(Event::Outgoing(Outgoing::Disconnect)) => break End::Disconnected,
                Ok(Event::Outgoing(_)) => {}
                Err(error) => {
                    tracing::debug!(source = self.config.source.0, %error, "connection ended");
                    let place =
                        Place { host: &self.config.host, port: self.config.port, connected: self.link.is_connected() };
                    break End::Problem(place.problem(&error));
                }
            }
        };
        self.tell_drops(&mut drops);
        end
    }

    fn incoming(&self, packet: Packet, drops: &mut Drops) {
        match packet {
            Packet::Publish(publish) => self.deliver(publish, drops),
            Packet::ConnAck(answer) => {
                self.link.connected.store(true, Ordering::Release);
                (self.sink)(SourceEvent::Connected {
                    source: self.config.source,
                    session: self.config.session,
                    session_present: answer.session_present,
                    epoch: self.epoch,
                });
            }
            Packet::SubAck(answer) => self.subscribed(&answer.return_codes),
            Packet::PubAck(_) => {
                if let Some(token) = self.outbox.acknowledged() {
                    (self.sink)(SourceEvent::Published { source: self.config.source, token });
                    self.link.wake.notify_one();
                }
            }
            Packet::Connect(_)
            | Packet::PubRec(_)
            | Packet::PubRel(_)
            | Packet::PubComp(_)
            | Packet::Subscribe(_)
            | Packet::Unsubscribe(_)
            | Packet::UnsubAck(_)
            | Packet::PingReq
            | Packet::PingResp
            | Packet::Disconnect => {}
        }
    }

    fn subscribed(&self, answers: &[SubscribeReasonCode]) {
        let refused = self.config.filters.iter().zip(answers).filter(|(_, a)| **a == SubscribeReasonCode::Failure);
        let refused: Vec<String> = refused.map(|(filter, _)| filter.clone()).collect();
        self.link.refused.store(!refused.is_empty(), Ordering::Release);
        self.link.wake.notify_one();
        (self.sink)(SourceEvent::Subscribed {
            source: self.config.source,
            session: self.config.session,
            refused,
            retry_in: self.config.refused_retry,
        });
    }

    fn deliver(&self, publish: Publish, drops: &mut Drops) {
        let at_most_once = publish.qos == QoS::AtMostOnce;
        let share = if at_most_once { 2 } else { 1 };
        let Some(place) = self.held.take(publish.payload.len(), share) else {
            if at_most_once {
                drops.count += 1;
                if drops.told.is_none_or(|told| told.elapsed() >= DROPS_TOLD_EVERY) {
                    self.tell_drops(drops);
                }
            } else {
                // Unacknowledged, so the broker keeps it; the pump renews the connection when the backlog has halved.
                self.link.overrun.store(true, Ordering::Release);
                self.link.wake.notify_one();
            }
            return;
        };
        self.tell_drops(drops);
        (self.sink)(SourceEvent::Delivery(Delivery {
            source: self.config.source,
            session: self.config.session,
            topic: publish.topic,
            payload: publish.payload,
            retained: publish.retain,
            duplicate: publish.dup,
            arrived_at: (self.clock)(),
            ack: AckToken { epoch: self.epoch, packet_id: publish.pkid, _place: Some(place) },
        }));
    }

    fn tell_drops(&self, drops: &mut Drops) {
        if drops.count > 0 {
            let count = std::mem::take(&mut drops.count);
            drops.told = Some(Instant::now());
            (self.sink)(SourceEvent::Dropped { source: self.config.source, session: self.config.session, count });
        }
    }
}

/// QoS 0 messages dropped and not yet told.
#[derive(Default)]
struct Drops {
    count: u64,
    told: Option<Instant>,
}
