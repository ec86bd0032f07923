//! The folder of sealed files.

use std::fs;
use std::path::Path;
use std::time::Duration;

use ed25519_dalek::{Signature, VerifyingKey};
use panfloor_keys::{KeyError, KeyStore, Place, SessionKey, WrappingPlace};
use panfloor_model::Mono;

const PASSPHRASE: &str = "correct horse battery";
const NOW: Mono = Mono(1);

fn open(folder: &Path) -> KeyStore {
    KeyStore::open(folder, &WrappingPlace::File).unwrap()
}

fn verify(public: [u8; 32], message: &[u8], signature: [u8; 64]) {
    let key = VerifyingKey::from_bytes(&public).unwrap();
    key.verify_strict(message, &Signature::from_bytes(&signature)).unwrap();
}

#[test]
fn a_user_key_signs_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let public = open(folder.path()).create_user_key("anna ☃", PASSPHRASE).unwrap().public();
    let store = open(folder.path());
    let key = store.unlock_user_key("anna ☃", PASSPHRASE, NOW).unwrap();
    assert_eq!(key.public(), public);
    verify(public, b"message", key.sign(b"message"));
    assert_eq!(store.user_public_key("anna ☃").unwrap(), Some(public));
    assert_eq!(store.users().unwrap(), ["anna ☃"]);
    assert!(matches!(store.create_user_key("anna ☃", PASSPHRASE), Err(KeyError::Exists { .. })));
}

#[test]
fn a_wrong_passphrase_is_told_from_a_damaged_file_and_costs_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.create_user_key("anna", PASSPHRASE).unwrap();
    for _ in 0..5 {
        let result = store.unlock_user_key("anna", "wrong horse battery", NOW);
        assert!(matches!(result, Err(KeyError::WrongPassphrase)));
    }
    let result = store.unlock_user_key("anna", PASSPHRASE, NOW);
    assert!(matches!(result, Err(KeyError::TooManyTries { wait }) if wait == Duration::from_secs(1)));
    store.unlock_user_key("anna", PASSPHRASE, NOW.plus(Duration::from_secs(1))).unwrap();
    let path = folder.path().join("user-616e6e61.sealed");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    let result = store.unlock_user_key("anna", PASSPHRASE, NOW);
    assert!(matches!(result, Err(KeyError::Damaged { .. })));
}

#[test]
fn one_users_file_does_not_pass_for_anothers() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.create_user_key("anna", PASSPHRASE).unwrap();
    fs::copy(folder.path().join("user-616e6e61.sealed"), folder.path().join("user-62656e.sealed")).unwrap();
    assert!(matches!(store.unlock_user_key("ben", PASSPHRASE, NOW), Err(KeyError::Damaged { .. })));
}

#[test]
fn the_stations_key_stays_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path()).station_key().unwrap();
    let again = open(folder.path()).station_key().unwrap();
    assert_eq!(first.public(), again.public());
    verify(first.public(), b"m", again.sign(b"m"));
    let session = SessionKey::generate().unwrap();
    assert_ne!(session.public(), first.public());
    verify(session.public(), b"m", session.sign(b"m"));
}

#[test]
fn secrets_are_kept_replaced_and_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    assert_eq!(store.load_secret("broker").unwrap(), None);
    store.store_secret("broker", b"hunter2").unwrap();
    store.store_secret("broker", b"hunter3").unwrap();
    assert_eq!(open(folder.path()).load_secret("broker").unwrap().unwrap().as_slice(), b"hunter3");
    store.forget_secret("broker").unwrap();
    store.forget_secret("broker").unwrap();
    assert_eq!(store.load_secret("broker").unwrap(), None);
}

#[test]
fn nothing_secret_lies_in_the_folder_in_plain() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.store_secret("broker", b"hunter2 hunter2").unwrap();
    store.create_user_key("anna", PASSPHRASE).unwrap();
    let mut files = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        files += 1;
        for secret in [&b"hunter2"[..], b"correct horse"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{}", path.display());
        }
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
    }
    assert_eq!(files, 3);
    assert!(!format!("{store:?}").contains("wrapping: "));
}

#[test]
fn a_lost_wrapping_key_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let Place::File { path, keyring_problem: None } = store.place().clone() else { panic!("{:?}", store.place()) };
    store.store_secret("broker", b"hunter2").unwrap();
    fs::remove_file(&path).unwrap();
    assert!(matches!(KeyStore::open(folder.path(), &WrappingPlace::File), Err(KeyError::Damaged { .. })));
    assert!(!path.exists());
}

#[test]
fn names_and_passphrases_have_limits() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    assert!(matches!(store.create_user_key("", PASSPHRASE), Err(KeyError::Name { .. })));
    assert!(matches!(store.store_secret(&"x".repeat(101), b""), Err(KeyError::Name { .. })));
    assert!(matches!(store.create_user_key("anna", "short"), Err(KeyError::PassphraseTooShort { minimum: 8 })));
    assert!(matches!(store.unlock_user_key("nobody", PASSPHRASE, NOW), Err(KeyError::Missing { .. })));
}

#[test]
fn a_folder_that_is_a_file_is_an_error_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    fs::write(&path, b"").unwrap();
    let error = KeyStore::open(&path, &WrappingPlace::File).unwrap_err();
    assert!(error.to_string().contains("keys"), "{error}");
}
