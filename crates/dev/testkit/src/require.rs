//! What to do when something that a test needs is not installed.

use std::io::Write as _;

use crate::{BrokerError, Mosquitto, Options};

/// Says that a test is skipped and why, unless `PANFLOOR_REQUIRE=all`: then a skip is a failure.
///
/// # Panics
/// With `PANFLOOR_REQUIRE=all`.
#[expect(clippy::panic, reason = "failing a test is its purpose")]
pub fn skip(what: &str, why: &str) {
    if std::env::var_os("PANFLOOR_REQUIRE").is_some_and(|value| value == "all") {
        panic!("{what} is required by PANFLOOR_REQUIRE=all: {why}");
    }
    // Not by a macro: those are captured, and a skip has to be seen.
    let _unheard = writeln!(std::io::stderr().lock(), "SKIP {what}: {why}");
}

/// A running mosquitto, or `None` after a [`skip`] if it is not installed.
///
/// # Panics
/// If it is installed and does not start; or if it is missing and `PANFLOOR_REQUIRE=all`.
#[must_use]
#[expect(clippy::panic, reason = "a broker that is there and does not start fails the test")]
pub fn mosquitto_or_skip(options: &Options) -> Option<Mosquitto> {
    match Mosquitto::start(options) {
        Ok(broker) => Some(broker),
        Err(BrokerError::NotInstalled(program)) => {
            skip("mosquitto", &format!("{program} was not found: install the package mosquitto"));
            None
        }
        Err(error) => panic!("{error}"),
    }
}
