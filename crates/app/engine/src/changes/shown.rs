//! What people see of the change room, and telling them when it changes.

use panfloor_change::{Notice, PublisherState, Waiting};
use panfloor_model::{Mono, Now};

use super::ChangeRoom;
use crate::fanout::Domain;
use crate::outgoing::Turn;

/// What of the room people see; compared to tell whether any of it has changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Shown {
    edition: u64,
    state: Option<PublisherState>,
    notices: Vec<Notice>,
    waiting: Vec<Waiting>,
    unshared: usize,
    silent: bool,
}

impl ChangeRoom {
    /// Own records that have not come back yet.
    #[must_use]
    pub fn unshared(&self) -> usize {
        self.own.saturating_sub(self.view.echoed.len())
    }

    /// When this run's last own heartbeat came back, if none has come for too long although the link stands.
    #[must_use]
    pub fn silent_since(&self, now: Mono) -> Option<Mono> {
        let own =
            self.view.heads.get(&self.identity.station).filter(|seen| !seen.retained && self.view.connected_control);
        own.map(|seen| seen.received_at).filter(|at| now.since(*at) > self.silent_after)
    }

    /// Tells whoever watches if what people see of this room is no longer what it was at the last call.
    pub(crate) fn tell(&mut self, turn: &mut Turn, now: Now) {
        let shown = Shown {
            edition: self.edition,
            state: Some(self.publisher.state()),
            notices: self.publisher.notices().to_vec(),
            waiting: self.publisher.waiting().to_vec(),
            unshared: self.unshared(),
            silent: self.silent_since(now.mono).is_some(),
        };
        if shown == self.shown {
            return;
        }
        for notice in shown.notices.iter().filter(|notice| !self.shown.notices.contains(notice)) {
            tracing::warn!(kind = ?notice.kind, machine = ?notice.machine, "the change protocol needs a person");
        }
        turn.domains.insert(Domain::Configs);
        if shown.edition != self.shown.edition {
            // A tile tells where a change stands, and its bands follow the config that is in force.
            turn.domains.insert(Domain::Plant);
        }
        self.shown = shown;
    }
}
