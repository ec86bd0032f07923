//! Layers as data: one table feeds the check and the diagram.

use std::collections::BTreeMap;

use anyhow::ensure;

use crate::process::output;
use crate::say;

/// A layer: a folder, and the arrows allowed inside it.
struct Layer {
    /// Name, from top to bottom.
    name: &'static str,
    /// Crates' folders begin so.
    folders: &'static [&'static str],
    /// Arrows inside the layer, by package name: from, to.
    inside: &'static [(&'static str, &'static str)],
}

/// From top to bottom: a crate uses only layers below its own.
const LAYERS: [Layer; 5] = [
    Layer { name: "hosts", folders: &["src-tauri", "crates/cli"], inside: &[] },
    Layer {
        name: "app",
        folders: &["crates/app/"],
        inside: &[("panfloor-api", "panfloor-engine"), ("panfloor-api", "panfloor-demo")],
    },
    Layer { name: "adapters", folders: &["crates/adapters/"], inside: &[] },
    Layer { name: "core", folders: &["crates/core/"], inside: &[] },
    Layer { name: "model", folders: &["crates/model"], inside: &[] },
];

/// Beside the house: what is never shipped. May use anything, and only tests may use it.
const BESIDE: [&str; 2] = ["crates/dev/", "xtask"];

/// What a core must not depend on: I/O, runtimes, clocks.
const NOT_IN_CORE: [&str; 7] = ["tokio", "rusqlite", "rumqttc", "rumqttd", "tauri", "rand", "rustix"];

/// A package of the workspace.
struct Package {
    name: String,
    folder: String,
    uses: Vec<String>,
}

/// Reads the workspace from cargo.
fn packages() -> anyhow::Result<Vec<Package>> {
    let json: serde_json::Value =
        serde_json::from_str(&output("cargo", &["metadata", "--no-deps", "--format-version", "1"])?)?;
    let root = json["workspace_root"].as_str().unwrap_or_default().replace('\\', "/");
    let read = |package: &serde_json::Value| {
        let manifest = package["manifest_path"].as_str().unwrap_or_default().replace('\\', "/");
        let folder =
            manifest.trim_start_matches(&root).trim_start_matches('/').trim_end_matches("/Cargo.toml").to_owned();
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        // Tests may use anything.
        let normal = dependencies.filter(|dependency| dependency["kind"] != "dev");
        let uses = normal.filter_map(|dependency| Some(dependency["name"].as_str()?.to_owned())).collect();
        Package { name: package["name"].as_str().unwrap_or_default().to_owned(), folder, uses }
    };
    Ok(json["packages"].as_array().into_iter().flatten().map(read).collect())
}

/// The place of a folder: its layer, counted from the top; `None`: beside the house.
fn place(folder: &str) -> Option<usize> {
    if BESIDE.iter().any(|beside| folder.starts_with(beside)) {
        return None;
    }
    LAYERS.iter().position(|layer| layer.folders.iter().any(|known| folder.starts_with(known)))
}

/// What breaks the layers.
pub(crate) fn problems() -> anyhow::Result<Vec<String>> {
    let packages = packages()?;
    ensure!(packages.len() > 10, "cargo metadata names only {} packages", packages.len());
    let folders: BTreeMap<&str, &str> =
        packages.iter().map(|package| (package.name.as_str(), package.folder.as_str())).collect();
    let mut problems = Vec::new();
    for package in &packages {
        let Some(own) = place(&package.folder) else { continue };
        for used in &package.uses {
            if LAYERS[own].name == "core" && NOT_IN_CORE.contains(&used.as_str()) {
                problems.push(format!("{}: a core uses {used}; cores know no I/O, clock or chance", package.folder));
            }
            let Some(folder) = folders.get(used.as_str()) else { continue };
            let allowed = match place(folder) {
                None => false,
                Some(other) if other == own => LAYERS[own].inside.contains(&(package.name.as_str(), used.as_str())),
                Some(other) => other > own,
            };
            if !allowed {
                problems.push(format!("{}: uses {folder}, which is no layer below it", package.folder));
            }
        }
    }
    Ok(problems)
}

/// Prints the layers and who uses whom.
pub(crate) fn print() -> anyhow::Result<()> {
    let packages = packages()?;
    for (at, layer) in LAYERS.iter().enumerate() {
        say(layer.name);
        for package in packages.iter().filter(|package| place(&package.folder) == Some(at)) {
            let uses: Vec<&str> = package.uses.iter().filter_map(|used| used.strip_prefix("panfloor-")).collect();
            say(&format!("  {:<28} -> {}", package.folder, uses.join(" ")));
        }
    }
    Ok(())
}
