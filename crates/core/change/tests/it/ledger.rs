//! What the ledger takes, keeps back and refuses.

use panfloor_change::{
    Acknowledgement, Body, CheckCode, Decision, Draft, Envelope, Ledger, Nothing, QuarantineCode, RefusalCode,
    Revocation, Session, Signature, Standing, State, check_draft,
};
use panfloor_model::Timestamp;

use crate::plant::{
    ADMIN, ANNA, BEN, PAN, Plant, SITE, STATION, STATION_KEY, VERA, class, config, key, public, request, seal,
};

fn decision(body: fn(Decision) -> Body) -> Body {
    body(Decision { remark: String::new() })
}

#[test]
fn who_may_not_is_told_before_and_has_no_effect_after() {
    let mut plant = Plant::new();
    let asked = plant.ask("change-1", 46.5);
    let approval = Draft::about("change-1", asked, decision(Body::Approval));
    let check = |plant: &Plant, draft: &Draft, seed| {
        let result = check_draft(&plant.ledger, &plant.book, &[class()], STATION, public(&key(seed)), draft);
        result.map_err(|failed| failed.code)
    };
    assert_eq!(check(&plant, &approval, BEN), Ok(()));
    for (seed, code) in [
        (ANNA, CheckCode::AuthorApproves),
        (VERA, CheckCode::MissingRight),
        (ADMIN, CheckCode::MissingRight),
        (99, CheckCode::UnknownKey),
        (STATION_KEY, CheckCode::MissingRight),
    ] {
        assert_eq!(check(&plant, &approval, seed), Err(code), "{seed}");
        plant.commit(approval.clone(), seed);
        assert_eq!(plant.state(asked), State::Requested, "{seed}");
        assert!(plant.change(asked).approvals.is_empty(), "{seed}");
    }
    plant.commit(approval.clone(), BEN);
    assert_eq!(check(&plant, &approval, BEN), Err(CheckCode::ApprovedAlready));
    let withdrawal = Draft::about("change-1", asked, decision(Body::Withdrawal));
    assert_eq!(check(&plant, &withdrawal, BEN), Err(CheckCode::NotAuthor));
    assert_eq!(check(&plant, &withdrawal, ANNA), Ok(()));
    plant.commit(withdrawal, ANNA);
    assert_eq!(plant.state(asked), State::Withdrawn);
    assert_eq!(
        check(&plant, &Draft::about("change-1", asked, decision(Body::Rejection)), BEN),
        Err(CheckCode::TooLate)
    );
}

#[test]
fn a_request_is_checked_against_class_and_base() {
    let plant = Plant::new();
    let base = class().default_config;
    let check = |draft: &Draft| {
        let key = public(&key(ANNA));
        check_draft(&plant.ledger, &plant.book, &[class()], STATION, key, draft).map_err(|failed| failed.code)
    };
    let good = request(0, base.clone(), config(46.5));
    assert_eq!(check(&Draft::request("c", good.clone())), Ok(()));
    let mut unknown = good.clone();
    unknown.class = "b-pan".into();
    let mut silent = good;
    silent.reason = " ".into();
    for (request, code) in [
        (request(0, base.clone(), config(460.0)), CheckCode::Config),
        (request(7001, base.clone(), config(46.5)), CheckCode::Stale),
        (request(0, base.clone(), base), CheckCode::NothingChanges),
        (unknown, CheckCode::UnknownClass),
        (silent, CheckCode::Field),
    ] {
        assert_eq!(check(&Draft::request("c", request)), Err(code));
    }
}

#[test]
fn a_protected_field_needs_one_approval_more() {
    let mut plant = Plant::new();
    let mut new = config(46.0);
    new["temperature_interlocks"] = serde_json::json!([41.0, 50.0]);
    let asked = plant.commit(Draft::request("c", request(0, class().default_config, new)), ANNA);
    plant.decide("c", asked, Body::Approval, BEN);
    assert_eq!(plant.change(asked).machines[0].approvals_needed, Some(2));
    assert_eq!(plant.state(asked), State::Requested);
    plant.decide("c", asked, Body::Approval, BEN);
    assert_eq!(plant.state(asked), State::Requested, "one user counts once");
}

#[test]
fn what_was_tampered_with_leaves_no_trace() {
    let plant = Plant::new();
    let draft = Draft::request("c", request(0, class().default_config, config(46.5)));
    let envelope = seal(draft, plant.ledger.position(STATION), ANNA, plant.now.wall);
    let payload = String::from_utf8(envelope.payload().to_vec()).unwrap();
    let signature = Signature([7; 64]);
    let changed = payload.replace("46.5", "90.0").into_bytes();
    let stolen = payload.replace(&public(&key(ANNA)).to_string(), &public(&key(BEN)).to_string()).into_bytes();
    let mut ledger = plant.ledger.clone();
    for (bad, code) in [
        (Envelope::new(changed, public(&key(ANNA)), signature).encode(), RefusalCode::BadSignature),
        (Envelope::new(stolen, public(&key(ANNA)), signature).encode(), RefusalCode::BadSignature),
        (Envelope::new(b"{}".to_vec(), public(&key(ANNA)), signature).encode(), RefusalCode::NotARecord),
        (b"nonsense".to_vec(), RefusalCode::NotCanonical),
    ] {
        assert_eq!(ledger.insert(&bad).unwrap_err().code, code);
    }
    assert_eq!(ledger.records().count(), plant.ledger.records().count());
    let mut elsewhere = Ledger::new("elsewhere", vec![public(&key(ADMIN))]);
    assert_eq!(elsewhere.insert(&envelope.encode()).unwrap_err().code, RefusalCode::OtherSite);
}

#[test]
fn a_genesis_by_an_untrusted_key_makes_nobody() {
    let plant = Plant::new();
    let mut ledger = Ledger::new(SITE, vec![public(&key(42))]);
    ledger.load(plant.disc.records.iter().map(Vec::as_slice));
    assert_eq!(ledger.users(), []);
    assert_eq!(ledger.counting().count(), 0);
}

#[test]
fn a_hole_holds_back_what_follows_it() {
    let plant = Plant::new();
    let mut ledger = Ledger::new(SITE, vec![public(&key(ADMIN))]);
    let [first, second, third, ..] = &plant.disc.records[..] else { panic!("too few records") };
    ledger.insert(first).unwrap();
    let missing = Envelope::parse(second).unwrap().hash();
    let held = ledger.insert(third).unwrap();
    assert_eq!(held.standing, Standing::Held { missing });
    assert_eq!(ledger.holes(), [missing]);
    assert_eq!(ledger.position(STATION).seq, 2);
    ledger.insert(second).unwrap();
    assert_eq!(ledger.holes(), []);
    assert_eq!(ledger.standing(held.hash), Some(Standing::Counts));
    assert!(!ledger.insert(third).unwrap().new);
}

#[test]
fn of_a_revoked_key_counts_what_the_frontier_holds() {
    let mut plant = Plant::new();
    let before = plant.ask("change-1", 46.5);
    let frontier = plant.ledger.frontier();
    let after = plant.ask("change-2", 46.2);
    let revoked = public(&key(ANNA));
    let body = Body::Revocation(Revocation { revoked, frontier, reason: "left".into() });
    plant.commit(Draft::alone(body), ADMIN);
    assert_eq!(plant.ledger.standing(before), Some(Standing::Counts));
    assert_eq!(plant.ledger.standing(after), Some(Standing::Quarantined(QuarantineCode::Revoked)));
    let late = plant.ask("change-3", 46.1);
    assert_eq!(plant.ledger.standing(late), Some(Standing::Quarantined(QuarantineCode::Revoked)));
    assert!(plant.ledger.users().iter().any(|user| user.key == revoked && user.revoked));
}

#[test]
fn what_a_counting_publishing_names_counts_though_its_key_was_revoked() {
    let mut plant = Plant::new();
    let frontier = plant.ledger.frontier();
    let asked = plant.ask("change-1", 46.5);
    plant.decide("change-1", asked, Body::Approval, BEN);
    plant.run(std::time::Duration::from_secs(3));
    assert_eq!(plant.state(asked), State::Applied);
    let body = Body::Revocation(Revocation { revoked: public(&key(BEN)), frontier, reason: "lost".into() });
    plant.commit(Draft::alone(body), ADMIN);
    assert_eq!(plant.state(asked), State::Applied);
    assert_eq!(plant.change(asked).approvals.len(), 1);
}

#[test]
fn a_session_acknowledges_until_it_is_ended() {
    let mut plant = Plant::new();
    let session_key = 21;
    let expires_at = plant.now.wall.plus(std::time::Duration::from_secs(3600));
    let session = Session { session_key: public(&key(session_key)), expires_at };
    plant.commit(Draft::alone(Body::Session(session)), ANNA);
    let acknowledgement = Draft::alone(Body::Acknowledgement(Acknowledgement {
        condition: "low_low".into(),
        machine: PAN.into(),
        metric: Some("pressure".into()),
        up_to: Timestamp::from_millis(1_795_500_000_000),
        note: "valve checked".into(),
    }));
    let key = public(&key(session_key));
    let check = |plant: &Plant| check_draft(&plant.ledger, &plant.book, &[], STATION, key, &acknowledgement);
    assert_eq!(check(&plant), Ok(()));
    let counts = plant.commit(acknowledgement.clone(), session_key);
    assert_eq!(plant.ledger.standing(counts), Some(Standing::Counts));
    let by_user_key = plant.commit(acknowledgement.clone(), ANNA);
    assert_eq!(plant.ledger.standing(by_user_key), Some(Standing::Quarantined(QuarantineCode::MissingRight)));
    // Past its end the station ends it by a record.
    plant.now = plant.now.plus(std::time::Duration::from_secs(3601));
    plant.run(std::time::Duration::from_secs(3));
    assert_eq!(check(&plant).unwrap_err().code, CheckCode::UnknownKey);
    let late = plant.commit(acknowledgement.clone(), session_key);
    assert_eq!(plant.ledger.standing(late), Some(Standing::Quarantined(QuarantineCode::SessionEnded)));
    assert_eq!(plant.ledger.standing(counts), Some(Standing::Counts));
}

#[test]
fn automatic_kinds_need_the_stations_key() {
    let mut plant = Plant::new();
    let asked = plant.ask("change-1", 46.5);
    let expiry = plant.commit(Draft::about("change-1", asked, Body::Expiry(Nothing {})), ADMIN);
    assert_eq!(plant.ledger.standing(expiry), Some(Standing::Quarantined(QuarantineCode::MissingRight)));
    assert_eq!(plant.state(asked), State::Requested);
}
