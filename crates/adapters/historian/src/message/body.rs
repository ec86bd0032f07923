//! The body of a tail row: a reading's items as bytes. Numbers on a decimal grid take 2 to 4 bytes instead of 8: the
//! log's size is what a commit costs.
//!
//! Format 1: `1`, count, items; then options as a bit set with what they announce. An item is metric number × 4 +
//! kind, then its value.

use panfloor_model::Metric;

use crate::bytes::{Cursor, decimals, put_bytes, put_int, put_len, put_uint, scaled, unscaled};
use crate::message::row::Item;
use crate::message::types::Value;

const FORMAT: u8 = 1;

const KIND_FLOAT: u64 = 0;
const KIND_DECIMAL: u64 = 1;
const KIND_BAD: u64 = 2;
const KIND_TEXT: u64 = 3;

const HAS_DEVICE_SEQ: u8 = 1;
const HAS_READING_ID: u8 = 2;

/// What a body holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Body {
    pub(crate) items: Vec<Item>,
    pub(crate) device_seq: Option<u64>,
    pub(crate) reading_id: Option<Box<str>>,
}

/// Bytes of a body. `metrics` are the numbers of the items' metrics, in their order.
pub(crate) fn encode(items: &[Item], metrics: &[u32], device_seq: Option<u64>, reading_id: Option<&str>) -> Vec<u8> {
    let mut out = vec![FORMAT];
    put_len(&mut out, items.len());
    for ((_, value), id) in items.iter().zip(metrics) {
        put_item(&mut out, u64::from(*id) << 2, value);
    }
    let options =
        if device_seq.is_some() { HAS_DEVICE_SEQ } else { 0 } | if reading_id.is_some() { HAS_READING_ID } else { 0 };
    out.push(options);
    if let Some(seq) = device_seq {
        put_uint(&mut out, seq);
    }
    if let Some(id) = reading_id {
        put_bytes(&mut out, id.as_bytes());
    }
    out
}

fn put_item(out: &mut Vec<u8>, metric: u64, value: &Value) {
    match value {
        Value::Number(v) => {
            let grid = decimals(&[*v]).and_then(|d| Some((d, scaled(*v, d)?)));
            if let Some((decimals, whole)) = grid {
                put_uint(out, metric | KIND_DECIMAL);
                out.push(decimals);
                put_int(out, i64::from(whole));
            } else {
                put_uint(out, metric | KIND_FLOAT);
                out.extend_from_slice(&v.to_le_bytes());
            }
        }
        Value::Bad => put_uint(out, metric | KIND_BAD),
        Value::Text(text) => {
            put_uint(out, metric | KIND_TEXT);
            put_bytes(out, text.as_bytes());
        }
    }
}

/// Reads a body. `name` gives a metric's name by its number. `None` if the bytes are damaged.
pub(crate) fn decode(bytes: &[u8], mut name: impl FnMut(u32) -> Option<Metric>) -> Option<Body> {
    let mut cursor = Cursor::new(bytes);
    if cursor.byte()? != FORMAT {
        return None;
    }
    let count = cursor.len()?;
    let mut items = Vec::with_capacity(count.min(bytes.len()));
    for _ in 0..count {
        let head = cursor.uint()?;
        let metric = name(u32::try_from(head >> 2).ok()?)?;
        items.push((metric, value(&mut cursor, head & 3)?));
    }
    let options = cursor.byte()?;
    let device_seq = if options & HAS_DEVICE_SEQ == 0 { None } else { Some(cursor.uint()?) };
    let reading_id = if options & HAS_READING_ID == 0 { None } else { Some(Box::from(cursor.text()?)) };
    cursor.is_empty().then_some(Body { items, device_seq, reading_id })
}

/// Hands the values of `wanted` (numbers of metrics) to `each`, with their place in `wanted`; the others are passed
/// over, and so is what follows the items. `None` if the bytes are damaged.
pub(crate) fn pick(bytes: &[u8], wanted: &[Option<u32>], mut each: impl FnMut(usize, Value)) -> Option<()> {
    let mut cursor = Cursor::new(bytes);
    if cursor.byte()? != FORMAT {
        return None;
    }
    for _ in 0..cursor.len()? {
        let head = cursor.uint()?;
        let is_wanted = |id: &&Option<u32>| id.is_some_and(|id| u64::from(id) == head >> 2);
        if !wanted.iter().any(|id| is_wanted(&id)) {
            skip(&mut cursor, head & 3)?;
            continue;
        }
        let value = value(&mut cursor, head & 3)?;
        for (at, _) in wanted.iter().enumerate().filter(|(_, id)| is_wanted(id)) {
            each(at, value.clone());
        }
    }
    Some(())
}

/// Passes over a value.
fn skip(cursor: &mut Cursor<'_>, kind: u64) -> Option<()> {
    match kind {
        KIND_FLOAT => cursor.take(8).map(drop),
        KIND_DECIMAL => cursor.byte().and_then(|_| cursor.uint()).map(drop),
        KIND_BAD => Some(()),
        KIND_TEXT => cursor.bytes().map(drop),
        _ => None,
    }
}

fn value(cursor: &mut Cursor<'_>, kind: u64) -> Option<Value> {
    match kind {
        KIND_FLOAT => cursor.f64().map(Value::Number),
        KIND_DECIMAL => {
            let decimals = cursor.byte()?;
            let whole = i32::try_from(cursor.int()?).ok()?;
            unscaled(whole, decimals).map(Value::Number)
        }
        KIND_BAD => Some(Value::Bad),
        KIND_TEXT => Some(Value::Text(cursor.text()?.into())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<u64>().prop_map(|bits| Value::Number(f64::from_bits(bits))),
            (-100_000..100_000_i32).prop_map(|n| Value::Number(f64::from(n) / 100.0)),
            Just(Value::Bad),
            ".*".prop_map(|t| Value::Text(t.into())),
        ]
    }

    proptest! {
        #[test]
        fn bodies_come_back_bit_for_bit(
            values in proptest::collection::vec(values(), 0..20),
            device_seq: Option<u64>,
            reading_id: Option<String>,
        ) {
            let items: Vec<Item> =
                values.into_iter().enumerate().map(|(i, v)| (Metric::new(&format!("m{i}")), v)).collect();
            let ids: Vec<u32> = (0..items.len()).map(|i| i as u32).collect();
            let bytes = encode(&items, &ids, device_seq, reading_id.as_deref());
            let body = decode(&bytes, |id| Some(Metric::new(&format!("m{id}")))).unwrap();
            prop_assert_eq!(body.device_seq, device_seq);
            prop_assert_eq!(body.reading_id.as_deref(), reading_id.as_deref());
            prop_assert_eq!(body.items.len(), items.len());
            for ((am, av), (bm, bv)) in body.items.iter().zip(&items) {
                prop_assert_eq!(am, bm);
                prop_assert!(av.same(bv), "{:?} {:?}", av, bv);
            }
            let wanted = [Some(7), None, Some(0), Some(1_000), Some(7)];
            let mut picked = [const { None }; 5];
            prop_assert!(pick(&[bytes, vec![9; 3]].concat(), &wanted, |at, value| picked[at] = Some(value)).is_some());
            for (id, value) in wanted.iter().zip(&picked) {
                let there = id.and_then(|id| items.get(id as usize));
                prop_assert_eq!(there.is_some(), value.is_some());
                prop_assert!(there.zip(value.as_ref()).is_none_or(|((_, there), value)| there.same(value)));
            }
        }

        #[test]
        fn foreign_bytes_are_refused_quietly(bytes: Vec<u8>) {
            let _ = decode(&bytes, |_| Some(Metric::new("m")));
            let _ = pick(&bytes, &[Some(0)], |_, _| ());
        }
    }

    #[test]
    fn a_pans_reading_is_small() {
        let items = [("temperature", 46.12), ("pressure", 65.2), ("motor_power", 12.14)]
            .map(|(m, v)| (Metric::new(m), Value::Number(v)));
        assert_eq!(encode(&items, &[1, 2, 3], None, None).len(), 15);
    }
}
