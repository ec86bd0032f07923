//! What the door needs of the desktop: a passphrase window, a save dialog, autostart, another station.

use std::path::PathBuf;
use std::sync::Arc;

use panfloor_api::dto::{ApiError, ErrorCode, PromptDto};
use panfloor_api::{Attempt, DemoOptions, Host, Profile, StationSetup};
use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt as _;
use tauri_plugin_dialog::DialogExt as _;

use crate::prompt::Typed;
use crate::state::{AppState, data_folder};
use crate::{logs, windows};

/// The desktop.
pub(crate) struct Window {
    app: AppHandle,
    state: Arc<AppState>,
}

impl Window {
    pub(crate) const fn new(app: AppHandle, state: Arc<AppState>) -> Self {
        Self { app, state }
    }
}

/// The user gave up.
fn given_up() -> ApiError {
    ApiError { code: ErrorCode::Cancelled, sentence: "no passphrase was given; nothing was signed".to_owned() }
}

/// An error of the desktop.
fn failed(what: &str, problem: &dyn std::fmt::Display) -> ApiError {
    ApiError { code: ErrorCode::Internal, sentence: format!("{what}: {problem}") }
}

impl Host for Window {
    fn ask_passphrase(&self, prompt: PromptDto, attempt: Attempt<'_>) -> Result<(), ApiError> {
        let typed = self.state.prompts.begin(prompt)?;
        let window = windows::open_passphrase(&self.app);
        let outcome = match &window {
            Ok(_) => loop {
                match typed.recv() {
                    Ok(Typed::Passphrase(text, verdict)) => {
                        let tried = attempt(&text);
                        let done = tried.is_ok();
                        // The window may have been closed meanwhile.
                        let _gone = verdict.send(tried);
                        if done {
                            break Ok(());
                        }
                    }
                    Ok(Typed::GivenUp) | Err(_) => break Err(given_up()),
                }
            },
            Err(problem) => Err(failed("the passphrase window does not open", problem)),
        };
        self.state.prompts.end();
        windows::close_passphrase(&self.app);
        outcome
    }

    fn switch(&self, profile: Profile) -> Result<(), ApiError> {
        let folder = data_folder(self.state.arguments());
        let setup = match profile {
            Profile::Demo => {
                let demo = Some(DemoOptions { machines: self.state.arguments().machines, ..DemoOptions::default() });
                StationSetup { folder: folder.join("demo"), demo, founding: None, sources: Vec::new() }
            }
            Profile::Found(request, passphrase) => {
                let (founding, sources) = panfloor_api::founding(*request, passphrase, &station_name())?;
                StationSetup { folder: folder.join("site"), demo: None, founding: Some(founding), sources }
            }
        };
        self.state.open(setup).map_err(|problem| failed("this plant cannot be opened", &problem))
    }

    fn ask_save_path(&self, suggested: &str) -> Option<PathBuf> {
        let dialog = self.app.dialog().file().set_file_name(suggested);
        dialog.blocking_save_file()?.into_path().ok()
    }

    fn log_folder(&self) -> Option<PathBuf> {
        Some(logs::folder(self.state.arguments()))
    }

    fn autostart(&self) -> Option<bool> {
        self.app.autolaunch().is_enabled().ok()
    }

    fn set_autostart(&self, enabled: bool) -> Result<(), ApiError> {
        let autolaunch = self.app.autolaunch();
        let set = if enabled { autolaunch.enable() } else { autolaunch.disable() };
        set.map_err(|problem| failed("the system does not let Panfloor start at login", &problem))
    }
}

/// This PC's name.
fn station_name() -> String {
    let from_files = || std::fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned());
    std::env::var("COMPUTERNAME")
        .ok()
        .or_else(from_files)
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "Station".to_owned())
}
