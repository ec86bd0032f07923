//! The publisher makes each config topic equal the ledger, and records what it sees come back.

use std::collections::VecDeque;
use std::time::Duration;

use panfloor_model::{Mono, Now};

use super::{Effect, NoticeKind, Publisher, RESEND, Scene};
use crate::body::{Body, Observation, Refusal};
use crate::book::{Desired, MachineChangeState};
use crate::message::label;
use crate::names::Hash;
use crate::record::Draft;
use crate::view::{Report, ReportStatus};

/// At most one config a second a machine.
const MIN_SPACING: Duration = Duration::from_secs(1);
/// So many sends of one version in [`WINDOW`] mean that somebody undoes them, or that the broker forbids them.
const MAX_SENDS: usize = 5;
/// See [`MAX_SENDS`].
const WINDOW: Duration = Duration::from_secs(600);
/// Longest reason of a machine that is kept, characters.
const MAX_REASON_CHARS: usize = 1000;

/// What was sent to one config topic in this run.
#[derive(Debug, Clone, Default)]
pub(super) struct Topic {
    version: u64,
    /// Whether the bytes came back since they were last sent.
    came_back: bool,
    /// Whether they came back at all.
    ever_came_back: bool,
    sent: VecDeque<Mono>,
}

/// What lies on a config topic, against what should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The very bytes.
    Level,
    /// Empty, an older version, or other bytes under the desired version: to be published.
    Behind,
    /// Another site's, a version this ledger does not know, or no config message: not to be overruled unasked.
    Drift,
}

/// Judges a topic.
pub(super) fn verdict(scene: &Scene<'_>, machine: &str, desired: &Desired) -> Verdict {
    let Some(seen) = scene.view.configs.get(machine) else { return Verdict::Behind };
    if seen.bytes == desired.bytes {
        return Verdict::Level;
    }
    match label(&seen.bytes) {
        Some(label) if label.site == scene.ledger.site() && label.version <= desired.version => Verdict::Behind,
        Some(_) | None => Verdict::Drift,
    }
}

impl Publisher {
    /// Publishes the desired bytes wherever the topic does not hold them.
    pub(super) fn level_topics(&mut self, scene: &Scene<'_>, effects: &mut Vec<Effect>) {
        for (machine, desired) in &scene.book.desired {
            let own = scene.ledger.get(desired.publishing).is_some_and(|one| one.payload.station == self.station);
            if own && !Self::echoed(scene, desired.publishing) {
                continue;
            }
            match verdict(scene, machine, desired) {
                Verdict::Level => self.is_level(machine, desired, scene.now.mono),
                Verdict::Behind => {
                    self.settle(NoticeKind::Drift, Some(machine));
                    self.send(scene, machine, desired, effects);
                }
                Verdict::Drift => self.raise(NoticeKind::Drift, Some((machine, desired.version)), scene.now),
            }
        }
    }

    /// The topic holds the desired bytes.
    fn is_level(&mut self, machine: &str, desired: &Desired, now: Mono) {
        let topic = self.topics.get_mut(machine).filter(|topic| topic.version == desired.version);
        let mut last_sent = None;
        if let Some(topic) = topic {
            topic.came_back = true;
            topic.ever_came_back = true;
            last_sent = topic.sent.back().copied();
        }
        self.settle(NoticeKind::ConfigNotTaken, Some(machine));
        self.settle(NoticeKind::Drift, Some(machine));
        // Level at this moment proves nothing: the other writer is gone when nothing had to be sent for a whole window.
        match last_sent.map(|at| at.plus(WINDOW)).filter(|quiet| *quiet > now) {
            Some(quiet) if self.notices.iter().any(|known| known.kind == NoticeKind::SecondWriter) => self.wake(quiet),
            Some(_) => {}
            None => self.settle(NoticeKind::SecondWriter, Some(machine)),
        }
    }

    /// Sends the desired bytes, unless they were sent just now or too often.
    fn send(&mut self, scene: &Scene<'_>, machine: &str, desired: &Desired, effects: &mut Vec<Effect>) {
        let now = scene.now.mono;
        let topic = self.topics.entry(machine.to_owned()).or_default();
        if topic.version != desired.version {
            let last = topic.sent.back().copied();
            *topic = Topic { version: desired.version, came_back: true, ..Topic::default() };
            // The spacing counts across versions.
            topic.sent.extend(last.filter(|at| now.since(*at) < MIN_SPACING));
        }
        while topic.sent.front().is_some_and(|at| now.since(*at) >= WINDOW) {
            topic.sent.pop_front();
        }
        let wait = if topic.came_back { MIN_SPACING } else { RESEND };
        if let Some(at) = topic.sent.back().copied()
            && now.since(at) < wait
        {
            self.wake(at.plus(wait));
            return;
        }
        if topic.sent.len() >= MAX_SENDS {
            let undone = topic.ever_came_back;
            let resume = topic.sent.front().map(|at| at.plus(WINDOW));
            self.stop_sending(machine, desired.version, undone, scene.now);
            resume.into_iter().for_each(|at| self.wake(at));
            return;
        }
        topic.sent.push_back(now);
        topic.came_back = false;
        self.wake(now.plus(RESEND));
        effects.push(Effect::PublishConfig {
            machine: machine.to_owned(),
            version: desired.version,
            bytes: desired.bytes.clone(),
        });
    }

    /// Too many sends of one version: something else overwrites it, or the broker does not take it.
    fn stop_sending(&mut self, machine: &str, version: u64, undone: bool, now: Now) {
        let kind = if undone { NoticeKind::SecondWriter } else { NoticeKind::ConfigNotTaken };
        self.raise(kind, Some((machine, version)), now);
    }

    /// Records what was seen about the desired versions: bytes on the topic, reports that name them.
    pub(super) fn observe(&mut self, scene: &Scene<'_>, effects: &mut Vec<Effect>) {
        for (machine, desired) in &scene.book.desired {
            let Some(change) = scene.book.changes.get(&desired.request) else { continue };
            let Some(state) = change.on(machine).filter(|state| state.version == Some(desired.version)) else {
                continue;
            };
            let mut commit = |body| {
                effects.push(Effect::Commit(Draft::about(&change.id, change.request_hash, body)));
            };
            if state.published.is_none()
                && let Some(seen) = scene.view.configs.get(machine).filter(|seen| seen.bytes == desired.bytes)
            {
                commit(Body::Published(Observation {
                    machine: machine.clone(),
                    version: desired.version,
                    observed_at: seen.received_at,
                    evidence: Hash::of(&seen.bytes),
                }));
            }
            if let Some(report) = scene.view.reports.get(machine)
                && let Some(body) = reported(state, desired.version, report)
            {
                commit(body);
            }
        }
    }
}

/// What a report proves that is not yet recorded. A report that names another version proves nothing.
fn reported(state: &MachineChangeState, version: u64, report: &Report) -> Option<Body> {
    if report.version != Some(version) || state.version != Some(version) {
        return None;
    }
    let seen = Observation {
        machine: state.machine.clone(),
        version,
        observed_at: report.received_at,
        evidence: report.evidence,
    };
    match report.status {
        ReportStatus::Received if state.received.is_none() => Some(Body::Received(seen)),
        ReportStatus::Applied if state.applied.is_none() => Some(Body::Applied(seen)),
        ReportStatus::Refused if state.refused.is_none() && state.applied.is_none() => Some(Body::Refused(Refusal {
            machine: seen.machine,
            version,
            observed_at: seen.observed_at,
            evidence: seen.evidence,
            reason: report.reason.chars().take(MAX_REASON_CHARS).collect(),
        })),
        ReportStatus::Received | ReportStatus::Applied | ReportStatus::Refused | ReportStatus::Other => None,
    }
}
