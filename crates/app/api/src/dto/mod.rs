//! What travels between the core and a user interface. Times are milliseconds since the epoch (UTC) as
//! `f64`; durations say their unit; numbers of a metric are in the metric's unit.

mod alarms;
mod configs;
mod error;
mod plant;
mod session;
mod settings;
mod trend;

pub use alarms::*;
pub use configs::*;
pub use error::*;
pub use plant::*;
pub use session::*;
pub use settings::*;
pub use trend::*;
