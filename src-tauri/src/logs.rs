//! Logs: files of bounded size in the data folder; errors go to stderr as well.

use std::path::PathBuf;

use anyhow::Context as _;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::arguments::Arguments;
use crate::rolling::{Bounds, Rolling};

/// 50 MB in all: months of a quiet plant, hours of one whose every message complains.
const KEPT: Bounds = Bounds { file_bytes: 5_000_000, files: 10 };

/// Folder of the logs.
pub(crate) fn folder(arguments: &Arguments) -> PathBuf {
    crate::state::data_folder(arguments).join("logs")
}

/// Starts logging; the guard writes out what waits when it is dropped. A folder that cannot be written only costs the
/// file: the window says what is wrong with it.
pub(crate) fn start(arguments: &Arguments) -> anyhow::Result<Option<WorkerGuard>> {
    let filter = || EnvFilter::try_from_env("PANFLOOR_LOG").unwrap_or_else(|_| EnvFilter::new("info,rumqttd=off"));
    let stderr =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(EnvFilter::new("error,rumqttd=off"));
    let files = Rolling::open(&folder(arguments), KEPT);
    let (layer, guard) = match files {
        Ok(files) => {
            let (writer, guard) = tracing_appender::non_blocking(files);
            let layer = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false).with_filter(filter());
            (Some(layer), Some(guard))
        }
        Err(_) => (None, None),
    };
    tracing_subscriber::registry().with(stderr).with(layer).try_init().context("logging was started twice")?;
    Ok(guard)
}
