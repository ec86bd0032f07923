//! Keys on a real disc and, where there is one, in a real keyring.

mod keyring;
mod store;
