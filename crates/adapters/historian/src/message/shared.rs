//! What writer and readers know of the tail without asking the disk, and how it is rebuilt.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::file::Db;
use crate::message::ids::{ID_BYTES, ReadingIds, hash};
use crate::message::index::TailIndex;
use crate::message::latest::LatestState;
use crate::message::row::{Row, hour_of};
use crate::message::tail::{self, Names};

/// Memory of the tail. The writer changes it right after each commit; a reader of another process follows the file.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) tail: TailIndex,
    pub(crate) latest: BTreeMap<u32, LatestState>,
    /// Newest hour of each machine of which rows have left the tail: later ones have no chunk that the tail doesn't
    /// repeat.
    pub(crate) sealed: BTreeMap<u32, i64>,
    pub(crate) ids: ReadingIds,
    pub(crate) last_seq: i64,
    removals: i64,
}

impl Shared {
    /// Rebuilds it from the file.
    pub(crate) fn recover(db: &Db, names: &mut Names) -> Result<Self> {
        let mut shared = Self::default();
        for (machine, hour, state) in db.sql(tail::stored_latest)? {
            let state = LatestState::decode(&state)
                .ok_or_else(|| db.damaged(format!("the newest state of machine {machine} cannot be read")))?;
            shared.latest.insert(machine, state);
            shared.sealed.insert(machine, hour);
        }
        for (hour, ids) in db.sql(tail::reading_ids)? {
            for id in ids.chunks_exact(ID_BYTES).filter_map(|id| id.try_into().ok()) {
                shared.ids.insert(hour, id);
            }
        }
        let (last_seq, removals) = db.sql(tail::state)?;
        shared.scan(db, names)?;
        (shared.last_seq, shared.removals) = (last_seq, removals);
        Ok(shared)
    }

    /// Catches up with what another process has committed.
    pub(crate) fn follow(&mut self, db: &Db, names: &mut Names) -> Result<()> {
        let (last_seq, removals) = db.sql(tail::state)?;
        if removals != self.removals {
            *self = Self::recover(db, names)?;
        } else if last_seq > self.last_seq {
            self.scan(db, names)?;
        }
        Ok(())
    }

    fn scan(&mut self, db: &Db, names: &mut Names) -> Result<()> {
        tail::scan(db, names, self.last_seq, |machine, row, body| {
            self.take(machine, &row, body);
            true
        })
    }

    /// Takes a committed row in, and its bytes.
    pub(crate) fn take(&mut self, machine: u32, row: &Row, body: &[u8]) {
        let Some(seq) = row.seq else { return };
        self.tail.insert(machine, row.time, seq, row.device, body);
        self.latest.entry(machine).or_insert_with(LatestState::new).take(row);
        if let Some(id) = row.reading_id.as_deref().filter(|_| !row.device) {
            self.ids.insert(hour_of(row.arrival), hash(machine, id));
        }
        self.last_seq = self.last_seq.max(seq);
    }
}
