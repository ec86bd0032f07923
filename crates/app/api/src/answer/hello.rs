//! What a window needs first, and how the sources are.

use std::collections::BTreeMap;

use panfloor_engine::{LinkState, SourceHealth};
use panfloor_model::{MachineClass, Metric};

use super::{Answer, Api, Open, stored};
use crate::dto::{ClassDto, Hello, MetricDto, SourceDto, SourceProblem, SourceState, Trouble};
use crate::watch::ms;

/// Settings of the user interface lie under this prefix.
pub(super) const UI_PREFIX: &str = "ui.";

/// Metrics in the order in which people read them; others follow by name.
const METRIC_ORDER: [&str; 4] = [Metric::TEMPERATURE, Metric::PRESSURE, Metric::MOTOR_POWER, Metric::HUMIDITY];

impl Api {
    /// `hello`
    pub(super) fn hello(&self) -> Answer<Hello> {
        let engine = match &*self.station.read().unwrap_or_else(std::sync::PoisonError::into_inner) {
            Open::Station { engine, .. } => engine.clone(),
            Open::Nothing(trouble) => return Ok(without_station(trouble.clone())),
        };
        let settings = engine.reader().settings().map_err(stored)?;
        let ui_settings: BTreeMap<String, serde_json::Value> = settings
            .into_iter()
            .filter_map(|(key, json)| {
                Some((key.strip_prefix(UI_PREFIX)?.to_owned(), serde_json::from_str(&json).ok()?))
            })
            .collect();
        let demo = self.is_demo();
        let (identity, classes, trouble, now) = self.inspect(|core| {
            let classes: Vec<_> = core.classes().values().cloned().collect();
            let trouble = core.trouble.as_ref().or(core.seal_trouble.as_ref()).cloned();
            (core.identity().cloned(), classes, trouble, core.now)
        })?;
        let (site, station) =
            identity.map_or_else(Default::default, |identity| (identity.site_name, identity.station_name));
        Ok(Hello {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            demo,
            first_start: !demo && site.is_empty(),
            read_only: engine.read_only(),
            site,
            station,
            time_zone: time_zone().name().to_owned(),
            data_folder: engine.folder().display().to_string(),
            now_ms: ms(now.wall),
            trouble: trouble.map(|trouble| Trouble {
                code: trouble.code.to_owned(),
                sentence: trouble.sentence,
                since_ms: ms(trouble.since),
            }),
            classes: classes.iter().map(|class| class_dto(class)).collect(),
            ui_settings,
        })
    }

    /// `sources`
    pub(super) fn sources(&self) -> Answer<Vec<SourceDto>> {
        Ok(self.inspect(panfloor_engine::Core::sources)?.into_iter().map(source_dto).collect())
    }
}

/// The plant's time zone: this PC's, or UTC where the system does not say.
pub(crate) fn time_zone() -> chrono_tz::Tz {
    iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok()).unwrap_or(chrono_tz::UTC)
}

/// What a window is told when no station could be opened.
fn without_station(trouble: Trouble) -> Hello {
    Hello {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        demo: false,
        first_start: false,
        read_only: false,
        site: String::new(),
        station: String::new(),
        time_zone: time_zone().name().to_owned(),
        data_folder: String::new(),
        now_ms: ms(panfloor_engine::Clock::new().now().wall),
        trouble: Some(trouble),
        classes: Vec::new(),
        ui_settings: BTreeMap::new(),
    }
}

/// A class as the user interface needs it.
fn class_dto(class: &MachineClass) -> ClassDto {
    let mut names: Vec<&String> = class.metrics.keys().collect();
    let place = |name: &str| METRIC_ORDER.iter().position(|known| *known == name).unwrap_or(METRIC_ORDER.len());
    names.sort_by_key(|name| (place(name), (*name).clone()));
    let metric = |name: &String| {
        let plan = class.metrics.get(name)?;
        Some(MetricDto {
            name: name.clone(),
            unit: Metric::new(name).unit().symbol().to_owned(),
            decimals: plan.decimals,
            scale_low: plan.scale[0],
            scale_high: plan.scale[1],
        })
    };
    ClassDto {
        id: class.id.clone(),
        title: class.title.clone(),
        short_title: class.short_title.clone(),
        config_schema: class.config_schema.clone(),
        metrics: names.into_iter().filter_map(metric).collect(),
    }
}

/// A source's health at the door.
fn source_dto(source: SourceHealth) -> SourceDto {
    let (state, problem) = match source.state {
        LinkState::Connecting => (SourceState::Connecting, None),
        LinkState::Connected { catching_up: false } => (SourceState::Connected, None),
        LinkState::Connected { catching_up: true } => (SourceState::CatchingUp, None),
        LinkState::Offline { code, sentence, retry_at } => {
            let problem = SourceProblem { code: code.to_owned(), sentence, retry_at_ms: Some(ms(retry_at)) };
            (SourceState::Offline, Some(problem))
        }
    };
    SourceDto {
        id: source.id.0,
        name: source.name,
        kind: "mqtt".to_owned(),
        address: source.address,
        state,
        since_ms: ms(source.since),
        problem,
        messages_per_s: source.messages_per_s,
        waiting: source.waiting,
        not_adopted: u32::try_from(source.not_adopted).unwrap_or(u32::MAX),
        adopts_per_hour: source.adopts_per_hour,
        session_kept: source.session_kept,
    }
}
