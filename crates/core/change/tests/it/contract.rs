//! The golden envelopes of `contract/records`: made again and compared, checked against the schemas, read by the ledger.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use panfloor_change::{
    Acknowledgement, Body, Claim, Decision, Draft, Envelope, Frontier, Hash, Ledger, Nothing, Observation, Open,
    Publishing, Refusal, Revocation, Session, SessionEnd, Signature, Standing, StationEnrolment, config_core,
    config_message, fold,
};
use panfloor_model::{Role, Timestamp};
use serde_json::{Value, json};

use crate::plant::{
    ADMIN, ANNA, BEN, PAN, SITE, STATION, STATION_KEY, class, config, key, public, request, seal, site, user,
};

const SESSION: u8 = 21;
const KINDS: usize = 19;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../contract/records")
}

/// Compares a golden file, or writes it when asked to.
fn golden(path: &str, bytes: &[u8]) {
    let path = folder().join(path);
    if std::env::var_os("PANFLOOR_BLESS").is_some() {
        std::fs::write(&path, bytes).unwrap();
    }
    let stored = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(String::from_utf8_lossy(&stored), String::from_utf8_lossy(bytes), "{}", path.display());
}

/// Appends to one chain, a second apart.
struct Chain {
    ledger: Ledger,
    records: Vec<Envelope>,
    time: Timestamp,
}

impl Chain {
    fn add(&mut self, draft: Draft, seed: u8) -> Hash {
        self.time = self.time.plus(Duration::from_secs(1));
        let envelope = seal(draft, self.ledger.position(STATION), seed, self.time);
        let inserted = self.ledger.insert(&envelope.encode()).unwrap();
        assert_eq!(inserted.standing, Standing::Counts, "{}", String::from_utf8_lossy(envelope.payload()));
        self.records.push(envelope);
        inserted.hash
    }

    fn frontier(&self) -> Frontier {
        self.ledger.frontier()
    }

    fn ask(&mut self, id: &str, base_version: u64, base: Value, setpoint: f64) -> Hash {
        self.add(Draft::request(id, request(base_version, base, config(setpoint))), ANNA)
    }

    /// A publishing with what became of it.
    fn publish(&mut self, id: &str, asked: Hash, version: u64, setpoint: f64, ends: fn(Observation) -> Body) {
        let approval = Body::Approval(Decision { remark: "looks right".into() });
        let approval = self.add(Draft::about(id, asked, approval), BEN);
        let issued_at = self.time.plus(Duration::from_secs(1));
        let message = config_core(SITE, version, &config(setpoint), issued_at, id, &["ben".to_owned()]);
        let base_version = if version == 7001 { 0 } else { version - 1 };
        let approvals = vec![approval];
        let publishing = Publishing { machine: PAN.into(), version, base_version, message, approvals };
        let publishing = self.add(Draft::about(id, asked, Body::Publishing(publishing)), STATION_KEY);
        let evidence = Hash::of(&config_message(&self.ledger, publishing).unwrap());
        for body in [Body::Published, Body::Received, ends] {
            let observed_at = self.time.plus(Duration::from_millis(500));
            let seen = Observation { machine: PAN.into(), version, observed_at, evidence };
            self.add(Draft::about(id, asked, body(seen)), STATION_KEY);
        }
    }
}

/// One chain with every kind.
fn chain() -> Chain {
    let time = Timestamp::from_micros(1_795_500_000_000_000);
    let mut chain = Chain { ledger: Ledger::new(SITE, vec![public(&key(ADMIN))]), records: Vec::new(), time };
    chain.add(site(), ADMIN);
    chain.add(user("anna", vec![Role::Operator, Role::Engineer], ANNA), ADMIN);
    chain.add(user("ben", vec![Role::Approver], BEN), ADMIN);
    let second = StationEnrolment {
        enrolled: "station-2".into(),
        name: "Laboratory".into(),
        number: 8,
        public_key: public(&key(22)),
    };
    chain.add(Draft::alone(Body::Station(second)), ADMIN);
    let expires_at = chain.time.plus(Duration::from_secs(12 * 3600));
    let session = Session { session_key: public(&key(SESSION)), expires_at };
    let session = chain.add(Draft::alone(Body::Session(session)), ANNA);
    let acknowledgement = Acknowledgement {
        condition: "low_low".into(),
        machine: PAN.into(),
        metric: Some("pressure".into()),
        up_to: chain.time,
        note: "Steam valve checked".into(),
    };
    chain.add(Draft::alone(Body::Acknowledgement(acknowledgement)), SESSION);
    chain.add(Draft::alone(Body::SessionEnd(SessionEnd { session })), SESSION);
    chain.add(Draft::alone(Body::Claim(Claim { epoch: 7 })), STATION_KEY);
    let frontier = chain.frontier();
    chain.add(Draft::alone(Body::Open(Open { epoch: 7, frontier })), STATION_KEY);
    let asked = chain.ask("change-1", 0, class().default_config, 46.5);
    chain.publish("change-1", asked, 7001, 46.5, Body::Applied);
    let asked = chain.ask("change-2", 7001, config(46.5), 46.2);
    chain.publish("change-2", asked, 7002, 46.2, |seen| {
        Body::Refused(Refusal {
            machine: seen.machine,
            version: seen.version,
            observed_at: seen.observed_at,
            evidence: seen.evidence,
            reason: "local mode".into(),
        })
    });
    let asked = chain.ask("change-3", 7002, config(46.2), 46.0);
    let rejection = Body::Rejection(Decision { remark: "not during grain growth".into() });
    chain.add(Draft::about("change-3", asked, rejection), BEN);
    let asked = chain.ask("change-4", 7002, config(46.2), 46.1);
    let withdrawal = Body::Withdrawal(Decision { remark: String::new() });
    chain.add(Draft::about("change-4", asked, withdrawal), ANNA);
    let asked = chain.ask("change-5", 7002, config(46.2), 46.3);
    chain.add(Draft::about("change-5", asked, Body::Expiry(Nothing {})), STATION_KEY);
    let frontier = chain.frontier();
    let revocation = Revocation { revoked: public(&key(ANNA)), frontier, reason: "left the company".into() };
    chain.add(Draft::alone(Body::Revocation(revocation)), ADMIN);
    chain
}

fn schema(name: &str) -> jsonschema::Validator {
    let text = std::fs::read(folder().join(format!("{name}.schema.json"))).unwrap();
    jsonschema::draft202012::new(&serde_json::from_slice(&text).unwrap()).unwrap()
}

#[test]
fn golden_envelopes_are_what_this_code_makes_and_reads() {
    let chain = chain();
    let envelope_schema = schema("envelope");
    let mut index = Vec::new();
    let mut kinds = BTreeMap::new();
    for (at, envelope) in chain.records.iter().enumerate() {
        let payload: Value = serde_json::from_slice(envelope.payload()).unwrap();
        let kind = payload["kind"].as_str().unwrap().to_owned();
        let file = format!("{:02}-{kind}.json", at + 1);
        let bytes = envelope.encode();
        golden(&format!("golden/{file}"), &bytes);
        let read = Envelope::parse(&bytes).unwrap();
        assert_eq!(read.verify(), Ok(()));
        assert_eq!(&read, envelope);
        assert!(envelope_schema.is_valid(&serde_json::from_slice(&bytes).unwrap()), "{file}");
        let problems: Vec<String> = schema(&kind).iter_errors(&payload).map(|error| error.to_string()).collect();
        assert_eq!(problems, Vec::<String>::new(), "{file}");
        index.push(json!({"file": file, "hash": envelope.hash(), "kind": kind}));
        *kinds.entry(kind).or_insert(0) += 1;
    }
    assert_eq!(kinds.len(), KINDS, "{kinds:?}");
    golden("golden/index.json", (serde_json::to_string_pretty(&index).unwrap() + "\n").as_bytes());
    let book = fold(&chain.ledger, &[class()]);
    assert_eq!(book.void, BTreeMap::new());
    let desired = &book.desired[PAN];
    assert_eq!(desired.version, 7002);
    golden("golden/config-message.json", &desired.bytes);
}

#[test]
fn other_spellings_are_refused() {
    let chain = chain();
    // One whose payload needs padding, so that padding can be left out.
    let padded = |record: &&Envelope| !record.payload().len().is_multiple_of(3);
    let record = chain.records.iter().find(padded).unwrap();
    let good = String::from_utf8(record.encode()).unwrap();
    let payload = good.split('"').nth(3).unwrap().to_owned();
    let (head, signatures) = good.split_once(r#","signatures":"#).unwrap();
    let signature = signatures.trim_start_matches('[').trim_end_matches("]}").to_owned();
    let unsigned = Envelope::new(record.payload().to_vec(), record.key(), Signature([0; 64]));
    let spellings = [
        ("no-padding", good.replace(&payload, payload.trim_end_matches('=')), "base64"),
        ("url-safe-base64", good.replace(&payload, &format!("-_{}", &payload[2..])), "base64"),
        ("stray-bits", good.replace(&payload, &stray_bits(&payload)), "base64"),
        ("white-space", good.replace(r#","payloadType""#, r#", "payloadType""#), "not_canonical"),
        ("trailing-newline", format!("{good}\n"), "not_canonical"),
        ("two-signatures", format!(r#"{head},"signatures":[{signature},{signature}]}}"#), "not_canonical"),
        ("no-signature", format!(r#"{head},"signatures":[]}}"#), "not_canonical"),
        (
            "other-order",
            format!(r#"{{"signatures":{},{}}}"#, signatures.trim_end_matches('}'), &head[1..]),
            "not_canonical",
        ),
        ("other-type", good.replace("panfloor.record", "panfloor.other"), "payload_type"),
        ("upper-case-key", good.replace(&record.key().to_string(), &"AB".repeat(32)), "key_id"),
        ("bad-signature", String::from_utf8(unsigned.encode()).unwrap(), "bad_signature"),
        ("tampered", good.replace(&payload, &payload.replacen("eyJz", "eyJT", 1)), "bad_signature"),
    ];
    let mut index = Vec::new();
    for (name, bytes, code) in spellings {
        assert_ne!(bytes, good, "{name}");
        golden(&format!("refused/{name}.json"), bytes.as_bytes());
        let result = Envelope::parse(bytes.as_bytes()).and_then(|envelope| envelope.verify());
        assert_eq!(result.map_err(panfloor_change::RefusedEnvelope::code), Err(code), "{name}");
        assert!(Ledger::new(SITE, vec![]).insert(bytes.as_bytes()).is_err(), "{name}");
        index.push(json!({"file": format!("{name}.json"), "code": code}));
    }
    golden("refused/index.json", (serde_json::to_string_pretty(&index).unwrap() + "\n").as_bytes());
}

/// The same bytes under base64 with unused bits set: what lax decoders take.
fn stray_bits(payload: &str) -> String {
    let at = payload.trim_end_matches('=').len() - 1;
    let last = payload.as_bytes()[at];
    format!("{}{}{}", &payload[..at], char::from(last + 1), &payload[at + 1..])
}
