//! The links to the sources: their clients, and how they are.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use panfloor_model::{Mono, Now, SourceId, Timestamp};
use panfloor_source::{AckToken, Client, Delivery, Problem, SessionKind};
use panfloor_wire::Mapping;

use crate::adoption::Adoption;

/// Over which time the rate of messages is told.
const RATE_SPAN: Duration = Duration::from_secs(10);

/// A source that delivers messages this much older than their arrival is catching up.
const BACKLOG_AGE: Duration = Duration::from_secs(15);

/// After so long without an old message the backlog is worked off, whether or not a new one has come.
const BACKLOG_QUIET: Duration = Duration::from_secs(2);

/// State of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// First try under way.
    Connecting,
    /// Connected.
    Connected {
        /// Working off what the broker kept.
        catching_up: bool,
    },
    /// Not connected.
    Offline {
        /// Why.
        code: &'static str,
        /// What, where, why, what to do.
        sentence: String,
        /// When it is tried again.
        retry_at: Timestamp,
    },
}

/// How a source is.
#[derive(Debug, Clone)]
pub struct SourceHealth {
    /// Id in the store.
    pub id: SourceId,
    /// Name for people.
    pub name: String,
    /// `mqtt://host:port`
    pub address: String,
    /// Its link: the worse of its two sessions.
    pub state: LinkState,
    /// Since when.
    pub since: Timestamp,
    /// Messages a second over the last ten.
    pub messages_per_s: f64,
    /// Whether the broker still knew both sessions at their last connects; `None` until each has connected once, unless one
    /// is known to be new.
    pub session_kept: Option<bool>,
    /// Messages that could not be stored yet.
    pub waiting: u32,
    /// Addresses heard in the last hour that were not adopted as machines.
    pub not_adopted: usize,
    /// How many machines the source may make in an hour; `None`: any number.
    pub adopts_per_hour: Option<u32>,
}

/// One source.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) mapping: Mapping,
    pub(crate) data: Client,
    pub(crate) control: Client,
    pub(crate) adoption: Adoption,
    health: SourceHealth,
    links: [Link; 2],
    arrivals: VecDeque<(u64, u32)>,
    /// When an old message was last stored.
    behind_at: Mono,
}

/// One session's link.
#[derive(Debug, Clone, Default)]
struct Link {
    /// Number of the present connection, once the broker has accepted it.
    epoch: Option<u64>,
    /// Whether the broker still knew the session at the last connect.
    kept: Option<bool>,
    /// The subscriptions stand.
    connected: bool,
    problem: Option<(&'static str, String, Timestamp)>,
}

/// All sources.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    by_id: BTreeMap<SourceId, Source>,
}

impl Source {
    pub(crate) fn new(
        id: SourceId,
        name: String,
        address: String,
        mapping: Mapping,
        clients: (Client, Client),
        adoption: Adoption,
        now: Now,
    ) -> Self {
        let state = LinkState::Connecting;
        let health = SourceHealth {
            id,
            name,
            address,
            state,
            since: now.wall,
            messages_per_s: 0.0,
            session_kept: None,
            waiting: 0,
            not_adopted: 0,
            adopts_per_hour: adoption.per_hour(),
        };
        let (data, control) = clients;
        let links = [Link::default(), Link::default()];
        Self { mapping, data, control, adoption, health, links, arrivals: VecDeque::new(), behind_at: now.mono }
    }

    /// The client of a session.
    pub(crate) const fn client(&self, session: SessionKind) -> &Client {
        match session {
            SessionKind::Data => &self.data,
            SessionKind::Control => &self.control,
        }
    }

    /// Its id.
    pub(crate) const fn id(&self) -> SourceId {
        self.health.id
    }

    /// Whether its telemetry can be seen.
    fn sees(&self) -> bool {
        self.links[0].connected
    }

    /// Puts the links' states together.
    fn settle(&mut self, now: Now) {
        let state = match self.links.iter().find_map(|link| link.problem.clone()) {
            Some((code, sentence, retry_at)) => LinkState::Offline { code, sentence, retry_at },
            None if self.links.iter().all(|link| link.connected) => LinkState::Connected { catching_up: false },
            None => LinkState::Connecting,
        };
        let same = std::mem::discriminant(&state) == std::mem::discriminant(&self.health.state);
        if !same {
            self.health.since = now.wall;
        }
        self.health.state = state;
        let [data, control] = &self.links;
        self.health.session_kept = worse(data.kept, control.kept);
    }
}

/// Whether both sessions were kept: not, if one is known to be new; unknown, if one is.
const fn worse(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        (None, _) | (_, None) => None,
    }
}

/// Index of a session's link.
const fn index(session: SessionKind) -> usize {
    match session {
        SessionKind::Data => 0,
        SessionKind::Control => 1,
    }
}

impl Sources {
    pub(crate) fn add(&mut self, id: SourceId, source: Source) {
        self.by_id.insert(id, source);
    }

    pub(crate) fn get(&self, id: SourceId) -> Option<&Source> {
        self.by_id.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: SourceId) -> Option<&mut Source> {
        self.by_id.get_mut(&id)
    }

    /// The source that carries ledger, configs and states: the site's home broker.
    pub(crate) fn home(&self) -> Option<&Source> {
        self.by_id.values().next()
    }

    /// Health of all, by id.
    pub(crate) fn health(&self) -> Vec<SourceHealth> {
        self.by_id.values().map(|source| source.health.clone()).collect()
    }

    /// Whether any telemetry can be seen.
    pub(crate) fn any_sees(&self) -> bool {
        self.by_id.values().any(Source::sees)
    }

    /// The broker accepted a session.
    pub(crate) fn accepted(&mut self, id: SourceId, session: SessionKind, epoch: u64, kept: bool, now: Now) {
        let Some(source) = self.by_id.get_mut(&id) else { return };
        let link = &mut source.links[index(session)];
        (link.epoch, link.kept) = (Some(epoch), Some(kept));
        source.settle(now);
    }

    /// Whether a delivery came over the present connection: what waited while that changed says nothing of what the broker
    /// holds now.
    pub(crate) fn is_present(&self, delivery: &Delivery) -> bool {
        let link = self.by_id.get(&delivery.source).map(|source| &source.links[index(delivery.session)]);
        link.is_some_and(|link| link.epoch == Some(delivery.ack.epoch()))
    }

    /// A session's subscriptions stand: from now on nothing is missed.
    pub(crate) fn listening(&mut self, id: SourceId, session: SessionKind, now: Now) {
        let Some(source) = self.by_id.get_mut(&id) else { return };
        let link = &mut source.links[index(session)];
        (link.connected, link.problem) = (true, None);
        source.settle(now);
    }

    /// The broker refuses what a session asks to hear: connected or not, nothing can be seen there.
    pub(crate) fn refused(
        &mut self,
        id: SourceId,
        session: SessionKind,
        filters: &[String],
        retry_in: Duration,
        now: Now,
    ) {
        let Some(source) = self.by_id.get_mut(&id) else { return };
        let sentence = format!(
            "The broker refuses to send {}: nothing of it can be seen; ask its administrator for the right to read it.",
            filters.join(", ")
        );
        let link = &mut source.links[index(session)];
        link.connected = false;
        link.problem = Some(("refused_subscription", sentence, now.wall.plus(retry_in)));
        source.settle(now);
    }

    pub(crate) fn disconnected(
        &mut self,
        id: SourceId,
        session: SessionKind,
        problem: &Problem,
        retry_in: Duration,
        now: Now,
    ) {
        let Some(source) = self.by_id.get_mut(&id) else { return };
        let link = &mut source.links[index(session)];
        (link.epoch, link.connected) = (None, false);
        link.problem = Some((problem.code(), problem.to_string(), now.wall.plus(retry_in)));
        source.settle(now);
    }

    /// Counts messages; notes whether they are old ones, worked off. Says whether the state changed.
    pub(crate) fn arrived(&mut self, id: SourceId, count: u32, oldest: Option<Timestamp>, now: Now) -> bool {
        let Some(source) = self.by_id.get_mut(&id) else { return false };
        let second = now.mono.0 / 1_000_000;
        match source.arrivals.back_mut() {
            Some((at, sum)) if *at == second => *sum += count,
            _ => source.arrivals.push_back((second, count)),
        }
        let LinkState::Connected { catching_up } = &mut source.health.state else { return false };
        let behind = oldest.is_some_and(|oldest| now.wall.since(oldest) > BACKLOG_AGE);
        if behind {
            source.behind_at = now.mono;
        }
        std::mem::replace(catching_up, behind) != behind
    }

    /// Notes how many messages of each source could not be stored yet. Says whether any number changed.
    pub(crate) fn wait(&mut self, waiting: &BTreeMap<SourceId, u32>) -> bool {
        self.by_id.iter_mut().fold(false, |changed, (id, source)| {
            let count = waiting.get(id).copied().unwrap_or(0);
            changed | (std::mem::replace(&mut source.health.waiting, count) != count)
        })
    }

    /// Tells the rates anew, and that a backlog is worked off; called once a second. Says whether any has changed as people see it.
    pub(crate) fn tell_rates(&mut self, now: Now) -> bool {
        let second = now.mono.0 / 1_000_000;
        let mut changed = false;
        for source in self.by_id.values_mut() {
            while source.arrivals.front().is_some_and(|(at, _)| at + RATE_SPAN.as_secs() < second) {
                source.arrivals.pop_front();
            }
            // The running second is not over yet.
            let whole = source.arrivals.iter().filter(|(at, _)| *at < second);
            let (sum, first) =
                whole.fold((0_u64, second), |(sum, first), (at, n)| (sum + u64::from(*n), first.min(*at)));
            let span = (second - first).clamp(1, RATE_SPAN.as_secs());
            let rate = sum as f64 / span as f64;
            changed |= rate.round() != source.health.messages_per_s.round();
            source.health.messages_per_s = rate;
            if let LinkState::Connected { catching_up } = &mut source.health.state
                && now.mono.since(source.behind_at) >= BACKLOG_QUIET
            {
                changed |= std::mem::take(catching_up);
            }
            let refused = source.adoption.refused(now.mono);
            changed |= std::mem::replace(&mut source.health.not_adopted, refused) != refused;
        }
        changed
    }

    /// Acknowledges what is committed.
    pub(crate) fn acknowledge(&self, tokens: Vec<(SourceId, SessionKind, AckToken)>) {
        let mut by_client: BTreeMap<(SourceId, usize), (SessionKind, Vec<AckToken>)> = BTreeMap::new();
        for (id, session, token) in tokens {
            by_client.entry((id, index(session))).or_insert_with(|| (session, Vec::new())).1.push(token);
        }
        for ((id, _), (session, tokens)) in by_client {
            if let Some(source) = self.get(id) {
                source.client(session).ack(tokens);
            }
        }
    }

    /// Tries all again at once.
    pub(crate) fn retry(&self) {
        for source in self.by_id.values() {
            source.data.retry_now();
            source.control.retry_now();
        }
    }

    /// Disconnects all.
    pub(crate) fn stop(&self) {
        for source in self.by_id.values() {
            source.data.stop();
            source.control.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::worse;

    #[test]
    fn a_session_that_is_new_is_not_hidden_by_the_other_one() {
        for (one, other, shown) in [
            (Some(false), Some(true), Some(false)),
            (Some(true), Some(true), Some(true)),
            (Some(false), None, Some(false)),
            (Some(true), None, None),
            (None, None, None),
        ] {
            assert_eq!((worse(one, other), worse(other, one)), (shown, shown));
        }
    }
}
