//! The passphrase being asked for: between the thread that waits for it and the window that takes it.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};

use panfloor_api::dto::{ApiError, ErrorCode, PromptDto};
use zeroize::Zeroizing;

/// What the window hands over.
pub(crate) enum Typed {
    /// A passphrase, and where to say whether it was right.
    Passphrase(Zeroizing<String>, SyncSender<Result<(), ApiError>>),
    /// The user gave up.
    GivenUp,
}

/// At most one passphrase is asked for at a time.
#[derive(Default)]
pub(crate) struct Prompts {
    asked: Mutex<Option<(PromptDto, Sender<Typed>)>>,
}

/// Nothing is asked for.
fn nothing() -> ApiError {
    ApiError { code: ErrorCode::Cancelled, sentence: "nothing is asked for any more".to_owned() }
}

impl Prompts {
    /// Begins to ask.
    ///
    /// # Errors
    /// If something is asked for already.
    pub(crate) fn begin(&self, prompt: PromptDto) -> Result<Receiver<Typed>, ApiError> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.is_some() {
            let sentence = "another passphrase is being asked for: answer that window first".to_owned();
            return Err(ApiError { code: ErrorCode::Cancelled, sentence });
        }
        let (typed, received) = channel();
        *asked = Some((prompt, typed));
        Ok(received)
    }

    /// Asks no more.
    pub(crate) fn end(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What is asked for.
    pub(crate) fn current(&self) -> Option<PromptDto> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(prompt, _)| prompt.clone())
    }

    /// Hands a passphrase over and waits for the verdict.
    pub(crate) fn submit(&self, text: String) -> Result<(), ApiError> {
        let (verdict, told) = sync_channel(1);
        let passphrase = Typed::Passphrase(Zeroizing::new(text), verdict);
        self.sender().ok_or_else(nothing)?.send(passphrase).map_err(|_| nothing())?;
        told.recv().map_err(|_| nothing())?
    }

    /// Gives up.
    pub(crate) fn cancel(&self) {
        if let Some(sender) = self.sender() {
            // Whoever waited may have gone.
            let _gone = sender.send(Typed::GivenUp);
        }
    }

    fn sender(&self) -> Option<Sender<Typed>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(_, typed)| typed.clone())
    }
}
