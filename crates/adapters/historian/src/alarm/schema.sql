CREATE TABLE alarm_snapshot (
  machine INTEGER PRIMARY KEY,
  snapshot BLOB NOT NULL
) STRICT;
CREATE TABLE transition (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  machine INTEGER NOT NULL,
  metric TEXT NOT NULL,
  condition TEXT NOT NULL,
  occurrence INTEGER NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  event_time INTEGER NOT NULL,
  decided_at INTEGER NOT NULL,
  priority TEXT NOT NULL,
  value REAL,
  limit_value REAL,
  by_user TEXT,
  note TEXT
) STRICT;
CREATE INDEX transition_by_machine ON transition (machine, event_time);
