//! Counters that outlive a start: table `counter`.

use rusqlite::{Connection, Result};

/// Messages handed in: `insert_message` and `quarantine` count them.
pub const RECEIVED: &str = "received";
/// Messages stored.
pub const COMMITTED: &str = "committed";
/// Messages dropped whole as repeats.
pub const DUPLICATES: &str = "duplicates";
/// Values, bad marks and tags stored as revisions.
pub const REVISIONS: &str = "revisions";
/// Stored messages older than the newest known of their machine.
pub const LATE: &str = "late";
/// Messages put into quarantine.
pub const QUARANTINED: &str = "quarantined";
/// Messages that fell out of quarantine because it was full.
pub const QUARANTINE_DROPPED: &str = "quarantine_dropped";
/// Stored messages that can't be told from a repeat.
pub const UNTELLABLE: &str = "untellable";

pub(crate) fn add(conn: &Connection, name: &str, by: u64) -> Result<usize> {
    conn.prepare_cached("INSERT INTO counter VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = value + excluded.value")?
        .execute((name, i64::try_from(by).unwrap_or(i64::MAX)))
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<(String, u64)>> {
    conn.prepare_cached("SELECT name, value FROM counter ORDER BY name")?
        .query_map([], |r| Ok((r.get(0)?, u64::try_from(r.get::<_, i64>(1)?).unwrap_or(0))))?
        .collect()
}
