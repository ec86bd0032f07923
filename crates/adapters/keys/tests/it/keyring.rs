//! The real keyring: this test binary starts itself again inside a session bus of its own with gnome-keyring, and once without a
//! bus. The keyring client reads the environment once a process, so each case needs a process.

use std::path::Path;
use std::process::{Command, Output};

use panfloor_keys::{KeyError, KeyStore, Place, WrappingPlace};

/// Set for the inner processes: the folder to work in.
const FOLDER: &str = "PANFLOOR_KEYS_TEST_FOLDER";

/// Unlocks a keyring made for this test, then runs the rest of the command line.
const UNLOCK: &str = r#"printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec "$@""#;

fn place() -> WrappingPlace {
    WrappingPlace::Keyring { entry: "test-installation".into() }
}

/// The command line that runs one inner test.
fn inner(test: &str) -> Vec<String> {
    let binary = std::env::current_exe().unwrap();
    vec![binary.to_str().unwrap().into(), "--exact".into(), format!("keyring::{test}"), "--nocapture".into()]
}

fn run(program: &str, arguments: &[String], home: &Path, bus: bool) -> std::io::Result<Output> {
    let mut command = Command::new(program);
    command.args(arguments).env("HOME", home).env("XDG_RUNTIME_DIR", home).env(FOLDER, home.join("keys"));
    command.env_remove("XDG_DATA_HOME").env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    if !bus {
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/panfloor");
    }
    command.output()
}

fn assert_passed(output: &Output) {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

fn inner_folder() -> Option<std::path::PathBuf> {
    std::env::var_os(FOLDER).map(Into::into)
}

#[test]
#[cfg(target_os = "linux")]
fn the_wrapping_key_lies_in_gnome_keyring() {
    let found = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if !(found("dbus-run-session") && found("gnome-keyring-daemon")) {
        let required = std::env::var("PANFLOOR_REQUIRE").is_ok_and(|value| value == "all");
        assert!(!required, "dbus-run-session and gnome-keyring-daemon are needed: install dbus-x11 and gnome-keyring");
        println!("skipped: dbus-run-session or gnome-keyring-daemon is missing");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let mut arguments: Vec<String> = ["--", "bash", "-c", UNLOCK, "unlock"].map(Into::into).into();
    arguments.extend(inner("inside_with_keyring"));
    assert_passed(&run("dbus-run-session", &arguments, home.path(), true).unwrap());
    assert!(!home.path().join("keys/wrapping.key").exists());
    // The same folder without the keyring: what is sealed there is not given up, and nothing is made anew.
    let output = run(&inner("")[0], &inner("inside_keyring_gone")[1..], home.path(), false).unwrap();
    assert_passed(&output);
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_keyring_it_falls_back_to_a_file_and_says_so() {
    let home = tempfile::tempdir().unwrap();
    let output = run(&inner("")[0], &inner("inside_without_keyring")[1..], home.path(), false).unwrap();
    assert_passed(&output);
}

/// Inner part; does nothing when it runs by itself.
#[test]
fn inside_with_keyring() {
    let Some(folder) = inner_folder() else { return };
    let store = KeyStore::open(&folder, &place()).unwrap();
    assert_eq!(store.place(), &Place::Keyring);
    store.store_secret("broker", b"hunter2").unwrap();
    let again = KeyStore::open(&folder, &place()).unwrap();
    assert_eq!(again.load_secret("broker").unwrap().unwrap().as_slice(), b"hunter2");
}

/// Inner part; does nothing when it runs by itself.
#[test]
fn inside_keyring_gone() {
    let Some(folder) = inner_folder() else { return };
    assert!(matches!(KeyStore::open(&folder, &place()), Err(KeyError::Keyring { .. })));
    assert!(!folder.join("wrapping.key").exists());
}

/// Inner part; does nothing when it runs by itself.
#[test]
fn inside_without_keyring() {
    let Some(folder) = inner_folder() else { return };
    let store = KeyStore::open(&folder, &place()).unwrap();
    let Place::File { keyring_problem: Some(problem), .. } = store.place() else { panic!("{:?}", store.place()) };
    assert!(!problem.is_empty());
    store.store_secret("broker", b"hunter2").unwrap();
    let again = KeyStore::open(&folder, &place()).unwrap();
    assert_eq!(again.load_secret("broker").unwrap().unwrap().as_slice(), b"hunter2");
}
