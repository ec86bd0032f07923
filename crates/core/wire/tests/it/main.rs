//! Runs the contract's golden messages and schemas against the decoder, and the decoder against anything.
//!
//! `cfg(test)` on the modules tells the lints that their helpers are test code too.

#[cfg(test)]
mod case;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod rejection;
#[cfg(test)]
mod schema;
