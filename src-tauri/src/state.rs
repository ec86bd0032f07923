//! What is open: arguments, runtime, the door, and the station behind it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use panfloor_api::dto::Trouble;
use panfloor_api::{Api, DemoOptions, Station, StationError, StationSetup};
use tauri::AppHandle;

use crate::arguments::Arguments;
use crate::host::Window;
use crate::prompt::Prompts;
use crate::status;

/// State of the application.
pub(crate) struct AppState {
    arguments: Arguments,
    runtime: tokio::runtime::Handle,
    api: OnceLock<Arc<Api>>,
    station: Mutex<Option<Station>>,
    pub(crate) prompts: Prompts,
}

/// The folder of all of this user's Panfloor data.
pub(crate) fn data_folder(arguments: &Arguments) -> PathBuf {
    arguments.data.clone().unwrap_or_else(|| {
        directories::ProjectDirs::from("com", "Panfloor", "panfloor")
            .map_or_else(|| PathBuf::from("panfloor-data"), |folders| folders.data_local_dir().to_owned())
    })
}

impl AppState {
    pub(crate) fn new(arguments: Arguments, runtime: tokio::runtime::Handle) -> Self {
        let (api, station, prompts) = (OnceLock::new(), Mutex::new(None), Prompts::default());
        Self { arguments, runtime, api, station, prompts }
    }

    /// What the application was told at its start.
    pub(crate) const fn arguments(&self) -> &Arguments {
        &self.arguments
    }

    /// The door. Commands can only come once there is a window, and the window comes after [`Self::start`].
    pub(crate) fn api(&self) -> Option<Arc<Api>> {
        self.api.get().cloned()
    }

    /// Opens the station beside the building of the window: both take their time.
    pub(crate) fn start(self: &Arc<Self>, app: &AppHandle) {
        let host = Arc::new(Window::new(app.clone(), Arc::clone(self)));
        let api = Arc::new(Api::new(host, self.runtime.clone()));
        let _first = self.api.set(Arc::clone(&api));
        let demo = self.arguments.demo.then_some(DemoOptions {
            machines: self.arguments.machines,
            seed: self.arguments.seed,
            fresh: self.arguments.fresh,
        });
        let state = Arc::clone(self);
        let every = self.arguments.status_every;
        std::thread::spawn(move || {
            let folder = data_folder(&state.arguments).join(if demo.is_some() { "demo" } else { "site" });
            // What went wrong is at the door for the window, and on stderr for whoever started it from a terminal.
            if let Err(problem) = state.open(StationSetup { folder, demo, founding: None, sources: Vec::new() }) {
                status::complain(&format!("panfloor: {problem}"));
            }
            if let Some(every) = every {
                status::print(&state, every);
            }
        });
    }

    /// Closes what is open and opens another station.
    pub(crate) fn open(&self, setup: StationSetup) -> Result<(), StationError> {
        let Some(api) = self.api() else { return Ok(()) };
        self.stop();
        let demo = setup.demo.is_some();
        match panfloor_api::open(setup, &self.runtime) {
            Ok(station) => {
                let engine = station.engine.clone();
                *self.station.lock().unwrap_or_else(PoisonError::into_inner) = Some(station);
                api.open(engine, demo);
                Ok(())
            }
            Err(problem) => {
                tracing::error!(%problem, "the station does not open");
                let since_ms = panfloor_api::now_ms();
                api.close(Trouble { code: "start_failed".to_owned(), sentence: problem.to_string(), since_ms });
                Err(problem)
            }
        }
    }

    /// Looks at the demo plant, where one is running.
    pub(crate) fn with_station<T>(&self, look: impl FnOnce(&Station) -> T) -> Option<T> {
        self.station.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(look)
    }

    /// Closes what is open.
    pub(crate) fn stop(&self) {
        let station = self.station.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(station) = station {
            station.close(&self.runtime);
        }
    }
}
