//! The change core at work: ledger, outbox, publisher.

mod heard;
mod shown;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use panfloor_change::{
    Body, ChangeBook, CheckFailed, Draft, Effect, Hash, Head, HeartbeatPace, Inserted, Ledger, Notice, PublicKey,
    Publisher, PublisherState, Refused, SeenConfig, SeenHead, Signature, StationView, Waiting, fold,
};
use panfloor_historian::{Reader, RecordRow, RefusedRecord, Tx};
use panfloor_keys::StationKey;
use panfloor_model::{MachineClass, Mono, Now};
use panfloor_source::Delivery;

use crate::identity::Identity;
use crate::outgoing::{Publish, Turn};
use shown::Shown;

/// Rounds of "decide, commit, decide again" in one turn. Each round commits at least one record; what is left waits for the
/// next turn.
const ROUNDS_MAX: usize = 16;

/// So many of one's own heartbeats in a row must be missing before people are told: one may be late.
const HEARTBEATS_MISSED: u32 = 3;

/// The site's ledger and this station's part in it.
pub struct ChangeRoom {
    identity: Identity,
    station_key: Arc<StationKey>,
    classes: Vec<MachineClass>,
    ledger: Ledger,
    book: ChangeBook,
    publisher: Publisher,
    view: StationView,
    /// What the control session publishes to itself to learn that all retained messages were read.
    probe: String,
    connected_before: bool,
    /// The book is older than the ledger.
    stale: bool,
    /// The ledger, what stations say or the control link has changed since the publisher last looked.
    stirred: bool,
    /// How many records of one's own are held.
    own: usize,
    /// Counts the changes of the book.
    edition: u64,
    /// Without an own heartbeat for so long the broker does not hear this station, or it does not hear the broker.
    silent_after: Duration,
    /// Devices in the view's configs that are no machine here.
    strange_configs: BTreeSet<String>,
    shown: Shown,
}

impl std::fmt::Debug for ChangeRoom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangeRoom").field("identity", &self.identity).finish_non_exhaustive()
    }
}

/// Topic of this station's records.
pub(crate) fn records_topic(identity: &Identity) -> String {
    format!("panfloor/{}/ledger/{}/records", identity.site, identity.station)
}

impl ChangeRoom {
    /// Reads the ledger from the store.
    pub(crate) fn load(
        identity: Identity,
        station_key: Arc<StationKey>,
        classes: &[Arc<MachineClass>],
        pace: HeartbeatPace,
        reader: &Reader,
        now: Now,
    ) -> panfloor_historian::Result<Self> {
        let mut ledger = Ledger::new(&identity.site, identity.administrators.clone());
        let rows = reader.records()?;
        for (at, refused) in ledger.load(rows.iter().map(|row| row.envelope.as_slice())) {
            tracing::error!(at, %refused, "a stored record is refused");
        }
        let waiting: BTreeSet<String> = reader.outbox()?.into_iter().map(|row| row.key).collect();
        let mut view = StationView::default();
        for row in rows.iter().filter(|row| row.station == identity.station) {
            let hash = Hash::from_bytes(row.hash);
            if !waiting.contains(&hash.to_string()) {
                view.echoed.insert(hash);
            }
        }
        let station = identity.station.clone();
        let classes: Vec<MachineClass> = classes.iter().map(|class| MachineClass::clone(class)).collect();
        let publisher = Publisher::new(&identity.station, pace, now);
        let book = fold(&ledger, &classes);
        let probe = uuid::Uuid::new_v4().to_string();
        Ok(Self {
            identity,
            station_key,
            classes,
            ledger,
            book,
            publisher,
            view,
            probe,
            connected_before: false,
            stale: false,
            stirred: true,
            own: rows.iter().filter(|row| row.station == station).count(),
            edition: 0,
            silent_after: pace.interval.saturating_mul(HEARTBEATS_MISSED),
            strange_configs: BTreeSet::new(),
            shown: Shown::default(),
        })
    }

    /// Who this station is.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// All records.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The state of every change.
    #[must_use]
    pub const fn book(&self) -> &ChangeBook {
        &self.book
    }

    /// Where the publisher stands.
    #[must_use]
    pub const fn publisher_state(&self) -> PublisherState {
        self.publisher.state()
    }

    /// Why approved changes wait.
    #[must_use]
    pub fn waiting(&self) -> &[Waiting] {
        self.publisher.waiting()
    }

    /// What people must see.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        self.publisher.notices()
    }

    /// What lies on a machine's config topic.
    #[must_use]
    pub fn config_seen(&self, machine: &str) -> Option<&SeenConfig> {
        self.view.configs.get(machine)
    }

    /// What the control session has to subscribe to, besides the machines' own topics.
    pub(crate) fn filter(identity: &Identity) -> String {
        format!("panfloor/{}/ledger/#", identity.site)
    }

    /// Whether this topic is one of the ledger's.
    pub(crate) fn is_ledger_topic(&self, topic: &str) -> bool {
        let rest = topic.strip_prefix("panfloor/").and_then(|rest| rest.strip_prefix(self.identity.site.as_str()));
        rest.is_some_and(|rest| rest.starts_with("/ledger/"))
    }

    /// The control session was accepted by the broker.
    pub(crate) fn connected(&mut self, session_present: bool) {
        self.disconnected();
        if !session_present && self.connected_before {
            self.view.sessions_lost += 1;
        }
        self.connected_before = true;
    }

    /// The control session's subscriptions stand: ask to be told when everything retained was read.
    pub(crate) fn subscribed(&mut self, turn: &mut Turn) {
        let topic = self.topic("probe");
        turn.publishes.push(Publish { topic, payload: self.probe.clone().into_bytes(), retain: false });
    }

    /// Takes over what an earlier load of this run had seen of the world.
    pub(crate) fn keep_view_of(&mut self, old: Self) {
        let echoed = std::mem::take(&mut self.view.echoed);
        self.view = StationView { echoed, ..old.view };
        self.strange_configs = old.strange_configs;
        self.probe = old.probe;
        self.connected_before = old.connected_before;
        self.publisher.remember(old.publisher);
        (self.shown, self.edition) = (old.shown, old.edition + 1);
    }

    /// The control session is gone.
    pub(crate) fn disconnected(&mut self) {
        self.stirred = true;
        self.view.connected_control = false;
        self.view.configs.clear();
        self.strange_configs.clear();
        // One that is still under way proves nothing of the next connection.
        self.probe = uuid::Uuid::new_v4().to_string();
    }

    /// A topic of this station.
    fn topic(&self, leaf: &str) -> String {
        format!("panfloor/{}/ledger/{}/{leaf}", self.identity.site, self.identity.station)
    }

    /// Takes a message of a ledger topic. Gives back what became of a new record.
    pub(crate) fn deliver(
        &mut self,
        delivery: &Delivery,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
    ) -> panfloor_historian::Result<Option<Inserted>> {
        self.stirred = true;
        let mut parts = delivery.topic.rsplit('/');
        let (leaf, station) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default().to_owned());
        match leaf {
            "records" => return self.take_record(&delivery.payload, &station, tx, delivery.arrived_at),
            "head" => {
                if let Some(head) = Head::parse(&delivery.payload) {
                    self.see_head(
                        SeenHead { head, received_at: delivery.arrived_at.mono, retained: delivery.retained },
                        station,
                    );
                }
            }
            "want" => {
                let wanted = std::str::from_utf8(&delivery.payload).ok().and_then(|text| text.parse().ok());
                if let Some(record) = wanted.and_then(|hash| self.ledger.get(hash)) {
                    let payload = record.envelope.encode();
                    turn.publishes.push(Publish { topic: records_topic(&self.identity), payload, retain: false });
                }
            }
            "probe" if delivery.payload == self.probe.as_bytes() => self.view.connected_control = true,
            _ => {}
        }
        Ok(None)
    }

    /// Takes a record that came over the broker: one's own come back, or another station's.
    fn take_record(
        &mut self,
        envelope: &[u8],
        station: &str,
        tx: &mut Tx<'_>,
        now: Now,
    ) -> panfloor_historian::Result<Option<Inserted>> {
        match self.ledger.insert(envelope) {
            Ok(inserted) => {
                let hash = inserted.hash;
                let Some(record) = self.ledger.get(hash) else { return Ok(None) };
                if record.payload.station == self.identity.station {
                    self.view.echoed.insert(hash);
                    tx.outbox_remove(&hash.to_string())?;
                }
                if !inserted.new {
                    return Ok(None);
                }
                tx.put_record(&row(&record.payload, hash, envelope, now))?;
                self.note_inserted(inserted);
                Ok(Some(inserted))
            }
            Err(refused) => {
                self.note_refused(&refused, envelope, station, tx, now)?;
                Ok(None)
            }
        }
    }

    /// Keeps what was refused, for people to see.
    fn note_refused(
        &self,
        refused: &Refused,
        envelope: &[u8],
        station: &str,
        tx: &mut Tx<'_>,
        now: Now,
    ) -> panfloor_historian::Result<()> {
        tracing::warn!(station, %refused, "a record was refused");
        tx.put_refused_record(&RefusedRecord {
            received_at: now.wall,
            station: Some(station.to_owned()),
            reason: refused.to_string(),
            envelope: envelope.to_vec(),
        })
    }

    /// Counts a new record in.
    fn note_inserted(&mut self, inserted: Inserted) {
        let own = self.ledger.get(inserted.hash).is_some_and(|one| one.payload.station == self.identity.station);
        self.own += usize::from(own && inserted.new);
        self.stale |= inserted.moves_book;
    }

    /// When [`Self::advance`] has to be called next.
    pub(crate) fn due(&self) -> Option<Mono> {
        self.publisher.poll_timeout()
    }

    /// Whether [`Self::advance`] has to be called now.
    pub(crate) fn is_due(&self, now: Mono) -> bool {
        self.stirred || self.due().is_some_and(|due| due <= now)
    }

    /// Checks a person's draft before it is signed.
    pub(crate) fn check(&mut self, key: PublicKey, draft: &Draft) -> Result<(), CheckFailed> {
        self.refold();
        let station = self.identity.station.clone();
        panfloor_change::check_draft(&self.ledger, &self.book, &self.classes, &station, key, draft)
    }

    /// Appends a person's record, which was checked, to this station's chain, into store and outbox.
    pub(crate) fn commit(
        &mut self,
        draft: Draft,
        key: PublicKey,
        sign: impl FnOnce(&[u8]) -> [u8; 64],
        tx: &mut Tx<'_>,
        now: Now,
    ) -> panfloor_historian::Result<Hash> {
        Ok(self.append(draft, key, sign, tx, now)?.0)
    }

    /// Appends a record, unless the ledger is full; whether it was taken. What was not is kept for people to see, and never sent.
    fn append(
        &mut self,
        draft: Draft,
        key: PublicKey,
        sign: impl FnOnce(&[u8]) -> [u8; 64],
        tx: &mut Tx<'_>,
        now: Now,
    ) -> panfloor_historian::Result<(Hash, bool)> {
        let unsigned = draft.seal(self.ledger.position(&self.identity.station), key, now.wall);
        let hash = unsigned.hash();
        let signature = Signature(sign(unsigned.pae()));
        let envelope = unsigned.signed(signature).encode();
        match self.ledger.insert(&envelope) {
            Ok(inserted) => self.note_inserted(inserted),
            Err(refused) => {
                self.note_refused(&refused, &envelope, &self.identity.station.clone(), tx, now)?;
                self.publisher.committed(false, now);
                return Ok((hash, false));
            }
        }
        if let Some(record) = self.ledger.get(hash) {
            tx.put_record(&row(&record.payload, hash, &envelope, now))?;
        }
        tx.outbox_put(&hash.to_string(), &records_topic(&self.identity), &envelope, false)?;
        self.publisher.committed(true, now);
        Ok((hash, true))
    }

    /// Appends an automatic record; whether it was taken.
    pub(crate) fn commit_by_station(
        &mut self,
        draft: Draft,
        tx: &mut Tx<'_>,
        now: Now,
    ) -> panfloor_historian::Result<bool> {
        let key = Arc::clone(&self.station_key);
        let taken = self.append(draft, PublicKey::from_bytes(key.public()), |bytes| key.sign(bytes), tx, now)?.1;
        Ok(taken)
    }

    /// Sessions left open by an earlier run of this station end: their keys are gone.
    pub(crate) fn end_old_sessions(&mut self, tx: &mut Tx<'_>, now: Now) -> panfloor_historian::Result<()> {
        for (session, _) in self.ledger.open_sessions(&self.identity.station.clone()) {
            let end = Body::SessionEnd(panfloor_change::SessionEnd { session });
            self.commit_by_station(Draft::alone(end), tx, now)?;
        }
        Ok(())
    }

    /// Brings the book up to date.
    fn refold(&mut self) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        let book = fold(&self.ledger, &self.classes);
        self.edition += u64::from(book != self.book);
        self.book = book;
    }

    /// Does what is to be done next. `config_topic` names a machine's config topic.
    pub(crate) fn advance(
        &mut self,
        config_topic: impl Fn(&str) -> Option<String>,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> panfloor_historian::Result<()> {
        self.stirred = false;
        for _ in 0..ROUNDS_MAX {
            self.refold();
            let mut effects = Vec::new();
            self.publisher.next(&self.ledger, &self.book, &self.classes, &self.view, now, &mut effects);
            let mut committed = false;
            for effect in effects {
                committed |= self.carry_out(effect, &config_topic, tx, turn, now)?;
            }
            if !committed {
                break;
            }
        }
        self.refold();
        Ok(())
    }

    /// Carries out one effect; whether the ledger is another for it.
    fn carry_out(
        &mut self,
        effect: Effect,
        config_topic: &impl Fn(&str) -> Option<String>,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> panfloor_historian::Result<bool> {
        match effect {
            Effect::Commit(draft) => return self.commit_by_station(draft, tx, now),
            Effect::Share(hash) => {
                if let Some(record) = self.ledger.get(hash) {
                    let payload = record.envelope.encode();
                    turn.publishes.push(Publish { topic: records_topic(&self.identity), payload, retain: false });
                }
            }
            Effect::SendHead(head) => {
                turn.publishes.push(Publish { topic: self.topic("head"), payload: head.encode(), retain: true });
            }
            Effect::Want(hash) => {
                let payload = hash.to_string().into_bytes();
                turn.publishes.push(Publish { topic: self.topic("want"), payload, retain: false });
            }
            Effect::PublishConfig { machine, version, bytes } => match config_topic(&machine) {
                Some(topic) => {
                    tracing::info!(machine, version, "config goes out");
                    turn.publishes.push(Publish { topic, payload: bytes, retain: true });
                }
                None => tracing::error!(machine, "the source's mapping names no config topic"),
            },
        }
        Ok(false)
    }
}

/// A record as the store keeps it.
fn row(payload: &panfloor_change::Payload, hash: Hash, envelope: &[u8], now: Now) -> RecordRow {
    RecordRow {
        hash: *hash.as_bytes(),
        station: payload.station.clone(),
        seq: payload.seq,
        kind: payload.body.kind().to_owned(),
        change: payload.change.clone(),
        received_at: now.wall,
        envelope: envelope.to_vec(),
    }
}
