//! The handle of the running demo plant.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use panfloor_model::{MachineClass, Timestamp};
use panfloor_pan::{Pan, PanSetup};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::broker;
use crate::clock;
use crate::configs::Configs;
use crate::error::DemoError;
use crate::link::{Address, Link, LinkStatus, Order};
use crate::plant::{self, Plan};
use crate::tally::Tally;

/// The most machines of a demo plant.
pub const MAX_MACHINES: u16 = 40;
/// Machines of a demo plant if nothing else is asked for.
pub const DEFAULT_MACHINES: u16 = 24;
/// The highest rate of a demo plant, Hz: the shortest `sample_interval_ms` that a config may set.
const MAX_RATE_HZ: f64 = 10.0;
/// Each pan of the demo is a client of its own, as real ones are: 40 of them and the broker take about 0.5 CPU-seconds a
/// minute (`examples/load.rs`).
const PANS_PER_LINK: usize = 1;

/// What the demo plant is to be.
#[derive(Debug, Clone)]
pub struct DemoSetup {
    /// How many pans, 1 to [`MAX_MACHINES`].
    pub machines: u16,
    /// Seed of everything random in it: equal seeds, equal plants.
    pub seed: u64,
    /// Readings a second of each pan until a config says otherwise, above 0 and at most 10.
    pub rate_hz: f64,
    /// Where the pans keep the configs they applied between starts; `None`: they forget.
    pub folder: Option<PathBuf>,
    /// How many acknowledged readings each pan remembers; the oldest are forgotten first.
    pub keep_acknowledged: usize,
    /// Wait with telemetry for [`Demo::begin`]. The broker acknowledges what nobody has subscribed to and drops it, so
    /// whoever counts losses subscribes first and begins then.
    pub hold: bool,
}

impl Default for DemoSetup {
    fn default() -> Self {
        // Two hours at one reading a second: past that the list would weigh more than it proves.
        let keep_acknowledged = 7_200;
        Self { machines: DEFAULT_MACHINES, seed: 1, rate_hz: 1.0, folder: None, keep_acknowledged, hold: false }
    }
}

/// A running demo plant. Dropping it stops the pans; the broker's threads end with the process.
#[derive(Debug)]
pub struct Demo {
    port: u16,
    pans: Vec<(String, Arc<MachineClass>)>,
    tally: Arc<Tally>,
    orders: watch::Sender<Order>,
    links: Vec<watch::Receiver<LinkStatus>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Demo {
    /// Starts broker and pans on `runtime`; returns when the broker accepts connections (tens of milliseconds, which it
    /// blocks).
    ///
    /// # Errors
    /// If the setup is out of range, the folder cannot be used, or no broker comes up on loopback.
    pub fn start(runtime: &tokio::runtime::Handle, setup: &DemoSetup) -> Result<Self, DemoError> {
        check_machines(setup.machines, MAX_MACHINES)?;
        let sample_interval_ms = interval_ms(setup.rate_hz)?;
        let configs = Arc::new(Configs::open(setup.folder.as_deref())?);
        let plan =
            Plan { machines: setup.machines, seed: setup.seed, sample_interval_ms, faults: true, configs: &configs };
        let setups = plant::pans(&plan)?;
        let port = broker::start()?;
        let pans = setups.iter().map(|pan| (pan.name.clone(), Arc::clone(&pan.class))).collect();
        let tally = Arc::new(Tally::new(setups.len(), setup.keep_acknowledged));
        let first = if setup.hold { Order::Hold } else { Order::Run };
        let (orders, ordered) = watch::channel(first);
        let interval = Duration::from_millis(u64::from(sample_interval_ms));
        let (mut links, mut tasks) = (Vec::new(), Vec::new());
        for (index, group) in staggered(setups, interval, PANS_PER_LINK)?.into_iter().enumerate() {
            let address = Address {
                host: "127.0.0.1".to_owned(),
                port,
                client_id: format!("panfloor-demo-{:02}", index + 1),
                login: None,
            };
            let (link, status) =
                Link::new(group, address, None, Arc::clone(&tally), Arc::clone(&configs), ordered.clone());
            links.push(status);
            tasks.push(runtime.spawn(link.run()));
        }
        Ok(Self { port, pans, tally, orders, links, tasks })
    }

    /// The broker's port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Names of the pans, in order.
    #[must_use]
    pub fn machines(&self) -> Vec<String> {
        self.pans.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Class of the pan of this name.
    #[must_use]
    pub fn class_of(&self, name: &str) -> Option<Arc<MachineClass>> {
        self.pans.iter().find(|(pan, _)| pan == name).map(|(_, class)| Arc::clone(class))
    }

    /// Begins the telemetry of a plant that was started with `hold`. Does nothing once it has begun.
    pub fn begin(&self) {
        self.orders.send_if_modified(|order| {
            let held = *order == Order::Hold;
            if held {
                *order = Order::Run;
            }
            held
        });
    }

    /// Every reading that got its PUBACK and is still remembered: pan and device time, in order of time for each pan.
    #[must_use]
    pub fn acknowledged(&self) -> Vec<(String, Timestamp)> {
        let of_pan = |(index, (name, _)): (usize, &(String, Arc<MachineClass>))| {
            self.tally.times(index).into_iter().map(|time| (name.clone(), time)).collect::<Vec<_>>()
        };
        self.pans.iter().enumerate().flat_map(of_pan).collect()
    }

    /// Readings handed to the client so far.
    #[must_use]
    pub fn published_count(&self) -> u64 {
        self.tally.published()
    }

    /// Readings acknowledged by the broker so far (also those no longer remembered).
    #[must_use]
    pub fn acknowledged_count(&self) -> u64 {
        self.tally.acknowledged()
    }

    /// Ends the telemetry and waits until every PUBACK is in, at most `deadline`. Says whether all came. The pans stay
    /// connected and go on taking configs.
    pub async fn stop_publishing(&self, deadline: Duration) -> bool {
        self.orders.send_if_modified(|order| {
            let earlier = *order < Order::Drain;
            if earlier {
                *order = Order::Drain;
            }
            earlier
        });
        timeout(deadline, drained(&self.links)).await.unwrap_or(false)
    }

    /// Disconnects the pans and ends their tasks.
    pub async fn stop(self) {
        self.orders.send_replace(Order::Stop);
        for task in self.tasks {
            // A link that panicked is gone as well.
            if let Err(error) = task.await {
                tracing::error!(%error, "a link of the demo plant broke");
            }
        }
    }
}

/// Waits until every link has drained; `false` if one ended without.
pub(crate) async fn drained(links: &[watch::Receiver<LinkStatus>]) -> bool {
    for link in links {
        let mut link = link.clone();
        if link.wait_for(|status| *status == LinkStatus::Connected { drained: true }).await.is_err() {
            return false;
        }
    }
    true
}

/// Makes the pans, their readings spread over the interval, in groups of `per_link` that share a connection.
pub(crate) fn staggered(
    setups: Vec<PanSetup>,
    interval: Duration,
    per_link: usize,
) -> Result<Vec<Vec<(usize, Pan)>>, DemoError> {
    let count = u32::try_from(setups.len()).unwrap_or(u32::MAX).max(1);
    let now = clock::now();
    let mut groups: Vec<Vec<(usize, Pan)>> = Vec::new();
    for (number, setup) in setups.into_iter().enumerate() {
        let offset = interval * u32::try_from(number).unwrap_or(0) / count;
        let pan = Pan::new(setup, now.plus(offset)).map_err(|fault| DemoError::Classes(fault.to_string()))?;
        match groups.last_mut() {
            Some(group) if group.len() < per_link => group.push((number, pan)),
            Some(_) | None => groups.push(vec![(number, pan)]),
        }
    }
    Ok(groups)
}

pub(crate) const fn check_machines(machines: u16, max: u16) -> Result<(), DemoError> {
    if machines == 0 || machines > max { Err(DemoError::Machines { machines, max }) } else { Ok(()) }
}

/// Interval of a rate, within what a config may set.
fn interval_ms(rate_hz: f64) -> Result<u32, DemoError> {
    if !(rate_hz > 0.0 && rate_hz <= MAX_RATE_HZ) {
        return Err(DemoError::Rate { rate_hz, max: MAX_RATE_HZ });
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 100..=60000 first")]
    let interval_ms = (1000.0 / rate_hz).clamp(100.0, 60_000.0).round() as u32;
    Ok(interval_ms)
}
