//! One change: its decisions, and its state on each machine.

use std::collections::{BTreeMap, BTreeSet};

use super::publishing::Publishings;
use super::{Sources, is_revoked};
use crate::body::{Body, MachineChange};
use crate::book::{Change, Desired, MachineChangeState, State, Step, Who};
use crate::ledger::{Record, Standing};
use crate::names::Hash;

/// The change that a request opens; `None` for other records.
pub(super) fn fold_change(
    sources: &Sources<'_>,
    publishings: &Publishings,
    desired: &BTreeMap<String, Desired>,
    named: &BTreeSet<Hash>,
    record: &Record,
) -> Option<Change> {
    let Body::Request(request) = &record.payload.body else { return None };
    let authors = sources.authors(record.hash);
    let mut change = Change {
        request_hash: record.hash,
        id: record.payload.change.clone()?,
        request: request.clone(),
        requested: sources.step(record)?,
        authors: authors.iter().flatten().cloned().collect(),
        approvals: Vec::new(),
        rejections: Vec::new(),
        withdrawals: Vec::new(),
        expired: None,
        ignored: Vec::new(),
        machines: Vec::new(),
    };
    for about in sources.about(record.hash) {
        if about.standing == Standing::Counts || is_revoked(about) && named.contains(&about.hash) {
            take_decision(sources, &mut change, about);
        }
    }
    // An unknown author could be among the approvers: nothing is approved until all of them are known.
    let needed = |one: &MachineChange| authors.as_ref().and_then(|_| sources.approvals_needed(&request.class, one));
    change.machines = request
        .machines
        .iter()
        .map(|one| machine_state(sources, publishings, desired, &change, one, needed(one)))
        .collect();
    if change.machines.iter().all(|machine| machine.publishing.is_some()) {
        let late = change.rejections.iter().chain(&change.withdrawals).chain(&change.expired);
        change.ignored.extend(
            late.map(|step| (step.record, "too late: everything was published".to_owned())).collect::<Vec<_>>(),
        );
    }
    Some(change)
}

/// Takes a record about the change, if it is a decision.
fn take_decision(sources: &Sources<'_>, change: &mut Change, record: &Record) {
    let Some(step) = sources.step(record) else { return };
    if record.payload.change.as_deref() != Some(change.id.as_str()) {
        change.ignored.push((record.hash, "it names another change than its request".to_owned()));
        return;
    }
    let user = match &step.by {
        Who::User { user, .. } => Some(user.clone()),
        Who::Station { .. } => None,
    };
    let is_author = user.as_ref().is_some_and(|user| change.authors.contains(user));
    let body = &record.payload.body;
    let problem = if matches!(body, Body::Approval(_)) {
        if is_author {
            Some("an author may not approve")
        } else if change.approvals.iter().any(|other| same_user(other, &step)) {
            Some("this user approved already")
        } else {
            change.approvals.push(step);
            None
        }
    } else if matches!(body, Body::Withdrawal(_)) {
        if is_author {
            change.withdrawals.push(step);
        }
        (!is_author).then_some("only an author may withdraw")
    } else {
        if matches!(body, Body::Rejection(_)) {
            change.rejections.push(step);
        } else if matches!(body, Body::Expiry(_)) {
            change.expired.get_or_insert(step);
        }
        None
    };
    change.ignored.extend(problem.map(|problem| (record.hash, problem.to_owned())));
}

/// Whether two steps are of one user.
fn same_user(one: &Step, other: &Step) -> bool {
    match (&one.by, &other.by) {
        (Who::User { user: one, .. }, Who::User { user: other, .. }) => one == other,
        (Who::User { .. } | Who::Station { .. }, Who::Station { .. }) | (Who::Station { .. }, Who::User { .. }) => {
            false
        }
    }
}

/// The change's state on one machine.
fn machine_state(
    sources: &Sources<'_>,
    publishings: &Publishings,
    desired: &BTreeMap<String, Desired>,
    change: &Change,
    one: &MachineChange,
    approvals_needed: Option<u8>,
) -> MachineChangeState {
    let mut state = MachineChangeState {
        machine: one.machine.clone(),
        state: State::Requested,
        approvals_needed,
        version: None,
        publishing: None,
        published: None,
        received: None,
        applied: None,
        refused: None,
        overruled_by: None,
    };
    let own = publishings.of(change.request_hash, &one.machine);
    if let Some((version, record)) = own.and_then(|(version, hash)| Some((version, sources.ledger.get(hash)?))) {
        state.version = Some(version);
        state.publishing = sources.step(record);
        take_observations(sources, change.request_hash, version, &mut state);
        state.overruled_by = publishings.overruled_by(sources.ledger, &one.machine, version);
        state.state = published_state(&state);
    } else {
        let desired_version = desired.get(&one.machine).map_or(0, |desired| desired.version);
        state.state = open_state(change, &state, one.base_version == desired_version);
    }
    state
}

/// Takes what stations saw of the version. Where several saw the same, the record with the lowest name stands for all.
fn take_observations(sources: &Sources<'_>, request: Hash, version: u64, state: &mut MachineChangeState) {
    let machine = state.machine.clone();
    for record in sources.observations(request, &machine, version) {
        if record.standing != Standing::Counts {
            continue;
        }
        let Some(step) = sources.step(record) else { continue };
        let body = &record.payload.body;
        if matches!(body, Body::Published(_)) {
            state.published.get_or_insert(step);
        } else if matches!(body, Body::Received(_)) {
            state.received.get_or_insert(step);
        } else if matches!(body, Body::Applied(_)) {
            state.applied.get_or_insert(step);
        } else if let Body::Refused(refusal) = body {
            state.refused.get_or_insert((step, refusal.reason.clone()));
        }
    }
    // A report that says "applied" or "refused" names the version, which proves that it was received.
    if state.received.is_none() {
        state.received = state.applied.clone().or_else(|| state.refused.as_ref().map(|(step, _)| step.clone()));
    }
}

/// The state once there is a counting `publishing`: the furthest that is proven.
const fn published_state(state: &MachineChangeState) -> State {
    if state.overruled_by.is_some() {
        State::Overruled
    } else if state.applied.is_some() {
        State::Applied
    } else if state.refused.is_some() {
        State::Refused
    } else if state.received.is_some() {
        State::Received
    } else if state.published.is_some() {
        State::Published
    } else {
        State::Publishing
    }
}

/// The state while there is no counting `publishing`.
fn open_state(change: &Change, state: &MachineChangeState, base_is_desired: bool) -> State {
    if !change.rejections.is_empty() {
        State::Rejected
    } else if !change.withdrawals.is_empty() {
        State::Withdrawn
    } else if change.expired.is_some() {
        State::Expired
    } else if !base_is_desired {
        State::Stale
    } else if state.approvals_needed.is_some_and(|needed| change.approvals.len() >= usize::from(needed)) {
        State::Approved
    } else {
        State::Requested
    }
}
