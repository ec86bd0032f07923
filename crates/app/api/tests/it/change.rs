//! A change through the door, and the bands that step with it.

use panfloor_api::dto::ErrorCode;
use panfloor_api::{demo_users, now_ms};
use serde_json::{Value, json};

use crate::door::Door;

/// The change of this request in the answer to `configs`.
fn change(configs: &Value, request: &Value) -> Option<Value> {
    configs["changes"].as_array()?.iter().find(|change| change["request"] == *request).cloned()
}

#[test]
fn a_change_is_requested_approved_and_applied_and_the_bands_step_with_it() {
    let (door, station) = Door::demo(3);
    let [author, approver] = demo_users();
    let machine = door.wait("configs", |configs| {
        let mut machines = configs["machines"].as_array()?.iter();
        let row = machines.find(|row| row["name"] == "Pan 03" && row["brief"]["reported"].is_string())?;
        Some(row["machine"].clone())
    });
    let brief = |configs: &Value, state: &str| {
        let rows = configs["machines"].as_array()?;
        rows.iter().find(|row| row["machine"] == machine && row["brief"]["state"] == state).map(drop)
    };
    let configs = door.call("configs", Value::Null).unwrap();
    assert!(brief(&configs, "nothing_desired").is_some(), "it reports a version that is not from here: {configs:#}");
    assert_eq!((&configs["more"], &configs["notices"]), (&json!(false), &json!([])));
    // A band needs a phase, which comes with the first reading.
    door.wait("plant", |plant| {
        let mut machines = plant["machines"].as_array()?.iter();
        machines.find(|known| known["id"] == machine && known["phase"].is_string()).map(drop)
    });
    let detail = door.call("config_detail", machine.clone()).unwrap();
    let mut config = detail["reported"].clone();
    let before = config["temperature_setpoint"].as_f64().unwrap();
    let after = ((before + 0.3) * 10.0).round() / 10.0;
    config["temperature_setpoint"] = json!(after);
    let check = door.call("config_check", json!({"machine": machine, "config": config})).unwrap();
    assert_eq!(check["problems"], json!([]));
    assert!(check["consequence"].as_str().unwrap().contains("Pan 03"), "{check}");
    let request = json!({"machine": machine, "base_version": null, "config": config, "reason": "A little warmer."});
    assert_eq!(door.refused("change_request", request.clone()), Some(ErrorCode::SignInNeeded));
    door.call("sign_in", json!({"user": author.id})).unwrap();
    let name = door.call("change_request", request).unwrap();
    let shown = change(&door.call("configs", Value::Null).unwrap(), &name).unwrap();
    assert!(shown["may_decide"] == json!(false) && shown["may_withdraw"] == json!(true), "{shown:#}");
    let decide = |decision: &str| json!({"request": name, "decision": decision, "remark": "Agreed."});
    assert_eq!(door.refused("change_decide", decide("approve")), Some(ErrorCode::NotAllowed), "four eyes");
    door.call("sign_in", json!({"user": approver.id})).unwrap();
    door.call("change_decide", decide("approve")).unwrap();
    let done = door.wait("configs", |configs| change(configs, &name).filter(|change| change["state"] == "applied"));
    let steps = done["machines"][0]["steps"].as_array().unwrap().clone();
    let words: Vec<&str> = steps.iter().filter_map(|step| step["step"].as_str()).collect();
    assert_eq!(words, ["requested", "approved", "publishing", "published", "received", "applied"]);
    door.wait("configs", |configs| brief(configs, "in_sync"));
    let page = door.call("changes_before", json!({"before": name, "limit": 10})).unwrap();
    assert_eq!(page, json!({"changes": [], "more": false}));
    let unknown = json!({"before": "0".repeat(64), "limit": 10});
    assert_eq!(door.refused("changes_before", unknown), Some(ErrorCode::NotFound));
    let times: Vec<f64> = steps.iter().filter_map(|step| step["time_ms"].as_f64()).collect();
    assert!(times.len() == 6 && times.is_sorted(), "{steps:#?}");

    let window = json!({
        "pens": [{"machine": machine, "metric": "temperature"}],
        "from_ms": now_ms() - 600_000.0,
        "to_ms": now_ms() + 1_000.0,
    });
    let marks = door.call("trend_marks", window).unwrap();
    let applied = marks["events"].as_array().unwrap().iter().find(|event| event["what"] == "applied").cloned();
    assert_eq!(applied.expect("a mark")["time_ms"], json!(times[5]));
    let bands = marks["bands"][0]["bands"].as_array().unwrap().clone();
    let at = |from: f64| bands.iter().find(|band| band["from_ms"].as_f64() == Some(from));
    let step = at(times[5]).unwrap_or_else(|| panic!("no band begins with the config: {bands:#?}"));
    let earlier = bands.iter().rev().find(|band| band["from_ms"].as_f64() < Some(times[5])).expect("a band before it");
    let setpoint = |band: &Value| band["setpoint"].as_f64().expect("a setpoint");
    assert!((setpoint(step) - setpoint(earlier) - (after - before)).abs() < 1e-9, "{bands:#?}");
    let prompts = door.typist.prompts.lock().unwrap();
    let said = |purpose: &str| {
        prompts
            .iter()
            .find(|prompt| prompt.purpose == purpose)
            .map(|prompt| prompt.sentence.clone())
            .unwrap_or_default()
    };
    assert!(
        said("request").contains("asks for approval") && said("request").contains("Nothing is sent"),
        "{prompts:?}"
    );
    assert!(said("approve").starts_with("This approves and sends Pan 03 a new config"), "{prompts:?}");
    drop(prompts);
    station.close(door.runtime.handle());
}

#[test]
fn a_setpoint_outside_its_interlock_is_told_at_its_field_and_not_requested() {
    let (door, station) = Door::demo(2);
    let [author, _] = demo_users();
    let machine = door.wait("configs", |configs| {
        let mut machines = configs["machines"].as_array()?.iter();
        let row = machines.find(|row| row["name"] == "Pan 02" && row["brief"]["reported"].is_string())?;
        Some(row["machine"].clone())
    });
    let detail = door.call("config_detail", machine.clone()).unwrap();
    let mut config = detail["reported"].clone();
    config["pressure_setpoint"] = json!(300);
    let check = door.call("config_check", json!({"machine": machine, "config": config})).unwrap();
    assert_eq!(check["problems"][0]["field"], "pressure_setpoint", "{check}");
    assert!(check["problems"][0]["sentence"].as_str().unwrap().contains("trip by itself"), "{check}");
    door.call("sign_in", json!({"user": author.id})).unwrap();
    let request = json!({"machine": machine, "base_version": null, "config": config, "reason": "Try it."});
    assert!(door.call("change_request", request).is_err(), "a config that trips the pan is requested");
    station.close(door.runtime.handle());
}
