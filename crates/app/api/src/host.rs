//! What the door needs of whoever hosts it: a window, or a script.

use std::path::PathBuf;

use crate::dto::{ApiError, CreateSiteRequest, PromptDto};

/// Tries a passphrase: an error says why it does not open the key, and whether to ask again.
pub type Attempt<'a> = &'a mut dyn FnMut(&str) -> Result<(), ApiError>;

/// Which plant a station shows.
#[derive(Debug, Clone)]
pub enum Profile {
    /// The demo plant.
    Demo,
    /// A site to be founded, with the passphrase of its first administrator.
    Found(Box<CreateSiteRequest>, zeroize::Zeroizing<String>),
}

/// A host.
pub trait Host: Send + Sync {
    /// Asks for a passphrase in a place that nothing else can read, and hands each one typed to `attempt` until one is
    /// accepted or the user gives up. Blocks; called from a thread that may wait.
    ///
    /// # Errors
    /// If the user gives up, or there is nobody to ask.
    fn ask_passphrase(&self, prompt: PromptDto, attempt: Attempt<'_>) -> Result<(), ApiError>;

    /// Changes to another plant: the running station is closed and another one opened.
    ///
    /// # Errors
    /// If that plant cannot be opened.
    fn switch(&self, profile: Profile) -> Result<(), ApiError>;

    /// Asks where to save a file of this name; `None` if the user gives up.
    fn ask_save_path(&self, suggested: &str) -> Option<PathBuf>;

    /// Where the logs lie; `None` if they go nowhere.
    fn log_folder(&self) -> Option<PathBuf>;

    /// Whether Panfloor starts with the system; `None` if this host cannot say.
    fn autostart(&self) -> Option<bool>;

    /// Lets Panfloor start with the system, or not.
    ///
    /// # Errors
    /// If the system does not let it.
    fn set_autostart(&self, enabled: bool) -> Result<(), ApiError>;
}
