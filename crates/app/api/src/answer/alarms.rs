//! The alarm list, its history, and acknowledging.

use panfloor_alarm::{ActiveAlarm, AlarmKey, AlarmState, Condition};
use panfloor_engine::{Action, AlarmName as EngineAlarmName, Core};
use panfloor_historian::{TransitionFilter, TransitionRow};
use panfloor_model::{MachineId, Metric, Timestamp};

use super::plant::unit_of;
use super::{Answer, Api, bad_request, stored};
use crate::dto::{AcknowledgeRequest, AlarmRow, AlarmsDto, HistoryDto, HistoryRequest, TransitionDto};
use crate::watch::ms;

/// Most rows of history in one answer.
const HISTORY_ROWS_MAX: u32 = 1_000;
/// Most alarms in one acknowledgement: more than a screen shows, and each is a signed record.
const ACKNOWLEDGE_MAX: usize = 200;

impl Api {
    /// `alarms`
    pub(super) fn alarms(&self) -> Answer<AlarmsDto> {
        self.inspect(|core| {
            let mut active: Vec<ActiveAlarm> = core.alarms.active().collect();
            active.sort_by_key(|alarm| (!wants(alarm.state), alarm.priority, alarm.since));
            AlarmsDto {
                rows: active.iter().map(|alarm| row(core, alarm)).collect(),
                blind_since_ms: core.alarms.blind_since().map(ms),
                now_ms: ms(core.now.wall),
            }
        })
    }

    /// `alarm_history`
    pub(super) fn alarm_history(&self, request: &HistoryRequest) -> Answer<HistoryDto> {
        let limit = request.limit.clamp(1, HISTORY_ROWS_MAX) as usize;
        let filter = TransitionFilter {
            from: request.from_ms.map(from_ms),
            to: request.to_ms.map(from_ms),
            machine: request.machine.map(MachineId),
            limit: Some(limit + 1),
            before: request.before.map(|before| before as i64),
        };
        let mut rows = self.engine()?.reader().transitions(&filter).map_err(stored)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        self.inspect(move |core| HistoryDto { rows: rows.into_iter().map(|row| transition(core, row)).collect(), more })
    }

    /// `alarm_acknowledge`
    pub(super) fn acknowledge(&self, request: AcknowledgeRequest) -> Answer<()> {
        if request.alarms.is_empty() || request.alarms.len() > ACKNOWLEDGE_MAX {
            return Err(bad_request(format!("acknowledge 1 to {ACKNOWLEDGE_MAX} alarms at a time")));
        }
        let mut alarms = Vec::with_capacity(request.alarms.len());
        for alarm in request.alarms {
            let condition = Condition::parse(&alarm.condition)
                .ok_or_else(|| bad_request(format!("there is no alarm condition “{}”", alarm.condition)))?;
            let key = AlarmKey { machine: MachineId(alarm.machine), metric: Metric::new(&alarm.metric), condition };
            // Rounded up: a millisecond's fraction must not leave the very occurrence on screen out.
            let up_to = Timestamp::from_micros(((alarm.up_to_ms * 1000.0).ceil() as i64).saturating_add(1));
            alarms.push(EngineAlarmName { key, up_to });
        }
        self.act(Action::Acknowledge { alarms, note: request.note }).map(drop)
    }
}

/// A moment at the door as a timestamp.
pub(crate) fn from_ms(time_ms: f64) -> Timestamp {
    Timestamp::from_micros((time_ms * 1000.0) as i64)
}

/// Whether a state wants an acknowledgement.
const fn wants(state: AlarmState) -> bool {
    matches!(state, AlarmState::Unacknowledged | AlarmState::ReturnedUnacknowledged)
}

/// One alarm at the door.
fn row(core: &Core, alarm: &ActiveAlarm) -> AlarmRow {
    let machine = core.plant.machine(alarm.key.machine);
    let (unit, decimals) = unit_of(machine, alarm.key.metric.as_str());
    AlarmRow {
        machine: alarm.key.machine.0,
        machine_name: machine.map(panfloor_engine::Machine::name).unwrap_or_default(),
        metric: alarm.key.metric.as_str().to_owned(),
        condition: alarm.key.condition.as_str().to_owned(),
        state: alarm.state.as_str().to_owned(),
        priority: alarm.priority.word().to_owned(),
        since_ms: ms(alarm.since),
        changed_ms: ms(alarm.changed),
        value: alarm.value_at_activation,
        limit: alarm.limit,
        unit,
        decimals,
        under: alarm.suppressed_by.is_some(),
        acknowledged_by: alarm.acknowledged_by.clone(),
        note: alarm.note.clone(),
    }
}

/// One transition at the door.
fn transition(core: &Core, row: TransitionRow) -> TransitionDto {
    let machine = core.plant.machine(row.machine);
    let (unit, decimals) = unit_of(machine, &row.metric);
    TransitionDto {
        id: row.id as f64,
        machine: row.machine.0,
        machine_name: machine.map(panfloor_engine::Machine::name).unwrap_or_default(),
        metric: row.metric,
        condition: row.condition,
        from: row.from,
        to: row.to,
        priority: row.priority,
        occurrence_ms: ms(Timestamp::from_micros(row.occurrence)),
        event_ms: ms(row.event_time),
        value: row.value,
        limit: row.limit,
        unit,
        decimals,
        by: row.by,
        note: row.note,
    }
}
