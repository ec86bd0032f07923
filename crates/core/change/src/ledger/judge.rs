//! Whether one record counts, given the register and the sessions open before it in its chain.

use std::collections::BTreeMap;
use std::sync::Arc;

use panfloor_model::{Role, Timestamp};

use super::register::{Inside, Register};
use super::types::{QuarantineCode, Record, Signer, Standing};
use crate::body::Body;
use crate::names::{Hash, PublicKey};

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenSession {
    pub(super) record: Hash,
    pub(super) user_key: PublicKey,
    pub(super) expires_at: Timestamp,
}

/// Sessions open at a place in a chain, by their key; shared along the chain, since few records change it.
pub(super) type Sessions = Arc<BTreeMap<PublicKey, OpenSession>>;

/// Who may sign a kind.
pub(crate) enum Right {
    /// A genesis or an enrolment: the register knows.
    Register,
    /// A user's key with this role.
    User(Role),
    /// Any user's key.
    AnyUser,
    /// A session's key of a user with this role.
    Session(Role),
    /// The session's own key, or the station.
    SessionOrStation,
    /// The station's key.
    Station,
    /// Nobody: the kind is not known.
    Nobody,
}

/// Who may sign this kind: the one place that says so, for records that come and for drafts of one's own.
pub(crate) const fn right(body: &Body) -> Right {
    match body {
        Body::Site(_) => Right::Register,
        Body::User(_) | Body::Station(_) | Body::Revocation(_) => Right::User(Role::Administrator),
        Body::Session(_) | Body::Withdrawal(_) => Right::AnyUser,
        Body::SessionEnd(_) => Right::SessionOrStation,
        Body::Acknowledgement(_) => Right::Session(Role::Operator),
        Body::Request(_) => Right::User(Role::Engineer),
        Body::Approval(_) | Body::Rejection(_) => Right::User(Role::Approver),
        Body::Expiry(_)
        | Body::Claim(_)
        | Body::Open(_)
        | Body::Publishing(_)
        | Body::Published(_)
        | Body::Received(_)
        | Body::Applied(_)
        | Body::Refused(_) => Right::Station,
        Body::Unknown => Right::Nobody,
    }
}

/// Whether the record counts, and whose it is (also where it does not count for having been revoked).
pub(super) fn judge(
    record: &Record,
    register: &Register,
    sessions: &Sessions,
    inside: &Inside<'_>,
) -> (Standing, Option<Signer>) {
    let key = record.payload.key;
    let station = record.payload.station.as_str();
    let result = match right(&record.payload.body) {
        Right::Register if register.enrols(record.hash) => user_right(register, key, station, None),
        Right::Register => Err(QuarantineCode::UntrustedGenesis),
        Right::User(role) => user_right(register, key, station, Some(role)),
        Right::AnyUser => user_right(register, key, station, None),
        Right::Session(role) => session_right(register, sessions, key, station, Some(role)),
        Right::SessionOrStation => {
            station_right(register, key, station).or_else(|_| session_right(register, sessions, key, station, None))
        }
        Right::Station => station_right(register, key, station),
        Right::Nobody => Err(QuarantineCode::UnknownKind),
    };
    let (signer, bounding_key) = match result {
        Ok(found) => found,
        Err(code) => return (Standing::Quarantined(code), None),
    };
    let bounded = |key| register.bounds(key).iter().all(|frontier| inside(frontier, record.hash));
    if bounded(bounding_key) {
        (Standing::Counts, Some(signer))
    } else {
        (Standing::Quarantined(QuarantineCode::Revoked), Some(signer))
    }
}

/// A right found: whose key it is, and the key whose revocation would bound the record.
type Found = Result<(Signer, PublicKey), QuarantineCode>;

/// Whether a user's key may sign here, in a role if one is needed.
pub(super) fn user_right(register: &Register, key: PublicKey, station: &str, role: Option<Role>) -> Found {
    let Some(user) = register.user(key) else {
        let known = register.is_some_station_key(key);
        return Err(if known { QuarantineCode::MissingRight } else { QuarantineCode::UnknownKey });
    };
    if user.station != station {
        return Err(QuarantineCode::OtherStation);
    }
    if role.is_some_and(|role| !user.roles.contains(&role)) {
        return Err(QuarantineCode::MissingRight);
    }
    Ok((Signer::User { user: user.user, name: user.name }, key))
}

/// Whether a session's key may sign here.
pub(super) fn session_right(
    register: &Register,
    sessions: &Sessions,
    key: PublicKey,
    station: &str,
    role: Option<Role>,
) -> Found {
    let Some(open) = sessions.get(&key) else {
        let user = register.user(key).is_some();
        return Err(if user { QuarantineCode::MissingRight } else { QuarantineCode::SessionEnded });
    };
    match user_right(register, open.user_key, station, role)? {
        (Signer::User { user, name }, user_key) => Ok((Signer::Session { user, name, session: open.record }, user_key)),
        (Signer::Session { .. } | Signer::Station { .. }, _) => Err(QuarantineCode::UnknownKey),
    }
}

/// Whether it is the station's key.
fn station_right(register: &Register, key: PublicKey, station: &str) -> Found {
    if register.is_station_key(key, station) {
        Ok((Signer::Station { station: station.to_owned() }, key))
    } else if register.is_some_station_key(key) {
        Err(QuarantineCode::OtherStation)
    } else if register.user(key).is_some() {
        Err(QuarantineCode::MissingRight)
    } else {
        Err(QuarantineCode::UnknownKey)
    }
}

/// The sessions open after a record that stands in the chain. A session's key ends its own session alone, the
/// station's key any.
pub(super) fn sessions_after(
    record: &Record,
    standing: Standing,
    signer: Option<&Signer>,
    before: &Sessions,
) -> Sessions {
    if standing != Standing::Counts {
        return Arc::clone(before);
    }
    if let Body::Session(session) = &record.payload.body {
        let mut after = BTreeMap::clone(before);
        let open = OpenSession { record: record.hash, user_key: record.payload.key, expires_at: session.expires_at };
        after.insert(session.session_key, open);
        return Arc::new(after);
    }
    if let Body::SessionEnd(end) = &record.payload.body {
        let own = match signer {
            Some(Signer::Session { session, .. }) => Some(*session),
            Some(Signer::User { .. } | Signer::Station { .. }) | None => None,
        };
        let mut after = BTreeMap::clone(before);
        after.retain(|_, open| open.record != end.session || own.is_some_and(|own| own != end.session));
        return Arc::new(after);
    }
    Arc::clone(before)
}
