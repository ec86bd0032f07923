//! A station of one test's own: broker, folder, engine.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use panfloor_change::HeartbeatPace;
use panfloor_engine::{Core, EngineHandle, EngineSetup, Founding, LinkState, Member, SourceHealth, SourceSetup};
use panfloor_historian::Options;
use panfloor_keys::WrappingPlace;
use panfloor_model::Role;
use panfloor_wire::Mapping;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// Longest wait for anything; reached only by a failing test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// Longest time between two looks: a bound should an event be missed.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Passphrase of every user of these tests.
pub(crate) const PASSPHRASE: &str = "two pairs of eyes";

/// A folder and a runtime for engines that follow each other on it.
pub(crate) struct Rig {
    pub(crate) folder: TempDir,
    pub(crate) runtime: Runtime,
}

/// A running engine, and what wakes up whoever waits for it.
pub(crate) struct Running {
    pub(crate) engine: EngineHandle,
    woken: Receiver<()>,
}

impl Rig {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Self { folder: TempDir::new().unwrap(), runtime }
    }

    /// Starts an engine on the folder, connected to `source`.
    pub(crate) fn start(&self, source: SourceSetup) -> Running {
        self.start_bounded(source, None, Options::default())
    }

    /// The same, for a test that has no other use of the folder.
    pub(crate) fn start_and_keep(self, source: SourceSetup) -> (Self, Running) {
        let running = self.start(source);
        (self, running)
    }

    /// The same with a site to found and bounds of the store.
    pub(crate) fn start_bounded(&self, source: SourceSetup, founding: Option<Founding>, store: Options) -> Running {
        Running::of(panfloor_engine::start(self.setup(vec![source], founding, store), self.runtime.handle()).unwrap())
    }

    /// The same with several sources.
    pub(crate) fn start_all(&self, sources: Vec<SourceSetup>, founding: Option<Founding>) -> Running {
        let setup = self.setup(sources, founding, Options::default());
        Running::of(panfloor_engine::start(setup, self.runtime.handle()).unwrap())
    }

    /// What an engine on this folder is started with.
    pub(crate) fn setup(&self, sources: Vec<SourceSetup>, founding: Option<Founding>, store: Options) -> EngineSetup {
        EngineSetup {
            folder: self.folder.path().to_owned(),
            wrapping: WrappingPlace::File,
            founding,
            sources,
            keep_sources: false,
            pace: HeartbeatPace::default(),
            store,
        }
    }

    /// Publishes over one connection, each message after the PUBACK of the one before.
    pub(crate) fn publish(&self, port: u16, messages: &[Out]) {
        self.runtime.block_on(async {
            let mut options = MqttOptions::new("test-publisher", "127.0.0.1", port);
            options.set_max_packet_size(1 << 20, 1 << 20);
            let (client, mut events) = AsyncClient::new(options, 10);
            for Out { topic, retain, payload } in messages {
                client.publish(topic.clone(), QoS::AtLeastOnce, *retain, payload.clone()).await.unwrap();
                let acknowledged = async {
                    while !matches!(events.poll().await.expect("a connection"), Event::Incoming(Packet::PubAck(_))) {}
                };
                timeout(PATIENCE, acknowledged).await.expect("the broker acknowledges");
            }
            client.disconnect().await.unwrap();
            while events.poll().await.is_ok() {}
        });
    }
}

/// Every head that a station sends from now on.
pub(crate) fn heads(rig: &Rig, port: u16) -> Receiver<()> {
    let (client, mut events) = AsyncClient::new(MqttOptions::new("head-watcher", "127.0.0.1", port), 10);
    let (sender, heads) = channel();
    rig.runtime.spawn(async move {
        client.subscribe("panfloor/+/ledger/+/head", QoS::AtLeastOnce).await.unwrap();
        while let Ok(event) = events.poll().await {
            if matches!(event, Event::Incoming(Packet::Publish(_))) && sender.send(()).is_err() {
                break;
            }
        }
    });
    heads
}

/// A message to publish.
pub(crate) struct Out {
    topic: String,
    retain: bool,
    payload: Vec<u8>,
}

/// Telemetry of a machine.
pub(crate) fn telemetry(machine: &str, payload: impl Into<Vec<u8>>) -> Out {
    Out { topic: format!("/devices/{machine}/events"), retain: false, payload: payload.into() }
}

/// A machine's report of itself, kept by the broker.
pub(crate) fn report(machine: &str) -> Out {
    let payload =
        br#"{"config_version":0,"config":{"sample_interval_ms":1000},"status":"applied","class":"reference-pan"}"#;
    Out { topic: format!("/devices/{machine}/state"), retain: true, payload: payload.to_vec() }
}

/// What clears a machine's config topic.
pub(crate) fn cleared_config(machine: &str) -> Out {
    Out { topic: format!("/devices/{machine}/config"), retain: true, payload: Vec::new() }
}

/// A source on loopback.
pub(crate) fn source(port: u16) -> SourceSetup {
    SourceSetup {
        key: "home".to_owned(),
        name: "Plant broker".to_owned(),
        host: "127.0.0.1".to_owned(),
        port,
        username: None,
        password: None,
        mapping: Mapping::default(),
        adopts_per_hour: Some(panfloor_engine::ADOPTS_PER_HOUR),
    }
}

/// A site with an author and an approver.
pub(crate) fn founding() -> Founding {
    let member = |id: &str, roles: &[Role]| Member {
        id: id.to_owned(),
        name: id.to_owned(),
        roles: roles.to_vec(),
        passphrase: Zeroizing::new(PASSPHRASE.to_owned()),
    };
    Founding {
        site_name: "Test site".to_owned(),
        station_name: "Room 1".to_owned(),
        administrator: member("approver", &[Role::Operator, Role::Approver, Role::Administrator]),
        members: vec![member("author", &[Role::Operator, Role::Engineer])],
        unless_founded: true,
    }
}

impl Out {
    /// Any message.
    pub(crate) fn new(topic: &str, payload: impl Into<Vec<u8>>) -> Self {
        Self { topic: topic.to_owned(), retain: false, payload: payload.into() }
    }
}

impl Running {
    /// An engine, and what wakes up whoever waits for it.
    pub(crate) fn of(engine: EngineHandle) -> Self {
        let (wake, woken) = channel();
        let wake_too = wake.clone();
        engine.watch_live(move |_, _| wake.send(()).is_ok());
        engine.watch_changes(move |_, _| wake_too.send(()).is_ok());
        Self { engine, woken }
    }

    /// Waits until `look` finds something.
    pub(crate) fn wait<T>(&self, what: &str, mut look: impl FnMut(&EngineHandle) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(&self.engine) {
                return found;
            }
            assert!(Instant::now() < deadline, "{what}: not within {PATIENCE:?}");
            // Whether woken or not, it is looked again.
            let _woken = self.woken.recv_timeout(LOOK_EVERY);
        }
    }

    /// Waits until `look` at the core finds something.
    pub(crate) fn wait_core<T: Send + 'static>(
        &self,
        what: &str,
        look: impl Fn(&Core) -> Option<T> + Clone + Send + 'static,
    ) -> T {
        self.wait(what, |engine| engine.inspect(look.clone()).unwrap())
    }

    /// Waits until the subscriptions stand: what is published from now on reaches the engine.
    pub(crate) fn listening(&self) {
        self.wait("listening", |engine| matches!(health(engine).state, LinkState::Connected { .. }).then_some(()));
    }

    /// A counter of the store.
    pub(crate) fn counter(&self, name: &str) -> u64 {
        counter(&self.engine, name)
    }

    /// Waits until a counter has come to a number.
    pub(crate) fn wait_counter(&self, name: &str, count: u64) {
        self.wait(name, |engine| (counter(engine, name) >= count).then_some(()));
    }
}

/// A counter of the store.
fn counter(engine: &EngineHandle, name: &str) -> u64 {
    engine.reader().counters().unwrap().into_iter().find(|(known, _)| known == name).map_or(0, |(_, count)| count)
}

/// How the one source is.
pub(crate) fn health(engine: &EngineHandle) -> SourceHealth {
    engine.inspect(Core::sources).unwrap().remove(0)
}
