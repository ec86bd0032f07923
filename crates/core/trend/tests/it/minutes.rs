//! Minute rollups and their bytes.

use std::time::Duration;

use panfloor_model::{Metric, Timestamp};
use panfloor_trend::{DecodeError, MinuteRow, Moments, gaps, minute_moments};
use proptest::prelude::*;

use crate::series::{START, at, close, series, value};

const HOLD: Duration = Duration::from_millis(2500);

#[test]
fn a_minute_counts_what_holds_into_it_and_not_past_its_end() {
    let samples = [(at(-500), 10.0), (at(1000), 20.0), (at(2000), 30.0), (at(59_000), 40.0), (at(60_000), 50.0)];
    let moments = minute_moments(&samples, None, START, HOLD).unwrap();
    assert_eq!((moments.count, moments.first, moments.last), (3, 20.0, 40.0));
    assert_eq!((moments.min, moments.max, moments.mean), (20.0, 40.0, 30.0));
    assert_eq!((moments.first_time, moments.last_time), (at(1000), at(59_000)));
    // 10 for 1 s, 20 for 1 s, 30 for the hold of 2.5 s, 40 for 1 s.
    assert_eq!((moments.held_s, moments.integral), (5.5, 145.0));
    let apart = minute_moments(&samples[1..], Some(samples[0]), START, HOLD);
    assert_eq!(apart, Some(moments));
}

#[test]
fn a_minute_without_samples_may_still_know_a_value() {
    let before = Some((at(-1000), 7.0));
    let moments = minute_moments(&[], before, START, HOLD).unwrap();
    assert_eq!((moments.count, moments.mean, moments.held_s, moments.first_time), (0, 7.0, 1.5, START));
    assert_eq!(minute_moments(&[], Some((at(-2500), 7.0)), START, HOLD), None);
    assert_eq!(minute_moments(&[(at(60_000), 1.0)], None, START, HOLD), None);
    assert_eq!(minute_moments(&[(at(0), f64::NAN)], Some((at(-1), f64::NAN)), START, HOLD), None);
}

proptest! {
    /// All minutes together know exactly what the gaps leave.
    #[test]
    fn minutes_and_gaps_share_out_the_time(samples in series()) {
        let count = samples.last().map_or(1, |(time, _)| time.since(START).as_secs() / 60 + 2);
        let starts: Vec<_> = (0..count).map(|n| START.plus(Duration::from_secs(60 * n))).collect();
        let held: f64 = starts
            .iter()
            .map(|start| {
                let own: Vec<_> = samples.iter().copied().filter(|(time, _)| time.minute_start() == *start).collect();
                let before = samples.iter().copied().take_while(|(time, _)| time < start).last();
                let moments = minute_moments(&own, before, *start, HOLD);
                assert_eq!(moments, minute_moments(&samples, None, *start, HOLD), "more samples change nothing");
                assert_eq!(moments.map_or(0, |moments| moments.count), own.len() as u64);
                moments.map_or(0.0, |moments| moments.held_s)
            })
            .fold(0.0, |sum, held| sum + held);
        let times: Vec<_> = samples.iter().map(|(time, _)| *time).collect();
        let to = START.plus(Duration::from_secs(60 * count));
        let gap_s = gaps(&times, START, to, HOLD).iter().fold(0.0, |sum, gap| sum + (gap.to_ms - gap.from_ms) / 1e3);
        prop_assert!(close(held + gap_s, 60.0 * count as f64, 60.0 * count as f64), "{held} + {gap_s}");
    }

    #[test]
    fn rows_come_back_as_they_were(entries in prop::collection::vec(("[a-z_°]{1,20}", value(), 0_i64..1_000_000, any::<u64>()), 0..8)) {
        let row = MinuteRow(entries.into_iter().map(|(name, value, millis, count)| {
            let mut moments = Moments::of(at(millis), value);
            moments.add(at(millis + 5), value / 3.0);
            moments.hold(value, 59.9);
            moments.count = count;
            (Metric::new(&name), moments)
        }).collect());
        let wanted = [Metric::new("none!"), row.0.last().map_or(Metric::new("x"), |(metric, _)| metric.clone())];
        let of = |metric: &Metric| row.of(metric.as_str()).copied();
        prop_assert_eq!(MinuteRow::pick(&row.encode(), &wanted), Ok(wanted.iter().map(of).collect::<Vec<_>>()));
        prop_assert_eq!(MinuteRow::decode(&row.encode()), Ok(row));
    }

    #[test]
    fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let refused = MinuteRow::decode(&bytes).is_err();
        prop_assert!(refused || bytes[0] == 1);
        if let Some(version) = bytes.first_mut() {
            *version = 1;
        }
        if let Ok(row) = MinuteRow::decode(&bytes) {
            prop_assert_eq!(row.encode(), bytes);
        }
    }
}

/// Version 1 as it was first written: every later Panfloor has to read these bytes.
#[test]
fn version_1_is_pinned() {
    let mut moments = Moments::of(Timestamp(1_700_000_040_000_000), 1.0);
    moments.add(Timestamp(1_700_000_041_000_000), 3.0);
    moments.hold(1.0, 1.0);
    let row = MinuteRow(vec![(Metric::new("pressure"), moments)]);
    let hex: String = row.encode().iter().map(|byte| format!("{byte:02x}")).collect();
    let expected = [
        "01",
        "08",
        "7072657373757265",
        "0200000000000000",
        "0000000000000040",
        "0000000000000040",
        "000000000000f03f",
        "0000000000000840",
        "000000000000f03f",
        "0000000000000840",
        "009a801a240a0600",
        "40dc8f1a240a0600",
        "000000000000f03f",
        "000000000000f03f",
    ];
    assert_eq!(hex, expected.concat());
    assert_eq!(row.of("pressure"), Some(&moments));
    assert_eq!(row.of("temperature"), None);
}

#[test]
fn damage_and_newer_versions_are_refused() {
    let row = MinuteRow(vec![(Metric::new("pressure"), Moments::of(START, 1.0))]);
    let good = row.encode();
    for cut in (0..good.len()).filter(|cut| *cut != 1) {
        assert!(matches!(MinuteRow::decode(&good[..cut]), Err(DecodeError::Damaged { .. })), "cut at {cut}");
    }
    let mut newer = good.clone();
    newer[0] = 2;
    assert_eq!(MinuteRow::decode(&newer), Err(DecodeError::Version(2)));
    let mut infinite = good;
    infinite[18..26].copy_from_slice(&f64::INFINITY.to_le_bytes());
    let refused = MinuteRow::decode(&infinite).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the minute row is damaged at byte 1: a number is not finite; build it anew from the samples"
    );
}
