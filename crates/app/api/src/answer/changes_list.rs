//! Which changes are answered at once, and which by the page: years of closed ones must not slow the open ones down.

use std::cmp::Reverse;

use panfloor_change::{Change, ChangeBook, Hash, State};
use panfloor_model::Timestamp;

/// So many closed changes are answered with the open ones: more than a screen shows.
const CLOSED_SHOWN: usize = 50;

/// Whether nothing more happens with a change.
fn is_closed(change: &Change) -> bool {
    !change.machines.iter().any(|on| match on.state {
        State::Requested | State::Approved | State::Publishing | State::Published | State::Received => true,
        State::Rejected
        | State::Withdrawn
        | State::Expired
        | State::Stale
        | State::Applied
        | State::Refused
        | State::Overruled => false,
    })
}

/// A change's place in the list, newest first; the hash tells those of one moment apart.
const fn place(change: &Change) -> (Reverse<Timestamp>, Hash) {
    (Reverse(change.requested.at), change.request_hash)
}

/// All changes, newest first.
fn newest_first(book: &ChangeBook) -> Vec<&Change> {
    let mut changes: Vec<&Change> = book.changes.values().collect();
    changes.sort_unstable_by_key(|change| place(change));
    changes
}

/// All open changes and the newest closed ones, newest first, and whether there are older ones.
pub(super) fn open_and_newest(book: &ChangeBook) -> (Vec<&Change>, bool) {
    let mut closed = 0;
    let mut shown = newest_first(book);
    shown.retain(|change| {
        let is_closed = is_closed(change);
        closed += usize::from(is_closed);
        !is_closed || closed <= CLOSED_SHOWN
    });
    (shown, closed > CLOSED_SHOWN)
}

/// At most `limit` closed changes older than `before`, newest first, and whether there are older ones; `None` if there is no such
/// change.
pub(super) fn closed_before(book: &ChangeBook, before: Hash, limit: usize) -> Option<(Vec<&Change>, bool)> {
    let last = place(book.changes.get(&before)?);
    let mut older = newest_first(book);
    older.retain(|change| is_closed(change) && place(change) > last);
    let more = older.len() > limit;
    older.truncate(limit);
    Some((older, more))
}

#[cfg(test)]
mod tests {
    use panfloor_change::{Change, ChangeBook, Hash, MachineChangeState, Request, State, Step, Who};
    use panfloor_model::Timestamp;

    use super::{CLOSED_SHOWN, closed_before, open_and_newest};

    /// A change requested at second `at`, on one machine.
    fn change(at: i64, state: State) -> Change {
        let request_hash = Hash::of(&at.to_le_bytes());
        let on = MachineChangeState {
            machine: "pan-01".to_owned(),
            state,
            approvals_needed: None,
            version: None,
            publishing: None,
            published: None,
            received: None,
            applied: None,
            refused: None,
            overruled_by: None,
        };
        let by = Who::Station { station: "room".to_owned() };
        Change {
            request_hash,
            id: at.to_string(),
            request: Request {
                class: String::new(),
                machines: Vec::new(),
                reason: String::new(),
                builds_on: Vec::new(),
                effect: None,
            },
            requested: Step {
                record: request_hash,
                by,
                // Pairs share a moment: the hash tells them apart.
                at: Timestamp(at / 2),
                remark: String::new(),
            },
            authors: Vec::new(),
            approvals: Vec::new(),
            rejections: Vec::new(),
            withdrawals: Vec::new(),
            expired: None,
            ignored: Vec::new(),
            machines: vec![on],
        }
    }

    #[test]
    fn pages_hold_every_closed_change_once_and_every_open_one_is_on_the_first() {
        let state = |at: i64| if at % 40 == 0 { State::Approved } else { State::Applied };
        let changes = (0..200).map(|at| change(at, state(at))).map(|change| (change.request_hash, change)).collect();
        let book = ChangeBook { changes, ..ChangeBook::default() };
        let (first, more) = open_and_newest(&book);
        assert!(more);
        assert_eq!(first.len(), CLOSED_SHOWN + 5);
        assert!(first.windows(2).all(|pair| pair[0].requested.at >= pair[1].requested.at));
        let closed = |changes: &[&Change]| -> Vec<Hash> {
            let closed = changes.iter().filter(|change| change.machines[0].state == State::Applied);
            closed.map(|change| change.request_hash).collect()
        };
        let mut seen = closed(&first);
        loop {
            let (page, more) = closed_before(&book, *seen.last().unwrap(), 30).unwrap();
            assert_eq!(closed(&page).len(), page.len(), "open ones are on the first page");
            seen.extend(closed(&page));
            if !more {
                break;
            }
            assert_eq!(page.len(), 30);
        }
        assert_eq!(seen.len(), 195);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 195, "none twice");
        assert!(closed_before(&book, Hash::of(b"unknown"), 30).is_none());
    }
}
