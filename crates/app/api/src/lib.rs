//! The door: commands, their requests and answers, error codes, binary frames, TypeScript bindings.
//!
//! Does: turns what the engine knows into what a user interface asks for, by hand-written conversion, in one place.
//! Never: decides anything; knows of Tauri or any transport.
//! Invariants: every type that crosses the door is declared here and nowhere else.

pub mod bindings;
pub mod commands;
pub mod dto;
pub mod frame;
