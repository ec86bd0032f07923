//! The alarm engine: limits by class and phase, no data, frozen values; states A to D of ISA-18.2.
//!
//! Does: turns samples, phases, acknowledgements and the passing of time into transitions of alarms.
//! Never: reads a clock, does I/O, keeps a thread. Restart and back-test are the same function as live running.
//!
//! Invariants:
//! - Delays are counted in event time (the samples' own); a sample not newer than the last one decided on for its
//!   (machine, metric) never re-decides, so redelivery and late samples change nothing.
//!   A machine whose clock was set back is therefore not judged until its time catches up; meanwhile its no-data alarm
//!   stands, since only samples that may decide count as heard.
//! - A gap is not a return to normal: without samples every state holds. Time past the hold (2.5 expected intervals)
//!   counts towards no delay, and after a gap so long that the no-data alarm stands up, delays start anew.
//! - The occurrences of one alarm rise strictly in event time, also when the wall clock is set back.
//! - Every `Transition` comes with a `Remember` of its machine. Whoever stores both in one transaction, and after a crash
//!   restores the snapshot and feeds what was stored since in the order of its arrival, loses and doubles none.
//! - No decision reads `Now::wall`: it only dates records. `Now::mono` only drives the no-data alarm.

mod engine;
mod io;
mod key;
mod latch;
mod machine;
mod measurement;
mod rules;
mod snapshot;

pub use engine::Engine;
pub use io::{ActiveAlarm, Effect, Input, Transition};
pub use key::{AlarmKey, AlarmState, Condition};
pub use snapshot::RestoreError;
