//! JSON as machines really write it: strict first, then with the bare `NaN` and `Infinity` of Python's `json` module.

use serde_json::Value;

use crate::limits::MAX_DEPTH;
use crate::reject::RejectReason;

/// Stands for a number that JSON cannot hold (`NaN`, `Infinity`, `1e999`) while readings are decoded. The largest double
/// is no measurement either (C programs use it for "no value"), so that taking both for bad loses nothing.
pub(crate) const NOT_A_NUMBER: &str = "1.7976931348623157e308";

/// Stands for the same where any JSON value may stand, as in a config: there a gap is `null`.
pub(crate) const NULL: &str = "null";

/// The value of a number, `None` if it is no finite measurement.
pub(crate) fn finite(number: &serde_json::Number) -> Option<f64> {
    number.as_f64().filter(|value| value.abs() < f64::MAX)
}

/// Parses a payload; tokens that JSON cannot hold are read as `stand_in`.
pub(crate) fn parse(payload: &[u8], stand_in: &str) -> Result<Value, RejectReason> {
    let text = std::str::from_utf8(payload).map_err(|error| RejectReason::NotUtf8 { offset: error.valid_up_to() })?;
    // Some Windows programs write a byte order mark; RFC 8259, section 8.1 lets a reader ignore it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => match replace_non_finite(text, stand_in).map(|mended| serde_json::from_str(&mended)) {
            Some(Ok(value)) => value,
            // The strict parser's position is one in the payload as sent.
            Some(Err(_)) | None => return Err(not_json(payload, text, &error)),
        },
    };
    if is_deeper(&value, MAX_DEPTH) { Err(RejectReason::TooDeep) } else { Ok(value) }
}

/// What a value is, for people.
pub(crate) const fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn not_json(payload: &[u8], text: &str, error: &serde_json::Error) -> RejectReason {
    if nesting(text.as_bytes()) > MAX_DEPTH {
        return RejectReason::TooDeep;
    }
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let offset = payload.len() - text.len() + before + error.column().saturating_sub(1);
    RejectReason::NotJson { message: error.to_string(), offset: offset.min(payload.len()) }
}

/// Whether arrays and objects are nested more than `limit` levels. The parser's own limit of 128 bounds the recursion.
fn is_deeper(value: &Value, limit: usize) -> bool {
    let deeper = |member: &Value| is_deeper(member, limit - 1);
    match value {
        Value::Array(_) | Value::Object(_) if limit == 0 => true,
        Value::Array(elements) => elements.iter().any(deeper),
        Value::Object(members) => members.values().any(deeper),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Deepest nesting of brackets outside strings; the text need not be JSON.
fn nesting(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut at) = (0_usize, 0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
        at += 1;
    }
    deepest
}

/// The text with each token outside strings that JSON cannot hold replaced; `None` if there is none.
fn replace_non_finite(text: &str, stand_in: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut mended = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        if *byte == b'"' {
            at = string_end(bytes, at);
        } else if is_token_byte(*byte) {
            // Whole tokens only: the NaN in `xNaN` makes a text no more JSON than it was.
            let end = at + bytes[at..].iter().take_while(|byte| is_token_byte(**byte)).count();
            if is_non_finite(&text[at..end]) {
                mended.push_str(&text[copied..at]);
                mended.push_str(stand_in);
                copied = end;
            }
            at = end;
        } else {
            at += 1;
        }
    }
    if copied == 0 {
        return None;
    }
    mended.push_str(&text[copied..]);
    Some(mended)
}

/// Position behind the string that opens at `open`; the end of the text if it is never closed.
fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Bytes of literals and numbers. Those of multi-byte characters count too, so that no token ends inside a character.
const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_') || byte >= 0x80
}

/// What Python's `json.dumps` writes for doubles that are not finite, or a JSON number beyond the largest double.
fn is_non_finite(token: &str) -> bool {
    matches!(token, "NaN" | "Infinity" | "-Infinity")
        || (is_json_number(token) && token.parse::<f64>().is_ok_and(f64::is_infinite))
}

/// RFC 8259, section 6.
fn is_json_number(token: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{NULL, RejectReason, nesting, parse, replace_non_finite};

    fn mended(text: &str) -> Option<String> {
        replace_non_finite(text, "X")
    }

    #[test]
    fn replaces_whole_tokens_outside_strings() {
        assert_eq!(mended(r#"{"a":NaN,"b":-Infinity , "c":[Infinity]}"#).unwrap(), r#"{"a":X,"b":X , "c":[X]}"#);
        assert_eq!(
            mended(r#"{"NaN":1e999,"s":"NaN \" NaN","t":"\\"}"#).unwrap(),
            r#"{"NaN":X,"s":"NaN \" NaN","t":"\\"}"#
        );
        assert_eq!(mended("-1E+400").unwrap(), "X");
        assert_eq!(mended(&"9".repeat(400)).unwrap(), "X");
        for kept in ["xNaN", "NaNs", "+Infinity", "nan", "inf", "1e5", "01e999", "1.e999", "é NaNé", r#""NaN"#, r#""\"#]
        {
            assert_eq!(mended(kept), None, "{kept}");
        }
    }

    #[test]
    fn strict_text_is_not_touched() {
        assert_eq!(parse(br#"{"s":"NaN","Infinity":"x"}"#, NULL).unwrap(), json!({"s": "NaN", "Infinity": "x"}));
        assert_eq!(parse(br#"{"s":NaN}"#, NULL).unwrap(), json!({"s": null}));
        assert_eq!(parse("\u{feff}[]".as_bytes(), NULL).unwrap(), json!([]));
    }

    #[test]
    fn says_where_the_text_stops_being_json() {
        let offset = |text: &[u8]| parse(text, NULL).unwrap_err().offset().unwrap();
        assert_eq!(offset(b"{\"a\":1,\n \"b\":?}"), 13);
        assert_eq!(offset("\u{feff}?".as_bytes()), 3);
        assert_eq!(offset(b"ab\xff"), 2);
    }

    #[test]
    fn deep_nesting_is_told_from_other_faults() {
        for levels in [33, 127, 128, 100_000] {
            let text = "[".repeat(levels) + &"]".repeat(levels);
            assert_eq!(parse(text.as_bytes(), NULL), Err(RejectReason::TooDeep), "{levels}");
        }
        let text = "[".repeat(32) + &"]".repeat(32);
        assert!(parse(text.as_bytes(), NULL).is_ok());
        assert_eq!(nesting(br#"{"[[[":[1]} "[["#), 2);
    }
}
