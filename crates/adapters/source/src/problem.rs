//! Why there is no connection, told so that an operator knows what to do.

use std::io;

use rumqttc::mqttbytes::Error as PacketError;
use rumqttc::{ConnectReturnCode, ConnectionError, StateError};

/// Why a session has no connection. `Display` is one sentence: what, where, why, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No address is known for the host name.
    #[error(
        "No address is known for the broker “{host}”: check the name in the source's settings, and this PC's network."
    )]
    NameNotResolved {
        /// As configured.
        host: String,
    },
    /// The host answers, but nothing listens on the port.
    #[error("Nothing listens on port {port} of “{host}”: check the port, and that the broker runs.")]
    PortClosed {
        /// As configured.
        host: String,
        /// As configured.
        port: u16,
    },
    /// There is no way to the host through the network.
    #[error("“{host}” cannot be reached from this PC: check the network cable, the Wi-Fi or the VPN.")]
    Unreachable {
        /// As configured.
        host: String,
    },
    /// The host, or what listens there, did not answer in time.
    #[error("“{host}” did not answer on port {port} in time: check the address, the firewall and the broker's load.")]
    TimedOut {
        /// As configured.
        host: String,
        /// As configured.
        port: u16,
    },
    /// The broker refused user name or password, or this user may not connect.
    #[error(
        "The broker refused the login: check user name and password in the source's settings, or ask for the right to connect."
    )]
    RefusedLogin,
    /// The broker does not take this client id.
    #[error("The broker refused the client id: ask its administrator which ids it takes.")]
    RefusedClientId,
    /// What listens there does not speak MQTT in the clear.
    #[error(
        "What listens on port {port} of “{host}” does not speak plain MQTT: check the port; it may be a web server or want TLS."
    )]
    NotMqtt {
        /// As configured.
        host: String,
        /// As configured.
        port: u16,
    },
    /// The broker speaks MQTT, but not version 3.1.1.
    #[error("The broker does not speak MQTT 3.1.1: switch that version on in the broker.")]
    WrongVersion,
    /// The broker is there but says that it cannot serve now.
    #[error("The broker says it cannot serve now: it will be tried again.")]
    Unavailable,
    /// An established connection broke.
    #[error(
        "The connection to the broker was lost: it will be tried again; if this repeats, look for another client with the same client id."
    )]
    ConnectionLost,
    /// The broker sent a packet larger than [`PACKET_BYTES_MAX`](crate::PACKET_BYTES_MAX). It blocks all behind it.
    #[error(
        "The broker sent a message of {bytes} bytes, more than can be received: limit the broker's message size and drop that message there."
    )]
    PacketTooLarge {
        /// Size of the packet.
        bytes: usize,
    },
    /// More came at once than may be held; the rest stays with the broker and is fetched when the backlog is stored.
    #[error(
        "The broker sent more than can be stored at once: the rest waits there and is fetched next; limit the broker's in-flight window."
    )]
    Overrun,
    /// The broker broke the protocol.
    #[error("The broker broke the MQTT protocol ({0}): it will be tried again; report this with the log.")]
    Protocol(String),
    /// The session's own config cannot be used; it is not tried again.
    #[error("The source's settings cannot be used, {0}: mend them in the source's settings.")]
    Config(String),
}

impl Problem {
    /// A stable word for the UI to branch on. Never changes; new problems get new words.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NameNotResolved { .. } => "name_not_resolved",
            Self::PortClosed { .. } => "port_closed",
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut { .. } => "timed_out",
            Self::RefusedLogin => "refused_login",
            Self::RefusedClientId => "refused_client_id",
            Self::NotMqtt { .. } => "not_mqtt",
            Self::WrongVersion => "wrong_version",
            Self::Unavailable => "unavailable",
            Self::ConnectionLost => "connection_lost",
            Self::PacketTooLarge { .. } => "packet_too_large",
            Self::Overrun => "overrun",
            Self::Protocol(_) => "protocol",
            Self::Config(_) => "config",
        }
    }
}

/// Where and when an error happened: the same error means another thing before the broker's first answer.
pub(crate) struct Place<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    /// Whether the broker had accepted the connection.
    pub(crate) connected: bool,
}

impl Place<'_> {
    /// Tells the problem by the kind of the error, never by its text.
    pub(crate) fn problem(&self, error: &ConnectionError) -> Problem {
        match error {
            ConnectionError::Io(error) => self.io(error.kind()),
            ConnectionError::NetworkTimeout => self.timed_out(),
            ConnectionError::FlushTimeout | ConnectionError::RequestsDone => Problem::ConnectionLost,
            ConnectionError::ConnectionRefused(code) => refused(*code),
            ConnectionError::NotConnAck(_) => self.not_mqtt(),
            ConnectionError::MqttState(error) => self.state(error),
        }
    }

    fn state(&self, error: &StateError) -> Problem {
        match error {
            StateError::Io(error) | StateError::Deserialization(PacketError::Io(error)) => self.io(error.kind()),
            StateError::ConnectionAborted if self.connected => Problem::ConnectionLost,
            StateError::AwaitPingResp => Problem::ConnectionLost,
            StateError::Deserialization(PacketError::PayloadSizeLimitExceeded(bytes)) if self.connected => {
                Problem::PacketTooLarge { bytes: *bytes }
            }
            StateError::ConnectionAborted | StateError::Deserialization(_) if !self.connected => self.not_mqtt(),
            StateError::ConnectionAborted
            | StateError::Deserialization(_)
            | StateError::InvalidState
            | StateError::Unsolicited(_)
            | StateError::WrongPacket
            | StateError::CollisionTimeout
            | StateError::EmptySubscription => Problem::Protocol(error.to_string()),
        }
    }

    pub(crate) fn io(&self, kind: io::ErrorKind) -> Problem {
        if kind == io::ErrorKind::ConnectionRefused {
            Problem::PortClosed { host: self.host.to_owned(), port: self.port }
        } else if kind == io::ErrorKind::HostUnreachable || kind == io::ErrorKind::NetworkUnreachable {
            Problem::Unreachable { host: self.host.to_owned() }
        } else if kind == io::ErrorKind::TimedOut && !self.connected {
            self.timed_out()
        } else if kind == io::ErrorKind::Other && !self.connected {
            // The codec's word for a stream that ends inside a packet: whoever answered did not speak MQTT.
            self.not_mqtt()
        } else {
            Problem::ConnectionLost
        }
    }

    pub(crate) fn timed_out(&self) -> Problem {
        Problem::TimedOut { host: self.host.to_owned(), port: self.port }
    }

    fn not_mqtt(&self) -> Problem {
        Problem::NotMqtt { host: self.host.to_owned(), port: self.port }
    }
}

fn refused(code: ConnectReturnCode) -> Problem {
    match code {
        ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized => Problem::RefusedLogin,
        ConnectReturnCode::BadClientId => Problem::RefusedClientId,
        ConnectReturnCode::RefusedProtocolVersion => Problem::WrongVersion,
        ConnectReturnCode::ServiceUnavailable => Problem::Unavailable,
        ConnectReturnCode::Success => Problem::Protocol("refused with the code for success".to_owned()),
    }
}
