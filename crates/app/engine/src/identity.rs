//! Who this station is, and how a site is founded.

use panfloor_change::{Administrator, Body, Draft, Ledger, PublicKey, Signature, Site, UserEnrolment};
use panfloor_historian::{RecordRow, Tx};
use panfloor_keys::{KeyStore, UserKey};
use panfloor_model::{Now, Role};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::handle::StartError;

/// Setting under which a station keeps who it is.
pub(crate) const IDENTITY_SETTING: &str = "identity";

/// What a station is to its site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The site's id, part of topics and records.
    pub site: String,
    /// Its name for people.
    pub site_name: String,
    /// This station's id.
    pub station: String,
    /// Its name for people.
    pub station_name: String,
    /// Keys whose genesis counts: the first administrators'.
    pub administrators: Vec<PublicKey>,
}

impl Identity {
    /// Client id of one of the station's two sessions: the broker knows the station by it.
    pub(crate) fn client_id(&self, session: panfloor_source::SessionKind) -> String {
        format!("panfloor-{}-{}-{}", self.site, self.station, session.word())
    }
}

/// A user to be made with the site.
#[derive(Debug)]
pub struct Member {
    /// User id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Passphrase of the key at this station.
    pub passphrase: Zeroizing<String>,
}

/// A site to be founded at this station.
#[derive(Debug)]
pub struct Founding {
    /// Its name for people.
    pub site_name: String,
    /// This station's name for people.
    pub station_name: String,
    /// The first administrator.
    pub administrator: Member,
    /// More users, enrolled by the administrator.
    pub members: Vec<Member>,
    /// Keep the site that is there already, if there is one; else founding a second one is refused.
    pub unless_founded: bool,
}

/// Founds a site: makes the keys, the genesis record and the enrolments, and stores them with the identity in `tx`.
///
/// # Errors
/// If a key cannot be made or opened, or the store fails.
pub(crate) fn found(founding: Founding, keys: &KeyStore, tx: &mut Tx<'_>, now: Now) -> Result<Identity, StartError> {
    let first = founding.administrator;
    let all: Vec<&Member> = std::iter::once(&first).chain(&founding.members).collect();
    let mut made = user_keys(keys, &all, now)?.into_iter();
    let administrator = made.next().ok_or_else(|| StartError::Internal("no key was made".to_owned()))?;
    let station_key = keys.station_key()?;
    let public = PublicKey::from_bytes(administrator.public());
    let identity = Identity {
        site: id_of(&founding.site_name, "site"),
        site_name: founding.site_name,
        station: id_of(&founding.station_name, "station"),
        station_name: founding.station_name,
        administrators: vec![public],
    };
    let mut ledger = Ledger::new(&identity.site, vec![public]);
    let genesis = Body::Site(Site {
        name: identity.site_name.clone(),
        administrator: Administrator { user: first.id, name: first.name, roles: first.roles, public_key: public },
        station_number: 0,
        station_name: identity.station_name.clone(),
        station_key: PublicKey::from_bytes(station_key.public()),
    });
    append(genesis, &identity, &administrator, &mut ledger, tx, now)?;
    for (member, key) in founding.members.into_iter().zip(made) {
        let public_key = PublicKey::from_bytes(key.public());
        let at_station = identity.station.clone();
        let enrolment =
            UserEnrolment { user: member.id, name: member.name, roles: member.roles, public_key, at_station };
        append(Body::User(enrolment), &identity, &administrator, &mut ledger, tx, now)?;
    }
    let json = serde_json::to_string(&identity).map_err(|problem| StartError::Internal(problem.to_string()))?;
    tx.put_setting(IDENTITY_SETTING, &json)?;
    Ok(identity)
}

/// The keys of all members, in their order. Each takes a good part of a second by intent, so they are made side by side.
fn user_keys(keys: &KeyStore, members: &[&Member], now: Now) -> Result<Vec<UserKey>, StartError> {
    std::thread::scope(|scope| {
        let made: Vec<_> = members.iter().map(|member| scope.spawn(move || user_key(keys, member, now))).collect();
        let broken = || StartError::Internal("making a key broke off".to_owned());
        made.into_iter().map(|key| key.join().map_err(|_| broken())?).collect()
    })
}

/// The member's key; opened if there is one already, as after a start that was cut off in the middle of a founding.
fn user_key(keys: &KeyStore, member: &Member, now: Now) -> Result<UserKey, StartError> {
    if keys.user_public_key(&member.id)?.is_some() {
        return Ok(keys.unlock_user_key(&member.id, &member.passphrase, now.mono)?);
    }
    Ok(keys.create_user_key(&member.id, &member.passphrase)?)
}

/// Appends a record signed by the administrator.
fn append(
    body: Body,
    identity: &Identity,
    key: &UserKey,
    ledger: &mut Ledger,
    tx: &mut Tx<'_>,
    now: Now,
) -> Result<(), StartError> {
    let kind = body.kind();
    let position = ledger.position(&identity.station);
    let seq = position.seq;
    let unsigned = Draft::alone(body).seal(position, PublicKey::from_bytes(key.public()), now.wall);
    let hash = unsigned.hash();
    let signature = Signature(key.sign(unsigned.pae()));
    let envelope = unsigned.signed(signature).encode();
    ledger.insert(&envelope).map_err(|refused| StartError::Internal(refused.to_string()))?;
    tx.put_record(&RecordRow {
        hash: *hash.as_bytes(),
        station: identity.station.clone(),
        seq,
        kind: kind.to_owned(),
        change: None,
        received_at: now.wall,
        envelope: envelope.clone(),
    })?;
    tx.outbox_put(&hash.to_string(), &crate::changes::records_topic(identity), &envelope, false)?;
    Ok(())
}

/// An id that is readable and never met twice: the name's letters and digits, then random ones.
fn id_of(name: &str, otherwise: &str) -> String {
    /// Letters taken from the name.
    const READABLE: usize = 16;
    let readable: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == ' ' || *c == '-')
        .map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() })
        .take(READABLE)
        .collect();
    let readable = readable.trim_matches('-');
    let random = uuid::Uuid::new_v4().simple().to_string();
    format!("{}-{}", if readable.is_empty() { otherwise } else { readable }, &random[..6])
}
