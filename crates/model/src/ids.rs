//! Typed ids, so that a machine cannot be passed where a source is meant.

use serde::{Deserialize, Serialize};

/// A machine of the site, numbered by the store when it is first heard of. Never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MachineId(pub u32);

/// A source of the site (one broker or one subscription), numbered by the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceId(pub u16);

/// Position of a message in the store's order of commits: strictly rising, starts at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Seq(pub i64);
