//! The engine: all machines, and the timer of the no-data alarm.

use std::collections::BTreeMap;
use std::sync::Arc;

use panfloor_model::{MachineClass, MachineId, Mono, Now};

use crate::io::{ActiveAlarm, Effect, Input};
use crate::snapshot::RestoreError;

/// Decides all alarms of a site.
#[derive(Debug, Default)]
pub struct Engine {
    machines: BTreeMap<MachineId, ()>,
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
        let _ = (id, class, now, effects);
    }

    /// Takes one input.
    pub fn handle(&mut self, input: Input, now: Now, effects: &mut Vec<Effect>) {
        let _ = (input, now, effects);
    }

    /// When `handle_timeout` is to be called, if nothing else happens. May be earlier than needed, never later.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        None
    }

    /// Raises the no-data alarms that are due.
    pub fn handle_timeout(&mut self, now: Now, effects: &mut Vec<Effect>) {
        let _ = (now, effects);
    }

    /// A machine's state for the store; `None` if the machine is not set.
    #[must_use]
    pub fn snapshot(&self, machine: MachineId) -> Option<Vec<u8>> {
        let _ = machine;
        None
    }

    /// Puts a machine back as its snapshot says, in place of `set_machine`. Then feed everything that was stored since (or
    /// earlier: what is already decided is ignored), in the order of its arrival, before going online.
    ///
    /// # Errors
    /// If the bytes are damaged or from a newer version; the machine is then not set.
    pub fn restore(
        &mut self,
        machine: MachineId,
        class: Arc<MachineClass>,
        bytes: &[u8],
        now: Now,
    ) -> Result<(), RestoreError> {
        let _ = (machine, class, bytes, now);
        Ok(())
    }

    /// All alarms that are not normal, by machine.
    pub fn active(&self) -> impl Iterator<Item = ActiveAlarm> + '_ {
        self.machines.values().filter_map(|()| None)
    }
}
