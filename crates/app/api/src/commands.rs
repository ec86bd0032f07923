//! The commands, declared once: name, request, response. The TypeScript side is generated from this table.

use ts_rs::TS;

use crate::dto::*;

/// One command as TypeScript sees it.
pub struct CommandType {
    /// Name on every transport.
    pub name: &'static str,
    /// Request type.
    pub request: String,
    /// Response type.
    pub response: String,
}

/// Lists commands with their types.
macro_rules! commands {
    ($($name:literal: $request:ty => $response:ty;)*) => {
        /// All commands, in the order of their declaration.
        #[must_use]
        pub fn command_types() -> Vec<CommandType> {
            let config = ts_rs::Config::default();
            vec![$(CommandType { name: $name, request: <$request as TS>::name(&config), response: <$response as TS>::name(&config) },)*]
        }
    };
}

/// Stands for a binary answer (see `frame`).
pub struct Binary;

impl TS for Binary {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;
    fn name(_: &ts_rs::Config) -> String {
        "ArrayBuffer".to_owned()
    }
    fn inline(_: &ts_rs::Config) -> String {
        "ArrayBuffer".to_owned()
    }
}

commands! {
    "hello": () => Hello;
    "plant": () => PlantSnapshot;
    "sources": () => Vec<SourceDto>;
    "source_retry": () => ();
    "alarms": () => AlarmsDto;
    "alarm_history": HistoryRequest => HistoryDto;
    "alarm_acknowledge": AcknowledgeRequest => ();
    "trend": TrendRequest => Binary;
    "trend_marks": MarksRequest => MarksDto;
    "trend_export": ExportRequest => ExportDto;
    "text_export": TextExport => ExportDto;
    "configs": () => ConfigsDto;
    "changes_before": ChangesRequest => ChangesPage;
    "config_detail": u32 => ConfigDetail;
    "config_check": CheckRequest => CheckDto;
    "change_request": ChangeRequestDto => String;
    "change_decide": DecideRequest => ();
    "session": () => SessionDto;
    "sign_in": SignInRequest => ();
    "sign_out": () => ();
    "ui_setting": UiSetting => ();
    "storage": () => StorageDto;
    "latency": LatencyRequest => LatencyDto;
    "quarantine": QuarantineRequest => QuarantineDto;
    "source_test": SourceSetup => TestDto;
    "create_site": CreateSiteRequest => ();
    "start_demo": () => ();
    "autostart": () => Autostart;
    "set_autostart": Autostart => ();
}
