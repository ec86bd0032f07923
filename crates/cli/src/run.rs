//! `panfloorctl run`: the engine, headless.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use panfloor_api::{Api, DemoOptions, Station, StationSetup};
use panfloor_engine::SourceSetup;
use zeroize::Zeroizing;

use crate::arguments::{Broker, RunOptions};
use crate::script::{Script, change, change_a_setpoint};
use crate::{say, verdict};

/// How long the pans' last PUBACKs and their commits are waited for.
const DRAIN: Duration = Duration::from_secs(10);

/// Another process holds the data folder.
#[derive(Debug)]
pub(crate) struct Held(PathBuf);

impl std::fmt::Display for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is held by another Panfloor: end that one first", self.0.display())
    }
}

impl std::error::Error for Held {}

/// Where a run keeps its data.
enum Folder {
    Kept(PathBuf),
    /// Gone when the run ends.
    Passing(tempfile::TempDir),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Passing(folder) => folder.path(),
        }
    }
}

/// Runs until the time is over or somebody says stop.
pub(crate) fn run(options: &RunOptions, runtime: &tokio::runtime::Runtime) -> anyhow::Result<()> {
    // Before anything is made that has to be removed again.
    let stop = crate::stop::stop(runtime)?;
    let folder = folder(options)?;
    anyhow::ensure!(
        options.demo || options.broker.is_some() || folder.path().join("live.db").exists(),
        "{} holds no site: create one in Panfloor's window, or name a broker with --broker mqtt://host:port",
        folder.path().display()
    );
    let setup = setup(options, folder.path())?;
    let station = panfloor_api::open(setup, runtime.handle()).context("the station does not open")?;
    if station.engine.read_only() {
        return Err(Held(folder.path().to_owned()).into());
    }
    let sources = station.engine.inspect(panfloor_engine::Core::sources)?;
    anyhow::ensure!(
        !sources.is_empty(),
        "{} knows no source: nothing would be acquired; name a broker with --broker mqtt://host:port",
        folder.path().display()
    );
    let began = station.engine.now().wall;
    let api = Arc::new(Api::new(Arc::new(Script), runtime.handle().clone()));
    api.open(station.engine.clone(), station.demo.is_some());
    let over = Arc::new(AtomicBool::new(false));
    let script = (options.demo || options.change.is_some()).then(|| {
        let (api, over, wish) = (Arc::clone(&api), Arc::clone(&over), options.change.clone());
        std::thread::spawn(move || {
            let done = match wish {
                Some(wish) => change(&api, &over, &wish, |line| say(&line.to_string())),
                None => change_a_setpoint(&api, &over),
            };
            // Nothing to wait for any more: the run ends and says why.
            over.fetch_or(done.is_err(), Ordering::Relaxed);
            done
        })
    });
    wait(options, &stop, &station, &over);
    over.store(true, Ordering::Relaxed);
    if let Some(script) = script {
        script.join().map_err(|_| anyhow::anyhow!("the scripted users broke off"))?.context("the scripted change")?;
    }
    drain(&station, runtime);
    let verdict = verdict::of(&station, began)?;
    station.close(runtime.handle());
    if options.json {
        say(&serde_json::to_string(&verdict)?);
    }
    Ok(())
}

/// The data folder: the one given, a passing one for the demo, the user's own otherwise.
fn folder(options: &RunOptions) -> anyhow::Result<Folder> {
    Ok(match &options.data {
        Some(path) => Folder::Kept(path.clone()),
        None if options.demo => {
            let made = tempfile::Builder::new().prefix("panfloorctl-demo-").tempdir();
            Folder::Passing(made.context("no temporary folder for the demo")?)
        }
        None => {
            let own = directories::ProjectDirs::from("com", "Panfloor", "panfloor");
            Folder::Kept(
                own.map_or_else(|| PathBuf::from("panfloor-data"), |own| own.data_local_dir().to_owned()).join("site"),
            )
        }
    })
}

/// What to open.
fn setup(options: &RunOptions, folder: &Path) -> anyhow::Result<StationSetup> {
    let demo = options.demo.then_some(DemoOptions { machines: options.machines, seed: options.seed, fresh: false });
    let sources = options.broker.as_deref().map(|url| {
        let broker = Broker::parse(url)?;
        let (username, password) = broker.login.unzip();
        anyhow::Ok(SourceSetup {
            key: "home".to_owned(),
            name: "Plant broker".to_owned(),
            host: broker.host,
            port: broker.port,
            username,
            password: password.map(Zeroizing::new),
            mapping: panfloor_wire::Mapping::default(),
            adopts_per_hour: (!options.adopt_all).then_some(panfloor_engine::ADOPTS_PER_HOUR),
        })
    });
    let sources: Vec<SourceSetup> = sources.transpose()?.into_iter().collect();
    let founding = options.found_demo_users.then(|| panfloor_api::demo_users_founding("Trial site"));
    Ok(StationSetup { folder: folder.to_owned(), demo, founding, sources })
}

/// Waits for the end, printing status lines; ends early when somebody says that it is `over`.
fn wait(options: &RunOptions, stop: &tokio::task::JoinHandle<()>, station: &Station, over: &AtomicBool) {
    let end = options.duration.map(|duration| Instant::now() + duration);
    let mut next_status = options.status_every.map(|every| Instant::now() + every);
    let runs = || !over.load(Ordering::Relaxed) && end.is_none_or(|end| Instant::now() < end);
    while !stop.is_finished() && runs() {
        std::thread::sleep(Duration::from_millis(50));
        if let (Some(at), Some(every)) = (next_status, options.status_every)
            && Instant::now() >= at
        {
            say(&station.status_line());
            next_status = Some(at + every);
        }
    }
}

/// Lets the pans stop, and what they published arrive.
fn drain(station: &Station, runtime: &tokio::runtime::Runtime) {
    let Some(demo) = &station.demo else { return };
    runtime.block_on(demo.stop_publishing(DRAIN));
    let end = Instant::now() + DRAIN;
    while station.committed() < demo.acknowledged_count() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
}
