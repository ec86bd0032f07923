//! A scripted author and approver, who change one setting of one machine through the door.

use std::collections::BTreeSet;
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

/// One field of one machine's config, and what it is to become.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wish {
    machine: String,
    field: String,
    value: Value,
}

impl Wish {
    /// Reads `pan-05:temperature_setpoint=46.3`; the value is JSON.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let form = || format!("“{text}” is no change: write it like pan-05:temperature_setpoint=46.3");
        let (place, value) = text.split_once('=').ok_or_else(form)?;
        let (machine, field) = place.rsplit_once(':').ok_or_else(form)?;
        let value = serde_json::from_str(value).map_err(|_| format!("“{value}” is no JSON value"))?;
        if machine.is_empty() || field.is_empty() {
            return Err(form());
        }
        Ok(Self { machine: machine.to_owned(), field: field.to_owned(), value })
    }
}

/// A host without a window: answers passphrases with those of the demo's users.
pub(crate) struct Script;

/// What only a window can do.
fn no_window() -> ApiError {
    ApiError { code: ErrorCode::NotAllowed, sentence: "this takes a window".to_owned() }
}

impl Host for Script {
    fn ask_passphrase(&self, prompt: PromptDto, attempt: Attempt<'_>) -> Result<(), ApiError> {
        // A site founded with the demo's users is no demo, so that its prompts do not bring their passphrases along.
        let user = demo_users().into_iter().find(|user| user.name == prompt.user_name).ok_or_else(no_window)?;
        attempt(user.passphrase)
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

/// Changes the demo's setpoint a little; returns when the machine has applied it, or when the run is over.
pub(crate) fn change_a_setpoint(api: &Api, over: &AtomicBool) -> anyhow::Result<()> {
    let Some((machine, detail)) = ready(api, over, MACHINE)? else { return Ok(()) };
    let mut config = config_of(&detail);
    let setpoint = config["temperature_setpoint"].as_f64().context("the machine reports no temperature setpoint")?;
    config["temperature_setpoint"] = json!(((setpoint + STEP_C) * 10.0).round() / 10.0);
    let request = request(api, &machine, &detail, &config)?;
    follow(api, over, &request, |_, _| ())
}

/// Makes one wish come true, saying each step when it is proven; returns when the machine has answered, or when the run
/// is over.
pub(crate) fn change(api: &Api, over: &AtomicBool, wish: &Wish, say: impl Fn(&Value)) -> anyhow::Result<()> {
    let Some((machine, detail)) = ready(api, over, &wish.machine)? else {
        anyhow::bail!("{} did not report a config, or nobody here may publish, before the run was over", wish.machine)
    };
    let mut config = config_of(&detail);
    config[wish.field.as_str()] = wish.value.clone();
    let request = request(api, &machine, &detail, &config)?;
    follow(api, over, &request, |machine, step| {
        let (step, time, by, record) = (&step["step"], &step["time_ms"], &step["by"], &step["record"]);
        say(
            &json!({ "request": request, "machine": machine, "step": step, "time_ms": time, "by": by, "record": record }),
        );
    })
}

/// Waits until the machine reports a config and this station may publish.
fn ready(api: &Api, over: &AtomicBool, name: &str) -> anyhow::Result<Option<(Value, Value)>> {
    let spaced = |name: &str| name.replace(['-', '_'], " ").to_lowercase();
    wait_for(over, || {
        let configs = call(api, "configs", Value::Null)?;
        let mut machines = configs["machines"].as_array().into_iter().flatten();
        let of_name = |machine: &&Value| machine["name"].as_str().is_some_and(|known| spaced(known) == spaced(name));
        let machine = machines.find(of_name).map(|machine| machine["machine"].clone());
        let open = configs["publisher"]["state"] == "open";
        let Some(machine) = machine.filter(|_| open) else { return Ok(None) };
        let detail = call(api, "config_detail", machine.clone())?;
        Ok(detail["reported"].is_object().then_some((machine, detail)))
    })
}

/// What the machine is to obey now; else what it obeys as far as it says.
fn config_of(detail: &Value) -> Value {
    if detail["desired"].is_object() { detail["desired"].clone() } else { detail["reported"].clone() }
}

/// Requests a config as the author and approves it as the approver; gives the request's name.
fn request(api: &Api, machine: &Value, detail: &Value, config: &Value) -> anyhow::Result<Value> {
    let [author, approver] = demo_users();
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
    Ok(request)
}

/// Follows a request until the machine has answered; hands each step to `tell` once, when it is proven.
fn follow(api: &Api, over: &AtomicBool, request: &Value, tell: impl Fn(&Value, &Value)) -> anyhow::Result<()> {
    let told = std::cell::RefCell::new(BTreeSet::new());
    wait_for(over, || {
        let configs = call(api, "configs", Value::Null)?;
        let Some(change) = find(&configs["changes"], "request", request) else { return Ok(None) };
        for machine in change["machines"].as_array().into_iter().flatten() {
            let steps = machine["steps"].as_array().into_iter().flatten();
            for step in steps.filter(|step| step["time_ms"].is_number()) {
                if told.borrow_mut().insert((machine["name"].to_string(), step["step"].to_string())) {
                    tell(&machine["name"], step);
                }
            }
        }
        let state = change["state"].as_str().unwrap_or_default();
        Ok(["applied", "refused", "rejected", "stale", "expired", "overruled"].contains(&state).then_some(()))
    })?;
    call(api, "sign_out", Value::Null)?;
    Ok(())
}

/// The member of a list whose `field` is `value`.
fn find<'a>(list: &'a Value, field: &str, value: &Value) -> Option<&'a Value> {
    list.as_array()?.iter().find(|item| item[field] == *value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Wish;

    #[test]
    fn wishes_name_machine_field_and_value() {
        let wish = Wish::parse("pan-05:temperature_interlocks=[40.0,51.0]").unwrap();
        assert_eq!((wish.machine.as_str(), wish.field.as_str()), ("pan-05", "temperature_interlocks"));
        assert_eq!(wish.value, json!([40.0, 51.0]));
        assert_eq!(Wish::parse("line:2:pan:heating_enabled=false").unwrap().machine, "line:2:pan");
        for wrong in ["", "pan-05", "pan-05=1", ":field=1", "pan-05:=1", "pan-05:field=warm"] {
            assert!(Wish::parse(wrong).is_err(), "{wrong}");
        }
    }
}
