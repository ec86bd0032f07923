//! A sheet with all that a sheet can show: two hours of two pans, a gap, alarms, a config change.

use panfloor_report::{Band, EventMark, Gap, Lane, LimitLine, Palette, PenLine, Rgb, Shade, Shape, TrendSheet};

const MINUTE: f64 = 60_000.0;
/// 2026-11-24T05:14:00+01:00.
const FROM_MS: f64 = 1_795_493_640_000.0;
/// The gap, minutes from the start.
const GAP: (f64, f64) = (44.0, 48.3);

/// Noise that is the same at every run.
fn noise(n: u32, seed: u32) -> f64 {
    let mixed = n.wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(40_503)) ^ (n << 7);
    f64::from(mixed.wrapping_mul(2_246_822_519) >> 16) / 65_536.0 - 0.5
}

fn pen(name: &str, color: Rgb, dash: &[u32], seed: u32, value: impl Fn(f64) -> f64, spread: f64) -> PenLine {
    let mut smooth = 0.0;
    let mut segments = vec![Vec::new(), Vec::new()];
    let mut envelope = Vec::new();
    for n in 0..1440 {
        let minute = f64::from(n) / 12.0;
        smooth = smooth * 0.93 + noise(n, seed) * 0.5;
        if minute >= GAP.0 && minute <= GAP.1 {
            continue;
        }
        let at = (FROM_MS + minute * MINUTE, value(minute) + smooth * spread);
        segments[usize::from(minute > GAP.1)].push(at);
        envelope.push((at.0, at.1 - spread * 0.5, at.1 + spread * 0.5));
    }
    PenLine { name: name.into(), color, dash: dash.to_vec(), segments, envelope: Some(envelope) }
}

fn limits(low_low: f64, low: f64, high: f64, high_high: f64) -> Vec<LimitLine> {
    [("low-low", low_low), ("low", low), ("high", high), ("high-high", high_high)]
        .map(|(word, value)| LimitLine { label: format!("{word} {value}"), value })
        .to_vec()
}

fn bands(low_low: f64, low: f64, high: f64, high_high: f64) -> Vec<Band> {
    let band = |low, high, shade| Band { low, high, shade };
    vec![
        band(0.0, low_low, Shade::Trip),
        band(low_low, low, Shade::Warn),
        band(high, high_high, Shade::Warn),
        band(high_high, 1000.0, Shade::Trip),
    ]
}

fn rise(minute: f64, by: f64) -> f64 {
    let part = (minute - 98.0).max(0.0) / 22.0;
    part * (0.6 + 0.4 * part) * by
}

/// The sheet.
pub(crate) fn sheet(palette: Palette, pens: [Rgb; 3]) -> TrendSheet {
    let gap = Gap {
        from_ms: FROM_MS + GAP.0 * MINUTE,
        to_ms: FROM_MS + GAP.1 * MINUTE,
        label: "No data 4 min 20 s: gateway restart".into(),
    };
    let event = |minute: f64, label: &str, shape, color| EventMark {
        time_ms: FROM_MS + minute * MINUTE,
        label: label.into(),
        shape,
        color,
    };
    let label = |n: u32| {
        (FROM_MS + (6.0 + 10.0 * f64::from(n)) * MINUTE, format!("{:02}:{:02}", 5 + (n + 2) / 6, (n + 2) % 6 * 10))
    };
    TrendSheet {
        title: "Pan 14, pressure rise".into(),
        subtitle: "Tue 24 Nov 2026, 05:14 – 07:14 · raw data, mean line and lowest to highest of each pixel".into(),
        lanes: vec![
            Lane {
                unit_title: "mbar".into(),
                y_range: (55.5, 77.5),
                bands: bands(58.0, 60.0, 70.0, 72.0),
                limits: limits(58.0, 60.0, 70.0, 72.0),
                pens: vec![
                    pen("Pan 14 pressure", pens[0], &[7, 3], 1, |m| 65.0 + rise(m, 9.4), 0.6),
                    pen(
                        "Pan 13 pressure",
                        pens[1],
                        &[2, 3],
                        2,
                        |m| 63.4 + ((m % 30.0 - 15.0).abs() / 15.0 - 0.5) * 0.6,
                        0.5,
                    ),
                ],
                gaps: vec![gap.clone()],
            },
            Lane {
                unit_title: "°C".into(),
                y_range: (43.3, 49.3),
                bands: bands(44.0, 45.0, 47.0, 48.0),
                limits: limits(44.0, 45.0, 47.0, 48.0),
                pens: vec![pen("Pan 14 temperature", pens[2], &[], 3, |m| 45.95 + rise(m, 2.45), 0.09)],
                gaps: vec![gap],
            },
        ],
        events: vec![
            event(12.5, "Note: syrup purity 91.2 %, operator B", Shape::Tab, palette.muted),
            event(48.3, "No data, 4 min 20 s", Shape::Diamond, (0xf0, 0xc8, 0x1e)),
            event(76.5, "12.7 applied: P setpoint 64.8 → 65.0", Shape::Tab, palette.muted),
            event(113.0, "Pressure high", Shape::Triangle, (0xee, 0x7d, 0x11)),
            event(117.0, "high-high", Shape::Square, (0xc2, 0x11, 0x2d)),
            event(119.0, "Temperature high-high", Shape::Square, (0xc2, 0x11, 0x2d)),
        ],
        from_ms: FROM_MS,
        to_ms: FROM_MS + 120.0 * MINUTE,
        time_labels: (0..12).map(label).collect(),
        width: 1920,
        height: 1080,
        palette,
        footer: "Site Nord · exported 24 Nov 2026, 07:14:32 · Panfloor 0.1.0".into(),
    }
}

/// In the light theme.
pub(crate) fn light() -> TrendSheet {
    sheet(Palette::light(), [(0x1e, 0x8b, 0x6c), (0x50, 0x2f, 0x1f), (0x1a, 0x4f, 0x88)])
}

/// In the dark theme.
pub(crate) fn dark() -> TrendSheet {
    sheet(Palette::dark(), [(0x6a, 0xe3, 0xc1), (0xb2, 0x9b, 0x7c), (0x77, 0xa5, 0xef)])
}
