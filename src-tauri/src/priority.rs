//! Recording goes before drawing: on a busy PC a picture may come late, a reading may not wait for it.

/// By how much the drawing stands back. At 5 the scheduler gives a recording thread three times the share (`sched(7)`), and
/// whoever works on the PC still sees the window move.
#[cfg(target_os = "linux")]
const DRAWING_NICE: i32 = 5;

/// Lets the calling thread stand back, and every process that it starts from now on: WebKit lays out and paints in one of
/// its own. To be called once the threads that record have been started, since a thread is born as its parent is.
///
/// Under Linux only, where niceness is each thread's own; elsewhere nothing is changed.
pub(crate) fn stand_back() {
    #[cfg(target_os = "linux")]
    if let Err(problem) = rustix::process::setpriority_process(None, DRAWING_NICE) {
        tracing::warn!(%problem, "drawing does not stand back behind recording");
    }
}
