//! `panfloorctl`: the engine without a window. Needs no display and no web view.
//!
//! Does: runs the headless engine, simulates machines, and prints what came of it.
//! Never: decides anything; says anything on stdout but what was asked for.

mod arguments;
mod run;
mod script;
mod simulate;
mod stop;
mod verdict;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use crate::arguments::{Arguments, Command};

/// Exit code where another process holds the data folder: trying again soon is no use. `packaging/panfloor.service` names it.
const HELD: u8 = 3;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(problem) if problem.use_stderr() => {
            // The first line says what is wrong; what follows is the usage.
            let text = problem.to_string();
            let line = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
            let _unheard = writeln!(std::io::stderr().lock(), "panfloorctl: {line}; see panfloorctl --help");
            return ExitCode::from(2);
        }
        Err(help) => {
            let _unheard = help.print();
            return ExitCode::SUCCESS;
        }
    };
    let filter = EnvFilter::try_from_env("PANFLOOR_LOG").unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match act(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // One line: the causes after each other.
            let line = format!("{problem:#}").replace('\n', " ");
            let _unheard = writeln!(std::io::stderr().lock(), "panfloorctl: {line}");
            if problem.is::<run::Held>() { ExitCode::from(HELD) } else { ExitCode::FAILURE }
        }
    }
}

/// Does what was asked for.
fn act(command: Command) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match command {
        Command::Run(options) => run::run(&options, &runtime),
        Command::Simulate(options) => simulate::simulate(options, &runtime),
    }
}

/// Prints a line; an ended reader ends us quietly later.
fn say(line: &str) {
    let _unheard = writeln!(std::io::stdout().lock(), "{line}");
}
