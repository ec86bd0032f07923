-- The hot tail: one row a reading, only ever appended. No index besides the rowid: each would add pages to every commit.
CREATE TABLE message (
  seq INTEGER PRIMARY KEY,
  machine INTEGER NOT NULL,
  device_time INTEGER,            -- UTC microseconds; NULL where the device gave none
  arrival_time INTEGER NOT NULL,  -- UTC microseconds
  source INTEGER NOT NULL,
  flags INTEGER NOT NULL,         -- 1: revises an earlier reading
  body BLOB NOT NULL              -- message/body.rs
) STRICT;
CREATE TABLE metric (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
-- What must outlive rows that have left the tail.
CREATE TABLE tail (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  last_seq INTEGER NOT NULL,      -- newest place when rows last left: places are never used again
  removals INTEGER NOT NULL       -- how often rows left: a follower then reads the tail anew
) STRICT;
INSERT INTO tail VALUES (1, 0, 0);
CREATE TABLE machine_latest (
  machine INTEGER PRIMARY KEY,
  newest_sealed_hour INTEGER NOT NULL, -- hours since 1970
  state BLOB NOT NULL             -- message/latest.rs
) STRICT;
CREATE TABLE reading_id (
  id INTEGER PRIMARY KEY,
  hour INTEGER NOT NULL,          -- of arrival, hours since 1970
  ids BLOB NOT NULL               -- 16 bytes each
) STRICT;
