//! How long one message takes to decode; the budget is 5 µs for three metrics. `cargo bench -p panfloor-wire`.

use std::hint::black_box;
use std::time::Instant;

use panfloor_model::Timestamp;
use panfloor_wire::{Arrival, Mapping, decode};

/// Rounds a case is measured for; the quickest counts, since all that disturbs adds time.
const ROUNDS: usize = 20;
/// Messages a round.
const MESSAGES: u32 = 20_000;

#[expect(clippy::print_stdout, reason = "a bench prints what it measured")]
fn main() {
    let mapping = Mapping::default();
    let cases = [
        (
            "3 metrics",
            r#"{"id":"pan-03","time":"2026-11-24T06:15:04.250Z","temperature":46.1,"pressure":65.2,"motor_power":12.1}"#,
        ),
        (
            "3 metrics, seq, phase, mode",
            r#"{"id":"pan-03","time":"2026-11-24T06:15:04.250Z","temperature":46.1,"pressure":65.2,"motor_power":12.1,"seq":4711,"phase":"grain_growth","mode":"remote"}"#,
        ),
        (
            "3 metrics, one NaN",
            r#"{"id":"pan-03","time":"2026-11-24T06:15:04.250Z","temperature":NaN,"pressure":65.2,"motor_power":12.1}"#,
        ),
    ];
    for (name, text) in cases {
        let arrival = Arrival {
            topic: "/devices/pan-03/events",
            payload: text.as_bytes(),
            retained: false,
            arrived_at: Timestamp::from_micros(1_795_500_905_000_000),
        };
        let round = || {
            let start = Instant::now();
            for _ in 0..MESSAGES {
                black_box(decode(&mapping, black_box(&arrival)));
            }
            start.elapsed() / MESSAGES
        };
        let quickest = (0..ROUNDS).map(|_| round()).min().unwrap_or_default();
        println!("{name}: {quickest:?} a message");
    }
}
