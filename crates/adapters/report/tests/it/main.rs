//! Trend sheets as files.

mod example;
mod hostile;
mod sheet;
