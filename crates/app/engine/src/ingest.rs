//! A delivery on its way into the store: decoded, stored, judged.

use std::sync::Arc;

use panfloor_alarm::Input;
use panfloor_change::Standing;
use panfloor_historian::{HistorianError, NewMessage, NewQuarantine, Tx};
use panfloor_model::{MachineId, Metric, Mode, Now, Phase, SourceId, Timestamp};
use panfloor_source::Delivery;
use panfloor_wire::{Arrival, ConfigSeen, Item, Reading, StateReport, TimeFrom, decode};

use crate::core::Core;
use crate::fanout::{Domain, LiveSample};
use crate::outgoing::{Measured, Turn};

/// Whoever holds another broker must not speak in the site's name.
const NOT_HOME: &str =
    "a record of the site's ledger came over a broker that is not its home: find out who sends it there";

/// Why a message is kept whose device is no machine.
fn not_adopted(device: &str) -> String {
    format!(
        "{device} is no machine, and this source has made as many as it may in an hour: it becomes one with its next message \
         after that; find out who sends so many new names"
    )
}

/// Result of what goes into the store.
type Result<T> = panfloor_historian::Result<T>;

impl Core {
    /// Takes one delivery.
    pub(crate) fn deliver(&mut self, delivery: &Delivery, tx: &mut Tx<'_>, turn: &mut Turn, now: Now) -> Result<()> {
        if self.changes.as_ref().is_some_and(|room| room.is_ledger_topic(&delivery.topic)) {
            return self.deliver_record(delivery, tx, turn, now);
        }
        let Some(source) = self.sources.get(delivery.source) else { return Ok(()) };
        let arrival = Arrival {
            topic: &delivery.topic,
            payload: &delivery.payload,
            retained: delivery.retained,
            arrived_at: delivery.arrived_at.wall,
        };
        let decoded = decode(&source.mapping, &arrival);
        for rejected in decoded.rejected {
            self.quarantine(delivery, rejected.reason.code(), &rejected.reason.to_string(), tx, turn)?;
        }
        let mut refused = None;
        for item in decoded.items {
            let device = match &item {
                Item::Reading(reading) => &reading.device,
                Item::State(report) => &report.device,
                Item::Config(config) => {
                    self.take_config(delivery, config, tx, turn, now)?;
                    continue;
                }
                // Not subscribed to (see `handle::connect`).
                Item::Aggregate(_) => continue,
            };
            let Some(machine) = self.machine_of(delivery.source, device, tx, turn, now)? else {
                refused.get_or_insert_with(|| device.clone());
                continue;
            };
            match item {
                Item::Reading(reading) => self.take_reading(delivery, machine, reading, tx, turn, now)?,
                Item::State(report) => self.take_report(delivery, machine, &report, tx, turn, now)?,
                Item::Config(_) | Item::Aggregate(_) => {}
            }
        }
        // Once a message, however many names a batch invents.
        match refused {
            Some(device) => self.quarantine(delivery, "not_adopted", &not_adopted(&device), tx, turn),
            None => Ok(()),
        }
    }

    /// Takes a message of the ledger. What it leads to is decided once a turn: what a fold takes must not be paid for each
    /// record of a backlog.
    fn deliver_record(&mut self, delivery: &Delivery, tx: &mut Tx<'_>, turn: &mut Turn, now: Now) -> Result<()> {
        if !self.is_home(delivery.source) {
            return self.quarantine(delivery, "not_home", NOT_HOME, tx, turn);
        }
        let Some(changes) = &mut self.changes else { return Ok(()) };
        let Some(inserted) = changes.deliver(delivery, tx, turn)? else { return Ok(()) };
        if inserted.moves_others {
            self.take_all_foreign(None, now);
            turn.domains.insert(Domain::Session);
        } else if inserted.standing == Standing::Counts {
            self.take_foreign(inserted.hash, now);
        }
        Ok(())
    }

    /// Puts a message into quarantine.
    #[expect(clippy::unused_self, reason = "reads as what the core does with it")]
    fn quarantine(
        &self,
        delivery: &Delivery,
        code: &str,
        reason: &str,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
    ) -> Result<()> {
        turn.domains.insert(Domain::Storage);
        tx.quarantine(&NewQuarantine {
            source: delivery.source,
            topic: delivery.topic.clone(),
            arrived_at: delivery.arrived_at.wall,
            payload: delivery.payload.to_vec(),
            payload_len: delivery.payload.len() as u64,
            reason_code: code.to_owned(),
            reason: reason.to_owned(),
        })
    }

    /// The machine that a source calls so; adopted if it is new and the source's rule allows it.
    fn machine_of(
        &mut self,
        source: SourceId,
        address: &str,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> Result<Option<MachineId>> {
        if let Some(id) = self.plant.by_address(source, address) {
            return Ok(Some(id));
        }
        if !self.sources.get_mut(source).is_some_and(|known| known.adoption.admit(address, now.mono)) {
            return Ok(None);
        }
        let row = tx.machine_id(source, address, now.wall)?;
        self.plant.add(row.id, source, address);
        turn.domains.extend([Domain::Plant, Domain::Configs]);
        Ok(Some(row.id))
    }

    /// Takes a reading.
    fn take_reading(
        &mut self,
        delivery: &Delivery,
        machine: MachineId,
        reading: Reading,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> Result<()> {
        let message = NewMessage {
            source: delivery.source,
            machine,
            device_time: (reading.time_from == TimeFrom::Device).then_some(reading.time),
            arrived_at: delivery.arrived_at.wall,
            reading_id: reading.reading_id,
            device_seq: reading.seq,
            values: reading.values,
            bad: reading.bad,
            tags: reading.tags,
        };
        let inserted = match tx.insert_message(&message) {
            Ok(inserted) => inserted,
            Err(HistorianError::Refused { reason }) => {
                return self.quarantine(delivery, "refused", &reason, tx, turn);
            }
            Err(problem) => return Err(problem),
        };
        let Some(seq) = inserted.seq else { return Ok(()) };
        turn.seq = seq;
        let time = reading.time;
        if message.device_time.is_some() {
            turn.measured.push(Measured { device_time: time, arrived: delivery.arrived_at.mono });
        }
        if inserted.revisions > 0 {
            self.rollups.revise(tx, machine, time, &message)?;
        }
        self.take_tags(machine, time, &message.tags, tx, turn, now)?;
        let fresh = message.values.iter().zip(&inserted.fresh).filter(|(_, fresh)| **fresh);
        for (metric, value) in fresh.map(|(pair, _)| pair) {
            self.take_sample(machine, metric, time, *value, tx, turn, now)?;
        }
        Ok(())
    }

    /// Takes a fresh sample: rollup, alarms, newest value, live frame.
    #[expect(clippy::too_many_arguments, reason = "a sample is its machine, metric, time and value")]
    fn take_sample(
        &mut self,
        machine: MachineId,
        metric: &Metric,
        time: Timestamp,
        value: f64,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> Result<()> {
        let Some(index) = self.plant.metric_index(metric) else { return Ok(()) };
        let Some(known) = self.plant.machine_mut(machine) else { return Ok(()) };
        let before = known.expected_interval();
        let newest = known.take(index, time, value);
        let interval = known.expected_interval();
        self.rollups.add(tx, machine, metric, time, value, interval)?;
        if interval != before {
            self.alarms.feed(Input::Expected { machine, interval }, now);
        }
        self.alarms.feed(Input::Sample { machine, metric: metric.clone(), time, value }, now);
        if newest {
            turn.live.push(LiveSample { machine, metric: index, time, value });
        }
        Ok(())
    }

    /// Takes a reading's tags.
    fn take_tags(
        &mut self,
        machine: MachineId,
        time: Timestamp,
        tags: &[(Metric, String)],
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> Result<()> {
        let Some(known) = self.plant.machine_mut(machine) else { return Ok(()) };
        let mut moved = false;
        for (tag, text) in tags {
            match tag.as_str() {
                Metric::PHASE => {
                    let Some(phase) = Phase::from_wire_name(text) else { continue };
                    self.alarms.feed(Input::Phase { machine, time, phase }, now);
                    if known.enter(time, phase) {
                        tx.put_step(machine, tag, time, text)?;
                        moved = true;
                    }
                }
                Metric::MODE => {
                    moved |= Mode::from_wire_name(text).is_some_and(|mode| known.command(time, mode));
                }
                _ => {}
            }
        }
        if moved {
            turn.domains.extend([Domain::Plant, Domain::Configs]);
            self.see_machine(machine);
        }
        Ok(())
    }

    /// Takes what a machine reports of itself.
    fn take_report(
        &mut self,
        delivery: &Delivery,
        machine: MachineId,
        report: &StateReport,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> Result<()> {
        let class = report.class.as_ref().and_then(|class| self.given.classes.get(class)).cloned();
        let Some(known) = self.plant.machine_mut(machine) else { return Ok(()) };
        let news = known.report(report, delivery.arrived_at.wall);
        if let Some(class) = class.filter(|class| known.class.as_ref() != Some(class)) {
            tx.set_machine_class(machine, &class.id)?;
            known.class = Some(Arc::clone(&class));
            self.alarms.set_class(machine, class, now);
            self.take_all_foreign(Some(machine), now);
        }
        let Some(known) = self.plant.machine_mut(machine) else { return Ok(()) };
        if let Some(json) = known.reported.as_ref().and_then(|reported| serde_json::to_string(reported).ok()) {
            tx.put_state_report(machine, &json, delivery.arrived_at.wall)?;
        }
        if known.knows_interval() {
            self.alarms.feed(Input::Expected { machine, interval: known.expected_interval() }, now);
        }
        if news {
            turn.domains.extend([Domain::Plant, Domain::Configs]);
        }
        if !self.is_home(delivery.source) {
            return Ok(());
        }
        self.see_machine(machine);
        if let Some(changes) = &mut self.changes {
            changes.see_report(report, &delivery.payload, delivery.arrived_at);
        }
        self.advance_changes(tx, turn, now)
    }

    /// Tells the change core what is known of a machine now, if it is one that the ledger speaks of.
    fn see_machine(&mut self, machine: MachineId) {
        let known = self.plant.machine(machine).filter(|machine| self.plant.is_at_home(machine));
        if let (Some(changes), Some(known)) = (&mut self.changes, known) {
            changes.see_machine(known);
        }
    }

    /// Takes what lies on a machine's config topic.
    fn take_config(
        &mut self,
        delivery: &Delivery,
        config: &ConfigSeen,
        tx: &mut Tx<'_>,
        turn: &mut Turn,
        now: Now,
    ) -> Result<()> {
        // The present connection brings anew what lies there.
        if !self.is_home(delivery.source) || !self.sources.is_present(delivery) {
            return Ok(());
        }
        let known = self.plant.by_address(delivery.source, &config.device).is_some();
        if let Some(changes) = &mut self.changes {
            changes.see_config(&config.device, known, &config.payload, delivery.arrived_at);
        }
        self.advance_changes(tx, turn, now)
    }

    /// Lets the change core decide.
    pub(crate) fn advance_changes(&mut self, tx: &mut Tx<'_>, turn: &mut Turn, now: Now) -> Result<()> {
        let topics = self.config_topics();
        match &mut self.changes {
            Some(changes) => changes.advance(topics, tx, turn, now),
            None => Ok(()),
        }
    }
}
