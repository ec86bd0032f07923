//! Columns of numbers, coded with pco, bit for bit. Two delta settings are tried and the smaller result is kept: the
//! automatic one often loses a tenth to plain first differences on sensor data.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pco::data_types::Number;
use pco::standalone::{simple_compress, simple_decompress_into};
use pco::{ChunkConfig, DeltaSpec};

use crate::bytes::{Cursor, decimals, put_bytes, put_int, scaled, unscaled};

/// Why a column could not be coded.
pub(crate) type Failure = String;

/// Integers: differences as variable-length integers. Short columns, where pco's header would outweigh its gain.
const INTS_PLAIN: u8 = 0;
/// Integers: pco.
const INTS_PCO: u8 = 1;
/// Floats: their bytes.
const FLOATS_PLAIN: u8 = 0;
/// Floats: pco.
const FLOATS_PCO: u8 = 1;
/// Floats on a decimal grid: its decimals, then whole numbers in pco.
const FLOATS_GRID: u8 = 2;

/// pco is code of others working on damaged bytes or new corners of its own: a panic in it is a failure of this
/// column, not of the process.
fn guard<T>(f: impl FnOnce() -> pco::errors::PcoResult<T>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(done) => done.map_err(|e| e.to_string()),
        Err(_) => Err("pco panicked".to_owned()),
    }
}

fn compress<T: Number>(numbers: &[T]) -> Result<Vec<u8>, Failure> {
    let with = |delta| guard(|| simple_compress(numbers, &ChunkConfig::default().with_delta_spec(delta)));
    let (a, b) = (with(DeltaSpec::TryConsecutive(1))?, with(DeltaSpec::Auto)?);
    Ok(if a.len() <= b.len() { a } else { b })
}

fn decompress<T: Number + Default>(bytes: &[u8], count: usize) -> Option<Vec<T>> {
    let mut numbers = vec![T::default(); count];
    let progress = guard(|| simple_decompress_into(bytes, &mut numbers)).ok()?;
    (progress.n_processed == count && progress.finished).then_some(numbers)
}

/// Appends a column of integers.
pub(crate) fn put_ints(out: &mut Vec<u8>, numbers: &[i64]) -> Result<(), Failure> {
    let mut plain = Vec::new();
    let mut last = 0_i64;
    for n in numbers {
        put_int(&mut plain, n.wrapping_sub(last));
        last = *n;
    }
    let coded = if numbers.is_empty() { Vec::new() } else { compress(numbers)? };
    if numbers.is_empty() || plain.len() <= coded.len() {
        out.push(INTS_PLAIN);
        put_bytes(out, &plain);
    } else {
        out.push(INTS_PCO);
        put_bytes(out, &coded);
    }
    Ok(())
}

/// Reads a column of `count` integers.
pub(crate) fn ints(cursor: &mut Cursor<'_>, count: usize) -> Option<Vec<i64>> {
    let kind = cursor.byte()?;
    let bytes = cursor.bytes()?;
    if kind == INTS_PCO {
        return decompress(bytes, count);
    }
    let mut plain = Cursor::new(bytes);
    let mut last = 0_i64;
    let mut next = || {
        last = last.wrapping_add(plain.int()?);
        Some(last)
    };
    let numbers: Option<Vec<i64>> = (0..count).map(|_| next()).collect();
    (kind == INTS_PLAIN && plain.is_empty()).then_some(numbers).flatten()
}

/// Appends a column of floats, any bits.
pub(crate) fn put_floats(out: &mut Vec<u8>, numbers: &[f64]) -> Result<(), Failure> {
    let grid = decimals(numbers).and_then(|d| {
        let whole: Option<Vec<i32>> = numbers.iter().map(|n| scaled(*n, d)).collect();
        Some((d, whole?))
    });
    if numbers.is_empty() {
        out.push(FLOATS_PLAIN);
        put_bytes(out, &[]);
    } else if let Some((decimals, whole)) = grid {
        out.push(FLOATS_GRID);
        out.push(decimals);
        put_bytes(out, &compress(&whole)?);
    } else {
        let coded = compress(numbers)?;
        let plain: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        out.push(if plain.len() <= coded.len() { FLOATS_PLAIN } else { FLOATS_PCO });
        put_bytes(out, if plain.len() <= coded.len() { &plain } else { &coded });
    }
    Ok(())
}

/// Reads a column of `count` floats.
pub(crate) fn floats(cursor: &mut Cursor<'_>, count: usize) -> Option<Vec<f64>> {
    match cursor.byte()? {
        FLOATS_PLAIN => {
            let mut plain = Cursor::new(cursor.bytes()?);
            let numbers: Option<Vec<f64>> = (0..count).map(|_| plain.f64()).collect();
            plain.is_empty().then_some(numbers).flatten()
        }
        FLOATS_PCO => decompress(cursor.bytes()?, count),
        FLOATS_GRID => {
            let decimals = cursor.byte()?;
            let whole: Vec<i32> = decompress(cursor.bytes()?, count)?;
            whole.into_iter().map(|w| unscaled(w, decimals)).collect()
        }
        _ => None,
    }
}

/// Appends times: either as they are, or as the slots of an even grid and what each is off by, whichever is shorter.
/// A device that samples on a beat with jitter pays for the jitter once that way, instead of twice in differences.
pub(crate) fn put_times(out: &mut Vec<u8>, times: &[i64]) -> Result<(), Failure> {
    let mut plain = Vec::new();
    put_ints(&mut plain, times)?;
    let beat = beat(times);
    let mut slotted = Vec::new();
    if let (Some(beat), Some(first)) = (beat, times.first()) {
        let slots: Vec<i64> = times.iter().map(|t| (t - first + beat / 2).div_euclid(beat)).collect();
        let off: Vec<i64> = times.iter().zip(&slots).map(|(t, slot)| t - first - slot * beat).collect();
        put_int(&mut slotted, *first);
        put_int(&mut slotted, beat);
        put_ints(&mut slotted, &slots)?;
        put_ints(&mut slotted, &off)?;
    }
    let use_slots = !slotted.is_empty() && slotted.len() < plain.len();
    out.push(u8::from(use_slots));
    out.extend_from_slice(if use_slots { &slotted } else { &plain });
    Ok(())
}

/// Reads `count` times.
pub(crate) fn times(cursor: &mut Cursor<'_>, count: usize) -> Option<Vec<i64>> {
    if cursor.byte()? == 0 {
        return ints(cursor, count);
    }
    let (first, beat) = (cursor.int()?, cursor.int()?);
    let slots = ints(cursor, count)?;
    let off = ints(cursor, count)?;
    let time = |(slot, off): (&i64, &i64)| slot.checked_mul(beat)?.checked_add(*off)?.checked_add(first);
    slots.iter().zip(&off).map(time).collect()
}

/// The median spacing of times that rise; `None` if there is no beat to speak of.
fn beat(times: &[i64]) -> Option<i64> {
    let mut spacings: Vec<i64> = times.windows(2).map(|w| w[1] - w[0]).collect();
    if spacings.len() < 8 {
        return None;
    }
    let middle = spacings.len() / 2;
    let (_, median, _) = spacings.select_nth_unstable(middle);
    (*median > 0).then_some(*median)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits(numbers: &[f64]) -> Vec<u64> {
        numbers.iter().map(|n| n.to_bits()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn ints_come_back(numbers in proptest::collection::vec(any::<i64>(), 0..300)) {
            let mut out = Vec::new();
            put_ints(&mut out, &numbers).unwrap();
            prop_assert_eq!(ints(&mut Cursor::new(&out), numbers.len()), Some(numbers));
        }

        #[test]
        fn floats_of_any_bits_come_back(raw in proptest::collection::vec(any::<u64>(), 0..300)) {
            let numbers: Vec<f64> = raw.iter().map(|b| f64::from_bits(*b)).collect();
            let mut out = Vec::new();
            put_floats(&mut out, &numbers).unwrap();
            prop_assert_eq!(bits(&floats(&mut Cursor::new(&out), raw.len()).unwrap()), raw);
        }

        #[test]
        fn grids_come_back(whole in proptest::collection::vec(-1_000_000_i32..1_000_000, 1..300), decimals in 0_u8..=6) {
            let numbers: Vec<f64> = whole.iter().filter_map(|w| unscaled(*w, decimals)).collect();
            let mut out = Vec::new();
            put_floats(&mut out, &numbers).unwrap();
            prop_assert_eq!(out[0], FLOATS_GRID);
            prop_assert_eq!(bits(&floats(&mut Cursor::new(&out), numbers.len()).unwrap()), bits(&numbers));
        }

        #[test]
        fn times_come_back(
            start in -4_000_000_000_000_000_i64..4_000_000_000_000_000,
            steps in proptest::collection::vec(prop_oneof![8 => 997_000_i64..1_003_000, 1 => 0_i64..900_000_000], 0..300),
        ) {
            let times_in: Vec<i64> =
                steps.iter().scan(start, |t, step| { *t += step; Some(*t) }).collect();
            let mut out = Vec::new();
            put_times(&mut out, &times_in).unwrap();
            prop_assert_eq!(times(&mut Cursor::new(&out), times_in.len()), Some(times_in));
        }

        #[test]
        fn foreign_bytes_are_refused_quietly(bytes: Vec<u8>, count in 0_usize..1000) {
            let _ = ints(&mut Cursor::new(&bytes), count);
            let _ = floats(&mut Cursor::new(&bytes), count);
            let _ = times(&mut Cursor::new(&bytes), count);
        }
    }
}
