//! Change records against a simulated station, broker and pan.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, which fail by panicking")]

mod contract;
mod fold;
mod ledger;
mod plant;
mod scenarios;
mod strangers;
