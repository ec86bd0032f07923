//! Being told to stop: Ctrl-C, and where there are signals the ones that a service manager or a closed terminal sends.

use std::future::Future;
use std::io;

use anyhow::Context as _;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// Listens from now on; the task ends when somebody says stop. What is made after this call can be removed again.
pub(crate) fn stop(runtime: &Runtime) -> anyhow::Result<JoinHandle<()>> {
    let _entered = runtime.enter();
    let told = told().context("the system's word to stop cannot be listened for")?;
    Ok(runtime.spawn(told))
}

/// Ctrl-C, `SIGTERM` of a service manager, `SIGHUP` of a terminal that is closed.
#[cfg(unix)]
fn told() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    })
}

/// Ctrl-C, a console that is closed, a computer that shuts down.
#[cfg(windows)]
fn told() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::windows::{ctrl_c, ctrl_close, ctrl_shutdown};
    let mut interrupt = ctrl_c()?;
    let mut close = ctrl_close()?;
    let mut shutdown = ctrl_shutdown()?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = close.recv() => {}
            _ = shutdown.recv() => {}
        }
    })
}
