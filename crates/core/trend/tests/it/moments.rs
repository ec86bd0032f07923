//! Moments, merged and direct.

use panfloor_model::Timestamp;
use panfloor_trend::Moments;
use proptest::prelude::*;

use crate::series::{at, close, value};

fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

/// By the definition, in two passes.
fn direct(samples: &[(Timestamp, f64)]) -> Moments {
    let values = || samples.iter().map(|(_, value)| *value);
    let mean = sum(values().map(|value| value / samples.len() as f64));
    let (first, last) = (samples[0], samples[samples.len() - 1]);
    Moments {
        count: samples.len() as u64,
        mean,
        m2: sum(values().map(|value| (value - mean).powi(2))),
        min: values().fold(f64::INFINITY, f64::min),
        max: values().fold(f64::NEG_INFINITY, f64::max),
        first: first.1,
        last: last.1,
        first_time: first.0,
        last_time: last.0,
        integral: 0.0,
        held_s: 0.0,
    }
}

fn added(samples: &[(Timestamp, f64)]) -> Moments {
    let mut moments = Moments::of(samples[0].0, samples[0].1);
    samples[1..].iter().for_each(|(time, value)| moments.add(*time, *value));
    moments
}

fn agree(a: &Moments, b: &Moments) -> bool {
    let scale = a.max.abs().max(a.min.abs());
    let exact = |m: &Moments| (m.count, m.min, m.max, m.first, m.last, m.first_time, m.last_time);
    exact(a) == exact(b)
        && close(a.mean, b.mean, scale)
        && close(a.m2, b.m2, scale * scale * a.count as f64)
        && close(a.integral, b.integral, scale * a.held_s)
        && close(a.held_s, b.held_s, a.held_s)
}

fn samples() -> impl Strategy<Value = Vec<(Timestamp, f64)>> {
    prop::collection::vec(value(), 1..60).prop_map(|values| (0..).map(|n| at(n * 1000)).zip(values).collect())
}

proptest! {
    #[test]
    fn adding_one_by_one_equals_the_definition(samples in samples()) {
        let (ours, theirs) = (added(&samples), direct(&samples));
        prop_assert!(agree(&ours, &theirs), "{ours:?}\n{theirs:?}");
    }

    #[test]
    fn merging_parts_in_any_order_equals_the_whole(samples in samples(), cuts in (any::<prop::sample::Index>(), any::<prop::sample::Index>())) {
        let mut cuts = [cuts.0.index(samples.len()), cuts.1.index(samples.len())];
        cuts.sort_unstable();
        let parts: Vec<_> = [&samples[..cuts[0]], &samples[cuts[0]..cuts[1]], &samples[cuts[1]..]]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| {
                let mut moments = added(part);
                moments.hold(part[0].1, part.len() as f64);
                moments
            })
            .collect();
        let merged = |order: &mut dyn Iterator<Item = &Moments>| {
            let mut all = *order.next().unwrap();
            order.for_each(|part| all.merge(part));
            all
        };
        let forward = merged(&mut parts.iter());
        let backward = merged(&mut parts.iter().rev());
        let mut tail = merged(&mut parts[1..].iter().chain(&parts[..1]));
        prop_assert!(agree(&forward, &backward), "{forward:?}\n{backward:?}");
        prop_assert!(agree(&forward, &tail), "{forward:?}\n{tail:?}");
        (tail.integral, tail.held_s) = (0.0, 0.0);
        prop_assert!(agree(&tail, &direct(&samples)));
        let held: f64 = sum(parts.iter().map(|part| part.held_s));
        prop_assert!(close(forward.held_s, held, held));
    }

    #[test]
    fn a_mean_lies_between_the_extremes(samples in samples()) {
        let moments = added(&samples);
        prop_assert!(moments.min <= moments.mean && moments.mean <= moments.max);
        prop_assert!(moments.std_dev().is_finite());
    }
}

#[test]
fn a_span_without_samples_gives_way_to_one_with() {
    let mut held = Moments::held_over(at(0), 90.0);
    held.hold(90.0, 60.0);
    let mut sampled = Moments::of(at(60_000), 50.0);
    sampled.hold(50.0, 60.0);
    for (mut ours, theirs) in [(held, sampled), (sampled, held)] {
        ours.merge(&theirs);
        assert_eq!((ours.count, ours.min, ours.max, ours.mean, ours.first), (1, 50.0, 50.0, 50.0, 50.0));
        assert_eq!((ours.time_weighted_mean(), ours.held_s), (Some(70.0), 120.0));
    }
    let mut earlier = Moments::held_over(at(0), 1.0);
    earlier.merge(&Moments::held_over(at(60_000), 2.0));
    let mut later = Moments::held_over(at(60_000), 2.0);
    later.merge(&Moments::held_over(at(0), 1.0));
    assert_eq!((earlier.mean, later.mean, earlier.std_dev()), (1.0, 1.0, 0.0));
}

#[test]
fn what_cannot_be_reckoned_with_is_passed_over() {
    let mut moments = Moments::of(at(0), 5.0);
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1.1e100] {
        moments.add(at(1), value);
    }
    assert_eq!(moments, Moments::of(at(0), 5.0));
}
