//! Bytes of the store's own formats: variable-length integers, texts, and a cursor that never reads past the end.

/// Appends an unsigned integer, 7 bits a byte, the lowest first.
pub(crate) fn put_uint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7F) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a length or count.
pub(crate) fn put_len(out: &mut Vec<u8>, len: usize) {
    put_uint(out, len as u64);
}

/// Appends a signed integer, so that small ones of either sign are short.
pub(crate) fn put_int(out: &mut Vec<u8>, value: i64) {
    put_uint(out, ((value << 1) ^ (value >> 63)) as u64);
}

/// Appends bytes, their length first.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_len(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Reads what the functions above wrote; `None` where the bytes end or cannot be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.rest.split_at_checked(len)?;
        self.rest = tail;
        Some(head)
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(crate) fn uint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub(crate) fn len(&mut self) -> Option<usize> {
        usize::try_from(self.uint()?).ok()
    }

    pub(crate) fn int(&mut self) -> Option<i64> {
        let value = self.uint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.len()?;
        self.take(len)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub(crate) fn f64(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
}

/// Most decimals tried: sensors have up to four, and 10^6 still leaves i32 a range of ±2147.
const MAX_DECIMALS: u8 = 6;
/// Powers of ten of those decimals.
const TENS: [f64; MAX_DECIMALS as usize + 1] = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6];

/// The whole number that gives exactly these bits when divided by 10^`decimals`.
pub(crate) fn scaled(value: f64, decimals: u8) -> Option<i32> {
    let ten = *TENS.get(usize::from(decimals))?;
    let whole = (value * ten).round();
    // The cast of a number outside the range, or of NaN, gives another number: the bits then differ.
    let whole = whole as i32;
    (unscaled(whole, decimals)?.to_bits() == value.to_bits()).then_some(whole)
}

/// The number of a whole number and its decimals.
pub(crate) fn unscaled(whole: i32, decimals: u8) -> Option<f64> {
    Some(f64::from(whole) / TENS.get(usize::from(decimals))?)
}

/// The fewest decimals at which all of `values` are exact.
pub(crate) fn decimals(values: &[f64]) -> Option<u8> {
    (0..=MAX_DECIMALS).find(|d| values.iter().all(|v| scaled(*v, *d).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_put_is_read(u: u64, i: i64, f: u64, t in ".*") {
            let mut out = Vec::new();
            put_uint(&mut out, u);
            put_int(&mut out, i);
            put_bytes(&mut out, t.as_bytes());
            out.extend_from_slice(&f.to_le_bytes());
            let mut cursor = Cursor::new(&out);
            prop_assert_eq!(cursor.uint(), Some(u));
            prop_assert_eq!(cursor.int(), Some(i));
            prop_assert_eq!(cursor.text(), Some(t.as_str()));
            prop_assert_eq!(cursor.f64().map(f64::to_bits), Some(f));
            prop_assert!(cursor.is_empty());
        }

        #[test]
        fn scaling_is_exact_or_refused(bits: u64, d in 0_u8..=9) {
            let value = f64::from_bits(bits);
            if let Some(whole) = scaled(value, d) {
                prop_assert_eq!(unscaled(whole, d).map(f64::to_bits), Some(bits));
            }
        }

        #[test]
        fn foreign_bytes_do_no_harm(bytes: Vec<u8>) {
            let mut cursor = Cursor::new(&bytes);
            while cursor.uint().is_some() && cursor.text().is_some() && cursor.f64().is_some() {}
        }
    }

    #[test]
    fn decimals_of_sensors() {
        assert_eq!(decimals(&[46.12, 46.1, 0.0]), Some(2));
        assert_eq!(decimals(&[65.2, -7.0]), Some(1));
        assert_eq!(decimals(&[-0.0]), None, "minus zero has no whole number");
        assert_eq!(decimals(&[f64::NAN]), None);
        assert_eq!(decimals(&[1.0 / 3.0]), None);
        assert_eq!(decimals(&[3e9]), None);
    }
}
