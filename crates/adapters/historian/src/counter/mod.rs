//! Counters that outlive a start: table `counter`.

/// Messages handed in: `insert_message` and `quarantine` count them.
pub const RECEIVED: &str = "received";
/// Messages stored.
pub const COMMITTED: &str = "committed";
/// Messages dropped whole as repeats.
pub const DUPLICATES: &str = "duplicates";
/// Values, bad marks and tags stored as revisions.
pub const REVISIONS: &str = "revisions";
/// Stored messages older than the newest known of their machine.
pub const LATE: &str = "late";
/// Messages put into quarantine.
pub const QUARANTINED: &str = "quarantined";
/// Messages that fell out of quarantine because it was full.
pub const QUARANTINE_DROPPED: &str = "quarantine_dropped";
/// Stored messages that can't be told from a repeat.
pub const UNTELLABLE: &str = "untellable";
