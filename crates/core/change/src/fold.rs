//! From the set of records to the state of every change: pure, and the same for every order of arrival.

mod change;
mod publishing;

use std::collections::{BTreeMap, BTreeSet};

use panfloor_model::MachineClass;

use crate::body::Body;
use crate::book::{ChangeBook, Desired, Step, Who};
use crate::epochs::counting_opens;
use crate::ledger::{Ledger, QuarantineCode, Record, Signer, Standing};
use crate::message::config_message;
use crate::names::Hash;
use publishing::{Publishings, sort_publishings};

/// What the steps of the fold share: records by what they are about.
pub(crate) struct Sources<'a> {
    ledger: &'a Ledger,
    classes: BTreeMap<&'a str, &'a MachineClass>,
    /// Records about a request, by its hash, in the order of their names; those of revoked keys among them.
    about: BTreeMap<Hash, Vec<&'a Record>>,
    /// The configs of all held `publishing` records, by machine and version: what a base was.
    bases: BTreeMap<(&'a str, u64), &'a Record>,
}

/// The state of every change. `classes` say how many approvals are needed and which fields are protected.
#[must_use]
pub fn fold(ledger: &Ledger, classes: &[MachineClass]) -> ChangeBook {
    let sources = Sources::new(ledger, classes);
    let opens = counting_opens(ledger);
    let publishings = sort_publishings(&sources, &opens);
    let named: BTreeSet<Hash> = publishings.named(ledger);
    let desired = desired(&sources, &publishings);
    let mut changes = BTreeMap::new();
    for record in ledger.records() {
        let counts = record.standing == Standing::Counts || is_revoked(record) && named.contains(&record.hash);
        if counts && let Some(change) = change::fold_change(&sources, &publishings, &desired, &named, record) {
            changes.insert(record.hash, change);
        }
    }
    ChangeBook { changes, desired, void: publishings.void, opens: opens.into_iter().map(|open| open.hash).collect() }
}

/// The desired config of each machine: the counting `publishing` with the highest version.
fn desired(sources: &Sources<'_>, publishings: &Publishings) -> BTreeMap<String, Desired> {
    let mut desired = BTreeMap::new();
    for (machine, versions) in &publishings.counting {
        let Some((version, hash)) = versions.last_key_value() else { continue };
        let Some(request) = sources.ledger.get(*hash).and_then(|record| record.payload.request) else { continue };
        let (Some(config), Some(bytes)) = (sources.config_of(*hash, machine), config_message(sources.ledger, *hash))
        else {
            continue;
        };
        let published = sources
            .observations(request, machine, *version)
            .any(|record| matches!(record.payload.body, Body::Published(_)) && record.standing == Standing::Counts);
        let one = Desired { version: *version, config, publishing: *hash, request, bytes, published };
        desired.insert(machine.clone(), one);
    }
    desired
}

/// Whether a record is kept back for its key's revocation alone.
fn is_revoked(record: &Record) -> bool {
    record.standing == Standing::Quarantined(QuarantineCode::Revoked)
}

impl<'a> Sources<'a> {
    /// Sorts the ledger's records.
    pub(crate) fn new(ledger: &'a Ledger, classes: &'a [MachineClass]) -> Self {
        let mut about: BTreeMap<Hash, Vec<&Record>> = BTreeMap::new();
        let mut bases = BTreeMap::new();
        for record in ledger.records() {
            if record.standing != Standing::Counts && !is_revoked(record) {
                continue;
            }
            if let Some(request) = record.payload.request {
                about.entry(request).or_default().push(record);
            }
            if let Body::Publishing(publishing) = &record.payload.body {
                bases.entry((publishing.machine.as_str(), publishing.version)).or_insert(record);
            }
        }
        let classes = classes.iter().map(|class| (class.id.as_str(), class)).collect();
        Self { ledger, classes, about, bases }
    }

    /// Records about a request.
    fn about(&self, request: Hash) -> impl Iterator<Item = &'a Record> {
        self.about.get(&request).into_iter().flatten().copied()
    }

    /// The config that a `publishing` gives to a machine: what its request says.
    fn config_of(&self, publishing: Hash, machine: &str) -> Option<serde_json::Value> {
        let request = self.ledger.get(self.ledger.get(publishing)?.payload.request?)?;
        let Body::Request(request) = &request.payload.body else { return None };
        request.machines.iter().find(|change| change.machine == machine).map(|change| change.config.clone())
    }

    /// What stations saw of a version of a request on a machine.
    fn observations(&self, request: Hash, machine: &str, version: u64) -> impl Iterator<Item = &'a Record> {
        self.about(request).filter(move |record| {
            record.payload.body.as_seen().is_some_and(|(seen, at, _)| seen == machine && at == version)
        })
    }

    /// The user who signed a record.
    fn user(&self, record: &Record) -> Option<&'a str> {
        match self.ledger.signer(record.hash)? {
            Signer::User { user, .. } => Some(user),
            Signer::Session { .. } | Signer::Station { .. } => None,
        }
    }

    /// The authors of a request: who signed it, and the authors of all it builds on. `None` if one of those is not held,
    /// since then nobody can say who may approve.
    pub(crate) fn authors(&self, request: Hash) -> Option<BTreeSet<String>> {
        let mut authors = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![request];
        while let Some(hash) = waiting.pop() {
            if !seen.insert(hash) {
                continue;
            }
            let record = self.ledger.get(hash)?;
            let Body::Request(body) = &record.payload.body else { return None };
            authors.insert(self.user(record)?.to_owned());
            waiting.extend(&body.builds_on);
        }
        Some(authors)
    }

    /// How many approvals a request needs on a machine: the class's number, one more if a protected field differs from the
    /// base. `None` if the class is not known.
    pub(crate) fn approvals_needed(&self, class: &str, change: &crate::body::MachineChange) -> Option<u8> {
        let class = self.classes.get(class)?;
        let base = self
            .bases
            .get(&(change.machine.as_str(), change.base_version))
            .and_then(|record| self.config_of(record.hash, &change.machine));
        let base = base.as_ref().unwrap_or(&change.base_config);
        let protected = !crate::config::protected_changes(class, base, &change.config).is_empty();
        Some(class.approvals.max(1).saturating_add(u8::from(protected)))
    }

    /// A step that a record proves.
    fn step(&self, record: &Record) -> Option<Step> {
        let by = match self.ledger.signer(record.hash)? {
            Signer::User { user, name } | Signer::Session { user, name, .. } => {
                Who::User { user: user.clone(), name: name.clone() }
            }
            Signer::Station { station } => Who::Station { station: station.clone() },
        };
        let at = record.payload.body.as_seen().map_or(record.payload.time, |(_, _, at)| at);
        let remark = record.payload.body.remark().to_owned();
        Some(Step { record: record.hash, by, at, remark })
    }
}
