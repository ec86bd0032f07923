CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  station TEXT NOT NULL,
  seq INTEGER NOT NULL,        -- unsigned 64 bits, kept as the signed number of the same bits
  kind TEXT NOT NULL,
  change TEXT,
  received_at INTEGER NOT NULL,
  envelope BLOB NOT NULL
) STRICT;
CREATE TABLE refused_record (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  received_at INTEGER NOT NULL,
  station TEXT,
  reason TEXT NOT NULL,
  envelope BLOB NOT NULL
) STRICT;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  retain INTEGER NOT NULL
) STRICT;
