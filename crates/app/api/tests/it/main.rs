//! The door as a host uses it: commands by name, trends in binary, exports, over real stores and the demo plant.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod change;
mod commands;
mod door;
mod export;
mod history;
mod session;
mod trends;
