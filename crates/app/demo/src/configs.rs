//! Configs that the pans applied, kept between starts in one small file, as a real pan keeps its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::DemoError;

/// Name of the file in the demo's folder.
const FILE: &str = "demo-pans.json";

/// A config that a pan applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Applied {
    pub(crate) version: u64,
    pub(crate) config: Value,
}

/// The pans' configs by name. Without a folder they last as long as the process.
#[derive(Debug)]
pub(crate) struct Configs {
    file: Option<PathBuf>,
    applied: Mutex<BTreeMap<String, Applied>>,
}

impl Configs {
    /// Reads what is kept in `folder`. A file that cannot be understood counts as empty: it is the demo's, and is written
    /// anew with the next config.
    ///
    /// # Errors
    /// If the folder cannot be made or its file not be read.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, DemoError> {
        let Some(folder) = folder else { return Ok(Self { file: None, applied: Mutex::default() }) };
        let failed = |cause| DemoError::Folder { folder: folder.to_owned(), cause };
        fs::create_dir_all(folder).map_err(failed)?;
        let file = folder.join(FILE);
        let applied = match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::warn!(%error, file = %file.display(), "the demo's kept configs are not readable: starting without");
                BTreeMap::new()
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(failed(error)),
        };
        Ok(Self { file: Some(file), applied: Mutex::new(applied) })
    }

    /// What this pan applied last.
    pub(crate) fn of(&self, pan: &str) -> Option<Applied> {
        self.applied.lock().unwrap_or_else(PoisonError::into_inner).get(pan).cloned()
    }

    /// Keeps what this pan applied. If the file cannot be written the pan goes on and the log says so.
    pub(crate) fn keep(&self, pan: &str, applied: Applied) {
        let mut all = self.applied.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(pan.to_owned(), applied);
        let Some(file) = &self.file else { return };
        if let Err(error) = write_whole(file, &all) {
            tracing::warn!(%error, file = %file.display(), "the demo's configs could not be kept");
        }
    }
}

/// Beside the file first, then in its place: a crash leaves the old or the new, never half of one.
fn write_whole(file: &Path, all: &BTreeMap<String, Applied>) -> std::io::Result<()> {
    let beside = file.with_extension("json.new");
    fs::write(&beside, serde_json::to_vec(all)?)?;
    fs::rename(&beside, file)
}

#[cfg(test)]
mod tests {
    use super::{Applied, Configs, FILE};
    use serde_json::json;

    #[test]
    fn configs_outlive_a_restart_and_damage_is_no_obstacle() {
        let folder = tempfile::tempdir().unwrap();
        let applied = Applied { version: 12_004, config: json!({"temperature_setpoint": 46.5}) };
        let configs = Configs::open(Some(folder.path())).unwrap();
        assert_eq!(configs.of("pan-01"), None);
        configs.keep("pan-01", applied.clone());
        assert_eq!(Configs::open(Some(folder.path())).unwrap().of("pan-01"), Some(applied.clone()));
        std::fs::write(folder.path().join(FILE), b"{\"pan-01\":").unwrap();
        let configs = Configs::open(Some(folder.path())).unwrap();
        assert_eq!(configs.of("pan-01"), None);
        configs.keep("pan-01", applied.clone());
        assert_eq!(Configs::open(Some(folder.path())).unwrap().of("pan-01"), Some(applied));
    }

    #[test]
    fn a_folder_that_is_a_file_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = Configs::open(Some(file.path())).unwrap_err();
        assert!(error.to_string().contains("cannot be used"), "{error}");
    }
}
