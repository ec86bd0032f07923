//! The loop: waits, gathers what has come meanwhile, decides all of it in one transaction, commits, then acts.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use panfloor_historian::{HistorianError, Reader, Tx, Writer};
use panfloor_model::{Mono, Now};
use panfloor_source::{Delivery, SessionKind, SourceEvent};

use crate::clock::Clock;
use crate::core::{Core, Counters, Trouble};
use crate::event::{Action, Event, Refusal};
use crate::fanout::{Domain, Fanout};
use crate::handle::Watcher;
use crate::outgoing::{Reply, Turn};

/// Most events of one turn: bounds how long an answer waits and what a failed commit has to repeat.
const TURN_EVENTS_MAX: usize = 4_096;

/// Between two tries of a failing store.
const RETRY_STORE: Duration = Duration::from_secs(1);

/// Between two looks at what is due for sealing.
const SEAL_SPACING: Duration = Duration::from_secs(20);

/// Longest sleep: rates and ages are told anew each second.
const TICK: Duration = Duration::from_secs(1);

/// What the loop owns.
pub(crate) struct Loop {
    pub(crate) clock: Clock,
    pub(crate) writer: Option<Writer>,
    pub(crate) reader: Reader,
    pub(crate) core: Core,
    pub(crate) fanout: Fanout,
    pub(crate) events: Receiver<Event>,
    pub(crate) new_watchers: Receiver<Watcher>,
    /// Deliveries whose commit failed, in order of arrival.
    pub(crate) waiting: VecDeque<Delivery>,
    pub(crate) retry_store: Option<Mono>,
    /// The core could not be read back after a failed commit.
    pub(crate) unread: bool,
    pub(crate) seal_at: Mono,
    pub(crate) tick_at: Mono,
    pub(crate) token: u64,
    /// When the last commit began and ended.
    pub(crate) last_commit: (Mono, Mono),
}

/// Somebody's look at the core.
type Look = Box<dyn FnOnce(&Core) + Send>;

/// What one turn takes.
#[derive(Default)]
struct Gathered {
    source_events: Vec<SourceEvent>,
    actions: Vec<(Action, Reply)>,
    looks: Vec<Look>,
    stop: bool,
}

impl Loop {
    /// Runs until told to stop, or until nobody can tell it anything any more.
    pub(crate) fn run(mut self) {
        loop {
            let now = self.clock.now();
            let first = match self.events.recv_timeout(self.sleep(now)) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let mut gathered = self.gather(first);
            let stop = gathered.stop;
            let looks = std::mem::take(&mut gathered.looks);
            self.turn(gathered);
            for look in looks {
                look(&self.core);
            }
            if stop {
                break;
            }
        }
        self.core.sources.stop();
        if let Some(writer) = &mut self.writer
            && let Err(problem) = writer.checkpoint()
        {
            tracing::warn!(%problem, "the write-ahead log stays");
        }
    }

    /// How long nothing is due.
    fn sleep(&self, now: Now) -> Duration {
        // What is decided has to be stored: while nothing can be, being due is no reason to wake up.
        let decides = self.writer.is_some() && self.retry_store.is_none();
        if decides && self.core.rollups.is_due() {
            return Duration::ZERO;
        }
        let changes = self.core.changes.as_ref().and_then(crate::changes::ChangeRoom::due);
        let decisions = [self.core.alarms.due(), changes].into_iter().filter(|_| decides);
        let due = decisions.chain([Some(self.tick_at), self.fanout.due(), self.retry_store]);
        let next = due.flatten().min().unwrap_or(now.mono);
        next.since(now.mono).min(TICK)
    }

    /// Takes the first event and all that wait behind it.
    fn gather(&self, first: Option<Event>) -> Gathered {
        let mut gathered = Gathered::default();
        let waiting = std::iter::from_fn(|| self.events.try_recv().ok());
        for event in first.into_iter().chain(waiting.take(TURN_EVENTS_MAX)) {
            match event {
                Event::Source(event) => gathered.source_events.push(event),
                Event::Act(action, reply) => gathered.actions.push((*action, reply)),
                Event::Inspect(look) => gathered.looks.push(look),
                Event::Stop => gathered.stop = true,
            }
        }
        gathered
    }

    /// One turn: links first, since they are no decisions; then everything that is stored.
    fn turn(&mut self, gathered: Gathered) {
        let now = self.clock.now();
        let mut turn = Turn::default();
        for event in gathered.source_events {
            self.link_event(event, &mut turn, now);
        }
        let actions = self.without_store(gathered.actions, &mut turn);
        // What needs no store is done whether or not the commit succeeds.
        self.finish(turn, now);
        if self.writer.is_some() && self.retry_store.is_none_or(|at| at <= now.mono) {
            self.store(actions, now);
        }
        self.tick(now);
        for watcher in self.new_watchers.try_iter() {
            match watcher {
                Watcher::Live(sink) => self.fanout.watch_live(sink),
                Watcher::Changes(sink) => self.fanout.watch_changes(sink),
            }
        }
        self.fanout.flush(now);
        self.core.now = self.clock.now();
    }

    /// Answers what needs no store, and refuses actions while there is none.
    fn without_store(&self, actions: Vec<(Action, Reply)>, turn: &mut Turn) -> Vec<(Action, Reply)> {
        let refusal = match (&self.writer, &self.core.trouble) {
            (None, _) => Some(Refusal::ReadOnly),
            (Some(_), Some(trouble)) => Some(Refusal::StoreNotWritable(trouble.sentence.clone())),
            (Some(_), None) => None,
        };
        let mut stored = Vec::new();
        for (action, reply) in actions {
            match (&action, &refusal) {
                (Action::Retry, _) => {
                    self.core.sources.retry();
                    turn.replies.push((reply, Ok(crate::event::Done::Stored)));
                }
                (_, Some(refusal)) => turn.replies.push((reply, Err(refusal.clone()))),
                (_, None) => stored.push((action, reply)),
            }
        }
        stored
    }

    /// Takes what a source says of its links; keeps deliveries for the transaction.
    fn link_event(&mut self, event: SourceEvent, turn: &mut Turn, now: Now) {
        match event {
            SourceEvent::Delivery(delivery) => {
                self.waiting.push_back(delivery);
                return;
            }
            SourceEvent::Published { .. } | SourceEvent::Stopped { .. } => return,
            SourceEvent::Connected { source, session, session_present, epoch } => {
                self.core.sources.accepted(source, session, epoch, session_present, now);
                if session == SessionKind::Control
                    && self.core.is_home(source)
                    && let Some(changes) = &mut self.core.changes
                {
                    changes.connected(session_present);
                }
            }
            SourceEvent::Subscribed { source, session, refused, retry_in } => {
                if refused.is_empty() {
                    self.core.sources.listening(source, session, now);
                } else {
                    tracing::error!(?refused, "the broker refuses subscriptions");
                    self.core.sources.refused(source, session, &refused, retry_in, now);
                }
                if session == SessionKind::Control
                    && self.core.is_home(source)
                    && let Some(changes) = &mut self.core.changes
                {
                    changes.subscribed(turn);
                }
            }
            SourceEvent::Disconnected { source, session, problem, retry_in } => {
                tracing::warn!(session = session.word(), %problem, ?retry_in, "source offline");
                self.core.sources.disconnected(source, session, &problem, retry_in, now);
                if session == SessionKind::Control
                    && self.core.is_home(source)
                    && let Some(changes) = &mut self.core.changes
                {
                    changes.disconnected();
                }
            }
            SourceEvent::Dropped { count, .. } => {
                tracing::error!(count, "QoS 0 messages were dropped: the store is slow")
            }
        }
        let online = self.core.sources.any_sees();
        if online == self.core.alarms.blind_since().is_some() {
            self.core.alarms.see(online, now);
        }
        turn.domains.extend([Domain::Sources, Domain::Alarms]);
    }

    /// Decides and commits; on failure reads everything back and tries later.
    fn store(&mut self, actions: Vec<(Action, Reply)>, now: Now) {
        let Some(writer) = &mut self.writer else { return };
        let replies: Vec<Reply> = actions.iter().map(|(_, reply)| reply.clone()).collect();
        let began = self.clock.now().mono;
        // After a failure the core is what could be read back; if that failed too, nothing may be decided from it.
        if self.unread
            && let Err(problem) = self.core.reload(&self.reader, now)
        {
            return self.fail(&problem, replies, began);
        }
        self.unread = false;
        let mut turn = Turn { seq: writer.last_seq(), ..Turn::default() };
        let outcome = writer.begin().and_then(|mut tx| {
            decide(&mut self.core, &self.waiting, &self.reader, &mut tx, &mut turn, now)?;
            for (action, reply) in actions {
                let done = self.core.act(action, &mut tx, &mut turn, now)?;
                turn.replies.push((reply, done));
            }
            settle(&mut self.core, &mut tx, &mut turn, now)?;
            let commit_began = self.clock.now().mono;
            tx.commit().map(|report| (commit_began, report.took))
        });
        match outcome {
            Ok((commit_began, took)) => {
                self.note_latency(&turn, commit_began, took);
                turn.acks =
                    self.waiting.drain(..).map(|delivery| (delivery.source, delivery.session, delivery.ack)).collect();
                if self.core.trouble.take().is_some() {
                    turn.domains.insert(Domain::Hello);
                }
                self.retry_store = None;
                if self.core.sources.wait(&BTreeMap::new()) {
                    turn.domains.insert(Domain::Sources);
                }
                self.finish(turn, now);
            }
            Err(problem) => self.fail(&problem, replies, began),
        }
    }

    /// Does what follows a commit.
    fn finish(&mut self, turn: Turn, now: Now) {
        let arrivals = turn.acks.iter().fold(BTreeMap::<_, u32>::new(), |mut counts, (source, _, _)| {
            *counts.entry(*source).or_default() += 1;
            counts
        });
        self.core.sources.acknowledge(turn.acks);
        let oldest = turn.measured.iter().map(|measured| measured.device_time).min();
        let mut domains = turn.domains;
        for (source, count) in arrivals {
            if self.core.sources.arrived(source, count, oldest, now) {
                domains.insert(Domain::Sources);
            }
        }
        for publish in turn.publishes {
            self.token += 1;
            let Some(home) = self.core.sources.home() else { continue };
            let topic = publish.topic;
            if let Err(problem) = home.control.publish(self.token, &topic, publish.payload, publish.retain) {
                tracing::warn!(topic, %problem, "not published; it is tried again when due");
            }
        }
        for (reply, outcome) in turn.replies {
            // Whoever asked may have gone.
            let _gone = reply.try_send(outcome);
        }
        self.fanout.add(&turn.live, &domains);
    }

    /// Notes how long messages took, with and without the commits.
    fn note_latency(&mut self, turn: &Turn, began: Mono, took: Duration) {
        let end = self.clock.now();
        let (previous_began, previous_ended) = self.last_commit;
        // A turn without readings commits next to nothing and would flatter the figure.
        if !turn.measured.is_empty() {
            Counters::note(&mut self.core.counters.commit_us, took);
        }
        for measured in &turn.measured {
            let total = end.wall.since(measured.device_time);
            // A commit was running from `previous_began` to `previous_ended`; what of it lies after the arrival was waited for.
            let waited = previous_ended.since(measured.arrived.max(previous_began));
            Counters::note(&mut self.core.counters.publish_to_commit_us, total);
            Counters::note(
                &mut self.core.counters.outside_commit_us,
                total.saturating_sub(took).saturating_sub(waited),
            );
        }
        self.last_commit = (began, end.mono);
    }

    /// A commit failed: nothing of the turn counts.
    fn fail(&mut self, problem: &HistorianError, replies: Vec<Reply>, began: Mono) {
        let now = self.clock.now();
        let (code, what) = if matches!(problem, HistorianError::DiskFull { .. }) {
            ("disk_full", "Nothing is acknowledged meanwhile, so the broker keeps what it can.")
        } else {
            ("store_failed", "Nothing is acknowledged meanwhile; it is tried again every second.")
        };
        let sentence = format!("{problem}. {what}");
        tracing::error!(%problem, spent = ?now.mono.since(began), "commit failed");
        let since = self.core.trouble.as_ref().map_or(now.wall, |trouble| trouble.since);
        let reloaded = self.core.reload(&self.reader, now);
        self.unread = reloaded.is_err();
        if let Err(again) = reloaded {
            tracing::error!(%again, "the store cannot be read back either");
        }
        for reply in replies {
            let _gone = reply.try_send(Err(Refusal::StoreNotWritable(sentence.clone())));
        }
        self.core.trouble = Some(Trouble { code, sentence, since });
        self.retry_store = Some(now.mono.plus(RETRY_STORE));
        let mut waiting = BTreeMap::new();
        for delivery in &self.waiting {
            *waiting.entry(delivery.source).or_default() += 1;
        }
        self.core.sources.wait(&waiting);
        self.fanout.add(&[], &[Domain::Hello, Domain::Sources].into());
    }

    /// Says where trouble is said that old hours cannot be sealed, and when they can again.
    fn tell_sealing(&mut self, problem: Option<&HistorianError>, now: Now) {
        let since = self.core.seal_trouble.as_ref().map_or(now.wall, |trouble| trouble.since);
        let told = problem.map(|problem| {
            tracing::error!(%problem, "sealing waits");
            let sentence = format!(
                "{problem}. Nothing is lost: old hours stay in the live file, which grows meanwhile; it is tried again every \
                 {} s.",
                SEAL_SPACING.as_secs()
            );
            Trouble { code: "seal_failed", sentence, since }
        });
        if told != self.core.seal_trouble {
            self.core.seal_trouble = told;
            self.fanout.add(&[], &[Domain::Hello].into());
        }
    }

    /// What is due by the clock alone: rates, sealing.
    fn tick(&mut self, now: Now) {
        if now.mono >= self.tick_at {
            self.tick_at = now.mono.plus(TICK);
            if self.core.sources.tell_rates(now) {
                self.fanout.add(&[], &[Domain::Sources].into());
            }
        }
        if now.mono >= self.seal_at && self.core.trouble.is_none() {
            self.seal_at = now.mono.plus(SEAL_SPACING);
            if let Some(writer) = &mut self.writer {
                let sealed = writer.seal_some(now.wall, 1);
                // More is due: soon again, but let deliveries pass between.
                if sealed.as_ref().is_ok_and(|report| report.more) {
                    self.seal_at = now.mono.plus(Duration::from_millis(200));
                }
                self.tell_sealing(sealed.err().as_ref(), now);
            }
        }
    }
}

/// Takes the waiting deliveries.
fn decide(
    core: &mut Core,
    waiting: &VecDeque<Delivery>,
    reader: &Reader,
    tx: &mut Tx<'_>,
    turn: &mut Turn,
    now: Now,
) -> panfloor_historian::Result<()> {
    // Before the deliveries: what one of them makes due is not in what `reader` sees.
    if core.rollups.is_due() {
        let plant = &core.plant;
        let of =
            |machine| plant.machine(machine).map_or(Duration::from_secs(1), crate::plant::Machine::expected_interval);
        core.rollups.settle_one(tx, reader, of)?;
    }
    for delivery in waiting {
        core.deliver(delivery, tx, turn, now)?;
    }
    Ok(())
}

/// Lets time pass and stores what was decided.
fn settle(core: &mut Core, tx: &mut Tx<'_>, turn: &mut Turn, now: Now) -> panfloor_historian::Result<()> {
    core.alarms.pass(now);
    core.end_session_if_over(tx, turn, now)?;
    if std::mem::take(&mut core.old_sessions)
        && let Some(changes) = &mut core.changes
    {
        changes.end_old_sessions(tx, now)?;
    }
    if core.changes.as_ref().is_some_and(|changes| changes.is_due(now.mono)) {
        core.advance_changes(tx, turn, now)?;
    }
    if let Some(changes) = &mut core.changes {
        changes.tell(turn, now);
    }
    let machines = core.plant.machines().map(|machine| machine.id);
    if !core.alarms.store(machines, tx, turn.seq, now)?.is_empty() {
        turn.domains.insert(Domain::Alarms);
    }
    Ok(())
}
