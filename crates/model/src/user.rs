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
