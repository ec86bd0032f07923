//! Running other programs in the project's root.

use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::root;

/// Runs a program to its end, its output shown.
pub(crate) fn run(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> anyhow::Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).envs(environment.iter().copied());
    let status = command.status().with_context(|| format!("{program} does not start"))?;
    ensure!(status.success(), "{program} {} failed", arguments.join(" "));
    Ok(())
}

/// Runs a program and gives back what it printed.
pub(crate) fn output(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let done = Command::new(program).args(arguments).current_dir(root()).output();
    let done = done.with_context(|| format!("{program} does not start"))?;
    ensure!(
        done.status.success(),
        "{program} {} failed: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(String::from_utf8(done.stdout)?)
}
