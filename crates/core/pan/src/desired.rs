//! Configs from afar: which are taken, when they come into force, what is reported.

use std::collections::VecDeque;
use std::time::Duration;

use panfloor_model::{MachineClass, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use crate::config::{ConfigFault, PanConfig};
use crate::noise::Dice;
use crate::telemetry::ReportStatus;

/// The largest config message a pan reads, bytes: the wire contract's limit.
pub const MAX_CONFIG_BYTES: usize = 256 * 1024;
/// Reports kept for a host that does not fetch them; the oldest go first, since the latest state is what counts.
const MAX_REPORTS: usize = 16;
/// A config comes into force this long after it was received, ms: at least, and how much it varies.
const APPLY_MS: [f64; 2] = [500.0, 1_500.0];

/// What became of a config message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// It will be applied in a moment.
    Taken {
        /// Its version.
        version: u64,
    },
    /// It was understood and is not acceptable; this is reported.
    Refused {
        /// Its version.
        version: u64,
        /// Why.
        reason: String,
    },
    /// Its version is not above the one the pan has: ignored, as the redelivery that it is.
    Stale {
        /// Its version.
        version: u64,
        /// The version the pan has.
        have: u64,
    },
    /// No config with a version could be read from it; there is nothing to report on.
    Unreadable {
        /// Why.
        reason: String,
    },
}

/// The members of a config message that a pan reads. The proof of the approvals is for gateways that check it.
#[derive(Debug, Deserialize)]
struct Envelope {
    version: u64,
    config: Value,
}

/// A report that waits to be fetched.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Announcement {
    pub(crate) version: u64,
    pub(crate) status: ReportStatus,
    pub(crate) reason: Option<String>,
    /// The values in force when it was made.
    pub(crate) config: Value,
}

/// A config that was taken and is not in force yet.
#[derive(Debug, Clone)]
struct Pending {
    version: u64,
    config: PanConfig,
    value: Value,
    at: Timestamp,
}

/// The config in force, the one to come, and what is to be said about them.
#[derive(Debug, Clone)]
pub(crate) struct Desired {
    pub(crate) version: u64,
    pub(crate) config: PanConfig,
    /// The config in force as it came, so that the echo equals it to the letter.
    pub(crate) value: Value,
    pending: Option<Pending>,
    announcements: VecDeque<Announcement>,
    dice: Dice,
}

impl Desired {
    pub(crate) fn new(version: u64, value: Value, class: &MachineClass, seed: u64) -> Result<Self, ConfigFault> {
        let config = PanConfig::check(&value, class)?;
        Ok(Self { version, config, value, pending: None, announcements: VecDeque::new(), dice: Dice::new(seed) })
    }

    /// Takes a config message in, unless `barred` says why the pan takes none now.
    pub(crate) fn receive(
        &mut self,
        bytes: &[u8],
        class: &MachineClass,
        barred: Option<String>,
        now: Timestamp,
    ) -> Receipt {
        if bytes.len() > MAX_CONFIG_BYTES {
            return Receipt::Unreadable { reason: format!("{} bytes are more than {MAX_CONFIG_BYTES}", bytes.len()) };
        }
        let envelope: Envelope = match serde_json::from_slice(bytes) {
            Ok(envelope) => envelope,
            Err(error) => return Receipt::Unreadable { reason: error.to_string() },
        };
        let version = envelope.version;
        let have = self.pending.as_ref().map_or(self.version, |pending| pending.version);
        if version <= have {
            return Receipt::Stale { version, have };
        }
        let checked = match barred {
            None => PanConfig::check(&envelope.config, class).map_err(|fault| fault.to_string()),
            Some(reason) => Err(reason),
        };
        match checked {
            Ok(config) => {
                let delay_ms = APPLY_MS[0] + APPLY_MS[1] * self.dice.unit();
                let at = now.plus(Duration::from_secs_f64(delay_ms / 1000.0));
                self.pending = Some(Pending { version, config, value: envelope.config, at });
                self.announce(version, ReportStatus::Received, None);
                Receipt::Taken { version }
            }
            Err(reason) => {
                self.announce(version, ReportStatus::Refused, Some(reason.clone()));
                Receipt::Refused { version, reason }
            }
        }
    }

    /// Brings the pending config into force when it is time. Says whether it did.
    pub(crate) fn settle(&mut self, now: Timestamp) -> bool {
        let Some(pending) = self.pending.take_if(|pending| pending.at <= now) else { return false };
        self.version = pending.version;
        self.config = pending.config;
        self.value = pending.value;
        self.announce(pending.version, ReportStatus::Applied, None);
        true
    }

    /// When there is something to report next; the past if there is already.
    pub(crate) fn next_report(&self) -> Option<Timestamp> {
        if self.announcements.is_empty() {
            self.pending.as_ref().map(|pending| pending.at)
        } else {
            Some(Timestamp::from_micros(i64::MIN))
        }
    }

    pub(crate) fn next_announcement(&mut self) -> Option<Announcement> {
        self.announcements.pop_front()
    }

    /// What is in force, said once more because the pan's own state has changed for this reason.
    pub(crate) fn say_again(&mut self, reason: Option<String>) {
        self.announce(self.version, ReportStatus::Applied, reason);
    }

    fn announce(&mut self, version: u64, status: ReportStatus, reason: Option<String>) {
        if self.announcements.len() >= MAX_REPORTS {
            self.announcements.pop_front();
        }
        self.announcements.push_back(Announcement { version, status, reason, config: self.value.clone() });
    }
}
