//! Minute rollups: the open minute of each machine in memory, closed ones in the store.
//!
//! A minute's row is a pure function of the raw samples in it and the last one before it, so that a restart, a late sample
//! or a revision computes it anew. An empty row in the store says "due": written in the transaction of the late sample,
//! replaced in a later one, and read as "take the raw samples" meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use panfloor_historian::{NewMessage, Reader, Tx};
use panfloor_model::{MachineId, Metric, Timestamp};
use panfloor_trend::{MinuteRow, hold, minute_moments};

/// One minute.
const MINUTE: Duration = Duration::from_mins(1);

/// The samples of a metric in the open minute.
#[derive(Debug, Default, Clone)]
struct OpenSeries {
    /// The last sample before the minute.
    before: Option<(Timestamp, f64)>,
    /// Samples in order of time.
    samples: Vec<(Timestamp, f64)>,
}

/// The open minute of a machine.
#[derive(Debug, Clone)]
struct OpenMinute {
    start: Timestamp,
    series: BTreeMap<Metric, OpenSeries>,
}

impl OpenMinute {
    /// Writes its row, and those of the minutes up to `next` into which its values hold; then `next` is open.
    fn close(
        &mut self,
        tx: &mut Tx<'_>,
        machine: MachineId,
        next: Timestamp,
        interval: Duration,
    ) -> panfloor_historian::Result<()> {
        let mut row = row_of(self, interval);
        loop {
            tx.put_minute(machine, self.start, &row.encode())?;
            for series in self.series.values_mut() {
                series.before = series.samples.last().copied().or(series.before);
                series.samples.clear();
            }
            self.start = self.start.plus(MINUTE);
            row = row_of(self, interval);
            // As many as a value holds for: at most 150.
            if self.start >= next || row.0.is_empty() {
                break;
            }
        }
        self.start = next;
        Ok(())
    }
}

/// All open minutes, and the closed ones that are due anew.
#[derive(Debug, Default)]
pub(crate) struct Rollups {
    open: BTreeMap<MachineId, OpenMinute>,
    due: BTreeSet<(MachineId, Timestamp)>,
}

impl Rollups {
    /// Takes a committed-to-be sample. Writes the minute that it closes, or marks the closed one that it changes.
    pub(crate) fn add(
        &mut self,
        tx: &mut Tx<'_>,
        machine: MachineId,
        metric: &Metric,
        time: Timestamp,
        value: f64,
        interval: Duration,
    ) -> panfloor_historian::Result<()> {
        let minute = time.minute_start();
        let open = self.open.entry(machine).or_insert_with(|| OpenMinute { start: minute, series: BTreeMap::new() });
        if minute < open.start {
            let series = open.series.entry(metric.clone()).or_default();
            if series.before.is_none_or(|(before, _)| before < time) {
                series.before = Some((time, value));
            }
            return self.mark_due(tx, machine, minute);
        }
        if minute > open.start {
            open.close(tx, machine, minute, interval)?;
        }
        let samples = &mut open.series.entry(metric.clone()).or_default().samples;
        let at = samples.partition_point(|(earlier, _)| *earlier <= time);
        samples.insert(at, (time, value));
        Ok(())
    }

    /// A sample of a closed minute came late or was revised: its row is due anew, and so is the next one, into which the
    /// sample may hold.
    pub(crate) fn mark_due(
        &mut self,
        tx: &mut Tx<'_>,
        machine: MachineId,
        minute: Timestamp,
    ) -> panfloor_historian::Result<()> {
        let open = self.open.get(&machine).map(|open| open.start);
        for minute in [minute, minute.plus(MINUTE)] {
            if open.is_none_or(|open| minute < open) && self.due.insert((machine, minute)) {
                tx.put_minute(machine, minute, &[])?;
            }
        }
        Ok(())
    }

    /// A reading of a moment that was known already says otherwise.
    pub(crate) fn revise(
        &mut self,
        tx: &mut Tx<'_>,
        machine: MachineId,
        time: Timestamp,
        message: &NewMessage,
    ) -> panfloor_historian::Result<()> {
        if let Some(open) = self.open.get_mut(&machine) {
            for (metric, value) in &message.values {
                let Some(series) = open.series.get_mut(metric) else { continue };
                let known = series.samples.iter_mut().chain(&mut series.before);
                known.filter(|(at, _)| *at == time).for_each(|known| known.1 = *value);
            }
            for metric in &message.bad {
                let Some(series) = open.series.get_mut(metric) else { continue };
                series.samples.retain(|(at, _)| *at != time);
                // What held before it is not known here any more: nothing holds, as after a restart with a long gap.
                series.before = series.before.filter(|(at, _)| *at != time);
            }
        }
        self.mark_due(tx, machine, time.minute_start())
    }

    /// Whether rows are due anew.
    pub(crate) fn is_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// Computes one due row from what is committed.
    pub(crate) fn settle_one(
        &mut self,
        tx: &mut Tx<'_>,
        reader: &Reader,
        interval_of: impl Fn(MachineId) -> Duration,
    ) -> panfloor_historian::Result<()> {
        let Some((machine, minute)) = self.due.pop_first() else { return Ok(()) };
        let interval = interval_of(machine);
        let open = read_minute(reader, machine, minute, interval)?;
        tx.put_minute(machine, minute, &row_of(&open, interval).encode())
    }

    /// Puts a machine's open minute back from the store, and finds the rows that were due when it was left.
    pub(crate) fn restore(
        &mut self,
        reader: &Reader,
        machine: MachineId,
        newest: Timestamp,
        interval: Duration,
    ) -> panfloor_historian::Result<()> {
        let open = newest.minute_start();
        self.open.insert(machine, read_minute(reader, machine, open, interval)?);
        // What was due when the process ended, and minutes after the last row that were never closed by a newer sample.
        let from = reader.last_minute(machine)?.map_or(open, |(last, _)| last.plus(MINUTE));
        let mut minute = from.max(open.minus(RESTORE_SPAN));
        while minute < open {
            self.due.insert((machine, minute));
            minute = minute.plus(MINUTE);
        }
        for (minute, blob) in reader.minutes(machine, open.minus(RESTORE_SPAN), open)? {
            if blob.is_empty() {
                self.due.insert((machine, minute));
            }
        }
        Ok(())
    }
}

/// How far back due rows are looked for at a start: the tail's two hours, with room.
const RESTORE_SPAN: Duration = Duration::from_hours(4);

/// The samples of a minute, with the last of each metric before it.
fn read_minute(
    reader: &Reader,
    machine: MachineId,
    minute: Timestamp,
    interval: Duration,
) -> panfloor_historian::Result<OpenMinute> {
    let mut series: BTreeMap<Metric, OpenSeries> = BTreeMap::new();
    for message in reader.messages(machine, minute.minus(hold(interval)), minute.plus(MINUTE), &|| false)? {
        for (metric, value) in message.values {
            let of = series.entry(metric).or_default();
            if message.time < minute {
                of.before = Some((message.time, value));
            } else {
                of.samples.push((message.time, value));
            }
        }
    }
    Ok(OpenMinute { start: minute, series })
}

/// The row of a minute.
fn row_of(open: &OpenMinute, interval: Duration) -> MinuteRow {
    let moments = |series: &OpenSeries| minute_moments(&series.samples, series.before, open.start, hold(interval));
    MinuteRow(open.series.iter().filter_map(|(metric, series)| Some((metric.clone(), moments(series)?))).collect())
}
