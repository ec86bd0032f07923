//! `panfloorctl simulate`: vacuum pans that publish to any broker.

use panfloor_demo::SimulateSetup;
use serde_json::json;
use tokio::sync::watch;

use crate::arguments::{Broker, SimulateOptions};
use crate::say;

/// Publishes until the time is over or somebody says stop.
pub(crate) fn simulate(options: SimulateOptions, runtime: &tokio::runtime::Runtime) -> anyhow::Result<()> {
    let broker = Broker::parse(&options.to)?;
    let setup = SimulateSetup {
        machines: options.machines,
        rate_hz: options.rate,
        host: broker.host,
        port: broker.port,
        login: broker.login,
        seed: options.seed,
        duration: options.duration,
        faults: false,
    };
    let (stop, stopped) = watch::channel(false);
    let told = crate::stop::stop(runtime)?;
    let summary = runtime.block_on(async {
        tokio::spawn(async move {
            // The task ends in no other way than by being told.
            let _told = told.await;
            stop.send_replace(true);
        });
        panfloor_demo::simulate(setup, |_| {}, stopped).await
    })?;
    let (sent, acknowledged) = (summary.sent, summary.acknowledged);
    let elapsed_s = summary.elapsed.as_secs_f64();
    if options.json {
        let per_s = acknowledged as f64 / elapsed_s.max(0.001);
        say(&json!({ "sent": sent, "acknowledged": acknowledged, "elapsed_s": elapsed_s, "per_s": per_s }).to_string());
    } else {
        say(&format!("{sent} readings sent, {acknowledged} acknowledged, {elapsed_s:.1} s"));
    }
    Ok(())
}
