//! What people may do with alarms, and what a watcher is told of changes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use panfloor_alarm::{AlarmKey, AlarmState, Condition};
use panfloor_change::{Body, PublisherState};
use panfloor_engine::{Action, AlarmName, Core, Domain, Founding, Refusal};
use panfloor_historian::Options as Bounds;
use panfloor_model::{LimitKind, Metric, Role};
use panfloor_testkit::{Options, mosquitto_or_skip};

use crate::rig::{PASSPHRASE, Rig, Running, founding, heads, report, source, telemetry};

/// Beyond any clock's error.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Raises pressure high and high-high at a pan.
fn too_high(rig: &Rig, port: u16, running: &Running) -> [AlarmName; 2] {
    let start = running.engine.now().wall.millis() - 60_000;
    let reading = |second: i64| {
        let time = start + second * 1000;
        telemetry("pan-01", format!(r#"{{"time":{time},"phase":"grain_growth","pressure":90.0}}"#))
    };
    // Before its class is known nothing is judged, and reports come over the other session.
    rig.publish(port, &[report("pan-01")]);
    running.wait_core("its class", |core| core.plant.machines().next()?.class.clone());
    rig.publish(port, &(0..=20).map(reading).collect::<Vec<_>>());
    running.wait_counter("committed", 21);
    [LimitKind::High, LimitKind::HighHigh].map(|kind| {
        let key = running.wait_core("the alarm", move |core| {
            let is =
                |key: &AlarmKey| key.condition == Condition::Limit(kind) && key.metric == Metric::new(Metric::PRESSURE);
            core.alarms.active().find(|alarm| is(&alarm.key)).map(|alarm| (alarm.key, alarm.since))
        });
        AlarmName { key: key.0, up_to: key.1 }
    })
}

fn sign_in(running: &Running, user: &str) {
    let key = running.engine.keys().unlock_user_key(user, PASSPHRASE, running.engine.now().mono).unwrap();
    running.engine.act(Action::SignIn { user: user.to_owned(), key }).unwrap();
}

#[test]
fn a_critical_alarm_is_acknowledged_alone_and_only_by_an_operator() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    let rig = Rig::new();
    let mut site: Founding = founding();
    site.administrator.roles = vec![Role::Approver, Role::Administrator];
    let running = rig.start_bounded(source(broker.port()), Some(site), Bounds::default());
    running.listening();
    let alarms = too_high(&rig, broker.port(), &running);
    let acknowledge =
        |alarms: &[AlarmName]| running.engine.act(Action::Acknowledge { alarms: alarms.to_vec(), note: None });
    sign_in(&running, "approver");
    let refused = acknowledge(&alarms[..1]);
    assert!(matches!(refused, Err(Refusal::NotAllowed(_))), "an administrator is no operator: {refused:?}");
    sign_in(&running, "author");
    assert_eq!(acknowledge(&alarms), Err(Refusal::OneByOne));
    let wants = |core: &Core| core.alarms.active().filter(|alarm| alarm.state == AlarmState::Unacknowledged).count();
    assert_eq!(running.engine.inspect(wants).unwrap(), 2, "none is done where one is refused");
    // Nobody signs for alarms that are yet to come.
    let for_ever = |alarm: &AlarmName| AlarmName { up_to: running.engine.now().wall.plus(A_YEAR), ..alarm.clone() };
    acknowledge(&[for_ever(&alarms[0])]).unwrap();
    acknowledge(&alarms[1..]).unwrap();
    assert_eq!(running.engine.inspect(wants).unwrap(), 0);
    let now = running.engine.now().wall;
    let signed = running.wait_core("its records", |core| {
        let records = core.changes.as_ref()?.ledger().records();
        let up_to = records.filter_map(|record| {
            let Body::Acknowledgement(acknowledgement) = &record.payload.body else { return None };
            Some(acknowledgement.up_to)
        });
        Some(up_to.collect::<Vec<_>>())
    });
    assert!(signed.len() == 2 && signed.iter().all(|up_to| *up_to <= now), "{signed:?}");
    running.engine.stop();
}

#[test]
fn a_heartbeat_is_no_change() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    let rig = Rig::new();
    let mut setup = rig.setup(vec![source(broker.port())], Some(founding()), Bounds::default());
    let quick = std::time::Duration::from_millis(50);
    setup.pace = panfloor_change::HeartbeatPace { interval: quick, alone: quick };
    let running = Running::of(panfloor_engine::start(setup, rig.runtime.handle()).unwrap());
    running.wait_core("publishing", |core| {
        let changes = core.changes.as_ref()?;
        (matches!(changes.publisher_state(), PublisherState::Publishing { .. }) && changes.unshared() == 0)
            .then_some(())
    });
    let beats = heads(&rig, broker.port());
    // The notice of the last step is on its way for as long as a frame takes.
    beats.iter().take(20).for_each(drop);
    let told: Arc<Mutex<Vec<Domain>>> = Arc::default();
    let noted = Arc::clone(&told);
    running.engine.watch_changes(move |_, domains| {
        noted.lock().unwrap().extend(domains);
        true
    });
    beats.iter().take(40).for_each(drop);
    assert!(!told.lock().unwrap().contains(&Domain::Configs), "{:?}", told.lock().unwrap());

    // Something that is shown, for comparison: the broker goes.
    drop(broker);
    running.wait("told", |_| told.lock().unwrap().contains(&Domain::Configs).then_some(()));
    running.engine.stop();
}
