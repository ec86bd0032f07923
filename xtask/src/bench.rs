//! Benchmarks: each prints one JSON object as its last line.

use clap::Subcommand;

use crate::process::run;

/// What to measure.
#[derive(Subcommand)]
pub(crate) enum What {
    /// The application with 40 machines, beside an empty window.
    App {
        /// Print one JSON object as the last line.
        #[arg(long)]
        json: bool,
        /// Runs of each; medians are printed.
        #[arg(long, default_value_t = 5)]
        runs: u32,
    },
}

/// Measures.
pub(crate) fn run_bench(what: &What) -> anyhow::Result<()> {
    match what {
        What::App { json, runs } => {
            let runs = runs.to_string();
            let mut arguments = vec!["scripts/bench-app.mjs", "--runs", &runs];
            if *json {
                arguments.push("--json");
            }
            run("node", &arguments, &[])
        }
    }
}
