//! Runs the contract against the decoder.
