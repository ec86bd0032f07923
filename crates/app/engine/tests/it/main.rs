//! The engine over real brokers, real stores and the demo plant; and the cores that only it may combine.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a helper that fails is a test that fails")]

mod changes;
mod foreign;
mod founding;
mod full;
mod hostile;
mod links;
mod people;
mod restart;
mod rig;
mod strikes;
