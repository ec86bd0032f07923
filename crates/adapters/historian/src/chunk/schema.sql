-- Heads apart from bodies: a range of hours is found without touching the BLOBs.
CREATE TABLE chunk (
  machine INTEGER NOT NULL,
  hour INTEGER NOT NULL,         -- hours since 1970
  through_seq INTEGER NOT NULL,  -- every reading of this machine-hour up to this place is in the chunk
  rows INTEGER NOT NULL,
  first_time INTEGER NOT NULL,   -- UTC microseconds
  last_time INTEGER NOT NULL,
  body INTEGER NOT NULL REFERENCES chunk_body (id),
  PRIMARY KEY (machine, hour)
) STRICT, WITHOUT ROWID;
CREATE TABLE chunk_body (
  id INTEGER PRIMARY KEY,
  blob BLOB NOT NULL             -- chunk/format.rs
) STRICT;
CREATE TABLE minute_hour (
  id INTEGER PRIMARY KEY,
  machine INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  rollups BLOB NOT NULL,         -- minute/mod.rs
  UNIQUE (machine, hour)
) STRICT;
-- So that a month can be read without the live file.
CREATE TABLE machine (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;
