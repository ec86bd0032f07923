//! The windows: one for the plant, and for as long as a passphrase is asked for, one for that.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, CloseRequestApi, Manager as _, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Window};

use std::sync::Arc;

use tauri_plugin_window_state::{AppHandleExt as _, StateFlags};

use crate::arguments::Arguments;
use crate::state::AppState;

/// What is remembered of a window; not whether it was visible: a start into the tray stays there.
pub(crate) const KEPT_STATE: StateFlags = StateFlags::all().difference(StateFlags::VISIBLE);

/// Label of the plant's window.
pub(crate) const MAIN: &str = "main";
/// Label of the passphrase window.
pub(crate) const PASSPHRASE: &str = "passphrase";

/// Whether a page may be gone to: ours, and nothing else.
fn is_ours(url: &Url) -> bool {
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

/// Makes the plant's window; hidden: it waits in the tray.
pub(crate) fn build_main(app: &AppHandle, arguments: &Arguments) -> tauri::Result<()> {
    let page = if arguments.empty_window { "empty.html" } else { "index.html" };
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App(page.into()))
        .title("Panfloor")
        .inner_size(1600.0, 900.0)
        .min_inner_size(1024.0, 640.0)
        .visible(!arguments.hidden)
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// Brings the plant's window to the front.
pub(crate) fn show_main(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
        if let Err(problem) = shown {
            tracing::warn!(%problem, "the window does not come to the front");
        }
    }
}

/// Closing the plant's window hides it, and acquisition goes on in the tray; closing the passphrase window gives up.
pub(crate) fn closing(window: &Window, api: &CloseRequestApi) {
    if window.label() == PASSPHRASE {
        window.state::<Arc<AppState>>().prompts.cancel();
        return;
    }
    api.prevent_close();
    // The application may run on for weeks and then be ended by a power cut.
    if let Err(problem) = window.app_handle().save_window_state(KEPT_STATE) {
        tracing::warn!(%problem, "where the window was is not remembered");
    }
    if let Err(problem) = window.hide() {
        tracing::warn!(%problem, "the window does not hide");
    }
}

/// Opens the passphrase window.
pub(crate) fn open_passphrase(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let builder = WebviewWindowBuilder::new(app, PASSPHRASE, WebviewUrl::App("passphrase.html".into()))
        .title("Panfloor: passphrase")
        .inner_size(480.0, 340.0)
        .resizable(false)
        .minimizable(false)
        .maximizable(false)
        .center()
        .focused(true)
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny);
    let builder = match app.get_webview_window(MAIN) {
        Some(main) => builder.parent(&main)?,
        None => builder,
    };
    builder.build()
}

/// Closes the passphrase window, if it is still there.
pub(crate) fn close_passphrase(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(PASSPHRASE)
        && let Err(problem) = window.destroy()
    {
        tracing::warn!(%problem, "the passphrase window does not close");
    }
}
