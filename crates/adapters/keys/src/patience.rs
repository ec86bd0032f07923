//! Growing delay after wrong passphrases: what slows a guesser at this PC's keyboard. Kept in memory alone; against one who
//! copies the files there is Argon2id.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use panfloor_model::Mono;

/// Wrong passphrases in a row that cost nothing: people mistype.
const FREE_TRIES: u32 = 5;
/// Longest wait: longer would let anybody lock a user out.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// Wrong tries by user. Only users who have a key here get an entry, so it stays small.
#[derive(Debug, Default)]
pub(crate) struct Patience(Mutex<BTreeMap<String, Tries>>);

/// Wrong tries in a row.
#[derive(Debug, Clone, Copy)]
struct Tries {
    wrong: u32,
    not_before: Mono,
}

impl Patience {
    /// How long this user has to wait yet; none if a try is free.
    pub(crate) fn wait(&self, user: &str, now: Mono) -> Option<Duration> {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = tries.get(user)?.not_before.since(now);
        (!wait.is_zero()).then_some(wait)
    }

    /// Notes a wrong passphrase.
    pub(crate) fn wrong(&self, user: &str, now: Mono) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = all.entry(user.to_owned()).or_insert(Tries { wrong: 0, not_before: now });
        tries.wrong = tries.wrong.saturating_add(1);
        if let Some(doublings) = tries.wrong.checked_sub(FREE_TRIES) {
            let wait = Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(doublings));
            tries.not_before = now.plus(wait.min(MAX_WAIT));
        }
    }

    /// Notes the right one.
    pub(crate) fn right(&self, user: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(user);
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Mono, Patience};

    #[test]
    fn five_tries_are_free_then_it_doubles_up_to_a_minute() {
        let patience = Patience::default();
        let mut now = Mono(1);
        let mut waits = Vec::new();
        for _ in 0..13 {
            patience.wrong("anna", now);
            let wait = patience.wait("anna", now).unwrap_or_default();
            waits.push(wait.as_secs());
            now = now.plus(wait);
            assert_eq!(patience.wait("anna", now), None);
        }
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        patience.wrong("anna", now);
        assert_eq!(patience.wait("ben", now), None);
        assert_eq!(patience.wait("anna", now), Some(Duration::from_secs(60)));
        patience.right("anna");
        assert_eq!(patience.wait("anna", now), None);
    }
}
