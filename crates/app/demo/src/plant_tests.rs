//! The roster, and the demo's schedule of alarms run on simulated time.

use std::collections::BTreeSet;
use std::time::Duration;

use panfloor_model::{LimitKind, Metric, Phase, Timestamp};
use panfloor_pan::{FaultKind, Pan, PanSetup};

use super::{Plan, Roles, pans};
use crate::configs::{Applied, Configs};

fn roster(machines: u16, seed: u64) -> Vec<PanSetup> {
    let configs = Configs::open(None).unwrap();
    pans(&Plan { machines, seed, sample_interval_ms: 1000, faults: true, configs: &configs }).unwrap()
}

/// Seconds (one reading each) in which the metric of this pan lies beyond the limit for longer than the on-delay.
fn standing(setup: &PanSetup, metric: &str, kind: LimitKind, seconds: u64) -> Vec<u64> {
    let class = setup.class.clone();
    let mut pan = Pan::new(setup.clone(), Timestamp(0)).unwrap();
    let mut over_s = 0.0;
    let mut found = Vec::new();
    for second in 0..seconds {
        let reading = pan.step(Timestamp(0).plus(Duration::from_secs(second)));
        let limit = class.phase_metric(reading.phase, metric).and_then(|plan| plan.limits.of(kind));
        let beyond = limit.is_some_and(|limit| kind.is_beyond(reading.value(metric).unwrap(), limit));
        over_s = if beyond { over_s + 1.0 } else { 0.0 };
        if over_s > class.metrics[metric].on_delay_s {
            found.push(second);
        }
    }
    found
}

#[test]
fn two_classes_and_every_phase_are_there_and_most_pans_grow_grain() {
    let setups = roster(24, 1);
    let of_class = |id: &str| setups.iter().filter(|setup| setup.class.id == id).count();
    assert_eq!((of_class("a-pan"), of_class("reference-pan")), (8, 16));
    let phases: BTreeSet<Phase> = setups.iter().map(|setup| setup.start_phase).collect();
    assert_eq!(phases.len(), 7);
    assert!(setups.iter().filter(|setup| setup.start_phase == Phase::GrainGrowth).count() > 12);
    assert_eq!(setups[0].name, "pan-01");
    assert_eq!(roster(40, 1)[39].name, "pan-40");
}

#[test]
fn within_two_minutes_one_alarm_has_come_and_gone_and_another_stands() {
    for seed in 0..6 {
        for machines in [1, 2, 3, 6, 7, 13, 14, 18, 24, 40] {
            let setups = roster(machines, seed);
            let with = |wanted: fn(&FaultKind) -> bool| {
                setups.iter().find(|setup| setup.faults.iter().any(|fault| wanted(&fault.kind))).unwrap()
            };
            let leaking = with(|kind| matches!(kind, FaultKind::AirLeak { .. }));
            let high = standing(leaking, Metric::PRESSURE, LimitKind::High, 200);
            let span = format!("seed {seed}, {machines} machines, {}: {high:?}", leaking.name);
            assert!(high.len() >= 3 && high[0] > 15 && high[high.len() - 1] < 70, "{span}");
            assert!(standing(leaking, Metric::PRESSURE, LimitKind::HighHigh, 200).is_empty(), "{span}");
            let cold = with(|kind| matches!(kind, FaultKind::SteamValveStuckClosed));
            let low_low = standing(cold, Metric::TEMPERATURE, LimitKind::LowLow, 1900);
            let by_s = if machines == 1 { 150 } else { 110 };
            assert!(low_low[0] < by_s, "seed {seed}, {machines} machines, {}: {}", cold.name, low_low[0]);
            assert_eq!(low_low.len() as u64, 1900 - low_low[0], "it does not stand");
        }
    }
}

#[test]
fn pans_without_faults_raise_no_alarm() {
    for setup in roster(40, 3).iter().filter(|setup| setup.faults.is_empty()) {
        for metric in [Metric::TEMPERATURE, Metric::PRESSURE, Metric::MOTOR_POWER] {
            for kind in LimitKind::ALL {
                assert!(standing(setup, metric, kind, 1200).is_empty(), "{} {metric} {kind:?}", setup.name);
            }
        }
    }
}

#[test]
fn no_fault_of_the_demo_drives_a_pan_across_its_interlocks() {
    for setup in roster(24, 5).into_iter().filter(|setup| !setup.faults.is_empty()).chain(roster(1, 5)) {
        let mut pan = Pan::new(setup, Timestamp(0)).unwrap();
        for second in 0..5 * 3600 {
            pan.step(Timestamp(0).plus(Duration::from_secs(second)));
            assert_eq!(pan.tripped(), None, "{} after {second} s", pan.name());
        }
    }
}

#[test]
fn faults_go_to_other_pans_in_a_smaller_plant() {
    let configs = Configs::open(None).unwrap();
    let roles =
        |machines| Roles::of(&Plan { machines, seed: 1, sample_interval_ms: 1000, faults: true, configs: &configs });
    assert_eq!(roles(24), Roles { leaking: Some(14), cold: Some(7), frozen: Some(19) });
    assert_eq!(roles(13), Roles { leaking: Some(13), cold: Some(7), frozen: Some(11) });
    assert_eq!(roles(3), Roles { leaking: Some(2), cold: Some(3), frozen: Some(1) });
    assert_eq!(roles(1), Roles { leaking: Some(1), cold: Some(1), frozen: None });
}

#[test]
fn a_kept_config_is_what_a_pan_starts_with_unless_it_no_longer_fits() {
    let configs = Configs::open(None).unwrap();
    let mut config = roster(3, 1)[2].class.default_config.clone();
    config["temperature_setpoint"] = serde_json::json!(46.7);
    configs.keep("pan-03", Applied { version: 12_004, config: config.clone() });
    configs.keep("pan-02", Applied { version: 12_005, config: serde_json::json!({"colour": "red"}) });
    let plan = Plan { machines: 3, seed: 1, sample_interval_ms: 1000, faults: false, configs: &configs };
    let setups = pans(&plan).unwrap();
    assert_eq!((setups[2].initial_version, &setups[2].initial_config), (12_004, &Some(config)));
    assert_eq!(setups[1].initial_version, 1);
}
