//! Sharing: what is missing is asked for, what is one's own is sent until it came back, and heads say what is held.

use std::time::Duration;

use super::{Effect, NoticeKind, Publisher, PublisherState, RESEND, Scene};
use crate::body::{Body, SessionEnd};
use crate::epochs::highest_epoch;
use crate::ledger::Standing;
use crate::names::Hash;
use crate::record::Draft;
use crate::view::Head;

/// Most records sent, or asked for, in one pass: what an MQTT client's queue takes without blocking.
const MAX_AT_ONCE: usize = 50;

/// A record that nobody gives for so long holds nothing up any more: 30 askings, and longer than a PC takes to start.
const GIVE_UP: Duration = Duration::from_secs(5 * 60);

/// Longest time between passes while something is awaited: a bound, should the engine miss a change.
const MAX_SLEEP: Duration = Duration::from_secs(10);

impl Publisher {
    /// Asks for records that are missing: between records held, or named by an enrolled station's head, one's own of an earlier
    /// run among them. Whether any is awaited: until they are here nothing is shared, claimed or opened. One that nobody
    /// answers for too long is told to people, and no longer holds anything up.
    pub(super) fn want(&mut self, scene: &Scene<'_>, effects: &mut Vec<Effect>) -> bool {
        let mut missing = scene.ledger.holes();
        missing.extend(scene.station_heads(&self.station).flat_map(|head| named(scene, head)));
        missing.sort_unstable();
        missing.dedup();
        // Whoever is not enrolled may come to be by the very records that it names: it is asked for them, and waited for not.
        let mut hinted: Vec<_> = scene.view.heads.values().flat_map(|seen| named(scene, &seen.head)).collect();
        hinted.retain(|hash| missing.binary_search(hash).is_err());
        hinted.sort_unstable();
        hinted.dedup();
        let is_missing = |hash: &Hash| missing.binary_search(hash).is_ok();
        self.wanted_at.retain(|hash, _| is_missing(hash) || hinted.binary_search(hash).is_ok());
        self.missed_since.retain(|hash, _| is_missing(hash));
        let now = scene.now.mono;
        let since = &mut self.missed_since;
        let is_awaited = |hash: &Hash| now.since(*since.entry(*hash).or_insert(now)) < GIVE_UP;
        let (awaited, given_up): (Vec<_>, Vec<_>) = missing.iter().copied().partition(is_awaited);
        let wanted_at = &mut self.wanted_at;
        let all = awaited.iter().chain(&hinted).chain(&given_up).copied();
        let due = all.filter(|hash| wanted_at.get(hash).is_none_or(|at| now.since(*at) >= RESEND));
        let asked: Vec<Hash> = due.take(MAX_AT_ONCE).collect();
        wanted_at.extend(asked.iter().map(|hash| (*hash, now)));
        effects.extend(asked.into_iter().map(Effect::Want));
        if !missing.is_empty() || !hinted.is_empty() {
            self.wake(now.plus(RESEND));
        }
        // One's own head of an earlier life is overwritten as soon as this one goes on: what it named is missing all the same.
        self.given_up.extend(given_up.into_iter().take(MAX_AT_ONCE.saturating_sub(self.given_up.len())));
        self.given_up.retain(|hash| scene.ledger.get(*hash).is_none());
        if self.given_up.is_empty() {
            self.settle(NoticeKind::RecordsMissing, None);
        } else {
            self.raise(NoticeKind::RecordsMissing, None, scene.now);
        }
        !awaited.is_empty()
    }

    /// Sends one's own records that have not come back: at once, then every 10 s.
    pub(super) fn share(&mut self, scene: &Scene<'_>, effects: &mut Vec<Effect>) {
        let mut own: Vec<_> = scene
            .ledger
            .records()
            .filter(|record| record.payload.station == self.station && !scene.view.echoed.contains(&record.hash))
            .map(|record| (record.payload.seq, record.hash))
            .collect();
        own.sort_unstable();
        let unshared = !own.is_empty();
        for (_, hash) in own.into_iter().take(MAX_AT_ONCE) {
            let sent = self.shared_at.get(&hash).copied();
            if sent.is_none_or(|at| scene.now.mono.since(at) >= RESEND) {
                self.shared_at.insert(hash, scene.now.mono);
                effects.push(Effect::Share(hash));
            }
            let sent = self.shared_at.get(&hash).copied().unwrap_or(scene.now.mono);
            self.wake(sent.plus(RESEND));
        }
        if !unshared {
            self.shared_at.clear();
        }
        self.wake(scene.now.mono.plus(MAX_SLEEP));
    }

    /// Sends a head when one is due: every 10 s, quicker while the only station waits to open its epoch.
    pub(super) fn send_head(&mut self, scene: &Scene<'_>, state: PublisherState, effects: &mut Vec<Effect>) {
        let opening = matches!(state, PublisherState::Claiming | PublisherState::Waiting);
        let alone = scene.ledger.stations().len() == 1;
        let interval = if opening && alone { self.pace.alone } else { self.pace.interval };
        if let Some(at) = self.beat_at
            && scene.now.mono.since(at) < interval
        {
            self.wake(at.plus(interval));
            return;
        }
        self.beat = self.beat.saturating_add(1);
        self.beat_at = Some(scene.now.mono);
        self.wake(scene.now.mono.plus(interval));
        effects.push(Effect::SendHead(Head {
            site: scene.ledger.site().to_owned(),
            station: self.station.clone(),
            started_at: self.started.wall.micros(),
            beat: self.beat,
            epoch: highest_epoch(scene.ledger),
            frontier: scene.ledger.frontier(),
        }));
    }

    /// Ends sessions of this station that ran out. The record ends them, not the time in it.
    pub(super) fn end_sessions(&mut self, scene: &Scene<'_>, effects: &mut Vec<Effect>) {
        if !scene.ledger.stations().iter().any(|one| one.station == self.station && !one.revoked) {
            return;
        }
        for (session, expires_at) in scene.ledger.open_sessions(&self.station) {
            if scene.now.wall >= expires_at {
                effects.push(Effect::Commit(Draft::alone(Body::SessionEnd(SessionEnd { session }))));
            } else {
                self.wake(scene.now.mono.plus(expires_at.since(scene.now.wall)));
            }
        }
    }

    /// Whether a record of one's own counts and came back.
    pub(super) fn echoed(scene: &Scene<'_>, hash: Hash) -> bool {
        scene.view.echoed.contains(&hash) && scene.ledger.standing(hash) == Some(Standing::Counts)
    }
}

/// What is missing of all that a head names.
fn named<'a>(scene: &'a Scene<'_>, head: &'a Head) -> impl Iterator<Item = Hash> + 'a {
    head.frontier.values().flatten().filter(|hash| scene.ledger.get(**hash).is_none()).copied()
}
