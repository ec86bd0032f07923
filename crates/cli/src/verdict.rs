//! What came of a run: counts, losses, latencies.

use std::collections::{BTreeMap, BTreeSet};

use panfloor_api::Station;
use panfloor_api::dto::PercentilesDto;
use panfloor_historian::TransitionFilter;
use panfloor_model::{MachineId, Timestamp};
use serde::Serialize;

/// The last line of `run --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Verdict {
    machines: usize,
    received: u64,
    committed: u64,
    duplicates: u64,
    quarantined: u64,
    /// Readings that the pans hold a PUBACK for and that are not in the store; `null` without a demo.
    lost: Option<u64>,
    alarms_raised: usize,
    alarms_cleared: usize,
    changes_applied: usize,
    publish_to_commit_ms: PercentilesDto,
    /// The same without the time in which a commit was running.
    outside_commit_ms: PercentilesDto,
    bare_commit_ms: PercentilesDto,
    rss_mb: Option<f64>,
}

/// Reads the store and the pans' own lists.
pub(crate) fn of(station: &Station, began: Timestamp) -> anyhow::Result<Verdict> {
    let engine = &station.engine;
    let reader = engine.reader();
    let counters: BTreeMap<String, u64> = reader.counters()?.into_iter().collect();
    let count = |name: &str| counters.get(name).copied().unwrap_or(0);
    let filter = TransitionFilter { from: Some(began), ..TransitionFilter::default() };
    let transitions = reader.transitions(&filter)?;
    let abnormal = |state: &str| matches!(state, "B" | "C");
    let raised = transitions.iter().filter(|row| !abnormal(&row.from) && abnormal(&row.to)).count();
    let cleared = transitions.iter().filter(|row| abnormal(&row.from) && !abnormal(&row.to)).count();
    let (addresses, applied, latencies) = engine.inspect(|core| {
        let addresses: BTreeMap<String, MachineId> =
            core.plant.machines().map(|machine| (machine.address.clone(), machine.id)).collect();
        let changes = core.changes.as_ref().map(|room| {
            room.book().changes.values().flat_map(|change| &change.machines).filter(|on| on.applied.is_some()).count()
        });
        let counters = &core.counters;
        let lists = [&counters.publish_to_commit_us, &counters.outside_commit_us, &counters.commit_us];
        (addresses, changes.unwrap_or(0), lists.map(|list| list.iter().copied().collect::<Vec<u32>>()))
    })?;
    let [publish, outside, bare] = latencies;
    Ok(Verdict {
        machines: addresses.len(),
        received: count("received"),
        committed: count("committed"),
        duplicates: count("duplicates"),
        quarantined: count("quarantined"),
        lost: lost(station, &addresses)?,
        alarms_raised: raised,
        alarms_cleared: cleared,
        changes_applied: applied,
        publish_to_commit_ms: PercentilesDto::of(publish),
        outside_commit_ms: PercentilesDto::of(outside),
        bare_commit_ms: PercentilesDto::of(bare),
        rss_mb: rss_mb(),
    })
}

/// Counts acknowledged readings that are not in the store.
fn lost(station: &Station, addresses: &BTreeMap<String, MachineId>) -> anyhow::Result<Option<u64>> {
    let Some(demo) = &station.demo else { return Ok(None) };
    let mut by_pan: BTreeMap<String, Vec<Timestamp>> = BTreeMap::new();
    for (pan, time) in demo.acknowledged() {
        by_pan.entry(pan).or_default().push(time);
    }
    let mut lost = 0;
    for (pan, times) in by_pan {
        let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else { continue };
        let stored: BTreeSet<Timestamp> = match addresses.get(&pan) {
            Some(id) => {
                let end = Timestamp::from_micros(last.micros() + 1);
                let messages = station.engine.reader().messages(*id, *first, end, &|| false)?;
                messages.into_iter().map(|message| message.time).collect()
            }
            None => BTreeSet::new(),
        };
        lost += times.iter().filter(|time| !stored.contains(time)).count() as u64;
    }
    Ok(Some(lost))
}

/// Resident memory of this process, MB; Linux only.
fn rss_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some((kib / 1024.0 * 10.0).round() / 10.0)
}
