//! A mosquitto of one test's own.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use tempfile::TempDir;

/// How long a start or an orderly stop may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Attempts to find a free port: another process may take it between the look and mosquitto's bind.
const PORT_ATTEMPTS: u32 = 5;

/// What the broker says once it listens.
const READY: &str = " running";

/// How the broker is set up. The default takes anybody, keeps its state over a restart and drops nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Name and password of its only user.
    pub login: Option<(String, String)>,
    /// Whether clients without login may connect.
    pub allow_anonymous: bool,
    /// Whether sessions, queues and retained messages are kept in a file.
    pub persistence: bool,
    /// How often that file is written, seconds; it is written at an orderly stop too.
    pub autosave_interval_s: u32,
    /// Messages queued for one session; 0 for any number.
    pub max_queued_messages: u32,
    /// Messages sent and not acknowledged, for one session; 0 for any number.
    pub max_inflight_messages: u32,
    /// More lines for its config file.
    pub extra: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            login: None,
            allow_anonymous: true,
            persistence: true,
            autosave_interval_s: 1800,
            max_queued_messages: 0,
            max_inflight_messages: 20,
            extra: String::new(),
        }
    }
}

/// Why there is no broker.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// The program is not installed.
    #[error("{0} was not found")]
    NotInstalled(&'static str),
    /// A file or process could not be handled.
    #[error("the broker's files or process could not be handled: {0}")]
    Io(#[from] io::Error),
    /// It did not come up, or did not stop, in time.
    #[error("the broker did not {what}; it said:\n{said}")]
    Failed {
        /// What was waited for.
        what: &'static str,
        /// Its log so far.
        said: String,
    },
}

/// A broker process. Killed on drop.
#[derive(Debug)]
pub struct Mosquitto {
    folder: TempDir,
    options: Options,
    port: u16,
    process: Option<Process>,
}

/// The running broker and what it says. The lines end when it does.
#[derive(Debug)]
struct Process {
    child: Child,
    lines: Receiver<String>,
}

impl Mosquitto {
    /// Starts a broker on a free port of the loopback address; returns when it listens.
    ///
    /// # Errors
    /// [`BrokerError`].
    pub fn start(options: &Options) -> Result<Self, BrokerError> {
        let folder = tempfile::tempdir()?;
        let mut broker = Self { folder, options: options.clone(), port: 0, process: None };
        broker.write_passwords()?;
        for _ in 1..PORT_ATTEMPTS {
            broker.port = free_port()?;
            match broker.restart() {
                Ok(()) => return Ok(broker),
                Err(BrokerError::Failed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        broker.port = free_port()?;
        broker.restart()?;
        Ok(broker)
    }

    /// The port it listens on, the same over restarts.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its config and its kept state.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Asks it to end (SIGTERM; where there is none, kills it), so that it writes its state; returns when it has ended.
    ///
    /// # Errors
    /// [`BrokerError`] if it does not end in time.
    pub fn stop(&mut self) -> Result<(), BrokerError> {
        let Some(mut process) = self.process.take() else { return Ok(()) };
        terminate(&mut process.child)?;
        let ended = wait_for_end(&process.lines);
        if ended.is_err() {
            process.child.kill()?;
        }
        process.child.wait()?;
        ended.map_err(|said| BrokerError::Failed { what: "stop", said })
    }

    /// Kills it (SIGKILL): what it had not written is lost.
    ///
    /// # Errors
    /// [`BrokerError::Io`].
    pub fn kill(&mut self) -> Result<(), BrokerError> {
        if let Some(mut process) = self.process.take() {
            process.child.kill()?;
            process.child.wait()?;
        }
        Ok(())
    }

    /// Starts it again on the same port with its kept state, stopping it first if it runs.
    ///
    /// # Errors
    /// [`BrokerError`].
    pub fn restart(&mut self) -> Result<(), BrokerError> {
        self.stop()?;
        let config = self.folder.path().join("mosquitto.conf");
        fs::write(&config, self.config())?;
        let mut child = Command::new(program("mosquitto")?)
            .arg("-c")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let lines = read_lines(&mut child);
        let ready = wait_for_line(&lines, READY);
        self.process = Some(Process { child, lines });
        if let Err(said) = ready {
            self.kill()?;
            return Err(BrokerError::Failed { what: "start", said });
        }
        Ok(())
    }

    /// Forgets everything it kept: sessions, queues, retained messages. Only while it does not run.
    ///
    /// # Errors
    /// [`BrokerError::Io`].
    pub fn forget(&mut self) -> Result<(), BrokerError> {
        match fs::remove_file(self.folder.path().join("mosquitto.db")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn config(&self) -> String {
        let folder = self.folder.path().display();
        let options = &self.options;
        let mut config = format!(
            "listener {} 127.0.0.1\nallow_anonymous {}\nmax_queued_messages {}\nmax_inflight_messages {}\nlog_dest stderr\n",
            self.port, options.allow_anonymous, options.max_queued_messages, options.max_inflight_messages
        );
        // Started by root it would change to a user of its own, who may not write into the test's folder.
        config.push_str("user root\n");
        if options.persistence {
            // Writing to a String cannot fail.
            let _ = writeln!(
                config,
                "persistence true\npersistence_location {folder}/\nautosave_interval {}",
                options.autosave_interval_s
            );
        }
        if options.login.is_some() {
            let _ = writeln!(config, "password_file {folder}/passwords");
        }
        config.push_str(&options.extra);
        config
    }

    fn write_passwords(&self) -> Result<(), BrokerError> {
        let Some((name, password)) = &self.options.login else { return Ok(()) };
        let file = self.folder.path().join("passwords");
        let program = program("mosquitto_passwd")?;
        let output = Command::new(program).arg("-b").arg("-c").arg(file).arg(name).arg(password).output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(BrokerError::Failed { what: "make its password file", said })
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        // Nothing can be done about a failure here, and the test's own outcome matters more.
        let _ = self.kill();
    }
}

#[cfg(unix)]
fn terminate(child: &mut Child) -> Result<(), BrokerError> {
    let id = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(id) = id {
        rustix::process::kill_process(id, rustix::process::Signal::TERM).map_err(io::Error::from)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn terminate(child: &mut Child) -> Result<(), BrokerError> {
    Ok(child.kill()?)
}

/// The program in the search path, or in the folder for system programs, which is not in every user's path.
fn program(name: &'static str) -> Result<PathBuf, BrokerError> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin"), PathBuf::from("/usr/local/sbin")]);
    folders.map(|folder| folder.join(&file)).find(|file| file.is_file()).ok_or(BrokerError::NotInstalled(name))
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Reads the log to its end in a thread, so that the broker never waits for a full pipe.
fn read_lines(child: &mut Child) -> Receiver<String> {
    let (sender, lines) = channel();
    if let Some(log) = child.stderr.take() {
        thread::spawn(move || {
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                // Fails once the handle is dropped; the pipe is emptied all the same.
                let _ = sender.send(line);
            }
        });
    }
    lines
}

/// Waits for a line that ends in `end`; otherwise returns what was said.
fn wait_for_line(lines: &Receiver<String>, end: &str) -> Result<(), String> {
    let deadline = Instant::now() + PATIENCE;
    let mut said = String::new();
    while let Ok(line) = lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        if line.ends_with(end) {
            return Ok(());
        }
        said.push_str(&line);
        said.push('\n');
    }
    Err(said)
}

/// Waits until its log ends, which is when the process does; otherwise returns what was said.
fn wait_for_end(lines: &Receiver<String>) -> Result<(), String> {
    let deadline = Instant::now() + PATIENCE;
    let mut said = String::new();
    loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                said.push_str(&line);
                said.push('\n');
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => return Err(said),
        }
    }
}
