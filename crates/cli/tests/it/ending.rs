//! How a run ends: by a signal, and where another one holds the folder.

use std::process::{Command, Stdio};
use std::time::Instant;

use panfloor_testkit::{Options, mosquitto_or_skip};
use tempfile::TempDir;

use crate::ctl::{Ctl, PATIENCE, PROGRAM, arguments};

/// Runs a command to its end and gives its exit code and what it said on stderr.
fn outcome(command: &mut Command) -> (Option<i32>, String) {
    let out = command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").output().expect("it runs");
    (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
}

#[test]
fn a_folder_that_another_one_holds_has_an_exit_code_of_its_own() {
    let Some(broker) = mosquitto_or_skip(&Options::default()) else { return };
    let folder = TempDir::new().unwrap();
    let first = Ctl::run(folder.path(), broker.port());
    assert!(first.status(PATIENCE).is_some(), "it runs");
    let (code, said) = outcome(Command::new(PROGRAM).args(arguments(folder.path(), broker.port())));
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("is held by another Panfloor") && said.lines().count() == 1, "{said}");
    let unit = include_str!("../../../../packaging/panfloor.service");
    assert!(unit.contains("RestartPreventExitStatus=3\n"), "the unit names the code");
    let (code, _) = outcome(Command::new(PROGRAM).args(["run", "--data", "/nonexistent/panfloor"]));
    assert_eq!(code, Some(1), "other errors have another one");
}

#[cfg(unix)]
#[test]
fn a_demo_told_to_stop_leaves_no_folder_behind() {
    let temporary = TempDir::new().unwrap();
    let left = || std::fs::read_dir(temporary.path()).unwrap().count();
    for signal in ["TERM", "HUP", "INT"] {
        let mut child = Command::new(PROGRAM)
            .args(["run", "--demo", "--machines", "1"])
            .env("TMPDIR", temporary.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("panfloorctl starts");
        let deadline = Instant::now() + PATIENCE;
        while left() == 0 {
            assert!(Instant::now() < deadline, "no folder is made");
            std::thread::yield_now();
        }
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        assert!(child.wait().unwrap().success(), "{signal} is a way to end it");
        assert_eq!(left(), 0, "{signal}");
    }
}
