//! Tests of the alarm engine from outside.

#![expect(clippy::unwrap_used, reason = "a test whose set-up fails has to stop there")]

mod acknowledge;
mod crash;
mod frozen;
mod limits;
mod no_data;
mod plant;
mod reference;
mod snapshot;
