//! Interlocks: a pan that leaves them trips by itself, says so, and goes on when it was reset.

use std::time::Duration;

use panfloor_model::{Metric, Mode, Phase};
use panfloor_pan::{Fault, FaultKind, Pan, PanSetup, Receipt, ReportStatus};
use serde_json::{Value, json};

use crate::{START, at, class, pan, run, series};

/// A reference pan in grain growth with this interlock, and a fault from the first minute on.
fn guarded(field: &str, interlock: Value, kind: FaultKind, until_s: Option<u64>) -> Pan {
    let class = class("reference-pan");
    let mut config = class.default_config.clone();
    config[field] = interlock;
    let fault = Fault { kind, from: Duration::from_secs(60), until: until_s.map(Duration::from_secs) };
    let setup = PanSetup {
        name: "pan-01".to_owned(),
        class,
        seed: 1,
        start_phase: Phase::GrainGrowth,
        start_elapsed: Duration::from_secs(600),
        faults: vec![fault],
        initial_version: 1,
        initial_config: Some(config),
    };
    Pan::new(setup, START).unwrap()
}

/// The second of the first reading in which the pan has tripped.
fn trips_at(pan: &mut Pan, until_s: u64) -> Option<u64> {
    (0..until_s).find(|second| {
        pan.step(at(*second));
        pan.tripped().is_some()
    })
}

#[test]
fn each_interlock_trips_the_pan_which_shuts_steam_and_stops_the_stirrer() {
    for (field, interlock, kind, metric) in [
        ("temperature_interlocks", json!([43, 60]), FaultKind::SteamValveStuckClosed, "temperature"),
        ("temperature_interlocks", json!([30, 46.6]), FaultKind::SteamValveStuckOpen, "temperature"),
        ("pressure_interlocks", json!([45, 70]), FaultKind::AirLeak { severity: 1.7 }, "pressure"),
        ("motor_power_interlocks", json!([5, 12.3]), FaultKind::Dropout { metric: Metric::new("humidity") }, "motor"),
    ] {
        let mut pan = guarded(field, interlock, kind, None);
        let second = trips_at(&mut pan, 4 * 3600)
            .unwrap_or_else(|| panic!("{field} does not trip: {:?}", pan.step(at(300)).values));
        let reason = pan.tripped().unwrap().to_owned();
        assert!(reason.starts_with(metric), "{reason}");
        let after = run(&mut pan, second + 1, second + 300);
        assert!(after.iter().all(|reading| reading.mode == Mode::Local && reading.phase == after[0].phase));
        assert!(series(&after, Metric::MOTOR_POWER)[60..].iter().all(|kw| *kw < 0.3), "{field}");
        assert!(series(&after, Metric::TEMPERATURE)[250..].iter().all(|celsius| *celsius < 41.0), "{field}");
    }
}

#[test]
fn a_trip_and_its_reset_are_reported_and_no_config_is_taken_between() {
    let mut pan = guarded("pressure_interlocks", json!([45, 70]), FaultKind::AirLeak { severity: 1.7 }, Some(120));
    let second = trips_at(&mut pan, 120).unwrap();
    let report = pan.poll_report(at(second)).unwrap();
    assert_eq!((report.status, report.config_version, report.mode), (ReportStatus::Applied, 1, Mode::Local));
    assert!(report.reason.as_deref().unwrap().contains("left the interlock 45 to 70"), "{:?}", report.reason);
    let bytes = serde_json::to_vec(&json!({"version": 2, "config": report.config})).unwrap();
    let Receipt::Refused { reason, .. } = pan.receive_config(&bytes, at(second)) else { panic!("it is taken") };
    assert!(reason.starts_with("the pan has tripped: pressure"), "{reason}");
    assert_eq!(pan.poll_report(at(second)).map(|report| report.status), Some(ReportStatus::Refused));

    let back = run(&mut pan, second + 1, second + 1_200);
    assert_eq!((pan.tripped(), pan.mode()), (None, Mode::Remote));
    let report = pan.poll_report(at(second + 1_200)).unwrap();
    assert_eq!((report.status, report.reason, report.mode), (ReportStatus::Applied, None, Mode::Remote));
    let last = back.last().unwrap();
    assert!((last.value(Metric::TEMPERATURE).unwrap() - 46.0).abs() < 0.7, "{last:?}");
    assert!(last.value(Metric::MOTOR_POWER).unwrap() > 10.0, "{last:?}");
}

#[test]
fn the_open_pan_is_outside_of_its_interlocks_and_does_not_trip() {
    for phase in [Phase::Drop, Phase::SteamOut, Phase::Charge] {
        let mut pan = pan("reference-pan", 1, phase, 0, Vec::new());
        run(&mut pan, 0, 1_500);
        assert_eq!(pan.tripped(), None, "{phase:?}");
    }
}
