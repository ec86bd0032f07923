//! Settings of the site, as JSON by key: table `setting`.

use rusqlite::{Connection, OptionalExtension, Result};

pub(crate) fn put(conn: &Connection, key: &str, json: &str) -> Result<usize> {
    conn.execute("INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET json = excluded.json", (key, json))
}

pub(crate) fn get(conn: &Connection, key: &str) -> Result<Option<String>> {
    conn.prepare_cached("SELECT json FROM setting WHERE key = ?1")?.query_row([key], |r| r.get(0)).optional()
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<(String, String)>> {
    conn.prepare_cached("SELECT key, json FROM setting ORDER BY key")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect()
}
