//! What a signature does to a change, in one sentence: each intent has its own, since only the last approval sends.

use panfloor_change::{Change, FieldChange, diff};
use panfloor_engine::{Core, Verdict};
use serde_json::Value;

use super::configs::name_of;

/// What somebody is about to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Intent {
    /// A request.
    Request,
    /// An approval; `sends`: the last one needed.
    Approve {
        /// Whether the config is sent after it.
        sends: bool,
    },
    /// A rejection.
    Reject,
    /// The author's withdrawal.
    Withdraw,
}

impl Intent {
    /// The decision on `change` as somebody is about to sign it.
    pub(super) fn of(verdict: Verdict, change: &Change) -> Self {
        let needed = change.machines.iter().filter_map(|on| on.approvals_needed).max().unwrap_or(1);
        match verdict {
            Verdict::Approve => Self::Approve { sends: change.approvals.len() + 1 >= usize::from(needed) },
            Verdict::Reject => Self::Reject,
            Verdict::Withdraw => Self::Withdraw,
        }
    }
}

/// What signing this does to a change that was requested.
pub(super) fn change_consequence(core: &Core, change: &Change, intent: Intent) -> String {
    let names: Vec<String> = change.request.machines.iter().map(|machine| name_of(core, &machine.machine)).collect();
    let Some(first) = change.request.machines.first() else { return String::new() };
    let schema = core.classes().get(&change.request.class).map(|class| class.config_schema.clone()).unwrap_or_default();
    consequence(intent, &names, &schema, &first.base_config, &first.config)
}

/// What signing this does: “This approves and sends Pan 05 a new config: temperature setpoint 46.0 → 46.5 °C.” Empty if the
/// config is the base.
pub(super) fn consequence(intent: Intent, machines: &[String], schema: &Value, base: &Value, config: &Value) -> String {
    let parts: Vec<String> = diff(base, config).iter().map(|change| part(schema, change)).collect();
    if parts.is_empty() {
        return String::new();
    }
    let (machines, parts) = (machines.join(", "), parts.join("; "));
    match intent {
        Intent::Request => format!(
            "This asks for approval of a new config for {machines}: {parts}. Nothing is sent before somebody else has \
             approved it."
        ),
        Intent::Approve { sends: true } => format!("This approves and sends {machines} a new config: {parts}."),
        Intent::Approve { sends: false } => format!(
            "This approves a new config for {machines}: {parts}. Nothing is sent before another person has approved it \
             too."
        ),
        Intent::Reject => format!("This refuses the new config for {machines}: {parts}. Nothing is sent."),
        Intent::Withdraw => {
            format!("This takes back the request of a new config for {machines}: {parts}. Nothing is sent.")
        }
    }
}

/// One member that differs.
fn part(schema: &Value, change: &FieldChange) -> String {
    let of = schema.get("properties").and_then(|properties| properties.get(&change.field));
    let text = |key: &str| of.and_then(|of| of.get(key)?.as_str());
    let title = text("title").unwrap_or(&change.field).to_lowercase();
    let unit = text("x-unit").unwrap_or_default();
    let sentence = format!("{title} {} → {} {unit}", shown(change.before.as_ref()), shown(change.after.as_ref()));
    sentence.trim_end().to_owned()
}

/// A config's value for people.
fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::Bool(on)) => if *on { "on" } else { "off" }.to_owned(),
        Some(Value::Array(items)) => items.iter().map(|item| shown(Some(item))).collect::<Vec<_>>().join("–"),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(other @ Value::Object(_)) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Intent, consequence};

    #[test]
    fn each_intent_says_what_it_does_and_only_the_last_approval_sends() {
        let schema = json!({"properties": {"temperature_setpoint": {"title": "Temperature setpoint", "x-unit": "°C"}}});
        let (base, config) = (json!({"temperature_setpoint": 46.0}), json!({"temperature_setpoint": 46.5}));
        let say = |intent| consequence(intent, &["Pan 05".to_owned()], &schema, &base, &config);
        for (intent, begins, sends) in [
            (Intent::Request, "This asks for approval of a new config for Pan 05", false),
            (Intent::Approve { sends: true }, "This approves and sends Pan 05 a new config", true),
            (Intent::Approve { sends: false }, "This approves a new config for Pan 05", false),
            (Intent::Reject, "This refuses the new config for Pan 05", false),
            (Intent::Withdraw, "This takes back the request of a new config for Pan 05", false),
        ] {
            let sentence = say(intent);
            let what = format!("{begins}: temperature setpoint 46.0 → 46.5 °C.");
            assert!(sentence.starts_with(&what), "{sentence}");
            assert_eq!(sentence.contains("Nothing is sent"), !sends, "{sentence}");
        }
        assert_eq!(consequence(Intent::Reject, &["Pan 05".to_owned()], &schema, &base, &base), "");
    }
}
