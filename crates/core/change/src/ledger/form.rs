//! Whether a payload has the form of a record: what can be said of it alone, without any other record.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::body::{Body, Request};
use crate::record::Payload;

/// Longest id or name, bytes.
const MAX_NAME_BYTES: usize = 200;
/// Longest text a person writes (reason, remark, note), bytes: a page.
const MAX_TEXT_BYTES: usize = 4000;
/// Most machines of one request: a site's pans and some.
const MAX_MACHINES: usize = 64;
/// Longest session.
const MAX_SESSION: Duration = Duration::from_secs(12 * 3600);
/// Highest version, so that JSON numbers keep it exactly everywhere (2^53 - 1).
pub(crate) const MAX_VERSION: u64 = (1 << 53) - 1;
/// Most records one record may name (approvals, rebased requests, a frontier's hashes of one station).
const MAX_NAMED: usize = 64;

/// What is wrong with the payload's form; `None` if nothing is.
pub(crate) fn form_problem(payload: &Payload) -> Option<&'static str> {
    let names = [&payload.site, &payload.station].into_iter().chain(&payload.change);
    if !names.into_iter().all(|name| is_name(name)) {
        return Some("site, station and change are ids of 1 to 200 bytes");
    }
    if payload.seq == 0 || (payload.seq == 1) != payload.prev.is_none() {
        return Some("seq starts at 1, and only the first record has no prev");
    }
    link_problem(payload).or_else(|| body_problem(payload))
}

/// Whether `change` and `request` are there exactly where the kind needs them.
fn link_problem(payload: &Payload) -> Option<&'static str> {
    let wanted = match payload.body {
        Body::Request(_) => (true, false),
        Body::Approval(_)
        | Body::Rejection(_)
        | Body::Withdrawal(_)
        | Body::Expiry(_)
        | Body::Publishing(_)
        | Body::Published(_)
        | Body::Received(_)
        | Body::Applied(_)
        | Body::Refused(_) => (true, true),
        Body::Site(_)
        | Body::User(_)
        | Body::Station(_)
        | Body::Revocation(_)
        | Body::Session(_)
        | Body::SessionEnd(_)
        | Body::Acknowledgement(_)
        | Body::Claim(_)
        | Body::Open(_) => (false, false),
        Body::Unknown => return None,
    };
    ((payload.change.is_some(), payload.request.is_some()) != wanted)
        .then_some("change and request are there for the kinds of a change alone")
}

/// Whether the fields of its kind lie in their ranges.
fn body_problem(payload: &Payload) -> Option<&'static str> {
    match &payload.body {
        Body::Site(site) => {
            if !(is_name(&site.name) && is_name(&site.station_name)) {
                return Some("the site and its station have names of 1 to 200 bytes");
            }
            if !(is_name(&site.administrator.user) && is_name(&site.administrator.name)) {
                return Some("the administrator has a user id and a name of 1 to 200 bytes");
            }
            number_problem(site.station_number)
        }
        Body::User(user) => (!(is_name(&user.user) && is_name(&user.name) && is_name(&user.at_station)))
            .then_some("user, name and at_station are 1 to 200 bytes"),
        Body::Station(station) if !(is_name(&station.enrolled) && is_name(&station.name)) => {
            Some("enrolled and name are 1 to 200 bytes")
        }
        Body::Station(station) => number_problem(station.number),
        Body::Revocation(revocation) => {
            text_problem(&revocation.reason).or_else(|| frontier_problem(&revocation.frontier))
        }
        Body::Session(session) => {
            (session.expires_at.since(payload.time) > MAX_SESSION).then_some("a session lasts 12 h at most")
        }
        Body::Acknowledgement(acknowledgement) if !is_name(&acknowledgement.condition) => {
            Some("condition is 1 to 200 bytes")
        }
        Body::Acknowledgement(acknowledgement) if !is_name(&acknowledgement.machine) => {
            Some("machine is 1 to 200 bytes")
        }
        Body::Acknowledgement(acknowledgement) => text_problem(&acknowledgement.note),
        Body::Request(request) => request_problem(request),
        Body::Approval(decision) | Body::Rejection(decision) | Body::Withdrawal(decision) => {
            text_problem(&decision.remark)
        }
        Body::Claim(claim) => epoch_problem(claim.epoch),
        Body::Open(open) => epoch_problem(open.epoch).or_else(|| frontier_problem(&open.frontier)),
        Body::Publishing(publishing) => version_problem(&publishing.machine, publishing.version)
            .or_else(|| (publishing.approvals.len() > MAX_NAMED).then_some("a publishing names 64 approvals at most")),
        Body::Published(seen) | Body::Received(seen) | Body::Applied(seen) => {
            version_problem(&seen.machine, seen.version)
        }
        Body::Refused(refusal) => {
            version_problem(&refusal.machine, refusal.version).or_else(|| text_problem(&refusal.reason))
        }
        Body::SessionEnd(_) | Body::Expiry(_) | Body::Unknown => None,
    }
}

/// Whether a request has machines, configs and a reason.
fn request_problem(request: &Request) -> Option<&'static str> {
    let machines: BTreeSet<&str> = request.machines.iter().map(|change| change.machine.as_str()).collect();
    if request.machines.is_empty() || machines.len() != request.machines.len() || machines.len() > MAX_MACHINES {
        return Some("a request names 1 to 64 machines, none twice");
    }
    if !machines.iter().all(|machine| is_name(machine)) || !is_name(&request.class) {
        return Some("machines and class are 1 to 200 bytes");
    }
    if request.machines.iter().any(|change| !(change.config.is_object() && change.base_config.is_object())) {
        return Some("config and base_config are JSON objects");
    }
    if request.machines.iter().any(|change| change.base_version > MAX_VERSION) || request.builds_on.len() > MAX_NAMED {
        return Some("base_version is below 2^53, and builds_on names 64 requests at most");
    }
    if request.reason.trim().is_empty() {
        return Some("a request has a reason");
    }
    text_problem(&request.reason)
}

/// 1 to 200 bytes without control characters.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= MAX_NAME_BYTES && !name.chars().any(char::is_control)
}

fn text_problem(text: &str) -> Option<&'static str> {
    (text.len() > MAX_TEXT_BYTES).then_some("a text is 4,000 bytes at most")
}

fn number_problem(number: u8) -> Option<&'static str> {
    (number > 63).then_some("a station's number is 0 to 63")
}

fn epoch_problem(epoch: u64) -> Option<&'static str> {
    (epoch == 0 || epoch > MAX_VERSION / 1000 - 1).then_some("an epoch is above 0, and its versions below 2^53")
}

fn version_problem(machine: &str, version: u64) -> Option<&'static str> {
    if !is_name(machine) {
        return Some("machine is 1 to 200 bytes");
    }
    (version > MAX_VERSION || version.is_multiple_of(1000)).then_some("a version is epoch × 1000 + n, n from 1 to 999")
}

fn frontier_problem(frontier: &crate::body::Frontier) -> Option<&'static str> {
    frontier
        .iter()
        .any(|(station, heads)| !is_name(station) || heads.len() > MAX_NAMED)
        .then_some("a frontier names stations of 1 to 200 bytes, with 64 hashes each at most")
}
