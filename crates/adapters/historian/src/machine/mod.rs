//! Machines, their addresses, their sources: tables `machine`, `machine_alias`, `source`.

use panfloor_model::{MachineId, SourceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Result, Row};

use crate::types::MachineRow;

fn row(r: &Row<'_>) -> Result<MachineRow> {
    Ok(MachineRow { id: MachineId(r.get(0)?), name: r.get(1)?, class: r.get(2)?, created: false })
}

/// The machine of an address, made if there is none.
pub(crate) fn find_or_make(conn: &Connection, source: SourceId, address: &str, now: Timestamp) -> Result<MachineRow> {
    let known = conn
        .prepare_cached(
            "SELECT m.id, m.name, m.class FROM machine_alias a JOIN machine m ON m.id = a.machine
             WHERE a.source = ?1 AND a.address = ?2",
        )?
        .query_row((source.0, address), row)
        .optional()?;
    if let Some(machine) = known {
        return Ok(machine);
    }
    let name = free_name(conn, source, address)?;
    conn.execute("INSERT INTO machine (name, created_at) VALUES (?1, ?2)", (&name, now.micros()))?;
    let id: u32 = conn.query_row("SELECT last_insert_rowid()", [], |r| r.get(0))?;
    conn.execute("INSERT INTO machine_alias VALUES (?1, ?2, ?3)", (source.0, address, id))?;
    Ok(MachineRow { id: MachineId(id), name, class: None, created: true })
}

/// The address, or where another source has that name already: with its source, and a number if need be.
fn free_name(conn: &Connection, source: SourceId, address: &str) -> Result<String> {
    let mut taken = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM machine WHERE name = ?1)")?;
    let key: Option<String> =
        conn.query_row("SELECT key FROM source WHERE id = ?1", [source.0], |r| r.get(0)).optional()?;
    let key = key.unwrap_or_else(|| source.0.to_string());
    let mut name = address.to_owned();
    let mut number = 1;
    while taken.query_row([&name], |r| r.get(0))? {
        name = if number == 1 { format!("{address} ({key})") } else { format!("{address} ({key}) {number}") };
        number += 1;
    }
    Ok(name)
}

pub(crate) fn set_class(conn: &Connection, machine: MachineId, class: &str) -> Result<usize> {
    conn.execute("UPDATE machine SET class = ?2 WHERE id = ?1", (machine.0, class))
}

/// Number of a source, made if there is none.
pub(crate) fn source_id(conn: &Connection, key: &str) -> Result<i64> {
    let mut find = conn.prepare_cached("SELECT id FROM source WHERE key = ?1")?;
    if let Some(id) = find.query_row([key], |r| r.get(0)).optional()? {
        return Ok(id);
    }
    conn.query_row("INSERT INTO source (key) VALUES (?1) RETURNING id", [key], |r| r.get(0))
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<MachineRow>> {
    conn.prepare_cached("SELECT id, name, class FROM machine ORDER BY id")?.query_map([], row)?.collect()
}

pub(crate) fn name(conn: &Connection, machine: u32) -> Result<Option<String>> {
    conn.prepare_cached("SELECT name FROM machine WHERE id = ?1")?.query_row([machine], |r| r.get(0)).optional()
}

/// Every address of a machine.
pub(crate) fn aliases(conn: &Connection, machine: MachineId) -> Result<Vec<(SourceId, String)>> {
    conn.prepare_cached("SELECT source, address FROM machine_alias WHERE machine = ?1 ORDER BY source, address")?
        .query_map([machine.0], |r| Ok((SourceId(r.get(0)?), r.get(1)?)))?
        .collect()
}
