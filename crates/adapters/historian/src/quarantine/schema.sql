CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source INTEGER NOT NULL,
  topic TEXT NOT NULL,
  arrived_at INTEGER NOT NULL,
  payload BLOB NOT NULL,
  payload_len INTEGER NOT NULL,
  reason_code TEXT NOT NULL,
  reason TEXT NOT NULL,
  bytes INTEGER NOT NULL  -- what the row counts against the bound
) STRICT;
-- Kept beside the rows: summing them would read all of up to 256 MiB.
CREATE TABLE quarantine_total (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  messages INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
INSERT INTO quarantine_total VALUES (1, 0, 0);
