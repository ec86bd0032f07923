//! What people and quarantine get to know of a rejected message.

use panfloor_model::Timestamp;
use panfloor_wire::{Arrival, Decoded, Mapping, Rejected, decode};

fn rejected(mapping: &Mapping, topic: &str, payload: &[u8]) -> Vec<Rejected> {
    let arrived_at = Timestamp::from_micros(1_795_500_905_000_000);
    let Decoded { rejected, .. } = decode(mapping, &Arrival { topic, payload, retained: false, arrived_at });
    rejected
}

fn sentence(payload: &[u8]) -> String {
    rejected(&Mapping::default(), "/devices/pan-03/events", payload)[0].reason.to_string()
}

#[test]
fn a_batch_says_which_element() {
    let payload = br#"[{"pressure":1},7,{"pressure":1},{"note":"x"}]"#;
    let elements: Vec<Option<usize>> =
        rejected(&Mapping::default(), "/devices/pan-03/events", payload).iter().map(|r| r.element).collect();
    assert_eq!(elements, [Some(1), Some(3)]);
}

#[test]
fn a_broken_text_says_where() {
    let rejected = rejected(&Mapping::default(), "/devices/pan-03/events", br#"{"pressure":}"#);
    assert_eq!((rejected[0].element, rejected[0].excerpt_offset), (None, Some(12)));
}

#[test]
fn sentences_say_what_to_do() {
    let nameless: Mapping = serde_json::from_str(r##"{"templates":[{"kind":"telemetry","pattern":"#"}]}"##).unwrap();
    let reason = &rejected(&nameless, "x", br#"{"pressure":1}"#)[0].reason;
    assert_eq!(reason.to_string(), "no machine: set one in this source's mapping");
    assert_eq!(
        sentence(br#"{"time":"2026-11-24T07:15:05Z","pressure":1}"#),
        "the time lies 3600 s in the future, more than 600 s: set the machine's clock, or the time zone in this source's mapping"
    );
    assert_eq!(sentence(b"7"), r#"expected a JSON object, found a number: send {"name": number, …}"#);
    assert!(sentence(&vec![b' '; 262_145]).starts_with("the message has 262145 bytes, more than the 262144 that"));
}

/// A time is quoted in the sentence: not at any length, and not with characters that could forge a line of a log.
#[test]
fn sentences_quote_little_and_cleanly() {
    let quoted = sentence(format!(r#"{{"time":"a\nb{}","pressure":1}}"#, "x".repeat(100_000)).as_bytes());
    assert!(quoted.starts_with(r#"the time "a bxxx"#) && quoted.len() < 400, "{quoted}");
}
