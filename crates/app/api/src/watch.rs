//! What is pushed to a user interface: live frames and notices of change.

use panfloor_engine::{Domain as EngineDomain, LiveSample as EngineSample};
use panfloor_model::Timestamp;

use crate::dto::{Changed, Domain};
use crate::frame::{LiveSample, encode_live};

/// A moment in milliseconds since the epoch, as the door counts time.
pub(crate) fn ms(time: Timestamp) -> f64 {
    time.micros() as f64 / 1000.0
}

/// Turns live samples into frames for `send`, which says whether anybody still listens.
pub fn live_sink(send: impl Fn(Vec<u8>) -> bool + Send + 'static) -> impl Fn(Timestamp, &[EngineSample]) -> bool + Send {
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
pub fn changed_sink(send: impl Fn(Changed) -> bool + Send + 'static) -> impl Fn(u64, &[EngineDomain]) -> bool + Send {
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
