//! Times as machines write them, and as Panfloor writes them.
//!
//! Read here rather than by a library's format strings: those let white space, signs and short fields pass, which
//! another language's decoder of the same contract would not.

use chrono::{DateTime, Datelike, MappedLocalTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use panfloor_model::Timestamp;
use serde_json::Value;

use crate::json;
use crate::limits::EPOCH_MILLIS_FROM;
use crate::reject::RejectReason;

/// Longest text that can be a time, bytes: a fraction of 30 digits and an offset fit.
const MAX_TIME_BYTES: usize = 64;
/// How much of an unreadable time its rejection quotes, characters.
const QUOTED_CHARS: usize = 40;

/// Reads a member that holds a time: RFC 3339, epoch seconds or milliseconds, or local time of `zone`. `None` if it is
/// missing or `null`.
pub(crate) fn read(member: Option<&Value>, zone: Tz) -> Result<Option<Timestamp>, RejectReason> {
    let Some(value) = member else { return Ok(None) };
    let read = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => json::finite(number).and_then(from_epoch),
        Value::String(text) => match parse(text) {
            Some(Parsed::Utc(time)) => Some(time),
            Some(Parsed::Local(local)) => return from_local(local, zone, text).map(Some),
            None => None,
        },
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    read.map(Some).ok_or_else(|| RejectReason::TimeUnreadable { text: quoted(value) })
}

/// Reads RFC 3339; `None` for anything else, also for a time without an offset.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    match parse(text)? {
        Parsed::Utc(time) => Some(time),
        Parsed::Local(_) => None,
    }
}

/// Writes RFC 3339 in UTC, with 3 digits of a second where they suffice, else 6.
///
/// RFC 3339 has the years 0 to 9999 only; a time outside is written as the nearest inside.
#[must_use]
pub fn format_rfc3339(time: Timestamp) -> String {
    let time = DateTime::from_timestamp_micros(time.micros())
        .filter(|time| (0..=9999).contains(&time.year()))
        .unwrap_or(if time.micros() < 0 { EARLIEST } else { LATEST });
    let digits = if time.timestamp_subsec_micros().is_multiple_of(1000) {
        "%Y-%m-%dT%H:%M:%S%.3fZ"
    } else {
        "%Y-%m-%dT%H:%M:%S%.6fZ"
    };
    time.format(digits).to_string()
}

/// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z, seconds of the epoch.
const EARLIEST: DateTime<chrono::Utc> = edge(-62_167_219_200);
const LATEST: DateTime<chrono::Utc> = edge(253_402_300_799);

const fn edge(epoch_s: i64) -> DateTime<chrono::Utc> {
    match DateTime::from_timestamp(epoch_s, 0) {
        Some(time) => time,
        None => DateTime::UNIX_EPOCH,
    }
}

/// Serde for a [`Timestamp`] that travels as RFC 3339.
pub(crate) mod rfc3339 {
    use panfloor_model::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::format_rfc3339(*time))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::parse_rfc3339(&text).ok_or_else(|| D::Error::custom("expected a time in RFC 3339"))
    }
}

/// A time as text gives it.
enum Parsed {
    /// With an offset.
    Utc(Timestamp),
    /// Without one.
    Local(NaiveDateTime),
}

/// Seconds, or from [`EPOCH_MILLIS_FROM`] on milliseconds, since the epoch.
fn from_epoch(number: f64) -> Option<Timestamp> {
    let micros = (number * if number.abs() < EPOCH_MILLIS_FROM { 1e6 } else { 1e3 }).round();
    // 2⁶³ itself is a double and does not fit; every double below it does.
    #[expect(clippy::cast_possible_truncation, reason = "bounded in this very line")]
    (micros.abs() < 9.2e18).then_some(Timestamp::from_micros(micros as i64))
}

/// Of a time that the zone's clocks showed twice, the earlier; one that they skipped is an error.
fn from_local(local: NaiveDateTime, zone: Tz, text: &str) -> Result<Timestamp, RejectReason> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(time) => Ok(Timestamp::from_micros(time.timestamp_micros())),
        MappedLocalTime::Ambiguous(one, other) => {
            Ok(Timestamp::from_micros(one.timestamp_micros().min(other.timestamp_micros())))
        }
        MappedLocalTime::None => Err(RejectReason::TimeNonexistent { text: text.to_owned(), zone: zone.name() }),
    }
}

/// `YYYY-MM-DD`, one of `T`, `t` and space, `HH:MM:SS`, a fraction of any length (cut at µs), and `Z`, `z`, `±HH:MM` or
/// nothing. RFC 3339's second 60 is the first of the next minute.
fn parse(text: &str) -> Option<Parsed> {
    let bytes = text.as_bytes();
    if bytes.len() > MAX_TIME_BYTES || !separators_match(bytes) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(digits(bytes, 0, 4)?.cast_signed(), digits(bytes, 5, 2)?, digits(bytes, 8, 2)?)?;
    let second = digits(bytes, 17, 2)?;
    let (micros, offset) = fraction(&bytes[19..])?;
    let time = date.and_hms_micro_opt(digits(bytes, 11, 2)?, digits(bytes, 14, 2)?, second.min(59), micros)?;
    let time = match second {
        0..=59 => time,
        60 => time.checked_add_signed(TimeDelta::seconds(1))?,
        _ => return None,
    };
    match offset {
        b"" => Some(Parsed::Local(time)),
        b"Z" | b"z" => Some(utc(time, 0)),
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (hours, minutes) = (digits(offset, 1, 2)?, digits(offset, 4, 2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let ahead_s = i64::from(hours * 3600 + minutes * 60);
            Some(utc(time, if *sign == b'+' { ahead_s } else { -ahead_s }))
        }
        _ => None,
    }
}

fn utc(time: NaiveDateTime, ahead_s: i64) -> Parsed {
    // Four digits of a year lie far inside the range of either.
    Parsed::Utc(Timestamp::from_micros(time.and_utc().timestamp_micros() - ahead_s * 1_000_000))
}

fn separators_match(bytes: &[u8]) -> bool {
    bytes.len() >= 19
        && (bytes[4], bytes[7], bytes[13], bytes[16]) == (b'-', b'-', b':', b':')
        && matches!(bytes[10], b'T' | b't' | b' ')
}

/// The number of `count` decimal digits at `from`.
fn digits(bytes: &[u8], from: usize, count: usize) -> Option<u32> {
    bytes
        .get(from..from + count)?
        .iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

/// Microseconds of `.123456789`, cut, and what follows.
fn fraction(rest: &[u8]) -> Option<(u32, &[u8])> {
    let Some((b'.', rest)) = rest.split_first() else { return Some((0, rest)) };
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 {
        return None;
    }
    let micros = (0..6).fold(0, |micros, at| micros * 10 + if at < count { u32::from(rest[at] - b'0') } else { 0 });
    Some((micros, &rest[count..]))
}

/// The beginning of a value, as sent.
fn quoted(value: &Value) -> String {
    let text = match value {
        Value::String(text) => format!("\"{}\"", text.chars().take(QUOTED_CHARS).collect::<String>()),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(_) | Value::Object(_) => json::name_of(value).to_owned(),
    };
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use chrono_tz::{Europe, Tz};
    use panfloor_model::Timestamp;
    use serde_json::{Value, json};

    use super::{RejectReason, format_rfc3339, parse_rfc3339, read};

    /// 2026-11-24T06:15:04.250Z.
    const MOMENT: Timestamp = Timestamp::from_micros(1_795_500_904_250_000);

    fn utc(value: &Value) -> Option<Timestamp> {
        read(Some(value), Tz::UTC).ok().flatten()
    }

    #[test]
    fn reads_every_form_of_rfc_3339() {
        for text in [
            "2026-11-24T06:15:04.250Z",
            "2026-11-24t06:15:04.25z",
            "2026-11-24 06:15:04.250000999Z",
            "2026-11-24T07:15:04.250+01:00",
            "2026-11-23T23:45:04.250-06:30",
            "2026-11-24 06:15:04.250000+00:00",
            "2026-11-24T06:15:04.250-00:00",
        ] {
            assert_eq!(utc(&json!(text)), Some(MOMENT), "{text}");
        }
        assert_eq!(utc(&json!("2016-12-31T23:59:60Z")), utc(&json!("2017-01-01T00:00:00Z")));
        assert_eq!(utc(&json!("1969-12-31T23:59:59.5Z")), Some(Timestamp::from_micros(-500_000)));
    }

    #[test]
    fn reads_epoch_seconds_and_milliseconds() {
        assert_eq!(utc(&json!(1_795_500_904.25)), Some(MOMENT));
        assert_eq!(utc(&json!(1_795_500_904_250_i64)), Some(MOMENT));
        assert_eq!(utc(&json!(1_795_500_904_250.0)), Some(MOMENT));
        assert_eq!(utc(&json!(0)), Some(Timestamp::from_micros(0)));
        assert_eq!(utc(&json!(99_999_999_999_i64)).unwrap().millis(), 99_999_999_999_000);
        assert_eq!(utc(&json!(100_000_000_000_i64)).unwrap().millis(), 100_000_000_000);
    }

    #[test]
    fn local_time_is_that_of_the_zone() {
        let warsaw = |text: &str| read(Some(&json!(text)), Europe::Warsaw);
        assert_eq!(warsaw("2026-11-24 07:15:04.25"), Ok(Some(MOMENT)));
        assert_eq!(warsaw("2026-11-24T07:15:04.250000"), Ok(Some(MOMENT)));
        // Clocks went back from 03:00 to 02:00 on 25 October 2026: 02:30 came twice, first at 00:30 UTC.
        assert_eq!(warsaw("2026-10-25 02:30:00").unwrap(), parse_rfc3339("2026-10-25T00:30:00Z"));
        // Forward from 02:00 to 03:00 on 29 March 2026.
        assert!(matches!(warsaw("2026-03-29 02:30:00"), Err(RejectReason::TimeNonexistent { .. })));
    }

    #[test]
    fn what_is_no_time_is_refused_or_missing() {
        assert_eq!(read(None, Tz::UTC), Ok(None));
        assert_eq!(read(Some(&Value::Null), Tz::UTC), Ok(None));
        for value in [
            json!(""),
            json!("yesterday"),
            json!("2026-11-24"),
            json!("2026-13-24T06:15:04Z"),
            json!("2026-02-29T06:15:04Z"),
            json!("2026-11-24T24:15:04Z"),
            json!("2026-11-24T06:15:61Z"),
            json!("2026-11-24T06:15:04.Z"),
            json!("2026-11-24T06:15:04+1:00"),
            json!("2026-11-24T06:15:04+24:00"),
            json!("2026-11-24T06:15:04 Z"),
            json!("2026-11-24é06:15:04Z"),
            json!("+026-11-24T06:15:04Z"),
            json!("1795500904"),
            json!(true),
            json!([1]),
            json!(1e300),
        ] {
            assert!(matches!(read(Some(&value), Tz::UTC), Err(RejectReason::TimeUnreadable { .. })), "{value}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        assert_eq!(format_rfc3339(MOMENT), "2026-11-24T06:15:04.250Z");
        assert_eq!(format_rfc3339(Timestamp::from_micros(-1)), "1969-12-31T23:59:59.999999Z");
        assert_eq!(format_rfc3339(Timestamp::from_micros(i64::MAX)), "9999-12-31T23:59:59.000Z");
        assert_eq!(format_rfc3339(Timestamp::from_micros(i64::MIN)), "0000-01-01T00:00:00.000Z");
    }
}
