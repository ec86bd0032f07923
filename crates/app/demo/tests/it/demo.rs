//! Telemetry and states of all pans, and the list of what was acknowledged.

use std::collections::{BTreeMap, BTreeSet};

use panfloor_demo::{Demo, DemoError, DemoSetup, MAX_MACHINES};
use panfloor_model::{Metric, Timestamp};
use panfloor_wire::{Item, TimeFrom};
use tokio::runtime::Handle;

use crate::{DEADLINE, Watcher, start};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_pans_announce_themselves_and_send_readings() {
    let demo = start(&DemoSetup { machines: MAX_MACHINES, ..DemoSetup::default() });
    let mut watcher = Watcher::connect(demo.port()).await;
    let (mut reading, mut announced) = (BTreeSet::new(), BTreeSet::new());
    watcher
        .message(|item| {
            match item {
                Item::Reading(telemetry) => {
                    assert_eq!(telemetry.time_from, TimeFrom::Device);
                    assert!(telemetry.seq.is_some());
                    let tags: Vec<&str> = telemetry.tags.iter().map(|(tag, _)| tag.as_str()).collect();
                    assert_eq!(
                        tags.into_iter().collect::<BTreeSet<_>>(),
                        BTreeSet::from([Metric::MODE, Metric::PHASE])
                    );
                    assert_eq!(telemetry.values.len(), 3);
                    reading.insert(telemetry.device);
                }
                Item::State(state) => {
                    let class = demo.class_of(&state.device).unwrap();
                    assert_eq!(state.class.as_deref(), Some(class.id.as_str()));
                    assert_eq!(state.config_version, Some(1));
                    announced.insert(state.device);
                }
                Item::Config(_) | Item::Aggregate(_) => {}
            }
            (reading.len() == 40 && announced.len() == 40).then_some(())
        })
        .await;
    assert_eq!(reading.into_iter().collect::<Vec<_>>(), demo.machines());
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_of_acknowledged_readings_is_what_a_subscriber_got() {
    let setup = DemoSetup { machines: 5, rate_hz: 10.0, hold: true, ..DemoSetup::default() };
    let demo = start(&setup);
    let mut watcher = Watcher::connect(demo.port()).await;
    assert_eq!(demo.published_count(), 0, "held");
    demo.begin();
    let mut got: Vec<(String, Timestamp)> = Vec::new();
    let mut take = |item: Item| {
        if let Item::Reading(telemetry) = item {
            got.push((telemetry.device, telemetry.time));
        }
        got.len()
    };
    watcher.message(|item| (take(item) >= 100).then_some(())).await;
    assert!(demo.stop_publishing(DEADLINE).await, "all PUBACKs come in");
    let published = demo.published_count();
    let expected = usize::try_from(published).unwrap();
    if take_len(&mut take) < expected {
        watcher.message(|item| (take(item) == expected).then_some(())).await;
    }
    assert_eq!(demo.acknowledged_count(), published);
    let mut of_pan = BTreeMap::<String, Vec<Timestamp>>::new();
    for (device, time) in demo.acknowledged() {
        of_pan.entry(device).or_default().push(time);
    }
    assert!(of_pan.values().all(|times| times.is_sorted()));
    let mut listed = demo.acknowledged();
    listed.sort();
    got.sort();
    assert_eq!(listed, got);
    assert_eq!(demo.published_count(), published, "silence after the end");
    demo.stop().await;
}

/// How many were taken so far.
fn take_len(take: &mut impl FnMut(Item) -> usize) -> usize {
    take(Item::State(panfloor_wire::StateReport::default()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_last_acknowledged_readings_are_remembered() {
    let demo = start(&DemoSetup { machines: 2, rate_hz: 10.0, keep_acknowledged: 3, ..DemoSetup::default() });
    let mut watcher = Watcher::connect(demo.port()).await;
    let mut count = 0;
    watcher
        .message(|item| {
            count += usize::from(matches!(item, Item::Reading(_)));
            (count == 20).then_some(())
        })
        .await;
    assert!(demo.stop_publishing(DEADLINE).await);
    assert!(demo.acknowledged_count() >= 20);
    assert_eq!(demo.acknowledged().len(), 6);
    demo.stop().await;
}

#[tokio::test]
async fn a_setup_out_of_range_is_refused() {
    let start =
        |machines, rate_hz| Demo::start(&Handle::current(), &DemoSetup { machines, rate_hz, ..DemoSetup::default() });
    assert!(matches!(start(0, 1.0), Err(DemoError::Machines { machines: 0, max: 40 })));
    assert!(matches!(start(41, 1.0), Err(DemoError::Machines { .. })));
    for rate_hz in [0.0, -1.0, 10.1, f64::NAN, f64::INFINITY] {
        assert!(matches!(start(1, rate_hz), Err(DemoError::Rate { .. })));
    }
}
