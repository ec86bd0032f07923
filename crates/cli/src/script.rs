//! A scripted author and approver, who change one setpoint of the demo plant through the door.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use panfloor_api::dto::{ApiError, ErrorCode, PromptDto};
use panfloor_api::{Api, Attempt, Host, Profile, demo_users};
use serde_json::{Value, json};

/// The machine whose setpoint is changed: healthy, and of the reference class.
const MACHINE: &str = "Pan 05";
/// By how much, °C.
const STEP_C: f64 = 0.3;

/// A host without a window: answers passphrases with the demo's.
pub(crate) struct Script;

/// What only a window can do.
fn no_window() -> ApiError {
    ApiError { code: ErrorCode::NotAllowed, sentence: "this takes a window".to_owned() }
}

impl Host for Script {
    fn ask_passphrase(&self, prompt: PromptDto, attempt: Attempt<'_>) -> Result<(), ApiError> {
        let passphrase = prompt.demo_passphrase.ok_or_else(no_window)?;
        attempt(&passphrase)
    }

    fn switch(&self, _: Profile) -> Result<(), ApiError> {
        Err(no_window())
    }

    fn ask_save_path(&self, _: &str) -> Option<PathBuf> {
        None
    }

    fn log_folder(&self) -> Option<PathBuf> {
        None
    }

    fn autostart(&self) -> Option<bool> {
        None
    }

    fn set_autostart(&self, _: bool) -> Result<(), ApiError> {
        Err(no_window())
    }
}

/// Waits until `look` finds something, or until the run is over.
fn wait_for<T>(over: &AtomicBool, look: impl Fn() -> anyhow::Result<Option<T>>) -> anyhow::Result<Option<T>> {
    while !over.load(Ordering::Relaxed) {
        if let Some(found) = look()? {
            return Ok(Some(found));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(None)
}

/// Calls the door; an error becomes its sentence.
fn call(api: &Api, name: &str, request: Value) -> anyhow::Result<Value> {
    api.call(name, request).map_err(|error| anyhow!("{name}: {}", error.sentence))
}

/// Requests a setpoint, approves it as somebody else, and waits until the machine has applied it.
pub(crate) fn change_a_setpoint(api: &Api, over: &AtomicBool) -> anyhow::Result<()> {
    let [author, approver] = demo_users();
    let ready = wait_for(over, || {
        let configs = call(api, "configs", Value::Null)?;
        let machine = find(&configs["machines"], "name", MACHINE).map(|machine| machine["machine"].clone());
        let open = configs["publisher"]["state"] == "open";
        let Some(machine) = machine.filter(|_| open) else { return Ok(None) };
        let detail = call(api, "config_detail", machine.clone())?;
        Ok(detail["reported"].is_object().then_some((machine, detail)))
    })?;
    let Some((machine, detail)) = ready else { return Ok(()) };
    let mut config = if detail["desired"].is_object() { detail["desired"].clone() } else { detail["reported"].clone() };
    let setpoint = config["temperature_setpoint"].as_f64().context("the machine reports no temperature setpoint")?;
    config["temperature_setpoint"] = json!(((setpoint + STEP_C) * 10.0).round() / 10.0);
    call(api, "sign_in", json!({ "user": author.id }))?;
    let request = json!({
        "machine": machine,
        "base_version": detail["desired_version"],
        "config": config,
        "reason": "The massecuite is stiffer today: a little warmer.",
    });
    let request = call(api, "change_request", request)?;
    call(api, "sign_in", json!({ "user": approver.id }))?;
    call(api, "change_decide", json!({ "request": request, "decision": "approve", "remark": "Agreed." }))?;
    wait_for(over, || {
        let configs = call(api, "configs", Value::Null)?;
        let change = configs["changes"]
            .as_array()
            .and_then(|changes| changes.iter().find(|change| change["request"] == request));
        Ok(change.filter(|change| change["state"] == "applied").map(|_| ()))
    })?;
    call(api, "sign_out", Value::Null)?;
    Ok(())
}

/// The member of a list whose `field` is `value`.
fn find<'a>(list: &'a Value, field: &str, value: &str) -> Option<&'a Value> {
    list.as_array()?.iter().find(|item| item[field] == value)
}
