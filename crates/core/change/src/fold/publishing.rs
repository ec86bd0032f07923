//! Which `publishing` records count.

use std::collections::{BTreeMap, BTreeSet};

use super::{Sources, is_revoked};
use crate::body::{Body, Publishing};
use crate::epochs::{CountingOpen, VERSIONS_PER_EPOCH, epoch_of};
use crate::ledger::{Ledger, Record, Standing};
use crate::message::{config_core, issued_at};
use crate::names::Hash;

/// `publishing` records, sorted into those that count and those that do not.
pub(crate) struct Publishings {
    /// By machine and version.
    pub(crate) counting: BTreeMap<String, BTreeMap<u64, Hash>>,
    /// The rest, each with its reason.
    pub(crate) void: BTreeMap<Hash, String>,
    /// The highest version that counts, by request and machine.
    given: BTreeMap<Hash, BTreeMap<String, u64>>,
}

impl Publishings {
    /// Requests and approvals that counting publishings name: they count whatever became of their keys.
    pub(crate) fn named(&self, ledger: &Ledger) -> BTreeSet<Hash> {
        let records = self.counting.values().flat_map(BTreeMap::values).filter_map(|hash| ledger.get(*hash));
        records
            .flat_map(|record| {
                let approvals = record.payload.body.as_publishing().map_or(&[][..], |one| one.approvals.as_slice());
                approvals.iter().copied().chain(record.payload.request)
            })
            .collect()
    }

    /// The highest version that a request was given on a machine.
    pub(crate) fn of(&self, request: Hash, machine: &str) -> Option<(u64, Hash)> {
        let version = *self.given.get(&request)?.get(machine)?;
        Some((version, *self.counting.get(machine)?.get(&version)?))
    }

    /// The first version of a machine above `version` that does not build on it, directly or not. All versions between them do
    /// build on it, so it is enough to look whether each one's own base is among those.
    pub(crate) fn overruled_by(&self, ledger: &Ledger, machine: &str, version: u64) -> Option<u64> {
        let versions = self.counting.get(machine)?;
        let builds = |hash: Hash| {
            let base = ledger.get(hash).and_then(|record| Some(record.payload.body.as_publishing()?.base_version));
            base.is_some_and(|base| base >= version && versions.contains_key(&base))
        };
        let mut higher = versions.range(version.saturating_add(1)..);
        higher.find(|(_, hash)| !builds(**hash)).map(|(higher, _)| *higher)
    }
}

/// Sorts all `publishing` records.
pub(crate) fn sort_publishings(sources: &Sources<'_>, opens: &[CountingOpen]) -> Publishings {
    let mut candidates: Vec<(&Record, &Publishing)> =
        sources.ledger.counting().filter_map(|record| Some((record, record.payload.body.as_publishing()?))).collect();
    candidates.sort_by_key(|(record, publishing)| (publishing.version, record.payload.seq, record.hash));
    let mut sorted = Publishings { counting: BTreeMap::new(), void: BTreeMap::new(), given: BTreeMap::new() };
    for (record, publishing) in candidates {
        let taken = sorted.counting.get(&publishing.machine).is_some_and(|one| one.contains_key(&publishing.version));
        let problem = if taken {
            Some("its version was given before it")
        } else {
            epoch_problem(sources, opens, record, publishing)
                .or_else(|| content_problem(sources, &sorted, record, publishing))
        };
        if let Some(problem) = problem {
            sorted.void.insert(record.hash, problem.to_owned());
        } else {
            let versions = sorted.counting.entry(publishing.machine.clone()).or_default();
            versions.insert(publishing.version, record.hash);
            if let Some(request) = record.payload.request {
                // In rising order of versions: the last one stays.
                sorted.given.entry(request).or_default().insert(publishing.machine.clone(), publishing.version);
            }
        }
    }
    sorted
}

/// Whether it stands under a counting open of its own station, and inside the frontiers of all higher ones.
fn epoch_problem(
    sources: &Sources<'_>,
    opens: &[CountingOpen],
    record: &Record,
    publishing: &Publishing,
) -> Option<&'static str> {
    let epoch = epoch_of(publishing.version);
    if publishing.version.is_multiple_of(VERSIONS_PER_EPOCH) {
        return Some("its version is none");
    }
    let opened = opens.iter().any(|open| {
        open.epoch == epoch
            && open.station == record.payload.station
            && sources.ledger.is_before(open.hash, record.hash)
    });
    if !opened {
        return Some("its epoch was not opened, or that opening does not count");
    }
    let known =
        opens.iter().filter(|open| open.epoch > epoch).all(|open| sources.ledger.inside(&open.frontier, record.hash));
    (!known).then_some("a higher epoch was opened without knowing it")
}

/// Whether request, base, approvals and bytes are what the record says.
fn content_problem(
    sources: &Sources<'_>,
    sorted: &Publishings,
    record: &Record,
    publishing: &Publishing,
) -> Option<&'static str> {
    let request_hash = record.payload.request?;
    let Some(request) = sources.ledger.get(request_hash) else { return Some("its request is not held") };
    let Body::Request(body) = &request.payload.body else { return Some("what it names as request is none") };
    if !(request.standing == Standing::Counts || is_revoked(request)) {
        return Some("its request does not count");
    }
    if request.payload.change != record.payload.change {
        return Some("its request is of another change");
    }
    let Some(change) = body.machines.iter().find(|change| change.machine == publishing.machine) else {
        return Some("its request does not name the machine");
    };
    if publishing.base_version >= publishing.version
        || !base_fits(sources, sorted, publishing, change.base_version, request_hash)
    {
        return Some("it does not build on the request's base");
    }
    let Some(users) = approvers(sources, request_hash, &publishing.approvals) else {
        return Some("an approval it names does not count: not held, by an author, or two of one user");
    };
    let needed = sources.approvals_needed(&body.class, change);
    if needed.is_none_or(|needed| users.len() < usize::from(needed)) {
        return Some("it has not enough approvals");
    }
    let id = record.payload.change.as_deref().unwrap_or_default();
    let core = issued_at(&publishing.message)
        .map(|issued_at| config_core(sources.ledger.site(), publishing.version, &change.config, issued_at, id, &users));
    (core.as_ref() != Some(&publishing.message)).then_some("its bytes are not what was requested")
}

/// The base is the request's, or an earlier publishing of the same request (the same content pushed again).
fn base_fits(
    sources: &Sources<'_>,
    sorted: &Publishings,
    publishing: &Publishing,
    base_version: u64,
    request: Hash,
) -> bool {
    if publishing.base_version == base_version {
        return true;
    }
    let base = sorted.counting.get(&publishing.machine).and_then(|versions| versions.get(&publishing.base_version));
    base.and_then(|hash| sources.ledger.get(*hash)).is_some_and(|record| record.payload.request == Some(request))
}

/// The users behind the named approvals, in their order; `None` if one does not count.
fn approvers(sources: &Sources<'_>, request: Hash, approvals: &[Hash]) -> Option<Vec<String>> {
    let authors = sources.authors(request)?;
    let mut users: Vec<String> = Vec::new();
    for hash in approvals {
        let record = sources.about(request).find(|record| record.hash == *hash)?;
        let user = sources.user(record)?;
        let approves = matches!(record.payload.body, Body::Approval(_));
        if !approves || authors.contains(user) || users.iter().any(|one| one == user) {
            return None;
        }
        users.push(user.to_owned());
    }
    Some(users)
}
