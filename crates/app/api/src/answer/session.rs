//! Signing in and out, and unlocking a key for one signature.

use panfloor_engine::{Action, Refusal};
use panfloor_keys::{KeyError, UserKey};

use super::{Answer, Api, internal, refused};
use crate::demo_site::demo_users;
use crate::dto::{ApiError, ErrorCode, PromptDto, SessionDto, SignInRequest, UserDto};
use crate::watch::ms;

/// Setting of the user interface that the passphrase window follows.
const THEME_SETTING: &str = "ui.theme";

impl Api {
    /// `session`
    pub(super) fn session(&self) -> Answer<SessionDto> {
        let demo = self.is_demo();
        self.inspect(move |core| {
            let user = core.session.as_ref().map(|session| UserDto {
                id: session.user.clone(),
                name: session.name.clone(),
                roles: session.roles.iter().map(|role| role.word().to_owned()).collect(),
                demo_passphrase: None,
            });
            SessionDto {
                user,
                expires_ms: core.session.as_ref().map(|session| ms(session.expires_at)),
                users: users(core, demo),
            }
        })
    }

    /// `sign_in`
    pub(super) fn sign_in(&self, request: &SignInRequest) -> Answer<()> {
        let key = self.unlock(&request.user, "sign_in", "", "")?;
        self.act(Action::SignIn { user: request.user.clone(), key }).map(drop)
    }

    /// The key of the signed-in user, for one signature. Asks for the passphrase.
    pub(super) fn user_key(&self, purpose: &str, sentence: &str, hash: &str) -> Answer<UserKey> {
        let user = self.inspect(|core| core.session.as_ref().map(|session| session.user.clone()))?;
        let user = user.ok_or_else(|| refused(Refusal::SignInNeeded)).map_err(|mut error| {
            "sign in first: a change bears a name".clone_into(&mut error.sentence);
            error
        })?;
        self.unlock(&user, purpose, sentence, hash)
    }

    /// Asks for a user's passphrase until it opens the key or the user gives up.
    fn unlock(&self, user: &str, purpose: &str, sentence: &str, hash: &str) -> Answer<UserKey> {
        let engine = self.engine()?;
        let demo = self.is_demo();
        let known = self.inspect(move |core| users(core, demo))?;
        let Some(of) = known.into_iter().find(|known| known.id == user) else {
            let sentence = format!("there is no user “{user}” at this station");
            return Err(ApiError { code: ErrorCode::NotFound, sentence });
        };
        let theme = engine.reader().setting(THEME_SETTING).ok().flatten();
        let prompt = PromptDto {
            purpose: purpose.to_owned(),
            user_name: of.name,
            sentence: sentence.to_owned(),
            hash: hash.to_owned(),
            theme: theme.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_else(|| "system".to_owned()),
            demo_passphrase: of.demo_passphrase,
        };
        let mut unlocked = None;
        self.host.ask_passphrase(prompt, &mut |passphrase| {
            let key = engine
                .keys()
                .unlock_user_key(user, passphrase, engine.now().mono)
                .map_err(|error| key_error(&error))?;
            unlocked = Some(key);
            Ok(())
        })?;
        unlocked.ok_or_else(|| ApiError { code: ErrorCode::Cancelled, sentence: "no passphrase was given".to_owned() })
    }
}

/// Users who can sign in here: those with a key at this station.
fn users(core: &panfloor_engine::Core, demo: bool) -> Vec<UserDto> {
    let Some(changes) = &core.changes else { return Vec::new() };
    let station = &changes.identity().station;
    let passphrase = |user: &str| {
        let of = demo_users().into_iter().find(|known| demo && known.id == user);
        of.map(|of| of.passphrase.to_owned())
    };
    let mut users: Vec<UserDto> = changes
        .ledger()
        .users()
        .into_iter()
        .filter(|user| user.station == *station && !user.revoked)
        .map(|user| UserDto {
            demo_passphrase: passphrase(&user.user),
            roles: user.roles.iter().map(|role| role.word().to_owned()).collect(),
            id: user.user,
            name: user.name,
        })
        .collect();
    users.sort_by(|a, b| a.name.cmp(&b.name));
    users
}

/// Why a passphrase does not open a key.
pub(super) fn key_error(error: &KeyError) -> ApiError {
    if matches!(error, KeyError::WrongPassphrase | KeyError::TooManyTries { .. }) {
        ApiError { code: ErrorCode::WrongPassphrase, sentence: error.to_string() }
    } else {
        internal(error)
    }
}
