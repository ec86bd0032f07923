//! Export of exactly what is visible: CSV, PNG, SVG.

mod gap;
mod table;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Offset as _, TimeZone as _};
use panfloor_engine::EngineHandle;
use panfloor_model::{MachineId, Metric, Timestamp};
use panfloor_report::{Band, EventMark, Gap, Lane, LimitLine, Palette, PenLine, Rgb, Shade, Shape, TrendSheet};

use crate::answer::{Answer, Api, bad_request, internal, refused, time_zone, unit_of};
use crate::dto::{ApiError, ErrorCode, ExportDto, ExportRequest, MarkDto, MarksDto, MarksRequest, Pen, TextExport};
use crate::trend::{PenAnswer, Window, read_pens};
use crate::watch::ms;

/// Largest text that is exported.
const TEXT_BYTES_MAX: usize = 16 << 20;

/// Size of an exported picture, pixels.
const PICTURE: (u32, u32) = (1920, 1080);

/// The pens' colours, light and dark: `--pen-1` to `--pen-8` of the design tokens, and their dashes.
const PENS: [(u32, u32, &[u32]); 8] = [
    (0x1a_4f88, 0x77_a5ef, &[]),
    (0x1e_8b6c, 0x6a_e3c1, &[7, 3]),
    (0x50_2f1f, 0xb2_9b7c, &[2, 3]),
    (0x1b_2341, 0xd0_d0f9, &[10, 3, 2, 3]),
    (0x27_2322, 0xfa_edf5, &[]),
    (0x56_6e36, 0xd1_fdbf, &[12, 4]),
    (0x5f_7f94, 0x7c_9caf, &[4, 2, 1, 2]),
    (0x4a_403f, 0x8f_9893, &[1, 2]),
];

/// Colours of the alarm priorities, light and dark, from the same tokens.
const PRIORITIES: [(&str, Shape, u32, u32); 4] = [
    ("critical", Shape::Square, 0xc2_112d, 0xe8_3f58),
    ("high", Shape::Triangle, 0xb8_5400, 0xf2_8c32),
    ("medium", Shape::Diamond, 0x86_6800, 0xe7_c63f),
    ("low", Shape::Circle, 0x77_46ae, 0xb6_8de8),
];

/// A pen with its names.
struct Named {
    name: String,
    unit: String,
}

/// What an export says of itself.
struct Head {
    site: String,
    zone: chrono_tz::Tz,
    from_ms: f64,
    to_ms: f64,
    now_ms: f64,
}

impl Api {
    /// `trend_export`
    pub(crate) fn export(&self, request: &ExportRequest) -> Answer<ExportDto> {
        let window = Window::of(&request.pens, request.from_ms, request.to_ms, request.pixels)?;
        if request.pens.is_empty() {
            return Err(bad_request("there is no pen to export: add one first".to_owned()));
        }
        let extension = match request.format.as_str() {
            known @ ("csv" | "png" | "svg") => known,
            other => return Err(bad_request(format!("“{other}” is no format for an export: csv, png or svg"))),
        };
        let engine = self.engine()?;
        let zone = time_zone();
        let suggested = format!("panfloor-{}.{extension}", local(zone, window.to).format("%Y-%m-%d-%H%M%S"));
        let path = self.save_path(&suggested)?;
        let answers = read_pens(&engine, &request.pens, window, &|| false)?;
        let (named, site) = names(&engine, &request.pens)?;
        let now_ms = ms(engine.now().wall);
        let head = Head { site, zone, from_ms: request.from_ms, to_ms: request.to_ms, now_ms };
        let bytes = if extension == "csv" {
            table::csv(&answers, &named, &head)?
        } else {
            let asked = MarksRequest { pens: request.pens.clone(), from_ms: request.from_ms, to_ms: request.to_ms };
            let marks = self.trend_marks(&asked)?;
            let sheet = sheet(&head, request.theme == "dark", &answers, &named, &marks);
            if extension == "svg" {
                panfloor_report::svg(&sheet).map_err(|problem| internal(&problem))?.into_bytes()
            } else {
                panfloor_report::png(&sheet).map_err(|problem| internal(&problem))?
            }
        };
        write(&path, &bytes)?;
        Ok(ExportDto { path: path.display().to_string(), bytes: bytes.len() as f64 })
    }

    /// `text_export`
    pub(crate) fn export_text(&self, request: &TextExport) -> Answer<ExportDto> {
        if request.text.len() > TEXT_BYTES_MAX {
            return Err(bad_request("this list is longer than 16 MiB: filter it first".to_owned()));
        }
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ' ');
        if request.name.is_empty() || request.name.starts_with('.') || !request.name.chars().all(plain) {
            return Err(bad_request("a file's name has letters, digits, dots and dashes".to_owned()));
        }
        let path = self.save_path(&request.name)?;
        write(&path, request.text.as_bytes())?;
        Ok(ExportDto { path: path.display().to_string(), bytes: request.text.len() as f64 })
    }

    /// Asks where to save.
    fn save_path(&self, suggested: &str) -> Answer<PathBuf> {
        let cancelled = || ApiError { code: ErrorCode::Cancelled, sentence: "nothing was exported".to_owned() };
        self.host().ask_save_path(suggested).ok_or_else(cancelled)
    }
}

/// Writes beside the target and renames, each of them synced to the disk: neither a full disk nor a power cut leaves a
/// half file under the name asked for.
fn write(path: &Path, bytes: &[u8]) -> Answer<()> {
    let failed = |problem: std::io::Error| ApiError {
        code: ErrorCode::StoreNotWritable,
        sentence: format!("{} could not be written: {problem}", path.display()),
    };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, path)).and_then(|()| sync_folder(path)).map_err(|problem| {
        // Best effort: the error that counts is told.
        let _left = std::fs::remove_file(&beside);
        failed(problem)
    })
}

/// Syncs the folder of a file just renamed, so that its name outlives a power cut.
#[cfg(unix)]
fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// A folder cannot be opened as a file here; the file system's own journal keeps names.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Names and units of pens, and the site's name.
fn names(engine: &EngineHandle, pens: &[Pen]) -> Answer<(Vec<Named>, String)> {
    let pens = pens.to_vec();
    let named = move |core: &panfloor_engine::Core| {
        let name = |pen: &Pen| {
            let machine = core.plant.machine(MachineId(pen.machine));
            let (unit, _) = unit_of(machine, &pen.metric);
            let of = machine.map(panfloor_engine::Machine::name).unwrap_or_default();
            Named { name: format!("{of} {}", Metric::new(&pen.metric).as_str().replace('_', " ")), unit }
        };
        let site = core.identity().map(|identity| identity.site_name.clone()).unwrap_or_default();
        (pens.iter().map(name).collect::<Vec<_>>(), site)
    };
    engine.inspect(named).map_err(refused)
}

/// A moment in the plant's zone.
fn local(zone: chrono_tz::Tz, time: Timestamp) -> DateTime<chrono_tz::Tz> {
    zone.timestamp_micros(time.micros()).single().unwrap_or_else(|| DateTime::UNIX_EPOCH.with_timezone(&zone))
}

/// The same from milliseconds.
fn local_ms(zone: chrono_tz::Tz, time_ms: f64) -> DateTime<chrono_tz::Tz> {
    local(zone, Timestamp::from_micros((time_ms * 1000.0) as i64))
}

/// A colour of the tokens.
const fn rgb(hex: u32) -> Rgb {
    ((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// The picture.
fn sheet(head: &Head, dark: bool, answers: &[PenAnswer], named: &[Named], marks: &MarksDto) -> TrendSheet {
    let Head { zone, from_ms, to_ms, .. } = *head;
    let (from, to) = (local_ms(zone, from_ms), local_ms(zone, to_ms));
    // Machines that sample at different intervals may be shown at different resolutions.
    let mut resolutions: Vec<&str> = answers.iter().map(resolution).collect();
    resolutions.sort_unstable();
    resolutions.dedup();
    let exported = local_ms(zone, head.now_ms).format("%d %b %Y, %H:%M:%S");
    let site = if head.site.is_empty() { String::new() } else { format!("Site {} · ", head.site) };
    let mut units: Vec<&str> = Vec::new();
    for pen in named {
        if !units.contains(&pen.unit.as_str()) {
            units.push(&pen.unit);
        }
    }
    TrendSheet {
        title: named.iter().map(|pen| pen.name.as_str()).collect::<Vec<_>>().join(", "),
        subtitle: format!(
            "{} – {}, {}",
            from.format("%a %d %b %Y %H:%M:%S"),
            to.format("%a %d %b %Y %H:%M:%S %:z"),
            resolutions.join("; ")
        ),
        lanes: units.iter().map(|unit| lane(head, unit, answers, named, marks, dark)).collect(),
        events: marks.events.iter().map(|mark| event(mark, dark)).collect(),
        from_ms,
        to_ms,
        time_labels: time_labels(from_ms, to_ms, zone),
        width: PICTURE.0,
        height: PICTURE.1,
        palette: if dark { Palette::dark() } else { Palette::light() },
        footer: format!("{site}exported {exported} · Panfloor {}", env!("CARGO_PKG_VERSION")),
    }
}

/// What a pen's line is made of.
const fn resolution(answer: &PenAnswer) -> &'static str {
    match answer.resolution {
        1 => "minute rollups: mean, min and max",
        2 => "raw samples: mean, min and max of each pixel",
        _ => "raw samples",
    }
}

/// The lane of one unit.
fn lane(head: &Head, unit: &str, answers: &[PenAnswer], named: &[Named], marks: &MarksDto, dark: bool) -> Lane {
    let mine: Vec<usize> = (0..named.len()).filter(|at| named[*at].unit == unit).collect();
    let bands = mine
        .first()
        .and_then(|at| marks.bands.get(*at))
        .and_then(|bands| bands.bands.last())
        .filter(|band| band.boiling);
    let shade = |low, high, shade| Band { low, high, shade };
    let zones = bands.map(|band| {
        let ends = [
            band.low_low.map(|low_low| shade(f64::MIN, low_low, Shade::Trip)),
            band.low_low.zip(band.low).map(|(low_low, low)| shade(low_low, low, Shade::Warn)),
            band.high.zip(band.high_high).map(|(high, high_high)| shade(high, high_high, Shade::Warn)),
            band.high_high.map(|high_high| shade(high_high, f64::MAX, Shade::Trip)),
        ];
        ends.into_iter().flatten().collect()
    });
    // Where pens share a lane it must be said whose limits these are.
    let owner = match mine.as_slice() {
        [] | [_] => String::new(),
        [first, ..] => format!(", {}", named[*first].name),
    };
    let limits: Vec<LimitLine> = bands
        .map(|band| {
            [
                ("high-high", band.high_high),
                ("high", band.high),
                ("setpoint", band.setpoint),
                ("low", band.low),
                ("low-low", band.low_low),
            ]
        })
        .into_iter()
        .flatten()
        .filter_map(|(word, value)| value.map(|value| LimitLine { label: format!("{word} {value}{owner}"), value }))
        .collect();
    let values = mine.iter().flat_map(|at| answers[*at].columns.min.iter().chain(&answers[*at].columns.max)).copied();
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
    let room = ((high - low) * 0.1).max(0.5);
    Lane {
        unit_title: unit.to_owned(),
        y_range: (low - room, high + room),
        bands: zones.unwrap_or_default(),
        limits,
        pens: mine.iter().map(|at| pen_line(*at, &answers[*at], &named[*at], dark)).collect(),
        gaps: gaps(head, &mine, answers),
    }
}

/// One pen of a lane.
fn pen_line(at: usize, answer: &PenAnswer, named: &Named, dark: bool) -> PenLine {
    let (light_color, dark_color, dash) = PENS[at % PENS.len()];
    let columns = &answer.columns;
    let points: Vec<(f64, f64)> = columns.time_ms.iter().copied().zip(columns.mean.iter().copied()).collect();
    // A gap begins after the hold of the last value before it: the line ends with the point before.
    let cut = |earlier: &(f64, f64), later: &(f64, f64)| {
        !columns.gaps.iter().any(|gap| gap.from_ms >= earlier.0 && gap.to_ms <= later.0 + 1.0)
    };
    let envelope = columns.time_ms.iter().zip(columns.min.iter().zip(&columns.max));
    PenLine {
        name: named.name.clone(),
        color: rgb(if dark { dark_color } else { light_color }),
        dash: dash.to_vec(),
        segments: points.chunk_by(cut).map(<[_]>::to_vec).collect(),
        envelope: (answer.resolution > 0).then(|| envelope.map(|(time, (min, max))| (*time, *min, *max)).collect()),
    }
}

/// The gaps that all pens of a lane share; a gap of one pen alone shows in its line.
fn gaps(head: &Head, mine: &[usize], answers: &[PenAnswer]) -> Vec<Gap> {
    let Some((first, rest)) = mine.split_first() else { return Vec::new() };
    let covered = |gap: &panfloor_trend::Gap| {
        rest.iter().all(|at| {
            answers[*at]
                .columns
                .gaps
                .iter()
                .any(|other| other.from_ms <= gap.from_ms + 1000.0 && other.to_ms >= gap.to_ms - 1000.0)
        })
    };
    let of = answers[*first].columns.gaps.iter().filter(|gap| covered(gap));
    let is_minutes = answers[*first].resolution == 1;
    of.map(|gap| Gap { from_ms: gap.from_ms, to_ms: gap.to_ms, label: gap::label(head, gap, is_minutes) }).collect()
}

/// A mark's place in the picture.
fn event(mark: &MarkDto, dark: bool) -> EventMark {
    let priority = PRIORITIES.iter().find(|(word, ..)| *word == mark.priority);
    let (shape, color) = priority
        .map_or((Shape::Tab, if dark { 0xcf_d5da } else { 0x2b_333a }), |(_, shape, light, dark_color)| {
            (*shape, if dark { *dark_color } else { *light })
        });
    let what = mark.what.trim_start_matches("limit:").replace('_', "-");
    let label = if mark.kind == "alarm" {
        format!("{} {} {what} {}", mark.machine_name, mark.metric.replace('_', " "), mark.detail)
    } else {
        format!("{} {} {what}", mark.machine_name, mark.detail)
    };
    EventMark { time_ms: mark.time_ms, label, shape, color: rgb(color) }
}

/// Labels at round local times, about a dozen.
fn time_labels(from_ms: f64, to_ms: f64, zone: chrono_tz::Tz) -> Vec<(f64, String)> {
    /// Steps that people read at ease, seconds.
    const STEPS_S: [i64; 14] =
        [10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800, 2_592_000];
    let span_s = (to_ms - from_ms) / 1000.0;
    let step = STEPS_S.iter().copied().find(|step| span_s / *step as f64 <= 14.0).unwrap_or(31_536_000);
    let offset = i64::from(local_ms(zone, from_ms).offset().fix().local_minus_utc());
    let first = ((from_ms / 1000.0) as i64 + offset).div_euclid(step) * step + step - offset;
    let format = if step >= 86_400 {
        "%d %b"
    } else if step >= 60 {
        "%H:%M"
    } else {
        "%H:%M:%S"
    };
    let mut labels = Vec::new();
    let mut at = first;
    while (at as f64) * 1000.0 <= to_ms && labels.len() < 64 {
        let time_ms = at as f64 * 1000.0;
        labels.push((time_ms, local_ms(zone, time_ms).format(format).to_string()));
        at += step;
    }
    labels
}
