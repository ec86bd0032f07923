//! Logs: one file a day in the data folder, two weeks of them; warnings go to stderr as well.

use std::path::PathBuf;

use anyhow::Context as _;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::arguments::Arguments;

/// Days kept: a fortnight covers a holiday.
const DAYS_KEPT: usize = 14;

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
    let folder = folder(arguments);
    let files = std::fs::create_dir_all(&folder).map_err(anyhow::Error::from).and_then(|()| {
        Ok(Builder::new()
            .rotation(Rotation::DAILY)
            .filename_prefix("panfloor")
            .filename_suffix("log")
            .max_log_files(DAYS_KEPT)
            .build(&folder)?)
    });
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
