//! What reaches the loop, and what it answers.

use std::sync::mpsc::SyncSender;

use panfloor_alarm::AlarmKey;
use panfloor_change::Hash;
use panfloor_keys::UserKey;
use panfloor_model::Timestamp;
use panfloor_source::SourceEvent;
use thiserror::Error;

use crate::core::Core;

/// Everything that can happen to the loop.
pub(crate) enum Event {
    /// A source says something.
    Source(SourceEvent),
    /// Somebody looks.
    Inspect(Box<dyn FnOnce(&Core) + Send>),
    /// Somebody acts.
    Act(Box<Action>, SyncSender<Result<Done, Refusal>>),
    /// The process ends.
    Stop,
}

/// What a person does.
#[derive(Debug)]
pub enum Action {
    /// Signs in: delegates a session key.
    SignIn {
        /// User id.
        user: String,
        /// The user's key, unlocked.
        key: UserKey,
    },
    /// Signs out: the session key ends.
    SignOut,
    /// Acknowledges alarms, as the signed-in user.
    Acknowledge {
        /// Which.
        alarms: Vec<AlarmName>,
        /// A note.
        note: Option<String>,
    },
    /// Requests a config for one machine.
    Request {
        /// The author's key, unlocked.
        key: UserKey,
        /// The machine's name on the wire.
        machine: String,
        /// The desired version that the author saw; 0 for none.
        base_version: u64,
        /// The whole config.
        config: serde_json::Value,
        /// Why.
        reason: String,
    },
    /// Approves, rejects or withdraws a request.
    Decide {
        /// The user's key, unlocked.
        key: UserKey,
        /// The request.
        request: Hash,
        /// What.
        verdict: Verdict,
        /// Remark.
        remark: String,
    },
    /// Remembers a setting.
    Setting {
        /// Key.
        key: String,
        /// JSON.
        json: String,
    },
    /// Tries the sources again at once.
    Retry,
}

/// What is said of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Approve,
    /// No.
    Reject,
    /// Taken back by its author.
    Withdraw,
}

/// An alarm as the user saw it.
#[derive(Debug, Clone)]
pub struct AlarmName {
    /// Which alarm.
    pub key: AlarmKey,
    /// The occurrence on screen, or later.
    pub up_to: Timestamp,
}

/// What came of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// It is done and stored.
    Stored,
    /// It is done and stored as this record.
    Recorded(Hash),
}

/// Why an action was not done. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Nobody is signed in.
    #[error("sign in first: acknowledgements bear a name")]
    SignInNeeded,
    /// A right is missing, or four eyes forbid it.
    #[error("{0}")]
    NotAllowed(String),
    /// Several alarms in one act, a critical one among them.
    #[error("a critical alarm is acknowledged alone: acknowledge it by itself, then the others")]
    OneByOne,
    /// It does not exist.
    #[error("{0}")]
    NotFound(String),
    /// It breaks a rule of form.
    #[error("{0}")]
    Invalid(String),
    /// The store takes nothing.
    #[error("nothing can be stored now: {0}")]
    StoreNotWritable(String),
    /// Another process holds the store.
    #[error("another Panfloor on this PC holds this store: act there")]
    ReadOnly,
    /// It is not done yet, and may still be.
    #[error("the store is slow and has not answered yet: look whether it was done before you do it again")]
    NotYet,
    /// The engine has ended.
    #[error("the engine has stopped: start Panfloor again")]
    Stopped,
    /// Anything else.
    #[error("{0}")]
    Internal(String),
}
