//! What a session needs to know: where the broker is, who we are there, what to subscribe to.

use std::fmt;
use std::time::Duration;

use panfloor_model::SourceId;
use zeroize::Zeroizing;

use crate::HeldLimit;

/// Which of a station's two sessions this is. They are apart so that a backlog of telemetry cannot starve
/// heartbeats, config echoes and state reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionKind {
    /// Telemetry.
    Data,
    /// Ledger, configs, commands, states.
    Control,
}

impl SessionKind {
    /// The word used in client ids, logs and the health display: `data` or `control`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Control => "control",
        }
    }
}

/// One MQTT 3.1.1 session.
#[derive(Clone)]
pub struct MqttConfig {
    /// Host name, IPv4 or IPv6 address (without brackets).
    pub host: String,
    /// TCP port, usually 1883.
    pub port: u16,
    /// Sent only together with a password; a broker that takes anybody needs neither.
    pub username: Option<String>,
    /// Wiped when dropped. The MQTT client keeps a copy of its own for as long as the session runs, which is not wiped.
    pub password: Option<Zeroizing<String>>,
    /// Must not be empty and must be the same at every start: the broker keeps the session under this name. Two
    /// clients with one id throw each other out.
    pub client_id: String,
    /// Topic filters, subscribed at QoS 1 on every connection.
    pub filters: Vec<String>,
    /// A broker that is silent for twice this long is taken for lost. Held to 1 s to 18 h, the protocol's range.
    pub keep_alive: Duration,
    /// Which session of the station.
    pub session: SessionKind,
    /// Named in every event.
    pub source: SourceId,
    /// How much may be handed over and not yet given back.
    pub held: HeldLimit,
    /// After a refused subscription it is asked for again so often, over the same connection: rights may have been granted.
    pub refused_retry: Duration,
    /// Whether the broker keeps the session while we are away. False only for a test of the connection, which must leave
    /// no queue behind.
    pub kept: bool,
}

/// Rights change seldom, and each try is a line in the broker's log; whoever has granted them can ask at once.
const REFUSED_RETRY: Duration = Duration::from_mins(10);

/// Longest keep-alive that MQTT can express: 16 bits of seconds.
const KEEP_ALIVE_MAX: Duration = Duration::from_secs(u16::MAX as u64);

/// Shortest keep-alive: the protocol counts whole seconds, and zero would switch the check off.
const KEEP_ALIVE_MIN: Duration = Duration::from_secs(1);

impl MqttConfig {
    /// A session without login on `host`:`port`, with a keep-alive of 15 s and no filters yet.
    #[must_use]
    pub fn new(source: SourceId, session: SessionKind, host: &str, port: u16, client_id: &str) -> Self {
        Self {
            host: host.to_owned(),
            port,
            username: None,
            password: None,
            client_id: client_id.to_owned(),
            filters: Vec::new(),
            keep_alive: Duration::from_secs(15),
            session,
            source,
            held: HeldLimit::default(),
            refused_retry: REFUSED_RETRY,
            kept: true,
        }
    }

    /// What makes the config unusable, as half a sentence; `None` if it can be used.
    pub(crate) fn fault(&self) -> Option<String> {
        if self.host.trim().is_empty() {
            return Some("the host name is empty".to_owned());
        }
        if self.client_id.is_empty() {
            return Some("the client id is empty".to_owned());
        }
        let bad =
            self.filters.iter().find(|filter| !rumqttc::valid_filter(filter) || filter.len() > TOPIC_BYTES_MAX)?;
        Some(format!("“{bad}” is not a topic filter"))
    }

    /// The options for one connection. Only for a config without [`fault`](Self::fault).
    pub(crate) fn options(&self) -> rumqttc::MqttOptions {
        // An IPv6 address has to stand in brackets, since the client joins host and port with a colon.
        let host = match self.host.parse::<std::net::Ipv6Addr>() {
            Ok(address) => format!("[{address}]"),
            Err(_) => self.host.clone(),
        };
        let mut options = rumqttc::MqttOptions::new(self.client_id.clone(), host, self.port);
        options.set_keep_alive(self.keep_alive.clamp(KEEP_ALIVE_MIN, KEEP_ALIVE_MAX));
        options.set_clean_session(!self.kept);
        options.set_manual_acks(true);
        options.set_max_packet_size(crate::PACKET_BYTES_MAX, crate::PACKET_BYTES_MAX);
        if let (Some(username), Some(password)) = (&self.username, &self.password) {
            options.set_credentials(username.clone(), password.as_str());
        }
        options
    }
}

/// Longest topic or filter: MQTT counts its bytes in 16 bits.
pub(crate) const TOPIC_BYTES_MAX: usize = u16::MAX as usize;

impl fmt::Debug for MqttConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MqttConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("username", &self.username)
            .field("password", &self.password.as_ref().map(|_| "…"))
            .field("client_id", &self.client_id)
            .field("filters", &self.filters)
            .field("keep_alive", &self.keep_alive)
            .field("session", &self.session)
            .field("source", &self.source)
            .field("held", &self.held)
            .field("refused_retry", &self.refused_retry)
            .field("kept", &self.kept)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> MqttConfig {
        MqttConfig::new(SourceId(1), SessionKind::Data, "broker", 1883, "panfloor-a-b-data")
    }

    #[test]
    fn a_usable_config_has_no_fault() {
        let config = MqttConfig { filters: vec!["plant/+/telemetry".into(), "plant/#".into()], ..config() };
        assert_eq!(config.fault(), None);
    }

    #[test]
    fn unusable_configs_name_their_fault() {
        let cases = [
            (MqttConfig { host: " ".into(), ..config() }, "host name"),
            (MqttConfig { client_id: String::new(), ..config() }, "client id"),
            (MqttConfig { filters: vec!["a/#/b".into()], ..config() }, "a/#/b"),
        ];
        for (config, word) in cases {
            assert!(config.fault().expect("a fault").contains(word), "{word}");
        }
    }

    #[test]
    fn the_password_is_not_in_the_debug_text() {
        let config = MqttConfig { password: Some(Zeroizing::new("hunter2".to_owned())), ..config() };
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn keep_alive_outside_the_protocols_range_is_held_to_it() {
        let options = |keep_alive| MqttConfig { keep_alive, ..config() }.options().keep_alive();
        assert_eq!(options(Duration::from_millis(10)), Duration::from_secs(1));
        assert_eq!(options(Duration::MAX), KEEP_ALIVE_MAX);
    }

    #[test]
    fn an_ipv6_address_is_put_in_brackets() {
        let config = MqttConfig { host: "::1".into(), ..config() };
        assert_eq!(config.options().broker_address(), ("[::1]".to_owned(), 1883));
    }
}
