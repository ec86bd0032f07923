//! Sheets that cannot be drawn are refused; odd ones are drawn as far as they make sense.

use panfloor_report::{SheetError, TrendSheet, png, svg};
use proptest::prelude::*;

use crate::example;

fn small() -> TrendSheet {
    let mut sheet = example::light();
    (sheet.width, sheet.height) = (400, 400);
    sheet
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let refused = |change: fn(&mut TrendSheet)| {
        let mut sheet = small();
        change(&mut sheet);
        assert_eq!(svg(&sheet).err().map(|e| e.to_string()), png(&sheet).err().map(|e| e.to_string()));
        svg(&sheet).expect_err("refused")
    };
    assert!(matches!(refused(|s| s.width = 10), SheetError::Size { width: 10, .. }));
    assert!(matches!(refused(|s| s.height = 100_000), SheetError::Size { height: 100_000, .. }));
    assert!(matches!(refused(|s| s.to_ms = s.from_ms), SheetError::Span { .. }));
    assert!(matches!(refused(|s| s.from_ms = f64::NAN), SheetError::Span { .. }));
    assert!(matches!(refused(|s| s.lanes[0].y_range = (5.0, 5.0)), SheetError::Range { .. }));
    assert!(matches!(refused(|s| s.lanes[1].y_range = (f64::MIN, f64::MAX)), SheetError::Range { .. }));
    assert!(matches!(refused(|s| s.lanes = vec![s.lanes[0].clone(); 9]), SheetError::Lanes { lanes: 9, height: 400 }));
}

#[test]
fn a_sheet_without_anything_on_it_is_drawn() {
    let mut sheet = small();
    sheet.lanes.clear();
    sheet.events.clear();
    sheet.time_labels.clear();
    assert!(svg(&sheet).is_ok());
    assert!(png(&sheet).is_ok());
}

#[test]
fn names_from_the_plant_cannot_break_the_document() {
    let mut sheet = small();
    sheet.title = "</text><script>alert(1)</script>\u{0}\u{1b}\n & \"x\"".into();
    let drawn = svg(&sheet).expect("draws");
    assert!(!drawn.contains("<script"));
    assert!(!drawn.contains(['\u{0}', '\u{1b}']));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_numbers_are_drawn_or_refused(
        values in proptest::collection::vec((any::<f64>(), any::<f64>()), 0..40),
        range in (any::<f64>(), any::<f64>()),
        span in (any::<f64>(), any::<f64>()),
        name in ".{0,40}",
    ) {
        let mut sheet = small();
        let lane = &mut sheet.lanes[0];
        lane.pens[0].name.clone_from(&name);
        lane.gaps[0].label = name;
        lane.pens[0].envelope = Some(values.iter().map(|(a, b)| (*a, *b, -*b)).collect());
        lane.pens[0].segments = vec![values.clone()];
        let _ = png(&sheet);
        sheet.lanes[0].y_range = range;
        let _ = svg(&sheet);
        (sheet.from_ms, sheet.to_ms) = span;
        let _ = png(&sheet);
    }
}
