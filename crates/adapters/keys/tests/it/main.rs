//! Keys on a real disc and, where there is one, in a real keyring.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which fail by panicking")]

mod keyring;
mod store;
