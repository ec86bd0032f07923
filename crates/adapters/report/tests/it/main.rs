//! Trend sheets as files.

#![expect(clippy::expect_used, reason = "a helper of a test fails the test")]

mod example;
mod hostile;
mod sheet;
