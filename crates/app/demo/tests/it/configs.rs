//! Configs over the broker: received, applied, refused, kept.

use panfloor_demo::DemoSetup;
use panfloor_model::Timestamp;
use panfloor_wire::{ConfigEnvelope, Item, ReportStatus, StateReport};
use rumqttc::QoS;
use serde_json::{Value, json};

use crate::{Watcher, start};

impl Watcher {
    async fn report(&mut self, device: &str, mut wanted: impl FnMut(&StateReport) -> bool) -> StateReport {
        self.message(|item| match item {
            Item::State(state) if state.device == device && wanted(&state) => Some(state),
            Item::Reading(_) | Item::State(_) | Item::Config(_) | Item::Aggregate(_) => None,
        })
        .await
    }

    /// Publishes the pan's config with one field changed.
    async fn change(&self, device: &str, version: u64, mut config: Value, field: &str, value: Value) {
        config[field] = value;
        let envelope = ConfigEnvelope {
            site: "demo".to_owned(),
            version,
            config,
            issued_at: Timestamp::from_micros(1_795_500_000_000_000),
            change: "c-1".to_owned(),
            approved_by: vec!["b".to_owned()],
            proof: None,
        };
        let topic = format!("/devices/{device}/config");
        self.client.publish(topic, QoS::AtLeastOnce, true, envelope.encode()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_config_is_answered_by_received_then_applied_and_outlives_the_demo() {
    let folder = tempfile::tempdir().unwrap();
    let setup = DemoSetup { machines: 5, folder: Some(folder.path().to_owned()), ..DemoSetup::default() };
    let demo = start(&setup);
    let mut watcher = Watcher::connect(demo.port()).await;
    let before = watcher.report("pan-04", |_| true).await;
    assert_eq!((before.config_version, before.status), (Some(1), Some(ReportStatus::Applied)));
    let config = before.config.unwrap();
    watcher.change("pan-04", 12_004, config.clone(), "temperature_setpoint", json!(46.5)).await;
    let received = watcher.report("pan-04", |state| state.config_version == Some(12_004)).await;
    assert_eq!(received.status, Some(ReportStatus::Received));
    assert_eq!(received.config, Some(config));
    let applied = watcher.report("pan-04", |state| state.config_version == Some(12_004)).await;
    assert_eq!(applied.status, Some(ReportStatus::Applied));
    assert_eq!(applied.config.as_ref().unwrap()["temperature_setpoint"], json!(46.5));
    demo.stop().await;

    let again = start(&setup);
    let mut watcher = Watcher::connect(again.port()).await;
    let kept = watcher.report("pan-04", |_| true).await;
    assert_eq!((kept.config_version, kept.config), (Some(12_004), applied.config));
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreadable_config_is_passed_over_and_an_unfit_one_is_refused() {
    let demo = start(&DemoSetup { machines: 1, ..DemoSetup::default() });
    let mut watcher = Watcher::connect(demo.port()).await;
    let config = watcher.report("pan-01", |_| true).await.config.unwrap();
    watcher.client.publish("/devices/pan-01/config", QoS::AtLeastOnce, true, "{").await.unwrap();
    watcher.change("pan-01", 1_001, config, "temperature_setpoint", json!(20)).await;
    let refused = watcher.report("pan-01", |state| state.config_version != Some(1)).await;
    assert_eq!((refused.config_version, refused.status), (Some(1_001), Some(ReportStatus::Refused)));
    assert!(refused.reason.unwrap().contains("temperature_setpoint: 20 is less than"));
    demo.stop().await;
}
