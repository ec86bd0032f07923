//! Where a pan is in its strike.

use panfloor_model::{MachineClass, Phase};

use crate::noise::Dice;

/// How much the length of a phase varies between strikes and pans: ± this share.
const LENGTH_VARIATION: f64 = 0.1;
/// Length of a phase that its class does not list, minutes.
const UNLISTED_MINUTES: f64 = 10.0;

/// A phase and how far it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Strike {
    pub(crate) phase: Phase,
    /// Seconds since the phase began.
    pub(crate) elapsed_s: f64,
    /// Seconds it will last in all.
    pub(crate) length_s: f64,
}

impl Strike {
    /// The start of `phase`, of drawn length.
    pub(crate) fn begin(class: &MachineClass, phase: Phase, dice: &mut Dice) -> Self {
        let minutes = class.phases.get(&phase).map_or(UNLISTED_MINUTES, |plan| plan.typical_minutes);
        // A phase of no length would be skipped over without end.
        let length_s = (60.0 * minutes * (1.0 + LENGTH_VARIATION * dice.symmetric())).max(1.0);
        Self { phase, elapsed_s: 0.0, length_s }
    }

    /// Moves on by `dt_s`, through as many phases as that takes.
    pub(crate) fn advance(&mut self, class: &MachineClass, dt_s: f64, dice: &mut Dice) {
        self.elapsed_s += dt_s;
        while self.elapsed_s >= self.length_s {
            let rest_s = self.elapsed_s - self.length_s;
            *self = Self::begin(class, self.phase.next(), dice);
            self.elapsed_s = rest_s;
        }
    }

    /// Seconds left in the phase.
    pub(crate) fn remaining_s(&self) -> f64 {
        (self.length_s - self.elapsed_s).max(0.0)
    }

    /// How far the phase is, 0 to 1.
    pub(crate) fn progress(&self) -> f64 {
        (self.elapsed_s / self.length_s).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Strike;
    use crate::noise::Dice;
    use panfloor_model::{MachineClass, Phase};

    #[test]
    fn phases_follow_each_other_at_about_their_typical_length() {
        let class = MachineClass::shipped().unwrap().remove(0);
        let mut dice = Dice::new(1);
        let mut strike = Strike::begin(&class, Phase::Charge, &mut dice);
        for phase in Phase::ALL.into_iter().chain([Phase::Charge]) {
            assert_eq!(strike.phase, phase);
            let typical_s = 60.0 * class.phases[&phase].typical_minutes;
            assert!((strike.length_s / typical_s - 1.0).abs() <= 0.1);
            strike.advance(&class, strike.remaining_s() - 0.5, &mut dice);
            assert_eq!(strike.phase, phase, "left half a second early");
            strike.advance(&class, 1.0, &mut dice);
        }
    }
}
