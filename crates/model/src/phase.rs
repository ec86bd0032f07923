//! The phases of a strike and the modes of a machine, with their names on the wire.

use serde::{Deserialize, Serialize};

/// A phase of a strike (one batch of a vacuum pan), in the order in which they follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Syrup is drawn in under vacuum.
    Charge,
    /// Water is boiled off up to the seeding point.
    Concentrate,
    /// Seed crystals go in.
    Seed,
    /// Crystals grow while syrup is fed: the longest phase.
    GrainGrowth,
    /// The massecuite is brought to its final density.
    Tighten,
    /// Vacuum is broken and the pan emptied.
    Drop,
    /// The empty pan is cleaned with steam.
    SteamOut,
}

impl Phase {
    /// All phases in order.
    pub const ALL: [Self; 7] =
        [Self::Charge, Self::Concentrate, Self::Seed, Self::GrainGrowth, Self::Tighten, Self::Drop, Self::SteamOut];

    /// Name on the wire, in classes and in the store: `grain_growth`.
    #[must_use]
    pub const fn wire_name(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Concentrate => "concentrate",
            Self::Seed => "seed",
            Self::GrainGrowth => "grain_growth",
            Self::Tighten => "tighten",
            Self::Drop => "drop",
            Self::SteamOut => "steam_out",
        }
    }

    /// The phase with this wire name.
    #[must_use]
    pub fn from_wire_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.wire_name() == name)
    }

    /// The phase that follows; after steam-out comes charge.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|phase| *phase == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

/// Who commands a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Takes configs from afar.
    Remote,
    /// Operated at its own panel.
    Local,
    /// Being worked on.
    Maintenance,
}

impl Mode {
    /// Name on the wire.
    #[must_use]
    pub const fn wire_name(self) -> &'static str {
        match self {
            Self::Remote => "remote",
            Self::Local => "local",
            Self::Maintenance => "maintenance",
        }
    }

    /// The mode with this wire name.
    #[must_use]
    pub fn from_wire_name(name: &str) -> Option<Self> {
        [Self::Remote, Self::Local, Self::Maintenance].into_iter().find(|mode| mode.wire_name() == name)
    }
}
