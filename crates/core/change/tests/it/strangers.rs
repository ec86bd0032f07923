//! What anybody who may publish at the broker can send, without a key that is enrolled: none of it may hold changes up.

use std::collections::BTreeSet;
use std::time::Duration;

use panfloor_change::{
    Body, Claim, Draft, Hash, Head, NoticeKind, Position, PublisherState, QuarantineCode, RefusalCode, SeenHead,
    Standing, State,
};
use serde_json::json;

use crate::plant::{BEN, Plant, SITE, STATION, class, request, seal};

const SECOND: Duration = Duration::from_secs(1);

/// A stranger's record at a place of this station's chain.
fn strange(plant: &mut Plant, seed: u8, seq: u64, prev: Option<Hash>) -> Hash {
    let position = Position { site: SITE.into(), station: STATION.into(), seq, prev };
    let claim = Draft::alone(Body::Claim(Claim { epoch: 9_000_000_000_000 }));
    let envelope = seal(claim, position, seed, plant.now.wall);
    plant.view.echoed.insert(envelope.hash());
    plant.ledger.insert(&envelope.encode()).unwrap().hash
}

/// A change from wish to effect.
fn assert_changes_go_on(plant: &mut Plant) {
    let request = plant.ask("change-1", 46.5);
    plant.decide("change-1", request, Body::Approval, BEN);
    plant.run(2 * SECOND);
    assert_eq!(plant.state(request), State::Applied);
    plant.assert_safe();
}

#[test]
fn chains_of_strangers_are_no_ends_no_holes_and_no_epochs() {
    let mut plant = Plant::new();
    let head = plant.ledger.head(STATION).unwrap().hash;
    for seed in 100..170 {
        let root = strange(&mut plant, seed, 1, None);
        assert_eq!(plant.ledger.standing(root), Some(Standing::Quarantined(QuarantineCode::UnknownKey)));
    }
    let after = strange(&mut plant, 170, 6, Some(head));
    let _further = strange(&mut plant, 171, 7, Some(after));
    let _hole = strange(&mut plant, 172, 9, Some(Hash::of(b"nobody has it")));
    assert_eq!(plant.ledger.holes(), []);
    assert_eq!(plant.ledger.head(STATION).unwrap().hash, head);
    assert_eq!(plant.ledger.frontier().into_values().flatten().count(), 1);
    plant.run(3 * SECOND);
    assert!(plant.epoch() < 1_000);
    assert_changes_go_on(&mut plant);
    let frontier = plant.ledger.frontier();
    plant.restart();
    assert_eq!(plant.ledger.frontier(), frontier, "the same without them");
}

/// A head of a station, with an epoch and a hash that nobody has.
fn head(station: &str) -> Head {
    Head {
        site: SITE.into(),
        station: station.into(),
        started_at: 1,
        beat: 1,
        epoch: u64::MAX,
        frontier: [(STATION.to_owned(), vec![Hash::of(b"nobody has it")].into_iter().collect())].into(),
    }
}

#[test]
fn the_head_of_a_station_that_is_not_enrolled_is_asked_after_and_holds_nothing_up() {
    let mut plant = Plant::new();
    plant.wanted = Some(BTreeSet::new());
    let seen = SeenHead { head: head("ghost"), received_at: plant.now.mono, retained: true };
    plant.view.heads.insert("ghost".to_owned(), seen);
    plant.run(3 * SECOND);
    assert!(plant.epoch() < 1_000);
    assert_eq!(plant.wanted.clone(), Some([Hash::of(b"nobody has it")].into()));
    assert_changes_go_on(&mut plant);
    assert_eq!(plant.notices(), []);
}

#[test]
fn ones_own_head_of_a_life_that_nobody_remembers_holds_up_for_five_minutes_and_is_told() {
    let mut plant = Plant::new();
    plant.wanted = Some(BTreeSet::new());
    let old = head(STATION);
    plant.see_head(&old.encode(), true);
    plant.run(290 * SECOND);
    assert_eq!(plant.publisher.state(), PublisherState::Holes);
    plant.run(15 * SECOND);
    assert_eq!(plant.notices(), [(NoticeKind::RecordsMissing, None)]);
    assert_changes_go_on(&mut plant);
    assert_eq!(plant.notices(), [(NoticeKind::RecordsMissing, None)], "told while they are missing");
}

#[test]
fn strangers_records_get_some_room_and_no_more() {
    let mut plant = Plant::new();
    let mut big = request(0, class().default_config, json!({"long": "x".repeat(100_000)}));
    big.reason = "Room".into();
    let mut refused = None;
    for seq in 2..400 {
        let position = Position { site: SITE.into(), station: STATION.into(), seq, prev: Some(Hash::of(&[7])) };
        let envelope = seal(Draft::request("c", big.clone()), position, 200, plant.now.wall);
        if let Err(full) = plant.ledger.insert(&envelope.encode()) {
            refused = Some((seq, full.code));
            break;
        }
    }
    let (seq, code) = refused.unwrap();
    assert!((150..170).contains(&seq) && code == RefusalCode::Strangers, "{seq} {code:?}");
    plant.run(3 * SECOND);
    assert_changes_go_on(&mut plant);
}
