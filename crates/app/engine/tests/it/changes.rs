//! Config changes through the demo plant: rules, order of the steps, restarts, topics cleared by hand.

use std::sync::mpsc::{Receiver, channel};

use panfloor_change::{Hash, MachineChangeState, State};
use panfloor_demo::{Demo, DemoSetup};
use panfloor_engine::{Action, Core, Done, EngineHandle, Refusal, SourceSetup, Verdict};
use panfloor_historian::Options;
use panfloor_keys::UserKey;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::{Value, json};

use crate::rig::{PASSPHRASE, PATIENCE, Rig, Running, cleared_config, founding, source};

/// The pan whose setpoint is changed.
const PAN: &str = "pan-03";

/// A plant, a station at its broker, and whoever reads the pan's config topic.
struct Site {
    rig: Rig,
    demo: Demo,
    configs: Receiver<Vec<u8>>,
}

impl Site {
    fn new() -> Self {
        let rig = Rig::new();
        let demo = Demo::start(rig.runtime.handle(), &DemoSetup { machines: 3, ..DemoSetup::default() }).unwrap();
        let configs = watch_configs(&rig, demo.port());
        Self { rig, demo, configs }
    }

    fn source(&self) -> SourceSetup {
        source(self.demo.port())
    }

    fn start(&self) -> Running {
        self.rig.start_bounded(self.source(), Some(founding()), Options::default())
    }

    /// The next message of the pan's config topic.
    fn next_config(&self) -> Vec<u8> {
        self.configs.recv_timeout(PATIENCE).expect("a config")
    }
}

/// Collects all that comes over the pan's config topic; returns once the subscription stands.
fn watch_configs(rig: &Rig, port: u16) -> Receiver<Vec<u8>> {
    let (client, mut events) = AsyncClient::new(MqttOptions::new("config-watcher", "127.0.0.1", port), 10);
    let (sender, configs) = channel();
    let (standing, stands) = channel();
    rig.runtime.spawn(async move {
        client.subscribe(format!("/devices/{PAN}/config"), QoS::AtLeastOnce).await.unwrap();
        while let Ok(event) = events.poll().await {
            let listening = match event {
                Event::Incoming(Packet::SubAck(_)) => standing.send(()).is_ok(),
                Event::Incoming(Packet::Publish(publish)) => sender.send(publish.payload.to_vec()).is_ok(),
                Event::Incoming(_) | Event::Outgoing(_) => true,
            };
            if !listening {
                break;
            }
        }
    });
    stands.recv_timeout(PATIENCE).expect("a subscription");
    configs
}

fn key(engine: &EngineHandle, user: &str) -> UserKey {
    engine.keys().unlock_user_key(user, PASSPHRASE, engine.now().mono).unwrap()
}

/// The pan's config as it reports it, once it does.
fn reported(running: &Running) -> Value {
    running.wait_core("a report", |core| core.plant.by_name(PAN)?.effective_config().cloned())
}

/// A request of the author's for a setpoint.
fn request(running: &Running, config: &Value, base_version: u64) -> Result<Done, Refusal> {
    running.engine.act(Action::Request {
        key: key(&running.engine, "author"),
        machine: PAN.to_owned(),
        base_version,
        config: config.clone(),
        reason: "A little warmer.".to_owned(),
    })
}

fn decide(running: &Running, user: &str, request: Hash, verdict: Verdict) -> Result<Done, Refusal> {
    let key = key(&running.engine, user);
    running.engine.act(Action::Decide { key, request, verdict, remark: "Agreed.".to_owned() })
}

fn recorded(done: Result<Done, Refusal>) -> Hash {
    match done {
        Ok(Done::Recorded(hash)) => hash,
        other => panic!("not recorded: {other:?}"),
    }
}

/// Where a request stands on the pan.
fn on_pan(core: &Core, request: Hash) -> Option<MachineChangeState> {
    core.changes.as_ref()?.book().changes.get(&request)?.on(PAN).cloned()
}

/// Waits until the pan has applied a request.
fn applied(running: &Running, request: Hash) -> MachineChangeState {
    running.wait_core("applied", move |core| on_pan(core, request).filter(|on| on.state == State::Applied))
}

/// The config with another setpoint.
fn warmer(config: &Value, by: f64) -> Value {
    let mut config = config.clone();
    let setpoint = config["temperature_setpoint"].as_f64().unwrap();
    config["temperature_setpoint"] = json!(((setpoint + by) * 10.0).round() / 10.0);
    config
}

#[test]
fn a_change_needs_four_eyes_and_is_proven_step_by_step() {
    let site = Site::new();
    let running = site.start();
    let config = reported(&running);
    let wanted = warmer(&config, 0.3);
    assert!(matches!(request(&running, &wanted, 7), Err(Refusal::Invalid(_))), "a base that is not the desired one");
    assert!(matches!(request(&running, &config, 0), Err(Refusal::Invalid(_))), "nothing changes");
    assert!(matches!(request(&running, &warmer(&config, 100.0), 0), Err(Refusal::Invalid(_))), "beyond the schema");
    let unknown = Action::Request {
        key: key(&running.engine, "author"),
        machine: "pan-99".to_owned(),
        base_version: 0,
        config: wanted.clone(),
        reason: "?".to_owned(),
    };
    assert!(matches!(running.engine.act(unknown), Err(Refusal::NotFound(_))));
    let hash = recorded(request(&running, &wanted, 0));
    assert!(matches!(decide(&running, "author", hash, Verdict::Approve), Err(Refusal::NotAllowed(_))), "four eyes");
    let foreign = panfloor_keys::KeyStore::open(
        site.rig.folder.path().join("other").as_path(),
        &panfloor_keys::WrappingPlace::File,
    );
    let foreign = foreign.unwrap();
    foreign.create_user_key("stranger", PASSPHRASE).unwrap();
    let stranger = foreign.unlock_user_key("stranger", PASSPHRASE, running.engine.now().mono).unwrap();
    let stranger = Action::Decide { key: stranger, request: hash, verdict: Verdict::Approve, remark: String::new() };
    assert!(matches!(running.engine.act(stranger), Err(Refusal::NotAllowed(_))), "a key of nobody");
    assert!(site.configs.try_recv().is_err(), "nothing is published before it is approved");
    recorded(decide(&running, "approver", hash, Verdict::Approve));
    let on = applied(&running, hash);
    let steps = [&on.publishing, &on.published, &on.received, &on.applied];
    let times: Vec<_> = steps.into_iter().map(|step| step.as_ref().expect("a proven step").at).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert!(matches!(decide(&running, "approver", hash, Verdict::Reject), Err(Refusal::Invalid(_))), "too late");
    running.wait_core("the report", move |core| {
        let machine = core.plant.by_name(PAN)?;
        (machine.effective_config()? == &wanted && machine.reported.as_ref()?.version == on.version).then_some(())
    });

    // Cleared by hand: the same bytes come again.
    let published = site.next_config();
    assert!(!published.is_empty());
    site.rig.publish(site.demo.port(), &[cleared_config(PAN)]);
    while !site.next_config().is_empty() {}
    assert_eq!(site.next_config(), published);
    running.engine.stop();
}

#[test]
fn a_restart_after_the_approval_ends_applied_with_one_version() {
    let site = Site::new();
    let running = site.start();
    let wanted = warmer(&reported(&running), -0.3);
    let hash = recorded(request(&running, &wanted, 0));
    recorded(decide(&running, "approver", hash, Verdict::Approve));
    running.engine.stop();
    let running = site.start();
    let on = applied(&running, hash);
    let versions: Vec<Option<u64>> = running
        .engine
        .inspect(|core| {
            let changes = core.changes.as_ref().unwrap().book().changes.values();
            changes.filter_map(|change| change.on(PAN)).map(|on| on.version).collect()
        })
        .unwrap();
    assert_eq!(versions, [on.version]);
    let first = site.next_config();
    assert!(site.configs.try_iter().all(|again| again == first), "sent again it would be the same bytes");
    running.engine.stop();
    let running = site.start();
    assert_eq!(running.wait_core("still known", move |core| on_pan(core, hash)).state, State::Applied);
    running.engine.stop();
}
