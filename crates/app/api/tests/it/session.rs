//! Who may do what, signed in or not.

use panfloor_api::dto::ErrorCode;
use panfloor_engine::{EngineSetup, Founding, Member};
use panfloor_model::Role;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::door::Door;

const PASSPHRASE: &str = "a passphrase of tests";

fn acknowledgement(machine: u64) -> Value {
    json!({"alarms": [{"machine": machine, "metric": "pressure", "condition": "limit:high", "up_to_ms": 1.8e12}], "note": "seen"})
}

/// A site whose second user may request, and nothing else.
fn founding() -> Founding {
    let member = |id: &str, roles: &[Role]| Member {
        id: id.to_owned(),
        name: id.to_owned(),
        roles: roles.to_vec(),
        passphrase: Zeroizing::new(PASSPHRASE.to_owned()),
    };
    Founding {
        site_name: "Test site".to_owned(),
        station_name: "Room 1".to_owned(),
        administrator: member("chief", &[Role::Operator, Role::Administrator]),
        members: vec![member("drafter", &[Role::Engineer])],
        unless_founded: false,
    }
}

#[test]
fn acknowledging_takes_a_session_and_the_right() {
    let door = Door::new();
    let setup = EngineSetup {
        folder: door.folder.path().join("site"),
        wrapping: panfloor_keys::WrappingPlace::File,
        founding: Some(founding()),
        sources: Vec::new(),
        keep_sources: false,
        pace: panfloor_change::HeartbeatPace::default(),
        store: panfloor_historian::Options::default(),
    };
    let engine = panfloor_engine::start(setup, door.runtime.handle()).unwrap();
    door.api.open(engine.clone(), false);
    assert_eq!(door.refused("alarm_acknowledge", acknowledgement(1)), Some(ErrorCode::SignInNeeded));
    assert_eq!(door.refused("sign_in", json!({"user": "nobody"})), Some(ErrorCode::NotFound));
    door.typist.types("not the passphrase");
    assert_eq!(door.refused("sign_in", json!({"user": "drafter"})), Some(ErrorCode::WrongPassphrase));
    assert!(door.call("session", Value::Null).unwrap()["user"].is_null());
    door.typist.types(PASSPHRASE);
    assert_eq!(door.refused("sign_in", json!({"user": "drafter"})), None);
    let session = door.call("session", Value::Null).unwrap();
    assert_eq!(session["user"]["id"], json!("drafter"));
    assert_eq!(session["users"].as_array().unwrap().len(), 2);
    assert!(!session.to_string().contains("passphrase\":\""), "no passphrase leaves the door of a real site");
    assert_eq!(door.refused("alarm_acknowledge", acknowledgement(1)), Some(ErrorCode::NotAllowed));
    assert_eq!(door.refused("sign_in", json!({"user": "chief"})), None, "signs the other one out");
    assert_eq!(door.refused("alarm_acknowledge", acknowledgement(1)), Some(ErrorCode::NotFound), "no such machine");
    assert_eq!(door.refused("sign_out", Value::Null), None);
    assert_eq!(door.refused("alarm_acknowledge", acknowledgement(1)), Some(ErrorCode::SignInNeeded));
    assert_eq!(door.refused("sign_out", Value::Null), None, "twice does no harm");
    let prompts = door.typist.prompts.lock().unwrap();
    assert!(prompts.iter().all(|prompt| prompt.demo_passphrase.is_none() && prompt.purpose == "sign_in"));
    engine.stop();
}

#[test]
fn giving_up_at_the_passphrase_is_no_error_of_ours() {
    let (door, station) = Door::demo(1);
    door.typist.types("");
    assert_eq!(door.refused("sign_in", json!({"user": "engineer-2"})), Some(ErrorCode::WrongPassphrase));
    *door.typist.types.lock().unwrap() = None;
    assert_eq!(door.refused("sign_in", json!({"user": "engineer-2"})), None, "the demo brings its passphrase along");
    station.close(door.runtime.handle());
}
