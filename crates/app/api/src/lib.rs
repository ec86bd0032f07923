//! The door: commands, their requests and answers, error codes, binary frames, TypeScript bindings.
//!
//! Does: opens a station (engine, and the demo plant where wanted), and turns what the engine knows into what a user
//! interface asks for, by hand-written conversion, in one place.
//! Never: decides anything; knows of Tauri or any transport.
//! Invariants: every type that crosses the door is declared here and nowhere else; a passphrase goes from the host's own
//! window to the key store and into no answer, log or record.

mod answer;
pub mod bindings;
pub mod commands;
mod demo_site;
pub mod dto;
mod export;
pub mod frame;
mod host;
mod station;
mod trend;
mod watch;

pub use answer::Api;
pub use demo_site::{DemoUser, demo_users, demo_users_founding};
pub use host::{Attempt, Host, Profile};
pub use station::{DemoOptions, Station, StationError, StationSetup, founding, open};
pub use watch::now_ms;
