//! Desired configs: the envelope in which they travel, and what lies on a config topic.

use panfloor_model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::decode::Context;
use crate::encode::ObjectWriter;
use crate::reject::RejectReason;
use crate::time;

/// What lies on a machine's config topic, whoever put it there. Empty bytes: the topic was cleared.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigSeen {
    /// The machine's name at its source.
    pub device: String,
    /// The very bytes that arrived.
    pub payload: Vec<u8>,
    /// What they say, if they are an envelope and the mapping expects one. Not proven: see `proof`.
    pub envelope: Option<ConfigEnvelope>,
}

/// A desired config as it is published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfigEnvelope {
    /// The site it is for.
    pub site: String,
    /// Epoch × 1000 + n.
    pub version: u64,
    /// The whole config, by the class's schema.
    pub config: Value,
    /// When it was published, by the publisher's clock: shown, never decided by.
    #[serde(with = "time::rfc3339")]
    pub issued_at: Timestamp,
    /// Id of the change.
    pub change: String,
    /// Names of those who approved it.
    pub approved_by: Vec<String>,
    /// Envelope of the `publishing` record with the approvals, by which a machine can check four eyes itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Value>,
}

impl ConfigEnvelope {
    /// The bytes to publish. The same envelope always gives the same bytes: members in the order of the fields, those of
    /// `config` and `proof` by name, no white space.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = ObjectWriter::new();
        writer.string("site", &self.site);
        writer.integer("version", self.version);
        writer.value("config", &self.config);
        writer.string("issued_at", &time::format_rfc3339(self.issued_at));
        writer.string("change", &self.change);
        writer.value("approved_by", &Value::from(self.approved_by.clone()));
        if let Some(proof) = &self.proof {
            writer.value("proof", proof);
        }
        writer.finish()
    }
}

/// Reads what lies on a config topic. Anything may: what is no envelope is still seen, so that drift shows.
pub(crate) fn read(context: &Context<'_>) -> Result<ConfigSeen, RejectReason> {
    let payload = context.arrival.payload;
    let envelope = if context.mapping.config_envelope { envelope(payload) } else { None };
    Ok(ConfigSeen { device: context.machine(None)?, payload: payload.to_vec(), envelope })
}

/// The envelope, if these bytes are one. Serde would take an array of the members' values for it too.
fn envelope(payload: &[u8]) -> Option<ConfigEnvelope> {
    let is_object = payload.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let envelope: ConfigEnvelope = if is_object { serde_json::from_slice(payload).ok()? } else { return None };
    envelope.config.is_object().then_some(envelope)
}

#[cfg(test)]
mod tests {
    use panfloor_model::Timestamp;
    use serde_json::json;

    use super::ConfigEnvelope;

    #[test]
    fn the_bytes_depend_on_the_envelope_alone() {
        let envelope = ConfigEnvelope {
            site: "lublin".to_owned(),
            version: 12_004,
            config: json!({"temperature_setpoint": 46.5, "heating_enabled": true, "pressure_interlocks": [20, 1100]}),
            issued_at: Timestamp::from_micros(1_795_500_904_250_000),
            change: "c1".to_owned(),
            approved_by: vec!["Ewa \"E\" Nowak".to_owned()],
            proof: None,
        };
        let bytes = envelope.encode();
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            r#"{"site":"lublin","version":12004,"config":{"heating_enabled":true,"pressure_interlocks":[20,1100],"temperature_setpoint":46.5},"issued_at":"2026-11-24T06:15:04.250Z","change":"c1","approved_by":["Ewa \"E\" Nowak"]}"#
        );
        let read: ConfigEnvelope = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(read, envelope);
        assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::from_slice::<serde_json::Value>(&bytes).unwrap());
        let proven = ConfigEnvelope { proof: Some(json!({"b": 1, "a": null})), ..envelope };
        assert!(proven.encode().ends_with(br#","proof":{"a":null,"b":1}}"#));
        assert_eq!(serde_json::from_slice::<ConfigEnvelope>(&proven.encode()).unwrap(), proven);
    }
}
