//! Runs the largest demo plant for a minute and prints what it cost: CPU of the whole process, broker included.
//!
//! `cargo run --release -p panfloor-demo --example load` (reads `/proc`, so on Linux).
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::time::Duration;

use panfloor_demo::{Demo, DemoSetup, MAX_MACHINES};

/// Ticks a second of the times in `/proc/self/stat`: 100 on every Linux since 2.6.
const TICKS_PER_S: f64 = 100.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let demo = Demo::start(runtime.handle(), &DemoSetup { machines: MAX_MACHINES, ..DemoSetup::default() })?;
    let before_s = cpu_s()?;
    runtime.block_on(async { tokio::time::sleep(Duration::from_secs(60)).await });
    let used_s = cpu_s()? - before_s;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let resident = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    println!("{used_s:.2} CPU-s in 60 s, {} readings acknowledged, {resident}", demo.acknowledged_count());
    runtime.block_on(demo.stop());
    Ok(())
}

/// User and system time of this process so far, seconds: fields 14 and 15 of `/proc/self/stat`.
fn cpu_s() -> Result<f64, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let mut fields = after_name.split_whitespace().skip(11);
    let mut next = || fields.next().unwrap_or_default().parse::<f64>();
    Ok((next()? + next()?) / TICKS_PER_S)
}
