//! The same pans against any broker.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::configs::Configs;
use crate::demo::{check_machines, drained, staggered};
use crate::error::DemoError;
use crate::link::{Address, Link, LinkStatus, Order};
use crate::plant::{self, Plan};
use crate::tally::Tally;

/// The most machines of a simulation: what one PC runs with ease.
const MAX_MACHINES: u16 = 1000;
/// The highest rate, Hz: the resolution of the runtime's timer.
const MAX_RATE_HZ: f64 = 1000.0;
/// Connections at most; past that pans share one, as behind a gateway. A process may often have only 1024 files open.
const MAX_LINKS: usize = 64;
/// How long the broker may take to let the first pan in.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long the broker may take to acknowledge the last readings.
const LAST_ACKS_WITHIN: Duration = Duration::from_secs(10);
/// How often progress is reported.
const PROGRESS_EVERY: Duration = Duration::from_secs(1);
/// What the pans' configs say while the host sets the pace, ms.
const CONFIG_INTERVAL_MS: [f64; 2] = [100.0, 60_000.0];

/// What is to be simulated, and where it goes.
#[derive(Debug, Clone)]
pub struct SimulateSetup {
    /// How many pans, 1 to 1000.
    pub machines: u16,
    /// Readings a second of each pan, above 0 and at most 1000. Holds whatever `sample_interval_ms` a config sets.
    pub rate_hz: f64,
    /// Name or address of the broker.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// User name and password, if the broker asks for them.
    pub login: Option<(String, String)>,
    /// Seed of everything random: equal seeds, equal plants.
    pub seed: u64,
    /// How long; `None`: until stopped.
    pub duration: Option<Duration>,
    /// Whether the demo's three faults happen.
    pub faults: bool,
}

/// How far a simulation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Readings handed to the client.
    pub sent: u64,
    /// Readings whose PUBACK came in.
    pub acknowledged: u64,
}

/// What a simulation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Readings handed to the client.
    pub sent: u64,
    /// Readings whose PUBACK came in; below `sent` when the broker did not answer to the last.
    pub acknowledged: u64,
    /// How long it ran.
    pub elapsed: Duration,
}

/// Runs pans against the broker of `setup` until its duration is over or `stop` turns true or is dropped; calls
/// `progress` once a second.
///
/// # Errors
/// If the setup is out of range, or the broker is not reached or refuses the pans at the start. Later losses of the
/// connection are mended without end.
pub async fn simulate(
    setup: SimulateSetup,
    progress: impl Fn(Progress),
    mut stop: watch::Receiver<bool>,
) -> Result<Summary, DemoError> {
    let (tally, orders, links, mut tasks) = launch(&setup)?;
    reached(&setup, &links).await?;
    let begun = Instant::now();
    orders.send_replace(Order::Run);
    let read = || Progress { sent: tally.published(), acknowledged: tally.acknowledged() };
    let reporting = async {
        let mut ticks = interval(PROGRESS_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            ticks.tick().await;
            progress(read());
        }
    };
    let over = async {
        match setup.duration {
            Some(duration) => tokio::time::sleep(duration).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = reporting => {}
        () = over => {}
        // A dropped sender is an order to stop as well: nobody could give it any more.
        _ = stop.wait_for(|stop| *stop) => {}
    }
    let elapsed = begun.elapsed();
    orders.send_replace(Order::Drain);
    if !timeout(LAST_ACKS_WITHIN, drained(&links)).await.unwrap_or(false) {
        tracing::warn!("the broker did not acknowledge the last readings");
    }
    orders.send_replace(Order::Stop);
    while tasks.join_next().await.is_some() {}
    let Progress { sent, acknowledged } = read();
    Ok(Summary { sent, acknowledged, elapsed })
}

type Launched = (Arc<Tally>, watch::Sender<Order>, Vec<watch::Receiver<LinkStatus>>, JoinSet<()>);

fn launch(setup: &SimulateSetup) -> Result<Launched, DemoError> {
    check_machines(setup.machines, MAX_MACHINES)?;
    if !(setup.rate_hz > 0.0 && setup.rate_hz <= MAX_RATE_HZ) {
        return Err(DemoError::Rate { rate_hz: setup.rate_hz, max: MAX_RATE_HZ });
    }
    let pace_ms = 1000.0 / setup.rate_hz;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 100..=60000 first")]
    let sample_interval_ms = pace_ms.clamp(CONFIG_INTERVAL_MS[0], CONFIG_INTERVAL_MS[1]).round() as u32;
    // A day: slower than any machine, and far from what a duration cannot hold.
    let pace = Duration::from_secs_f64((pace_ms / 1000.0).min(86_400.0));
    let configs = Arc::new(Configs::open(None)?);
    let plan = Plan {
        machines: setup.machines,
        seed: setup.seed,
        sample_interval_ms,
        faults: setup.faults,
        configs: &configs,
    };
    let setups = plant::pans(&plan)?;
    // Nobody asks for the list, so nothing is remembered.
    let tally = Arc::new(Tally::new(setups.len(), 0));
    let (orders, ordered) = watch::channel(Order::Hold);
    let (mut links, mut tasks) = (Vec::new(), JoinSet::new());
    let per_link = setups.len().div_ceil(MAX_LINKS);
    for (index, group) in staggered(setups, pace, per_link)?.into_iter().enumerate() {
        let address = Address {
            host: setup.host.clone(),
            port: setup.port,
            // Two simulations at one broker must not throw each other out.
            client_id: format!("panfloor-sim-{}-{}", std::process::id(), index + 1),
            login: setup.login.clone(),
        };
        let (link, status) =
            Link::new(group, address, Some(pace), Arc::clone(&tally), Arc::clone(&configs), ordered.clone());
        links.push(status);
        tasks.spawn(link.run());
    }
    Ok((tally, orders, links, tasks))
}

/// Waits until the first pan is connected; its first failure is the answer.
async fn reached(setup: &SimulateSetup, links: &[watch::Receiver<LinkStatus>]) -> Result<(), DemoError> {
    let unreachable = |cause: String| DemoError::Unreachable { host: setup.host.clone(), port: setup.port, cause };
    let Some(mut first) = links.first().cloned() else { return Ok(()) };
    let known = first.wait_for(|status| *status != LinkStatus::Connecting(None));
    match timeout(CONNECT_WITHIN, known).await {
        Ok(Ok(status)) => match &*status {
            LinkStatus::Connected { .. } | LinkStatus::Connecting(None) => Ok(()),
            LinkStatus::Connecting(Some(cause)) => Err(unreachable(cause.clone())),
        },
        Ok(Err(_)) => Err(unreachable("the link broke".to_owned())),
        Err(_) => Err(unreachable(format!("no answer within {} s", CONNECT_WITHIN.as_secs()))),
    }
}
