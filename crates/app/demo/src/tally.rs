//! What was published and what was acknowledged, shared between the links and the handle.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use panfloor_model::Timestamp;

/// Counts of readings, and the times of the last ones that were acknowledged.
#[derive(Debug)]
pub(crate) struct Tally {
    published: AtomicU64,
    acknowledged: AtomicU64,
    /// Device times by pan, oldest first.
    times: Vec<Mutex<VecDeque<Timestamp>>>,
    keep: usize,
}

impl Tally {
    /// For this many pans, each remembering at most `keep` acknowledged readings.
    pub(crate) fn new(pans: usize, keep: usize) -> Self {
        let times = (0..pans).map(|_| Mutex::default()).collect();
        Self { published: AtomicU64::new(0), acknowledged: AtomicU64::new(0), times, keep }
    }

    pub(crate) fn published(&self) -> u64 {
        self.published.load(Ordering::Relaxed)
    }

    pub(crate) fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    pub(crate) fn count_published(&self) {
        self.published.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_acknowledged(&self, pan: usize, time: Timestamp) {
        self.acknowledged.fetch_add(1, Ordering::Relaxed);
        let Some(times) = self.times.get(pan) else { return };
        let mut times = lock(times);
        times.push_back(time);
        while times.len() > self.keep {
            times.pop_front();
        }
    }

    /// Remembered times of one pan.
    pub(crate) fn times(&self, pan: usize) -> Vec<Timestamp> {
        self.times.get(pan).map(|times| lock(times).iter().copied().collect()).unwrap_or_default()
    }
}

/// A list of times is whole after every push, so one left by a panicking thread is as good as any.
fn lock(times: &Mutex<VecDeque<Timestamp>>) -> MutexGuard<'_, VecDeque<Timestamp>> {
    times.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use panfloor_model::Timestamp;

    #[test]
    fn the_oldest_times_go_first_and_counts_stay() {
        let tally = Tally::new(2, 3);
        for time in 1..=5 {
            tally.count_acknowledged(1, Timestamp(time));
        }
        assert_eq!(tally.times(1), [Timestamp(3), Timestamp(4), Timestamp(5)]);
        assert_eq!(tally.times(0), []);
        assert_eq!(tally.acknowledged(), 5);
    }
}
