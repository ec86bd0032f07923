//! A log in files of bounded size and number, so that a flood of lines cannot fill the disk that the plant's data needs.

use std::fs::{File, OpenOptions, rename};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How much is kept. `tests/host/logs.test.mjs` pins that it is kept to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Largest size of a file, in bytes.
    pub(crate) file_bytes: u64,
    /// Files kept, the one written to among them.
    pub(crate) files: usize,
}

/// Writes to `panfloor.log`; a full one becomes `panfloor.1.log`, and the oldest goes.
#[derive(Debug)]
pub(crate) struct Rolling {
    folder: PathBuf,
    bounds: Bounds,
    file: File,
    bytes: u64,
}

/// A file by its age; 0 is the one written to.
fn path(folder: &Path, age: usize) -> PathBuf {
    folder.join(if age == 0 { "panfloor.log".to_owned() } else { format!("panfloor.{age}.log") })
}

impl Rolling {
    /// Goes on where the last start stopped.
    ///
    /// # Errors
    /// If the folder or the file cannot be made or written.
    pub(crate) fn open(folder: &Path, bounds: Bounds) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = OpenOptions::new().create(true).append(true).open(path(folder, 0))?;
        let bytes = file.metadata()?.len();
        Ok(Self { folder: folder.to_owned(), bounds, file, bytes })
    }

    /// Makes every file one older and begins a new one.
    fn turn(&mut self) -> io::Result<()> {
        for age in (1..self.bounds.files).rev() {
            match rename(path(&self.folder, age - 1), path(&self.folder, age)) {
                Err(problem) if problem.kind() != io::ErrorKind::NotFound => return Err(problem),
                Ok(()) | Err(_) => {}
            }
        }
        self.file = File::create(path(&self.folder, 0))?;
        self.bytes = 0;
        Ok(())
    }
}

impl Write for Rolling {
    /// Takes one line, whole; a line is never cut in two files.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.bytes > 0 && self.bytes + line.len() as u64 > self.bounds.file_bytes {
            self.turn()?;
        }
        self.file.write_all(line)?;
        self.bytes += line.len() as u64;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
