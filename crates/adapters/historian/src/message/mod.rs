//! Readings in the hot tail: table `message`, one row a reading, appended by rowid and with no index on the disk.

pub(crate) mod body;
pub(crate) mod ids;
pub(crate) mod index;
pub(crate) mod insert;
pub(crate) mod latest;
pub(crate) mod row;
pub(crate) mod shared;
pub(crate) mod tail;
pub(crate) mod types;
