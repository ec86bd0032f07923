//! What is pushed to a user interface: live frames and notices of change.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use panfloor_engine::{Domain as EngineDomain, EngineHandle, LiveSample as EngineSample};
use panfloor_model::Timestamp;

use crate::dto::{Changed, Domain};
use crate::frame::{LiveSample, encode_live};

/// A moment in milliseconds since the epoch, as the door counts time.
pub(crate) fn ms(time: Timestamp) -> f64 {
    time.micros() as f64 / 1000.0
}

/// The wall clock, in milliseconds since the epoch.
#[must_use]
pub fn now_ms() -> f64 {
    ms(panfloor_engine::Clock::new().now().wall)
}

/// Turns live samples into frames for `send`, which says whether anybody still listens.
pub(crate) fn live_sink(
    send: impl Fn(Vec<u8>) -> bool + Send + 'static,
) -> impl Fn(Timestamp, &[EngineSample]) -> bool + Send {
    move |now, samples| {
        let samples: Vec<LiveSample> = samples
            .iter()
            .map(|sample| LiveSample {
                machine: sample.machine.0,
                metric: sample.metric,
                time_ms: ms(sample.time),
                value: sample.value,
            })
            .collect();
        send(encode_live(ms(now), &samples))
    }
}

/// Turns notices of change into what a window understands.
pub(crate) fn changed_sink(
    send: impl Fn(Changed) -> bool + Send + 'static,
) -> impl Fn(u64, &[EngineDomain]) -> bool + Send {
    move |number, domains| {
        let domains = domains.iter().map(|domain| convert(*domain)).collect();
        send(Changed { number: number as f64, domains })
    }
}

/// A domain by its name at the door.
const fn convert(domain: EngineDomain) -> Domain {
    match domain {
        EngineDomain::Hello => Domain::Hello,
        EngineDomain::Plant => Domain::Plant,
        EngineDomain::Sources => Domain::Sources,
        EngineDomain::Alarms => Domain::Alarms,
        EngineDomain::Configs => Domain::Configs,
        EngineDomain::Session => Domain::Session,
        EngineDomain::Storage => Domain::Storage,
    }
}

impl crate::Api {
    /// Sends live frames to `send` until it says that nobody listens. A station that is opened later goes on sending.
    pub fn watch_live(&self, send: impl Fn(Vec<u8>) -> bool + Send + Sync + 'static) {
        self.watchers().add_live(Watcher::new(send));
    }

    /// Sends notices of change to `send` until it says that nobody listens. A station that is opened later goes on sending.
    pub fn watch_changes(&self, send: impl Fn(Changed) -> bool + Send + Sync + 'static) {
        self.watchers().add_changes(Watcher::new(send));
    }
}

/// Somebody who watches, until it says that nobody listens any more.
struct Watcher<T> {
    send: Box<dyn Fn(T) -> bool + Send + Sync>,
    gone: AtomicBool,
}

impl<T> Watcher<T> {
    fn new(send: impl Fn(T) -> bool + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { send: Box::new(send), gone: AtomicBool::new(false) })
    }

    /// Hands something over; says whether anybody still listens.
    fn tell(&self, what: T) -> bool {
        let listens = !self.is_gone() && (self.send)(what);
        self.gone.fetch_or(!listens, Ordering::Relaxed);
        listens
    }

    fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }
}

/// Everybody who watches one kind of thing.
type Watching<T> = Mutex<Vec<Arc<Watcher<T>>>>;

/// Adds somebody, and forgets those who are gone: windows come and go for as long as the program runs.
fn add<T>(watching: &Watching<T>, watcher: Arc<Watcher<T>>) {
    let mut watching = watching.lock().unwrap_or_else(PoisonError::into_inner);
    watching.retain(|watcher| !watcher.is_gone());
    watching.push(watcher);
}

/// Who watches this door, over all the stations that are opened behind it.
#[derive(Default)]
pub(crate) struct Watchers {
    engine: Mutex<Option<EngineHandle>>,
    live: Watching<Vec<u8>>,
    changes: Watching<Changed>,
}

/// Everything a window shows.
const ALL: [Domain; 7] =
    [Domain::Hello, Domain::Plant, Domain::Sources, Domain::Alarms, Domain::Configs, Domain::Session, Domain::Storage];

impl Watchers {
    fn add_live(&self, watcher: Arc<Watcher<Vec<u8>>>) {
        // Held to the end: an engine that comes between looking and noting would never be watched.
        let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = &*engine {
            watch_live(engine, &watcher);
        }
        add(&self.live, watcher);
    }

    fn add_changes(&self, watcher: Arc<Watcher<Changed>>) {
        // As above.
        let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = &*engine {
            watch_changes(engine, &watcher);
        }
        add(&self.changes, watcher);
    }

    /// Another station stands behind the door: everybody watches it, and is told that all has changed.
    pub(crate) fn follow(&self, engine: Option<EngineHandle>) {
        let mut followed = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        let all = Changed { number: 0.0, domains: ALL.to_vec() };
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        changes.retain(|watcher| watcher.tell(all.clone()));
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.retain(|watcher| !watcher.is_gone());
        if let Some(engine) = &engine {
            changes.iter().for_each(|watcher| watch_changes(engine, watcher));
            live.iter().for_each(|watcher| watch_live(engine, watcher));
        }
        *followed = engine;
    }
}

/// Lets somebody watch a station's samples.
fn watch_live(engine: &EngineHandle, watcher: &Arc<Watcher<Vec<u8>>>) {
    let watcher = Arc::clone(watcher);
    engine.watch_live(live_sink(move |frame| watcher.tell(frame)));
}

/// Lets somebody watch what changes at a station.
fn watch_changes(engine: &EngineHandle, watcher: &Arc<Watcher<Changed>>) {
    let watcher = Arc::clone(watcher);
    engine.watch_changes(changed_sink(move |changed| watcher.tell(changed)));
}

#[cfg(test)]
mod tests {
    use super::{Watcher, Watchers};

    #[test]
    fn whoever_is_gone_is_forgotten() {
        let watchers = Watchers::default();
        let gone = Watcher::new(|_| false);
        watchers.add_live(std::sync::Arc::clone(&gone));
        assert!(!gone.tell(Vec::new()), "as the engine finds out");
        watchers.add_live(Watcher::new(|_| true));
        assert_eq!(watchers.live.lock().unwrap().len(), 1);
        assert_eq!(std::sync::Arc::strong_count(&gone), 1, "nothing keeps it");
    }
}
