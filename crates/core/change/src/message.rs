//! The config message, byte for byte.
//!
//! Its core (all but `proof`) is what the `publishing` record holds; the message that goes out is that core with the
//! envelopes that prove it appended. So the record need not contain itself, and the message is a pure function of records.

use panfloor_model::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::body::Body;
use crate::ledger::Ledger;
use crate::names::Hash;
use crate::text::{sorted_json, time_text};

/// Longest config message, bytes: what the plant's machines and brokers must take.
pub const MAX_CONFIG_MESSAGE_BYTES: usize = 64 * 1024;

/// The config message without its proof: what a `publishing` record holds.
///
/// `{"site":…,"version":…,"config":{…},"issued_at":…,"change":…,"approved_by":[…]}`; config members sorted by name,
/// `approved_by` holds user ids.
#[must_use]
pub fn config_core(
    site: &str,
    version: u64,
    config: &Value,
    issued_at: Timestamp,
    change: &str,
    approved_by: &[String],
) -> Vec<u8> {
    let text = |text: &str| Value::from(text).to_string();
    let approved_by: Vec<String> = approved_by.iter().map(|user| text(user)).collect();
    format!(
        r#"{{"site":{},"version":{version},"config":{},"issued_at":"{}","change":{},"approved_by":[{}]}}"#,
        text(site),
        sorted_json(config),
        time_text(issued_at),
        text(change),
        approved_by.join(",")
    )
    .into_bytes()
}

/// The config message that goes to the machine: the core of the `publishing` record `publishing`, with
/// `"proof":{"publishing":…,"request":…,"approvals":[…]}` appended. A pure function of the records.
///
/// `None` if a record it needs is not held.
#[must_use]
pub fn config_message(ledger: &Ledger, publishing: Hash) -> Option<Vec<u8>> {
    let record = ledger.get(publishing)?;
    let Body::Publishing(body) = &record.payload.body else { return None };
    let request = ledger.get(record.payload.request?)?;
    let mut bytes = body.message.strip_suffix(b"}")?.to_vec();
    bytes.extend_from_slice(br#","proof":{"publishing":"#);
    bytes.extend_from_slice(&record.envelope.encode());
    bytes.extend_from_slice(br#","request":"#);
    bytes.extend_from_slice(&request.envelope.encode());
    bytes.extend_from_slice(br#","approvals":["#);
    for (at, approval) in body.approvals.iter().enumerate() {
        if at > 0 {
            bytes.push(b',');
        }
        bytes.extend_from_slice(&ledger.get(*approval)?.envelope.encode());
    }
    bytes.extend_from_slice(b"]}}");
    Some(bytes)
}

/// The time a core says it was issued at.
pub(crate) fn issued_at(core: &[u8]) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Issued {
        #[serde(with = "crate::text::time")]
        issued_at: Timestamp,
    }
    serde_json::from_slice::<Issued>(core).ok().map(|issued| issued.issued_at)
}

/// What tells whose config lies on a topic.
#[derive(Debug, Deserialize)]
pub(crate) struct Label {
    /// The site's id.
    pub(crate) site: String,
    /// The version.
    pub(crate) version: u64,
}

/// Whose config this is; `None` if it is no config message of any site.
pub(crate) fn label(bytes: &[u8]) -> Option<Label> {
    (bytes.len() <= 2 * MAX_CONFIG_MESSAGE_BYTES).then(|| serde_json::from_slice(bytes).ok())?
}
