//! The last state report and the last config seen of each machine: tables `state_report` and `config_seen`.

use panfloor_model::{MachineId, Timestamp};
use rusqlite::{Connection, Result};

use crate::types::ReportRow;

/// Which of the two tables; they have the same columns.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Table {
    State,
    Config,
}

impl Table {
    const fn name(self) -> &'static str {
        match self {
            Self::State => "state_report",
            Self::Config => "config_seen",
        }
    }
}

pub(crate) fn put(conn: &Connection, table: Table, machine: u32, json: &str, received_at: Timestamp) -> Result<usize> {
    conn.prepare_cached(&format!(
        "INSERT INTO {} VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET json = excluded.json, received_at = excluded.received_at",
        table.name()
    ))?
    .execute((machine, json, received_at.micros()))
}

pub(crate) fn all(conn: &Connection, table: Table) -> Result<Vec<ReportRow>> {
    conn.prepare_cached(&format!("SELECT machine, json, received_at FROM {} ORDER BY machine", table.name()))?
        .query_map([], |r| {
            Ok(ReportRow { machine: MachineId(r.get(0)?), json: r.get(1)?, received_at: Timestamp(r.get(2)?) })
        })?
        .collect()
}
