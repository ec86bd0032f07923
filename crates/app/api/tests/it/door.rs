//! A door with a host that types what it is told to.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use panfloor_api::dto::{ApiError, ErrorCode, PromptDto};
use panfloor_api::{Api, Attempt, DemoOptions, Host, Profile, Station, StationSetup};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Longest wait for anything; reached only by a failing test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// Longest time between two looks: a bound should a notice be missed.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What a user types; without it the demo's passphrase, where the prompt brings it along.
#[derive(Default)]
pub(crate) struct Typist {
    pub(crate) types: Mutex<Option<String>>,
    pub(crate) prompts: Mutex<Vec<PromptDto>>,
    /// Where files are saved; without it the user gives up.
    pub(crate) saves_to: Mutex<Option<PathBuf>>,
}

impl Typist {
    pub(crate) fn types(&self, passphrase: &str) {
        *self.types.lock().unwrap() = Some(passphrase.to_owned());
    }
}

impl Host for Typist {
    fn ask_passphrase(&self, prompt: PromptDto, attempt: Attempt<'_>) -> Result<(), ApiError> {
        let typed = self.types.lock().unwrap().clone().or_else(|| prompt.demo_passphrase.clone());
        self.prompts.lock().unwrap().push(prompt);
        match typed {
            Some(typed) => attempt(&typed),
            None => Ok(()),
        }
    }

    fn switch(&self, _: Profile) -> Result<(), ApiError> {
        Ok(())
    }

    fn ask_save_path(&self, _: &str) -> Option<PathBuf> {
        self.saves_to.lock().unwrap().clone()
    }

    fn log_folder(&self) -> Option<PathBuf> {
        None
    }

    fn autostart(&self) -> Option<bool> {
        None
    }

    fn set_autostart(&self, _: bool) -> Result<(), ApiError> {
        Ok(())
    }
}

/// A door, whoever types, and the notices that come through it.
pub(crate) struct Door {
    pub(crate) api: Arc<Api>,
    pub(crate) typist: Arc<Typist>,
    pub(crate) runtime: Runtime,
    pub(crate) folder: TempDir,
    changed: Receiver<()>,
}

impl Door {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let typist = Arc::new(Typist::default());
        let api = Arc::new(Api::new(Arc::<Typist>::clone(&typist), runtime.handle().clone()));
        let (sender, changed) = channel();
        api.watch_changes(move |_| sender.send(()).is_ok());
        Self { api, typist, runtime, folder: TempDir::new().unwrap(), changed }
    }

    /// A door to a demo plant of its own.
    pub(crate) fn demo(machines: u16) -> (Self, Station) {
        let door = Self::new();
        let setup = StationSetup {
            folder: door.folder.path().join("demo"),
            demo: Some(DemoOptions { machines, seed: 1, fresh: false }),
            founding: None,
            sources: Vec::new(),
        };
        let station = panfloor_api::open(setup, door.runtime.handle()).unwrap();
        door.api.open(station.engine.clone(), true);
        (door, station)
    }

    pub(crate) fn call(&self, name: &str, request: Value) -> Result<Value, ApiError> {
        self.api.call(name, request)
    }

    /// The code of the error that a call comes to.
    /// Where the host saves from now on.
    pub(crate) fn saves_to(&self, path: Option<&std::path::Path>) {
        *self.typist.saves_to.lock().unwrap() = path.map(std::path::Path::to_path_buf);
    }

    pub(crate) fn refused(&self, name: &str, request: Value) -> Option<ErrorCode> {
        self.api.call(name, request).err().map(|error| error.code)
    }

    /// Waits until a look at an answer finds something.
    pub(crate) fn wait<T>(&self, name: &str, look: impl Fn(&Value) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.call(name, Value::Null).unwrap();
            if let Some(found) = look(&answer) {
                return found;
            }
            assert!(Instant::now() < deadline, "{name} stays {answer:#}");
            // Whether woken or not, it is looked again.
            let _woken = self.changed.recv_timeout(LOOK_EVERY);
        }
    }
}
