//! Envelopes and what is said of them.

use std::time::Duration;

use panfloor_model::Timestamp;
use panfloor_trend::{
    Columns, MinuteEnvelope, Moments, Resolution, choose_resolution, envelope_raw, gaps, minute_moments,
};
use proptest::prelude::*;

use crate::series::{START, at, close, series};

const HOLD: Duration = Duration::from_millis(2500);

/// What holds for every pen.
fn check(columns: &Columns, from: Timestamp, to: Timestamp) -> Result<(), TestCaseError> {
    let Columns { time_ms, mean, min, max, gaps, stats, .. } = columns;
    let (from_ms, to_ms) = (from.0 as f64 / 1e3, to.0 as f64 / 1e3);
    prop_assert!([mean.len(), min.len(), max.len()].iter().all(|length| *length == time_ms.len()));
    prop_assert!(time_ms.windows(2).all(|pair| pair[0] < pair[1]), "times rise");
    prop_assert!(time_ms.iter().all(|time| (from_ms..=to_ms).contains(time)), "inside the window");
    prop_assert!((0..mean.len()).all(|at| min[at] <= mean[at] && mean[at] <= max[at]));
    prop_assert!([mean, min, max].iter().all(|column| column.iter().all(|value| value.is_finite())));
    prop_assert!(gaps.iter().all(|gap| from_ms <= gap.from_ms && gap.from_ms < gap.to_ms && gap.to_ms <= to_ms));
    prop_assert!(gaps.windows(2).all(|pair| pair[0].to_ms <= pair[1].from_ms), "disjoint and ascending");
    prop_assert!((0.0..=1.0).contains(&stats.data_fraction));
    let (min_all, max_all) = (min.iter().copied().reduce(f64::min), max.iter().copied().reduce(f64::max));
    if columns.resolution == Resolution::Raw {
        prop_assert_eq!((min_all, max_all), (stats.min.map(|min| min.value), stats.max.map(|max| max.value)));
        prop_assert_eq!(stats.sigma.is_some(), !mean.is_empty());
    }
    Ok(())
}

fn window() -> impl Strategy<Value = (Timestamp, Timestamp, u32)> {
    (0_i64..200_000, 1_i64..1_000_000, 1_u32..500).prop_map(|(from, span, pixels)| (at(from), at(from + span), pixels))
}

fn envelope_minutes(rows: &[(Timestamp, Moments)], from: Timestamp, to: Timestamp, pixels: u32) -> Columns {
    let mut envelope = MinuteEnvelope::new(from, to, pixels);
    rows.iter().for_each(|(minute, moments)| envelope.add(*minute, moments));
    envelope.into_columns()
}

proptest! {
    #[test]
    fn a_raw_envelope_contains_every_sample(samples in series(), (from, to, pixels) in window()) {
        let columns = envelope_raw(&samples, from, to, pixels, HOLD);
        check(&columns, from, to)?;
        prop_assert!(columns.time_ms.len() <= pixels as usize + 2);
        let inside: Vec<_> = samples.iter().filter(|(time, _)| *time >= from && *time < to).collect();
        if inside.len() <= pixels as usize {
            let times: Vec<_> = inside.iter().map(|(time, _)| time.0 as f64 / 1e3).collect();
            let values: Vec<_> = inside.iter().map(|(_, value)| *value).collect();
            prop_assert_eq!((&columns.time_ms, &columns.mean), (&times, &values));
            prop_assert_eq!((&columns.min, &columns.max), (&values, &values));
        }
        for (time, value) in inside {
            let point = columns.time_ms.iter().rposition(|point| *point <= time.0 as f64 / 1e3);
            let point = point.expect("a point begins at its first sample");
            prop_assert!(columns.min[point] <= *value && *value <= columns.max[point]);
        }
    }

    #[test]
    fn a_point_after_a_gap_begins_a_segment(samples in series(), (from, to, pixels) in window()) {
        let columns = envelope_raw(&samples, from, to, pixels, HOLD);
        for gap in &columns.gaps {
            prop_assert!(columns.time_ms.iter().all(|time| *time <= gap.from_ms || gap.to_ms <= *time));
        }
        let times: Vec<_> = samples.iter().map(|(time, _)| *time).collect();
        let all = gaps(&times, from, to, HOLD);
        prop_assert!(columns.gaps.iter().all(|gap| all.contains(gap)));
        let gap_ms = all.iter().fold(0.0, |sum, gap| sum + gap.to_ms - gap.from_ms);
        let known = 1.0 - gap_ms / (to.since(from).as_micros() as f64 / 1e3);
        prop_assert!(close(columns.stats.data_fraction, known, 1.0), "{} {known}", columns.stats.data_fraction);
    }

    #[test]
    fn minutes_say_what_samples_say(samples in series(), minutes in 1_u64..20, pixels in 1_u32..500) {
        let to = START.plus(Duration::from_secs(60 * minutes));
        let rows: Vec<_> = (0..minutes)
            .map(|n| START.plus(Duration::from_secs(60 * n)))
            .filter_map(|start| Some((start, minute_moments(&samples, None, start, HOLD)?)))
            .collect();
        let (wide, near) = (envelope_minutes(&rows, START, to, pixels), envelope_raw(&samples, START, to, pixels, HOLD));
        check(&wide, START, to)?;
        prop_assert!(wide.time_ms.len() <= pixels as usize + 2);
        let (ours, theirs) = (&wide.stats, &near.stats);
        prop_assert_eq!((ours.min.map(|min| min.value), ours.max.map(|max| max.value)), (theirs.min.map(|min| min.value), theirs.max.map(|max| max.value)));
        prop_assert!(close(ours.data_fraction, theirs.data_fraction, 1.0));
        let scale = samples.iter().fold(0.0_f64, |scale, (_, value)| scale.max(value.abs()));
        prop_assert!(close(ours.time_weighted_mean.unwrap_or(0.0), theirs.time_weighted_mean.unwrap_or(0.0), scale));
        prop_assert!(close(ours.sigma.unwrap_or(0.0), theirs.sigma.unwrap_or(0.0), scale * 1e3));
    }

    #[test]
    fn odd_windows_and_samples_do_no_harm(
        samples in prop::collection::vec((any::<i64>().prop_map(Timestamp), any::<f64>()), 0..30),
        from in any::<i64>(), to in any::<i64>(), pixels in any::<u32>(), hold_s in any::<u32>(),
    ) {
        let (from, to) = (Timestamp(from), Timestamp(to));
        let columns = envelope_raw(&samples, from, to, pixels, Duration::from_secs(hold_s.into()));
        prop_assert!(columns.time_ms.iter().chain(&columns.mean).all(|number| number.is_finite()));
        let rows: Vec<_> = samples.iter().map(|(time, value)| (*time, panfloor_trend::Moments::of(*time, *value))).collect();
        let columns = envelope_minutes(&rows, from, to, pixels);
        prop_assert!(columns.time_ms.iter().chain(&columns.mean).all(|number| number.is_finite()));
        let expected = Duration::from_secs(hold_s.into());
        prop_assert_eq!(choose_resolution(from, from, pixels, expected), Resolution::Raw);
        let _any = choose_resolution(from, to, pixels, expected);
    }
}

#[test]
fn the_mean_is_weighted_by_time_not_by_samples() {
    let samples = [(at(0), 10.0), (at(1000), 40.0), (at(1200), 40.0), (at(1400), 40.0), (at(2000), f64::NAN)];
    let stats = envelope_raw(&samples, at(0), at(2000), 100, HOLD).stats;
    assert_eq!((stats.time_weighted_mean, stats.data_fraction), (Some(25.0), 1.0));
    assert_eq!(stats.max.map(|max| max.time_ms), Some(at(1000).0 as f64 / 1e3), "the first of equals");
}

#[test]
fn a_value_from_before_the_window_holds_but_is_no_point() {
    let columns = envelope_raw(&[(at(-1000), 5.0)], at(0), at(3000), 100, HOLD);
    assert_eq!((columns.time_ms.len(), columns.stats.time_weighted_mean, columns.stats.sigma), (0, Some(5.0), None));
    assert_eq!(columns.stats.data_fraction, 0.5);
}

#[test]
fn a_window_takes_its_start_and_leaves_its_end() {
    let samples = [(at(0), 5.0), (at(1000), 6.0), (at(2000), 99.0)];
    let columns = envelope_raw(&samples, at(0), at(2000), 100, HOLD);
    assert_eq!((columns.mean, columns.stats.max.map(|max| max.value)), (vec![5.0, 6.0], Some(6.0)));
}

/// A live chart moves on: points that stay in view stay as they are.
#[test]
fn points_do_not_jitter_while_the_window_moves() {
    let samples: Vec<_> = (0..600_i32).map(|n| (at(i64::from(n) * 100), f64::from(n % 17))).collect();
    let of = |from: i64| envelope_raw(&samples, at(from), at(from + 30_000), 100, HOLD);
    let (before, after) = (of(0), of(700));
    let shared = |columns: &Columns| {
        let points = columns.time_ms.iter().zip(&columns.min).zip(&columns.max);
        let inside = |((time, min), max): ((&f64, &f64), &f64)| (*time, *min, *max);
        let (first, last) = (at(1500).0 as f64 / 1e3, at(29_000).0 as f64 / 1e3);
        points.map(inside).filter(|(time, ..)| (first..last).contains(time)).collect::<Vec<_>>()
    };
    assert!(shared(&before).len() > 80);
    assert_eq!(shared(&before), shared(&after));
}

#[test]
fn a_missing_minute_is_a_gap_and_the_minute_under_way_is_none() {
    let rows: Vec<_> = [0, 1, 4, 5]
        .map(|n| START.plus(Duration::from_secs(60 * n)))
        .map(|start| (start, panfloor_trend::Moments::of(start, 1.0)))
        .to_vec();
    let told = |to_s: u64| -> Vec<_> {
        let columns = envelope_minutes(&rows, at(-500), START.plus(Duration::from_secs(to_s)), 1000);
        columns
            .gaps
            .iter()
            .map(|gap| (gap.from_ms / 1e3 - 1_700_000_040.0, gap.to_ms / 1e3 - 1_700_000_040.0))
            .collect()
    };
    assert_eq!(told(470), [(120.0, 240.0)], "the minute cut by the start is not looked at");
    assert_eq!(told(480), [(120.0, 240.0), (360.0, 480.0)]);
}

#[test]
fn near_windows_are_raw_and_wide_ones_are_minutes() {
    let choose = |hours: u64, pixels, expected_ms| {
        choose_resolution(
            START,
            START.plus(Duration::from_secs(3600 * hours)),
            pixels,
            Duration::from_millis(expected_ms),
        )
    };
    assert_eq!(choose(1, 1000, 1000), Resolution::Raw);
    assert_eq!(choose(16, 1000, 1000), Resolution::Raw);
    assert_eq!(choose(17, 1000, 1000), Resolution::Minute, "a pixel spans a minute");
    assert_eq!(choose(12, 1000, 100), Resolution::Minute, "432,000 samples");
    assert_eq!(choose(24 * 13, 1000, 300_000), Resolution::Raw, "slow samples: 4 a pixel");
    assert_eq!(choose(24 * 365, 1000, 300_000), Resolution::Minute);
    assert_eq!(choose(0, 0, 0), Resolution::Raw);
}
