//! The data folder: its lock, the names of its files, their sizes.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{HistorianError, Result};
use crate::types::Sizes;

/// Months before 2000 and after 2199 share one file, so that a device with a wild clock cannot make thousands.
const OTHER: &str = "other";
/// Years with a file for each month.
const YEARS: std::ops::RangeInclusive<i64> = 2000..=2199;
/// Hours in a day.
const DAY_HOURS: i64 = 24;

/// The live file of a folder.
pub(crate) fn live(folder: &Path) -> PathBuf {
    folder.join("live.db")
}

/// The file of a month.
pub(crate) fn month(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("history-{name}.db"))
}

/// The name of the month an hour lies in: `2026-11`, or `other`. `hour` counts from 1970-01-01T00Z.
pub(crate) fn month_of(hour: i64) -> String {
    let (year, month) = civil(hour.div_euclid(DAY_HOURS));
    if YEARS.contains(&year) { format!("{year:04}-{month:02}") } else { OTHER.to_owned() }
}

/// Year and month of a day counted from 1970-01-01, in the proleptic Gregorian calendar. Counted in years that start
/// in March, so that the leap day is a year's last: 146,097 days make 400 years.
fn civil(day: i64) -> (i64, i64) {
    let since_0000_03_01 = day.saturating_add(719_468);
    let era = since_0000_03_01.div_euclid(146_097);
    let of_era = since_0000_03_01.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month)
}

/// Names of the months that have a file, oldest first, `other` last.
pub(crate) fn months(folder: &Path) -> Result<Vec<String>> {
    let io = |source| HistorianError::Io { path: folder.to_owned(), source };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let name = entry.map_err(io)?.file_name();
        let month = name.to_str().and_then(|n| n.strip_prefix("history-")).and_then(|n| n.strip_suffix(".db"));
        names.extend(month.map(str::to_owned));
    }
    names.sort_unstable();
    Ok(names)
}

/// Those of `months` that can hold hours from `first` to `last`, both included.
pub(crate) fn months_between(folder: &Path, first: i64, last: i64) -> Result<Vec<String>> {
    let name = |hour: i64| {
        let (year, month) = civil(hour.div_euclid(DAY_HOURS));
        (year, month)
    };
    let (from, to) = (name(first), name(last));
    let inside = |month: &str| {
        let parsed = month.split_once('-').and_then(|(y, m)| Some((y.parse::<i64>().ok()?, m.parse::<i64>().ok()?)));
        parsed.is_none_or(|at| from <= at && at <= to)
    };
    Ok(months(folder)?.into_iter().filter(|m| inside(m)).collect())
}

/// Bytes on the disk.
pub(crate) fn sizes(folder: &Path) -> Result<Sizes> {
    let len = |path: &Path| std::fs::metadata(path).map_or(0, |m| m.len());
    let months = months(folder)?.into_iter().map(|name| {
        let bytes = len(&month(folder, &name)) + len(&folder.join(format!("history-{name}.db-wal")));
        (name, bytes)
    });
    Ok(Sizes {
        live_bytes: len(&live(folder)),
        wal_bytes: len(&folder.join("live.db-wal")),
        months: months.collect(),
        free_disk_bytes: fs4::available_space(folder).ok(),
    })
}

/// The folder's lock, held until it is dropped, be it by a crash.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing alone would leave the lock with a child process that has been forked and has not yet closed its
        // copy of the file. If this fails, closing is what is left.
        let _ = self.0.unlock();
    }
}

/// Takes the folder's lock; makes the folder if need be.
pub(crate) fn lock(folder: &Path) -> Result<Lock> {
    let path = folder.join("lock");
    let not_writable = |e: std::io::Error| HistorianError::NotWritable { path: path.clone(), why: e.to_string() };
    std::fs::create_dir_all(folder)
        .map_err(|e| HistorianError::NotWritable { path: folder.to_owned(), why: e.to_string() })?;
    let mut file =
        OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path).map_err(not_writable)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(HistorianError::Locked { path }),
        Err(TryLockError::Error(source)) => return Err(HistorianError::Io { path, source }),
    }
    // Only for people who look: the lock is what counts, so a full disk is no reason to stop here.
    let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(Lock(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_the_calendar() {
        assert_eq!(month_of(0), "other", "1970 has no file of its own");
        for (hours, name) in [
            (262_967, "other"),
            (262_968, "2000-01"),
            (474_791, "2024-02"),
            (474_792, "2024-03"),
            (498_911, "2026-11"),
            (498_912, "2026-12"),
            (499_655, "2026-12"),
            (499_656, "2027-01"),
        ] {
            assert_eq!(month_of(hours), name, "{hours}");
        }
        assert_eq!(month_of(i64::MIN / 4), OTHER);
        assert_eq!(month_of(i64::MAX / 4), OTHER);
    }

    #[test]
    fn only_months_in_the_span_are_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["2026-10", "2026-11", "2026-12", OTHER] {
            std::fs::write(month(folder.path(), name), b"").unwrap();
        }
        std::fs::write(folder.path().join("history-2026-11.db-wal"), b"").unwrap();
        let (last_of_october, november) = (498_191, 498_192);
        let between = |first, last| months_between(folder.path(), first, last).unwrap();
        assert_eq!(between(last_of_october, last_of_october), ["2026-10", OTHER]);
        assert_eq!(between(last_of_october, november), ["2026-10", "2026-11", OTHER]);
        assert_eq!(between(i64::MIN / 4, i64::MAX / 4), ["2026-10", "2026-11", "2026-12", OTHER]);
    }
}
