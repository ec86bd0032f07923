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

#[test]
fn a_table_has_the_rows_of_the_chart() {
    let history = History::new();
    for (minutes, pixels, quality) in [([10, 20], 600, "good"), ([0, 380], 380, "mean")] {
        let table = String::from_utf8(export(&history, "csv", minutes, pixels)).unwrap();
        let mut lines = table.trim_start_matches('\u{feff}').lines();
        assert_eq!(lines.next(), Some("time,Pan 01 temperature (°C),Pan 01 temperature quality"));
        let pens = vec![Pen { machine: history.machine, metric: "temperature".to_owned() }];
        let [from_ms, to_ms] = minutes.map(|minute| history.at_ms(minute));
        let asked = TrendRequest { pens, from_ms, to_ms, pixels, query: "table".to_owned() };
        let pen = decode(&history.door.api.trend(&asked).unwrap()).remove(0);
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        assert_eq!(rows.len(), pen.time_ms.len());
        for (row, (time_ms, value)) in rows.iter().zip(pen.time_ms.iter().zip(&pen.mean)) {
            let time = chrono::DateTime::parse_from_rfc3339(row[0]).unwrap();
            assert_eq!(time.timestamp_millis() as f64, *time_ms);
            // Written at the sensor's resolution, 0.01 °C.
            assert!((row[1].parse::<f64>().unwrap() - value).abs() <= 0.005_001, "{row:?} {value}");
            assert_eq!(row[2], quality);
        }
    }
    history.engine.stop();
}

#[test]
fn pictures_are_pictures() {
    let history = History::new();
    let svg = String::from_utf8(export(&history, "svg", [0, 380], 380)).unwrap();
    assert!(svg.contains("<svg") && svg.contains("Pan 01 temperature") && svg.contains("minute rollups"));
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
