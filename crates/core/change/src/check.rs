//! Whether a user's record would count, said before it is signed.

use panfloor_model::{FieldProblem, MachineClass, Role, Timestamp, validate_config};
use thiserror::Error;

use crate::body::{Body, MachineChange, Request};
use crate::book::{Change, ChangeBook, State};
use crate::config::diff;
use crate::ledger::{Ledger, QuarantineCode, Right, form_problem, right};
use crate::names::{Hash, PublicKey};
use crate::record::{Draft, Payload};

/// Why a draft would not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckCode {
    /// The key belongs to nobody, or to another station, or is revoked.
    UnknownKey,
    /// The key's roles do not allow this kind.
    MissingRight,
    /// An author may not approve.
    AuthorApproves,
    /// This user already approved.
    ApprovedAlready,
    /// Only an author may withdraw.
    NotAuthor,
    /// The request is not known here.
    UnknownRequest,
    /// The change is no longer open: it was published, rejected, withdrawn or expired.
    TooLate,
    /// The base is not the desired version any more.
    Stale,
    /// The machine's class is not known here.
    UnknownClass,
    /// A config does not fit its class; see the fields.
    Config,
    /// Nothing would change.
    NothingChanges,
    /// A field of the record itself is missing, too long or out of range.
    Field,
    /// The ledger is full: nothing is recorded any more.
    Full,
}

/// A draft that would not count.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct CheckFailed {
    /// What is wrong, for the program.
    pub code: CheckCode,
    /// What is wrong and what to do, for people.
    pub sentence: String,
    /// What is wrong with which field of which config, where the code is [`CheckCode::Config`].
    pub fields: Vec<FieldProblem>,
}

/// Longest config as sorted JSON, bytes: its message with the proof must stay below 64 KiB.
const MAX_CONFIG_BYTES: usize = 8 * 1024;

/// Longest request as JSON, bytes: it travels in each of its machines' config messages, in base64.
const MAX_REQUEST_BYTES: usize = 32 * 1024;

/// Checks a user's draft, to be signed by `key` at `station`, against the ledger as it is now.
///
/// # Errors
/// Why it would not count.
pub fn check_draft(
    ledger: &Ledger,
    book: &ChangeBook,
    classes: &[MachineClass],
    station: &str,
    key: PublicKey,
    draft: &Draft,
) -> Result<(), CheckFailed> {
    if ledger.is_full() {
        return Err(failed(
            CheckCode::Full,
            "The ledger is full: nothing can be recorded any more. Ask an administrator.",
        ));
    }
    check_form(ledger, station, key, draft)?;
    let user = check_right(ledger, station, key, &draft.body)?;
    if let Body::Request(request) = &draft.body {
        return check_request(book, classes, draft, request);
    }
    let about = draft.request.map(|request| find(book, request)).transpose()?;
    match (&draft.body, about) {
        (Body::Approval(_), Some(change)) => check_approval(change, &user),
        (Body::Rejection(_), Some(change)) => check_open(change),
        (Body::Withdrawal(_), Some(change)) if !change.authors.contains(&user) => {
            Err(failed(CheckCode::NotAuthor, "Only an author may withdraw a request; reject it instead."))
        }
        (Body::Withdrawal(_), Some(change)) => check_open(change),
        (_, _) => Ok(()),
    }
}

/// Whether the record would have its form, wherever it came to stand.
fn check_form(ledger: &Ledger, station: &str, key: PublicKey, draft: &Draft) -> Result<(), CheckFailed> {
    let payload = Payload {
        site: ledger.site().to_owned(),
        station: station.to_owned(),
        seq: 1,
        prev: None,
        // The only field that its form is measured by is a session's end, which is the engine's to choose.
        time: if let Body::Session(session) = &draft.body { session.expires_at } else { Timestamp::default() },
        key,
        change: draft.change.clone(),
        request: draft.request,
        body: draft.body.clone(),
    };
    match form_problem(&payload) {
        Some(problem) => Err(failed(CheckCode::Field, &format!("This cannot be recorded: {problem}."))),
        None => Ok(()),
    }
}

/// Whether the key may sign this kind; gives the user's id (empty for a session's key).
fn check_right(ledger: &Ledger, station: &str, key: PublicKey, body: &Body) -> Result<String, CheckFailed> {
    let role = match right(body) {
        Right::Session(role) => return session_right(ledger, station, key, Some(role), body),
        Right::SessionOrStation => return session_right(ledger, station, key, None, body),
        Right::User(role) => Some(role),
        // The station's own kinds are not a user's to draft: whoever signs one anyway is found out by the ledger.
        Right::Register | Right::AnyUser | Right::Station | Right::Nobody => None,
    };
    let user = ledger.user_with(key, station, role).map_err(|code| right_failed(code, body))?;
    Ok(user.user)
}

/// Whether the key is that of an open session, of a user in the role if one is needed.
fn session_right(
    ledger: &Ledger,
    station: &str,
    key: PublicKey,
    role: Option<Role>,
    body: &Body,
) -> Result<String, CheckFailed> {
    let session = ledger.session_with(key, station, role);
    session.map(|()| String::new()).map_err(|code| right_failed(code, body))
}

/// A missing right as a sentence.
fn right_failed(code: QuarantineCode, body: &Body) -> CheckFailed {
    let kind = body.kind();
    match code {
        QuarantineCode::MissingRight => {
            failed(CheckCode::MissingRight, &format!("Your roles do not allow: {kind}. Ask an administrator."))
        }
        QuarantineCode::OtherStation => failed(
            CheckCode::UnknownKey,
            "Your key is enrolled for another station. Ask an administrator to enrol one for this station.",
        ),
        QuarantineCode::Revoked => failed(CheckCode::UnknownKey, "Your key was revoked. Ask an administrator."),
        QuarantineCode::SessionEnded => failed(CheckCode::UnknownKey, "You are not signed in. Sign in again."),
        QuarantineCode::UnknownKey
        | QuarantineCode::UnknownKind
        | QuarantineCode::ChainBroken
        | QuarantineCode::UntrustedGenesis => {
            failed(CheckCode::UnknownKey, "Your key is not enrolled at this site. Ask an administrator.")
        }
    }
}

/// A request: known class, configs that fit it and change something, bases that are the desired versions.
fn check_request(
    book: &ChangeBook,
    classes: &[MachineClass],
    draft: &Draft,
    request: &Request,
) -> Result<(), CheckFailed> {
    let Some(class) = classes.iter().find(|class| class.id == request.class) else {
        let sentence = format!("The machine class {:?} is not known here.", request.class);
        return Err(failed(CheckCode::UnknownClass, &sentence));
    };
    if draft.change.as_deref().is_some_and(|id| book.by_id(id).is_some()) {
        return Err(failed(CheckCode::Field, "This change id was used before; take a new one."));
    }
    if serde_json::to_vec(request).map_or(true, |bytes| bytes.len() > MAX_REQUEST_BYTES) {
        let sentence = "The request is too long: it travels in each machine's config message. Name fewer machines.";
        return Err(failed(CheckCode::Field, sentence));
    }
    request.builds_on.iter().try_for_each(|hash| find(book, *hash).map(|_| ()))?;
    request.machines.iter().try_for_each(|change| check_machine(book, class, change))
}

/// One machine's part of a request.
fn check_machine(book: &ChangeBook, class: &MachineClass, change: &MachineChange) -> Result<(), CheckFailed> {
    let machine = &change.machine;
    if let Err(fields) = validate_config(class, &change.config) {
        let sentence = format!("The config for {machine} does not fit its class: {} problem(s).", fields.len());
        return Err(CheckFailed { fields, ..failed(CheckCode::Config, &sentence) });
    }
    if crate::text::sorted_json(&change.config).len() > MAX_CONFIG_BYTES {
        return Err(failed(CheckCode::Config, &format!("The config for {machine} is longer than 8 KiB.")));
    }
    let desired = book.desired.get(machine);
    if desired.map_or(0, |desired| desired.version) != change.base_version {
        let sentence = format!("The config of {machine} was changed meanwhile. Look at it and make the change again.");
        return Err(failed(CheckCode::Stale, &sentence));
    }
    let base = desired.map_or(&change.base_config, |desired| &desired.config);
    if !diff(base, &change.base_config).is_empty() {
        let sentence = format!("The base config given for {machine} is not that of its desired version.");
        return Err(failed(CheckCode::Stale, &sentence));
    }
    if diff(base, &change.config).is_empty() {
        return Err(failed(CheckCode::NothingChanges, &format!("Nothing would change on {machine}.")));
    }
    Ok(())
}

/// An approval: by no author, once a user, while the change is open.
fn check_approval(change: &Change, user: &str) -> Result<(), CheckFailed> {
    if change.authors.iter().any(|author| author == user) {
        let sentence = "You are an author of this change: somebody else has to approve it.";
        return Err(failed(CheckCode::AuthorApproves, sentence));
    }
    if change.approvals.iter().any(|step| step.user() == Some(user)) {
        return Err(failed(CheckCode::ApprovedAlready, "You approved this change already; another user has to."));
    }
    let stale = change.machines.iter().all(|one| one.state == State::Stale);
    if stale {
        return Err(failed(CheckCode::Stale, "Its base is not the desired config any more: it has to be made anew."));
    }
    check_open(change)
}

/// Whether anything of the change is still to be decided.
fn check_open(change: &Change) -> Result<(), CheckFailed> {
    let open = |state| matches!(state, State::Requested | State::Approved | State::Stale);
    if change.machines.iter().any(|one| open(one.state)) {
        Ok(())
    } else {
        Err(failed(
            CheckCode::TooLate,
            "This change is no longer open: it was published, rejected, withdrawn or expired.",
        ))
    }
}

/// The change of a request.
fn find(book: &ChangeBook, request: Hash) -> Result<&Change, CheckFailed> {
    book.changes
        .get(&request)
        .ok_or_else(|| failed(CheckCode::UnknownRequest, "This request is not known here, or does not count."))
}

/// A failed check without fields.
fn failed(code: CheckCode, sentence: &str) -> CheckFailed {
    CheckFailed { code, sentence: sentence.to_owned(), fields: Vec::new() }
}
