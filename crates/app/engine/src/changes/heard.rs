//! What the room hears besides records: heads, configs, reports, machines. Anybody who may publish can invent names for them.

use std::collections::BTreeSet;

use panfloor_change::{Hash, MachineView, Report, ReportStatus, SeenConfig, SeenHead};
use panfloor_model::Now;
use panfloor_wire::StateReport;

use super::ChangeRoom;
use crate::plant::{Machine, Plant};

/// Heads kept of stations that are not enrolled: 64 KiB each at most.
const STRANGE_HEADS_MAX: usize = 64;
/// Configs kept of devices that are no machine here: 256 KiB each at most.
const STRANGE_CONFIGS_MAX: usize = 64;

impl ChangeRoom {
    /// Notes a station's head, if it is one of this site under its own name. Of stations that are not enrolled a few are kept,
    /// the newest: they may be enrolled in the very records that they name.
    pub(super) fn see_head(&mut self, seen: SeenHead, station: String) {
        if seen.head.site != self.identity.site || seen.head.station != station {
            return;
        }
        let mut ours: BTreeSet<String> = self.ledger.stations().into_iter().map(|one| one.station).collect();
        ours.insert(self.identity.station.clone());
        let room = ours.contains(&station) || self.view.heads.contains_key(&station);
        let strangers = || self.view.heads.iter().filter(|(known, _)| !ours.contains(*known));
        if !room && strangers().count() >= STRANGE_HEADS_MAX {
            let oldest = strangers().min_by_key(|(_, seen)| seen.received_at).map(|(known, _)| known.clone());
            oldest.map(|oldest| self.view.heads.remove(&oldest));
        }
        self.view.heads.insert(station, seen);
    }

    /// Notes what lies on a machine's config topic; empty: nothing. Of devices that are neither a machine here (`known`) nor
    /// named by the ledger only some are kept: one may become a machine, and what lies there must not look like nothing.
    pub(crate) fn see_config(&mut self, machine: &str, known: bool, bytes: &[u8], now: Now) {
        if bytes.is_empty() {
            self.view.configs.remove(machine);
            self.strange_configs.remove(machine);
            return;
        }
        if known || self.book.desired.contains_key(machine) {
            self.strange_configs.remove(machine);
        } else if self.strange_configs.len() < STRANGE_CONFIGS_MAX || self.strange_configs.contains(machine) {
            self.strange_configs.insert(machine.to_owned());
        } else {
            tracing::debug!(machine, "a config of a device that is no machine here is not kept");
            return;
        }
        let seen = SeenConfig { bytes: bytes.to_vec(), received_at: now.wall };
        self.view.configs.insert(machine.to_owned(), seen);
    }

    /// Notes what a machine reports; call [`Self::advance`] before the next report.
    pub(crate) fn see_report(&mut self, report: &StateReport, payload: &[u8], now: Now) {
        let status = match report.status {
            Some(panfloor_wire::ReportStatus::Received) => ReportStatus::Received,
            Some(panfloor_wire::ReportStatus::Applied) => ReportStatus::Applied,
            Some(panfloor_wire::ReportStatus::Refused) => ReportStatus::Refused,
            None => ReportStatus::Other,
        };
        let seen = Report {
            version: report.config_version,
            status,
            reason: report.reason.clone().unwrap_or_default(),
            config: report.config.clone(),
            retained: report.retained,
            received_at: now.wall,
            evidence: Hash::of(payload),
        };
        self.view.reports.insert(report.device.clone(), seen);
    }

    /// Notes what is known of a machine now.
    pub(crate) fn see_machine(&mut self, machine: &Machine) {
        let Some(class) = &machine.class else { return };
        let seen = MachineView { class: class.id.clone(), mode: machine.mode, phase: machine.phase() };
        self.view.machines.insert(machine.address.clone(), seen);
    }

    /// Notes all machines.
    pub(crate) fn see_plant(&mut self, plant: &Plant) {
        for machine in plant.machines().filter(|machine| plant.is_at_home(machine)) {
            self.see_machine(machine);
        }
    }
}
