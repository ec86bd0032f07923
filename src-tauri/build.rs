//! Lets Tauri read its configuration and makes one permission a command, so that a window can call only what its
//! capability names.

/// Every command of ours; `allow-<name>` in `capabilities/` permits it.
const COMMANDS: [&str; 7] = [
    "call",
    "trend",
    "subscribe_live",
    "subscribe_changed",
    "passphrase_prompt",
    "passphrase_submit",
    "passphrase_cancel",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(&COMMANDS);
    if let Err(problem) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo::error=the desktop configuration cannot be used: {problem:#}");
    }
}
