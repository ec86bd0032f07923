//! Which addresses a source may make machines of.

use std::collections::BTreeMap;
use std::time::Duration;

use panfloor_model::Mono;

/// Machines that a source may make in an hour, if nothing else is said: more than any plant adds, and few enough to be removed
/// by hand should a publisher invent names.
pub const ADOPTS_PER_HOUR: u32 = 100;

/// What "an hour" is.
const HOUR: Duration = Duration::from_hours(1);

/// Most refused addresses that are told apart; beyond it the count stays.
const REFUSED_KEPT: usize = 1_000;

/// A source's rule and what it has come to in the last hour of this run.
#[derive(Debug)]
pub(crate) struct Adoption {
    per_hour: Option<u32>,
    /// By address, so that one whose transaction failed and comes again counts once.
    adopted: BTreeMap<String, Mono>,
    refused: BTreeMap<String, Mono>,
}

impl Adoption {
    /// At most `per_hour` machines an hour; `None`: any number.
    pub(crate) const fn new(per_hour: Option<u32>) -> Self {
        Self { per_hour, adopted: BTreeMap::new(), refused: BTreeMap::new() }
    }

    /// The rule.
    pub(crate) const fn per_hour(&self) -> Option<u32> {
        self.per_hour
    }

    /// Whether an address that is no machine yet may become one now.
    pub(crate) fn admit(&mut self, address: &str, now: Mono) -> bool {
        let Some(per_hour) = self.per_hour else { return true };
        self.forget(now);
        if self.adopted.contains_key(address) || self.adopted.len() < per_hour as usize {
            self.refused.remove(address);
            self.adopted.entry(address.to_owned()).or_insert(now);
            return true;
        }
        if self.refused.len() < REFUSED_KEPT || self.refused.contains_key(address) {
            self.refused.insert(address.to_owned(), now);
        }
        false
    }

    /// Addresses refused in the last hour.
    pub(crate) fn refused(&mut self, now: Mono) -> usize {
        self.forget(now);
        self.refused.len()
    }

    /// Forgets what is older than an hour.
    fn forget(&mut self, now: Mono) {
        let recent = |_: &String, at: &mut Mono| now.since(*at) < HOUR;
        self.adopted.retain(recent);
        self.refused.retain(recent);
    }
}

#[cfg(test)]
mod tests {
    use panfloor_model::Mono;

    use super::{Adoption, HOUR, REFUSED_KEPT};

    #[test]
    fn so_many_an_hour_and_no_more() {
        let mut rule = Adoption::new(Some(2));
        let start = Mono(5);
        assert!(rule.admit("a", start) && rule.admit("b", start));
        assert!(rule.admit("a", start), "its transaction failed: it comes again");
        assert!(!rule.admit("c", start) && !rule.admit("d", start) && !rule.admit("c", start));
        assert_eq!(rule.refused(start), 2);
        let later = start.plus(HOUR);
        assert!(rule.admit("c", later));
        assert_eq!(rule.refused(later), 0, "what was refused an hour ago is no news");
    }

    #[test]
    fn a_publisher_that_invents_names_takes_bounded_memory() {
        let mut rule = Adoption::new(Some(1));
        for name in 0..3 * REFUSED_KEPT {
            rule.admit(&name.to_string(), Mono(1));
        }
        assert_eq!(rule.refused(Mono(1)), REFUSED_KEPT);
        assert!(Adoption::new(None).admit("any", Mono(1)));
    }
}
