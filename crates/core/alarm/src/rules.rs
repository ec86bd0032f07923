//! What a class says about one metric, laid out so that judging a sample looks nothing up by name.

use panfloor_model::{LimitKind, MachineClass, Metric, MetricPlan, Phase, Priority};

use crate::latch::{Terms, Verdict};

/// Where no phase is known.
const UNKNOWN: usize = Phase::ALL.len();
/// Longest delay taken from a class: a day. Longer ones are typing errors and would hide an alarm for good.
const MAX_DELAY_S: f64 = 86_400.0;

/// Position of a phase in the tables, with a place of its own for "not known".
const fn index(phase: Option<Phase>) -> usize {
    match phase {
        Some(Phase::Charge) => 0,
        Some(Phase::Concentrate) => 1,
        Some(Phase::Seed) => 2,
        Some(Phase::GrainGrowth) => 3,
        Some(Phase::Tighten) => 4,
        Some(Phase::Drop) => 5,
        Some(Phase::SteamOut) => 6,
        None => UNKNOWN,
    }
}

/// What holds for one metric of a machine.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rules {
    /// By phase, then by kind as in [`LimitKind::ALL`].
    limits: [[Option<f64>; 4]; UNKNOWN + 1],
    /// Whether values frozen in this phase are abnormal.
    freezes: [bool; UNKNOWN + 1],
    priorities: [Priority; 4],
    deadband: f64,
    on_us: i64,
    off_us: i64,
}

impl Rules {
    /// The rules of `class` for `metric`; without limits if the class knows no such metric.
    pub(crate) fn of(class: &MachineClass, metric: &str) -> Self {
        let plan = class.metrics.get(metric);
        let mut rules = Self {
            limits: [[None; 4]; UNKNOWN + 1],
            freezes: [false; UNKNOWN + 1],
            priorities: LimitKind::ALL
                .map(|kind| plan.and_then(|plan| plan.priorities.get(&kind).copied()).unwrap_or(Priority::Medium)),
            deadband: plan.map_or(0.0, |plan: &MetricPlan| plan.deadband.max(0.0)),
            on_us: micros(plan.map_or(0.0, |plan| plan.on_delay_s)),
            off_us: micros(plan.map_or(0.0, |plan| plan.off_delay_s)),
        };
        let can_freeze = matches!(metric, Metric::TEMPERATURE | Metric::PRESSURE);
        for phase in Phase::ALL {
            let at = index(Some(phase));
            if let Some(metric) = class.phase_metric(phase, metric) {
                rules.limits[at] = LimitKind::ALL.map(|kind| metric.limits.of(kind));
            }
            rules.freezes[at] = can_freeze && class.phases.get(&phase).is_some_and(|plan| plan.boiling);
        }
        rules.limits[UNKNOWN] = std::array::from_fn(|kind| rules.loosest(kind));
        rules
    }

    /// The limit that a value breaks in no phase without breaking it in all of them. It is what a machine that does not
    /// tell its phase is judged by: abnormal is only what would be abnormal in every phase.
    fn loosest(&self, kind: usize) -> Option<f64> {
        let all: Option<Vec<f64>> = self.limits[..UNKNOWN].iter().map(|limits| limits[kind]).collect();
        let choose = match LimitKind::ALL[kind] {
            LimitKind::LowLow | LimitKind::Low => f64::min,
            LimitKind::High | LimitKind::HighHigh => f64::max,
        };
        all?.into_iter().reduce(choose)
    }

    /// Whether a frozen value is abnormal in `phase`.
    pub(crate) fn freezes(&self, phase: Option<Phase>) -> bool {
        self.freezes[index(phase)]
    }

    /// Terms of the limit alarm at `kind` (position in [`LimitKind::ALL`]).
    pub(crate) fn terms(&self, kind: usize, phase: Option<Phase>) -> Terms {
        Terms {
            on_us: self.on_us,
            off_us: self.off_us,
            priority: self.priorities[kind],
            limit: self.limits[index(phase)][kind],
        }
    }

    /// How `value` lies to `limit`. Where the phase has no such limit nothing is abnormal.
    pub(crate) fn verdict(&self, kind: LimitKind, value: f64, limit: Option<f64>) -> Verdict {
        let Some(limit) = limit else { return Verdict::Normal };
        let inside = match kind {
            LimitKind::LowLow | LimitKind::Low => value >= limit + self.deadband,
            LimitKind::High | LimitKind::HighHigh => value <= limit - self.deadband,
        };
        if kind.is_beyond(value, limit) {
            Verdict::Abnormal
        } else if inside {
            Verdict::Normal
        } else {
            Verdict::Between
        }
    }
}

/// Seconds as whole microseconds, from zero to a day; what is no number is zero.
fn micros(seconds: f64) -> i64 {
    (seconds.clamp(0.0, MAX_DELAY_S) * 1e6).round() as i64
}

#[cfg(test)]
mod tests {
    use panfloor_model::{LimitKind, MachineClass, Metric, Phase};

    use super::{Rules, index, micros};

    #[test]
    fn tables_follow_the_class() {
        for class in MachineClass::shipped().unwrap() {
            for name in class.metrics.keys() {
                let rules = Rules::of(&class, name);
                for phase in Phase::ALL {
                    for (at, kind) in LimitKind::ALL.into_iter().enumerate() {
                        let expected = class.phase_metric(phase, name).and_then(|metric| metric.limits.of(kind));
                        assert_eq!(
                            rules.terms(at, Some(phase)).limit,
                            expected,
                            "{} {phase:?} {name} {kind:?}",
                            class.id
                        );
                    }
                }
            }
        }
        assert!(Phase::ALL.iter().enumerate().all(|(at, phase)| index(Some(*phase)) == at));
    }

    #[test]
    fn without_a_phase_only_what_is_abnormal_in_all_counts() {
        let class = &MachineClass::shipped().unwrap()[0];
        let limits: Vec<_> = (0..4).map(|kind| Rules::of(class, Metric::TEMPERATURE).terms(kind, None).limit).collect();
        assert_eq!(limits, [None, None, None, Some(108.0)], "drop and steam-out know high-high alone");
    }

    #[test]
    fn delays_stay_in_range() {
        assert_eq!([micros(-1.0), micros(f64::NAN), micros(0.5), micros(1e300)], [0, 0, 500_000, 86_400_000_000]);
    }
}
