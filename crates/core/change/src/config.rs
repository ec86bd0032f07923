//! Two configs: what differs, and whether that is protected.

use std::collections::BTreeSet;

use panfloor_model::MachineClass;
use serde_json::Value;

/// One member that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// Member name.
    pub field: String,
    /// The value before; `None` if there was none.
    pub before: Option<Value>,
    /// The value after; `None` if there is none.
    pub after: Option<Value>,
}

/// The members that differ between two configs, by name. Numbers compare by value: 65 is 65.0.
#[must_use]
pub fn diff(base: &Value, new: &Value) -> Vec<FieldChange> {
    let members = |config: &Value| config.as_object().cloned().unwrap_or_default();
    let (base, new) = (members(base), members(new));
    let names: BTreeSet<&String> = base.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .map(|name| FieldChange { field: name.clone(), before: base.get(name).cloned(), after: new.get(name).cloned() })
        .filter(|change| match (&change.before, &change.after) {
            (Some(before), Some(after)) => !same_value(before, after),
            (None, None) => false,
            (Some(_), None) | (None, Some(_)) => true,
        })
        .collect()
}

/// The names of the protected members (interlocks) that differ.
#[must_use]
pub fn protected_changes(class: &MachineClass, base: &Value, new: &Value) -> Vec<String> {
    let fields = class.config_fields();
    let protected: BTreeSet<&str> =
        fields.iter().filter(|field| field.protected).map(|field| field.name.as_str()).collect();
    diff(base, new).into_iter().map(|change| change.field).filter(|name| protected.contains(name.as_str())).collect()
}

/// Whether two values are the same, numbers by value.
fn same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same_value(a, b)))
        }
        (
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_),
            _,
        ) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use panfloor_model::MachineClass;
    use serde_json::{Value, json};

    use super::{diff, protected_changes};

    fn class() -> MachineClass {
        MachineClass::shipped().unwrap().remove(0)
    }

    fn with(field: &str, value: Value) -> Value {
        let mut config = class().default_config;
        config[field] = value;
        config
    }

    #[test]
    fn differences_are_of_value_not_of_spelling() {
        let base = class().default_config;
        assert!(diff(&base, &with("pressure_setpoint", json!(65))).is_empty());
        assert!(diff(&base, &with("temperature_interlocks", json!([30, 60]))).is_empty());
        let new = with("motor_power_interlocks", json!([5, 19]));
        assert_eq!(diff(&base, &new)[0].field, "motor_power_interlocks");
        assert_eq!(protected_changes(&class(), &base, &new), ["motor_power_interlocks"]);
        assert!(protected_changes(&class(), &base, &with("heating_enabled", json!(false))).is_empty());
    }
}
