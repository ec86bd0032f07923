//! Binary frames: live samples and trend columns. Little-endian, every column aligned to 8 bytes, so that
//! JavaScript reads them as `Float64Array` without a copy. Golden files in `contract/frames/` pin both.

/// First byte of a live frame.
const LIVE_MAGIC: u8 = b'L';
/// First byte of a trend frame.
const TREND_MAGIC: u8 = b'T';
/// Version of both layouts.
const VERSION: u8 = 1;

/// One sample of a live frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LiveSample {
    /// Machine id.
    pub machine: u32,
    /// Index into `PlantSnapshot.metrics`.
    pub metric: u16,
    /// Device time, ms since the epoch.
    pub time_ms: f64,
    /// Value in the metric's unit.
    pub value: f64,
}

/// Encodes a live frame.
///
/// 16 bytes: magic `L`, version, two zero bytes, count (u32), time of encoding (f64 ms since the epoch);
/// then per sample 24 bytes: machine (u32), metric (u16), two zero bytes, device time (f64 ms), value (f64).
#[must_use]
pub fn encode_live(now_ms: f64, samples: &[LiveSample]) -> Vec<u8> {
    let mut out = Vec::with_capacity(16 + 24 * samples.len());
    out.extend_from_slice(&[LIVE_MAGIC, VERSION, 0, 0]);
    out.extend_from_slice(&u32::try_from(samples.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&now_ms.to_le_bytes());
    for sample in samples {
        out.extend_from_slice(&sample.machine.to_le_bytes());
        out.extend_from_slice(&sample.metric.to_le_bytes());
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&sample.time_ms.to_le_bytes());
        out.extend_from_slice(&sample.value.to_le_bytes());
    }
    out
}

/// The columns of one pen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PenColumns {
    /// 0 raw samples, 1 minute rollups, 2 raw samples reduced to the min, max and mean of each pixel.
    pub resolution: u32,
    /// Statistics of the window, NaN where there are none: time-weighted mean, min, max, σ, share of the window with data (0 to 1), time of min, time of max (ms).
    pub stats: [f64; 7],
    /// Time of each point, ms since the epoch, rising.
    pub time_ms: Vec<f64>,
    /// Mean (raw: the value).
    pub mean: Vec<f64>,
    /// Least value.
    pub min: Vec<f64>,
    /// Greatest value.
    pub max: Vec<f64>,
    /// Gaps: from, to (ms since the epoch), disjoint, rising; nothing is drawn across them.
    pub gaps: Vec<(f64, f64)>,
}

/// Encodes a trend frame: the pens in the request's order.
///
/// 32 bytes: magic `T`, version, two zero bytes, count of pens (u32), from, to, time of encoding (f64 ms);
/// then per pen: resolution (u32), points n (u32), gaps g (u32), zero (u32), 7 f64 of statistics,
/// n f64 times, n means, n minima, n maxima, 2 g f64 of gaps.
#[must_use]
pub fn encode_trend(from_ms: f64, to_ms: f64, now_ms: f64, pens: &[PenColumns]) -> Vec<u8> {
    let points: usize = pens.iter().map(|pen| 16 + 56 + 32 * pen.time_ms.len() + 16 * pen.gaps.len()).sum();
    let mut out = Vec::with_capacity(32 + points);
    out.extend_from_slice(&[TREND_MAGIC, VERSION, 0, 0]);
    put_u32(&mut out, pens.len());
    for value in [from_ms, to_ms, now_ms] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    for pen in pens {
        out.extend_from_slice(&pen.resolution.to_le_bytes());
        put_u32(&mut out, pen.time_ms.len());
        put_u32(&mut out, pen.gaps.len());
        put_u32(&mut out, 0);
        put_column(&mut out, &pen.stats);
        for column in [&pen.time_ms, &pen.mean, &pen.min, &pen.max] {
            put_column(&mut out, column);
        }
        for (from, to) in &pen.gaps {
            put_column(&mut out, &[*from, *to]);
        }
    }
    out
}

/// Appends a count.
fn put_u32(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

/// Appends numbers.
fn put_column(out: &mut Vec<u8>, column: &[f64]) {
    for value in column {
        out.extend_from_slice(&value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::{LiveSample, PenColumns, encode_live, encode_trend};

    /// Compares with a golden file, or writes it if `PANFLOOR_BLESS` is set.
    fn golden(name: &str, bytes: &[u8]) {
        let path = format!("{}/../../../contract/frames/{name}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("PANFLOOR_BLESS").is_some() {
            std::fs::write(&path, bytes).unwrap();
        }
        assert!(std::fs::read(&path).unwrap() == bytes, "{name} differs from what is encoded now");
    }

    #[test]
    fn live_frame_matches_the_golden_file() {
        let samples = [
            LiveSample { machine: 3, metric: 0, time_ms: 1_764_000_000_250.0, value: 46.12 },
            LiveSample { machine: 3, metric: 1, time_ms: 1_764_000_000_250.0, value: 65.2 },
            LiveSample { machine: 70_000, metric: 2, time_ms: 1_764_000_000_251.5, value: -0.5 },
        ];
        golden("live.bin", &encode_live(1_764_000_000_300.0, &samples));
    }

    #[test]
    fn trend_frame_matches_the_golden_file() {
        let pens = [
            PenColumns {
                resolution: 0,
                stats: [46.1, 46.0, 46.2, 0.1, 0.5, 1000.0, 3000.0],
                time_ms: vec![1000.0, 2000.0, 3000.0],
                mean: vec![46.0, 46.1, 46.2],
                min: vec![46.0, 46.1, 46.2],
                max: vec![46.0, 46.1, 46.2],
                gaps: vec![(3000.0, 6000.0)],
            },
            PenColumns { resolution: 1, stats: [f64::NAN; 7], ..PenColumns::default() },
        ];
        golden("trend.bin", &encode_trend(0.0, 6000.0, 6500.0, &pens));
    }
}
