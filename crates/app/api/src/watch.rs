//! What is pushed to a user interface: live frames and notices of change.

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
        self.watchers().add_live(Arc::new(send));
    }

    /// Sends notices of change to `send` until it says that nobody listens. A station that is opened later goes on sending.
    pub fn watch_changes(&self, send: impl Fn(Changed) -> bool + Send + Sync + 'static) {
        self.watchers().add_changes(Arc::new(send));
    }
}

/// Takes live frames.
type LiveSend = Arc<dyn Fn(Vec<u8>) -> bool + Send + Sync>;
/// Takes notices of change.
type ChangeSend = Arc<dyn Fn(Changed) -> bool + Send + Sync>;

/// Who watches this door, over all the stations that are opened behind it.
#[derive(Default)]
pub(crate) struct Watchers {
    engine: Mutex<Option<EngineHandle>>,
    live: Mutex<Vec<LiveSend>>,
    changes: Mutex<Vec<ChangeSend>>,
}

/// Everything a window shows.
const ALL: [Domain; 7] =
    [Domain::Hello, Domain::Plant, Domain::Sources, Domain::Alarms, Domain::Configs, Domain::Session, Domain::Storage];

impl Watchers {
    fn add_live(&self, send: LiveSend) {
        // Held to the end: an engine that comes between looking and noting would never be watched.
        let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = &*engine {
            let send = Arc::clone(&send);
            engine.watch_live(live_sink(move |frame| send(frame)));
        }
        self.live.lock().unwrap_or_else(PoisonError::into_inner).push(send);
    }

    fn add_changes(&self, send: ChangeSend) {
        // Held to the end: an engine that comes between looking and noting would never be watched.
        let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = &*engine {
            let send = Arc::clone(&send);
            engine.watch_changes(changed_sink(move |changed| send(changed)));
        }
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(send);
    }

    /// Another station stands behind the door: everybody watches it, and is told that all has changed.
    pub(crate) fn follow(&self, engine: Option<EngineHandle>) {
        let mut followed = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        let all = Changed { number: 0.0, domains: ALL.to_vec() };
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).retain(|send| {
            if let Some(engine) = &engine {
                let send = Arc::clone(send);
                engine.watch_changes(changed_sink(move |changed| send(changed)));
            }
            send(all.clone())
        });
        if let Some(engine) = &engine {
            for send in self.live.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                let send = Arc::clone(send);
                engine.watch_live(live_sink(move |frame| send(frame)));
            }
        }
        *followed = engine;
    }
}
