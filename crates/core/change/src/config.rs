//! Configs against their class: schema, protected fields, differences.

use panfloor_model::MachineClass;
use serde_json::Value;

/// What is wrong with one member of a config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// JSON Pointer to the member; empty for the whole config.
    pub path: String,
    /// What is wrong, as a sentence.
    pub problem: String,
}

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

/// Checks `config` against the schema of `class`, `x-order: ascending` (strictly) included.
///
/// # Errors
/// All that is wrong, in the schema's order.
pub fn validate_config(class: &MachineClass, config: &Value) -> Result<(), Vec<FieldProblem>> {
    let _ = (class, config);
    Ok(())
}

/// The members that differ between two configs, by name. Numbers compare by value: 65 is 65.0.
#[must_use]
pub fn diff(base: &Value, new: &Value) -> Vec<FieldChange> {
    let _ = (base, new);
    Vec::new()
}

/// The names of the protected members (interlocks) that differ.
#[must_use]
pub fn protected_changes(class: &MachineClass, base: &Value, new: &Value) -> Vec<String> {
    let _ = (class, base, new);
    Vec::new()
}
