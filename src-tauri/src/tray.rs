//! The tray: acquisition goes on there when the window is closed. Where there is no tray the application still runs.

use tauri::AppHandle;
use tauri::menu::{MenuBuilder, MenuItemBuilder};
use tauri::tray::TrayIconBuilder;

use crate::windows;

/// Makes the tray icon with its menu.
pub(crate) fn build(app: &AppHandle) -> tauri::Result<()> {
    let open = MenuItemBuilder::with_id("open", "Open Panfloor").build(app)?;
    let quit = MenuItemBuilder::with_id("quit", "Quit and stop acquiring").build(app)?;
    let menu = MenuBuilder::new(app).items(&[&open, &quit]).build()?;
    TrayIconBuilder::with_id("panfloor")
        .icon(tauri::include_image!("../icons/tray.png"))
        .tooltip("Panfloor is acquiring")
        .menu(&menu)
        .on_menu_event(|app, event| match event.id().as_ref() {
            "open" => windows::show_main(app),
            "quit" => app.exit(0),
            _ => {}
        })
        .build(app)?;
    Ok(())
}
