//! Golden messages: files of `contract/golden`, in the form that its README describes.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use panfloor_wire::{Mapping, parse_rfc3339};
use serde::Deserialize;
use serde_json::Value;

/// One golden message.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) topic: String,
    payload: Option<String>,
    payload_base64: Option<String>,
    payload_parts: Option<Vec<Part>>,
    arrived_at: String,
    #[serde(default)]
    pub(crate) retained: bool,
    #[serde(default)]
    attributes: serde_json::Map<String, Value>,
    #[serde(default)]
    pub(crate) mapping: Mapping,
    #[serde(default)]
    pub(crate) schema: SchemaVerdict,
    pub(crate) expect: Expect,
}

/// A text, repeated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    text: String,
    times: usize,
}

/// What the kind's schema says of the payload.
#[derive(Deserialize, PartialEq, Default)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SchemaVerdict {
    /// It accepts what the decoder takes whole, if that is strict JSON; of the rest nothing is said.
    #[default]
    Follows,
    /// It refuses it.
    Refuses,
    /// The mapping makes it something that the schema does not describe.
    Skip,
}

/// What decoding yields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    pub(crate) items: Vec<Value>,
    pub(crate) rejected: Vec<String>,
}

impl Case {
    pub(crate) fn payload(&self) -> Vec<u8> {
        match (&self.payload, &self.payload_base64, &self.payload_parts) {
            (Some(text), None, None) => text.clone().into_bytes(),
            (None, Some(text), None) => STANDARD.decode(text).unwrap(),
            (None, None, Some(parts)) => {
                parts.iter().map(|part| part.text.repeat(part.times)).collect::<String>().into_bytes()
            }
            _ => panic!("{}: exactly one of payload, payload_base64 and payload_parts", self.name),
        }
    }

    pub(crate) fn arrived_at(&self) -> panfloor_model::Timestamp {
        parse_rfc3339(&self.arrived_at).unwrap()
    }

    pub(crate) fn device_id(&self) -> Option<&str> {
        self.attributes.get("deviceId").and_then(Value::as_str)
    }
}

/// All golden messages of one kind.
pub(crate) fn all(kind: &str) -> Vec<Case> {
    let folder = contract().join("golden").join(kind);
    let mut paths: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let cases: Vec<Case> = paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let case: Case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(path.file_stem().unwrap().to_str().unwrap(), case.name, "a case is named like its file");
            assert!(!case.about.is_empty(), "{}: says nothing about itself", case.name);
            case
        })
        .collect();
    assert!(!cases.is_empty(), "no case in {}", folder.display());
    cases
}

/// The folder `contract`.
pub(crate) fn contract() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../contract")
}
