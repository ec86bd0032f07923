//! Tests of trends from outside.

mod envelopes;
mod minutes;
mod moments;
mod series;
