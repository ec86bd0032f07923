-- Minute rollups of hours not yet sealed. By minute first, so that the machines of one minute share pages.
CREATE TABLE minute (
  minute INTEGER NOT NULL,  -- minutes since 1970
  machine INTEGER NOT NULL,
  rollup BLOB NOT NULL,
  PRIMARY KEY (minute, machine)
) STRICT, WITHOUT ROWID;
