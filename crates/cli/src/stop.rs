//! Being told to stop: Ctrl-C, and where there are signals the ones that a service manager or a closed terminal sends.

/// Returns when somebody says stop. Without any handler it never does: then only the time ends a run.
pub(crate) async fn stop() {
    tokio::select! {
        () = interrupted() => {}
        () = ended() => {}
    }
}

/// Ctrl-C.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// `SIGTERM` of a service manager, `SIGHUP` of a terminal that is closed.
#[cfg(unix)]
async fn ended() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut hang_up)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
}

/// A console that is closed, a computer that shuts down.
#[cfg(windows)]
async fn ended() {
    use tokio::signal::windows::{ctrl_close, ctrl_shutdown};
    let (Ok(mut close), Ok(mut shutdown)) = (ctrl_close(), ctrl_shutdown()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = close.recv() => {}
        _ = shutdown.recv() => {}
    }
}
