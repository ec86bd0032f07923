//! Nothing that arrives can stop the decoder, and what is written can be read again.

use std::time::Duration;

use panfloor_model::{Metric, Mode, Timestamp};
use panfloor_wire::{
    Arrival, Decoded, Item, Mapping, Reading, ReportStatus, StateReport, TimeFrom, TopicKind, TopicTemplate, decode,
    encode_state, encode_telemetry, format_rfc3339, parse_rfc3339,
};
use proptest::prelude::*;
use serde_json::json;

const ARRIVED_AT: Timestamp = Timestamp::from_micros(1_795_500_905_000_000);

fn arrival<'a>(topic: &'a str, payload: &'a [u8]) -> Arrival<'a> {
    Arrival { topic, payload, retained: false, arrived_at: ARRIVED_AT }
}

/// Topics of the default layout, near misses, and anything.
fn topic() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("/devices/pan-03/events".to_owned()),
        Just("/devices/pan-03/state".to_owned()),
        Just("/devices/pan-03/config".to_owned()),
        Just("/aggregates/pan-03/temperature".to_owned()),
        "/?(devices|aggregates)?/.{0,8}/(events|state|config)?/?.{0,4}",
        any::<String>(),
    ]
}

/// Texts of the tokens that JSON and this contract are made of, in any order: far more often nearly right than noise is.
fn nearly_json() -> impl Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "\"id\"",
        "\"time\"",
        "\"seq\"",
        "\"phase\"",
        "\"mean\"",
        "\"config\"",
        "\"status\"",
        "\"window_start\"",
        "\"processingTime\"",
        "\"aggTemperature\"",
        "\"applied\"",
        "\"2026-11-24T06:15:04Z\"",
        "\"2026-11-24 06:15:04.2\"",
        "\"é\"",
        "\"temperature\":",
        "1e999",
        "-0",
        "46.1",
        "9223372036854775808",
        "-1.8e308",
        "NaN",
        "-Infinity",
        "null",
        "true",
        " ",
        "\n",
        "é",
        "\u{feff}",
    ]);
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat().into_bytes())
}

fn name() -> impl Strategy<Value = String> {
    "[a-zé._ \"\\\\-]{1,20}".prop_filter("not reserved", |name| {
        !["device", "id", "mode", "phase", "reading_id", "seq", "time"].contains(&name.as_str())
    })
}

fn reading() -> impl Strategy<Value = Reading> {
    let numbers = prop::collection::btree_map(name(), prop::option::weighted(0.8, -1e12..1e12_f64), 1..8);
    let latest = ARRIVED_AT.micros() + 600_000_000;
    let tags = prop::option::of(("[a-z_]{0,12}", "[a-z]{1,12}"));
    (
        "[a-z0-9-]{1,20}",
        prop::option::of("[a-z0-9]{1,9}"),
        any::<Option<u64>>(),
        0..=latest,
        any::<bool>(),
        numbers,
        tags,
    )
        .prop_map(|(device, reading_id, seq, micros, dated, numbers, tags)| Reading {
            device,
            reading_id,
            seq,
            time: if dated { Timestamp::from_micros(micros) } else { ARRIVED_AT },
            time_from: if dated { TimeFrom::Device } else { TimeFrom::Arrival },
            values: numbers.iter().filter_map(|(name, value)| Some((Metric::new(name), (*value)?))).collect(),
            bad: numbers.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| Metric::new(name)).collect(),
            tags: tags.map_or_else(Vec::new, |(phase, mode)| {
                // In the order of names, as the decoder gives them.
                vec![(Metric::new(Metric::MODE), mode), (Metric::new(Metric::PHASE), phase)]
            }),
        })
}

/// Each message yields something, and nothing that the contract forbids.
fn check(decoded: &Decoded) -> Result<(), TestCaseError> {
    prop_assert!(!decoded.items.is_empty() || !decoded.rejected.is_empty());
    for item in &decoded.items {
        if let Item::Reading(reading) = item {
            prop_assert!(!reading.device.is_empty() && reading.device.len() <= 128);
            prop_assert!(reading.values.iter().all(|(_, value)| value.is_finite()));
            prop_assert!(reading.time <= ARRIVED_AT.plus(Duration::from_secs(600)));
        }
    }
    for rejected in &decoded.rejected {
        prop_assert!(!rejected.reason.to_string().is_empty());
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_on_any_topic_decode_to_something(topic in topic(), payload: Vec<u8>) {
        check(&decode(&Mapping::default(), &arrival(&topic, &payload)))?;
    }

    #[test]
    fn nearly_right_messages_decode_to_something(topic in topic(), payload in nearly_json(), envelope: bool) {
        let mapping = Mapping { config_envelope: envelope, ..Mapping::default() };
        check(&decode(&mapping, &arrival(&topic, &payload)))?;
    }

    #[test]
    fn a_reading_written_is_the_reading_read(reading in reading()) {
        let payload = encode_telemetry(&reading);
        let topic = Mapping::default().telemetry_topic(&reading.device).unwrap();
        let decoded = decode(&Mapping::default(), &arrival(&topic, &payload));
        prop_assert_eq!(decoded, Decoded { items: vec![Item::Reading(reading)], rejected: Vec::new() });
    }

    #[test]
    fn a_report_written_is_the_report_read(
        version: Option<u64>, setpoint in prop::option::of(30.0..90.0_f64), status in 0..4_usize, mode in 0..4_usize,
        reason in prop::option::of(".{0,40}"),
    ) {
        let report = StateReport {
            device: "pan-03".to_owned(),
            config_version: version,
            config: setpoint.map(|setpoint| json!({"temperature_setpoint": setpoint, "heating_enabled": true})),
            status: [ReportStatus::Received, ReportStatus::Applied, ReportStatus::Refused].get(status).copied(),
            reason,
            mode: [Mode::Remote, Mode::Local, Mode::Maintenance].get(mode).copied(),
            firmware: Some("2.1".to_owned()),
            retained: false,
            class: None,
        };
        let decoded = decode(&Mapping::default(), &arrival("/devices/pan-03/state", &encode_state(&report)));
        prop_assert_eq!(decoded, Decoded { items: vec![Item::State(report)], rejected: Vec::new() });
    }

    #[test]
    fn the_bytes_on_a_config_topic_are_kept(payload: Vec<u8>) {
        let decoded = decode(&Mapping::default(), &arrival("/devices/pan-03/config", &payload));
        prop_assert!(matches!(decoded.items.as_slice(), [Item::Config(seen)] if seen.payload == payload));
    }

    #[test]
    fn a_time_written_is_the_time_read(micros in -62_167_219_200_000_000..253_402_300_799_000_000_i64) {
        let time = Timestamp::from_micros(micros);
        prop_assert_eq!(parse_rfc3339(&format_rfc3339(time)), Some(time));
    }

    #[test]
    fn a_topic_built_names_its_machine(device: String, prefix in "(/?[a-z]{1,5}/){0,2}") {
        let template = TopicTemplate::parse(TopicKind::Telemetry, &format!("{prefix}{{device}}/events/#")).unwrap();
        if let Some(topic) = template.topic_for(&device) {
            prop_assert_eq!(template.captures(&topic).unwrap().device, Some(device.as_str()));
        }
    }

    #[test]
    fn any_pattern_parses_or_says_why(pattern: String, device: String) {
        match TopicTemplate::parse(TopicKind::Config, &pattern) {
            Ok(template) => {
                prop_assert_eq!(template.filter().split('/').count(), pattern.split('/').count());
                prop_assert!(template.topic_for(&device).is_none_or(|topic| !topic.contains(['+', '#'])));
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
