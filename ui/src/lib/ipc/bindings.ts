// Made by `cargo xtask codegen` from crates/app/api. Do not edit.

/** Values of any JSON shape. */
export type JsonValue = unknown;

export type ApiError = { 
/**
 * What a user interface may branch on.
 */
code: ErrorCode, 
/**
 * One sentence: what, where, why, what to do.
 */
sentence: string, };

export type ErrorCode = "bad_request" | "sign_in_needed" | "not_allowed" | "cancelled" | "wrong_passphrase" | "not_found" | "invalid" | "store_not_writable" | "read_only" | "internal";

export type Hello = { 
/**
 * Panfloor's version.
 */
version: string, 
/**
 * Whether the demo plant is running: the window says so.
 */
demo: boolean, 
/**
 * Nothing is set up yet: the first-start page is due.
 */
first_start: boolean, 
/**
 * Another process holds the store; this one only looks.
 */
read_only: boolean, 
/**
 * Name of the site; empty before one exists.
 */
site: string, 
/**
 * Name of this station.
 */
station: string, 
/**
 * IANA name of the plant's time zone.
 */
time_zone: string, 
/**
 * Folder of the store.
 */
data_folder: string, 
/**
 * Wall clock of the core at the answer.
 */
now_ms: number, 
/**
 * What stands in the way of acquiring: disk full and the like. `None`: nothing.
 */
trouble: Trouble | null, 
/**
 * Classes known here.
 */
classes: Array<ClassDto>, 
/**
 * User-interface settings, opaque to the core (theme, tile order, open screen, pens).
 */
ui_settings: { [key in string]: JsonValue }, };

export type Trouble = { 
/**
 * `disk_full`, `read_only_store`, `store_damaged`…
 */
code: string, 
/**
 * What, where, why, what to do.
 */
sentence: string, 
/**
 * Since when.
 */
since_ms: number, };

export type ClassDto = { 
/**
 * `reference-pan`
 */
id: string, 
/**
 * `reference pan`
 */
title: string, 
/**
 * `ref. pan`
 */
short_title: string, 
/**
 * JSON Schema of the config; `x-unit`, `x-group`, `x-protected` guide the form.
 */
config_schema: unknown, 
/**
 * Metrics in display order, with scale and decimals.
 */
metrics: Array<MetricDto>, };

export type MetricDto = { 
/**
 * `temperature`
 */
name: string, 
/**
 * `°C`; empty if unknown.
 */
unit: string, 
/**
 * Decimals shown.
 */
decimals: number, 
/**
 * Lower end of the scale of bars and sparklines.
 */
scale_low: number, 
/**
 * Upper end.
 */
scale_high: number, };

export type PlantSnapshot = { 
/**
 * Index of a metric in a live frame → its name.
 */
metrics: Array<string>, 
/**
 * Machines by name.
 */
machines: Array<MachineDto>, 
/**
 * Core's wall clock at the answer.
 */
now_ms: number, };

export type MachineDto = { 
/**
 * Id in live frames and queries.
 */
id: number, 
/**
 * Name for people: `Pan 03`.
 */
name: string, 
/**
 * Name on the wire: `pan-03`.
 */
address: string, 
/**
 * Class, once known.
 */
class_id: string | null, 
/**
 * Phase of the strike, by its wire name (`grain_growth`).
 */
phase: string | null, 
/**
 * Since when it is in this phase; `None` if the change was not seen.
 */
phase_since_ms: number | null, 
/**
 * `remote`, `local`, `maintenance`, if it says so.
 */
mode: string | null, 
/**
 * A value is stale when it is older than this: 2.5 expected intervals.
 */
stale_after_ms: number, 
/**
 * Latest measured values, by metric; also those long past.
 */
latest: Array<LatestDto>, 
/**
 * Limits and setpoints of the last 30 minutes, by metric; the last band is the one in force.
 */
bands: Array<MetricBands>, 
/**
 * Where its config stands.
 */
config: ConfigBrief, };

export type LatestDto = { 
/**
 * Metric name.
 */
metric: string, 
/**
 * Device time.
 */
time_ms: number, 
/**
 * Value in the metric's unit.
 */
value: number, };

export type MetricBands = { 
/**
 * Metric name.
 */
metric: string, 
/**
 * In order of time, without holes between known phases.
 */
bands: Array<Band>, };

export type Band = { 
/**
 * From when.
 */
from_ms: number, 
/**
 * Phase by its wire name.
 */
phase: string | null, 
/**
 * Whether the pan boils in it; outside it values run off the scale and that is normal.
 */
boiling: boolean, 
/**
 * Setpoint, if there is one.
 */
setpoint: number | null, 
/**
 * Limits; `None`: not alarmed there.
 */
low_low: number | null, 
/**
 * Low.
 */
low: number | null, 
/**
 * High.
 */
high: number | null, 
/**
 * High-high.
 */
high_high: number | null, };

export type ConfigBrief = { 
/**
 * `in_sync`, `requested`, `approved`, `publishing`, `published`, `received`, `refused`, `drifted`, `nothing_desired` (it reports
 * a version, and never got a config from this site), `unknown` (it has not reported any).
 */
state: string, 
/**
 * Shown version that is desired: `12.4`.
 */
desired: string | null, 
/**
 * Shown version that the machine reports.
 */
reported: string | null, 
/**
 * Since when the state holds.
 */
since_ms: number | null, };

export type SourceDto = { 
/**
 * Id.
 */
id: number, 
/**
 * Name for people: `Plant broker`.
 */
name: string, 
/**
 * `mqtt`
 */
kind: string, 
/**
 * `mqtt://127.0.0.1:1883`
 */
address: string, 
/**
 * State of the link.
 */
state: SourceState, 
/**
 * Since when.
 */
since_ms: number, 
/**
 * What is wrong, if anything.
 */
problem: SourceProblem | null, 
/**
 * Messages committed in the last 10 s, per second.
 */
messages_per_s: number, 
/**
 * Messages received that could not be stored yet: the store takes nothing now.
 */
waiting: number, 
/**
 * Devices heard in the last hour that are no machines, since the source may not make more of them in an hour; their
 * messages are in quarantine.
 */
not_adopted: number, 
/**
 * How many machines the source may make in an hour; `None`: any number.
 */
adopts_per_hour: number | null, 
/**
 * The broker kept our session at the last connect; `false`: what came meanwhile is lost to us.
 */
session_kept: boolean | null, };

export type SourceState = "connecting" | "connected" | "catching_up" | "offline";

export type SourceProblem = { 
/**
 * `name_not_resolved`, `port_closed`, `refused_login`…
 */
code: string, 
/**
 * What, where, why, what to do.
 */
sentence: string, 
/**
 * When the next try begins.
 */
retry_at_ms: number | null, };

export type AlarmsDto = { 
/**
 * In list order: unacknowledged first, by priority, then oldest.
 */
rows: Array<AlarmRow>, 
/**
 * Nothing can be seen since; `None`: something can.
 */
blind_since_ms: number | null, 
/**
 * Core's wall clock at the answer.
 */
now_ms: number, };

export type AlarmRow = { 
/**
 * Machine id.
 */
machine: number, 
/**
 * Machine name.
 */
machine_name: string, 
/**
 * Metric name; empty: the machine as a whole.
 */
metric: string, 
/**
 * `limit:high_high`, `no_data`, `frozen`
 */
condition: string, 
/**
 * ISA-18.2 letter: `B`, `C`, `D`.
 */
state: string, 
/**
 * `critical`, `high`, `medium`, `low`
 */
priority: string, 
/**
 * Event time at which it was raised.
 */
since_ms: number, 
/**
 * Event time of its last change.
 */
changed_ms: number, 
/**
 * Value that raised it, as its transition recorded; what it is now comes with the live samples. `None`: none.
 */
value: number | null, 
/**
 * Limit crossed, if any.
 */
limit: number | null, 
/**
 * Unit of both.
 */
unit: string, 
/**
 * Decimals shown.
 */
decimals: number, 
/**
 * Shown under a more severe alarm of the same measurement.
 */
under: boolean, 
/**
 * Who acknowledged.
 */
acknowledged_by: string | null, 
/**
 * The note.
 */
note: string | null, };

export type AcknowledgeRequest = { 
/**
 * Alarms as the list showed them.
 */
alarms: Array<AlarmName>, 
/**
 * A note, if the operator gave one.
 */
note: string | null, };

export type AlarmName = { 
/**
 * Machine id.
 */
machine: number, 
/**
 * Metric name.
 */
metric: string, 
/**
 * Condition.
 */
condition: string, 
/**
 * The occurrence on screen: its `since_ms`.
 */
up_to_ms: number, };

export type HistoryRequest = { 
/**
 * From this event time.
 */
from_ms: number | null, 
/**
 * To this event time.
 */
to_ms: number | null, 
/**
 * Only this machine.
 */
machine: number | null, 
/**
 * Rows before this id (for paging back).
 */
before: number | null, 
/**
 * At most so many rows (1 to 1000).
 */
limit: number, };

export type HistoryDto = { 
/**
 * Transitions.
 */
rows: Array<TransitionDto>, 
/**
 * Whether older ones exist.
 */
more: boolean, };

export type TransitionDto = { 
/**
 * Id, rising with time of decision.
 */
id: number, 
/**
 * Machine id.
 */
machine: number, 
/**
 * Machine name.
 */
machine_name: string, 
/**
 * Metric name.
 */
metric: string, 
/**
 * Condition.
 */
condition: string, 
/**
 * ISA-18.2 letter before.
 */
from: string, 
/**
 * ISA-18.2 letter after.
 */
to: string, 
/**
 * Priority.
 */
priority: string, 
/**
 * Event time of the occurrence's start.
 */
occurrence_ms: number, 
/**
 * Event time.
 */
event_ms: number, 
/**
 * Value at that moment.
 */
value: number | null, 
/**
 * Limit.
 */
limit: number | null, 
/**
 * Unit of both.
 */
unit: string, 
/**
 * Decimals shown.
 */
decimals: number, 
/**
 * Who acted.
 */
by: string | null, 
/**
 * The note.
 */
note: string | null, };

export type Pen = { 
/**
 * Machine id.
 */
machine: number, 
/**
 * Metric name.
 */
metric: string, };

export type TrendRequest = { 
/**
 * Pens, at most 100.
 */
pens: Array<Pen>, 
/**
 * Left edge.
 */
from_ms: number, 
/**
 * Right edge.
 */
to_ms: number, 
/**
 * Width of the plot, 1 to 8192.
 */
pixels: number, 
/**
 * Names the query, so that a newer one of the same name cancels it.
 */
query: string, };

export type MarksRequest = { 
/**
 * Pens whose limits are wanted, and whose machines' alarms and changes.
 */
pens: Array<Pen>, 
/**
 * Left edge.
 */
from_ms: number, 
/**
 * Right edge.
 */
to_ms: number, };

export type MarksDto = { 
/**
 * Limits and setpoints over time, one entry a pen, in the request's order.
 */
bands: Array<MetricBands>, 
/**
 * Alarms and config changes, by time.
 */
events: Array<MarkDto>, 
/**
 * First and last moment of the whole store; `None`: empty.
 */
store_span_ms: [number, number] | null, };

export type MarkDto = { 
/**
 * When.
 */
time_ms: number, 
/**
 * `alarm`, `config`
 */
kind: string, 
/**
 * Machine id.
 */
machine: number, 
/**
 * Machine name.
 */
machine_name: string, 
/**
 * Metric, for alarms; empty: the machine as a whole.
 */
metric: string, 
/**
 * For alarms the condition; for changes the state reached (`published`, `applied`, `refused`).
 */
what: string, 
/**
 * For alarms the priority; else empty.
 */
priority: string, 
/**
 * For alarms `raised` or `returned`; for changes the shown version.
 */
detail: string, };

export type ExportRequest = { 
/**
 * Pens.
 */
pens: Array<Pen>, 
/**
 * Left edge.
 */
from_ms: number, 
/**
 * Right edge.
 */
to_ms: number, 
/**
 * Width of the plot: decides the resolution of what is exported, as on screen.
 */
pixels: number, 
/**
 * `csv`, `png`, `svg`
 */
format: string, 
/**
 * `light`, `dark`
 */
theme: string, };

export type ExportDto = { 
/**
 * Where it lies.
 */
path: string, 
/**
 * Its size.
 */
bytes: number, };

export type TextExport = { 
/**
 * Name offered for the file: `changes.csv`.
 */
name: string, 
/**
 * The text, at most 16 MiB.
 */
text: string, };

export type ConfigsDto = { 
/**
 * Machines by name.
 */
machines: Array<ConfigRow>, 
/**
 * All open changes and the newest 50 closed ones, newest first.
 */
changes: Array<ChangeDto>, 
/**
 * Whether there are older closed ones: `changes_before` answers them.
 */
more: boolean, 
/**
 * What the change protocol needs a person for, until its cause is gone; oldest first.
 */
notices: Array<ConfigNotice>, 
/**
 * Who publishes.
 */
publisher: PublisherDto, };

export type ChangesRequest = { 
/**
 * Those older than this one: the hash of its request, hex.
 */
before: string, 
/**
 * At most so many (1 to 200).
 */
limit: number, };

export type ChangesPage = { 
/**
 * Newest first.
 */
changes: Array<ChangeDto>, 
/**
 * Whether there are older ones.
 */
more: boolean, };

export type ConfigNotice = { 
/**
 * `second_writer`, `config_not_taken`, `drift`, `no_epoch_left`, `records_missing`, `record_refused`
 */
code: string, 
/**
 * Machine id; `None`: it is about the whole site, or the machine is not known here.
 */
machine: number | null, 
/**
 * The machine's name; empty where it is about the whole site.
 */
name: string, 
/**
 * The version it is about, shown.
 */
version: string | null, 
/**
 * Since when.
 */
since_ms: number, };

export type ConfigWait = { 
/**
 * `epoch` (this station cannot publish now: see `PublisherDto.stands`), `version_before`, `class`, `mode`, `phase`, `config`,
 * `reported_base`, `drift`, `too_long`
 */
code: string, 
/**
 * For `version_before`: that version, shown.
 */
version: string | null, 
/**
 * Since when it waits for this.
 */
since_ms: number, };

export type PublisherDto = { 
/**
 * `closed`, `claiming`, `open`
 */
state: string, 
/**
 * Why: `offline`, `not_enrolled`, `holes` (records are missing), `bystander` (another station publishes), `claiming`,
 * `waiting` (for two heartbeats), `opening`, `publishing`.
 */
stands: string, 
/**
 * The epoch in force.
 */
epoch: number | null, 
/**
 * Own heartbeats do not come back: since the last one that did. `None`: they do, or none was sent yet.
 */
silent_since_ms: number | null, 
/**
 * Own records not yet come back from the broker.
 */
unshared: number, };

export type ConfigRow = { 
/**
 * Machine id.
 */
machine: number, 
/**
 * Its name.
 */
name: string, 
/**
 * Where its config stands.
 */
brief: ConfigBrief, };

export type ConfigDetail = { 
/**
 * Machine id.
 */
machine: number, 
/**
 * Its name.
 */
name: string, 
/**
 * Its class; without one no form can be shown.
 */
class_id: string | null, 
/**
 * Firmware, if it reports one.
 */
firmware: string | null, 
/**
 * Mode, if it reports one.
 */
mode: string | null, 
/**
 * Desired config (values), if any.
 */
desired: unknown, 
/**
 * Desired version, as a number.
 */
desired_version: number | null, 
/**
 * Reported effective config.
 */
reported: unknown, 
/**
 * Reported version, as a number.
 */
reported_version: number | null, 
/**
 * When the report came.
 */
reported_ms: number | null, 
/**
 * Earlier versions of this machine, newest first.
 */
versions: Array<VersionDto>, };

export type VersionDto = { 
/**
 * Shown: `12.4`.
 */
shown: string, 
/**
 * Its values.
 */
config: unknown, 
/**
 * When it was published.
 */
time_ms: number, 
/**
 * The author of its request.
 */
author: string, };

export type ChangeDto = { 
/**
 * Hash of the request, hex: names it everywhere.
 */
request: string, 
/**
 * Author.
 */
author: string, 
/**
 * Station at which it was requested.
 */
station: string, 
/**
 * When.
 */
requested_ms: number, 
/**
 * Reason.
 */
reason: string, 
/**
 * Machines, by name.
 */
machines: Array<ChangeMachine>, 
/**
 * Whole resulting config.
 */
config: unknown, 
/**
 * Values at the base, for the diff.
 */
base_config: unknown, 
/**
 * Base version, shown.
 */
base: string | null, 
/**
 * `requested`, `approved`, `rejected`, `withdrawn`, `expired`, `stale`, `publishing`, `published`, `received`, `applied`, `refused`, `overruled`: the least advanced of its machines.
 */
state: string, 
/**
 * Approvals given.
 */
approvals: Array<DecisionDto>, 
/**
 * Approvals needed.
 */
approvals_needed: number, 
/**
 * Whether the signed-in user may approve or reject, and if not, why.
 */
may_decide: boolean, 
/**
 * Why not; empty if it may.
 */
why_not: string, 
/**
 * Whether the signed-in user may withdraw it.
 */
may_withdraw: boolean, 
/**
 * What approving it does, in one sentence.
 */
consequence: string, };

export type ChangeMachine = { 
/**
 * Machine id.
 */
machine: number, 
/**
 * Name.
 */
name: string, 
/**
 * State, as in `ChangeDto.state`.
 */
state: string, 
/**
 * Version given, shown; `None`: none yet.
 */
version: string | null, 
/**
 * Approved and not published: for what it waits.
 */
waiting: ConfigWait | null, 
/**
 * Steps in order: approved, published, received, applied; proven ones have a time.
 */
steps: Array<StepDto>, };

export type StepDto = { 
/**
 * `requested`, `approved`, `publishing`, `published`, `received`, `applied`, `rejected`, `withdrawn`, `refused`…
 */
step: string, 
/**
 * When it was proven; `None`: not yet.
 */
time_ms: number | null, 
/**
 * If it is the next one awaited: since when.
 */
awaited_since_ms: number | null, 
/**
 * Who or what proved it.
 */
by: string, 
/**
 * Record, short hex; empty before it is proven.
 */
record: string, 
/**
 * Remark or reason.
 */
remark: string, };

export type DecisionDto = { 
/**
 * Who.
 */
user: string, 
/**
 * When.
 */
time_ms: number, 
/**
 * `approved`, `rejected`
 */
decision: string, 
/**
 * Remark.
 */
remark: string, };

export type ChangeRequestDto = { 
/**
 * Machine id.
 */
machine: number, 
/**
 * Version on which it is based, as a number; `None`: the machine has none yet.
 */
base_version: number | null, 
/**
 * Whole resulting config.
 */
config: unknown, 
/**
 * Reason, 1 to 2000 characters.
 */
reason: string, };

export type DecideRequest = { 
/**
 * Hash of the request, hex.
 */
request: string, 
/**
 * `approve`, `reject`, `withdraw`
 */
decision: string, 
/**
 * Remark; needed to reject.
 */
remark: string, };

export type CheckRequest = { 
/**
 * Machine id.
 */
machine: number, 
/**
 * The config as edited.
 */
config: unknown, };

export type CheckDto = { 
/**
 * Problems; empty: it may be requested.
 */
problems: Array<FieldProblemDto>, 
/**
 * Approvals that this change would need.
 */
approvals_needed: number, 
/**
 * What requesting it does, in one sentence; empty if nothing differs.
 */
consequence: string, };

export type FieldProblemDto = { 
/**
 * Member name; empty: the config as a whole.
 */
field: string, 
/**
 * What is wrong and what is allowed.
 */
sentence: string, };

export type SessionDto = { 
/**
 * Who is signed in here; `None`: nobody, and everybody may look.
 */
user: UserDto | null, 
/**
 * When the session key ends.
 */
expires_ms: number | null, 
/**
 * Users who can sign in at this station.
 */
users: Array<UserDto>, };

export type UserDto = { 
/**
 * Id in records: `engineer-1`.
 */
id: string, 
/**
 * Name for people.
 */
name: string, 
/**
 * Roles by name: `operator`, `engineer`, `approver`, `administrator`.
 */
roles: Array<string>, 
/**
 * The demo's users only: their passphrase, shown at the demo's sign-in.
 */
demo_passphrase: string | null, };

export type SignInRequest = { 
/**
 * User id.
 */
user: string, };

export type PromptDto = { 
/**
 * `sign_in`, `request`, `approve`, `reject`, `withdraw`, `create_site`
 */
purpose: string, 
/**
 * User who signs; for `create_site` the name to be.
 */
user_name: string, 
/**
 * What will happen, in one sentence.
 */
sentence: string, 
/**
 * Hash of what is signed, hex; empty at sign-in.
 */
hash: string, 
/**
 * Theme of the main window: `light`, `dark`, `system`.
 */
theme: string, 
/**
 * The demo's passphrase, so that the demo can be tried.
 */
demo_passphrase: string | null, };

export type PassphraseDto = { 
/**
 * The passphrase; never logged.
 */
text: string, };

export type UiSetting = { 
/**
 * Key: `theme`, `trends.pens`, `plant.order`; up to 64 characters.
 */
key: string, 
/**
 * Value, up to 64 KiB as JSON.
 */
value: unknown, };

export type StorageDto = { 
/**
 * Folder.
 */
folder: string, 
/**
 * The live file and its write-ahead log, bytes.
 */
live_bytes: number, 
/**
 * Sealed months: name and bytes.
 */
months: Array<MonthDto>, 
/**
 * Free space on that disk, if known.
 */
free_bytes: number | null, 
/**
 * Oldest and newest sample; `None`: none.
 */
span_ms: [number, number] | null, 
/**
 * Where secrets are kept: `keyring`, `file`.
 */
secrets: string, 
/**
 * Folder of the logs.
 */
log_folder: string, 
/**
 * Counters since the store was made.
 */
counters: CountersDto, };

export type LatencyDto = { 
/**
 * From a reading's device time to the end of its commit; a machine's clock that is wrong shows here.
 */
publish_to_commit_ms: PercentilesDto, 
/**
 * The same without the time in which a commit was running.
 */
outside_commit_ms: PercentilesDto, 
/**
 * Commits alone: what the disk takes.
 */
bare_commit_ms: PercentilesDto, };

export type PercentilesDto = { 
/**
 * Median.
 */
p50: number | null, 
/**
 * 99th percentile.
 */
p99: number | null, 
/**
 * Largest.
 */
max: number | null, };

export type MonthDto = { 
/**
 * `2026-11`
 */
name: string, 
/**
 * Bytes.
 */
bytes: number, };

export type CountersDto = { 
/**
 * Messages received.
 */
received: number, 
/**
 * Readings committed.
 */
committed: number, 
/**
 * Repeats dropped.
 */
duplicates: number, 
/**
 * Same identity, other value.
 */
revisions: number, 
/**
 * Arrived after a newer one.
 */
late: number, 
/**
 * Put to quarantine.
 */
quarantined: number, 
/**
 * Dropped from a full quarantine, oldest first.
 */
quarantine_dropped: number, 
/**
 * Stored, but can't be told from a repeat.
 */
untellable: number, };

export type LatencyRequest = { 
/**
 * The newest so many; more than the 50,000 that are kept asks for all of them.
 */
newest: number, };

export type QuarantineRequest = { 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * At most so many rows (1 to 500).
 */
limit: number, };

export type QuarantineDto = { 
/**
 * How many there are in all.
 */
total: number, 
/**
 * Rows.
 */
rows: Array<QuarantineRow>, };

export type QuarantineRow = { 
/**
 * Id.
 */
id: number, 
/**
 * Arrival.
 */
arrived_ms: number, 
/**
 * Source name.
 */
source: string, 
/**
 * Topic.
 */
topic: string, 
/**
 * Why, with what to do.
 */
reason: string, 
/**
 * Machine-readable reason.
 */
reason_code: string, 
/**
 * First 4 KiB, as text where it is text, else as hex.
 */
excerpt: string, 
/**
 * Length of the whole payload, bytes.
 */
bytes: number, };

export type SourceSetup = { 
/**
 * Name for people.
 */
name: string, 
/**
 * Host name or address.
 */
host: string, 
/**
 * TCP port.
 */
port: number, 
/**
 * User, if the broker asks for one.
 */
username: string | null, 
/**
 * Password; goes to the sealed store and never comes back.
 */
password: string | null, 
/**
 * Telemetry topics; empty: the default layout.
 */
topics: Array<string>, };

export type TestStep = { 
/**
 * `name_resolved`, `port_open`, `logged_in`, `subscribed`, `first_message`
 */
step: string, 
/**
 * Whether it succeeded; `None`: not reached.
 */
ok: boolean | null, 
/**
 * What was found, or what is wrong and what to do.
 */
detail: string, 
/**
 * How long it took.
 */
took_ms: number | null, };

export type TestDto = { 
/**
 * Steps in order.
 */
steps: Array<TestStep>, };

export type CreateSiteRequest = { 
/**
 * Site name.
 */
site: string, 
/**
 * Name of the first administrator.
 */
user_name: string, 
/**
 * First source; `None`: later.
 */
source: SourceSetup | null, };

export type Autostart = { 
/**
 * Whether Panfloor starts at login.
 */
enabled: boolean, };

export type Changed = { 
/**
 * Number of this notice; a jump means one was missed: ask for everything.
 */
number: number, 
/**
 * Domains.
 */
domains: Array<Domain>, };

export type Domain = "hello" | "plant" | "sources" | "alarms" | "configs" | "session" | "storage";

/** Every command: what it takes and what it answers. */
export interface Commands {
  hello: { request: void; response: Hello };
  plant: { request: void; response: PlantSnapshot };
  sources: { request: void; response: Array<SourceDto> };
  source_retry: { request: void; response: void };
  alarms: { request: void; response: AlarmsDto };
  alarm_history: { request: HistoryRequest; response: HistoryDto };
  alarm_acknowledge: { request: AcknowledgeRequest; response: void };
  trend: { request: TrendRequest; response: ArrayBuffer };
  trend_marks: { request: MarksRequest; response: MarksDto };
  trend_export: { request: ExportRequest; response: ExportDto };
  text_export: { request: TextExport; response: ExportDto };
  configs: { request: void; response: ConfigsDto };
  changes_before: { request: ChangesRequest; response: ChangesPage };
  config_detail: { request: number; response: ConfigDetail };
  config_check: { request: CheckRequest; response: CheckDto };
  change_request: { request: ChangeRequestDto; response: string };
  change_decide: { request: DecideRequest; response: void };
  session: { request: void; response: SessionDto };
  sign_in: { request: SignInRequest; response: void };
  sign_out: { request: void; response: void };
  ui_setting: { request: UiSetting; response: void };
  storage: { request: void; response: StorageDto };
  latency: { request: LatencyRequest; response: LatencyDto };
  quarantine: { request: QuarantineRequest; response: QuarantineDto };
  source_test: { request: SourceSetup; response: TestDto };
  create_site: { request: CreateSiteRequest; response: void };
  start_demo: { request: void; response: void };
  autostart: { request: void; response: Autostart };
  set_autostart: { request: Autostart; response: void };
}
