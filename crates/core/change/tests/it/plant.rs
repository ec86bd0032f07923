//! One station, its engine's part, a broker and a pan: in memory, with a clock that the test moves.
//!
//! The broker is a list of what is retained and what waits to be delivered; faults are switches on it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use ed25519_dalek::{Signer, SigningKey};
use panfloor_change::{
    Administrator, Body, Change, ChangeBook, Decision, Draft, Effect, Envelope, Hash, Head, HeartbeatPace, Ledger,
    MachineChange, MachineView, NoticeKind, Position, PublicKey, Publisher, PublisherState, Report, ReportStatus,
    Request, SeenConfig, SeenHead, Signature, Site, State, StationView, UserEnrolment, fold,
};
use panfloor_model::{MachineClass, Mode, Mono, Now, Phase, Role, Timestamp};
use serde_json::{Value, json};

pub(crate) const SITE: &str = "lublin";
pub(crate) const STATION: &str = "station-1";
pub(crate) const PAN: &str = "pan-03";

/// A fixed key: `seed` in every byte.
pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub(crate) fn public(key: &SigningKey) -> PublicKey {
    PublicKey::from_bytes(key.verifying_key().to_bytes())
}

pub(crate) const ADMIN: u8 = 1;
pub(crate) const STATION_KEY: u8 = 2;
pub(crate) const ANNA: u8 = 3;
pub(crate) const BEN: u8 = 4;
pub(crate) const VERA: u8 = 5;

pub(crate) fn class() -> MachineClass {
    MachineClass::shipped().unwrap().remove(0)
}

pub(crate) fn seal(draft: Draft, position: Position, seed: u8, time: Timestamp) -> Envelope {
    let unsigned = draft.seal(position, public(&key(seed)), time);
    let signature = Signature(key(seed).sign(unsigned.pae()).to_bytes());
    unsigned.signed(signature)
}

pub(crate) fn site() -> Draft {
    Draft::alone(Body::Site(Site {
        name: "Lublin sugar factory".into(),
        administrator: Administrator {
            user: "dora".into(),
            name: "Dora".into(),
            roles: vec![Role::Administrator],
            public_key: public(&key(ADMIN)),
        },
        station_number: 7,
        station_name: "Control room".into(),
        station_key: public(&key(STATION_KEY)),
    }))
}

pub(crate) fn user(user: &str, roles: Vec<Role>, seed: u8) -> Draft {
    Draft::alone(Body::User(UserEnrolment {
        user: user.into(),
        name: user.to_uppercase(),
        roles,
        public_key: public(&key(seed)),
        at_station: STATION.into(),
    }))
}

/// A config of the class with another temperature setpoint.
pub(crate) fn config(temperature_setpoint: f64) -> Value {
    let mut config = class().default_config;
    config["temperature_setpoint"] = json!(temperature_setpoint);
    config
}

pub(crate) fn request(base_version: u64, base: Value, config: Value) -> Request {
    Request {
        class: "reference-pan".into(),
        machines: vec![MachineChange { machine: PAN.into(), base_version, base_config: base, config }],
        reason: "Slower boiling".into(),
        builds_on: vec![],
        effect: None,
    }
}

/// A ledger on disc: what survives a crash.
#[derive(Clone, Default)]
pub(crate) struct Disc {
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) echoed: BTreeSet<Hash>,
}

/// What the broker has, and its faults.
#[derive(Default)]
pub(crate) struct Broker {
    pub(crate) config: BTreeMap<String, Vec<u8>>,
    pub(crate) head: Option<Vec<u8>>,
    deliveries: VecDeque<Delivery>,
    pub(crate) drop_records: usize,
    pub(crate) forbid_config: bool,
    /// Everything ever accepted on a config topic.
    pub(crate) accepted: Vec<(String, Vec<u8>)>,
}

enum Delivery {
    Record(Vec<u8>),
    Head(Vec<u8>),
    Config(String, Vec<u8>),
    Report(Value),
}

pub(crate) struct Plant {
    pub(crate) now: Now,
    pub(crate) disc: Disc,
    pub(crate) broker: Broker,
    pub(crate) ledger: Ledger,
    pub(crate) book: ChangeBook,
    pub(crate) view: StationView,
    pub(crate) publisher: Publisher,
    pub(crate) pan_obeys: bool,
    pub(crate) pan_running: Option<u64>,
    /// Crash when this many effects were carried out; and whether it did.
    pub(crate) crash_after: Option<usize>,
    /// Records asked for, if the test expects that any are.
    pub(crate) wanted: Option<BTreeSet<Hash>>,
    pub(crate) crashed: bool,
    done: usize,
}

impl Plant {
    /// A site with its users, nothing shared yet.
    pub(crate) fn new() -> Self {
        let now = Now { wall: Timestamp::from_micros(1_795_500_000_000_000), mono: Mono(1_000_000) };
        let mut plant = Self {
            now,
            disc: Disc::default(),
            broker: Broker::default(),
            ledger: Ledger::new(SITE, vec![public(&key(ADMIN))]),
            book: ChangeBook::default(),
            view: StationView::default(),
            publisher: Publisher::new(STATION, HeartbeatPace::default(), now),
            pan_obeys: true,
            pan_running: None,
            crash_after: None,
            wanted: None,
            crashed: false,
            done: 0,
        };
        plant.connect();
        plant.commit(site(), ADMIN);
        plant.commit(user("anna", vec![Role::Engineer, Role::Operator, Role::Approver], ANNA), ADMIN);
        plant.commit(user("ben", vec![Role::Approver, Role::Engineer], BEN), ADMIN);
        plant.commit(user("vera", vec![Role::Viewer], VERA), ADMIN);
        plant
    }

    /// What the engine does at a start: read the disc, connect, read what is retained.
    pub(crate) fn restart(&mut self) {
        self.now = self.now.plus(Duration::from_secs(3));
        self.ledger = Ledger::new(SITE, vec![public(&key(ADMIN))]);
        let refused = self.ledger.load(self.disc.records.iter().map(Vec::as_slice));
        assert_eq!(refused, []);
        self.book = fold(&self.ledger, &[class()]);
        self.publisher = Publisher::new(STATION, HeartbeatPace::default(), self.now);
        self.broker.deliveries.retain(|delivery| !matches!(delivery, Delivery::Report(_)));
        self.connect();
    }

    fn connect(&mut self) {
        self.view = StationView { echoed: self.disc.echoed.clone(), connected_control: true, ..StationView::default() };
        let machine =
            MachineView { class: "reference-pan".into(), mode: Some(Mode::Remote), phase: Some(Phase::GrainGrowth) };
        self.view.machines.insert(PAN.into(), machine);
        for (machine, bytes) in self.broker.config.clone() {
            self.see_config(machine, bytes);
        }
        if let Some(head) = self.broker.head.clone() {
            self.see_head(&head, true);
        }
        if self.pan_running.is_some() {
            let version = self.pan_running;
            self.report(version, "applied", true);
        }
    }

    pub(crate) fn commit(&mut self, draft: Draft, seed: u8) -> Hash {
        let envelope = seal(draft, self.ledger.position(STATION), seed, self.now.wall);
        self.disc.records.push(envelope.encode());
        let inserted = self.ledger.insert(&envelope.encode()).unwrap();
        self.book = fold(&self.ledger, &[class()]);
        inserted.hash
    }

    /// Lets engine and broker work until nothing more happens or a crash comes.
    pub(crate) fn settle(&mut self) {
        for _ in 0..10_000 {
            let mut effects = Vec::new();
            self.publisher.next(&self.ledger, &self.book, &[class()], &self.view, self.now, &mut effects);
            let idle = effects.is_empty() && self.broker.deliveries.is_empty();
            for effect in effects {
                if self.crash_after == Some(self.done) {
                    self.crashed = true;
                    return;
                }
                self.done += 1;
                self.carry_out(effect);
            }
            if let Some(delivery) = self.broker.deliveries.pop_front() {
                self.deliver(delivery);
            }
            if idle {
                return;
            }
        }
        panic!("never idle: {:?}", self.publisher.state());
    }

    /// Settles, lets time pass in the publisher's own steps, settles again.
    pub(crate) fn run(&mut self, span: Duration) {
        let end = self.now.plus(span);
        self.settle();
        while !self.crashed && self.now.mono < end.mono {
            let due = self.publisher.poll_timeout().unwrap_or(end.mono).min(end.mono);
            let step = due.since(self.now.mono).max(Duration::from_millis(1));
            self.now = self.now.plus(step);
            self.settle();
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Commit(draft) => {
                self.commit(draft, STATION_KEY);
            }
            Effect::Share(hash) => {
                if self.broker.drop_records > 0 {
                    self.broker.drop_records -= 1;
                } else {
                    let bytes = self.ledger.get(hash).unwrap().envelope.encode();
                    self.broker.deliveries.push_back(Delivery::Record(bytes));
                }
            }
            Effect::SendHead(head) => {
                self.broker.head = Some(head.encode());
                self.broker.deliveries.push_back(Delivery::Head(head.encode()));
            }
            Effect::PublishConfig { machine, bytes, .. } => {
                if !self.broker.forbid_config {
                    self.write_config(&machine, &bytes);
                    self.broker.accepted.push((machine, bytes));
                }
            }
            Effect::Want(hash) => {
                let wanted = self.wanted.as_mut().unwrap_or_else(|| panic!("nobody else could have {hash}"));
                wanted.insert(hash);
            }
        }
    }

    /// Somebody writes to a config topic.
    pub(crate) fn write_config(&mut self, machine: &str, bytes: &[u8]) {
        self.broker.config.insert(machine.into(), bytes.to_vec());
        self.broker.deliveries.push_back(Delivery::Config(machine.into(), bytes.to_vec()));
    }

    pub(crate) fn clear_config(&mut self, machine: &str) {
        self.broker.config.remove(machine);
        self.view.configs.remove(machine);
    }

    fn deliver(&mut self, delivery: Delivery) {
        match delivery {
            Delivery::Record(bytes) => {
                let inserted = self.ledger.insert(&bytes).unwrap();
                assert!(!inserted.new);
                self.view.echoed.insert(inserted.hash);
                self.disc.echoed.insert(inserted.hash);
            }
            Delivery::Head(bytes) => self.see_head(&bytes, false),
            Delivery::Config(machine, bytes) => {
                if self.pan_obeys {
                    let message: Value = serde_json::from_slice(&bytes).unwrap();
                    let version = message["version"].as_u64();
                    self.pan_running = version;
                    for status in ["received", "applied"] {
                        let report = json!({"config_version": version, "status": status});
                        self.broker.deliveries.push_back(Delivery::Report(report));
                    }
                }
                self.see_config(machine, bytes);
            }
            Delivery::Report(report) => {
                let status = report["status"].as_str().unwrap().to_owned();
                self.report(report["config_version"].as_u64(), &status, false);
            }
        }
    }

    fn see_config(&mut self, machine: String, bytes: Vec<u8>) {
        self.view.configs.insert(machine, SeenConfig { bytes, received_at: self.now.wall });
    }

    pub(crate) fn see_head(&mut self, bytes: &[u8], retained: bool) {
        let head = Head::parse(bytes).unwrap();
        let seen = SeenHead { head, received_at: self.now.mono, retained };
        self.view.heads.insert(STATION.into(), seen);
    }

    pub(crate) fn report(&mut self, version: Option<u64>, status: &str, retained: bool) {
        let status = match status {
            "received" => ReportStatus::Received,
            "applied" => ReportStatus::Applied,
            "refused" => ReportStatus::Refused,
            _ => ReportStatus::Other,
        };
        let evidence = Hash::of(format!("{version:?} {status:?}").as_bytes());
        let received_at = self.now.wall;
        let reason = String::new();
        let report = Report { version, status, reason, config: None, retained, received_at, evidence };
        self.view.reports.insert(PAN.into(), report);
    }

    /// Anna asks for a temperature setpoint.
    pub(crate) fn ask(&mut self, id: &str, temperature_setpoint: f64) -> Hash {
        let desired = self.book.desired.get(PAN);
        let base = desired.map_or(class().default_config, |desired| desired.config.clone());
        let version = desired.map_or(0, |desired| desired.version);
        self.commit(Draft::request(id, request(version, base, config(temperature_setpoint))), ANNA)
    }

    pub(crate) fn decide(&mut self, id: &str, request: Hash, body: fn(Decision) -> Body, seed: u8) -> Hash {
        let body = body(Decision { remark: "seen".into() });
        self.commit(Draft::about(id, request, body), seed)
    }

    pub(crate) fn change(&self, request: Hash) -> &Change {
        &self.book.changes[&request]
    }

    pub(crate) fn state(&self, request: Hash) -> State {
        self.change(request).machines[0].state
    }

    /// What people are told, of which machine.
    pub(crate) fn notices(&self) -> Vec<(NoticeKind, Option<&str>)> {
        self.publisher.notices().iter().map(|known| (known.kind, known.machine.as_deref())).collect()
    }

    pub(crate) fn epoch(&self) -> u64 {
        let PublisherState::Publishing { epoch } = self.publisher.state() else {
            panic!("not publishing but {:?}", self.publisher.state());
        };
        epoch
    }

    /// I1 and I2 over everything the broker ever accepted: the bytes are those of a counting record with enough approvals,
    /// and no version has two contents.
    pub(crate) fn assert_safe(&self) {
        let mut contents: BTreeMap<(String, u64), Vec<u8>> = BTreeMap::new();
        for (machine, bytes) in &self.broker.accepted {
            let message: Value = serde_json::from_slice(bytes).unwrap();
            let version = message["version"].as_u64().unwrap();
            let known = contents.entry((machine.clone(), version)).or_insert_with(|| bytes.clone());
            assert_eq!(known, bytes, "version {version} has two contents");
            let publishing = self
                .ledger
                .records()
                .find(|record| record.payload.body.as_publishing().is_some_and(|one| one.version == version))
                .unwrap();
            assert!(!self.book.void.contains_key(&publishing.hash));
            assert_eq!(panfloor_change::config_message(&self.ledger, publishing.hash).as_ref(), Some(bytes));
            let change = self.change(publishing.payload.request.unwrap());
            assert!(change.approvals.iter().all(|step| !change.authors.contains(&step.user().unwrap().to_owned())));
            assert!(change.approvals.len() >= usize::from(change.machines[0].approvals_needed.unwrap()));
        }
    }
}
