//! A pan's words in the wire contract's form.

use panfloor_model::Metric;
use panfloor_pan::{Report, ReportStatus, Telemetry};
use panfloor_wire::{Reading, StateReport, TimeFrom, encode_state, encode_telemetry};

/// The telemetry message of a reading.
pub(crate) fn telemetry(reading: &Telemetry) -> Vec<u8> {
    encode_telemetry(&Reading {
        device: reading.device.to_string(),
        reading_id: None,
        seq: Some(reading.seq),
        time: reading.time,
        time_from: TimeFrom::Device,
        values: reading.values.clone(),
        bad: Vec::new(),
        tags: vec![
            (Metric::new(Metric::PHASE), reading.phase.wire_name().to_owned()),
            (Metric::new(Metric::MODE), reading.mode.wire_name().to_owned()),
        ],
    })
}

/// The state message of a report.
pub(crate) fn state(report: &Report) -> Vec<u8> {
    let status = match report.status {
        ReportStatus::Received => panfloor_wire::ReportStatus::Received,
        ReportStatus::Applied => panfloor_wire::ReportStatus::Applied,
        ReportStatus::Refused => panfloor_wire::ReportStatus::Refused,
    };
    encode_state(&StateReport {
        device: report.device.to_string(),
        config_version: Some(report.config_version),
        config: Some(report.config.clone()),
        status: Some(status),
        reason: report.reason.clone(),
        mode: Some(report.mode),
        firmware: Some(report.firmware.to_owned()),
        retained: false,
        class: Some(report.class.clone()),
    })
}
