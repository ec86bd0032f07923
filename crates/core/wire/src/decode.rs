//! From the bytes of one message to what they say.

use panfloor_model::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::limits::{FUTURE_LIMIT, MAX_BATCH, MAX_NAME_BYTES, MAX_PAYLOAD_BYTES};
use crate::mapping::Mapping;
use crate::message::{Arrival, Attributes, Decoded, Item, Rejected};
use crate::reject::RejectReason;
use crate::template::{Captures, TopicKind};
use crate::{aggregate, config, json, state, telemetry};

/// Decodes a message that came by MQTT.
#[must_use]
pub fn decode(mapping: &Mapping, arrival: &Arrival<'_>) -> Decoded {
    decode_with(mapping, arrival, Attributes::default())
}

/// Decodes a message that came with attributes, as from Pub/Sub.
#[must_use]
pub fn decode_with(mapping: &Mapping, arrival: &Arrival<'_>, attributes: Attributes<'_>) -> Decoded {
    if arrival.payload.len() > MAX_PAYLOAD_BYTES {
        return Decoded::rejection(RejectReason::TooLarge { bytes: arrival.payload.len() });
    }
    let Some((kind, captures)) = mapping.classify(arrival.topic) else {
        return Decoded::rejection(RejectReason::UnknownTopic);
    };
    let context = Context { mapping, arrival, attributes, captures };
    match kind {
        TopicKind::Telemetry => batch(arrival.payload, |object| telemetry::read(&context, object).map(Item::Reading)),
        TopicKind::Aggregate => {
            batch(arrival.payload, |object| aggregate::read(&context, &object).map(Item::Aggregate))
        }
        TopicKind::State => Decoded::single(state::read(&context).map(Item::State)),
        TopicKind::Config => Decoded::single(config::read(&context).map(Item::Config)),
        TopicKind::Command => Decoded::rejection(RejectReason::Command),
    }
}

/// What is known about a message beside its payload.
pub(crate) struct Context<'a> {
    pub(crate) mapping: &'a Mapping,
    pub(crate) arrival: &'a Arrival<'a>,
    pub(crate) attributes: Attributes<'a>,
    pub(crate) captures: Captures<'a>,
}

impl Context<'_> {
    /// The machine: the mapping's, the topic's, the attribute's, or the member `device`, or `id` unless it is a UUID,
    /// which is the reading's identity and new in each.
    pub(crate) fn machine(&self, object: Option<&Map<String, Value>>) -> Result<String, RejectReason> {
        let outside = self.mapping.fixed_machine.as_deref().or(self.captures.device).or(self.attributes.device_id);
        let named = outside.or_else(|| {
            let member = |name: &str| object?.get(name)?.as_str().filter(|text| !text.is_empty());
            member("device").or_else(|| member("id").filter(|id| !is_uuid(id)))
        });
        usable_machine(named.ok_or(RejectReason::NoMachine)?)
    }

    /// The time, unless it lies too far ahead of the arrival.
    pub(crate) fn not_in_future(&self, time: Timestamp) -> Result<Timestamp, RejectReason> {
        let arrived_at = self.arrival.arrived_at;
        if time > arrived_at.plus(FUTURE_LIMIT) {
            return Err(RejectReason::TimeInFuture { ahead_s: time.since(arrived_at).as_secs() });
        }
        Ok(time)
    }
}

/// Whether an `id` is a reading's identity instead of a machine: a UUID in any of its usual forms.
pub(crate) fn is_uuid(id: &str) -> bool {
    Uuid::try_parse(id).is_ok()
}

/// The name, if a machine can bear it.
pub(crate) fn usable_machine(name: &str) -> Result<String, RejectReason> {
    if is_usable_name(name) { Ok(name.to_owned()) } else { Err(RejectReason::BadMachineName) }
}

/// Whether machines and metrics can have this name.
pub(crate) fn is_usable_name(name: &str) -> bool {
    (1..=MAX_NAME_BYTES).contains(&name.len()) && !name.chars().any(char::is_control)
}

/// Reads one object, or each of an array of them.
fn batch(payload: &[u8], read: impl Fn(Map<String, Value>) -> Result<Item, RejectReason>) -> Decoded {
    let elements = match json::parse(payload, json::NOT_A_NUMBER) {
        Err(reason) => return Decoded::rejection(reason),
        Ok(Value::Object(object)) => return Decoded::single(read(object)),
        Ok(Value::Array(elements)) => elements,
        Ok(other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_))) => {
            return Decoded::rejection(RejectReason::NotAnObject { found: json::name_of(&other) });
        }
    };
    match elements.len() {
        0 => return Decoded::rejection(RejectReason::EmptyBatch),
        1..=MAX_BATCH => {}
        elements => return Decoded::rejection(RejectReason::BatchTooLong { elements }),
    }
    let mut decoded = Decoded { items: Vec::with_capacity(elements.len()), rejected: Vec::new() };
    for (index, element) in elements.into_iter().enumerate() {
        let outcome = match element {
            Value::Object(object) => read(object),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
                Err(RejectReason::NotAnObject { found: json::name_of(&other) })
            }
        };
        match outcome {
            Ok(item) => decoded.items.push(item),
            Err(reason) => {
                decoded.rejected.push(Rejected { reason, element: Some(index), excerpt_offset: None });
            }
        }
    }
    decoded
}
