//! The engine: all machines, and the timer of the no-data alarm.

use std::collections::BTreeMap;
use std::sync::Arc;

use panfloor_model::{MachineClass, MachineId, Mono, Now, Priority};

use crate::io::{ActiveAlarm, Effect, Input};
use crate::key::AlarmKey;
use crate::latch::Acknowledged;
use crate::machine::{Machine, Standing};
use crate::snapshot::{self, RestoreError};

/// Decides all alarms of a site.
#[derive(Debug, Default)]
pub struct Engine {
    machines: BTreeMap<MachineId, Machine>,
    online: bool,
    /// Not later than any machine's deadline. Samples only move deadlines on, so it is put right when it passes, not at
    /// every sample.
    next: Option<Mono>,
}

impl Engine {
    /// An engine without machines, offline.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a machine, or gives it another class. Alarms that stand keep standing; the next sample judges them by the new
    /// class.
    pub fn set_machine(&mut self, id: MachineId, class: Arc<MachineClass>, now: Now, effects: &mut Vec<Effect>) {
        let changed = match self.machines.get_mut(&id) {
            Some(machine) => machine.set_class(class),
            None => {
                self.machines.insert(id, Machine::new(id, class, Standing::default(), Vec::new(), now));
                true
            }
        };
        if changed {
            effects.push(Effect::Remember(id));
        }
    }

    /// Takes one input.
    pub fn handle(&mut self, input: Input, now: Now, effects: &mut Vec<Effect>) {
        match input {
            Input::Sample { machine, metric, time, value } => {
                if let Some(known) = self.machines.get_mut(&machine) {
                    known.sample(&metric, time, value, now, effects);
                    self.wake_for(machine);
                }
            }
            Input::Phase { machine, time, phase } => {
                if let Some(known) = self.machines.get_mut(&machine) {
                    known.phase(time, phase, effects);
                }
            }
            Input::Acknowledge { key, up_to, by, note } => {
                if let Some(known) = self.machines.get_mut(&key.machine) {
                    known.acknowledge(key, Acknowledged { up_to, by, note }, now, effects);
                }
            }
            Input::Expected { machine, interval } => {
                if self.machines.get_mut(&machine).is_some_and(|known| known.expect(interval, effects)) {
                    self.wake_for(machine);
                }
            }
            Input::SourceOnline(online) => self.set_online(online, now),
        }
    }

    /// When `handle_timeout` is to be called, if nothing else happens. May be earlier than needed, never later.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        self.next.filter(|_| self.online)
    }

    /// Raises the no-data alarms that are due.
    pub fn handle_timeout(&mut self, now: Now, effects: &mut Vec<Effect>) {
        if !self.online || self.next.is_none_or(|next| next > now.mono) {
            return;
        }
        for machine in self.machines.values_mut() {
            machine.timeout(now, effects);
        }
        self.next = self.machines.values().filter_map(Machine::deadline).min();
    }

    /// A machine's state for the store; `None` if the machine is not set.
    #[must_use]
    pub fn snapshot(&self, machine: MachineId) -> Option<Vec<u8>> {
        snapshot::encode(self.machines.get(&machine)?)
    }

    /// Puts a machine back as its snapshot says, in place of `set_machine`. Then feed everything that was stored since (or
    /// earlier: what is already decided is ignored), in the order of its arrival, before going online.
    ///
    /// # Errors
    /// If the bytes are damaged or from a newer version; the machine is then as it was.
    pub fn restore(
        &mut self,
        machine: MachineId,
        class: Arc<MachineClass>,
        bytes: &[u8],
        now: Now,
    ) -> Result<(), RestoreError> {
        let (standing, memories) = snapshot::decode(machine, bytes)?;
        self.machines.insert(machine, Machine::new(machine, class, standing, memories, now));
        self.wake_for(machine);
        Ok(())
    }

    /// All alarms that are not normal, by machine.
    pub fn active(&self) -> impl Iterator<Item = ActiveAlarm> + '_ {
        self.machines.values().flat_map(Machine::active)
    }

    /// Whether these alarms may be acknowledged in one act: a critical one that stands is acknowledged alone.
    #[must_use]
    pub fn may_acknowledge_together(&self, keys: &[AlarmKey]) -> bool {
        let critical = |alarm: &ActiveAlarm| alarm.priority == Priority::Critical && keys.contains(&alarm.key);
        keys.len() < 2 || !self.active().any(|alarm| critical(&alarm))
    }

    fn set_online(&mut self, online: bool, now: Now) {
        if online && !self.online {
            for machine in self.machines.values_mut() {
                machine.listen_from(now.mono);
            }
            self.next = self.machines.values().filter_map(Machine::deadline).min();
        }
        self.online = online;
    }

    /// Makes sure that the timer goes off in time for `machine`.
    fn wake_for(&mut self, machine: MachineId) {
        let Some(deadline) = self.machines.get(&machine).and_then(Machine::deadline) else { return };
        self.next = Some(self.next.map_or(deadline, |next| next.min(deadline)));
    }
}
