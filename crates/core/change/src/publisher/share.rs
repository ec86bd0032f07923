//! Sharing: what is missing is asked for, what is one's own is sent until it came back, and heads say what is held.

use std::time::Duration;

use super::{Effect, Publisher, PublisherState, RESEND, Scene};
use crate::body::{Body, SessionEnd};
use crate::epochs::highest_epoch;
use crate::ledger::Standing;
use crate::record::Draft;
use crate::view::Head;

/// Most records sent, or asked for, in one pass: what an MQTT client's queue takes without blocking.
const MAX_AT_ONCE: usize = 50;

/// Longest time between passes while something is awaited: a bound, should the engine miss a change.
const MAX_SLEEP: Duration = Duration::from_secs(10);

impl Publisher {
    /// Asks for records that are missing: between records held, or named by any station's head, one's own of an earlier run
    /// among them. Whether there are any: until they are here nothing is shared, claimed or opened.
    pub(super) fn want(&mut self, scene: &Scene<'_>, effects: &mut Vec<Effect>) -> bool {
        let heads = scene.view.heads.values().flat_map(|seen| seen.head.frontier.values().flatten());
        let mut missing: Vec<_> = heads.filter(|hash| scene.ledger.get(**hash).is_none()).copied().collect();
        missing.extend(scene.ledger.holes());
        missing.sort_unstable();
        missing.dedup();
        self.wanted_at.retain(|hash, _| missing.binary_search(hash).is_ok());
        for hash in missing.iter().take(MAX_AT_ONCE) {
            let asked = self.wanted_at.get(hash).copied();
            if asked.is_none_or(|at| scene.now.mono.since(at) >= RESEND) {
                self.wanted_at.insert(*hash, scene.now.mono);
                effects.push(Effect::Want(*hash));
            }
        }
        if !missing.is_empty() {
            self.wake(scene.now.mono.plus(RESEND));
        }
        !missing.is_empty()
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
    pub(super) fn echoed(scene: &Scene<'_>, hash: crate::names::Hash) -> bool {
        scene.view.echoed.contains(&hash) && scene.ledger.standing(hash) == Some(Standing::Counts)
    }
}
