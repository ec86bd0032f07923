//! What goes into the engine and what comes out.

use std::time::Duration;

use panfloor_model::{MachineId, Metric, Phase, Priority, Timestamp};

use crate::key::{AlarmKey, AlarmState};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A committed sample. Ignored if the machine is not set, the value not finite, or the time not newer than the last
    /// one decided on.
    Sample {
        /// The machine.
        machine: MachineId,
        /// What was measured.
        metric: Metric,
        /// When it was measured.
        time: Timestamp,
        /// In the metric's unit.
        value: f64,
    },
    /// The machine's phase as of `time`; may be repeated. Feed it before the samples of the same message.
    Phase {
        /// The machine.
        machine: MachineId,
        /// When it was in this phase.
        time: Timestamp,
        /// The phase.
        phase: Phase,
    },
    /// Somebody acknowledges an alarm, here or at another station. Acts on the occurrence that stands, and on those that come
    /// later with an event time up to `up_to`: the other station may have seen them first. Taking one twice is taking it once.
    Acknowledge {
        /// Which alarm.
        key: AlarmKey,
        /// Event time up to which occurrences were seen. Never later than the caller's present time: nobody has seen the future.
        up_to: Timestamp,
        /// User who did it.
        by: String,
        /// Their note.
        note: Option<String>,
    },
    /// How far apart the machine's samples are to be expected. Zero, and what is within a tenth of what was told before, is
    /// ignored. Unknown until told: then no gap is seen in delays.
    Expected {
        /// The machine.
        machine: MachineId,
        /// Expected sample interval.
        interval: Duration,
    },
    /// Whether samples can be seen at all. An engine starts offline; offline no no-data alarm is raised, since it would
    /// blame every machine for one broken link, and coming online gives each machine its full time again.
    SourceOnline(bool),
}

/// What the caller is to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Store it, then show it.
    Transition(Transition),
    /// Store [`crate::Engine::snapshot`] of this machine, in the transaction that stores the transitions beside it. The
    /// snapshot may be taken after a whole batch of inputs, once for all its `Remember`s.
    Remember(MachineId),
}

/// One alarm changed its state.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// Which alarm.
    pub key: AlarmKey,
    /// Event time of the activation: names the occurrence, together with the key.
    pub occurrence: Timestamp,
    /// State before.
    pub from: AlarmState,
    /// State after.
    pub to: AlarmState,
    /// When it became so: the deciding sample's time; for no data the time at which the silence was long enough; for an
    /// acknowledgement the wall clock.
    pub event_time: Timestamp,
    /// Wall clock when it was decided. The only field that differs when a restart decides it anew.
    pub decided_at: Timestamp,
    /// Priority, as it was at activation.
    pub priority: Priority,
    /// The deciding value, in the metric's unit. None for no data and acknowledgements.
    pub value: Option<f64>,
    /// The limit it was judged by; none for other conditions, and where the phase has no such limit.
    pub limit: Option<f64>,
    /// Who acknowledged.
    pub by: Option<String>,
    /// Their note.
    pub note: Option<String>,
}

/// An alarm that is not in state A.
#[derive(Debug, Clone, PartialEq)]
pub struct ActiveAlarm {
    /// Which alarm.
    pub key: AlarmKey,
    /// B, C or D.
    pub state: AlarmState,
    /// Priority, as it was at activation.
    pub priority: Priority,
    /// Event time of the activation; names the occurrence.
    pub since: Timestamp,
    /// Event time of the last change of state.
    pub changed: Timestamp,
    /// The value that activated it.
    pub value_at_activation: Option<f64>,
    /// The limit it went beyond.
    pub limit: Option<f64>,
    /// The metric's last value decided on.
    pub last_value: Option<f64>,
    /// Who acknowledged it.
    pub acknowledged_by: Option<String>,
    /// Their note.
    pub note: Option<String>,
    /// The alarm of higher severity on the same side that stands too, under which this one is shown.
    pub suppressed_by: Option<AlarmKey>,
}
