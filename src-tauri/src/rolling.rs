//! A log in files of bounded size and number, so that a flood of lines cannot fill the disk that the plant's data needs.

use std::fs::{File, OpenOptions, rename};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How much is kept.
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

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { file_bytes: 100, files: 3 };

    /// A folder of this test's own, removed at its end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("panfloor-rolling-{name}-{}", std::process::id()));
            Self(path)
        }

        fn files(&self) -> Vec<(String, String)> {
            let mut files: Vec<_> = std::fs::read_dir(&self.0)
                .unwrap()
                .map(|entry| entry.unwrap())
                .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap()))
                .collect();
            files.sort();
            files
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _gone = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_flood_of_lines_keeps_to_its_bounds_and_the_newest_stay() {
        let folder = Folder::new("flood");
        let mut log = Rolling::open(&folder.0, BOUNDS).unwrap();
        for number in 0..1000 {
            writeln!(log, "line {number:04}").unwrap();
        }
        let files = folder.files();
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["panfloor.1.log", "panfloor.2.log", "panfloor.log"]);
        assert!(files.iter().all(|(_, text)| text.len() <= 100 && text.ends_with('\n')), "{files:?}");
        let kept = format!("{}{}{}", files[1].1, files[0].1, files[2].1);
        let numbers: Vec<u32> = kept.lines().map(|line| line[5..].parse().unwrap()).collect();
        assert_eq!(numbers, (1000 - numbers.len() as u32..1000).collect::<Vec<_>>());
        assert!(numbers.len() > 20);
    }

    #[test]
    fn a_restart_goes_on_in_the_same_file_and_keeps_to_the_bound() {
        let folder = Folder::new("restart");
        for start in 0..30 {
            let mut log = Rolling::open(&folder.0, BOUNDS).unwrap();
            writeln!(log, "start {start:02}, {}", "x".repeat(30)).unwrap();
        }
        let files = folder.files();
        assert_eq!(files.len(), 3);
        assert!(files.iter().all(|(_, text)| text.len() <= 100), "{files:?}");
        assert!(files[2].1.contains("start 29"));
    }

    #[test]
    fn one_line_beyond_the_bound_is_written_whole() {
        let folder = Folder::new("long");
        let mut log = Rolling::open(&folder.0, BOUNDS).unwrap();
        let long = "y".repeat(500);
        writeln!(log, "{long}").unwrap();
        writeln!(log, "after").unwrap();
        assert!(folder.files().iter().any(|(_, text)| text.contains(&long)));
        assert_eq!(folder.files().last().unwrap().1, "after\n");
    }
}
