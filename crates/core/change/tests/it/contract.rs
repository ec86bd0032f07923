//! Golden envelopes.
