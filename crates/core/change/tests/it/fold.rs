//! The fold is the same for every order and repetition of arrival.

use std::sync::LazyLock;
use std::time::Duration;

use panfloor_change::{Body, ChangeBook, Draft, Ledger, Revocation, Session, SessionEnd, Standing, fold};
use proptest::prelude::{Just, Strategy, any, proptest};
use proptest::sample::Index;

use crate::plant::{ADMIN, BEN, Plant, SITE, class, key, public};

/// A history with a bit of everything: two changes, a rejection, a restart, a revocation.
static HISTORY: LazyLock<(Vec<Vec<u8>>, ChangeBook)> = LazyLock::new(|| {
    let mut plant = Plant::new();
    plant.run(Duration::from_secs(3));
    for (id, setpoint) in [("change-1", 46.5), ("change-2", 46.2)] {
        let request = plant.ask(id, setpoint);
        plant.decide(id, request, Body::Approval, BEN);
        plant.run(Duration::from_secs(2));
        plant.restart();
        plant.run(Duration::from_secs(3));
    }
    let session = Session { session_key: public(&key(200)), expires_at: plant.now.wall };
    let session = plant.commit(Draft::alone(Body::Session(session)), BEN);
    plant.commit(Draft::alone(Body::SessionEnd(SessionEnd { session })), 200);
    let rejected = plant.ask("change-3", 46.1);
    plant.decide("change-3", rejected, Body::Rejection, BEN);
    let frontier = plant.ledger.frontier();
    let late = plant.ask("change-4", 46.3);
    let body = Body::Revocation(Revocation { revoked: public(&key(BEN)), frontier, reason: "left".into() });
    plant.commit(Draft::alone(body), ADMIN);
    plant.decide("change-4", late, Body::Approval, BEN);
    plant.run(Duration::from_secs(2));
    (plant.disc.records, plant.book)
});

fn ledger() -> Ledger {
    Ledger::new(SITE, vec![public(&key(ADMIN))])
}

fn order() -> impl Strategy<Value = (Vec<usize>, Vec<Index>)> {
    let count = HISTORY.0.len();
    (Just((0..count).collect::<Vec<_>>()).prop_shuffle(), proptest::collection::vec(any::<Index>(), 0..20))
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 40, ..Default::default() })]

    #[test]
    fn any_order_gives_the_same_book((order, repeats) in order()) {
        let (records, book) = &*HISTORY;
        let mut one_by_one = ledger();
        for at in &order {
            one_by_one.insert(&records[*at]).unwrap();
        }
        for repeat in &repeats {
            assert!(!one_by_one.insert(repeat.get(records.as_slice()).as_slice()).unwrap().new);
        }
        let mut at_once = ledger();
        assert_eq!(at_once.load(order.iter().map(|at| records[*at].as_slice())), []);
        for ledger in [&one_by_one, &at_once] {
            assert_eq!(&fold(ledger, &[class()]), book);
            assert!(ledger.holes().is_empty());
        }
        assert_eq!(one_by_one.frontier(), at_once.frontier());
    }

    #[test]
    fn a_record_that_moves_no_book_moves_none(order in order()) {
        let mut ledger = ledger();
        let mut book = fold(&ledger, &[class()]);
        for at in order.0 {
            let inserted = ledger.insert(&HISTORY.0[at]).unwrap();
            let moved = fold(&ledger, &[class()]);
            assert!(inserted.moves_book || moved == book, "{:?}", ledger.get(inserted.hash));
            book = moved;
        }
    }

    #[test]
    fn a_part_of_the_set_shows_no_more_than_the_whole(seen in proptest::collection::vec(any::<bool>(), HISTORY.0.len())) {
        let (records, whole) = &*HISTORY;
        let mut ledger = ledger();
        for (record, _) in records.iter().zip(&seen).filter(|(_, seen)| **seen) {
            ledger.insert(record).unwrap();
        }
        let book = fold(&ledger, &[class()]);
        for (hash, change) in &book.changes {
            assert!(ledger.standing(*hash) == Some(Standing::Counts));
            assert!(whole.changes.contains_key(hash), "{change:?}");
        }
        for (record, _) in records.iter().zip(&seen).filter(|(_, seen)| !**seen) {
            ledger.insert(record).unwrap();
        }
        assert_eq!(&fold(&ledger, &[class()]), whole);
    }
}
