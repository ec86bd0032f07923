//! What a picture says of a gap, as the screen does: its whole length with both ends, or the one end that is known.

use panfloor_trend::Gap;

use super::{Head, local_ms};

/// At minute resolution the minute at the edge of the window is not looked at.
const MINUTE_MS: f64 = 60_000.0;
/// Below ten minutes the ends are told to the second.
const FINE_BELOW_MS: f64 = 600_000.0;

/// The words of a gap; `is_minutes`: found in minute rollups. A gap that reaches the edge of the window may go on beyond
/// it: its length is not known, and none is said.
pub(super) fn label(head: &Head, gap: &Gap, is_minutes: bool) -> String {
    let slack_ms = if is_minutes { MINUTE_MS + 1.0 } else { 1.0 };
    let is_at = |time_ms: f64, edge_ms: f64| (time_ms - edge_ms).abs() <= slack_ms;
    let goes_on = gap.to_ms >= head.now_ms - 1.0;
    let from = (!is_at(gap.from_ms, head.from_ms)).then_some(gap.from_ms);
    let to = if goes_on { Some(head.now_ms) } else { (!is_at(gap.to_ms, head.to_ms)).then_some(gap.to_ms) };
    let is_fine = from.zip(to).is_some_and(|(from, to)| to - from < FINE_BELOW_MS);
    let at = |time_ms: f64| {
        let (time, end) = (local_ms(head.zone, time_ms), local_ms(head.zone, head.to_ms));
        let day = if time.date_naive() == end.date_naive() { "" } else { "%d %b %Y " };
        time.format(&format!("{day}{}", if is_fine { "%H:%M:%S" } else { "%H:%M" })).to_string()
    };
    match (from, to) {
        (Some(from), Some(to)) if goes_on => format!("No data for {}, since {}", length(to - from), at(from)),
        (Some(from), Some(to)) => format!("No data for {}, {} – {}", length(to - from), at(from), at(to)),
        (Some(from), None) => format!("No data from {}", at(from)),
        (None, Some(to)) if !goes_on => format!("No data until {}", at(to)),
        (None, _) => "No data".to_owned(),
    }
}

/// In words, two units at most: `12 s`, `6 min 12 s`, `3 h 5 min`, `2 d 4 h`.
fn length(span_ms: f64) -> String {
    let seconds = (span_ms.max(0.0) / 1000.0) as u64;
    let pair = |a: u64, unit: &str, b: u64, second: &str| {
        if b == 0 { format!("{a} {unit}") } else { format!("{a} {unit} {b} {second}") }
    };
    match (seconds / 60, seconds / 3_600, seconds / 86_400) {
        (0, ..) => format!("{seconds} s"),
        (minutes, 0, _) => pair(minutes, "min", seconds % 60, "s"),
        (minutes, hours, 0) => pair(hours, "h", minutes % 60, "min"),
        (_, hours, days) => pair(days, "d", hours % 24, "h"),
    }
}

#[cfg(test)]
mod tests {
    use panfloor_trend::Gap;

    use super::super::Head;
    use super::{label, length};

    /// 24 Nov 2026, 12:00 UTC.
    const NOON_MS: f64 = 1_795_521_600_000.0;
    const MINUTE_MS: f64 = 60_000.0;

    /// The label of a gap between these minutes before noon, in a window of the half hour before it.
    fn of(from_min: f64, to_min: f64, now_min: f64, is_minutes: bool) -> String {
        let at = |minutes: f64| NOON_MS - minutes * MINUTE_MS;
        let head =
            Head { site: String::new(), zone: chrono_tz::UTC, from_ms: at(30.0), to_ms: at(0.0), now_ms: at(now_min) };
        label(&head, &Gap { from_ms: at(from_min), to_ms: at(to_min) }, is_minutes)
    }

    #[test]
    fn a_length_is_said_of_a_whole_gap_alone() {
        assert_eq!(of(20.0, 5.9, -60.0, false), "No data for 14 min 6 s, 11:40 – 11:54");
        assert_eq!(of(20.0, 19.5, -60.0, false), "No data for 30 s, 11:40:00 – 11:40:30");
        assert_eq!(of(30.0, 15.9, -60.0, false), "No data until 11:44");
        assert_eq!(of(29.5, 15.9, -60.0, true), "No data until 11:44", "of the cut minute nothing is known");
        assert_eq!(of(14.1, 0.0, -60.0, false), "No data from 11:45");
        assert_eq!(of(14.1, 0.0, 0.0, false), "No data for 14 min 6 s, since 11:45");
        assert_eq!(of(30.0, 0.0, 0.0, false), "No data");
        assert_eq!(of(1_500.0, 5.0, -60.0, false), "No data for 1 d, 23 Nov 2026 11:00 – 11:55");
    }

    #[test]
    fn lengths_have_two_units_at_most() {
        let of = |seconds: f64| length(seconds * 1_000.0);
        assert_eq!([of(12.3), of(372.0), of(3_600.0)], ["12 s", "6 min 12 s", "1 h"]);
        assert_eq!([of(11_100.0), of(360_000.0)], ["3 h 5 min", "4 d 4 h"]);
    }
}
