//! Randomness with a seed: even draws and a slow wander.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// How fast a wander forgets, seconds: slow enough to look like a process, not like a bad sensor.
const WANDER_TIME_S: f64 = 40.0;
/// Strength of the wander's shocks: gives a standard deviation of 0.4 with even shocks of variance 1/3.
const WANDER_SHOCK: f64 = 0.98;

/// A source of even draws, the same on every machine for the same seed.
#[derive(Debug, Clone)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// An even draw from 0 to 1, without 1.
    pub(crate) fn unit(&mut self) -> f64 {
        // The upper 53 bits are what fits a double exactly.
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// An even draw from -1 to 1.
    pub(crate) fn symmetric(&mut self) -> f64 {
        2.0 * self.unit() - 1.0
    }
}

/// A slow, bounded random walk that returns to 0 (a clipped Ornstein–Uhlenbeck process).
#[derive(Debug, Clone, Default)]
pub(crate) struct Wander {
    value: f64,
}

impl Wander {
    /// Somewhere in its usual range.
    pub(crate) fn drawn(dice: &mut Dice) -> Self {
        Self { value: 0.6 * dice.symmetric() }
    }

    /// Moves on by `dt_s` seconds and gives the value, from -1 to 1.
    pub(crate) fn step(&mut self, dice: &mut Dice, dt_s: f64) -> f64 {
        let share = (dt_s / WANDER_TIME_S).min(1.0);
        self.value += -self.value * share + WANDER_SHOCK * share.sqrt() * dice.symmetric();
        self.value = self.value.clamp(-1.0, 1.0);
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::{Dice, Wander};

    #[test]
    fn draws_depend_on_the_seed_alone() {
        let (mut one, mut same, mut other) = (Dice::new(7), Dice::new(7), Dice::new(8));
        let draws: Vec<f64> = (0..100).map(|_| one.unit()).collect();
        assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
        assert_eq!(draws, (0..100).map(|_| same.unit()).collect::<Vec<_>>());
        assert_ne!(draws, (0..100).map(|_| other.unit()).collect::<Vec<_>>());
    }

    #[test]
    fn a_wander_stays_bounded_and_keeps_moving() {
        let mut dice = Dice::new(3);
        let mut wander = Wander::drawn(&mut dice);
        let values: Vec<f64> = (0..20_000).map(|_| wander.step(&mut dice, 1.0)).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let deviation = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt();
        assert!(values.iter().all(|v| v.abs() <= 1.0));
        assert!(mean.abs() < 0.1, "mean {mean}");
        assert!((0.25..0.55).contains(&deviation), "deviation {deviation}");
    }
}
