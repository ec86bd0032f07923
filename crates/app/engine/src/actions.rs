//! What people do, decided by the cores and stored with the turn.

use panfloor_change::{
    Acknowledgement, Body, CheckCode, CheckFailed, Decision, Draft, Hash, MachineChange, PublicKey, Record, Request,
    Session, SessionEnd, Signer,
};
use panfloor_historian::Tx;
use panfloor_keys::{SessionKey, UserKey};
use panfloor_model::{MachineId, Now};
use panfloor_wire::FUTURE_LIMIT;

use crate::changes::ChangeRoom;
use crate::core::Core;
use crate::event::{Action, AlarmName, Done, Refusal, Verdict};
use crate::fanout::Domain;
use crate::outgoing::Turn;
use crate::session::{SESSION_LASTS, SignedIn};

/// What an action comes to; the outer error fails the turn.
type Outcome = panfloor_historian::Result<Result<Done, Refusal>>;

/// Longest note, characters.
const NOTE_CHARS_MAX: usize = 1_000;

impl Core {
    /// Does one action.
    pub(crate) fn act(&mut self, action: Action, tx: &mut Tx<'_>, turn: &mut Turn, now: Now) -> Outcome {
        match action {
            Action::SignIn { user, key } => self.sign_in(&user, &key, tx, turn, now),
            Action::SignOut => self.sign_out(tx, turn, now),
            Action::Acknowledge { alarms, note } => self.acknowledge(alarms, note, tx, turn, now),
            Action::Request { key, machine, base_version, config, reason } => {
                self.request(&key, &machine, base_version, config, reason, tx, turn, now)
            }
            Action::Decide { key, request, verdict, remark } => {
                self.give_verdict(&key, request, verdict, remark, tx, turn, now)
            }
            Action::Setting { key, json } => {
                tx.put_setting(&key, &json)?;
                Ok(Ok(Done::Stored))
            }
            // Answered before the transaction.
            Action::Retry => Ok(Ok(Done::Stored)),
        }
    }

    /// Delegates a session key.
    fn sign_in(&mut self, user: &str, key: &UserKey, tx: &mut Tx<'_>, turn: &mut Turn, now: Now) -> Outcome {
        if self.session.is_some() {
            let _signed_out = self.sign_out(tx, turn, now)?;
        }
        let Some(changes) = &mut self.changes else { return Ok(Err(no_site())) };
        let public = PublicKey::from_bytes(key.public());
        let Some(enrolled) = changes.ledger().users().into_iter().find(|enrolled| enrolled.key == public) else {
            return Ok(Err(Refusal::NotAllowed(format!("{user} is not enrolled at this site: ask an administrator"))));
        };
        let session_key = match SessionKey::generate() {
            Ok(key) => key,
            Err(problem) => return Ok(Err(Refusal::Internal(problem.to_string()))),
        };
        let expires_at = now.wall.plus(SESSION_LASTS);
        let body = Body::Session(Session { session_key: PublicKey::from_bytes(session_key.public()), expires_at });
        let draft = Draft::alone(body);
        if let Err(failed) = changes.check(public, &draft) {
            return Ok(Err(refusal(&failed)));
        }
        let record = changes.commit(draft, public, |bytes| key.sign(bytes), tx, now)?;
        let (user, name, roles) = (enrolled.user, enrolled.name, enrolled.roles);
        self.session = Some(SignedIn { user, name, roles, expires_at, record, key: session_key });
        turn.domains.extend([Domain::Session, Domain::Configs]);
        Ok(Ok(Done::Recorded(record)))
    }

    /// Ends the session.
    fn sign_out(&mut self, tx: &mut Tx<'_>, turn: &mut Turn, now: Now) -> Outcome {
        let Some(session) = self.session.take() else { return Ok(Ok(Done::Stored)) };
        turn.domains.extend([Domain::Session, Domain::Configs]);
        let Some(changes) = &mut self.changes else { return Ok(Ok(Done::Stored)) };
        let end = Draft::alone(Body::SessionEnd(SessionEnd { session: session.record }));
        let key = PublicKey::from_bytes(session.key.public());
        let record = changes.commit(end, key, |bytes| session.key.sign(bytes), tx, now)?;
        Ok(Ok(Done::Recorded(record)))
    }

    /// Ends a session whose time is over; the station says so, since no fold reads a clock.
    pub(crate) fn end_session_if_over(
        &mut self,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> panfloor_historian::Result<()> {
        if self.session.as_ref().is_none_or(|session| session.expires_at > now.wall) {
            return Ok(());
        }
        self.session = None;
        turn.domains.extend([Domain::Session, Domain::Configs]);
        match &mut self.changes {
            Some(changes) => changes.end_old_sessions(tx, now),
            None => Ok(()),
        }
    }

    /// Acknowledges alarms in the signed-in user's name: acts here at once, and is shared when the broker can be reached.
    fn acknowledge(
        &mut self,
        alarms: Vec<AlarmName>,
        note: Option<String>,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> Outcome {
        let Some(session) = &self.session else { return Ok(Err(Refusal::SignInNeeded)) };
        if !self.alarms.may_acknowledge_together(&alarms) {
            return Ok(Err(Refusal::OneByOne));
        }
        let note: Option<String> = note
            .map(|note| note.trim().chars().take(NOTE_CHARS_MAX).collect())
            .filter(|note: &String| !note.is_empty());
        let Some(changes) = &mut self.changes else { return Ok(Err(no_site())) };
        let key = PublicKey::from_bytes(session.key.public());
        let mut checked = Vec::with_capacity(alarms.len());
        for alarm in alarms {
            let alarm = self.alarms.as_seen(alarm, now);
            let machine = self.plant.machine(alarm.key.machine);
            let draft = Draft::alone(Body::Acknowledgement(Acknowledgement {
                condition: alarm.key.condition.as_str().to_owned(),
                machine: machine.map_or_else(|| "unknown".to_owned(), |machine| machine.address.clone()),
                metric: Some(alarm.key.metric.as_str().to_owned()).filter(|metric| !metric.is_empty()),
                up_to: alarm.up_to,
                note: note.clone().unwrap_or_default(),
            }));
            if let Err(failed) = changes.check(key, &draft) {
                return Ok(Err(refusal(&failed)));
            }
            // Looked at last: whoever may not is told so, whatever is there.
            if machine.is_some() {
                checked.push((alarm, draft));
            }
        }
        // All of them are in order: none is done where one is refused.
        let mut last = None;
        for (alarm, draft) in checked {
            last = Some(changes.commit(draft, key, |bytes| session.key.sign(bytes), tx, now)?);
            self.alarms.acknowledge(alarm, session.name.clone(), note.clone(), now);
        }
        turn.domains.insert(Domain::Alarms);
        Ok(last.map(Done::Recorded).ok_or_else(|| Refusal::NotFound("these alarms are no longer known".to_owned())))
    }

    /// Takes what another station's record does here: its acknowledgement. One of a machine that has no alarms here yet is
    /// taken when it gets them.
    pub(crate) fn take_foreign(&mut self, record: Hash, now: Now) {
        let Some(changes) = &self.changes else { return };
        let taken = changes.ledger().get(record).and_then(|record| self.foreign(changes, record, now));
        if let Some((alarm, by, note)) = taken {
            self.alarms.acknowledge(alarm, by, note, now);
        }
    }

    /// Takes all acknowledgements of other stations, or those of one machine: its alarms have only now come to be known here, or
    /// records have only now come to count. Taking one twice is taking it once.
    pub(crate) fn take_all_foreign(&mut self, machine: Option<MachineId>, now: Now) {
        let Some(changes) = &self.changes else { return };
        let of = |alarm: &AlarmName| machine.is_none_or(|machine| alarm.key.machine == machine);
        let all: Vec<_> = changes.ledger().counting().filter_map(|record| self.foreign(changes, record, now)).collect();
        for (alarm, by, note) in all.into_iter().filter(|(alarm, _, _)| of(alarm)) {
            self.alarms.acknowledge(alarm, by, note, now);
        }
    }

    /// Another station's acknowledgement: of which alarm, by whom, with what note. It reaches as far as whoever signed it can
    /// have seen by their own clock, whenever it is taken; one that is yet to come by the clock here is not taken.
    fn foreign(&self, changes: &ChangeRoom, record: &Record, now: Now) -> Option<(AlarmName, String, Option<String>)> {
        let Body::Acknowledgement(acknowledgement) = &record.payload.body else { return None };
        if record.payload.station == changes.identity().station {
            return None;
        }
        let by = match changes.ledger().signer(record.hash) {
            Some(Signer::User { name, .. } | Signer::Session { name, .. }) => name.clone(),
            Some(Signer::Station { .. }) | None => record.payload.station.clone(),
        };
        let machine = self.plant.by_name(&acknowledgement.machine)?.id;
        let condition = panfloor_alarm::Condition::parse(&acknowledgement.condition)?;
        let metric = panfloor_model::Metric::new(acknowledgement.metric.as_deref().unwrap_or_default());
        let key = panfloor_alarm::AlarmKey { machine, metric, condition };
        let note = Some(acknowledgement.note.clone()).filter(|note| !note.is_empty());
        // A machine's clock may run ahead by as much as its readings may.
        let up_to = acknowledgement.up_to.min(record.payload.time.plus(FUTURE_LIMIT));
        (up_to <= now.wall.plus(FUTURE_LIMIT)).then_some((AlarmName { key, up_to }, by, note))
    }

    /// Requests a config.
    #[expect(clippy::too_many_arguments, reason = "a request is its machine, base, config and reason")]
    fn request(
        &mut self,
        key: &UserKey,
        machine: &str,
        base_version: u64,
        config: serde_json::Value,
        reason: String,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> Outcome {
        let Some(known) = self.plant.by_name(machine) else {
            return Ok(Err(Refusal::NotFound(format!("no machine is called {machine} here"))));
        };
        let Some(class) = known.class.as_ref() else {
            return Ok(Err(Refusal::Invalid(format!("{machine} has not said of which class it is"))));
        };
        let reported = known.effective_config().cloned();
        let class = class.id.clone();
        let Some(changes) = &mut self.changes else { return Ok(Err(no_site())) };
        let desired = changes.book().desired.get(machine).map(|desired| desired.config.clone());
        let Some(base_config) = desired.or(reported) else {
            return Ok(Err(Refusal::Invalid(format!(
                "{machine} has not reported its config yet: nothing to build on"
            ))));
        };
        let machines = vec![MachineChange { machine: machine.to_owned(), base_version, base_config, config }];
        let request =
            Request { class, machines, reason: reason.trim().to_owned(), builds_on: Vec::new(), effect: None };
        let draft = Draft::request(&uuid::Uuid::new_v4().to_string(), request);
        self.commit_by_user(key, draft, tx, turn, now)
    }

    /// Approves, rejects or withdraws.
    #[expect(clippy::too_many_arguments, reason = "a verdict is its request, word and remark")]
    fn give_verdict(
        &mut self,
        key: &UserKey,
        request: Hash,
        verdict: Verdict,
        remark: String,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> Outcome {
        let Some(changes) = &self.changes else { return Ok(Err(no_site())) };
        let Some(change) = changes.book().changes.get(&request) else {
            return Ok(Err(Refusal::NotFound("this request is not known here (any more)".to_owned())));
        };
        let remark = remark.trim().to_owned();
        if verdict == Verdict::Reject && remark.is_empty() {
            return Ok(Err(Refusal::Invalid("say why it is rejected: the author has to know".to_owned())));
        }
        let decision = Decision { remark };
        let body = match verdict {
            Verdict::Approve => Body::Approval(decision),
            Verdict::Reject => Body::Rejection(decision),
            Verdict::Withdraw => Body::Withdrawal(decision),
        };
        let draft = Draft::about(&change.id.clone(), request, body);
        self.commit_by_user(key, draft, tx, turn, now)
    }

    /// Checks, signs and appends a person's record, then lets the publisher decide at once.
    fn commit_by_user(&mut self, key: &UserKey, draft: Draft, tx: &mut Tx<'_>, turn: &mut Turn, now: Now) -> Outcome {
        let Some(changes) = &mut self.changes else { return Ok(Err(no_site())) };
        let public = PublicKey::from_bytes(key.public());
        if let Err(failed) = changes.check(public, &draft) {
            return Ok(Err(refusal(&failed)));
        }
        let hash = changes.commit(draft, public, |bytes| key.sign(bytes), tx, now)?;
        self.advance_changes(tx, turn, now)?;
        Ok(Ok(Done::Recorded(hash)))
    }
}

/// Nothing can be signed where there is no site.
fn no_site() -> Refusal {
    Refusal::NotAllowed("this PC belongs to no site yet: create one, or look at the demo".to_owned())
}

/// A failed check as a refusal, with the fields named.
fn refusal(failed: &CheckFailed) -> Refusal {
    let mut sentence = failed.sentence.clone();
    for field in &failed.fields {
        sentence.push('\n');
        sentence.push_str(&field.problem);
    }
    match failed.code {
        CheckCode::UnknownKey
        | CheckCode::MissingRight
        | CheckCode::AuthorApproves
        | CheckCode::ApprovedAlready
        | CheckCode::NotAuthor => Refusal::NotAllowed(sentence),
        CheckCode::UnknownRequest => Refusal::NotFound(sentence),
        CheckCode::TooLate
        | CheckCode::Stale
        | CheckCode::UnknownClass
        | CheckCode::Config
        | CheckCode::NothingChanges
        | CheckCode::Field
        | CheckCode::Full => Refusal::Invalid(sentence),
    }
}
