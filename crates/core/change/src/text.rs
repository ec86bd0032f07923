//! Times and configs as text, in one way only, so that equal things have equal bytes.

use chrono::{DateTime, SecondsFormat, Utc};
use panfloor_model::Timestamp;
use serde_json::Value;

/// The times that RFC 3339 can write: years 0000 to 9999, µs.
const WRITABLE_MICROS: std::ops::RangeInclusive<i64> = -62_167_219_200_000_000..=253_402_300_799_999_999;

/// `2026-11-24T06:15:04.250000Z`: UTC, always six decimals. Times that RFC 3339 cannot write are moved to its ends.
pub(crate) fn time_text(time: Timestamp) -> String {
    let micros = time.micros().clamp(*WRITABLE_MICROS.start(), *WRITABLE_MICROS.end());
    let moment = DateTime::<Utc>::from_timestamp_micros(micros).unwrap_or_default();
    moment.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Reads what [`time_text`] writes, and nothing else.
pub(crate) fn parse_time(text: &str) -> Option<Timestamp> {
    let time = Timestamp::from_micros(DateTime::parse_from_rfc3339(text).ok()?.timestamp_micros());
    (time_text(time) == text).then_some(time)
}

/// JSON without white space, members sorted by name: independent of how `serde_json` keeps maps.
pub(crate) fn sorted_json(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            let inner: Vec<String> = names
                .into_iter()
                .map(|name| format!("{}:{}", Value::String(name.clone()), sorted_json(&members[name])))
                .collect();
            format!("{{{}}}", inner.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(sorted_json).collect::<Vec<_>>().join(",")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

/// Serde for a [`Timestamp`] as text.
pub(crate) mod time {
    use panfloor_model::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::time_text(*time))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::parse_time(&text)
            .ok_or_else(|| serde::de::Error::custom("not a time like 2026-11-24T06:15:04.250000Z (UTC, six decimals)"))
    }
}

/// Serde for bytes as padded standard base64.
pub(crate) mod bytes {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Timestamp, parse_time, sorted_json, time_text};

    #[test]
    fn time_has_one_text() {
        let time = Timestamp::from_micros(1_764_000_000_250_000);
        assert_eq!(time_text(time), "2025-11-24T16:00:00.250000Z");
        assert_eq!(parse_time("2025-11-24T16:00:00.250000Z"), Some(time));
        assert_eq!(parse_time("2025-11-24T16:00:00.25Z"), None);
        assert_eq!(parse_time("2025-11-24T17:00:00.250000+01:00"), None);
        assert!(parse_time(&time_text(Timestamp::from_micros(i64::MAX))).is_some());
    }

    #[test]
    fn members_are_sorted() {
        let value = serde_json::json!({"b": [1, {"z": 1.5, "a": "\""}], "a": null});
        assert_eq!(sorted_json(&value), r#"{"a":null,"b":[1,{"a":"\"","z":1.5}]}"#);
    }
}
