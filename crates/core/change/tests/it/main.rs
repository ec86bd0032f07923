//! Change records against a simulated station, broker and pan.

mod contract;
mod fold;
mod ledger;
mod plant;
mod scenarios;
