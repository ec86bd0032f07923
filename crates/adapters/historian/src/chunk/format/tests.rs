//! Chunks come back bit for bit, and damage is seen.

use super::*;
use proptest::prelude::*;

const METRICS: [&str; 5] = ["temperature", "pressure", "motor_power", "phase", "x"];

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => (0_i32..20_000).prop_map(|n| Value::Number(f64::from(n) / 100.0)),
        1 => any::<u64>().prop_map(|bits| Value::Number(f64::from_bits(bits))),
        1 => Just(Value::Number(f64::NAN)),
        1 => Just(Value::Bad),
        2 => "[a-d]{0,2}".prop_map(|t| Value::Text(t.into())),
    ]
}

prop_compose! {
    fn row()(
        step in 0_i64..3_000_000,
        device: bool,
        revision: bool,
        latency_ms in -5_000_i64..100_000,
        source in 0_u16..3,
        device_seq: Option<u64>,
        cells in proptest::collection::vec(proptest::option::of(value()), METRICS.len()),
    ) -> Row {
        let items = METRICS.iter().zip(cells).filter_map(|(m, v)| Some((Metric::new(m), v?))).collect();
        Row { seq: None, source, time: step, device, arrival: latency_ms, revision, device_seq, reading_id: None, items }
    }
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    (proptest::collection::vec(row(), 0..120), 0_i64..2_000_000_000_000_000).prop_map(|(mut rows, start)| {
        let mut time = start;
        for row in &mut rows {
            time += row.time;
            row.time = time;
            row.arrival = if row.device { (time.div_euclid(1_000) + row.arrival) * 1_000 } else { time };
        }
        rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn chunks_come_back_bit_for_bit(rows in rows()) {
        let blob = encode(&rows).unwrap();
        prop_assert!(same(&decode(&blob).unwrap(), &rows));
        for metric in METRICS.map(Metric::new) {
            let wanted: Vec<Cell> = rows.iter()
                .filter_map(|r| Some((r.time, r.device, r.items.iter().find(|(m, _)| *m == metric)?.1.clone()))).collect();
            let found = decode_some(&blob, &[Metric::new("none"), metric.clone()]).unwrap().remove(1);
            prop_assert_eq!(found.len(), wanted.len());
            prop_assert!(found.iter().zip(&wanted).all(|(a, b)| a.0 == b.0 && a.1 == b.1 && a.2.same(&b.2)));
        }
    }

    #[test]
    fn every_changed_byte_is_seen(rows in rows(), at: prop::sample::Index, flip in 1_u8..=255) {
        let mut blob = encode(&rows).unwrap();
        let at = at.index(blob.len());
        blob[at] ^= flip;
        prop_assert!(decode(&blob).is_none());
        prop_assert!(decode_some(&blob, &[Metric::new("pressure")]).is_none());
    }
}

#[test]
fn an_hour_of_a_pan_is_small() {
    let mut noise = 1_u64;
    let mut next = |range: u64| {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (noise >> 33) % range
    };
    let rows: Vec<Row> = (0..3_600_i64)
        .map(|s| {
            let time = 1_700_000_000_000_000 + s * 1_000_000 + next(3) as i64 * 1_000;
            let number =
                |centre: f64, digits: f64, n: u64| Value::Number(((centre * digits).round() + n as f64) / digits);
            let items = vec![
                (Metric::new("temperature"), number(46.0, 100.0, next(4))),
                (Metric::new("pressure"), number(65.0, 10.0, next(4))),
                (Metric::new("motor_power"), number(12.0, 100.0, next(4))),
            ];
            Row {
                seq: None,
                source: 1,
                time,
                device: true,
                arrival: time + 1_000,
                revision: false,
                device_seq: Some(s as u64),
                reading_id: None,
                items,
            }
        })
        .collect();
    let blob = encode(&rows).unwrap();
    // 2 bits a value and 1.6 a time are its entropy: 0.32 bytes a sample.
    assert!(blob.len() < 3_600 * 3 / 2, "{} bytes", blob.len());
}
