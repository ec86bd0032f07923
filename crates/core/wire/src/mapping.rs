//! A source's mapping: which topics carry what, and how to read what the messages leave open.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::limits::{MAX_TEMPLATES, MAX_TEXT_TAGS};
use crate::reject::RejectReason;
use crate::template::{Captures, TopicKind, TopicTemplate};

/// Which topics of a source carry what, and how to read what its messages leave open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Tried in this order; the first that matches says what a message is.
    pub templates: Vec<TopicTemplate>,
    /// The machine of all messages of this source, whatever they say themselves.
    pub fixed_machine: Option<String>,
    /// IANA zone of times that name none.
    pub time_zone: chrono_tz::Tz,
    /// Whether configs travel in an envelope with version and approvals. `false`: as a bare blob, and a state report
    /// without `config` is taken to be the effective values themselves.
    pub config_envelope: bool,
    /// Members with text that are stored as state tags, besides `phase` and `mode`.
    pub text_tags: Vec<String>,
}

/// Why a mapping cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MappingError {
    /// Too many templates.
    #[error("the mapping has {count} topic templates; at most {MAX_TEMPLATES} are allowed: use wildcards")]
    TooManyTemplates {
        /// How many.
        count: usize,
    },
    /// Nothing to read.
    #[error("the mapping has no topic template for telemetry, state or aggregates: nothing would arrive; add one")]
    NothingToRead,
    /// Too many text tags.
    #[error("the mapping names {count} text tags; at most {MAX_TEXT_TAGS} are allowed")]
    TooManyTextTags {
        /// How many.
        count: usize,
    },
    /// The fixed machine's name cannot be one.
    #[error("the fixed machine's name is not usable: it needs 1 to 128 bytes and no control characters")]
    BadFixedMachine,
}

impl Default for Mapping {
    /// The default layout: that of the retired Google IoT Core's MQTT bridge, and minute aggregates beside it.
    fn default() -> Self {
        let templates = [
            (TopicKind::Telemetry, "/devices/{device}/events/#"),
            (TopicKind::State, "/devices/{device}/state"),
            (TopicKind::Config, "/devices/{device}/config"),
            (TopicKind::Command, "/devices/{device}/commands/{name}"),
            (TopicKind::Aggregate, "/aggregates/{device}/{metric}"),
        ];
        Self {
            // A test shows that all five parse.
            templates: templates.iter().filter_map(|(kind, text)| TopicTemplate::parse(*kind, text).ok()).collect(),
            fixed_machine: None,
            time_zone: chrono_tz::Tz::UTC,
            config_envelope: true,
            text_tags: Vec::new(),
        }
    }
}

impl Mapping {
    /// Whether the mapping can be used.
    ///
    /// # Errors
    /// If it has too many parts, nothing to read, or a machine name that cannot be one.
    pub fn check(&self) -> Result<(), MappingError> {
        if self.templates.len() > MAX_TEMPLATES {
            return Err(MappingError::TooManyTemplates { count: self.templates.len() });
        }
        if !self
            .templates
            .iter()
            .any(|t| matches!(t.kind(), TopicKind::Telemetry | TopicKind::State | TopicKind::Aggregate))
        {
            return Err(MappingError::NothingToRead);
        }
        if self.text_tags.len() > MAX_TEXT_TAGS {
            return Err(MappingError::TooManyTextTags { count: self.text_tags.len() });
        }
        match &self.fixed_machine {
            Some(name) => {
                crate::decode::usable_machine(name).map(drop).map_err(|_: RejectReason| MappingError::BadFixedMachine)
            }
            None => Ok(()),
        }
    }

    /// What a message on this topic is, and what its named segments hold.
    #[must_use]
    pub fn classify<'t>(&self, topic: &'t str) -> Option<(TopicKind, Captures<'t>)> {
        self.templates.iter().find_map(|template| Some((template.kind(), template.captures(topic)?)))
    }

    /// MQTT filters of what flows all the time: telemetry and aggregates.
    #[must_use]
    pub fn data_filters(&self) -> Vec<String> {
        self.filters(&[TopicKind::Telemetry, TopicKind::Aggregate])
    }

    /// MQTT filters of what must not wait behind telemetry: states and configs.
    #[must_use]
    pub fn control_filters(&self) -> Vec<String> {
        self.filters(&[TopicKind::State, TopicKind::Config])
    }

    fn filters(&self, kinds: &[TopicKind]) -> Vec<String> {
        let mut filters: Vec<String> = Vec::new();
        for template in self.templates.iter().filter(|template| kinds.contains(&template.kind())) {
            let filter = template.filter();
            if !filters.contains(&filter) {
                filters.push(filter);
            }
        }
        filters
    }

    /// Topic of the machine's desired config. `None` if no template gives one for this name.
    #[must_use]
    pub fn config_topic(&self, device: &str) -> Option<String> {
        self.topic(TopicKind::Config, device, &[])
    }

    /// Topic of the machine's state reports. `None` if no template gives one for this name.
    #[must_use]
    pub fn state_topic(&self, device: &str) -> Option<String> {
        self.topic(TopicKind::State, device, &[])
    }

    /// Topic of the machine's readings. `None` if no template gives one for this name.
    #[must_use]
    pub fn telemetry_topic(&self, device: &str) -> Option<String> {
        self.topic(TopicKind::Telemetry, device, &[])
    }

    /// Topic of a command to the machine. `None` if no template gives one for these names.
    #[must_use]
    pub fn command_topic(&self, device: &str, command: &str) -> Option<String> {
        self.topic(TopicKind::Command, device, &[("name", command)])
    }

    fn topic(&self, kind: TopicKind, device: &str, others: &[(&str, &str)]) -> Option<String> {
        self.templates
            .iter()
            .filter(|template| template.kind() == kind)
            // A topic that names no machine belongs to the fixed one; another machine's message must not go there.
            .filter(|template| template.names_device() || self.fixed_machine.as_deref() == Some(device))
            .find_map(|template| template.topic_with(device, others))
    }
}

#[cfg(test)]
mod tests {
    use super::{Mapping, MappingError, TopicKind, TopicTemplate};

    #[test]
    fn the_default_has_all_five_layouts() {
        let mapping = Mapping::default();
        assert_eq!(mapping.templates.len(), 5);
        assert_eq!(mapping.check(), Ok(()));
        assert_eq!(mapping.data_filters(), ["/devices/+/events/#", "/aggregates/+/+"]);
        assert_eq!(mapping.control_filters(), ["/devices/+/state", "/devices/+/config"]);
        assert_eq!(mapping.config_topic("pan-03").as_deref(), Some("/devices/pan-03/config"));
        assert_eq!(mapping.state_topic("pan-03").as_deref(), Some("/devices/pan-03/state"));
        assert_eq!(mapping.telemetry_topic("pan-03").as_deref(), Some("/devices/pan-03/events"));
        assert_eq!(mapping.command_topic("pan-03", "trip").as_deref(), Some("/devices/pan-03/commands/trip"));
        assert_eq!(mapping.config_topic("pan/03"), None);
    }

    #[test]
    fn a_topic_without_a_device_is_the_fixed_machines_alone() {
        let mapping = Mapping {
            templates: vec![TopicTemplate::parse(TopicKind::Config, "pan/config").unwrap()],
            fixed_machine: Some("pan-03".to_owned()),
            ..Mapping::default()
        };
        assert_eq!(mapping.config_topic("pan-03").as_deref(), Some("pan/config"));
        assert_eq!(mapping.config_topic("pan-04"), None);
    }

    #[test]
    fn is_written_and_read_as_json() {
        let text = r#"{"templates":[{"kind":"telemetry","pattern":"{device}/t"}],"time_zone":"Europe/Warsaw"}"#;
        let mapping: Mapping = serde_json::from_str(text).unwrap();
        assert_eq!(mapping.time_zone, chrono_tz::Europe::Warsaw);
        assert!(mapping.config_envelope);
        let again: Mapping = serde_json::from_str(&serde_json::to_string(&mapping).unwrap()).unwrap();
        assert_eq!(again, mapping);
        let broken = r#"{"templates":[{"kind":"telemetry","pattern":"a/#/b"}]}"#;
        let error = serde_json::from_str::<Mapping>(broken).unwrap_err().to_string();
        assert!(error.contains("must be the whole last segment"), "{error}");
    }

    #[test]
    fn a_mapping_that_cannot_work_is_refused() {
        let nothing = Mapping { templates: Vec::new(), ..Mapping::default() };
        assert_eq!(nothing.check(), Err(MappingError::NothingToRead));
        let nameless = Mapping { fixed_machine: Some(String::new()), ..Mapping::default() };
        assert_eq!(nameless.check(), Err(MappingError::BadFixedMachine));
    }
}
