//! Every command answers, whatever it is sent.

use panfloor_api::commands::command_types;
use panfloor_api::dto::{ErrorCode, Pen, TrendRequest};
use serde_json::{Value, json};

use crate::door::Door;

/// Answered in binary, by `Api::trend`.
const BINARY: &str = "trend";

/// Requests that no command understands.
fn garbage() -> Vec<Value> {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    vec![json!([[[]]]), json!("text"), json!(-1), json!(1e300), json!({"a": 1}), json!({"pens": "x"}), json!({}), deep]
}

#[test]
fn every_declared_command_answers_and_garbage_is_a_bad_request() {
    let (door, station) = Door::demo(3);
    for command in command_types().iter().filter(|command| command.name != BINARY) {
        if command.request == "null" {
            door.call(command.name, Value::Null).unwrap_or_else(|error| {
                assert!(!error.sentence.contains("there is no command"), "{}", command.name);
                Value::Null
            });
            continue;
        }
        for request in garbage().into_iter().chain([Value::Null]) {
            let error = door.call(command.name, request.clone()).expect_err(command.name);
            assert_eq!(error.code, ErrorCode::BadRequest, "{} {request}", command.name);
            assert!(error.sentence.contains("cannot be read"), "{} {}", command.name, error.sentence);
        }
    }
    assert_eq!(door.refused("no_such_command", Value::Null), Some(ErrorCode::BadRequest));
    station.close(door.runtime.handle());
}

#[test]
fn well_formed_nonsense_is_refused_and_breaks_nothing() {
    let (door, station) = Door::demo(3);
    let pens = json!([{"machine": 4_000_000_000_u32, "metric": ""}]);
    let config = |config: Value| json!({"machine": 1, "config": config});
    let nonsense = [
        ("alarm_history", json!({"from_ms": -1e300, "to_ms": 1e300, "machine": 7, "before": -1e300, "limit": 0})),
        (
            "alarm_acknowledge",
            json!({"alarms": [{"machine": 1, "metric": "x", "condition": "frozen", "up_to_ms": 1e300}], "note": null}),
        ),
        (
            "alarm_acknowledge",
            json!({"alarms": [{"machine": 1, "metric": "x", "condition": "no", "up_to_ms": 0.0}], "note": null}),
        ),
        ("alarm_acknowledge", json!({"alarms": [], "note": null})),
        ("trend_marks", json!({"pens": pens, "from_ms": -1e300, "to_ms": 1e300})),
        ("trend_marks", json!({"pens": pens, "from_ms": -8.64e15, "to_ms": 8.64e15})),
        ("trend_marks", json!({"pens": pens, "from_ms": 5.0, "to_ms": 5.0})),
        (
            "trend_export",
            json!({"pens": [], "from_ms": 0.0, "to_ms": 1.0, "pixels": 1, "format": "csv", "theme": "", "path": null}),
        ),
        (
            "trend_export",
            json!({"pens": pens, "from_ms": 0.0, "to_ms": 1.0, "pixels": 1, "format": "exe", "theme": "", "path": null}),
        ),
        ("text_export", json!({"name": "../up.csv", "text": "", "path": null})),
        ("text_export", json!({"name": "a.csv", "text": "", "path": "/no/such/folder/a.csv"})),
        ("config_detail", json!(4_000_000_000_u32)),
        ("config_check", config(json!(null))),
        ("config_check", config(json!([[[]]]))),
        ("config_check", config(json!({"temperature_setpoint": "hot"}))),
        ("change_request", json!({"machine": 1, "base_version": -1.0, "config": {}, "reason": "why"})),
        ("change_request", json!({"machine": 1, "base_version": null, "config": {}, "reason": " "})),
        ("change_decide", json!({"request": "00", "decision": "approve", "remark": ""})),
        ("change_decide", json!({"request": "0".repeat(64), "decision": "approve", "remark": ""})),
        ("change_decide", json!({"request": "0".repeat(64), "decision": "perhaps", "remark": ""})),
        ("quarantine", json!({"offset": 4_294_967_295_u32, "limit": 0})),
        (
            "source_test",
            json!({"name": "", "host": "", "port": 0, "username": null, "password": null, "topics": ["a/#/b"]}),
        ),
        ("create_site", json!({"site": " ", "user_name": "", "source": null})),
    ];
    for (name, request) in nonsense {
        if let Err(error) = door.call(name, request.clone()) {
            assert_ne!(error.code, ErrorCode::Internal, "{name} {request}: {}", error.sentence);
            assert!(!error.sentence.is_empty(), "{name} {request}");
        }
    }
    let edges =
        [(f64::NAN, 1.0), (0.0, f64::INFINITY), (-1e300, 1e300), (2.0, 1.0), (-8.64e15, 8.64e15), (0.0, 1e-300)];
    for (from_ms, to_ms) in edges {
        for pixels in [0, 1, 8_192, u32::MAX] {
            let pens = vec![Pen { machine: 1, metric: "temperature".to_owned() }];
            let request = TrendRequest { pens, from_ms, to_ms, pixels, query: String::new() };
            if let Err(error) = door.api.trend(&request) {
                assert_eq!(error.code, ErrorCode::BadRequest, "{request:?}: {}", error.sentence);
            }
        }
    }
    let pens = vec![Pen { machine: 1, metric: String::new() }; 101];
    let request = TrendRequest { pens, from_ms: 0.0, to_ms: 1.0, pixels: 1, query: String::new() };
    assert_eq!(door.api.trend(&request).unwrap_err().code, ErrorCode::BadRequest);
    let hello = door.call("hello", Value::Null).unwrap();
    assert!(hello["demo"] == json!(true) && hello["trouble"].is_null(), "the station lives: {hello:#}");
    station.close(door.runtime.handle());
}

#[test]
fn settings_of_the_user_interface_are_bounded_and_come_back() {
    let (door, station) = Door::demo(1);
    let set = |key: &str, value: Value| door.refused("ui_setting", json!({"key": key, "value": value}));
    assert_eq!(set("theme", json!("dark")), None);
    assert_eq!(set(&"k".repeat(64), json!({"a": [1, 2]})), None);
    assert_eq!(set("large", json!("x".repeat(64 * 1024 - 2))), None);
    for key in ["", &"k".repeat(65), "a/b", "ä", "a b"] {
        assert_eq!(set(key, json!(1)), Some(ErrorCode::BadRequest), "{key}");
    }
    assert_eq!(set("too-large", json!("x".repeat(64 * 1024 - 1))), Some(ErrorCode::BadRequest));
    let settings = door.call("hello", Value::Null).unwrap()["ui_settings"].clone();
    assert_eq!(settings["theme"], json!("dark"));
    assert_eq!(settings[&"k".repeat(64)], json!({"a": [1, 2]}));
    assert_eq!(settings.as_object().unwrap().len(), 3, "nothing but the user interface's own");
    station.close(door.runtime.handle());
}

#[test]
fn without_a_station_hello_says_why_and_the_rest_is_an_error() {
    let door = Door::new();
    let hello = door.call("hello", Value::Null).unwrap();
    assert_eq!(hello["trouble"]["code"], json!("starting"));
    assert_eq!(door.refused("plant", Value::Null), Some(ErrorCode::Internal));
}
