//! One alarm: states A to D, and the delay that is running.

use panfloor_model::{Priority, Timestamp};
use serde::{Deserialize, Serialize};

use crate::key::AlarmState;

/// How a sample looks from one alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Abnormal: counts towards an activation.
    Abnormal,
    /// Not abnormal, but not far enough inside to count as returned: breaks either delay.
    Between,
    /// Normal by the whole deadband: counts towards a return.
    Normal,
}

/// One sample, as far as delays see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// The sample's time.
    pub time: Timestamp,
    /// What the span since the sample before adds to a running delay, µs: the span itself, at most the hold.
    pub credit_us: i64,
    /// The span was so long that running delays start anew.
    pub restarts_delays: bool,
}

/// What an activation is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// How long the condition must be abnormal, µs.
    pub on_us: i64,
    /// How long it must be normal again, µs.
    pub off_us: i64,
    /// Priority of an occurrence.
    pub priority: Priority,
    /// The limit in force.
    pub limit: Option<f64>,
}

/// A change of state that has been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    pub from: AlarmState,
    pub to: AlarmState,
}

/// One alarm. Goes into snapshots as it is: a new field means a new snapshot version.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Latch {
    pub state: AlarmState,
    /// What the running delay has counted, µs: towards activation in A and D, towards return in B and C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_us: Option<i64>,
    /// The last occurrence. Outlives the return to A, so that the next one is later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<Occurrence>,
    /// An acknowledgement that reaches further than what was decided on: another station saw an occurrence that has not come
    /// here yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<Acknowledged>,
}

/// An acknowledgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acknowledged {
    /// Event time up to which occurrences were seen.
    pub up_to: Timestamp,
    pub by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One occurrence of an alarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Occurrence {
    /// Event time of the activation.
    pub since: Timestamp,
    /// Event time of the last change of state.
    pub changed: Timestamp,
    pub priority: Priority,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Latch {
    /// Takes one sample's verdict; says whether the state changed.
    pub(crate) fn judge(&mut self, step: Step, verdict: Verdict, value: f64, terms: &Terms) -> Option<Change> {
        // From here on every occurrence begins at this step or later.
        self.ahead = self.ahead.take().filter(|ahead| ahead.up_to >= step.time);
        let (counts, delay_us) = if self.state.is_abnormal() {
            (verdict == Verdict::Normal, terms.off_us)
        } else {
            (verdict == Verdict::Abnormal, terms.on_us)
        };
        if !counts {
            self.counted_us = None;
            return None;
        }
        let counted_us = match self.counted_us {
            Some(before) if !step.restarts_delays => before.saturating_add(step.credit_us),
            Some(_) | None => 0,
        };
        if counted_us < delay_us {
            self.counted_us = Some(counted_us);
            return None;
        }
        Some(if self.state.is_abnormal() {
            self.come_back(step.time)
        } else {
            self.activate(step.time, Some(value), terms)
        })
    }

    /// Starts an occurrence at `time`, or just after the last one if the event time has not moved on since.
    pub(crate) fn activate(&mut self, time: Timestamp, value: Option<f64>, terms: &Terms) -> Change {
        let earliest = self.occurrence.as_ref().map(|last| Timestamp(last.since.0.saturating_add(1)));
        let since = earliest.map_or(time, |earliest| time.max(earliest));
        self.occurrence = Some(Occurrence {
            since,
            changed: since,
            priority: terms.priority,
            value,
            limit: terms.limit,
            by: None,
            note: None,
        });
        self.change_to(AlarmState::Unacknowledged)
    }

    /// Ends the abnormal state at `time`.
    pub(crate) fn come_back(&mut self, time: Timestamp) -> Change {
        let to = match self.state {
            AlarmState::Unacknowledged | AlarmState::ReturnedUnacknowledged => AlarmState::ReturnedUnacknowledged,
            AlarmState::Acknowledged | AlarmState::Normal => AlarmState::Normal,
        };
        if let Some(occurrence) = &mut self.occurrence {
            occurrence.changed = time;
        }
        self.change_to(to)
    }

    /// Acknowledges the occurrence, if there is one to acknowledge and it is not later than the acknowledgement reaches.
    pub(crate) fn acknowledge(&mut self, acknowledged: Acknowledged, time: Timestamp) -> Option<Change> {
        let Acknowledged { up_to, by, note } = acknowledged;
        let occurrence = self.occurrence.as_mut().filter(|occurrence| occurrence.since <= up_to)?;
        let to = match self.state {
            AlarmState::Unacknowledged => AlarmState::Acknowledged,
            AlarmState::ReturnedUnacknowledged => AlarmState::Normal,
            AlarmState::Acknowledged | AlarmState::Normal => return None,
        };
        occurrence.changed = time;
        occurrence.by = Some(by);
        occurrence.note = note;
        // A running delay runs on: acknowledging says nothing about the process.
        let counted_us = self.counted_us;
        let change = self.change_to(to);
        self.counted_us = counted_us;
        Some(change)
    }

    /// Keeps an acknowledgement that reaches beyond `decided`, the event time up to which no occurrence can begin any more. Says
    /// whether it did.
    pub(crate) fn keep(&mut self, acknowledged: &Acknowledged, decided: Option<Timestamp>) -> bool {
        let reaches = |past: Option<Timestamp>| past.is_none_or(|past| acknowledged.up_to > past);
        let further = reaches(decided) && reaches(self.ahead.as_ref().map(|known| known.up_to));
        if further {
            self.ahead = Some(acknowledged.clone());
        }
        further
    }

    /// Acknowledges an occurrence that has just begun, if somebody did elsewhere.
    pub(crate) fn acknowledge_ahead(&mut self, time: Timestamp) -> Option<Change> {
        self.acknowledge(self.ahead.clone()?, time)
    }

    fn change_to(&mut self, to: AlarmState) -> Change {
        let from = std::mem::replace(&mut self.state, to);
        self.counted_us = None;
        Change { from, to }
    }
}
