//! Runs the contract's golden messages and schemas against the decoder, and the decoder against anything.

mod case;
mod golden;
mod properties;
mod schema;
