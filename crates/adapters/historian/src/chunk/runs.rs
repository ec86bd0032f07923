//! Columns that hardly change: each value once, with how often it follows.

use crate::bytes::{Cursor, put_len, put_uint};

/// Appends a column as runs.
pub(crate) fn put_runs(out: &mut Vec<u8>, values: impl IntoIterator<Item = u64>) {
    let mut runs: Vec<(u64, usize)> = Vec::new();
    for value in values {
        match runs.last_mut() {
            Some((last, len)) if *last == value => *len += 1,
            Some(_) | None => runs.push((value, 1)),
        }
    }
    put_len(out, runs.len());
    for (value, len) in runs {
        put_uint(out, value);
        put_len(out, len);
    }
}

/// Reads a column of exactly `count` values; `None` if it is damaged.
pub(crate) fn runs(cursor: &mut Cursor<'_>, count: usize) -> Option<Vec<u64>> {
    let mut values = Vec::with_capacity(count);
    for _ in 0..cursor.len()? {
        let (value, len) = (cursor.uint()?, cursor.len()?);
        if len > count - values.len() {
            return None;
        }
        values.resize(values.len() + len, value);
    }
    (values.len() == count).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_come_back(values in proptest::collection::vec(0_u64..3, 0..200)) {
            let mut out = Vec::new();
            put_runs(&mut out, values.iter().copied());
            prop_assert_eq!(runs(&mut Cursor::new(&out), values.len()), Some(values));
        }
    }

    #[test]
    fn a_run_longer_than_the_column_is_refused() {
        assert_eq!(runs(&mut Cursor::new(&[1, 7, 5]), 4), None);
        assert_eq!(runs(&mut Cursor::new(&[1, 7, 5]), 5), Some(vec![7; 5]));
        assert_eq!(runs(&mut Cursor::new(&[1, 7, 5]), 6), None);
    }
}
