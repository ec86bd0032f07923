//! The table of an export: what the chart was drawn from, with what has to be known to read it.

use std::collections::BTreeMap;

use chrono::Offset as _;
use panfloor_model::Timestamp;
use panfloor_report::{CsvCell, CsvPen, CsvRow, CsvValue};

use super::{Head, Named, local, local_ms};
use crate::answer::{Answer, internal};
use crate::trend::PenAnswer;

/// A value as the store has it.
const GOOD: &str = "good";
/// The last value is older than it holds: no value was known from here on, or for a part of the row.
const STALE: &str = "stale";
/// The device named the metric without a usable value.
const BAD: &str = "bad";
/// A rollup whose values held for less of its span than this is not good. The rest is rounding of seconds.
const KNOWN_LEAST: f64 = 0.999;

/// A pen's cells by moment, µs.
type Cells = Vec<(i64, CsvCell)>;

/// The table: one row a moment at which any pen has something to say.
pub(super) fn csv(answers: &[PenAnswer], named: &[Named], head: &Head) -> Answer<Vec<u8>> {
    let mut rows: BTreeMap<i64, Vec<Option<CsvCell>>> = BTreeMap::new();
    for (at, answer) in answers.iter().enumerate() {
        let cells = if answer.resolution == 1 { rollups(answer) } else { samples(answer, head) };
        for (micros, cell) in cells {
            let row = rows.entry(micros).or_insert_with(|| vec![None; answers.len()]);
            if let Some(place) = row.get_mut(at) {
                *place = Some(cell);
            }
        }
    }
    let pens: Vec<CsvPen> = named.iter().zip(answers).map(|(named, answer)| pen(named, answer)).collect();
    let rows = rows.into_iter().map(|(micros, cells)| {
        let time = Timestamp::from_micros(micros);
        CsvRow { time, utc_offset_s: local(head.zone, time).offset().fix().local_minus_utc(), cells }
    });
    let mut out = Vec::new();
    panfloor_report::csv(&mut out, &notes(answers, named, head), &pens, rows).map_err(|problem| internal(&problem))?;
    Ok(out)
}

fn pen(named: &Named, answer: &PenAnswer) -> CsvPen {
    CsvPen { name: named.name.clone(), unit: named.unit.clone(), rollups: answer.resolution == 1 }
}

/// What the numbers are made of.
fn resolution(answer: &PenAnswer) -> String {
    if answer.resolution != 1 {
        return "raw samples as received".to_owned();
    }
    let minutes = answer.columns.width_ms / 60_000.0;
    format!("minute rollups, {minutes} min a row; a row's time is its start")
}

/// The lines above the table.
fn notes(answers: &[PenAnswer], named: &[Named], head: &Head) -> Vec<Vec<String>> {
    let line = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let at = |time_ms: f64| local_ms(head.zone, time_ms).to_rfc3339_opts(chrono::SecondsFormat::Millis, false);
    let mut notes = vec![
        line(&["Panfloor", env!("CARGO_PKG_VERSION")]),
        line(&["Site", &head.site]),
        line(&["Exported", &at(head.now_ms)]),
        line(&["From", &at(head.from_ms)]),
        line(&["To", &at(head.to_ms)]),
        line(&["Time zone", head.zone.name()]),
    ];
    for (named, answer) in named.iter().zip(answers) {
        notes.push(line(&["Pen", &named.name, &named.unit, &resolution(answer)]));
    }
    notes.push(line(&[
        "Quality",
        "good: as received",
        "stale: no value from here on or for a part of the row, the last one being older than 2.5 sample intervals",
        "bad: the device sent no usable value",
    ]));
    notes
}

/// Samples as received, where they end, and what was bad.
fn samples(answer: &PenAnswer, head: &Head) -> Cells {
    let span = head.from_ms..head.to_ms;
    let inside = |time: &Timestamp| span.contains(&(time.micros() as f64 / 1e3));
    let cell = |value, quality: &str| CsvCell { value, quality: quality.to_owned() };
    let times: Vec<Timestamp> = answer.samples.points.iter().map(|(time, _)| *time).collect();
    // Nothing is missing yet of what is still to come.
    let end = head.to_ms.min(head.now_ms);
    let edges = [head.from_ms, end].map(|edge| Timestamp::from_micros((edge * 1e3) as i64));
    let gaps = panfloor_trend::gaps(&times, edges[0], edges[1], answer.hold);
    let stale = gaps.iter().map(|gap| ((gap.from_ms * 1e3).round() as i64, cell(None, STALE)));
    let bad = answer.samples.bad.iter().filter(|time| inside(time)).map(|time| (time.micros(), cell(None, BAD)));
    let good = answer.samples.points.iter().filter(|(time, _)| inside(time));
    let good = good.map(|(time, value)| (time.micros(), cell(Some(CsvValue::Sample(*value)), GOOD)));
    stale.chain(bad).chain(good).collect()
}

/// The chart's points, and where there are none.
fn rollups(answer: &PenAnswer) -> Cells {
    let columns = &answer.columns;
    let micros = |time_ms: f64| (time_ms * 1e3).round() as i64;
    let stale = |gap: &panfloor_trend::Gap| (micros(gap.from_ms), CsvCell { value: None, quality: STALE.to_owned() });
    let point = |at: usize| {
        let (mean, min, max) = (*columns.mean.get(at)?, *columns.min.get(at)?, *columns.max.get(at)?);
        let value = CsvValue::Rollup { mean, min, max, count: *columns.count.get(at)? };
        let quality = if *columns.known.get(at)? >= KNOWN_LEAST { GOOD } else { STALE };
        Some((micros(*columns.start_ms.get(at)?), CsvCell { value: Some(value), quality: quality.to_owned() }))
    };
    let points = (0..columns.time_ms.len()).filter_map(point);
    columns.gaps.iter().map(stale).chain(points).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use panfloor_historian::Series;
    use panfloor_trend::{MinuteEnvelope, Moments, envelope_raw};

    use super::*;

    const HOLD: Duration = Duration::from_millis(2_500);
    /// 2026-11-24T06:15:00Z.
    const START: Timestamp = Timestamp::from_micros(1_795_500_900_000_000);

    fn at(seconds: f64) -> Timestamp {
        Timestamp::from_micros(START.micros() + (seconds * 1e6) as i64)
    }

    fn head(seconds: f64) -> Head {
        let ms = |time: Timestamp| time.micros() as f64 / 1e3;
        Head {
            site: "Nord, line 2".to_owned(),
            zone: chrono_tz::Europe::Berlin,
            from_ms: ms(START),
            to_ms: ms(at(seconds)),
            now_ms: ms(at(90_000.0)),
        }
    }

    fn named(name: &str, unit: &str) -> Named {
        Named { name: name.to_owned(), unit: unit.to_owned() }
    }

    fn raw(points: &[(f64, f64)], bad: &[f64], seconds: f64) -> PenAnswer {
        let points: Vec<_> = points.iter().map(|(time, value)| (at(*time), *value)).collect();
        let columns = envelope_raw(&points, START, at(seconds), 2, HOLD);
        let samples = Series { points, bad: bad.iter().map(|time| at(*time)).collect() };
        PenAnswer { columns, resolution: 2, samples, hold: HOLD }
    }

    /// Compares with a golden file, or writes it if `PANFLOOR_BLESS` is set.
    fn golden(name: &str, table: &[u8]) {
        let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("PANFLOOR_BLESS").is_some() {
            std::fs::write(&path, table).unwrap();
        }
        assert_eq!(String::from_utf8_lossy(table), std::fs::read_to_string(&path).unwrap(), "{name}");
    }

    #[test]
    fn raw_samples_are_all_there_unrounded_with_their_gaps_and_bad_moments() {
        let temperature = raw(
            &[(-1.0, 46.0), (0.25, 46.123_456_789), (1.25, 46.1), (2.250_001, 46.0), (8.0, 46.2), (9.0, 46.3)],
            &[-0.5, 7.0],
            10.0,
        );
        let pressure = raw(&[(0.25, 65.2), (1.25, 65.0), (8.0, 0.1 + 0.2)], &[2.25], 10.0);
        let table = csv(
            &[temperature, pressure],
            &[named("Pan 14 temperature", "°C"), named("Pan 14 pressure", "mbar")],
            &head(10.0),
        );
        golden("raw.csv", &table.unwrap());
    }

    #[test]
    fn a_span_that_is_not_over_lacks_nothing_of_what_is_to_come() {
        let mut now = head(10.0);
        now.now_ms = now.from_ms + 2_000.0;
        let table = csv(&[raw(&[(0.0, 1.0), (1.0, 2.0)], &[], 10.0)], &[named("a", "")], &now).unwrap();
        assert!(!String::from_utf8(table).unwrap().contains(",stale\r\n"));
    }

    #[test]
    fn rollups_have_mean_min_max_count_and_quality() {
        let mut envelope = MinuteEnvelope::new(START, at(3_600.0), 30);
        for minute in (0..20).chain(41..60) {
            let start = at(f64::from(minute) * 60.0);
            let mut moments = Moments::of(start, f64::from(minute) / 10.0);
            moments.add(start.plus(Duration::from_secs(30)), f64::from(minute) / 10.0 + 1.5);
            // In the last minute before the gap the sensor fell silent.
            moments.hold(moments.mean, if minute == 19 { 30.0 } else { 60.0 });
            envelope.add(start, &moments);
        }
        let columns = envelope.into_columns();
        let answer = PenAnswer { columns, resolution: 1, samples: Series::default(), hold: HOLD };
        let both = [answer, raw(&[(0.0, 7.5)], &[], 3_600.0)];
        let table = csv(&both, &[named("Pan 14 temperature", "°C"), named("Pan 2 \"level\"", "")], &head(3_600.0));
        golden("rollups.csv", &table.unwrap());
    }
}
