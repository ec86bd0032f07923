//! The engine: one loop that feeds the cores, executes their effects and owns the clock. Runs headless.
//!
//! Does: takes what sources deliver, decodes it, commits it with everything decided from it in one transaction, and only
//! then acknowledges, publishes and shows. Starts and restarts from the store alone.
//! Never: decides what a core decides; talks to a user interface; keeps anything that must outlive it outside the store.
//!
//! Invariants:
//! - Commit, then act: nothing is acknowledged, published, answered or shown before the transaction that holds it has been
//!   committed with `synchronous=FULL`.
//! - Samples, the alarms and rollups decided from them, records and outbox share that transaction: there is no moment at
//!   which a crash leaves one without the other.
//! - A failed commit is a restart: the cores are loaded from the store again, deliveries are kept and tried anew.
//! - One thread owns the writer and all cores; everybody else asks it.

mod actions;
mod adoption;
mod alarms;
mod changes;
mod check;
mod clock;
mod core;
mod event;
mod fanout;
mod handle;
mod identity;
mod ingest;
mod main_loop;
mod outgoing;
mod plant;
mod rollup;
mod session;
mod sources;

pub use adoption::ADOPTS_PER_HOUR;
pub use alarms::AlarmRoom;
pub use changes::ChangeRoom;
pub use check::{CheckSetup, CheckStep, check_source};
pub use clock::Clock;
pub use core::{Core, Counters, Trouble};
pub use event::{Action, AlarmName, Done, Refusal, Verdict};
pub use fanout::{Domain, LiveSample};
pub use handle::{EngineHandle, EngineSetup, SourceSetup, StartError, start};
pub use identity::{Founding, Identity, Member};
pub use plant::{Latest, Machine, Plant, STALE_INTERVALS};
pub use session::SignedIn;
pub use sources::{LinkState, SourceHealth};
