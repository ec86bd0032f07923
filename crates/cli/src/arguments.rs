//! What `panfloorctl` can be told.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::script::Wish;

/// Panfloor without a window.
#[derive(Debug, Parser)]
#[command(name = "panfloorctl", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the engine headless: acquire, decide, publish, until told to stop.
    Run(RunOptions),
    /// Publish the telemetry of simulated vacuum pans to a broker.
    Simulate(SimulateOptions),
}

/// Options of `run`.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Look at the demo plant, in a folder of its own.
    #[arg(long)]
    pub(crate) demo: bool,
    /// Machines of the demo plant.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=40))]
    pub(crate) machines: u16,
    /// Seed of everything random in the demo plant.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// End after this time (`90s`, `2m`); without it, at Ctrl-C or when told to stop.
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    pub(crate) duration: Option<Duration>,
    /// Print one JSON object as the last line.
    #[arg(long)]
    pub(crate) json: bool,
    /// Data folder; by default a temporary one for the demo, the user's own otherwise.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// Print a status line this often.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) status_every: Option<Duration>,
    /// MQTT broker of the site's first source, where the data folder holds no site yet: `mqtt://host:port`.
    #[arg(long, value_name = "URL", conflicts_with = "demo")]
    pub(crate) broker: Option<String>,
    /// With --broker: make a machine of every device that sends, however many there are. Without it a source may make 100
    /// machines an hour, and what other devices send is kept in quarantine.
    #[arg(long, requires = "broker")]
    pub(crate) adopt_all: bool,
    /// For trials: where the data folder holds no site yet, found one with the demo's two users. Their passphrases are
    /// public, so never do this for a plant that matters.
    #[arg(long, conflicts_with = "demo")]
    pub(crate) found_demo_users: bool,
    /// Let the demo's two users change one field of one machine's config, as in `pan-05:temperature_setpoint=46.3` (the
    /// value is JSON), and print a JSON line for each step when it is proven.
    #[arg(long, value_name = "MACHINE:FIELD=VALUE", value_parser = Wish::parse, conflicts_with = "demo")]
    pub(crate) change: Option<Wish>,
}

/// Options of `simulate`.
#[derive(Debug, Args)]
pub(crate) struct SimulateOptions {
    /// Machines.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) machines: u16,
    /// Readings a second of each machine.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) rate: f64,
    /// Broker: `mqtt://host:port` or `mqtt://user:password@host:port`.
    #[arg(long, value_name = "URL")]
    pub(crate) to: String,
    /// Seed of everything random.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// End after this time; without it, at Ctrl-C or when told to stop.
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    pub(crate) duration: Option<Duration>,
    /// Print one JSON object as the last line.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `90`, `90s`, `2m`, `500ms`.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: f64 = digits.parse().map_err(|_| format!("“{text}” is no time: write it like 90s, 2m or 500ms"))?;
    let unit = match &text[digits.len()..] {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        "h" => 3600.0,
        other => return Err(format!("“{other}” is no unit of time here: ms, s, m or h")),
    };
    /// A year: longer than any run, and far from what a clock cannot count.
    const LONGEST_S: f64 = 366.0 * 86_400.0;
    let seconds = number * unit;
    if !(0.0..=LONGEST_S).contains(&seconds) {
        return Err(format!("“{text}” is out of range: up to a year"));
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// A broker's address.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broker {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) login: Option<(String, String)>,
}

impl Broker {
    /// Reads `mqtt://[user:password@]host[:port]`; IPv6 addresses stand in brackets.
    pub(crate) fn parse(url: &str) -> anyhow::Result<Self> {
        /// The port that MQTT has by default.
        const PORT: u16 = 1883;
        let rest = url
            .strip_prefix("mqtt://")
            .ok_or_else(|| anyhow::anyhow!("“{url}” is no broker: write it like mqtt://host:1883"))?;
        let (login, place) = rest.rsplit_once('@').map_or((None, rest), |(login, place)| (Some(login), place));
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| anyhow::anyhow!("“{port}” is no port: 1 to 65535"))?)
            }
            _ => (place, PORT),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        anyhow::ensure!(
            !host.is_empty() && !host.contains('/'),
            "“{url}” names no host: write it like mqtt://host:1883"
        );
        let login = match login.map(|login| login.split_once(':')) {
            None => None,
            Some(Some((user, password))) => Some((user.to_owned(), password.to_owned())),
            Some(None) => anyhow::bail!("a login is written user:password@ before the host"),
        };
        Ok(Self { host, port, login })
    }
}

#[cfg(test)]
mod tests {
    use super::{Broker, duration};

    #[test]
    fn times_are_read_with_their_units() {
        assert_eq!(duration("130s").unwrap().as_secs(), 130);
        assert_eq!(duration("2m").unwrap().as_secs(), 120);
        assert_eq!(duration("500ms").unwrap().as_millis(), 500);
        for wrong in ["", "s", "5 weeks", "-1s", "1e400", "1e19s", "NaN"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn brokers_are_read_with_port_and_login() {
        let broker = Broker::parse("mqtt://pan:se:cret@plant.example:8883").unwrap();
        assert_eq!((broker.host.as_str(), broker.port), ("plant.example", 8883));
        assert_eq!(broker.login, Some(("pan".to_owned(), "se:cret".to_owned())));
        assert_eq!(Broker::parse("mqtt://[::1]").unwrap(), Broker { host: "::1".to_owned(), port: 1883, login: None });
        for wrong in ["plant:1883", "mqtt://", "mqtt://host:99999", "mqtt://user@host"] {
            assert!(Broker::parse(wrong).is_err(), "{wrong}");
        }
    }
}
