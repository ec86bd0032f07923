//! The session's own task: attempts, waits, and passes requests to the connection's poll task.

use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use rumqttc::{AsyncClient, ClientError, Publish, QoS, SubscribeFilter};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use crate::backoff::{Backoff, GOOD_AFTER};
use crate::client::{Clock, Command, Sink};
use crate::held::Held;
use crate::outbox::Outbox;
use crate::poll::{End, Link, Poll};
use crate::problem::Problem;
use crate::{AckToken, MqttConfig, SourceEvent};

/// Requests that may wait for the poll task. Only a buffer: the pump waits when it is full, the poll task never does.
const REQUESTS: usize = 256;

/// How long a clean disconnect may take before the connection is just dropped.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// How often to look whether the backlog of an overrun has halved, besides at each acknowledgement: tokens may also be
/// dropped without one.
const OVERRUN_LOOK: Duration = Duration::from_secs(1);

/// Why the pump stopped.
enum Pumped {
    /// Asked to stop, or no handle is left.
    Stop,
    /// The backlog has halved after an overrun: reconnect to be sent the rest.
    Renew,
    /// The poll task is gone.
    Gone,
}

/// One session, over all its connections.
pub(crate) struct Session {
    config: Arc<MqttConfig>,
    clock: Clock,
    sink: Sink,
    outbox: Arc<Outbox>,
    commands: UnboundedReceiver<Command>,
    held: Arc<Held>,
    backoff: Backoff,
    epoch: u64,
}

impl Session {
    pub(crate) fn new(
        config: MqttConfig,
        clock: Clock,
        sink: Sink,
        outbox: Arc<Outbox>,
        commands: UnboundedReceiver<Command>,
    ) -> Self {
        let held = Held::new(config.held);
        Self { config: Arc::new(config), clock, sink, outbox, commands, held, backoff: Backoff::new(), epoch: 0 }
    }

    /// Connects and connects again until stopped.
    pub(crate) async fn run(mut self) {
        if let Some(fault) = self.config.fault() {
            self.disconnected(Problem::Config(fault), Duration::MAX);
        } else {
            while self.attempt().await.is_continue() {}
        }
        (self.sink)(SourceEvent::Stopped { source: self.config.source, session: self.config.session });
    }

    /// One attempt with what comes of it, and the wait after it. Breaks when asked to stop.
    async fn attempt(&mut self) -> ControlFlow<()> {
        let problem = match self.resolve().await? {
            Some(problem) => problem,
            None => {
                let started = Instant::now();
                let end = self.connection().await?;
                if started.elapsed() >= GOOD_AFTER {
                    self.backoff.reset();
                }
                match end {
                    End::Problem(Problem::Overrun) => {
                        // Nothing is wrong with the broker, and the backlog has halved: go on at once.
                        self.disconnected(Problem::Overrun, Duration::ZERO);
                        return ControlFlow::Continue(());
                    }
                    End::Problem(problem) => problem,
                    End::Disconnected => Problem::ConnectionLost,
                }
            }
        };
        let wait = self.backoff.next();
        self.disconnected(problem, wait);
        self.wait(wait).await
    }

    /// What keeps the host name from being resolved, if anything does.
    async fn resolve(&mut self) -> ControlFlow<(), Option<Problem>> {
        let config = Arc::clone(&self.config);
        let mut lookup = pin!(crate::reach::resolve(&config.host, config.port));
        loop {
            tokio::select! {
                found = &mut lookup => return ControlFlow::Continue(found.err()),
                command = self.commands.recv() => idle(command)?,
            };
        }
    }

    /// Waits before the next attempt, unless told to retry at once.
    async fn wait(&mut self, wait: Duration) -> ControlFlow<()> {
        let mut sleep = pin!(tokio::time::sleep(wait));
        loop {
            tokio::select! {
                () = &mut sleep => return ControlFlow::Continue(()),
                command = self.commands.recv() => {
                    if idle(command)? {
                        return ControlFlow::Continue(());
                    }
                }
            }
        }
    }

    /// One connection from first to last. The poll loop runs in a task of its own, so that neither a waiting pump nor a
    /// panic inside the client library can stop it unseen.
    async fn connection(&mut self) -> ControlFlow<(), End> {
        self.epoch += 1;
        self.outbox.connection_lost();
        let (client, mut event_loop) = AsyncClient::new(self.config.options(), REQUESTS);
        // Acknowledgements are small packets; held back to be joined they would slow the broker's window down.
        event_loop.network_options.set_tcp_nodelay(true);
        let link = Arc::new(Link::default());
        let poll = Poll {
            event_loop,
            config: Arc::clone(&self.config),
            clock: Arc::clone(&self.clock),
            sink: Arc::clone(&self.sink),
            outbox: Arc::clone(&self.outbox),
            held: Arc::clone(&self.held),
            link: Arc::clone(&link),
            epoch: self.epoch,
        };
        let mut task = tokio::spawn(poll.run());
        let pumped = tokio::select! {
            end = &mut task => return ControlFlow::Continue(ended(end)),
            pumped = self.pump(&client, &link) => pumped,
        };
        match pumped {
            Pumped::Stop => {
                hang_up(&client, &link, task).await;
                ControlFlow::Break(())
            }
            Pumped::Renew => {
                hang_up(&client, &link, task).await;
                ControlFlow::Continue(End::Problem(Problem::Overrun))
            }
            Pumped::Gone => ControlFlow::Continue(ended(task.await)),
        }
    }

    /// Passes requests on. Waits for the poll task at times; the poll task never waits for it.
    async fn pump(&mut self, client: &AsyncClient, link: &Link) -> Pumped {
        if self.subscribe(client).await.is_err() {
            return Pumped::Gone;
        }
        let mut resubscribe_at = None;
        loop {
            while let Some(next) = self.outbox.next() {
                let sent = client.publish_bytes(next.topic, QoS::AtLeastOnce, next.retain, next.payload).await;
                if sent.is_err() {
                    return Pumped::Gone;
                }
            }
            if link.is_overrun() && self.held.is_half_empty() {
                return Pumped::Renew;
            }
            resubscribe_at = link.is_refused().then(|| resubscribe_at.unwrap_or_else(|| self.refused_retry_at()));
            let mut ask_again = false;
            tokio::select! {
                command = self.commands.recv() => match command {
                    None | Some(Command::Stop) => return Pumped::Stop,
                    Some(Command::Ack(tokens)) => {
                        if self.acknowledge(client, tokens).await.is_err() {
                            return Pumped::Gone;
                        }
                    }
                    Some(Command::Retry) => ask_again = link.is_refused(),
                    Some(Command::Publish) => {}
                },
                () = link.woken() => {}
                () = tokio::time::sleep(OVERRUN_LOOK), if link.is_overrun() => {}
                () = until(resubscribe_at) => ask_again = true,
            }
            if ask_again {
                resubscribe_at = None;
                if self.subscribe(client).await.is_err() {
                    return Pumped::Gone;
                }
            }
        }
    }

    async fn subscribe(&self, client: &AsyncClient) -> Result<(), ClientError> {
        if self.config.filters.is_empty() {
            return Ok(());
        }
        let filters = self.config.filters.iter().map(|f| SubscribeFilter::new(f.clone(), QoS::AtLeastOnce));
        client.subscribe_many(filters).await
    }

    /// When a refused subscription is asked for again.
    fn refused_retry_at(&self) -> Instant {
        Instant::now() + self.config.refused_retry
    }

    async fn acknowledge(&self, client: &AsyncClient, tokens: Vec<AckToken>) -> Result<(), ClientError> {
        for token in tokens {
            if token.epoch == self.epoch && token.packet_id != 0 {
                let mut publish = Publish::new("", QoS::AtLeastOnce, Vec::new());
                publish.pkid = token.packet_id;
                client.ack(&publish).await?;
            }
        }
        Ok(())
    }

    fn disconnected(&self, problem: Problem, retry_in: Duration) {
        tracing::debug!(source = self.config.source.0, session = self.config.session.word(), %problem, "disconnected");
        (self.sink)(SourceEvent::Disconnected {
            source: self.config.source,
            session: self.config.session,
            problem,
            retry_in,
        });
    }
}

/// Returns at that time; never, if there is none.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// A command while there is no connection. Continues with whether to retry at once.
fn idle(command: Option<Command>) -> ControlFlow<(), bool> {
    match command {
        None | Some(Command::Stop) => ControlFlow::Break(()),
        Some(Command::Retry) => ControlFlow::Continue(true),
        // Acknowledgements are of a dead connection here; publishes wait in the outbox.
        Some(Command::Ack(_) | Command::Publish) => ControlFlow::Continue(false),
    }
}

/// Disconnects behind the requests that already wait, or drops the connection when that takes too long.
async fn hang_up(client: &AsyncClient, link: &Link, mut task: JoinHandle<End>) {
    let sent = link.is_connected() && matches!(timeout(STOP_WITHIN, client.disconnect()).await, Ok(Ok(())));
    if !sent {
        task.abort();
    }
    if timeout(STOP_WITHIN, &mut task).await.is_err() {
        task.abort();
        let _aborted = task.await;
    }
}

fn ended(end: Result<End, tokio::task::JoinError>) -> End {
    end.unwrap_or_else(|_| End::Problem(Problem::Protocol("the MQTT client failed on what it received".to_owned())))
}
