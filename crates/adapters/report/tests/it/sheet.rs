//! The example as SVG and PNG.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use panfloor_report::{TrendSheet, png, svg};

use crate::example;

/// Decoded pixels with their width and height.
fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("small enough")];
    let info = reader.next_frame(&mut pixels).expect("a picture");
    pixels.truncate(info.buffer_size());
    (info.width, info.height, pixels)
}

/// Where pictures are left to look at.
fn leave(name: &str, bytes: &[u8]) {
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), bytes).expect("written");
}

fn small() -> TrendSheet {
    let mut sheet = example::light();
    (sheet.width, sheet.height) = (640, 480);
    for pen in sheet.lanes.iter_mut().flat_map(|lane| &mut lane.pens) {
        for segment in &mut pen.segments {
            *segment = segment.iter().copied().step_by(24).collect();
        }
        pen.envelope = pen.envelope.take().map(|band| band.into_iter().step_by(24).collect());
    }
    sheet
}

#[test]
fn the_svg_is_the_expected_one() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/small.svg");
    let drawn = svg(&small()).expect("draws");
    if std::env::var_os("PANFLOOR_BLESS").is_some() {
        std::fs::write(&path, &drawn).expect("written");
    }
    let expected = std::fs::read_to_string(&path).expect("the golden file").replace("\r\n", "\n");
    assert!(drawn == expected, "the SVG differs from {}: look at both, then set PANFLOOR_BLESS=1", path.display());
}

#[test]
fn the_png_has_the_size_asked_for_and_the_pens_colours() {
    for (name, sheet) in
        [("sheet-light.png", example::light()), ("sheet-dark.png", example::dark()), ("sheet-small.png", small())]
    {
        let bytes = png(&sheet).expect("draws");
        leave(name, &bytes);
        let (width, height, pixels) = decoded(&bytes);
        assert_eq!((width, height), (sheet.width, sheet.height));
        let colours: BTreeSet<_> = pixels.chunks_exact(3).map(|p| (p[0], p[1], p[2])).collect();
        for pen in sheet.lanes.iter().flat_map(|lane| &lane.pens) {
            assert!(colours.contains(&pen.color), "{name} shows {}", pen.name);
        }
        assert!(colours.contains(&sheet.palette.ground));
    }
}

#[test]
fn a_large_svg_is_in_pixels_and_holds_its_texts() {
    let drawn = svg(&example::light()).expect("draws");
    leave("sheet-light.svg", drawn.as_bytes());
    assert!(drawn.starts_with("<svg width=\"1920\" height=\"1080\" viewBox=\"0 0 1920 1080\""));
    for text in ["Pan 14 pressure", "high-high 72", "°C", "No data 4 min 20 s: gateway restart", "06:30"] {
        assert!(drawn.contains(text), "{text}");
    }
}

#[test]
fn no_line_is_drawn_into_a_gap() {
    let mut sheet = small();
    // Without hatching nothing but grid and ground may stand between the gap's edges.
    for lane in &mut sheet.lanes {
        lane.gaps.clear();
        lane.limits.clear();
    }
    sheet.events.clear();
    let (width, _, pixels) = decoded(&png(&sheet).expect("draws"));
    let (left, right) = (84.0, 608.0);
    let x = left + (right - left) * 46.0 / 120.0;
    let pens: Vec<_> = sheet.lanes.iter().flat_map(|lane| &lane.pens).map(|pen| pen.color).collect();
    for row in pixels.chunks_exact(width as usize * 3).skip(110) {
        let pixel = &row[x as usize * 3..][..3];
        assert!(!pens.contains(&(pixel[0], pixel[1], pixel[2])), "a pen crosses the gap");
    }
}
