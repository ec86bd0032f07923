//! One metric of one machine: its four limit alarms and its frozen-value alarm.

use panfloor_model::{LimitKind, Metric, Phase, Priority, Timestamp};
use serde::{Deserialize, Serialize};

use crate::key::Condition;
use crate::latch::{Change, Latch, Step, Terms, Verdict};
use crate::rules::Rules;

/// A value is frozen after repeating exactly for this long in event time (with gaps at most the hold), µs, ...
const FROZEN_US: i64 = 60_000_000;
/// ... and so many times: at slow sampling a minute alone is a handful of samples, and quiet sensors repeat those.
const FROZEN_SAMPLES: u32 = 30;

/// What a metric remembers. Goes into snapshots as it is: a new field means a new snapshot version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Memory {
    pub metric: Metric,
    /// The last sample decided on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<(Timestamp, f64)>,
    /// How often the last value has repeated while that was abnormal, itself included.
    #[serde(default)]
    pub run_samples: u32,
    /// For how long, µs.
    #[serde(default)]
    pub run_us: i64,
    /// In the order of [`LimitKind::ALL`].
    pub limits: [Latch; 4],
    pub frozen: Latch,
}

impl Memory {
    /// Knows nothing yet.
    pub(crate) fn new(metric: Metric) -> Self {
        Self {
            metric,
            last: None,
            run_samples: 0,
            run_us: 0,
            limits: std::array::from_fn(|_| Latch::default()),
            frozen: Latch::default(),
        }
    }

    /// Its alarms.
    pub(crate) fn latches(&self) -> impl Iterator<Item = (Condition, &Latch)> {
        let limits = LimitKind::ALL.into_iter().zip(&self.limits).map(|(kind, latch)| (Condition::Limit(kind), latch));
        limits.chain([(Condition::Frozen, &self.frozen)])
    }

    /// One of its alarms.
    pub(crate) fn latch_mut(&mut self, condition: Condition) -> Option<&mut Latch> {
        match condition {
            Condition::Limit(kind) => {
                LimitKind::ALL.iter().zip(&mut self.limits).find(|(known, _)| **known == kind).map(|(_, latch)| latch)
            }
            Condition::Frozen => Some(&mut self.frozen),
            Condition::NoData => None,
        }
    }
}

/// One metric of one machine.
#[derive(Debug, Clone)]
pub(crate) struct Measurement {
    pub rules: Rules,
    pub memory: Memory,
}

/// A change of one of the metric's alarms, with the limit that decided it.
pub(crate) type Decided = (Condition, Change, Option<f64>);

impl Measurement {
    /// Whether a sample of this time is new, that is, may decide.
    pub(crate) fn is_new(&self, time: Timestamp) -> bool {
        self.memory.last.is_none_or(|(last, _)| time > last)
    }

    /// Judges a new sample by all alarms of the metric. `hold_us`: how long a value holds; `restart_us`: after which span
    /// delays start anew.
    pub(crate) fn judge(
        &mut self,
        time: Timestamp,
        value: f64,
        phase: Option<Phase>,
        hold_us: i64,
        restart_us: i64,
        mut decided: impl FnMut(Decided),
    ) {
        let span_us = self.memory.last.map_or(0, |(last, _)| time.0.saturating_sub(last.0));
        let step = Step { time, credit_us: span_us.min(hold_us), restarts_delays: span_us > restart_us };
        for (at, kind) in LimitKind::ALL.into_iter().enumerate() {
            let terms = self.rules.terms(at, phase);
            let verdict = self.rules.verdict(kind, value, terms.limit);
            if let Some(change) = self.memory.limits[at].judge(step, verdict, value, &terms) {
                decided((Condition::Limit(kind), change, terms.limit));
            }
        }
        let verdict = self.frozen_verdict(value, step, phase);
        let terms = Terms { on_us: 0, off_us: 0, priority: Priority::Low, limit: None };
        if let Some(change) = self.memory.frozen.judge(step, verdict, value, &terms) {
            decided((Condition::Frozen, change, None));
        }
        self.memory.last = Some((time, value));
    }

    /// Counts exact repeats. A standing alarm returns at the first value that differs, whatever the phase: the end of
    /// boiling does not mend a sensor.
    fn frozen_verdict(&mut self, value: f64, step: Step, phase: Option<Phase>) -> Verdict {
        let memory = &mut self.memory;
        let repeats = memory.last.is_some_and(|(_, last)| last.to_bits() == value.to_bits());
        if !repeats || step.restarts_delays || !self.rules.freezes(phase) {
            memory.run_samples = 1;
            memory.run_us = 0;
        } else {
            memory.run_samples = memory.run_samples.saturating_add(1);
            memory.run_us = memory.run_us.saturating_add(step.credit_us);
        }
        if !repeats {
            Verdict::Normal
        } else if memory.run_samples >= FROZEN_SAMPLES && memory.run_us >= FROZEN_US {
            Verdict::Abnormal
        } else {
            Verdict::Between
        }
    }
}
