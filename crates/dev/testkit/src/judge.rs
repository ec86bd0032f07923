//! A mosquitto that refuses subscriptions until it is told not to.

use std::path::Path;

use tempfile::TempDir;

use crate::{Mosquitto, Options, mosquitto_or_skip, skip};

/// mosquitto's plugin that judges subscriptions: its plain access file lets everybody subscribe and sends nothing.
const JUDGES: [&str; 3] = [
    "/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so",
    "/usr/lib/aarch64-linux-gnu/mosquitto_dynamic_security.so",
    "/usr/lib/mosquitto_dynamic_security.so",
];

/// Topic and payload of the message that grants every subscription from then on. No client is thrown out by it.
pub const GRANT: (&str, &str) = (
    "$CONTROL/dynamic-security/v1",
    r#"{"commands":[{"command":"setDefaultACLAccess","acls":[{"acltype":"subscribe","allow":true}]}]}"#,
);

/// A running mosquitto that refuses what `denied` names, all subscriptions if it names nothing, with the folder of its
/// rules; or `None` after a [`skip`].
///
/// # Panics
/// If the rules cannot be written; and as [`mosquitto_or_skip`].
#[must_use]
#[expect(clippy::expect_used, reason = "a test's own folder that cannot be written fails the test")]
pub fn refusing_or_skip(denied: Option<&str>) -> Option<(Mosquitto, TempDir)> {
    let Some(plugin) = JUDGES.iter().find(|path| Path::new(path).exists()) else {
        skip("mosquitto_dynamic_security.so", "mosquitto came without it");
        return None;
    };
    let rule = |kind, topic, allow| format!(r#"{{"acltype":"{kind}","topic":"{topic}","priority":1,"allow":{allow}}}"#);
    let mut acls = vec![rule("publishClientSend", "$CONTROL/#", true)];
    acls.extend(denied.map(|topic| rule("subscribePattern", topic, false)));
    let rules = format!(
        r#"{{
            "defaultACLAccess":{{"publishClientSend":true,"publishClientReceive":true,"subscribe":{},"unsubscribe":true}},
            "clients":[],
            "groups":[{{"groupname":"anybody","roles":[{{"rolename":"station"}}]}}],
            "roles":[{{"rolename":"station","acls":[{}]}}],
            "anonymousGroup":"anybody"
        }}"#,
        denied.is_some(),
        acls.join(",")
    );
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("rules.json");
    std::fs::write(&file, rules).expect("the rules are written");
    let extra = format!("plugin {plugin}\nplugin_opt_config_file {}", file.display());
    Some((mosquitto_or_skip(&Options { extra, ..Options::default() })?, folder))
}
