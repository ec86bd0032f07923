//! The way to a broker before a word of MQTT is spoken: its name, then its port.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::timeout;

use crate::problem::{Place, Problem};

/// How long the system may take to resolve a name; its own limit can be minutes.
const RESOLVE_WITHIN: Duration = Duration::from_secs(5);

/// Addresses of `host`, at least one. The client library's own error does not tell this failure from others.
///
/// # Errors
/// [`Problem::NameNotResolved`].
pub async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, Problem> {
    let found = timeout(RESOLVE_WITHIN, tokio::net::lookup_host((host, port))).await;
    let addresses: Vec<SocketAddr> = found.ok().and_then(Result::ok).into_iter().flatten().collect();
    if addresses.is_empty() { Err(Problem::NameNotResolved { host: host.to_owned() }) } else { Ok(addresses) }
}

/// Whether something listens at one of the `addresses` of `host`; gives the first that answers and hangs up at once.
///
/// # Errors
/// Why nothing does: [`Problem::PortClosed`], [`Problem::Unreachable`] or [`Problem::TimedOut`] after `within`.
pub async fn knock(host: &str, addresses: &[SocketAddr], within: Duration) -> Result<SocketAddr, Problem> {
    let place = Place { host, port: addresses.first().map_or(0, SocketAddr::port), connected: false };
    match timeout(within, tokio::net::TcpStream::connect(addresses)).await {
        Ok(Ok(stream)) => stream.peer_addr().map_err(|error| place.io(error.kind())),
        Ok(Err(error)) => Err(place.io(error.kind())),
        Err(_) => Err(place.timed_out()),
    }
}
