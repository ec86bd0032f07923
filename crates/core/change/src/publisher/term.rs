//! A term of publishing: claim an epoch, wait for its echo and two heartbeats, open it, wait for that echo, act.

use std::time::Duration;

use super::{Effect, NoticeKind, Publisher, PublisherState, Scene};
use crate::body::{Body, Claim, Open};
use crate::epochs::{epoch_of, highest_epoch, next_epoch};
use crate::ledger::{MAX_VERSION, Record, Standing};
use crate::message::label;
use crate::names::Hash;
use crate::record::Draft;

/// Heads of one's own that must come back between a claim's echo and its open.
const HEARTBEATS_TO_OPEN: u64 = 2;
/// A publisher not heard of for this long, and a little longer by station number, is taken over from.
const SILENCE: Duration = Duration::from_secs(60);
/// How much longer by station number, so that two stations do not claim at once.
const SILENCE_PER_NUMBER: Duration = Duration::from_secs(5);

impl Publisher {
    /// Moves the term on; says where it stands.
    pub(super) fn term(&mut self, scene: &Scene<'_>, effects: &mut Vec<Effect>) -> PublisherState {
        let stations = scene.ledger.stations();
        let me = stations.iter().find(|one| one.station == self.station && !one.revoked);
        let Some(number) = me.and_then(|one| one.number) else {
            self.leave_epoch();
            return PublisherState::NotEnrolled;
        };
        if self.epoch.is_some_and(|epoch| self.highest_known(scene) > epoch) {
            // A known higher epoch ends one's own at once.
            self.leave_epoch();
        }
        let Some(epoch) = self.epoch else {
            return self.claim(scene, number, effects);
        };
        let Some(claim) = self.own(scene, |body| matches!(body, Body::Claim(claim) if claim.epoch == epoch)) else {
            // The claim was handed out and never stored: claim anew.
            self.leave_epoch();
            return self.claim(scene, number, effects);
        };
        if !Self::echoed(scene, claim) {
            return PublisherState::Claiming;
        }
        let beat_of_claim = *self.beat_of_claim.get_or_insert(self.beat);
        let open = self.own(scene, |body| matches!(body, Body::Open(open) if open.epoch == epoch));
        let Some(open) = open else {
            if !self.beat_came_back(scene, beat_of_claim.saturating_add(HEARTBEATS_TO_OPEN)) {
                return PublisherState::Waiting;
            }
            let frontier = scene.ledger.frontier();
            effects.push(Effect::Commit(Draft::alone(Body::Open(Open { epoch, frontier }))));
            return PublisherState::Opening;
        };
        if Self::echoed(scene, open) && scene.book.opens.first() == Some(&open) {
            PublisherState::Publishing { epoch }
        } else {
            PublisherState::Opening
        }
    }

    /// Claims an epoch above all seen, unless another station publishes.
    fn claim(&mut self, scene: &Scene<'_>, number: u8, effects: &mut Vec<Effect>) -> PublisherState {
        if let Some(wait) = self.other_publishes(scene, number) {
            self.wake(scene.now.mono.plus(wait));
            return PublisherState::Bystander;
        }
        let Some(epoch) = next_epoch(self.highest_seen(scene), number) else {
            self.raise(NoticeKind::NoEpochLeft, None, scene.now);
            return PublisherState::Bystander;
        };
        self.settle(NoticeKind::NoEpochLeft, None);
        self.epoch = Some(epoch);
        self.beat_of_claim = None;
        effects.push(Effect::Commit(Draft::alone(Body::Claim(Claim { epoch }))));
        PublisherState::Claiming
    }

    /// How long another station's term is to be respected yet; `None` if none is.
    fn other_publishes(&self, scene: &Scene<'_>, number: u8) -> Option<Duration> {
        let claims = scene
            .ledger
            .counting()
            .filter_map(|record| Some((record.payload.body.as_claim()?, record.payload.station.as_str())));
        let (_, station) = claims.max().filter(|(_, station)| *station != self.station)?;
        let heard = scene.view.heads.get(station).filter(|seen| !seen.retained).map(|seen| seen.received_at);
        let silent = scene.now.mono.since(heard.unwrap_or(self.started.mono).max(self.started.mono));
        let patience = SILENCE.saturating_add(SILENCE_PER_NUMBER.saturating_mul(u32::from(number)));
        // Silence says something only while one's own heads come back.
        if silent >= patience && self.beat_came_back(scene, self.beat.saturating_sub(1).max(1)) {
            return None;
        }
        Some(patience.saturating_sub(silent).max(Duration::from_secs(1)))
    }

    /// Whether a head of this run, the `beat`th or later, came back.
    fn beat_came_back(&self, scene: &Scene<'_>, beat: u64) -> bool {
        scene
            .view
            .heads
            .get(&self.station)
            .is_some_and(|seen| seen.head.started_at == self.started.wall.micros() && seen.head.beat >= beat)
    }

    /// The highest epoch that ends a lower one: in the ledger, or in another station's head.
    fn highest_known(&self, scene: &Scene<'_>) -> u64 {
        let heads = self.epochs_in_heads(scene).filter(|(station, _)| *station != self.station);
        heads.map(|(_, epoch)| epoch).chain([highest_epoch(scene.ledger)]).max().unwrap_or(0)
    }

    /// The highest epoch seen anywhere: ledger, heads, config topics of this site, reports.
    fn highest_seen(&self, scene: &Scene<'_>) -> u64 {
        let configs = scene.view.configs.values().filter_map(|seen| label(&seen.bytes)).map(|label| label.version);
        let reports = scene.view.reports.values().filter_map(|report| report.version);
        // What no JSON number can hold exactly is no version of ours.
        let versions = configs.chain(reports).filter(|version| *version <= MAX_VERSION).map(epoch_of);
        let heads = self.epochs_in_heads(scene).map(|(_, epoch)| epoch);
        versions.chain(heads).chain([highest_epoch(scene.ledger)]).max().unwrap_or(0)
    }

    /// The epochs that stations name in their heads, as far as they can be epochs.
    fn epochs_in_heads<'a>(&self, scene: &'a Scene<'_>) -> impl Iterator<Item = (&'a str, u64)> {
        let heads = scene.station_heads(&self.station).map(|head| (head.station.as_str(), head.epoch));
        heads.filter(|(_, epoch)| *epoch <= epoch_of(MAX_VERSION))
    }

    /// A counting record of one's own, made in whatever run.
    fn own(&self, scene: &Scene<'_>, is: impl Fn(&Body) -> bool) -> Option<Hash> {
        let own = |record: &&Record| {
            record.standing == Standing::Counts && record.payload.station == self.station && is(&record.payload.body)
        };
        scene.ledger.records().find(own).map(|record| record.hash)
    }
}
