//! The commands, answered: by name, from a request as JSON to an answer as JSON.

mod alarms;
mod changes_list;
mod configs;
mod consequence;
mod hello;
mod plant;
mod session;
mod settings;

pub(crate) use alarms::from_ms;
pub(crate) use hello::time_zone;
pub(crate) use plant::{bands, config_times, unit_of};
pub(crate) use settings::mapping_of;

use std::sync::{Arc, PoisonError, RwLock};

use panfloor_engine::{EngineHandle, Refusal};
use panfloor_historian::HistorianError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::dto::{ApiError, ErrorCode, TrendRequest, Trouble};
use crate::host::Host;
use crate::trend::Queries;
use crate::watch::Watchers;

/// Answers commands for the station that is open.
pub struct Api {
    host: Arc<dyn Host>,
    runtime: tokio::runtime::Handle,
    station: RwLock<Open>,
    queries: Queries,
    watchers: Watchers,
}

/// What is open.
enum Open {
    /// A station.
    Station { engine: EngineHandle, demo: bool },
    /// None: why.
    Nothing(Trouble),
}

/// What a command comes to.
pub(crate) type Answer<T> = Result<T, ApiError>;

impl Api {
    /// A door without a station yet.
    #[must_use]
    pub fn new(host: Arc<dyn Host>, runtime: tokio::runtime::Handle) -> Self {
        let starting =
            Trouble { code: "starting".to_owned(), sentence: "Panfloor is starting.".to_owned(), since_ms: 0.0 };
        Self {
            host,
            runtime,
            station: RwLock::new(Open::Nothing(starting)),
            queries: Queries::default(),
            watchers: Watchers::default(),
        }
    }

    /// Opens the door to a station.
    pub fn open(&self, engine: EngineHandle, demo: bool) {
        *self.station.write().unwrap_or_else(PoisonError::into_inner) = Open::Station { engine: engine.clone(), demo };
        self.watchers.follow(Some(engine));
    }

    /// Says why there is no station.
    pub fn close(&self, trouble: Trouble) {
        *self.station.write().unwrap_or_else(PoisonError::into_inner) = Open::Nothing(trouble);
        self.watchers.follow(None);
    }

    /// Who watches.
    pub(crate) const fn watchers(&self) -> &Watchers {
        &self.watchers
    }

    /// The engine behind the door.
    ///
    /// # Errors
    /// Why there is none.
    pub fn engine(&self) -> Answer<EngineHandle> {
        match &*self.station.read().unwrap_or_else(PoisonError::into_inner) {
            Open::Station { engine, .. } => Ok(engine.clone()),
            Open::Nothing(trouble) => Err(ApiError { code: ErrorCode::Internal, sentence: trouble.sentence.clone() }),
        }
    }

    /// Who hosts this door.
    pub(crate) fn host(&self) -> &dyn Host {
        &*self.host
    }

    /// Whether the demo plant is what is looked at.
    fn is_demo(&self) -> bool {
        matches!(&*self.station.read().unwrap_or_else(PoisonError::into_inner), Open::Station { demo: true, .. })
    }

    /// Answers a command. Blocks: call it where waiting is allowed.
    ///
    /// # Errors
    /// Why it was not done, with what to do.
    pub fn call(&self, name: &str, request: Value) -> Answer<Value> {
        match name {
            "hello" => json(self.hello()),
            "plant" => json(self.plant()),
            "sources" => json(self.sources()),
            "source_retry" => json(self.act(panfloor_engine::Action::Retry).map(drop)),
            "source_test" => json(read(request).and_then(|setup| self.source_test(&setup))),
            "alarms" => json(self.alarms()),
            "alarm_history" => json(read(request).and_then(|filter| self.alarm_history(&filter))),
            "alarm_acknowledge" => json(read(request).and_then(|request| self.acknowledge(request))),
            "trend_marks" => json(read(request).and_then(|request| self.trend_marks(&request))),
            "trend_export" => json(read(request).and_then(|request| self.export(&request))),
            "text_export" => json(read(request).and_then(|request| self.export_text(&request))),
            "configs" => json(self.configs()),
            "changes_before" => json(read(request).and_then(|request| self.changes_before(&request))),
            "config_detail" => json(read(request).and_then(|machine| self.config_detail(machine))),
            "config_check" => json(read(request).and_then(|request| self.config_check(&request))),
            "change_request" => json(read(request).and_then(|request| self.change_request(request))),
            "change_decide" => json(read(request).and_then(|request| self.change_decide(&request))),
            "session" => json(self.session()),
            "sign_in" => json(read(request).and_then(|request| self.sign_in(&request))),
            "sign_out" => json(self.act(panfloor_engine::Action::SignOut).map(drop)),
            "ui_setting" => json(read(request).and_then(|setting| self.ui_setting(&setting))),
            "storage" => json(self.storage()),
            "latency" => json(read(request).and_then(|request| self.latency(request))),
            "quarantine" => json(read(request).and_then(|request| self.quarantine(&request))),
            "create_site" => json(read(request).and_then(|request| self.create_site(request))),
            "start_demo" => json(self.host.switch(crate::Profile::Demo)),
            "autostart" => json(self.autostart()),
            "set_autostart" => json(read(request).and_then(|request| self.set_autostart(&request))),
            other => Err(bad_request(format!("there is no command “{other}”"))),
        }
    }

    /// Answers a trend query in binary. Blocks.
    ///
    /// # Errors
    /// If the query is wrong, or a newer one of its name came.
    pub fn trend(&self, request: &TrendRequest) -> Answer<Vec<u8>> {
        crate::trend::answer(&self.engine()?, &self.queries, request)
    }

    /// Does something through the engine.
    fn act(&self, action: panfloor_engine::Action) -> Answer<panfloor_engine::Done> {
        self.engine()?.act(action).map_err(refused)
    }

    /// Looks at what the engine knows.
    fn inspect<T: Send + 'static>(&self, look: impl FnOnce(&panfloor_engine::Core) -> T + Send + 'static) -> Answer<T> {
        self.engine()?.inspect(look).map_err(refused)
    }
}

/// Reads a request.
fn read<T: DeserializeOwned>(request: Value) -> Answer<T> {
    serde_json::from_value(request).map_err(|problem| bad_request(format!("the request cannot be read: {problem}")))
}

/// Writes an answer.
fn json<T: Serialize>(answer: Answer<T>) -> Answer<Value> {
    serde_json::to_value(answer?).map_err(|problem| internal(&problem))
}

/// A wrong request.
pub(crate) const fn bad_request(sentence: String) -> ApiError {
    ApiError { code: ErrorCode::BadRequest, sentence }
}

/// An error nobody can do anything about here; the log has more.
pub(crate) fn internal(problem: &dyn std::fmt::Display) -> ApiError {
    ApiError { code: ErrorCode::Internal, sentence: problem.to_string() }
}

/// An error of the store.
pub(crate) fn stored(problem: HistorianError) -> ApiError {
    let code = match problem {
        HistorianError::Cancelled => ErrorCode::Cancelled,
        HistorianError::DiskFull { .. } | HistorianError::NotWritable { .. } => ErrorCode::StoreNotWritable,
        HistorianError::Missing { .. }
        | HistorianError::NewerVersion { .. }
        | HistorianError::Foreign { .. }
        | HistorianError::Locked { .. }
        | HistorianError::Damaged { .. }
        | HistorianError::Refused { .. }
        | HistorianError::Failed { .. }
        | HistorianError::Seal { .. }
        | HistorianError::Io { .. }
        | HistorianError::Sql { .. } => ErrorCode::Internal,
    };
    if code != ErrorCode::Cancelled {
        tracing::warn!(%problem, "a query failed");
    }
    ApiError { code, sentence: problem.to_string() }
}

/// A refusal of the engine.
pub(crate) fn refused(refusal: Refusal) -> ApiError {
    let code = match refusal {
        Refusal::SignInNeeded => ErrorCode::SignInNeeded,
        Refusal::NotAllowed(_) | Refusal::OneByOne => ErrorCode::NotAllowed,
        Refusal::NotFound(_) => ErrorCode::NotFound,
        Refusal::Invalid(_) => ErrorCode::Invalid,
        Refusal::StoreNotWritable(_) => ErrorCode::StoreNotWritable,
        Refusal::ReadOnly => ErrorCode::ReadOnly,
        Refusal::NotYet | Refusal::Stopped | Refusal::Internal(_) => ErrorCode::Internal,
    };
    ApiError { code, sentence: refusal.to_string() }
}
