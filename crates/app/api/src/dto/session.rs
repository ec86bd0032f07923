//! Who is signed in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The session and the users of this site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SessionDto {
    /// Who is signed in here; `None`: nobody, and everybody may look.
    pub user: Option<UserDto>,
    /// When the session key ends.
    pub expires_ms: Option<f64>,
    /// Users who can sign in at this station.
    pub users: Vec<UserDto>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct UserDto {
    /// Id in records: `engineer-1`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Roles by name: `operator`, `engineer`, `approver`, `administrator`.
    pub roles: Vec<String>,
    /// The demo's users only: their passphrase, shown at the demo's sign-in.
    pub demo_passphrase: Option<String>,
}

/// Who signs in. The host asks for the passphrase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SignInRequest {
    /// User id.
    pub user: String,
}

/// What the passphrase window shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PromptDto {
    /// `sign_in`, `request`, `approve`, `reject`, `withdraw`, `create_site`
    pub purpose: String,
    /// User who signs; for `create_site` the name to be.
    pub user_name: String,
    /// What will happen, in one sentence.
    pub sentence: String,
    /// Hash of what is signed, hex; empty at sign-in.
    pub hash: String,
    /// Theme of the main window: `light`, `dark`, `system`.
    pub theme: String,
    /// The demo's passphrase, so that the demo can be tried.
    pub demo_passphrase: Option<String>,
}

/// What the user typed. Accepted from the passphrase window alone.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PassphraseDto {
    /// The passphrase; never logged.
    pub text: String,
}

impl std::fmt::Debug for PassphraseDto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PassphraseDto(…)")
    }
}
