//! Config changes: list, form, check, request, decision.

use panfloor_change::{
    Change, Hash, MachineChangeState, Notice, NoticeKind, PublisherState, State, Step, Wait, Waiting, Who,
    protected_changes, shown_version,
};
use panfloor_engine::{Action, ChangeRoom, Core, Done, Verdict};
use panfloor_model::{MachineId, Role, validate_config};
use serde_json::Value;

use super::changes_list::{closed_before, open_and_newest};
use super::consequence::{Intent, change_consequence, consequence, is_alike};
use super::plant::{brief, ledger_of, state_word};
use super::{Answer, Api, bad_request};
use crate::dto::{
    ApiError, ChangeDto, ChangeMachine, ChangeRequestDto, ChangesPage, ChangesRequest, CheckDto, CheckRequest,
    ConfigDetail, ConfigNotice, ConfigRow, ConfigWait, ConfigsDto, DecideRequest, DecisionDto, ErrorCode,
    FieldProblemDto, PublisherDto, StepDto, VersionDto,
};
use crate::watch::ms;

/// Longest reason or remark, characters.
const TEXT_CHARS_MAX: usize = 2_000;
/// Nobody approves what is not shown: one diff is shown for all machines of a change.
const NOT_ALIKE: &str =
    "its machines get different configs, and only one can be shown: have it requested for each machine";
/// Most closed changes of one page.
const CHANGES_PAGE_MAX: u32 = 200;

impl Api {
    /// `configs`
    pub(super) fn configs(&self) -> Answer<ConfigsDto> {
        let mut all = self.inspect(|core| {
            let row = |machine: &panfloor_engine::Machine| ConfigRow {
                machine: machine.id.0,
                name: machine.name(),
                brief: brief(core, machine),
            };
            let changes = core.changes.as_ref();
            let dto = |room: &ChangeRoom| {
                let (shown, more) = open_and_newest(room.book());
                (shown.into_iter().map(|change| change_dto(core, room, change)).collect(), more)
            };
            let (shown, more) = changes.map(dto).unwrap_or_default();
            ConfigsDto {
                machines: core.plant.machines().map(row).collect(),
                changes: shown,
                more,
                notices: changes.map(|room| notices(core, room)).unwrap_or_default(),
                publisher: publisher(core, changes),
            }
        })?;
        all.machines.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// `changes_before`
    pub(super) fn changes_before(&self, request: &ChangesRequest) -> Answer<ChangesPage> {
        let before = hash_of(&request.before)?;
        let limit = request.limit.clamp(1, CHANGES_PAGE_MAX) as usize;
        let page = self.inspect(move |core| {
            let room = core.changes.as_ref()?;
            let (changes, more) = closed_before(room.book(), before, limit)?;
            Some(ChangesPage {
                changes: changes.into_iter().map(|change| change_dto(core, room, change)).collect(),
                more,
            })
        })?;
        page.ok_or_else(no_request)
    }

    /// `config_detail`
    pub(super) fn config_detail(&self, machine: u32) -> Answer<ConfigDetail> {
        self.inspect(move |core| detail(core, MachineId(machine)))?.ok_or_else(no_machine)
    }

    /// `config_check`
    pub(super) fn config_check(&self, request: &CheckRequest) -> Answer<CheckDto> {
        let id = MachineId(request.machine);
        let found = self.inspect(move |core| {
            let machine = core.plant.machine(id)?;
            let base = base_config(core, machine);
            Some((machine.name(), machine.class.clone(), base))
        })?;
        let (name, class, base) = found.ok_or_else(no_machine)?;
        let Some(class) = class else {
            return Err(ApiError {
                code: ErrorCode::Invalid,
                sentence: format!("{name} has not said of which class it is, so no config can be checked"),
            });
        };
        let problems = validate_config(&class, &request.config).err().unwrap_or_default();
        let base = base.unwrap_or_else(|| class.default_config.clone());
        let protected = u32::from(!protected_changes(&class, &base, &request.config).is_empty());
        Ok(CheckDto {
            problems: problems
                .into_iter()
                .map(|problem| FieldProblemDto {
                    field: problem.path.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned(),
                    sentence: problem.problem,
                })
                .collect(),
            approvals_needed: u32::from(class.approvals) + protected,
            consequence: consequence(Intent::Request, &[name], &class.config_schema, &base, &request.config),
        })
    }

    /// `change_request`
    pub(super) fn change_request(&self, request: ChangeRequestDto) -> Answer<String> {
        let reason = text(&request.reason)?;
        if reason.is_empty() {
            return Err(bad_request("say why: whoever approves has to know".to_owned()));
        }
        let id = MachineId(request.machine);
        let found = self.inspect(move |core| {
            let machine = core.plant.machine(id).filter(|machine| core.plant.is_at_home(machine))?;
            Some((machine.address.clone(), machine.name(), machine.class.clone(), base_config(core, machine)))
        })?;
        let (machine, name, class, base) = found.ok_or_else(no_machine)?;
        let sentence = match (&class, &base) {
            (Some(class), Some(base)) => {
                consequence(Intent::Request, &[name], &class.config_schema, base, &request.config)
            }
            _ => String::new(),
        };
        let key = self.user_key("request", &sentence, "")?;
        let base_version = request.base_version.unwrap_or(0.0) as u64;
        let done = self.act(Action::Request { key, machine, base_version, config: request.config, reason })?;
        match done {
            Done::Recorded(hash) => Ok(hash.to_string()),
            Done::Stored => Ok(String::new()),
        }
    }

    /// `change_decide`
    pub(super) fn change_decide(&self, request: &DecideRequest) -> Answer<()> {
        let verdict = match request.decision.as_str() {
            "approve" => Verdict::Approve,
            "reject" => Verdict::Reject,
            "withdraw" => Verdict::Withdraw,
            other => return Err(bad_request(format!("there is no decision “{other}”"))),
        };
        let remark = text(&request.remark)?;
        if verdict == Verdict::Reject && remark.is_empty() {
            return Err(bad_request("say why it is rejected: the author has to know".to_owned()));
        }
        let hash = hash_of(&request.request)?;
        let sentence = self.inspect(move |core| {
            let room = core.changes.as_ref()?;
            let change = room.book().changes.get(&hash)?;
            Some((is_alike(&change.request.machines), change_consequence(core, change, Intent::of(verdict, change))))
        })?;
        let (alike, sentence) = sentence.ok_or_else(no_request)?;
        if verdict == Verdict::Approve && !alike {
            return Err(bad_request(NOT_ALIKE.to_owned()));
        }
        let key = self.user_key(&request.decision, &sentence, &request.request)?;
        self.act(Action::Decide { key, request: hash, verdict, remark }).map(drop)
    }
}

/// A reason or remark, held to its bound.
fn text(text: &str) -> Answer<String> {
    let text = text.trim();
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(bad_request(format!("this text is longer than {TEXT_CHARS_MAX} characters: shorten it")));
    }
    Ok(text.to_owned())
}

/// The name of a request.
fn hash_of(text: &str) -> Answer<Hash> {
    text.parse().map_err(|_| bad_request("a request is named by 64 lower-case hexadecimal digits".to_owned()))
}

/// A request that is not there.
fn no_request() -> ApiError {
    ApiError { code: ErrorCode::NotFound, sentence: "this request is not known here (any more)".to_owned() }
}

/// A machine that is not there.
fn no_machine() -> ApiError {
    ApiError { code: ErrorCode::NotFound, sentence: "this machine is not known here (any more)".to_owned() }
}

/// What a machine should obey now, or obeys as far as it says.
fn base_config(core: &Core, machine: &panfloor_engine::Machine) -> Option<Value> {
    let desired = ledger_of(core, machine).and_then(|room| room.book().desired.get(&machine.address));
    desired.map(|desired| desired.config.clone()).or_else(|| machine.effective_config().cloned())
}

/// Where the publisher stands.
fn publisher(core: &Core, room: Option<&ChangeRoom>) -> PublisherDto {
    let Some(room) = room else {
        let (state, stands) = ("closed".to_owned(), "not_enrolled".to_owned());
        return PublisherDto { state, stands, epoch: None, silent_since_ms: None, unshared: 0 };
    };
    let (state, stands, epoch) = match room.publisher_state() {
        PublisherState::Publishing { epoch } => ("open", "publishing", Some(epoch as f64)),
        PublisherState::Claiming => ("claiming", "claiming", None),
        PublisherState::Waiting => ("claiming", "waiting", None),
        PublisherState::Opening => ("claiming", "opening", None),
        PublisherState::Offline => ("closed", "offline", None),
        PublisherState::NotEnrolled => ("closed", "not_enrolled", None),
        PublisherState::Holes => ("closed", "holes", None),
        PublisherState::Bystander => ("closed", "bystander", None),
    };
    let silent_since = room.silent_since(core.now.mono).map(|at| core.now.wall.minus(core.now.mono.since(at)));
    PublisherDto {
        state: state.to_owned(),
        stands: stands.to_owned(),
        epoch,
        silent_since_ms: silent_since.map(ms),
        unshared: u32::try_from(room.unshared()).unwrap_or(u32::MAX),
    }
}

/// What the change protocol needs a person for.
fn notices(core: &Core, room: &ChangeRoom) -> Vec<ConfigNotice> {
    let notice = |notice: &Notice| {
        let machine = notice.machine.as_deref();
        let known = machine.and_then(|machine| core.plant.by_name(machine));
        ConfigNotice {
            code: match notice.kind {
                NoticeKind::SecondWriter => "second_writer",
                NoticeKind::ConfigNotTaken => "config_not_taken",
                NoticeKind::Drift => "drift",
                NoticeKind::NoEpochLeft => "no_epoch_left",
                NoticeKind::RecordsMissing => "records_missing",
                NoticeKind::RecordRefused => "record_refused",
            }
            .to_owned(),
            machine: known.map(|known| known.id.0),
            name: machine.map(|machine| name_of(core, machine)).unwrap_or_default(),
            version: notice.version.map(shown_version),
            since_ms: ms(notice.since),
        }
    };
    room.notices().iter().map(notice).collect()
}

/// For what a change waits on a machine, if it does.
fn waiting(room: &ChangeRoom, change: &Change, machine: &str) -> Option<ConfigWait> {
    let of = |wait: &&Waiting| wait.request == change.request_hash && wait.machine == machine;
    let wait = room.waiting().iter().find(of)?;
    let (code, version) = match wait.reason {
        Wait::Epoch => ("epoch", None),
        Wait::VersionBefore(version) => ("version_before", Some(version)),
        Wait::Class => ("class", None),
        Wait::Mode => ("mode", None),
        Wait::Phase => ("phase", None),
        Wait::Config => ("config", None),
        Wait::ReportedBase => ("reported_base", None),
        Wait::Drift => ("drift", None),
        Wait::TooLong => ("too_long", None),
    };
    Some(ConfigWait { code: code.to_owned(), version: version.map(shown_version), since_ms: ms(wait.since) })
}

/// A machine's name for people.
pub(super) fn name_of(core: &Core, machine: &str) -> String {
    core.plant.by_name(machine).map_or_else(|| machine.to_owned(), panfloor_engine::Machine::name)
}

/// A machine's config in full.
fn detail(core: &Core, id: MachineId) -> Option<ConfigDetail> {
    let machine = core.plant.machine(id)?;
    let desired = ledger_of(core, machine).and_then(|room| room.book().desired.get(&machine.address));
    let reported = machine.reported.as_ref();
    Some(ConfigDetail {
        machine: id.0,
        name: machine.name(),
        class_id: machine.class.as_ref().map(|class| class.id.clone()),
        firmware: reported.and_then(|reported| reported.firmware.clone()),
        mode: machine.mode.map(|mode| mode.wire_name().to_owned()),
        desired: desired.map(|desired| desired.config.clone()),
        desired_version: desired.map(|desired| desired.version as f64),
        reported: reported.and_then(|reported| reported.config.clone()),
        reported_version: reported.and_then(|reported| reported.version).map(|version| version as f64),
        reported_ms: reported.map(|reported| ms(reported.received_at)),
        versions: ledger_of(core, machine).map(|room| versions(room, &machine.address)).unwrap_or_default(),
    })
}

/// Earlier versions of a machine, newest first.
fn versions(room: &ChangeRoom, machine: &str) -> Vec<VersionDto> {
    let mut versions: Vec<(u64, VersionDto)> = Vec::new();
    for change in room.book().changes.values() {
        let asked = change.request.machines.iter().find(|asked| asked.machine == machine);
        let (Some(on), Some(asked)) = (change.on(machine), asked) else { continue };
        let (Some(version), Some(publishing)) = (on.version, &on.publishing) else { continue };
        let shown = VersionDto {
            shown: shown_version(version),
            config: asked.config.clone(),
            time_ms: ms(publishing.at),
            author: who(&change.requested),
        };
        versions.push((version, shown));
    }
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, version)| version).collect()
}

/// How far a state is from being done: of several machines the least advanced is shown.
const fn progress(state: State) -> u8 {
    match state {
        State::Refused => 0,
        State::Stale => 1,
        State::Requested => 2,
        State::Approved => 3,
        State::Publishing => 4,
        State::Published => 5,
        State::Received => 6,
        State::Applied => 7,
        State::Rejected | State::Withdrawn | State::Expired | State::Overruled => 8,
    }
}

/// One change at the door.
fn change_dto(core: &Core, room: &ChangeRoom, change: &Change) -> ChangeDto {
    let state = change.machines.iter().map(|on| on.state).min_by_key(|state| progress(*state));
    let state = state.unwrap_or(State::Requested);
    let why_not = why_not(core, change, state);
    let author = match &change.requested.by {
        Who::User { user, .. } => user.clone(),
        Who::Station { station } => station.clone(),
    };
    let user = core.session.as_ref().map(|session| session.user.as_str());
    let first = change.request.machines.first();
    let record = room.ledger().get(change.request_hash);
    let decision = |step: &Step, decision: &str| DecisionDto {
        user: who(step),
        time_ms: ms(step.at),
        decision: decision.to_owned(),
        remark: step.remark.clone(),
    };
    let approvals = change.approvals.iter().map(|step| decision(step, "approved"));
    ChangeDto {
        request: change.request_hash.to_string(),
        author: who(&change.requested),
        station: record.map(|record| record.payload.station.clone()).unwrap_or_default(),
        requested_ms: ms(change.requested.at),
        reason: change.request.reason.clone(),
        machines: change.machines.iter().map(|on| machine_dto(core, room, change, on)).collect(),
        config: first.map(|machine| machine.config.clone()).unwrap_or_default(),
        base_config: first.map(|machine| machine.base_config.clone()),
        base: first.map(|machine| machine.base_version).filter(|version| *version > 0).map(shown_version),
        state: state_word(state).to_owned(),
        approvals: approvals.chain(change.rejections.iter().map(|step| decision(step, "rejected"))).collect(),
        approvals_needed: u32::from(change.machines.iter().filter_map(|on| on.approvals_needed).max().unwrap_or(1)),
        may_decide: why_not.is_empty(),
        why_not,
        may_withdraw: state == State::Requested && user == Some(author.as_str()),
        consequence: change_consequence(core, change, Intent::of(Verdict::Approve, change)),
    }
}

/// Why the signed-in user may not decide on a change; empty if it may. The core has the last word when it is signed.
fn why_not(core: &Core, change: &Change, state: State) -> String {
    let Some(session) = &core.session else { return "sign in to approve or reject".to_owned() };
    if state != State::Requested {
        return "it is not waiting for a decision".to_owned();
    }
    if change.authors.contains(&session.user) {
        return "four eyes: you are the author".to_owned();
    }
    if !session.roles.contains(&Role::Approver) {
        return format!("{} is no approver", session.name);
    }
    let mine = |step: &Step| matches!(&step.by, Who::User { user, .. } if *user == session.user);
    if change.approvals.iter().any(mine) {
        "you have approved it; another person has to".to_owned()
    } else if !is_alike(&change.request.machines) {
        NOT_ALIKE.to_owned()
    } else {
        String::new()
    }
}

/// Who made a step, by name.
fn who(step: &Step) -> String {
    match &step.by {
        Who::User { name, .. } => name.clone(),
        Who::Station { station } => station.clone(),
    }
}

/// A change on one machine, with its timeline.
fn machine_dto(core: &Core, room: &ChangeRoom, change: &Change, on: &MachineChangeState) -> ChangeMachine {
    let machine = core.plant.by_name(&on.machine);
    ChangeMachine {
        machine: machine.map_or(0, |machine| machine.id.0),
        name: name_of(core, &on.machine),
        waiting: waiting(room, change, &on.machine),
        state: state_word(on.state).to_owned(),
        version: on.version.map(shown_version),
        steps: steps(change, on),
    }
}

/// The steps of a change on a machine: proven ones with their time; of the rest the next one with "awaited since".
fn steps(change: &Change, on: &MachineChangeState) -> Vec<StepDto> {
    let ended = change.rejections.first().map(|step| ("rejected", step));
    let ended = ended.or_else(|| change.withdrawals.first().map(|step| ("withdrawn", step)));
    let ended = ended.or_else(|| change.expired.as_ref().map(|step| ("expired", step)));
    let needed = usize::from(on.approvals_needed.unwrap_or(u8::MAX));
    let approved = change.approvals.iter().max_by_key(|step| step.at).filter(|_| change.approvals.len() >= needed);
    let mut path = vec![("requested", Some(&change.requested)), ("approved", approved)];
    if let (Some((step, proof)), None) = (ended, &on.publishing) {
        path.truncate(1);
        path.push((step, Some(proof)));
    } else {
        path.push(("publishing", on.publishing.as_ref()));
        path.push(("published", on.published.as_ref()));
        path.push(("received", on.received.as_ref()));
        match &on.refused {
            Some((step, _)) => path.push(("refused", Some(step))),
            None => path.push(("applied", on.applied.as_ref())),
        }
    }
    let closed = matches!(on.state, State::Stale | State::Overruled);
    let mut last = change.requested.at;
    let mut awaited = false;
    let mut steps = Vec::with_capacity(path.len());
    for (step, proof) in path {
        if let Some(proof) = proof {
            last = last.max(proof.at);
        }
        let next = proof.is_none() && !awaited && !closed;
        awaited |= proof.is_none();
        steps.push(step_dto(step, proof, next.then_some(ms(last)), on));
    }
    steps
}

/// One step at the door.
fn step_dto(step: &str, proof: Option<&Step>, awaited_since_ms: Option<f64>, on: &MachineChangeState) -> StepDto {
    let remark = match (&on.refused, step) {
        (Some((_, reason)), "refused") => reason.clone(),
        _ => proof.map(|proof| proof.remark.clone()).unwrap_or_default(),
    };
    StepDto {
        step: step.to_owned(),
        time_ms: proof.map(|proof| ms(proof.at)),
        awaited_since_ms,
        by: proof.map(who).unwrap_or_default(),
        record: proof.map(|proof| proof.record.to_string()[..8].to_owned()).unwrap_or_default(),
        remark,
    }
}
