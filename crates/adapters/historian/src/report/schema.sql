CREATE TABLE state_report (
  machine INTEGER PRIMARY KEY,
  json TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE TABLE config_seen (
  machine INTEGER PRIMARY KEY,
  json TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
