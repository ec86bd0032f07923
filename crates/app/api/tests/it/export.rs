//! Exports hold what the chart shows.

use panfloor_api::dto::{ErrorCode, Pen, TrendRequest};
use serde_json::json;

use crate::history::History;
use crate::trends::decode;

fn export(history: &History, format: &str, minutes: [u32; 2], pixels: u32) -> Vec<u8> {
    let path = history.door.folder.path().join(format!("out.{format}"));
    let request = json!({
        "pens": [{"machine": history.machine, "metric": "temperature"}],
        "from_ms": history.at_ms(minutes[0]), "to_ms": history.at_ms(minutes[1]), "pixels": pixels,
        "format": format, "theme": "dark",
    });
    history.door.saves_to(Some(&path));
    let done = history.door.call("trend_export", request).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(done["bytes"].as_f64(), Some(bytes.len() as f64));
    assert_eq!(done["path"], json!(path));
    assert!(!history.door.folder.path().join(format!("out.{format}.part")).exists());
    bytes
}

/// The table's notes and its rows, the header first.
fn table(history: &History, minutes: [u32; 2], pixels: u32) -> (Vec<String>, Vec<Vec<String>>) {
    let table = String::from_utf8(export(history, "csv", minutes, pixels)).unwrap();
    let lines = table.strip_prefix('\u{feff}').unwrap().lines();
    let (notes, rows): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("# "));
    let cells = |line: &&str| line.split(',').map(str::to_owned).collect();
    (notes.into_iter().map(str::to_owned).collect(), rows.iter().map(cells).collect())
}

fn time_ms(cell: &str) -> f64 {
    chrono::DateTime::parse_from_rfc3339(cell).unwrap().timestamp_millis() as f64
}

#[test]
fn a_near_table_has_every_sample_of_the_span_unrounded_and_says_where_they_end() {
    let history = History::new();
    // Few pixels: the chart shows less than the samples, the table has them.
    for pixels in [600, 30] {
        let (notes, rows) = table(&history, [110, 130], pixels);
        assert_eq!(rows[0], ["time", "Pan 01 temperature (°C)", "Pan 01 temperature quality"]);
        let good: Vec<(f64, f64)> = rows[1..]
            .iter()
            .filter(|row| row[2] == "good")
            .map(|row| (time_ms(&row[0]), row[1].parse().unwrap()))
            .collect();
        let stored: Vec<(f64, f64)> =
            history.between(110, 130).iter().map(|(time, value)| (time.0 as f64 / 1e3, *value)).collect();
        assert_eq!(good, stored);
        let rest: Vec<_> = rows[1..].iter().filter(|row| row[2] != "good").collect();
        assert_eq!(rest.len(), 1, "{rest:?}");
        // The last sample is ten seconds before the silence, and holds for 25.
        assert_eq!((rest[0][2].as_str(), rest[0][1].as_str()), ("stale", ""));
        assert!((time_ms(&rest[0][0]) - history.at_ms(120) - 15_000.0).abs() < 1.0, "{rest:?}");
        assert!(notes.iter().any(|note| note.contains("raw samples as received")), "{notes:#?}");
        for word in
            ["# Site", "# Exported", "# From", "# To", "# Time zone", "# Pen,Pan 01 temperature,°C", "# Quality"]
        {
            assert!(notes.iter().any(|note| note.starts_with(word)), "{word}: {notes:#?}");
        }
    }
    history.engine.stop();
}

#[test]
fn a_wide_table_has_the_rollups_of_the_chart() {
    let history = History::new();
    let (notes, rows) = table(&history, [0, 380], 380);
    let words =
        ["mean (°C)", "min (°C)", "max (°C)", "count", "quality"].map(|word| format!("Pan 01 temperature {word}"));
    assert_eq!((rows[0][0].as_str(), &rows[0][1..]), ("time", &words[..]));
    assert!(notes.iter().any(|note| note.contains("minute rollups, 1 min a row")), "{notes:#?}");
    let pens = vec![Pen { machine: history.machine, metric: "temperature".to_owned() }];
    let [from_ms, to_ms] = [0, 380].map(|minute| history.at_ms(minute));
    let asked = TrendRequest { pens, from_ms, to_ms, pixels: 380, query: "table".to_owned() };
    let pen = decode(&history.door.api.trend(&asked).unwrap()).remove(0);
    let numbers: Vec<&Vec<String>> = rows[1..].iter().filter(|row| !row[1].is_empty()).collect();
    assert_eq!(numbers.len(), pen.time_ms.len());
    for (at, row) in numbers.iter().enumerate() {
        assert_eq!(time_ms(&row[0]), pen.time_ms[at] - 30_000.0, "a row's time is its start");
        let cells: Vec<u64> = row[1..4].iter().map(|cell| cell.parse::<f64>().unwrap().to_bits()).collect();
        assert_eq!(cells, [pen.mean[at], pen.min[at], pen.max[at]].map(f64::to_bits));
        let minute = ((time_ms(&row[0]) - history.at_ms(0)) / 60_000.0) as u32;
        let samples = history.between(minute, minute + 1).len();
        assert_eq!(row[4], samples.to_string());
        assert_eq!(row[5], if samples == 6 { "good" } else { "stale" }, "{row:?}");
    }
    let gaps: Vec<f64> = rows[1..].iter().filter(|row| row[1].is_empty()).map(|row| time_ms(&row[0])).collect();
    assert_eq!(gaps, pen.gaps.iter().map(|(from, _)| *from).collect::<Vec<_>>());
    history.engine.stop();
}

#[test]
fn pictures_are_pictures() {
    let history = History::new();
    let svg = String::from_utf8(export(&history, "svg", [0, 380], 380)).unwrap();
    assert!(
        svg.contains("<svg")
            && svg.contains("Pan 01 temperature")
            && svg.contains("minute rollups")
            && svg.contains("exported ")
    );
    let png = export(&history, "png", [10, 20], 600);
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    history.engine.stop();
}

#[test]
fn texts_go_to_a_file_or_nowhere() {
    let history = History::new();
    let path = history.door.folder.path().join("list.csv");
    let list = || json!({"name": "list.csv", "text": "a,b\r\n1,2\r\n"});
    history.door.saves_to(Some(&path));
    history.door.call("text_export", list()).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a,b\r\n1,2\r\n");
    history.door.saves_to(Some(&history.door.folder.path().join("no").join("list.csv")));
    assert_eq!(history.door.refused("text_export", list()), Some(ErrorCode::StoreNotWritable));
    history.door.saves_to(None);
    assert_eq!(history.door.refused("text_export", list()), Some(ErrorCode::Cancelled));
    history.engine.stop();
}
