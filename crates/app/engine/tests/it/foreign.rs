//! Another station's acknowledgements: they come over the broker, and may come before the alarm does here.

use std::time::Duration;

use panfloor_alarm::{AlarmState, Condition};
use panfloor_change::{Acknowledgement, Body, Draft, Ledger, PublicKey, Session, Signature, UserEnrolment};
use panfloor_historian::{Access, Options as Bounds, RecordRow, open_with};
use panfloor_keys::{KeyStore, SessionKey, UserKey, WrappingPlace};
use panfloor_model::{LimitKind, Mono, Role, Timestamp};
use panfloor_testkit::{Options, mosquitto_or_skip};

use crate::rig::{Out, PASSPHRASE, Rig, founding, report, source, telemetry};

/// The other station.
const OTHER: &str = "laboratory";

/// Signs a record at the end of a station's chain; gives its envelope.
fn sign(ledger: &mut Ledger, station: &str, body: Body, key: PublicKey, sign: impl Fn(&[u8]) -> [u8; 64]) -> Vec<u8> {
    let now = Timestamp(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_micros() as i64);
    sign_at(now, ledger, station, body, key, sign)
}

/// The same by a clock that shows `now`.
fn sign_at(
    now: Timestamp,
    ledger: &mut Ledger,
    station: &str,
    body: Body,
    key: PublicKey,
    sign: impl Fn(&[u8]) -> [u8; 64],
) -> Vec<u8> {
    let unsigned = Draft::alone(body).seal(ledger.position(station), key, now);
    let signature = Signature(sign(unsigned.pae()));
    let envelope = unsigned.signed(signature).encode();
    ledger.insert(&envelope).unwrap();
    envelope
}

/// Enrols a user at the other station in the stopped station's chain; gives the site's ledger as it then is.
fn enrol(rig: &Rig, user: &UserKey) -> Ledger {
    let keys = KeyStore::open(&rig.folder.path().join("keys"), &WrappingPlace::File).unwrap();
    let administrator = keys.unlock_user_key("approver", PASSPHRASE, Mono(0)).unwrap();
    let public = PublicKey::from_bytes(administrator.public());
    let opened = open_with(rig.folder.path(), Access::ReadWrite, &Bounds::default()).unwrap();
    let identity: serde_json::Value =
        serde_json::from_str(&opened.reader.setting("identity").unwrap().unwrap()).unwrap();
    let mut ledger = Ledger::new(identity["site"].as_str().unwrap(), vec![public]);
    let rows = opened.reader.records().unwrap();
    assert_eq!(ledger.load(rows.iter().map(|row| row.envelope.as_slice())), []);
    let station = identity["station"].as_str().unwrap();
    let enrolment = Body::User(UserEnrolment {
        user: "carla".to_owned(),
        name: "Carla".to_owned(),
        roles: vec![Role::Operator],
        public_key: PublicKey::from_bytes(user.public()),
        at_station: OTHER.to_owned(),
    });
    let envelope = sign(&mut ledger, station, enrolment, public, |bytes| administrator.sign(bytes));
    let record = ledger.head(station).unwrap();
    let mut writer = opened.writer.unwrap();
    let mut tx = writer.begin().unwrap();
    tx.put_record(&RecordRow {
        hash: *record.hash.as_bytes(),
        station: station.to_owned(),
        seq: record.payload.seq,
        kind: "user".to_owned(),
        change: None,
        received_at: Timestamp(1),
        envelope,
    })
    .unwrap();
    tx.commit().unwrap();
    ledger
}

#[test]
fn an_acknowledgement_that_comes_before_its_alarm_takes_effect_when_the_alarm_comes() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    let rig = Rig::new();
    rig.start_bounded(source(broker.port()), Some(founding()), Bounds::default()).engine.stop();
    let keys = KeyStore::open(&rig.folder.path().join("other"), &WrappingPlace::File).unwrap();
    keys.create_user_key("carla", PASSPHRASE).unwrap();
    let carla = keys.unlock_user_key("carla", PASSPHRASE, Mono(0)).unwrap();
    let mut ledger = enrol(&rig, &carla);
    let running = rig.start(source(broker.port()));
    running.listening();

    let now = running.engine.now().wall;
    let start = now.millis() - 60_000;
    let session_key = SessionKey::generate().unwrap();
    let session = Session {
        session_key: PublicKey::from_bytes(session_key.public()),
        expires_at: now.plus(Duration::from_hours(1)),
    };
    let public = PublicKey::from_bytes(carla.public());
    let session = sign(&mut ledger, OTHER, Body::Session(session), public, |bytes| carla.sign(bytes));
    let acknowledgement = |machine: &str, up_to| {
        Body::Acknowledgement(Acknowledgement {
            condition: Condition::Limit(LimitKind::High).as_str().to_owned(),
            machine: machine.to_owned(),
            metric: Some("pressure".to_owned()),
            up_to,
            note: "seen from the laboratory".to_owned(),
        })
    };
    let seen = acknowledgement("pan-01", Timestamp::from_millis(start + 30_000));
    let unseen = acknowledgement("pan-02", now.plus(Duration::from_hours(9_000)));
    let public = PublicKey::from_bytes(session_key.public());
    let seen = sign(&mut ledger, OTHER, seen, public, |bytes| session_key.sign(bytes));
    let hour_ago = Timestamp(now.0 - 3_600_000_000);
    let unseen = sign_at(hour_ago, &mut ledger, OTHER, unseen, public, |bytes| session_key.sign(bytes));
    // Its chain comes the wrong way round, and no pan is known yet.
    let topic = format!("panfloor/{}/ledger/{OTHER}/records", ledger.site());
    rig.publish(broker.port(), &[Out::new(&topic, unseen), Out::new(&topic, seen), Out::new(&topic, session)]);
    let all = ledger.records().count();
    running.wait_core("the records", move |core| {
        (core.changes.as_ref()?.ledger().counting().count() >= all).then_some(())
    });

    let reading = |machine: &str, second: i64| {
        let time = start + second * 1000;
        telemetry(machine, format!(r#"{{"time":{time},"phase":"grain_growth","pressure":71.0}}"#))
    };
    rig.publish(broker.port(), &[report("pan-01")]);
    running.wait_core("its class", |core| core.plant.by_name("pan-01")?.class.clone());
    rig.publish(broker.port(), &(0..=20).map(|second| reading("pan-01", second)).collect::<Vec<_>>());
    let alarm = running.wait_core("the alarm", |core| core.alarms.active().next());
    assert_eq!(alarm.state, AlarmState::Acknowledged);
    assert_eq!(
        (alarm.acknowledged_by.as_deref(), alarm.note.as_deref()),
        (Some("Carla"), Some("seen from the laboratory"))
    );

    // Signed an hour ago for all that may ever come: this alarm its signer cannot have seen.
    rig.publish(broker.port(), &[report("pan-02")]);
    let pan = running.wait_core("its class", |core| {
        core.plant.by_name("pan-02").filter(|pan| pan.class.is_some()).map(|pan| pan.id)
    });
    rig.publish(broker.port(), &(0..=20).map(|second| reading("pan-02", second)).collect::<Vec<_>>());
    let alarm =
        running.wait_core("the other alarm", move |core| core.alarms.active().find(|alarm| alarm.key.machine == pan));
    assert_eq!(alarm.state, AlarmState::Unacknowledged);
    running.engine.stop();
}
