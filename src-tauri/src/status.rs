//! Lines for whoever started the application from a terminal.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use crate::state::AppState;

/// One line on stderr. Nobody may be listening, and that is no problem.
pub(crate) fn complain(line: &str) {
    let _unheard = writeln!(std::io::stderr().lock(), "{line}");
}

/// Prints a status line every so often, as long as somebody reads it.
pub(crate) fn print(state: &Arc<AppState>, every: Duration) {
    loop {
        std::thread::sleep(every);
        let line = state.with_station(panfloor_api::Station::status_line);
        let line = line.unwrap_or_else(|| "no station is open".to_owned());
        if writeln!(std::io::stdout().lock(), "{line}").is_err() {
            return;
        }
    }
}
