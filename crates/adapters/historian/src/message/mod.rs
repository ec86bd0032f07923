//! Readings in the hot tail: table `message`, one row a reading, appended by rowid and with no index on the disk.

pub(crate) mod types;
