//! Settings, storage, quarantine, setting up a site.

use std::time::Duration;

use panfloor_engine::Action;
use panfloor_historian::QuarantineRow as StoredRow;
use zeroize::Zeroizing;

use super::hello::UI_PREFIX;
use super::{Answer, Api, bad_request, stored};
use crate::dto::{
    ApiError, Autostart, CountersDto, CreateSiteRequest, ErrorCode, LatencyDto, LatencyRequest, MonthDto,
    PercentilesDto, PromptDto, QuarantineDto, QuarantineRequest, QuarantineRow, SourceSetup, StorageDto, TestDto,
    TestStep, UiSetting,
};
use crate::host::Profile;
use crate::watch::ms;

/// Longest key of a setting of the user interface.
const KEY_BYTES_MAX: usize = 64;
/// Largest value of one.
const VALUE_BYTES_MAX: usize = 64 * 1024;
/// Most rows of quarantine in one answer.
const QUARANTINE_ROWS_MAX: u32 = 500;
/// How long a connection test waits for each step.
const TEST_STEP: Duration = Duration::from_secs(5);

impl Api {
    /// `ui_setting`
    pub(super) fn ui_setting(&self, setting: &UiSetting) -> Answer<()> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if setting.key.is_empty() || setting.key.len() > KEY_BYTES_MAX || !setting.key.chars().all(plain) {
            return Err(bad_request("a setting's key has 1 to 64 letters, digits, dots and dashes".to_owned()));
        }
        let json = setting.value.to_string();
        if json.len() > VALUE_BYTES_MAX {
            return Err(bad_request("a setting's value has at most 64 KiB".to_owned()));
        }
        self.act(Action::Setting { key: format!("{UI_PREFIX}{}", setting.key), json }).map(drop)
    }

    /// `storage`
    pub(super) fn storage(&self) -> Answer<StorageDto> {
        let engine = self.engine()?;
        let reader = engine.reader();
        let sizes = reader.sizes().map_err(stored)?;
        let counters = reader.counters().map_err(stored)?;
        let count =
            |name: &str| counters.iter().find(|(known, _)| known == name).map_or(0.0, |(_, count)| *count as f64);
        let months = sizes.months.into_iter().map(|(name, bytes)| MonthDto { name, bytes: bytes as f64 });
        Ok(StorageDto {
            folder: engine.folder().display().to_string(),
            live_bytes: (sizes.live_bytes + sizes.wal_bytes) as f64,
            months: months.collect(),
            free_bytes: sizes.free_disk_bytes.map(|bytes| bytes as f64),
            span_ms: reader.span().map_err(stored)?.map(|(from, to)| (ms(from), ms(to))),
            secrets: match engine.keys().place() {
                panfloor_keys::Place::Keyring => "keyring".to_owned(),
                panfloor_keys::Place::File { .. } => "file".to_owned(),
            },
            log_folder: self.host.log_folder().map(|folder| folder.display().to_string()).unwrap_or_default(),
            counters: CountersDto {
                received: count("received"),
                committed: count("committed"),
                duplicates: count("duplicates"),
                revisions: count("revisions"),
                late: count("late"),
                quarantined: count("quarantined"),
                quarantine_dropped: count("quarantine_dropped"),
                untellable: count("untellable"),
            },
        })
    }

    /// `latency`
    pub(super) fn latency(&self, LatencyRequest { newest }: LatencyRequest) -> Answer<LatencyDto> {
        let [publish, outside, bare] = self.inspect(move |core| {
            let counters = &core.counters;
            [&counters.publish_to_commit_us, &counters.outside_commit_us, &counters.commit_us]
                .map(|list| list.iter().rev().take(newest as usize).copied().collect::<Vec<u32>>())
        })?;
        Ok(LatencyDto {
            publish_to_commit_ms: PercentilesDto::of(publish),
            outside_commit_ms: PercentilesDto::of(outside),
            bare_commit_ms: PercentilesDto::of(bare),
        })
    }

    /// `quarantine`
    pub(super) fn quarantine(&self, request: &QuarantineRequest) -> Answer<QuarantineDto> {
        let engine = self.engine()?;
        let limit = request.limit.clamp(1, QUARANTINE_ROWS_MAX) as usize;
        let rows = engine.reader().quarantine(limit, request.offset as usize).map_err(stored)?;
        let total = engine.reader().quarantine_count().map_err(stored)?;
        let sources = self.inspect(panfloor_engine::Core::sources)?;
        let name = |row: &StoredRow| {
            let source = sources.iter().find(|source| source.id == row.message.source);
            source.map_or_else(|| format!("source {}", row.message.source.0), |source| source.name.clone())
        };
        let rows = rows.into_iter().map(|row| quarantine_row(name(&row), row));
        Ok(QuarantineDto { total: total as f64, rows: rows.collect() })
    }

    /// `source_test`
    pub(super) fn source_test(&self, setup: &SourceSetup) -> Answer<TestDto> {
        let mapping = mapping_of(setup)?;
        let check = panfloor_engine::CheckSetup {
            host: setup.host.clone(),
            port: setup.port,
            username: setup.username.clone(),
            password: setup.password.clone().map(Zeroizing::new),
            mapping,
            patience: TEST_STEP,
        };
        let step = |step: panfloor_engine::CheckStep| TestStep {
            step: step.name.to_owned(),
            ok: step.ok,
            detail: step.detail,
            took_ms: step.took.map(|took| took.as_secs_f64() * 1000.0),
        };
        Ok(TestDto { steps: panfloor_engine::check_source(check, &self.runtime).into_iter().map(step).collect() })
    }

    /// `create_site`
    pub(super) fn create_site(&self, request: CreateSiteRequest) -> Answer<()> {
        let hello = self.hello()?;
        if !hello.first_start || hello.read_only {
            let sentence = "this PC belongs to a site already, or another Panfloor holds its folder".to_owned();
            return Err(ApiError { code: ErrorCode::NotAllowed, sentence });
        }
        if request.site.trim().is_empty() || request.user_name.trim().is_empty() {
            return Err(bad_request("a site and its first administrator need a name".to_owned()));
        }
        if let Some(source) = &request.source {
            mapping_of(source)?;
        }
        let prompt = PromptDto {
            purpose: "create_site".to_owned(),
            user_name: request.user_name.trim().to_owned(),
            sentence: String::new(),
            hash: String::new(),
            theme: "system".to_owned(),
            demo_passphrase: None,
        };
        let mut chosen = None;
        self.host.ask_passphrase(prompt, &mut |passphrase| {
            panfloor_keys::check_passphrase(passphrase)
                .map_err(|error| ApiError { code: ErrorCode::WrongPassphrase, sentence: error.to_string() })?;
            chosen = Some(Zeroizing::new(passphrase.to_owned()));
            Ok(())
        })?;
        let passphrase = chosen
            .ok_or_else(|| ApiError { code: ErrorCode::Cancelled, sentence: "no passphrase was given".to_owned() })?;
        self.host.switch(Profile::Found(Box::new(request), passphrase))
    }

    /// `autostart`
    pub(super) fn autostart(&self) -> Answer<Autostart> {
        Ok(Autostart { enabled: self.host.autostart().unwrap_or(false) })
    }

    /// `set_autostart`
    pub(super) fn set_autostart(&self, request: &Autostart) -> Answer<()> {
        self.host.set_autostart(request.enabled)
    }
}

/// The mapping that a setup asks for.
pub(crate) fn mapping_of(setup: &SourceSetup) -> Answer<panfloor_wire::Mapping> {
    let mut mapping = panfloor_wire::Mapping::default();
    if setup.topics.iter().any(|topic| !topic.trim().is_empty()) {
        let telemetry = panfloor_wire::TopicKind::Telemetry;
        mapping.templates.retain(|template| template.kind() != telemetry);
        for topic in setup.topics.iter().map(|topic| topic.trim()).filter(|topic| !topic.is_empty()) {
            let template = panfloor_wire::TopicTemplate::parse(telemetry, topic)
                .map_err(|problem| bad_request(format!("the topic “{topic}” cannot be used: {problem}")))?;
            mapping.templates.push(template);
        }
    }
    mapping.check().map_err(|problem| bad_request(problem.to_string()))?;
    Ok(mapping)
}

/// A quarantined message at the door: text where it is text, else hexadecimal digits.
fn quarantine_row(source: String, row: StoredRow) -> QuarantineRow {
    let message = row.message;
    let excerpt = match std::str::from_utf8(&message.payload) {
        Ok(text) => text.to_owned(),
        // Cut in the middle of a letter: still text.
        Err(cut) if cut.error_len().is_none() => {
            String::from_utf8_lossy(&message.payload[..cut.valid_up_to()]).into_owned()
        }
        Err(_) => message.payload.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    QuarantineRow {
        id: row.id as f64,
        arrived_ms: ms(message.arrived_at),
        source,
        topic: message.topic,
        reason: message.reason,
        reason_code: message.reason_code,
        excerpt,
        bytes: message.payload_len as f64,
    }
}
