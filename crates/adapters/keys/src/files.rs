//! Files: names that any file system takes, and writes that replace all or nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::KeyError;

/// Longest user id or secret name, bytes: twice that and an ending fit into a file name everywhere.
pub(crate) const MAX_NAME_BYTES: usize = 100;

/// Longest sealed file that is read, bytes: keys and passwords are far shorter.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Ending of sealed files.
pub(crate) const SEALED: &str = "sealed";

/// An error at a path.
pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> KeyError + use<'_> {
    |source| KeyError::Io { path: path.to_owned(), source }
}

/// Makes the folder, for the user alone. On Windows the user's profile, where it lies, is closed to other users.
pub(crate) fn make_folder(folder: &Path) -> Result<(), KeyError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(io(folder))
}

/// The file of a sealed thing: its name in hexadecimal, so that no name is special to any file system.
pub(crate) fn sealed_path(folder: &Path, kind: &str, name: &str) -> Result<PathBuf, KeyError> {
    if name.is_empty() || name.len() > MAX_NAME_BYTES {
        return Err(KeyError::Name { name: name.to_owned() });
    }
    let hex: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    Ok(folder.join(format!("{kind}-{hex}.{SEALED}")))
}

/// The names of all sealed things of a kind, in order.
pub(crate) fn sealed_names(folder: &Path, kind: &str) -> Result<Vec<String>, KeyError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(io(folder))? {
        let file = entry.map_err(io(folder))?.file_name();
        let text = file.to_str().and_then(|text| text.strip_suffix(&format!(".{SEALED}")));
        names.extend(text.and_then(|text| text.strip_prefix(&format!("{kind}-"))).and_then(from_hex));
    }
    names.sort();
    Ok(names)
}

/// The name behind its hexadecimal digits.
fn from_hex(hex: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> =
        hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    String::from_utf8(bytes?).ok()
}

/// Whether anything sealed lies in the folder.
pub(crate) fn holds_sealed(folder: &Path) -> Result<bool, KeyError> {
    for entry in fs::read_dir(folder).map_err(io(folder))? {
        let path = entry.map_err(io(folder))?.path();
        if path.extension().is_some_and(|ending| ending == SEALED) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads a file; `None` if there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(path)(error)),
    };
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(MAX_FILE_BYTES).read_to_end(&mut bytes).map_err(io(path))?;
    Ok(Some(bytes))
}

/// Writes a file, for the user alone: all of it or, after a crash, what was there before.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let temporary = path.with_extension("new");
    // One left over by a crash; only one process works in this folder.
    remove(&temporary)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary).map_err(io(&temporary))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(io(&temporary))?;
    drop(file);
    fs::rename(&temporary, path).map_err(io(path))?;
    // The rename itself must reach the disc; Windows cannot open a folder for that and does not need it.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io(path))?;
    }
    Ok(())
}

/// Removes a file; one that is not there is no error.
pub(crate) fn remove(path: &Path) -> Result<(), KeyError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io(path)(error)),
    }
}
