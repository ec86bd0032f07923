//! The source against a real mosquitto, and against listeners that are no brokers.

#![expect(
    clippy::expect_used,
    clippy::wildcard_enum_match_arm,
    reason = "a helper of a test fails the test, and waits for one of many events"
)]

mod bounds;
mod delivery;
mod hostile;
mod problems;
mod restart;
mod support;
