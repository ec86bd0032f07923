//! The project's one task runner: `cargo xtask --help`.
//!
//! Does: checks what no compiler checks, makes what is generated, packs what is shipped, measures what is promised.
//! Never: is part of what is shipped.

mod bench;
mod dist;
mod layers;
mod process;
mod tidy;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of the project.
#[derive(Parser)]
#[command(name = "xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Check layers, headings, colours, stray words; print the largest files. `cargo test -p xtask` runs the same.
    Tidy,
    /// Print the layers, and who uses whom.
    Layers,
    /// Make `ui/src/lib/ipc/bindings.ts` and the golden frames anew.
    Codegen,
    /// Pack the installer into `target/dist`.
    Dist,
    /// Measure.
    Bench {
        #[command(subcommand)]
        what: bench::What,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Tidy => tidy::run(),
        Task::Layers => layers::print(),
        Task::Codegen => {
            process::run("cargo", &["test", "-q", "-p", "panfloor-api", "--lib"], &[("PANFLOOR_BLESS", "1")])
        }
        Task::Dist => dist::run_dist(),
        Task::Bench { what } => bench::run_bench(&what),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _unheard = writeln!(std::io::stderr().lock(), "xtask: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

/// The project's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Prints a line.
pub(crate) fn say(line: &str) {
    let _unheard = writeln!(std::io::stdout().lock(), "{line}");
}
