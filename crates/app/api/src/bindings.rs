//! Writes `ui/src/lib/ipc/bindings.ts`. A test fails when the committed file is stale.

use std::fmt::Write as _;

use ts_rs::{Config, TS};

use crate::commands::command_types;
use crate::dto::*;

/// Declarations of all types that cross the door.
fn declarations() -> Vec<String> {
    let config = Config::default();
    macro_rules! of {
        ($($t:ty),* $(,)?) => { vec![$(<$t as TS>::decl(&config)),*] };
    }
    of![
        ApiError,
        ErrorCode,
        Hello,
        Trouble,
        ClassDto,
        MetricDto,
        PlantSnapshot,
        MachineDto,
        LatestDto,
        MetricBands,
        Band,
        ConfigBrief,
        SourceDto,
        SourceState,
        SourceProblem,
        AlarmsDto,
        AlarmRow,
        AcknowledgeRequest,
        AlarmName,
        HistoryRequest,
        HistoryDto,
        TransitionDto,
        Pen,
        TrendRequest,
        MarksRequest,
        MarksDto,
        MarkDto,
        ExportRequest,
        ExportDto,
        TextExport,
        ConfigsDto,
        ChangesRequest,
        ChangesPage,
        ConfigNotice,
        ConfigWait,
        PublisherDto,
        ConfigRow,
        ConfigDetail,
        VersionDto,
        ChangeDto,
        ChangeMachine,
        StepDto,
        DecisionDto,
        ChangeRequestDto,
        DecideRequest,
        CheckRequest,
        CheckDto,
        FieldProblemDto,
        SessionDto,
        UserDto,
        SignInRequest,
        PromptDto,
        PassphraseDto,
        UiSetting,
        StorageDto,
        LatencyDto,
        PercentilesDto,
        MonthDto,
        CountersDto,
        LatencyRequest,
        QuarantineRequest,
        QuarantineDto,
        QuarantineRow,
        SourceSetup,
        TestStep,
        TestDto,
        CreateSiteRequest,
        Autostart,
        Changed,
        Domain,
    ]
}

/// The whole file.
#[must_use]
pub fn typescript() -> String {
    let mut text = String::from(
        "// Made by `cargo xtask codegen` from crates/app/api. Do not edit.\n\n/** Values of any JSON shape. */\nexport type JsonValue = unknown;\n\n",
    );
    for declaration in declarations() {
        let _ = writeln!(text, "export {declaration}\n");
    }
    text.push_str("/** Every command: what it takes and what it answers. */\nexport interface Commands {\n");
    for command in command_types() {
        let request = if command.request == "null" { "void".to_owned() } else { command.request };
        let response = if command.response == "null" { "void".to_owned() } else { command.response };
        let _ = writeln!(text, "  {}: {{ request: {request}; response: {response} }};", command.name);
    }
    text.push_str("}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::typescript;

    #[test]
    fn the_committed_bindings_are_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/lib/ipc/bindings.ts");
        if std::env::var_os("PANFLOOR_BLESS").is_some() {
            std::fs::write(path, typescript()).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed.replace("\r\n", "\n") == typescript(), "stale bindings: run `cargo xtask codegen`");
    }
}
