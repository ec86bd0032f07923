//! The installer: a Debian package with icons, desktop entry and metadata.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use crate::process::{output, run};
use crate::{root, say};

/// The bundler and its version: that of the `tauri` crate.
const BUNDLER: &str = "@tauri-apps/cli@2.12.5";

/// Packs the installer and copies it to `target/dist`. The programs are those of `npm start` and `npm test`: the bundler
/// only packs, since a build of its own would compile them anew, with other settings, and make the next build do so too.
fn pack(target: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let target_name = target.to_str().context("the target folder's name is no Unicode")?;
    run("node", &["scripts/build.mjs"], &[("CARGO_TARGET_DIR", target_name)])?;
    let bundler = bundler(npm, target)?;
    let bundler = bundler.to_str().context("the target folder's name is no Unicode")?;
    // Where the programs are built is known only now.
    let files = serde_json::json!({
        "/usr/bin/panfloorctl": target.join("release").join("panfloorctl"),
        "/usr/lib/systemd/user/panfloor.service": root().join("packaging").join("panfloor.service"),
    });
    let config = serde_json::json!({ "bundle": { "linux": { "deb": { "files": files } } } }).to_string();
    run(bundler, &["bundle", "--bundles", "deb", "--config", &config], &[("CARGO_TARGET_DIR", target_name)])?;
    let bundles = target.join("release").join("bundle").join("deb");
    let made = std::fs::read_dir(&bundles).with_context(|| format!("{} holds no bundle", bundles.display()))?;
    let to = root().join("target").join("dist");
    std::fs::create_dir_all(&to)?;
    let mut copied = Vec::new();
    for entry in made {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "deb") {
            let name = path.file_name().context("a bundle without a name")?;
            std::fs::copy(&path, to.join(name))?;
            copied.push(to.join(name));
        }
    }
    ensure!(!copied.is_empty(), "no package was made in {}", bundles.display());
    Ok(copied)
}

/// Tauri's bundler, installed beside the build outputs. It is no dependency of `package.json`: its packages for other
/// systems are not to be had everywhere, and then nothing at all could be installed from the lock file.
fn bundler(npm: &str, target: &Path) -> anyhow::Result<PathBuf> {
    let folder = target.join("bundler");
    let name = if cfg!(windows) { "tauri.cmd" } else { "tauri" };
    let program = folder.join("node_modules").join(".bin").join(name);
    if !program.exists() {
        std::fs::create_dir_all(&folder)?;
        let to = folder.to_str().context("the target folder's name is no Unicode")?;
        run(npm, &["install", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", to, BUNDLER], &[])?;
    }
    Ok(program)
}

/// The task.
pub(crate) fn run_dist() -> anyhow::Result<()> {
    let metadata: serde_json::Value =
        serde_json::from_str(&output("cargo", &["metadata", "--no-deps", "--format-version", "1"])?)?;
    let target = PathBuf::from(metadata["target_directory"].as_str().context("cargo names no target folder")?);
    for package in pack(&target)? {
        say(&package.display().to_string());
    }
    Ok(())
}
