//! What leaves the loop for whoever watches: live samples and notices of change, coalesced.

use std::collections::BTreeSet;
use std::time::Duration;

use panfloor_model::{MachineId, Mono, Now, Timestamp};

/// Between two frames to one watcher: six a second, so that a value is painted well within 250 ms of its publication and
/// forty machines do not cause forty repaints, each of which costs a software renderer the whole window.
const FRAME_SPACING: Duration = Duration::from_millis(160);

/// Most samples kept for one frame: 2 s of 10,000 values a second. Beyond it the oldest go; the watcher reads the store.
const LIVE_SAMPLES_MAX: usize = 20_000;

/// A value fit to be shown as it comes: fresh and the newest of its series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LiveSample {
    /// Machine.
    pub machine: MachineId,
    /// Index in [`crate::Plant::metrics`].
    pub metric: u16,
    /// Device time.
    pub time: Timestamp,
    /// Value in the metric's unit.
    pub value: f64,
}

/// A part of what a window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Domain {
    /// Site, station, trouble.
    Hello,
    /// Machines, phases, bands.
    Plant,
    /// Links to sources.
    Sources,
    /// The alarm list.
    Alarms,
    /// Changes and configs.
    Configs,
    /// Who is signed in.
    Session,
    /// Counters, sizes, quarantine.
    Storage,
}

/// What a watcher is handed; it must not wait.
pub(crate) type LiveSink = Box<dyn Fn(Timestamp, &[LiveSample]) -> bool + Send>;
/// What a watcher is handed; it must not wait.
pub(crate) type ChangeSink = Box<dyn Fn(u64, &[Domain]) -> bool + Send>;

/// The watchers and what waits for them.
#[derive(Default)]
pub(crate) struct Fanout {
    live: Vec<LiveSink>,
    changes: Vec<ChangeSink>,
    samples: Vec<LiveSample>,
    domains: BTreeSet<Domain>,
    number: u64,
    last_frame: Option<Mono>,
}

impl Fanout {
    pub(crate) fn watch_live(&mut self, sink: LiveSink) {
        self.live.push(sink);
    }

    pub(crate) fn watch_changes(&mut self, sink: ChangeSink) {
        self.changes.push(sink);
    }

    /// Takes what a committed turn brought.
    pub(crate) fn add(&mut self, samples: &[LiveSample], domains: &BTreeSet<Domain>) {
        if !self.live.is_empty() {
            self.samples.extend_from_slice(samples);
            let excess = self.samples.len().saturating_sub(LIVE_SAMPLES_MAX);
            self.samples.drain(..excess);
        }
        if !self.changes.is_empty() {
            self.domains.extend(domains);
        }
    }

    /// When [`Self::flush`] is due, if anything waits.
    pub(crate) fn due(&self) -> Option<Mono> {
        if self.samples.is_empty() && self.domains.is_empty() {
            return None;
        }
        Some(self.last_frame.map_or(Mono(0), |last| last.plus(FRAME_SPACING)))
    }

    /// Hands out what waits, if it is due. Watchers that are gone are forgotten.
    pub(crate) fn flush(&mut self, now: Now) {
        if self.due().is_none_or(|due| due > now.mono) {
            return;
        }
        self.last_frame = Some(now.mono);
        if !self.samples.is_empty() {
            let samples = std::mem::take(&mut self.samples);
            self.live.retain(|sink| sink(now.wall, &samples));
        }
        if !self.domains.is_empty() {
            self.number += 1;
            let domains: Vec<Domain> = std::mem::take(&mut self.domains).into_iter().collect();
            let number = self.number;
            self.changes.retain(|sink| sink(number, &domains));
        }
    }
}
