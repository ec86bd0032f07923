//! A station: the engine on its folder, and the demo plant where that is what is looked at.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use panfloor_change::HeartbeatPace;
use panfloor_demo::{Demo, DemoError, DemoSetup};
use panfloor_engine::{
    ADOPTS_PER_HOUR, EngineHandle, EngineSetup, Founding, LinkState, Member, SourceSetup, StartError,
};
use panfloor_keys::WrappingPlace;
use panfloor_model::Role;
use panfloor_wire::Mapping;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::demo_site::demo_founding;
use crate::dto::{ApiError, CreateSiteRequest};

/// How the demo plant is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOptions {
    /// Machines, 1 to 40.
    pub machines: u16,
    /// Seed of everything random.
    pub seed: u64,
    /// Empty its folder first.
    pub fresh: bool,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self { machines: panfloor_demo::DEFAULT_MACHINES, seed: 1, fresh: false }
    }
}

/// What to open.
#[derive(Debug)]
pub struct StationSetup {
    /// Folder of this plant's data.
    pub folder: PathBuf,
    /// The demo plant, if that is what is looked at.
    pub demo: Option<DemoOptions>,
    /// A site to found, if this folder has none.
    pub founding: Option<Founding>,
    /// Sources to add to those that the folder knows; kept from then on.
    pub sources: Vec<SourceSetup>,
}

/// Why a station could not be opened.
#[derive(Debug, Error)]
pub enum StationError {
    /// The engine.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The demo plant.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The demo's folder could not be emptied.
    #[error("the demo's folder {} cannot be emptied: {why}", folder.display())]
    Empty {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
}

/// An open station.
pub struct Station {
    /// Its engine.
    pub engine: EngineHandle,
    /// The demo plant, if one is running.
    pub demo: Option<Demo>,
    committed_before: u64,
    acknowledged_then: AtomicU64,
}

/// What a request to create a site comes to: the founding, and the first source.
///
/// # Errors
/// If the source's topics cannot be used.
pub fn founding(
    request: CreateSiteRequest,
    passphrase: Zeroizing<String>,
    station_name: &str,
) -> Result<(Founding, Vec<SourceSetup>), ApiError> {
    let mut sources = Vec::new();
    if let Some(source) = request.source {
        let mapping = crate::answer::mapping_of(&source)?;
        sources.push(SourceSetup {
            key: "home".to_owned(),
            name: source.name,
            host: source.host,
            port: source.port,
            username: source.username.filter(|name| !name.is_empty()),
            password: source.password.filter(|password| !password.is_empty()).map(Zeroizing::new),
            mapping,
            adopts_per_hour: Some(ADOPTS_PER_HOUR),
        });
    }
    let administrator = Member {
        id: user_id(&request.user_name),
        name: request.user_name.trim().to_owned(),
        roles: vec![Role::Operator, Role::Engineer, Role::Approver, Role::Administrator],
        passphrase,
    };
    let site_name = request.site.trim().to_owned();
    let founding = Founding {
        site_name,
        station_name: station_name.to_owned(),
        administrator,
        members: Vec::new(),
        unless_founded: false,
    };
    Ok((founding, sources))
}

/// A user's id from the name: lower case, dashes for spaces.
fn user_id(name: &str) -> String {
    let id: String = name
        .trim()
        .chars()
        .map(|c| if c.is_alphanumeric() { c.to_lowercase().next().unwrap_or(c) } else { '-' })
        .collect();
    if id.is_empty() { "administrator".to_owned() } else { id }
}

/// How long the demo's pans wait for the engine to listen before they begin all the same.
const LISTEN_WITHIN: Duration = Duration::from_secs(5);

/// Opens a station.
///
/// # Errors
/// If the folder cannot be used, or the demo plant does not come up.
pub fn open(setup: StationSetup, runtime: &tokio::runtime::Handle) -> Result<Station, StationError> {
    match setup.demo {
        Some(options) => open_demo(setup.folder, options, runtime),
        None => {
            let entry = setup.folder.display().to_string();
            let wrapping = WrappingPlace::Keyring { entry };
            let pace = HeartbeatPace::default();
            let store = panfloor_historian::Options::default();
            let StationSetup { folder, founding, sources, .. } = setup;
            let engine = EngineSetup { folder, wrapping, founding, sources, keep_sources: true, pace, store };
            Ok(Station::new(panfloor_engine::start(engine, runtime)?, None))
        }
    }
}

/// Opens the demo plant: broker first, then the engine, then, once it listens, the pans' telemetry.
fn open_demo(folder: PathBuf, options: DemoOptions, runtime: &tokio::runtime::Handle) -> Result<Station, StationError> {
    if options.fresh && folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|why| StationError::Empty { folder: folder.clone(), why })?;
    }
    let demo = Demo::start(
        runtime,
        &DemoSetup {
            machines: options.machines,
            seed: options.seed,
            folder: Some(folder.join("pans")),
            hold: true,
            ..DemoSetup::default()
        },
    )?;
    let source = SourceSetup {
        key: "demo".to_owned(),
        name: "Demo broker".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: demo.port(),
        username: None,
        password: None,
        mapping: Mapping::default(),
        adopts_per_hour: None,
    };
    let engine = EngineSetup {
        folder,
        // A file of the demo's own: looking at a demo must not touch the user's keyring.
        wrapping: WrappingPlace::File,
        founding: Some(demo_founding()),
        sources: vec![source],
        keep_sources: false,
        pace: HeartbeatPace::default(),
        store: panfloor_historian::Options::default(),
    };
    let engine = panfloor_engine::start(engine, runtime)?;
    wait_until_listening(&engine);
    let station = Station::new(engine, Some(demo));
    if let Some(demo) = &station.demo {
        demo.begin();
    }
    Ok(station)
}

/// Waits until the engine's subscriptions stand: what a pan publishes before is nobody's to keep.
fn wait_until_listening(engine: &EngineHandle) {
    let began = engine.now().mono;
    let connected = |engine: &EngineHandle| {
        let sources = engine.inspect(panfloor_engine::Core::sources).unwrap_or_default();
        sources.iter().all(|source| matches!(source.state, LinkState::Connected { .. }))
    };
    while !engine.read_only() && !connected(engine) && engine.now().mono.since(began) < LISTEN_WITHIN {
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A counter of the store.
fn counted(engine: &EngineHandle, name: &str) -> u64 {
    let counters = engine.reader().counters().unwrap_or_default();
    counters.into_iter().find(|(known, _)| known == name).map_or(0, |(_, count)| count)
}

impl Station {
    /// Puts the parts together.
    fn new(engine: EngineHandle, demo: Option<Demo>) -> Self {
        let committed_before = counted(&engine, "committed");
        Self { engine, demo, committed_before, acknowledged_then: AtomicU64::new(0) }
    }

    /// One line on how the station is: machines, messages a second, committed, lost, alarms.
    #[must_use]
    pub fn status_line(&self) -> String {
        let looked = self.engine.inspect(|core| {
            let rate: f64 = core.sources().iter().map(|source| source.messages_per_s).fold(0.0, |sum, rate| sum + rate);
            (core.plant.machines().count(), rate, core.alarms.active().count())
        });
        let Ok((machines, rate, alarms)) = looked else { return "the engine has stopped".to_owned() };
        let committed = self.committed();
        let lost = self.demo.as_ref().map_or_else(
            || "–".to_owned(),
            |demo| {
                // What the broker had acknowledged at the line before has had its time to be committed.
                let then = self.acknowledged_then.swap(demo.acknowledged_count(), Ordering::Relaxed);
                then.saturating_sub(committed).to_string()
            },
        );
        format!("machines {machines}  messages/s {rate:.1}  committed {committed}  lost {lost}  alarms {alarms}")
    }

    /// Readings committed since this station was opened.
    #[must_use]
    pub fn committed(&self) -> u64 {
        counted(&self.engine, "committed").saturating_sub(self.committed_before)
    }

    /// Ends the pans and the engine; the folder is free when this returns.
    pub fn close(mut self, runtime: &tokio::runtime::Handle) {
        if let Some(demo) = self.demo.take() {
            runtime.block_on(demo.stop());
        }
        self.engine.stop();
    }
}
