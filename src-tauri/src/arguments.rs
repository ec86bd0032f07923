//! What the application can be told at its start.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

/// Panfloor: the control room for vacuum pans.
#[derive(Debug, Clone, Parser)]
#[command(name = "panfloor", version, about)]
pub(crate) struct Arguments {
    /// Look at the demo plant: simulated pans that speak to a broker on this PC's loopback.
    #[arg(long)]
    pub(crate) demo: bool,
    /// Machines of the demo plant.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=40))]
    pub(crate) machines: u16,
    /// Seed of everything random in the demo plant.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Empty the demo's data folder first.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Data folder; by default the user's own.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// Start in the tray, without a window.
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Show an empty window and open no station: what benchmarks compare with.
    #[arg(long, hide = true)]
    pub(crate) empty_window: bool,
    /// Print a status line every so many seconds.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) status_every: Option<Duration>,
}

/// Reads whole or broken seconds.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.trim_end_matches('s').parse().map_err(|_| format!("“{text}” is no number of seconds"))?;
    if !(0.1..=86_400.0).contains(&seconds) {
        return Err("between 0.1 and 86400 seconds".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}
