//! What a signature does to a change, in one sentence: each intent has its own, since only the last approval sends.

use panfloor_change::{Change, FieldChange, MachineChange, diff};
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

/// What signing this does to a change that was requested, on every machine that it names.
pub(super) fn change_consequence(core: &Core, change: &Change, intent: Intent) -> String {
    let schema = core.classes().get(&change.request.class).map(|class| class.config_schema.clone()).unwrap_or_default();
    let machines: Vec<(String, &MachineChange)> =
        change.request.machines.iter().map(|one| (name_of(core, &one.machine), one)).collect();
    on_all(intent, &machines, &schema)
}

/// The sentences for all machines; those that are alike share one.
fn on_all(intent: Intent, machines: &[(String, &MachineChange)], schema: &Value) -> String {
    let mut groups: Vec<(Vec<String>, &MachineChange)> = Vec::new();
    for (name, one) in machines {
        match groups.iter_mut().find(|(_, first)| are_alike(first, one)) {
            Some((names, _)) => names.push(name.clone()),
            None => groups.push((vec![name.clone()], one)),
        }
    }
    let said = groups.iter().map(|(names, one)| consequence(intent, names, schema, &one.base_config, &one.config));
    said.filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether every machine of the change gets the same from the same: what is shown of the first then holds for all.
pub(super) fn is_alike(machines: &[MachineChange]) -> bool {
    machines.split_first().is_none_or(|(first, rest)| rest.iter().all(|one| are_alike(first, one)))
}

/// Whether two machines get the same config from the same base.
fn are_alike(one: &MachineChange, other: &MachineChange) -> bool {
    diff(&one.base_config, &other.base_config).is_empty() && diff(&one.config, &other.config).is_empty()
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
    use panfloor_change::MachineChange;
    use serde_json::json;

    use super::{Intent, consequence, is_alike, on_all};

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

    #[test]
    fn no_machine_of_a_change_is_left_unsaid() {
        let to = |setpoint: f64| MachineChange {
            machine: String::new(),
            base_version: 0,
            base_config: json!({"setpoint": 46.0}),
            config: json!({"setpoint": setpoint}),
        };
        let changes = [to(46.5), to(70.0), to(46.5)];
        let names = ["Pan 01", "Pan 02", "Pan 03"].map(str::to_owned);
        let machines: Vec<_> = names.into_iter().zip(&changes).collect();
        let said = on_all(Intent::Approve { sends: true }, &machines, &json!({}));
        assert_eq!(
            said,
            "This approves and sends Pan 01, Pan 03 a new config: setpoint 46.0 → 46.5. \
             This approves and sends Pan 02 a new config: setpoint 46.0 → 70.0."
        );
        assert!(!is_alike(&changes), "the diff of the first is not that of all: not to be approved");
        assert!(is_alike(&[to(46.5), to(46.5)]) && is_alike(&[]));
    }
}
