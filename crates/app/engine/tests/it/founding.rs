//! Founding a site where it cannot be done.

use panfloor_engine::{Core, Founding, StartError};
use panfloor_historian::Options;

use crate::rig::{Rig, founding, source};

/// A founding that must make a new site.
fn new_site() -> Founding {
    Founding { site_name: "Another site".to_owned(), unless_founded: false, ..founding() }
}

#[test]
fn no_second_site_is_founded_and_the_sources_stay() {
    let rig = Rig::new();
    let kept = |port, founding| {
        let mut setup = rig.setup(vec![source(port)], founding, Options::default());
        setup.keep_sources = true;
        panfloor_engine::start(setup, rig.runtime.handle())
    };
    let first = kept(1, Some(new_site())).unwrap();
    let site = first.inspect(|core| core.identity().cloned()).unwrap();
    let held = kept(2, Some(new_site())).map(drop);
    assert!(matches!(held, Err(StartError::Founded { .. })), "{held:?}");
    first.stop();
    let refused = kept(2, Some(new_site())).map(drop).unwrap_err();
    assert!(matches!(&refused, StartError::Founded { site, .. } if site == "Another site"), "{refused}");
    let setup = rig.setup(Vec::new(), Some(founding()), Options::default());
    let again = panfloor_engine::start(setup, rig.runtime.handle()).unwrap();
    assert_eq!(again.inspect(|core| core.identity().cloned()).unwrap(), site, "unless founded: it is kept");
    let addresses: Vec<String> =
        again.inspect(Core::sources).unwrap().into_iter().map(|source| source.address).collect();
    assert_eq!(addresses, ["mqtt://127.0.0.1:1"], "the refused start changed nothing");
    again.stop();
}

#[test]
fn where_another_process_writes_none_is_founded() {
    let rig = Rig::new();
    let first = rig.start(source(1));
    let refused = rig.setup(vec![source(1)], Some(founding()), Options::default());
    let refused = panfloor_engine::start(refused, rig.runtime.handle()).map(drop).unwrap_err();
    assert!(matches!(refused, StartError::Held { .. }), "{refused}");
    first.engine.stop();
}
