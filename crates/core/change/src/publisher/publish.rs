//! Turning approved changes into `publishing` records, one machine at a time.

use std::collections::BTreeMap;
use std::time::Duration;

use panfloor_model::{MachineClass, Mode, Timestamp, validate_config};

use super::topics::{Verdict, verdict};
use super::{Effect, Publisher, PublisherState, Scene, Wait, Waiting};
use crate::body::{Body, MachineChange, Nothing, Publishing};
use crate::book::{Change, MachineChangeState, State};
use crate::config::protected_changes;
use crate::epochs::{VERSIONS_PER_EPOCH, epoch_of};
use crate::message::{MAX_CONFIG_MESSAGE_BYTES, config_core, label};
use crate::names::Hash;
use crate::record::Draft;

/// A request nobody published for so long expires.
const REQUEST_LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);
/// A version seen above one's own epoch makes the publisher claim a new one, at most this often.
const OUTGROW_SPACING: Duration = Duration::from_secs(60);

impl Publisher {
    /// Ends requests that waited too long and of which nothing was published.
    pub(super) fn expire(&self, scene: &Scene<'_>, effects: &mut Vec<Effect>) {
        for change in scene.book.changes.values() {
            let open = change.machines.iter().all(|one| matches!(one.state, State::Requested | State::Approved));
            if open && scene.now.wall.since(change.requested.at) >= REQUEST_LIFETIME {
                let body = Body::Expiry(Nothing {});
                effects.push(Effect::Commit(Draft::about(&change.id, change.request_hash, body)));
            }
        }
    }

    /// Commits a `publishing` for each machine whose change may go out now.
    pub(super) fn publish(&mut self, scene: &Scene<'_>, epoch: u64, effects: &mut Vec<Effect>) {
        let mut expiring: Vec<Hash> = Vec::new();
        for effect in effects.iter() {
            if let Effect::Commit(Draft { request, body: Body::Expiry(_), .. }) = effect {
                expiring.extend(request);
            }
        }
        let mut version = next_version(scene, epoch);
        let mut begun: Vec<String> = Vec::new();
        for (change, state, one) in approved(scene) {
            if begun.contains(&state.machine) || expiring.contains(&change.request_hash) {
                continue;
            }
            if let Some(reason) = self.obstacle(scene, change, one, version) {
                self.waits.push(waiting(scene, change, state, reason));
                continue;
            }
            if version >= (epoch + 1) * VERSIONS_PER_EPOCH {
                // All versions of this epoch are given: the next pass claims another.
                self.leave_epoch();
                self.wake(scene.now.mono);
                return;
            }
            let draft = publishing(scene, change, state, one, version);
            effects.push(Effect::Commit(draft));
            begun.push(state.machine.clone());
            version += 1;
        }
    }

    /// What keeps an approved change from being published, if anything.
    fn obstacle(&mut self, scene: &Scene<'_>, change: &Change, one: &MachineChange, version: u64) -> Option<Wait> {
        let desired = scene.book.desired.get(&one.machine);
        if let Some(desired) = desired {
            if !desired.published {
                return Some(Wait::VersionBefore(desired.version));
            }
            if verdict(scene, &one.machine, desired) == Verdict::Drift {
                return Some(Wait::Drift);
            }
        }
        if let Some(wait) = permissive(scene, change, one, desired.is_some()) {
            return Some(wait);
        }
        if longest_message(scene, change, one) > MAX_CONFIG_MESSAGE_BYTES {
            return Some(Wait::TooLong);
        }
        if highest_at_machine(scene, &one.machine) >= version {
            // The machine would ignore this version: one from a new epoch is needed.
            let recently = self.outgrown_at.is_some_and(|at| scene.now.mono.since(at) < OUTGROW_SPACING);
            if !recently {
                self.outgrown_at = Some(scene.now.mono);
                self.leave_epoch();
            }
            self.wake(scene.now.mono.plus(if recently { OUTGROW_SPACING } else { Duration::ZERO }));
            return Some(Wait::Epoch);
        }
        None
    }

    /// Notes what approved changes wait for while there is no epoch to publish under.
    pub(super) fn note_waits(&mut self, scene: &Scene<'_>) {
        if !matches!(self.state, PublisherState::Publishing { .. }) {
            self.waits = approved(scene).map(|(change, state, _)| waiting(scene, change, state, Wait::Epoch)).collect();
        }
    }

    /// A change that waited for the same before has waited since then.
    pub(super) fn date_waits(&mut self, before: Vec<Waiting>) {
        let mut before: BTreeMap<(Hash, String), Waiting> =
            before.into_iter().map(|wait| ((wait.request, wait.machine.clone()), wait)).collect();
        for wait in &mut self.waits {
            let known = before.remove(&(wait.request, wait.machine.clone()));
            if let Some(known) = known.filter(|known| known.reason == wait.reason) {
                wait.since = known.since;
            }
        }
    }
}

/// No shorter than the config message will be: core and proof, which holds the core in base64 within base64.
fn longest_message(scene: &Scene<'_>, change: &Change, one: &MachineChange) -> usize {
    /// Member names, ids, signature and keys around the rest of a message and of its `publishing` envelope.
    const FRAME_BYTES: usize = 4096;
    let core = crate::text::sorted_json(&one.config).len();
    let hashes = change.approvals.iter().map(|step| step.record).chain([change.request_hash]);
    let envelopes = hashes.filter_map(|hash| scene.ledger.get(hash)).map(|record| record.envelope.encode().len());
    core + core.saturating_mul(16) / 9 + envelopes.sum::<usize>() + FRAME_BYTES
}

/// A wait.
fn waiting(scene: &Scene<'_>, change: &Change, state: &MachineChangeState, reason: Wait) -> Waiting {
    Waiting { request: change.request_hash, machine: state.machine.clone(), reason, since: scene.now.wall }
}

/// Approved changes by machine. Which of two goes first is no matter of safety; the order is by request time, then name.
fn approved<'a>(
    scene: &Scene<'a>,
) -> impl Iterator<Item = (&'a Change, &'a MachineChangeState, &'a MachineChange)> + use<'a> {
    let mut changes: Vec<&Change> = scene.book.changes.values().collect();
    changes.sort_by_key(|change| (change.requested.at, change.request_hash));
    changes.into_iter().flat_map(|change| {
        let pairs = change.machines.iter().zip(&change.request.machines);
        pairs.filter(|(state, _)| state.state == State::Approved).map(move |(state, one)| (change, state, one))
    })
}

/// The next free version of the epoch: above all that any record gave, counting or not.
fn next_version(scene: &Scene<'_>, epoch: u64) -> u64 {
    let given = scene.ledger.records().filter_map(|record| record.payload.body.as_publishing());
    let given = given.map(|publishing| publishing.version).filter(|version| epoch_of(*version) == epoch);
    given.max().unwrap_or(epoch * VERSIONS_PER_EPOCH) + 1
}

/// The highest version seen on the machine's topic (this site's) or in its report.
fn highest_at_machine(scene: &Scene<'_>, machine: &str) -> u64 {
    let topic = scene.view.configs.get(machine).and_then(|seen| label(&seen.bytes));
    let topic = topic.filter(|label| label.site == scene.ledger.site()).map_or(0, |label| label.version);
    let report = scene.view.reports.get(machine).and_then(|report| report.version).unwrap_or(0);
    [topic, report].into_iter().filter(|version| *version <= crate::ledger::MAX_VERSION).max().unwrap_or(0)
}

/// The class's permissives, the schema, and the base as reported.
fn permissive(scene: &Scene<'_>, change: &Change, one: &MachineChange, has_desired: bool) -> Option<Wait> {
    let class = scene.classes.iter().find(|class| class.id == change.request.class);
    let view = scene.view.machines.get(&one.machine);
    let (Some(class), Some(view)) = (class, view) else { return Some(Wait::Class) };
    if view.class != class.id {
        return Some(Wait::Class);
    }
    if view.mode != Some(Mode::Remote) {
        return Some(Wait::Mode);
    }
    let allowed =
        class.publish_phases.is_empty() || view.phase.is_some_and(|phase| class.publish_phases.contains(&phase));
    if !allowed {
        return Some(Wait::Phase);
    }
    if validate_config(class, &one.config).is_err() {
        return Some(Wait::Config);
    }
    (!has_desired && base_was_touched(scene, class, one)).then_some(Wait::ReportedBase)
}

/// Whether the machine reports other protected values than the base that the approvers were shown. Where the ledger has no
/// desired config the base is the author's word alone, and the number of approvals hangs on it.
fn base_was_touched(scene: &Scene<'_>, class: &MachineClass, one: &MachineChange) -> bool {
    let reported = scene.view.reports.get(&one.machine).and_then(|report| report.config.as_ref());
    reported.is_some_and(|reported| !protected_changes(class, reported, &one.base_config).is_empty())
}

/// The `publishing` record of a change for a machine.
fn publishing(
    scene: &Scene<'_>,
    change: &Change,
    state: &MachineChangeState,
    one: &MachineChange,
    version: u64,
) -> Draft {
    let needed = usize::from(state.approvals_needed.unwrap_or(u8::MAX));
    let used = change.approvals.iter().take(needed);
    let approvals: Vec<Hash> = used.clone().map(|step| step.record).collect();
    let users: Vec<String> = used.filter_map(crate::book::Step::user).map(str::to_owned).collect();
    let issued_at: Timestamp = scene.now.wall;
    Draft::about(
        &change.id,
        change.request_hash,
        Body::Publishing(Publishing {
            machine: one.machine.clone(),
            version,
            base_version: one.base_version,
            message: config_core(scene.ledger.site(), version, &one.config, issued_at, &change.id, &users),
            approvals,
        }),
    )
}
