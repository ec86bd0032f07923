//! Signed change records: from a wish to a proven effect on a machine.
//!
//! Does: reads and writes records (DSSE envelopes), keeps them as a set of chains ([`Ledger`]), derives every change's
//! state from that set ([`fold`]), and decides what a station has to do next ([`Publisher`]).
//! Never: I/O, clocks, randomness, private keys. Whoever signs is handed the bytes ([`Unsigned::pae`]) and hands back a
//! signature; what is to be done comes out as an [`Effect`].
//!
//! Invariants:
//! - A record is named by the SHA-256 of its PAE, and the very bytes that were signed are stored, sent and checked.
//! - Nothing here decides by a record's time: order is only what hashes prove.
//! - [`fold`] gives the same book for every order and repetition of arrival.
//! - No config is published without enough approvals by distinct users, none an author, with the right to approve.
//! - A version has one content: epoch × 1000 + n, the epoch congruent to the station's number modulo 64.
//! - A station acts on its own record only after it came back from the broker.
//! - "Published" is the bytes seen on the config topic, "received" and "applied" a report that names the version.

mod body;
mod book;
mod check;
mod config;
mod dsse;
mod epochs;
mod fold;
mod ledger;
mod message;
mod names;
mod publisher;
mod record;
mod text;
mod view;

pub use body::{
    Acknowledgement, Administrator, Body, Claim, Decision, Frontier, MachineChange, Nothing, Observation, Open,
    Publishing, Refusal, Request, Revocation, Session, SessionEnd, Site, StationEnrolment, UserEnrolment,
};
pub use book::{Change, ChangeBook, Desired, MachineChangeState, State, Step, Who};
pub use check::{CheckCode, CheckFailed, check_draft};
pub use config::{FieldChange, diff, protected_changes};
pub use dsse::{Envelope, PAYLOAD_TYPE, RefusedEnvelope, pae};
pub use epochs::{EPOCH_MODULUS, VERSIONS_PER_EPOCH, shown_version};
pub use fold::fold;
pub use ledger::{
    EnrolledKey, EnrolledStation, Inserted, Ledger, QuarantineCode, Record, RefusalCode, Refused, Signer, Standing,
};
pub use message::{MAX_CONFIG_MESSAGE_BYTES, config_core, config_message};
pub use names::{Hash, InvalidName, PublicKey, Signature};
pub use publisher::{Effect, HeartbeatPace, Notice, NoticeKind, Publisher, PublisherState, Wait, Waiting};
pub use record::{Draft, Payload, Position, Unsigned};
pub use view::{Head, MachineView, Report, ReportStatus, SeenConfig, SeenHead, StationView};
