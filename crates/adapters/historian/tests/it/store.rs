//! A store in a folder of its own, and readings to put into it.

use std::path::Path;

use panfloor_historian::{Access, Inserted, Message, NewMessage, Opened, Options, Reader, Writer, open_with};
use panfloor_model::{MachineId, Metric, SourceId, Timestamp};

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const HOUR: i64 = 3_600 * SECOND;
/// 2026-11-24T06:00:00Z.
pub(crate) const BASE: i64 = 1_795_500_000 * SECOND;

pub(crate) struct Store {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) options: Options,
    pub(crate) writer: Writer,
    pub(crate) reader: Reader,
}

pub(crate) fn opened(folder: &Path, options: &Options) -> (Writer, Reader) {
    let Opened { writer, reader, .. } = open_with(folder, Access::ReadWrite, options).unwrap();
    (writer.unwrap(), reader)
}

impl Store {
    pub(crate) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (writer, reader) = opened(folder.path(), &options);
        Self { folder, options, writer, reader }
    }

    /// Closes and opens again.
    pub(crate) fn reopened(self) -> Self {
        let Self { folder, options, writer, reader } = self;
        drop((writer, reader));
        let (writer, reader) = opened(folder.path(), &options);
        Self { folder, options, writer, reader }
    }

    pub(crate) fn insert(&mut self, message: &NewMessage) -> Inserted {
        let mut tx = self.writer.begin().unwrap();
        let inserted = tx.insert_message(message).unwrap();
        tx.commit().unwrap();
        inserted
    }

    pub(crate) fn messages(&self, machine: u32) -> Vec<Message> {
        self.reader.messages(MachineId(machine), Timestamp(i64::MIN), Timestamp(i64::MAX), &|| false).unwrap()
    }

    pub(crate) fn counter(&self, name: &str) -> u64 {
        self.reader.counters().unwrap().into_iter().find(|(n, _)| n == name).map_or(0, |(_, v)| v)
    }
}

/// A reading at a device time, arrived 20 ms later.
pub(crate) fn reading(machine: u32, time: i64, values: &[(&str, f64)]) -> NewMessage {
    NewMessage {
        source: SourceId(1),
        machine: MachineId(machine),
        device_time: Some(Timestamp(time)),
        arrived_at: Timestamp(time + 20_000),
        reading_id: None,
        device_seq: None,
        values: values.iter().map(|(m, v)| (Metric::new(m), *v)).collect(),
        bad: Vec::new(),
        tags: Vec::new(),
    }
}
