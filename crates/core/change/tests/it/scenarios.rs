//! Scenarios with one station, after the traces that shaped the protocol.

use std::time::Duration;

use panfloor_change::{Body, Notice, NoticeKind, PublisherState, State, Wait};
use panfloor_model::Mode;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::plant::{BEN, PAN, Plant};

const SECOND: Duration = Duration::from_secs(1);

fn opened() -> Plant {
    let mut plant = Plant::new();
    plant.run(3 * SECOND);
    plant
}

#[test]
fn alone_it_opens_within_two_seconds() {
    let mut plant = Plant::new();
    plant.run(2 * SECOND);
    assert_eq!(plant.epoch() % 64, 7);
}

#[test]
fn from_wish_to_applied_each_step_with_its_author_and_time() {
    let mut plant = opened();
    let request = plant.ask("change-1", 46.5);
    plant.run(SECOND);
    assert_eq!(plant.state(request), State::Requested);
    assert!(plant.broker.accepted.is_empty());
    plant.decide("change-1", request, Body::Approval, BEN);
    plant.run(SECOND);
    assert_eq!(plant.state(request), State::Applied);
    let change = plant.change(request);
    let machine = &change.machines[0];
    assert_eq!(change.requested.user(), Some("anna"));
    assert_eq!(change.approvals[0].user(), Some("ben"));
    for step in [&machine.publishing, &machine.published, &machine.received, &machine.applied] {
        assert_eq!(step.as_ref().unwrap().user(), None);
    }
    assert_eq!(plant.broker.accepted.len(), 1);
    let message: Value = serde_json::from_slice(&plant.broker.accepted[0].1).unwrap();
    assert_eq!(message["version"], plant.epoch() * 1000 + 1);
    assert_eq!(message["config"]["temperature_setpoint"], 46.5);
    assert_eq!(message["approved_by"], json!(["ben"]));
    assert_eq!(message["proof"]["approvals"].as_array().unwrap().len(), 1);
    plant.assert_safe();
}

#[test]
fn nothing_is_published_before_the_approval_or_after_a_rejection() {
    let mut plant = opened();
    let request = plant.ask("change-1", 46.5);
    plant.decide("change-1", request, Body::Rejection, BEN);
    plant.decide("change-1", request, Body::Approval, BEN);
    plant.run(30 * SECOND);
    assert_eq!(plant.state(request), State::Rejected);
    assert!(plant.broker.accepted.is_empty());
}

#[test]
fn a_crash_at_any_effect_still_ends_applied_and_no_version_has_two_contents() {
    let mut crashes = 0;
    for crash_after in 0..200 {
        let mut plant = Plant::new();
        let request = plant.ask("change-1", 46.5);
        plant.decide("change-1", request, Body::Approval, BEN);
        plant.crash_after = Some(crash_after);
        plant.run(30 * SECOND);
        if plant.crashed {
            crashes += 1;
            plant.crashed = false;
            plant.crash_after = None;
            plant.restart();
            plant.run(30 * SECOND);
        }
        assert_eq!(plant.state(request), State::Applied, "crash after {crash_after} effects");
        let version = plant.change(request).machines[0].version;
        assert_eq!(plant.pan_running, version, "crash after {crash_after} effects");
        plant.assert_safe();
    }
    assert!(crashes > 20, "only {crashes} crashes");
}

#[test]
fn a_restart_claims_a_new_epoch_and_publishes_nothing_again() {
    let mut plant = opened();
    let request = plant.ask("change-1", 46.5);
    plant.decide("change-1", request, Body::Approval, BEN);
    plant.run(SECOND);
    let epoch = plant.epoch();
    plant.restart();
    plant.run(20 * SECOND);
    assert_eq!(plant.epoch(), epoch + 64);
    assert_eq!(plant.broker.accepted.len(), 1);
    assert_eq!(plant.state(request), State::Applied);
}

#[test]
fn a_lost_session_ends_the_epoch() {
    let mut plant = opened();
    let epoch = plant.epoch();
    plant.view.sessions_lost += 1;
    plant.run(5 * SECOND);
    assert_eq!(plant.epoch(), epoch + 64);
}

#[test]
fn nothing_is_acted_on_before_its_echo_and_what_was_lost_is_sent_again() {
    let mut plant = opened();
    let request = plant.ask("change-1", 46.5);
    plant.run(SECOND);
    plant.decide("change-1", request, Body::Approval, BEN);
    // The approval and the publishing are lost on their way.
    plant.broker.drop_records = 2;
    plant.run(5 * SECOND);
    assert_eq!(plant.state(request), State::Publishing);
    assert!(plant.broker.accepted.is_empty());
    plant.run(10 * SECOND);
    assert_eq!(plant.state(request), State::Applied);
}

#[test]
fn an_empty_or_older_topic_gets_the_same_bytes_again() {
    let mut plant = opened();
    for (id, setpoint) in [("change-1", 46.5), ("change-2", 46.2)] {
        let request = plant.ask(id, setpoint);
        plant.decide(id, request, Body::Approval, BEN);
        plant.run(2 * SECOND);
        assert_eq!(plant.state(request), State::Applied);
    }
    let (older, newer) = (plant.broker.accepted[0].1.clone(), plant.broker.accepted[1].1.clone());
    plant.clear_config(PAN);
    plant.run(2 * SECOND);
    assert_eq!(plant.broker.config[PAN], newer);
    plant.write_config(PAN, &older);
    plant.run(2 * SECOND);
    assert_eq!(plant.broker.config[PAN], newer);
    assert_eq!(plant.broker.accepted.len(), 4);
    plant.assert_safe();
}

#[test]
fn a_second_writer_is_overruled_five_times_then_shown() {
    let mut plant = opened();
    let request = plant.ask("change-1", 46.5);
    plant.decide("change-1", request, Body::Approval, BEN);
    plant.run(2 * SECOND);
    for _ in 0..10 {
        plant.clear_config(PAN);
        plant.run(5 * SECOND);
    }
    assert_eq!(plant.broker.accepted.len(), 5);
    assert_eq!(plant.notices(), [(NoticeKind::SecondWriter, Some(PAN))]);
    let since = plant.publisher.notices()[0].since;
    plant.run(500 * SECOND);
    assert_eq!(plant.notices(), [(NoticeKind::SecondWriter, Some(PAN))], "quiet, but not for long enough");
    assert_eq!(plant.publisher.notices()[0].since, since);
    plant.run(1_200 * SECOND);
    assert_eq!(plant.notices(), [], "nobody wrote for a whole window");
}

#[test]
fn a_broker_that_forbids_the_config_never_makes_it_published() {
    let mut plant = opened();
    plant.broker.forbid_config = true;
    let request = plant.ask("change-1", 46.5);
    plant.decide("change-1", request, Body::Approval, BEN);
    plant.run(120 * SECOND);
    assert_eq!(plant.state(request), State::Publishing);
    assert_eq!(plant.notices(), [(NoticeKind::ConfigNotTaken, Some(PAN))]);
    plant.broker.forbid_config = false;
    plant.run(700 * SECOND);
    assert_eq!((plant.state(request), plant.notices()), (State::Applied, Vec::new()), "the cause is gone");
}

#[test]
fn what_the_ledger_does_not_know_is_not_overruled() {
    let mut plant = opened();
    let request = plant.ask("change-1", 46.5);
    plant.decide("change-1", request, Body::Approval, BEN);
    plant.run(2 * SECOND);
    plant.pan_obeys = false;
    for foreign in [
        json!({"site": "elsewhere", "version": 1, "config": {}}).to_string(),
        json!({"site": "lublin", "version": 9_000_001, "config": {}}).to_string(),
        "{\"temperature_setpoint\":1}".to_owned(),
    ] {
        plant.write_config(PAN, foreign.as_bytes());
        plant.run(30 * SECOND);
        assert_eq!(plant.broker.config[PAN], foreign.as_bytes());
    }
    assert_eq!(plant.notices(), [(NoticeKind::Drift, Some(PAN))]);
    let second = plant.ask("change-2", 46.2);
    plant.decide("change-2", second, Body::Approval, BEN);
    plant.run(2 * SECOND);
    let waiting = plant.publisher.waiting()[0].clone();
    assert_eq!(waiting.reason, Wait::Drift);
    plant.run(30 * SECOND);
    assert_eq!(plant.publisher.waiting(), [waiting], "it waits for the same since then");
    plant.clear_config(PAN);
    plant.run(2 * SECOND);
    assert_eq!((plant.notices(), plant.publisher.waiting()), (Vec::new(), &[][..]), "the cause is gone");
}

#[test]
fn only_a_report_of_that_very_version_proves_anything() {
    let mut plant = opened();
    plant.pan_obeys = false;
    let request = plant.ask("change-1", 46.5);
    plant.decide("change-1", request, Body::Approval, BEN);
    plant.run(2 * SECOND);
    assert_eq!(plant.state(request), State::Published);
    let version = plant.change(request).machines[0].version.unwrap();
    for other in [None, Some(version - 1), Some(version + 1), Some(u64::MAX)] {
        plant.report(other, "applied", false);
        plant.run(2 * SECOND);
        assert_eq!(plant.state(request), State::Published, "{other:?}");
    }
    plant.report(Some(version), "received", false);
    plant.run(SECOND);
    assert_eq!(plant.state(request), State::Received);
    plant.report(Some(version), "refused", false);
    plant.run(SECOND);
    assert_eq!(plant.state(request), State::Refused);
}

#[test]
fn the_permissives_hold_it_back_and_it_says_for_what() {
    let mut plant = opened();
    plant.view.machines.get_mut(PAN).unwrap().mode = Some(Mode::Maintenance);
    let request = plant.ask("change-1", 46.5);
    plant.decide("change-1", request, Body::Approval, BEN);
    plant.run(2 * SECOND);
    assert_eq!(plant.state(request), State::Approved);
    assert_eq!(plant.publisher.waiting()[0].reason, Wait::Mode);
    plant.view.machines.get_mut(PAN).unwrap().mode = Some(Mode::Remote);
    plant.run(2 * SECOND);
    assert_eq!(plant.state(request), State::Applied);
}

#[test]
fn of_two_changes_on_one_base_the_second_goes_stale() {
    let mut plant = opened();
    let first = plant.ask("change-1", 46.5);
    let second = plant.ask("change-2", 46.2);
    plant.decide("change-2", second, Body::Approval, BEN);
    plant.run(2 * SECOND);
    plant.decide("change-1", first, Body::Approval, BEN);
    plant.run(2 * SECOND);
    assert_eq!((plant.state(second), plant.state(first)), (State::Applied, State::Stale));
}

#[test]
fn an_old_request_expires_by_a_record() {
    let mut plant = opened();
    let request = plant.ask("change-1", 46.5);
    plant.run(SECOND);
    plant.now = plant.now.plus(Duration::from_secs(8 * 24 * 3600));
    plant.run(15 * SECOND);
    assert_eq!(plant.state(request), State::Expired);
    plant.decide("change-1", request, Body::Approval, BEN);
    plant.run(15 * SECOND);
    assert_eq!(plant.state(request), State::Expired);
    assert!(plant.broker.accepted.is_empty());
}

#[test]
fn versions_lie_above_everything_seen() {
    let mut plant = Plant::new();
    plant.pan_running = Some(500_003);
    plant.restart();
    plant.run(2 * SECOND);
    assert!(plant.epoch() > 500);
    assert_eq!(plant.epoch() % 64, 7);
}

#[test]
fn offline_it_does_nothing() {
    let mut plant = Plant::new();
    plant.view.connected_control = false;
    plant.run(30 * SECOND);
    assert_eq!(plant.publisher.state(), PublisherState::Offline);
    assert!(plant.broker.head.is_none());
}

/// What happens to the pan's config topic.
#[derive(Debug, Clone, Copy)]
enum Disturbance {
    Cleared,
    Foreign,
    Forbidden(bool),
    Quiet,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_notice_stands_as_long_as_its_cause_and_keeps_its_date(
        disturbances in prop::collection::vec(
            (prop::sample::select(vec![
                Disturbance::Cleared,
                Disturbance::Cleared,
                Disturbance::Foreign,
                Disturbance::Forbidden(true),
                Disturbance::Forbidden(false),
                Disturbance::Quiet,
            ]), 1_u32..90),
            1..30,
        ),
    ) {
        let mut plant = opened();
        plant.pan_obeys = false;
        let request = plant.ask("change-1", 46.5);
        plant.decide("change-1", request, Body::Approval, BEN);
        plant.run(2 * SECOND);
        let mut before = Vec::new();
        for (disturbance, seconds) in disturbances {
            match disturbance {
                Disturbance::Cleared => plant.clear_config(PAN),
                Disturbance::Foreign => plant.write_config(PAN, b"{}"),
                Disturbance::Forbidden(forbidden) => plant.broker.forbid_config = forbidden,
                Disturbance::Quiet => {}
            }
            plant.run(seconds * SECOND);
            let now = plant.publisher.notices().to_vec();
            for notice in &now {
                let earlier = before.iter().find(|earlier: &&Notice| earlier.kind == notice.kind);
                prop_assert!(notice.since <= plant.now.wall && earlier.is_none_or(|earlier| earlier.since <= notice.since));
            }
            let foreign = plant.view.configs.get(PAN).is_some_and(|seen| seen.bytes == b"{}");
            prop_assert_eq!(now.iter().any(|notice| notice.kind == NoticeKind::Drift), foreign);
            before = now;
        }
        plant.broker.forbid_config = false;
        plant.clear_config(PAN);
        plant.run(1_500 * SECOND);
        prop_assert_eq!(plant.notices(), []);
        prop_assert_eq!(&plant.view.configs[PAN].bytes, &plant.book.desired[PAN].bytes);
    }
}
