//! The desktop application: windows, tray, permissions, and one-line commands around the door.
//!
//! Does: opens the station, shows it in a window, keeps it acquiring in the tray, asks passphrases in a window of their own.
//! Never: decides anything; listens on a port; lets a page see a passphrase, a file or a shell.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod commands;
mod host;
mod logs;
mod priority;
mod prompt;
mod rolling;
mod state;
mod status;
mod tray;
mod windows;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use tauri::{Manager as _, RunEvent, WindowEvent};

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

/// Remembers where windows were.
fn window_state() -> tauri::plugin::TauriPlugin<tauri::Wry> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(windows::KEPT_STATE)
        .with_denylist(&[windows::PASSPHRASE])
        .build()
}

/// What a start at login is told: to stay in the tray, and where this start was told that the data lies.
fn at_login(arguments: &Arguments) -> Vec<String> {
    let mut told = vec!["--hidden".to_owned()];
    if let Some(folder) = arguments.data.as_ref().and_then(|data| std::path::absolute(data).ok()) {
        let folder = folder.display().to_string();
        // A login item of macOS is a list; elsewhere it is one line, split at spaces.
        let quoted = folder.contains(' ') && !cfg!(target_os = "macos");
        told.extend(["--data".to_owned(), if quoted { format!("\"{folder}\"") } else { folder }]);
    }
    told
}

/// Returns when the system or a terminal asks for the end.
async fn told_to_end() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut told = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            _ = told.recv() => Ok(()),
            interrupted = tokio::signal::ctrl_c() => interrupted,
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// Ends the application in good order when it is told to from outside, as at the end of a login session.
fn end_when_told(app: &tauri::AppHandle, runtime: &tokio::runtime::Handle) {
    let app = app.clone();
    runtime.spawn(async move {
        if told_to_end().await.is_ok() {
            app.exit(0);
        }
    });
}

/// Builds the application and runs it to its end.
fn run(arguments: Arguments) -> anyhow::Result<()> {
    let _guard = logs::start(&arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let at_login = at_login(&arguments);
    let handle = runtime.handle().clone();
    let state = Arc::new(AppState::new(arguments, handle.clone()));
    let opened = Arc::clone(&state);
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| windows::show_main(app)))
        .plugin(window_state())
        .plugin(tauri_plugin_autostart::Builder::new().args(at_login).build())
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
            priority::stand_back();
            windows::build_main(app.handle(), opened.arguments())?;
            end_when_told(app.handle(), &handle);
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
