//! The demo's site and its two users, whose passphrases are no secret.

use panfloor_engine::{Founding, Member};
use panfloor_model::Role;
use zeroize::Zeroizing;

/// A user of the demo.
#[derive(Debug, Clone, Copy)]
pub struct DemoUser {
    /// User id.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Roles.
    pub roles: &'static [Role],
    /// Passphrase, shown at the demo's sign-in.
    pub passphrase: &'static str,
}

/// The demo's users: one who asks, one who approves.
#[must_use]
pub const fn demo_users() -> [DemoUser; 2] {
    [
        DemoUser {
            id: "engineer-2",
            name: "engineer 2",
            roles: &[Role::Operator, Role::Engineer],
            passphrase: "boil at 46 degrees",
        },
        DemoUser {
            id: "supervisor-1",
            name: "supervisor 1",
            roles: &[Role::Operator, Role::Approver, Role::Administrator],
            passphrase: "two pairs of eyes",
        },
    ]
}

/// A demo user as a member to be made.
fn member(user: DemoUser) -> Member {
    Member {
        id: user.id.to_owned(),
        name: user.name.to_owned(),
        roles: user.roles.to_vec(),
        passphrase: Zeroizing::new(user.passphrase.to_owned()),
    }
}

/// The demo's site.
pub(crate) fn demo_founding() -> Founding {
    demo_users_founding("Demo plant")
}

/// A site of this name whose users are the demo's two: for trials at a broker of one's own. Their passphrases are no
/// secret, so whoever can open the data folder can sign as them.
#[must_use]
pub fn demo_users_founding(site_name: &str) -> Founding {
    let [engineer, supervisor] = demo_users();
    Founding {
        site_name: site_name.to_owned(),
        station_name: "Control room 1".to_owned(),
        administrator: member(supervisor),
        members: vec![member(engineer)],
        unless_founded: true,
    }
}
