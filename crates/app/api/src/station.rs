//! A station: the engine on its folder, and the demo plant where that is what is looked at.

use std::path::PathBuf;
use std::time::Duration;

use panfloor_change::HeartbeatPace;
use panfloor_demo::{Demo, DemoError, DemoSetup};
use panfloor_engine::{EngineHandle, EngineSetup, Founding, LinkState, SourceSetup, StartError};
use panfloor_keys::WrappingPlace;
use panfloor_wire::Mapping;
use thiserror::Error;

use crate::demo_site::demo_founding;

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
    /// A site to found, with its first source.
    pub founding: Option<(Founding, Vec<SourceSetup>)>,
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
            let (founding, sources) = setup.founding.map_or((None, Vec::new()), |(founding, sources)| (Some(founding), sources));
            let entry = setup.folder.display().to_string();
            let wrapping = WrappingPlace::Keyring { entry };
            let pace = HeartbeatPace::default();
            let engine = EngineSetup { folder: setup.folder, wrapping, founding, sources, keep_sources: true, pace };
            Ok(Station { engine: panfloor_engine::start(engine, runtime)?, demo: None })
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
    };
    let engine = EngineSetup {
        folder,
        // A file of the demo's own: looking at a demo must not touch the user's keyring.
        wrapping: WrappingPlace::File,
        founding: Some(demo_founding()),
        sources: vec![source],
        keep_sources: false,
        pace: HeartbeatPace::default(),
    };
    let engine = panfloor_engine::start(engine, runtime)?;
    wait_until_listening(&engine);
    demo.begin();
    Ok(Station { engine, demo: Some(demo) })
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

impl Station {
    /// Ends the pans and the engine; the folder is free when this returns.
    pub fn close(mut self, runtime: &tokio::runtime::Handle) {
        if let Some(demo) = self.demo.take() {
            runtime.block_on(demo.stop());
        }
        self.engine.stop();
    }
}
