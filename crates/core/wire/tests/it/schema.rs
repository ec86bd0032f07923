//! The contract's schemas and its golden messages agree, and what we write ourselves fits both.

use jsonschema::Validator;
use panfloor_model::{Metric, Mode, Timestamp};
use panfloor_wire::{ConfigEnvelope, Reading, ReportStatus, StateReport, TimeFrom, encode_state, encode_telemetry};
use serde_json::{Value, json};

use crate::case::{SchemaVerdict, all, contract};

const KINDS: [&str; 5] = ["telemetry", "aggregate", "state", "config", "command"];

fn validator(kind: &str) -> Validator {
    let text = std::fs::read_to_string(contract().join(format!("schemas/{kind}.schema.json"))).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "{kind}: not a schema");
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn schemas_accept_what_decodes_and_refuse_what_they_are_said_to() {
    let (mut accepted, mut refused) = (0, 0);
    for kind in KINDS {
        let validator = validator(kind);
        for case in all(kind) {
            let Ok(payload) = serde_json::from_slice::<Value>(&case.payload()) else {
                assert!(case.schema != SchemaVerdict::Refuses, "{kind}/{}: not JSON at all", case.name);
                continue;
            };
            match case.schema {
                SchemaVerdict::Refuses => {
                    assert!(!validator.is_valid(&payload), "{kind}/{}: the schema accepts it", case.name);
                    refused += 1;
                }
                SchemaVerdict::Follows if case.expect.rejected.is_empty() => {
                    let problems: Vec<String> = validator.iter_errors(&payload).map(|e| e.to_string()).collect();
                    assert!(problems.is_empty(), "{kind}/{}: {problems:?}", case.name);
                    accepted += 1;
                }
                SchemaVerdict::Follows | SchemaVerdict::Skip => {}
            }
        }
    }
    assert!(accepted >= 40 && refused >= 15, "{accepted} accepted, {refused} refused: cases are missing");
}

#[test]
fn what_we_write_fits_the_schemas() {
    let reading = Reading {
        device: "pan-03".to_owned(),
        reading_id: Some("r-1".to_owned()),
        seq: Some(7),
        time: Timestamp::from_micros(1_795_500_904_250_000),
        time_from: TimeFrom::Device,
        values: vec![(Metric::new("temperature"), 46.1), (Metric::new("pressure"), 65.0)],
        bad: Vec::new(),
        tags: vec![(Metric::new("mode"), "remote".to_owned()), (Metric::new("phase"), "seed".to_owned())],
    };
    let bytes = encode_telemetry(&reading);
    assert_eq!(
        String::from_utf8(bytes.clone()).unwrap(),
        r#"{"id":"pan-03","reading_id":"r-1","time":"2026-11-24T06:15:04.250Z","temperature":46.1,"pressure":65.0,"seq":7,"phase":"seed","mode":"remote"}"#
    );
    let config = json!({"temperature_setpoint": 46.5, "heating_enabled": true});
    let report = StateReport {
        config_version: Some(12_004),
        config: Some(config.clone()),
        status: Some(ReportStatus::Applied),
        mode: Some(Mode::Remote),
        firmware: Some("2.1".to_owned()),
        class: Some("a-pan".to_owned()),
        ..StateReport::default()
    };
    let state = encode_state(&report);
    assert_eq!(
        String::from_utf8(state.clone()).unwrap(),
        r#"{"config_version":12004,"config":{"heating_enabled":true,"temperature_setpoint":46.5},"status":"applied","mode":"remote","firmware":"2.1","class":"a-pan"}"#
    );
    let envelope = ConfigEnvelope {
        site: "lublin".to_owned(),
        version: 12_004,
        config,
        issued_at: reading.time,
        change: "c-1".to_owned(),
        approved_by: vec!["ewa".to_owned()],
        proof: Some(json!({})),
    };
    for (kind, bytes) in [("telemetry", bytes), ("state", state), ("config", envelope.encode())] {
        let payload = serde_json::from_slice(&bytes).unwrap();
        assert!(validator(kind).is_valid(&payload), "{kind}: {payload}");
    }
}

#[test]
fn a_command_has_an_identity() {
    let command = validator("command");
    assert!(command.is_valid(&json!({"id": "c-1", "issued_at": "2026-11-24T06:15:00Z", "args": {"to": 1}})));
    assert!(!command.is_valid(&json!({"args": {}})));
}
