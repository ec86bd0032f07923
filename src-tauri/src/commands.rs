//! The commands, one line each: the door does the work, on a thread that may wait.

use std::sync::Arc;

use panfloor_api::dto::{ApiError, ErrorCode, PassphraseDto, PromptDto, TrendRequest};
use serde_json::Value;
use tauri::State;
use tauri::ipc::{Channel, InvokeResponseBody, Response};

use crate::state::AppState;

/// The application's state, as commands get it.
type Shared<'a> = State<'a, Arc<AppState>>;

/// The door, or why there is none.
fn api(state: &Shared<'_>) -> Result<Arc<panfloor_api::Api>, ApiError> {
    state.api().ok_or_else(|| internal("the application is not ready"))
}

/// An error that only a restart mends.
fn internal(sentence: &str) -> ApiError {
    ApiError { code: ErrorCode::Internal, sentence: sentence.to_owned() }
}

/// Runs what may wait.
async fn wait<T: Send + 'static>(work: impl FnOnce() -> Result<T, ApiError> + Send + 'static) -> Result<T, ApiError> {
    tauri::async_runtime::spawn_blocking(work).await.map_err(|_| internal("a command broke off; the log has more"))?
}

/// Any command of the table in `panfloor_api::commands`.
#[tauri::command]
pub(crate) async fn call(state: Shared<'_>, name: String, request: Value) -> Result<Value, ApiError> {
    let api = api(&state)?;
    wait(move || api.call(&name, request)).await
}

/// A trend query, answered in binary.
#[tauri::command]
pub(crate) async fn trend(state: Shared<'_>, request: TrendRequest) -> Result<Response, ApiError> {
    let api = api(&state)?;
    wait(move || api.trend(&request).map(Response::new)).await
}

/// Live frames from now on.
#[tauri::command]
pub(crate) async fn subscribe_live(state: Shared<'_>, channel: Channel<InvokeResponseBody>) -> Result<(), ApiError> {
    let send = move |frame| channel.send(InvokeResponseBody::Raw(frame)).is_ok();
    api(&state)?.watch_live(send);
    Ok(())
}

/// Notices of change from now on.
#[tauri::command]
pub(crate) async fn subscribe_changed(
    state: Shared<'_>,
    channel: Channel<panfloor_api::dto::Changed>,
) -> Result<(), ApiError> {
    api(&state)?.watch_changes(move |changed| channel.send(changed).is_ok());
    Ok(())
}

/// What the passphrase window asks for.
#[tauri::command]
pub(crate) async fn passphrase_prompt(state: Shared<'_>) -> Result<PromptDto, ApiError> {
    state.prompts.current().ok_or_else(|| internal("nothing is asked for"))
}

/// A passphrase was typed.
#[tauri::command]
pub(crate) async fn passphrase_submit(state: Shared<'_>, request: PassphraseDto) -> Result<(), ApiError> {
    let state = Arc::clone(&state);
    wait(move || state.prompts.submit(request.text)).await
}

/// The passphrase window was given up.
#[tauri::command]
pub(crate) async fn passphrase_cancel(state: Shared<'_>) -> Result<(), ApiError> {
    state.prompts.cancel();
    Ok(())
}
