//! The desktop application: windows, tray, permissions, and one-line commands around the door.
//!
//! Does: opens the station, shows it in a window, keeps it acquiring in the tray, asks passphrases in a window of their own.
//! Never: decides anything; listens on a port; lets a page see a passphrase, a file or a shell.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod commands;
mod host;
mod logs;
mod prompt;
mod state;
mod status;
mod tray;
mod windows;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use tauri::{Manager as _, RunEvent, WindowEvent};
use tauri_plugin_window_state::StateFlags;

use crate::arguments::Arguments;
use crate::state::AppState;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            tracing::error!(%problem, "the application ended");
            status::complain(&format!("panfloor: {problem:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Remembers where windows were, but not whether they were visible: a start into the tray stays there.
fn window_state() -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let flags = StateFlags::all() & !StateFlags::VISIBLE;
    tauri_plugin_window_state::Builder::new().with_state_flags(flags).with_denylist(&[windows::PASSPHRASE]).build()
}

/// Builds the application and runs it to its end.
fn run(arguments: Arguments) -> anyhow::Result<()> {
    let _guard = logs::start(&arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let state = Arc::new(AppState::new(arguments, runtime.handle().clone()));
    let opened = Arc::clone(&state);
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| windows::show_main(app)))
        .plugin(window_state())
        .plugin(tauri_plugin_autostart::Builder::new().args(["--hidden"]).build())
        .plugin(tauri_plugin_dialog::init())
        .manage(Arc::clone(&state))
        .invoke_handler(tauri::generate_handler![
            commands::call,
            commands::trend,
            commands::subscribe_live,
            commands::subscribe_changed,
            commands::passphrase_prompt,
            commands::passphrase_submit,
            commands::passphrase_cancel,
        ])
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                windows::closing(window, api);
            }
        })
        .setup(move |app| {
            if !opened.arguments().empty_window {
                opened.start(app.handle());
                tray::build(app.handle())?;
            }
            windows::build_main(app.handle(), opened.arguments())?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(move |app, event| {
        if let RunEvent::ExitRequested { api, code: None, .. } = &event {
            // The last window is gone: acquisition goes on in the tray.
            api.prevent_exit();
        }
        if matches!(event, RunEvent::Exit) {
            app.state::<Arc<AppState>>().stop();
        }
    });
    Ok(())
}
