//! Whether a config fits its class. The one place for it: the form, a request, the publisher and the simulated pan ask here.

use serde_json::Value;

use crate::class::MachineClass;

/// What is wrong with one member of a config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// JSON Pointer to the member; empty for the whole config.
    pub path: String,
    /// What is wrong, and where it can be said what to do, in sentences.
    pub problem: String,
}

/// Most problems told at once: a person mends the first few and asks again.
const MAX_PROBLEMS: usize = 50;

/// Checks `config` against the schema of `class` (JSON Schema 2020-12) and against itself:
///
/// - `x-order: ascending`: each item of the array lies above the one before it;
/// - `x-within: <member>`: in every phase in which the pan boils, the setpoint with that phase's offset lies inside the two
///   numbers of that member, an interlock; on one of them counts as outside, since the machine would trip by itself.
///
/// # Errors
/// What is wrong, at most 50 problems of the schema and then those of the config against itself.
pub fn validate_config(class: &MachineClass, config: &Value) -> Result<(), Vec<FieldProblem>> {
    let validator = jsonschema::draft202012::new(&class.config_schema).map_err(|error| {
        vec![FieldProblem { path: String::new(), problem: format!("The class's schema is not valid: {error}.") }]
    })?;
    let mut problems: Vec<FieldProblem> = validator
        .iter_errors(config)
        .take(MAX_PROBLEMS)
        .map(|error| FieldProblem { path: error.instance_path().to_string(), problem: format!("{error}.") })
        .collect();
    let members = class.config_schema.get("properties").and_then(Value::as_object);
    for (name, schema) in members.into_iter().flatten() {
        let found = order_problem(config, name, schema).or_else(|| interlock_problem(class, config, name, schema));
        problems.extend(found.map(|problem| FieldProblem { path: format!("/{name}"), problem }));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// An array that is to ascend and does not.
fn order_problem(config: &Value, name: &str, schema: &Value) -> Option<String> {
    if schema.get("x-order").and_then(Value::as_str) != Some("ascending") {
        return None;
    }
    let numbers: Vec<f64> = config.get(name)?.as_array()?.iter().filter_map(Value::as_f64).collect();
    let ascends = numbers.is_sorted_by(|low, high| low < high);
    (!ascends).then(|| "The low value must be below the high value.".to_owned())
}

/// A setpoint at which the machine would trip.
fn interlock_problem(class: &MachineClass, config: &Value, name: &str, schema: &Value) -> Option<String> {
    let interlock = schema.get("x-within").and_then(Value::as_str)?;
    let setpoint = config.get(name)?.as_f64()?;
    let [low, high] = config.get(interlock)?.as_array()?.as_slice() else { return None };
    let (low, high) = (low.as_f64()?, high.as_f64()?);
    let [least, most] = class.setpoint_offsets(name);
    // Interlocks in the wrong order have their own problem.
    if low >= high || (setpoint + least > low && setpoint + most < high) {
        return None;
    }
    let unit = schema.get("x-unit").and_then(Value::as_str).unwrap_or_default();
    let number = |value: f64| format!("{:.1}", value + 0.0);
    let aims = if least < most {
        format!("its phases aim at {} to {} {unit}", number(setpoint + least), number(setpoint + most))
    } else {
        format!("it aims at {} {unit}", number(setpoint + least))
    };
    let remedy = if low - least < high - most {
        format!(
            "Set it above {} and below {} {unit}, or widen the interlock.",
            number(low - least),
            number(high - most)
        )
    } else {
        "No setpoint fits between them: widen the interlock.".to_owned()
    };
    let (low, high) = (number(low), number(high));
    Some(format!("The machine would trip by itself: {aims}, and its interlock is {low} to {high} {unit}. {remedy}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::validate_config;
    use crate::{MachineClass, Phase};

    fn class() -> MachineClass {
        MachineClass::shipped().unwrap().remove(0)
    }

    fn with(members: &[(&str, Value)]) -> Value {
        let mut config = class().default_config;
        for (field, value) in members {
            config[field] = value.clone();
        }
        config
    }

    /// The problems as (path, sentence).
    fn problems(config: &Value) -> Vec<(String, String)> {
        let found = validate_config(&class(), config).err().unwrap_or_default();
        found.into_iter().map(|problem| (problem.path, problem.problem)).collect()
    }

    #[test]
    fn shipped_defaults_fit() {
        for class in MachineClass::shipped().unwrap() {
            assert_eq!(validate_config(&class, &class.default_config), Ok(()), "{}", class.id);
        }
    }

    #[test]
    fn problems_name_their_field() {
        for (config, path) in [
            (with(&[("temperature_setpoint", json!(120))]), "/temperature_setpoint"),
            (with(&[("temperature_setpoint", json!("46"))]), "/temperature_setpoint"),
            (with(&[("temperature_interlocks", json!([50, 40]))]), "/temperature_interlocks"),
            (with(&[("temperature_interlocks", json!([40, 40]))]), "/temperature_interlocks"),
            (with(&[("temperature_interlocks", json!([40]))]), "/temperature_interlocks"),
            (with(&[("pressure_interlocks", json!([0, 90]))]), "/pressure_interlocks/0"),
            (with(&[("sample_interval_ms", json!(500.5))]), "/sample_interval_ms"),
            (with(&[("unheard_of", json!(1))]), ""),
            (json!([]), ""),
        ] {
            assert_eq!(problems(&config)[0].0, path, "{config}");
        }
    }

    #[test]
    fn a_setpoint_outside_its_interlock_says_what_why_and_what_to_do() {
        let found = problems(&with(&[("pressure_setpoint", json!(300))]));
        let sentence = "The machine would trip by itself: its phases aim at 298.5 to 301.0 mbar abs, and its interlock is \
                        45.0 to 90.0 mbar abs. Set it above 46.5 and below 89.0 mbar abs, or widen the interlock.";
        assert_eq!(found, [("/pressure_setpoint".to_owned(), sentence.to_owned())]);
        let narrow = with(&[("pressure_interlocks", json!([64, 66]))]);
        assert!(problems(&narrow)[0].1.ends_with("No setpoint fits between them: widen the interlock."), "{narrow}");
    }

    #[test]
    fn the_setpoint_of_every_boiling_phase_must_lie_inside() {
        let class = class();
        for (field, interlock, metric) in [
            ("temperature_setpoint", "temperature_interlocks", "temperature"),
            ("pressure_setpoint", "pressure_interlocks", "pressure"),
        ] {
            for tenths in 300..2_000_u32 {
                let value = f64::from(tenths) / 10.0;
                let config = with(&[(field, json!(value))]);
                let bounds: Vec<f64> =
                    config[interlock].as_array().unwrap().iter().map(|bound| bound.as_f64().unwrap()).collect();
                let aims = Phase::ALL.into_iter().filter_map(|phase| class.setpoint(&config, phase, metric));
                let inside = aims.into_iter().all(|aim| bounds[0] < aim && aim < bounds[1]);
                let trips = problems(&config).iter().any(|(_, sentence)| sentence.contains("trip by itself"));
                assert_eq!(trips, !inside, "{field} {value}");
            }
        }
    }

    #[test]
    fn interlocks_in_the_wrong_order_are_told_once() {
        let found = problems(&with(&[("pressure_interlocks", json!([90, 45]))]));
        assert_eq!(found.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/pressure_interlocks"]);
    }
}
