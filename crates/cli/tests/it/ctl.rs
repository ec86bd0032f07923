//! A `panfloorctl run` of one test's own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long anything may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_panfloorctl");

/// A running station. Killed on drop.
pub(crate) struct Ctl {
    child: Child,
    lines: Receiver<String>,
}

/// What a status line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) machines: u64,
    /// Readings committed since this start.
    pub(crate) committed: u64,
}

/// The arguments of a station on `folder` and the broker at `port`, that says how it is as often as it can.
pub(crate) fn arguments(folder: &Path, port: u16) -> Vec<String> {
    let folder = folder.display().to_string();
    let broker = format!("mqtt://127.0.0.1:{port}");
    ["run", "--broker", &broker, "--data", &folder, "--status-every", "20ms"].map(str::to_owned).to_vec()
}

impl Ctl {
    /// Starts one.
    pub(crate) fn run(folder: &Path, port: u16) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(arguments(folder, port));
        Self::spawn(command)
    }

    /// Starts what `command` says, which is or runs a `panfloorctl`.
    pub(crate) fn spawn(mut command: Command) -> Self {
        // Nothing of a test belongs into the keyring of whoever runs it: without one the keys lie in the data folder.
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("panfloorctl starts");
        let out = child.stdout.take().expect("piped");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                // Fails once nobody listens; the pipe is emptied all the same.
                let _unheard = sender.send(line);
            }
        });
        Self { child, lines }
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next status line; `None` if none comes within `within`.
    pub(crate) fn status(&self, within: Duration) -> Option<Status> {
        match self.lines.recv_timeout(within) {
            Ok(line) => Some(parse(&line).unwrap_or_else(|| panic!("no status line: {line}"))),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("panfloorctl ended by itself"),
        }
    }

    /// Waits for a status that `is` the one.
    pub(crate) fn wait_until(&self, what: &str, is: impl Fn(Status) -> bool) -> Status {
        let deadline = Instant::now() + PATIENCE;
        let mut last = None;
        while let Some(status) = self.status(deadline.saturating_duration_since(Instant::now())) {
            if is(status) {
                return status;
            }
            last = Some(status);
        }
        panic!("not within {PATIENCE:?}: {what}; the last status was {last:?}");
    }

    /// Lets it run for `span`, or until it says that it has committed `count` readings, whichever comes first.
    pub(crate) fn run_for(&self, span: Duration, count: u64) -> u64 {
        let end = Instant::now() + span;
        let mut committed = 0;
        while let Some(status) = self.status(end.saturating_duration_since(Instant::now())) {
            committed = status.committed;
            if committed >= count {
                break;
            }
        }
        committed
    }

    /// Kills it (SIGKILL).
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it has ended");
    }

    /// Waits until it has ended by itself.
    pub(crate) fn wait_for_end(mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("panfloorctl did not end within {PATIENCE:?}"),
            }
        }
        self.child.wait().expect("it has ended");
    }
}

impl Drop for Ctl {
    fn drop(&mut self) {
        // The test's own outcome matters more than a process that has ended already.
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// Reads a status line.
fn parse(line: &str) -> Option<Status> {
    let number = |name: &str| {
        let rest = line.split_once(name)?.1.trim_start();
        rest.split(' ').next()?.parse().ok()
    };
    Some(Status { machines: number("machines ")?, committed: number("committed ")? })
}
