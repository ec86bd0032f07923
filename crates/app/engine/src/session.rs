//! Who is signed in at this station.

use panfloor_change::Hash;
use panfloor_keys::SessionKey;
use panfloor_model::{Role, Timestamp};

/// How long a session key lasts (decisions: Signing).
pub(crate) const SESSION_LASTS: std::time::Duration = std::time::Duration::from_hours(12);

/// The signed-in user with the key that signs acknowledgements.
#[derive(Debug)]
pub struct SignedIn {
    /// User id.
    pub user: String,
    /// Name for people.
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// When the session ends.
    pub expires_at: Timestamp,
    /// Its record.
    pub(crate) record: Hash,
    /// Its key; in memory alone.
    pub(crate) key: SessionKey,
}
