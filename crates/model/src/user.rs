//! What a user may do.

use serde::{Deserialize, Serialize};

/// A right of a user; a user holds any number of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Acknowledges and shelves alarms.
    Operator,
    /// Requests changes.
    Engineer,
    /// Approves other people's changes.
    Approver,
    /// Enrols users and stations.
    Administrator,
}

impl Role {
    /// Its word in records and at the door: `operator`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Engineer => "engineer",
            Self::Approver => "approver",
            Self::Administrator => "administrator",
        }
    }
}
