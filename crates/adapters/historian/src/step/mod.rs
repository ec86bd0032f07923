//! Changes of state tags such as the phase, as step series of their own: table `step`.
//!
//! The readings hold every tag too; a span of years is told from here without reading them.

use panfloor_model::{MachineId, Timestamp};
use rusqlite::{Connection, Result, Row};

fn row(r: &Row<'_>) -> Result<(Timestamp, String)> {
    Ok((Timestamp(r.get(0)?), r.get(1)?))
}

pub(crate) fn put(conn: &Connection, machine: MachineId, tag: &str, time: Timestamp, value: &str) -> Result<usize> {
    conn.prepare_cached("INSERT INTO step VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET value = excluded.value")?
        .execute((machine.0, tag, time.micros(), value))
}

/// The steps of a span, the one in force at its start first.
pub(crate) fn span(
    conn: &Connection,
    machine: MachineId,
    tag: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(Timestamp, String)>> {
    conn.prepare_cached(
        "SELECT time, value FROM step WHERE machine = ?1 AND tag = ?2 AND time < ?4 AND time >= coalesce(
           (SELECT max(time) FROM step WHERE machine = ?1 AND tag = ?2 AND time <= ?3), ?3) ORDER BY time",
    )?
    .query_map((machine.0, tag, from.micros(), to.micros()), row)?
    .collect()
}

#[cfg(test)]
mod tests {
    use panfloor_model::{MachineId, Timestamp};
    use rusqlite::Connection;

    #[test]
    fn a_span_begins_with_the_step_in_force() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(include_str!("schema.sql")).unwrap();
        let pan = MachineId(3);
        for (time, value) in [(10, "seed"), (20, "grain_growth"), (30, "tighten"), (30, "drop")] {
            super::put(&conn, pan, "phase", Timestamp(time), value).unwrap();
        }
        let span = |from, to| super::span(&conn, pan, "phase", Timestamp(from), Timestamp(to)).unwrap();
        assert_eq!(span(25, 31), [(Timestamp(20), "grain_growth".to_owned()), (Timestamp(30), "drop".to_owned())]);
        assert_eq!(span(0, 11), [(Timestamp(10), "seed".to_owned())]);
        assert_eq!(span(40, 50), [(Timestamp(30), "drop".to_owned())]);
    }
}
