//! The config message, byte for byte: core and proof.

use panfloor_model::Timestamp;
use serde_json::Value;

use crate::ledger::Ledger;
use crate::names::Hash;

/// Longest config message, bytes: what the plant's machines and brokers must take.
pub const MAX_CONFIG_MESSAGE_BYTES: usize = 64 * 1024;

/// The config message without its proof: what a `publishing` record holds.
///
/// `{"site":…,"version":…,"config":{…},"issued_at":…,"change":…,"approved_by":[…]}`; config members sorted by name.
#[must_use]
pub fn config_core(
    site: &str,
    version: u64,
    config: &Value,
    issued_at: Timestamp,
    change: &str,
    approved_by: &[String],
) -> Vec<u8> {
    let _ = (site, version, config, issued_at, change, approved_by);
    Vec::new()
}

/// The config message that goes to the machine: the core of the `publishing` record `publishing`, with
/// `"proof":{"publishing":…,"request":…,"approvals":[…]}` appended. A pure function of the records.
///
/// `None` if a record it needs is not held.
#[must_use]
pub fn config_message(ledger: &Ledger, publishing: Hash) -> Option<Vec<u8>> {
    let _ = (ledger, publishing);
    None
}
