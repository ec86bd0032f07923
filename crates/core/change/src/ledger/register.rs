//! The register: whose key is whose, what it may do, until where it counts. A pure function of the set of records.
//!
//! Computed in three strata, since enrolments and revocations depend on each other: (1) who could be enrolled if nothing
//! were revoked; (2) all revocations by those who then are administrators, so that two administrators who revoke each
//! other at once both succeed (the safe side); (3) enrolments again, with what the revocations leave.

use std::collections::{BTreeMap, BTreeSet};

use panfloor_model::Role;

use super::types::{EnrolledKey, EnrolledStation, Record};
use crate::body::{Body, Frontier, UserEnrolment};
use crate::names::{Hash, PublicKey};

/// One enrolment of a station's key.
#[derive(Debug, Clone)]
pub(super) struct StationKeyEnrolment {
    pub(super) station: String,
    pub(super) name: String,
    pub(super) number: u8,
    pub(super) key: PublicKey,
}

/// Who is who.
#[derive(Debug, Clone, Default)]
pub(super) struct Register {
    users: BTreeMap<PublicKey, Vec<UserEnrolment>>,
    stations: BTreeMap<PublicKey, Vec<StationKeyEnrolment>>,
    revocations: BTreeMap<PublicKey, Vec<Frontier>>,
    enrolling: BTreeSet<Hash>,
}

/// Whether records of this kind concern the register.
pub(super) const fn concerns(body: &Body) -> bool {
    matches!(body, Body::Site(_) | Body::User(_) | Body::Station(_) | Body::Revocation(_))
}

/// Says whether a record lies inside a frontier.
pub(super) type Inside<'a> = dyn Fn(&Frontier, Hash) -> bool + 'a;

impl Register {
    /// From `records` (those whose chain is whole), with the administrators that are trusted from outside.
    pub(super) fn of(records: &[&Record], trusted: &[PublicKey], inside: &Inside<'_>) -> Self {
        let records: Vec<&Record> = records.iter().copied().filter(|record| concerns(&record.payload.body)).collect();
        let could_be = Self::enrolments(&records, trusted, &|_, _| true);
        let mut revocations: BTreeMap<PublicKey, Vec<Frontier>> = BTreeMap::new();
        for record in &records {
            if let Body::Revocation(revocation) = &record.payload.body
                && could_be.has_role(record, Role::Administrator)
            {
                revocations.entry(revocation.revoked).or_default().push(revocation.frontier.clone());
            }
        }
        let counts = |key: PublicKey, hash: Hash| {
            revocations.get(&key).is_none_or(|frontiers| frontiers.iter().all(|frontier| inside(frontier, hash)))
        };
        let mut register = Self::enrolments(&records, trusted, &counts);
        register.revocations = revocations;
        register
    }

    /// Enrolments, starting at the genesis, each by somebody enrolled as administrator before: the least fixed point.
    fn enrolments(records: &[&Record], trusted: &[PublicKey], counts: &dyn Fn(PublicKey, Hash) -> bool) -> Self {
        let mut register = Self::default();
        for record in records {
            if trusted.contains(&record.payload.key) && counts(record.payload.key, record.hash) {
                register.add_genesis(record);
            }
        }
        loop {
            let before = register.enrolling.len();
            for record in records {
                let is_new = !register.enrolling.contains(&record.hash);
                if is_new && counts(record.payload.key, record.hash) && register.has_role(record, Role::Administrator) {
                    register.add_enrolment(record);
                }
            }
            if register.enrolling.len() == before {
                return register;
            }
        }
    }

    /// Takes a genesis that its own first administrator signed.
    fn add_genesis(&mut self, record: &Record) {
        let Body::Site(site) = &record.payload.body else { return };
        let administrator = &site.administrator;
        if record.payload.seq != 1 || administrator.public_key != record.payload.key {
            return;
        }
        let mut roles = administrator.roles.clone();
        roles.push(Role::Administrator);
        let station = record.payload.station.clone();
        self.users.entry(administrator.public_key).or_default().push(UserEnrolment {
            user: administrator.user.clone(),
            name: administrator.name.clone(),
            roles,
            public_key: administrator.public_key,
            at_station: station.clone(),
        });
        self.stations.entry(site.station_key).or_default().push(StationKeyEnrolment {
            station,
            name: site.station_name.clone(),
            number: site.station_number,
            key: site.station_key,
        });
        self.enrolling.insert(record.hash);
    }

    /// Takes an enrolment by an administrator; other kinds are passed over.
    fn add_enrolment(&mut self, record: &Record) {
        if let Body::User(user) = &record.payload.body {
            self.users.entry(user.public_key).or_default().push(user.clone());
        } else if let Body::Station(station) = &record.payload.body {
            self.stations.entry(station.public_key).or_default().push(StationKeyEnrolment {
                station: station.enrolled.clone(),
                name: station.name.clone(),
                number: station.number,
                key: station.public_key,
            });
        } else {
            return;
        }
        self.enrolling.insert(record.hash);
    }

    /// Whether a record is a genesis or an enrolment that counts.
    pub(super) fn enrols(&self, hash: Hash) -> bool {
        self.enrolling.contains(&hash)
    }

    /// Whether the key that signed the record has the role, in the chain in which the record stands.
    fn has_role(&self, record: &Record, role: Role) -> bool {
        self.user(record.payload.key)
            .is_some_and(|user| user.station == record.payload.station && user.roles.contains(&role))
    }

    /// The user of a key. A key enrolled for two people or two stations belongs to the first by name, with the roles of
    /// those enrolments that agree with it: some choice that does not depend on order.
    pub(super) fn user(&self, key: PublicKey) -> Option<EnrolledKey> {
        let enrolments = self.users.get(&key)?;
        let first = enrolments.iter().min_by_key(|one| (&one.user, &one.at_station, &one.name))?;
        let mut roles: Vec<Role> = enrolments
            .iter()
            .filter(|one| one.user == first.user && one.at_station == first.at_station)
            .flat_map(|one| one.roles.iter().copied())
            .collect();
        roles.sort_unstable();
        roles.dedup();
        Some(EnrolledKey {
            key,
            user: first.user.clone(),
            name: first.name.clone(),
            roles,
            station: first.at_station.clone(),
            revoked: self.revocations.contains_key(&key),
        })
    }

    /// All user keys.
    pub(super) fn users(&self) -> Vec<EnrolledKey> {
        self.users.keys().filter_map(|key| self.user(*key)).collect()
    }

    /// Whether the key is enrolled for this station.
    pub(super) fn is_station_key(&self, key: PublicKey, station: &str) -> bool {
        self.stations.get(&key).is_some_and(|enrolments| enrolments.iter().any(|one| one.station == station))
    }

    /// Whether the key is enrolled for this station's chain, a user's or the station's own; revoked, too.
    pub(super) fn knows(&self, key: PublicKey, station: &str) -> bool {
        self.is_station_key(key, station) || self.user(key).is_some_and(|user| user.station == station)
    }

    /// Whether a genesis counts.
    pub(super) fn is_founded(&self) -> bool {
        !self.enrolling.is_empty()
    }

    /// Whether the key is any station's.
    pub(super) fn is_some_station_key(&self, key: PublicKey) -> bool {
        self.stations.contains_key(&key)
    }

    /// All stations, by id.
    pub(super) fn stations(&self) -> Vec<EnrolledStation> {
        let mut by_number: BTreeMap<u8, BTreeSet<&str>> = BTreeMap::new();
        let mut by_station: BTreeMap<&str, Vec<&StationKeyEnrolment>> = BTreeMap::new();
        for one in self.stations.values().flatten() {
            by_number.entry(one.number).or_default().insert(&one.station);
            by_station.entry(&one.station).or_default().push(one);
        }
        by_station
            .into_iter()
            .filter_map(|(station, enrolments)| {
                let newest = enrolments.iter().max_by_key(|one| (!self.revocations.contains_key(&one.key), one.key))?;
                let own = enrolments.iter().all(|one| one.number == newest.number);
                let alone = by_number.get(&newest.number).is_some_and(|stations| stations.len() == 1);
                Some(EnrolledStation {
                    station: station.to_owned(),
                    name: newest.name.clone(),
                    key: newest.key,
                    number: (own && alone).then_some(newest.number),
                    revoked: self.revocations.contains_key(&newest.key),
                })
            })
            .collect()
    }

    /// The frontiers that bound the key's records; none if it was not revoked.
    pub(super) fn bounds(&self, key: PublicKey) -> &[Frontier] {
        self.revocations.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Whether any revocation names this record in its frontier.
    pub(super) fn bounded_by(&self, hash: Hash) -> bool {
        self.revocations.values().flatten().flat_map(BTreeMap::values).flatten().any(|named| *named == hash)
    }
}
