//! Starting the engine, and speaking to it from other threads.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use panfloor_change::HeartbeatPace;
use panfloor_historian::{Access, HistorianError, Opened, Reader};
use panfloor_keys::{KeyError, KeyStore, WrappingPlace};
use panfloor_model::{MachineClass, Mono, Now, SourceId, Timestamp};
use panfloor_source::{MqttConfig, SessionKind};
use panfloor_wire::{Mapping, TopicKind};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::adoption::{ADOPTS_PER_HOUR, Adoption};
use crate::changes::ChangeRoom;
use crate::clock::Clock;
use crate::core::{Core, Given};
use crate::event::{Action, Done, Event, Refusal};
use crate::fanout::{Domain, Fanout, LiveSample};
use crate::identity::{Founding, IDENTITY_SETTING, Identity, found};
use crate::main_loop::Loop;
use crate::sources::Source;

/// How long an answer is waited for: the longest commit seen on a busy disk, with much room.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// A source to connect.
#[derive(Debug, Clone)]
pub struct SourceSetup {
    /// Key in the store: names the source over its renamings and moves.
    pub key: String,
    /// Name for people.
    pub name: String,
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Login.
    pub username: Option<String>,
    /// Its password.
    pub password: Option<Zeroizing<String>>,
    /// What its topics and messages mean.
    pub mapping: Mapping,
    /// How many machines it may make in an hour, [`crate::ADOPTS_PER_HOUR`] if nobody says otherwise; `None`: any number.
    pub adopts_per_hour: Option<u32>,
}

/// What the engine is started with.
#[derive(Debug)]
pub struct EngineSetup {
    /// Data folder: store and keys.
    pub folder: PathBuf,
    /// Where the wrapping key of the secrets is kept.
    pub wrapping: WrappingPlace,
    /// A site to found.
    pub founding: Option<Founding>,
    /// Sources; the first is the site's home broker.
    pub sources: Vec<SourceSetup>,
    /// Whether to remember `sources` for the next start; the demo's change with each.
    pub keep_sources: bool,
    /// How often heads are sent.
    pub pace: HeartbeatPace,
    /// Bounds of the store.
    pub store: panfloor_historian::Options,
}

/// Why the engine did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The store.
    #[error(transparent)]
    Store(#[from] HistorianError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// A shipped machine class.
    #[error(transparent)]
    Class(#[from] panfloor_model::class::ClassError),
    /// A site was to be founded where there is one.
    #[error(
        "{} belongs to the site {site} already, so no other can be founded there: choose another data folder",
        folder.display()
    )]
    Founded {
        /// The data folder.
        folder: PathBuf,
        /// The site's name.
        site: String,
    },
    /// A site was to be founded where another process writes.
    #[error("another Panfloor holds {}, so no site can be founded there: end that one first", folder.display())]
    Held {
        /// The data folder.
        folder: PathBuf,
    },
    /// Anything else.
    #[error("{0}")]
    Internal(String),
}

/// A running engine. Cheap to clone; it ends when [`stop`](Self::stop) is called.
#[derive(Clone)]
pub struct EngineHandle {
    events: Sender<Event>,
    reader: Reader,
    keys: Arc<KeyStore>,
    clock: Clock,
    read_only: bool,
    folder: PathBuf,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
    watchers: Sender<Watcher>,
}

/// Somebody who wants to be told.
pub(crate) enum Watcher {
    /// Of live samples.
    Live(crate::fanout::LiveSink),
    /// Of changes.
    Changes(crate::fanout::ChangeSink),
}

/// Opens the folder and starts the loop and the sources on `runtime`.
///
/// # Errors
/// If the store or the keys cannot be opened, or the site cannot be founded; nothing is changed then. A store held by
/// another process opens read-only: then nothing is acquired.
pub fn start(setup: EngineSetup, runtime: &tokio::runtime::Handle) -> Result<EngineHandle, StartError> {
    let clock = Clock::new();
    let now = clock.now();
    let Opened { mut writer, reader, recovered } = open(&setup.folder, &setup.store)?;
    tracing::info!(?recovered, read_only = writer.is_none(), folder = %setup.folder.display(), "store open");
    let keys = Arc::new(KeyStore::open(&setup.folder.join("keys"), &setup.wrapping)?);
    let mut identity = read_identity(&reader)?;
    let sources = all_sources(&reader, &keys, setup.sources)?;
    let mut ids: Vec<SourceId> = Vec::new();
    if let Some(founding) = &setup.founding {
        may_found(founding, &setup.folder, identity.as_ref(), writer.is_some())?;
    }
    if let Some(writer) = &mut writer {
        let mut tx = writer.begin()?;
        if let (None, Some(founding)) = (&identity, setup.founding) {
            identity = Some(found(founding, &keys, &mut tx, now)?);
        }
        for source in &sources {
            ids.push(tx.source_id(&source.key)?);
        }
        if setup.keep_sources {
            keep_sources(&sources, &keys, &mut tx)?;
        }
        tx.commit()?;
    }
    let station_key = identity.as_ref().map(|_| keys.station_key()).transpose()?.map(Arc::new);
    let classes: BTreeMap<String, Arc<MachineClass>> =
        MachineClass::shipped()?.into_iter().map(|class| (class.id.clone(), Arc::new(class))).collect();
    let home = ids.iter().min().copied();
    let given = Given { identity: identity.clone(), station_key, classes, pace: setup.pace, home };
    let core = Core::load(given, &reader, now)?;
    let read_only = writer.is_none();
    let (events, received) = channel();
    let (watchers, new_watchers) = channel();
    let mut engine = Loop {
        clock,
        writer,
        reader: reader.clone(),
        core,
        fanout: Fanout::default(),
        events: received,
        new_watchers,
        waiting: VecDeque::new(),
        retry_store: None,
        unread: false,
        seal_at: now.mono.plus(Duration::from_secs(10)),
        tick_at: Mono(0),
        token: 0,
        last_commit: (Mono(0), Mono(0)),
    };
    for (id, source) in ids.into_iter().zip(sources) {
        let connected = connect(id, source, home == Some(id), identity.as_ref(), &events, runtime, clock);
        engine.core.sources.add(id, connected);
    }
    let thread = std::thread::Builder::new().name("engine".to_owned()).spawn(move || engine.run());
    let thread = thread.map_err(|problem| StartError::Internal(format!("no thread for the engine: {problem}")))?;
    let (folder, thread) = (setup.folder, Arc::new(Mutex::new(Some(thread))));
    Ok(EngineHandle { events, reader, keys, clock, read_only, folder, thread, watchers })
}

/// Whether a site can be founded here; said before anything is stored, so that a refusal changes nothing.
fn may_found(
    founding: &Founding,
    folder: &std::path::Path,
    identity: Option<&Identity>,
    writable: bool,
) -> Result<(), StartError> {
    let folder = folder.to_owned();
    match identity {
        Some(_) if founding.unless_founded => Ok(()),
        Some(identity) => Err(StartError::Founded { folder, site: identity.site_name.clone() }),
        None if writable => Ok(()),
        None => Err(StartError::Held { folder }),
    }
}

/// Opens for writing, or read-only where another process writes.
fn open(folder: &std::path::Path, bounds: &panfloor_historian::Options) -> Result<Opened, StartError> {
    match panfloor_historian::open_with(folder, Access::ReadWrite, bounds) {
        Err(HistorianError::Locked { .. }) => Ok(panfloor_historian::open_with(folder, Access::ReadOnly, bounds)?),
        opened => Ok(opened?),
    }
}

/// Who this station is, if it belongs to a site.
fn read_identity(reader: &Reader) -> Result<Option<Identity>, StartError> {
    let Some(json) = reader.setting(IDENTITY_SETTING)? else { return Ok(None) };
    let read = serde_json::from_str(&json);
    read.map(Some).map_err(|problem| StartError::Internal(format!("the station's identity cannot be read: {problem}")))
}

/// Setting under which sources are kept; their passwords lie sealed in the key store.
const SOURCES_SETTING: &str = "sources";

/// A source as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct KeptSource {
    key: String,
    name: String,
    host: String,
    port: u16,
    username: Option<String>,
    mapping: Mapping,
    #[serde(default = "adopts_per_hour")]
    adopts_per_hour: Option<u32>,
}

/// What a source that was kept before there was a rule may do.
#[expect(clippy::unnecessary_wraps, reason = "the type of the field it stands for")]
const fn adopts_per_hour() -> Option<u32> {
    Some(ADOPTS_PER_HOUR)
}

/// The kept sources, then those of this start.
fn all_sources(reader: &Reader, keys: &KeyStore, more: Vec<SourceSetup>) -> Result<Vec<SourceSetup>, StartError> {
    let Some(json) = reader.setting(SOURCES_SETTING)? else { return Ok(more) };
    let kept: Vec<KeptSource> = serde_json::from_str(&json)
        .map_err(|problem| StartError::Internal(format!("the kept sources cannot be read: {problem}")))?;
    let mut all = Vec::new();
    for source in kept {
        let secret = keys.load_secret(&secret_name(&source.key))?;
        let password = secret.map(|bytes| Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()));
        let KeptSource { key, name, host, port, username, mapping, adopts_per_hour } = source;
        all.push(SourceSetup { key, name, host, port, username, password, mapping, adopts_per_hour });
    }
    for source in more {
        // The same key: given anew, so that what it says now holds.
        all.retain(|kept| kept.key != source.key);
        all.push(source);
    }
    Ok(all)
}

/// Keeps the sources for the next start.
fn keep_sources(
    sources: &[SourceSetup],
    keys: &KeyStore,
    tx: &mut panfloor_historian::Tx<'_>,
) -> Result<(), StartError> {
    let mut kept = Vec::new();
    for source in sources {
        if let Some(password) = &source.password {
            keys.store_secret(&secret_name(&source.key), password.as_bytes())?;
        }
        let SourceSetup { key, name, host, port, username, mapping, adopts_per_hour, .. } = source.clone();
        kept.push(KeptSource { key, name, host, port, username, mapping, adopts_per_hour });
    }
    let json = serde_json::to_string(&kept).map_err(|problem| StartError::Internal(problem.to_string()))?;
    Ok(tx.put_setting(SOURCES_SETTING, &json)?)
}

/// Name of a source's password in the key store.
fn secret_name(key: &str) -> String {
    format!("source-{key}")
}

/// Starts the two sessions of a source.
fn connect(
    id: SourceId,
    setup: SourceSetup,
    is_home: bool,
    identity: Option<&Identity>,
    events: &Sender<Event>,
    runtime: &tokio::runtime::Handle,
    clock: Clock,
) -> Source {
    let mut setup = setup;
    // Aggregates have no series of their own yet. What cannot be stored is not subscribed to: an acknowledged message
    // that is dropped would be a loss.
    setup.mapping.templates.retain(|template| template.kind() != TopicKind::Aggregate);
    let start = |session: SessionKind, filters: Vec<String>| {
        let client_id = identity.map_or_else(
            || format!("panfloor-{}-{}", setup.key, session.word()),
            |identity| identity.client_id(session),
        );
        let mut config = MqttConfig::new(id, session, &setup.host, setup.port, &client_id);
        config.username.clone_from(&setup.username);
        config.password.clone_from(&setup.password);
        config.filters = filters;
        let events = events.clone();
        let sink = move |event| {
            // The loop has ended: nobody is left to take it, and it stays unacknowledged.
            let _ended = events.send(Event::Source(event));
        };
        panfloor_source::start(runtime, config, Arc::new(move || clock.now()), Arc::new(sink))
    };
    let mut control = setup.mapping.control_filters();
    control.extend(identity.filter(|_| is_home).map(ChangeRoom::filter));
    let clients = (start(SessionKind::Data, setup.mapping.data_filters()), start(SessionKind::Control, control));
    let address = format!("mqtt://{}:{}", setup.host, setup.port);
    let adoption = Adoption::new(setup.adopts_per_hour);
    Source::new(id, setup.name, address, setup.mapping, clients, adoption, clock.now())
}

/// Why an answer did not come: late, or never.
const fn unanswered(why: RecvTimeoutError) -> Refusal {
    match why {
        RecvTimeoutError::Timeout => Refusal::NotYet,
        RecvTimeoutError::Disconnected => Refusal::Stopped,
    }
}

impl EngineHandle {
    /// Looks at what the loop knows, in the loop's own thread: keep it short.
    ///
    /// # Errors
    /// If the engine has stopped.
    pub fn inspect<T: Send + 'static>(&self, look: impl FnOnce(&Core) -> T + Send + 'static) -> Result<T, Refusal> {
        let (answer, answered) = sync_channel(1);
        let look = move |core: &Core| {
            let _gone = answer.try_send(look(core));
        };
        self.events.send(Event::Inspect(Box::new(look))).map_err(|_| Refusal::Stopped)?;
        answered.recv_timeout(ANSWER_WITHIN).map_err(unanswered)
    }

    /// Does something; returns when it is stored.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn act(&self, action: Action) -> Result<Done, Refusal> {
        let (answer, answered) = sync_channel(1);
        self.events.send(Event::Act(Box::new(action), answer)).map_err(|_| Refusal::Stopped)?;
        answered.recv_timeout(ANSWER_WITHIN).map_err(unanswered)?
    }

    /// Hands live samples to `sink`, at most six times a second, until it says false. `sink` must not wait.
    pub fn watch_live(&self, sink: impl Fn(Timestamp, &[LiveSample]) -> bool + Send + 'static) {
        let _ended = self.watchers.send(Watcher::Live(Box::new(sink)));
    }

    /// Tells `sink` which domains changed, at most six times a second, until it says false. `sink` must not wait.
    pub fn watch_changes(&self, sink: impl Fn(u64, &[Domain]) -> bool + Send + 'static) {
        let _ended = self.watchers.send(Watcher::Changes(Box::new(sink)));
    }

    /// The store, for queries beside the loop.
    #[must_use]
    pub const fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The keys of this station.
    #[must_use]
    pub fn keys(&self) -> &KeyStore {
        &self.keys
    }

    /// Both clocks.
    #[must_use]
    pub fn now(&self) -> Now {
        self.clock.now()
    }

    /// Whether another process holds the store.
    #[must_use]
    pub const fn read_only(&self) -> bool {
        self.read_only
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// Ends the loop and waits for it: the store is closed and its lock free when this returns.
    pub fn stop(&self) {
        let _ended = self.events.send(Event::Stop);
        let thread = self.thread.lock().ok().and_then(|mut thread| thread.take());
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the engine's thread ended by a panic");
        }
    }
}
