//! Topic templates: MQTT topic filters whose wildcards have names.
//!
//! `/devices/{device}/events/#` matches what the filter `/devices/+/events/#` matches (MQTT 3.1.1, section 4.7), and
//! says which segment names the machine.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::limits::{MAX_NAME_BYTES, MAX_PATTERN_BYTES};

/// What the messages on a topic are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicKind {
    /// Readings of a machine.
    Telemetry,
    /// State reports of a machine.
    State,
    /// Desired config of a machine.
    Config,
    /// Commands to a machine.
    Command,
    /// Minute aggregates of a pipeline.
    Aggregate,
}

/// Why a pattern was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// Empty, or longer than the limit.
    #[error("the topic pattern has {bytes} bytes; it needs 1 to {MAX_PATTERN_BYTES}")]
    Length {
        /// Its length, bytes.
        bytes: usize,
    },
    /// NUL or another control character, which no topic may hold.
    #[error("the topic pattern {pattern:?} has a control character: remove it")]
    ControlCharacter {
        /// The pattern.
        pattern: String,
    },
    /// `#` that is not the whole last segment.
    #[error(
        "in the topic pattern \"{pattern}\" the # must be the whole last segment, as in \"/devices/{{device}}/events/#\""
    )]
    RestNotLast {
        /// The pattern.
        pattern: String,
    },
    /// A wildcard or a name that shares its segment with other text.
    #[error(
        "in the topic pattern \"{pattern}\" the segment \"{segment}\" mixes text with + or {{…}}: a wildcard must be a whole segment"
    )]
    MixedSegment {
        /// The pattern.
        pattern: String,
        /// The segment.
        segment: String,
    },
    /// A name that is empty or has other characters than a to z and `_`.
    #[error("in the topic pattern \"{pattern}\" the name in \"{segment}\" must be of letters a to z and _")]
    BadName {
        /// The pattern.
        pattern: String,
        /// The segment.
        segment: String,
    },
    /// The same name twice.
    #[error(
        "in the topic pattern \"{pattern}\" the name {{{name}}} stands twice: use + for the one that does not matter"
    )]
    RepeatedName {
        /// The pattern.
        pattern: String,
        /// The name.
        name: String,
    },
}

/// One level of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    /// This very text.
    Literal(String),
    /// `{name}`: any text, by this name.
    Named(String),
    /// `+`: any text.
    Any,
    /// `#`: any number of levels, also none.
    Rest,
}

/// A pattern of topics, and what the messages on them are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "TemplateText", into = "TemplateText")]
pub struct TopicTemplate {
    kind: TopicKind,
    pattern: String,
    segments: Vec<Segment>,
}

/// A template as it is written in a mapping.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateText {
    kind: TopicKind,
    pattern: String,
}

impl TryFrom<TemplateText> for TopicTemplate {
    type Error = TemplateError;

    fn try_from(text: TemplateText) -> Result<Self, TemplateError> {
        Self::parse(text.kind, &text.pattern)
    }
}

impl From<TopicTemplate> for TemplateText {
    fn from(template: TopicTemplate) -> Self {
        Self { kind: template.kind, pattern: template.pattern }
    }
}

/// What the named segments of a topic hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Captures<'t> {
    /// `{device}`.
    pub device: Option<&'t str>,
    /// `{metric}`.
    pub metric: Option<&'t str>,
}

impl TopicTemplate {
    /// Reads a pattern: segments divided by `/`, each a text, `{name}`, `+`, or a last `#`.
    ///
    /// # Errors
    /// If the pattern is empty, too long, or has a wildcard or name where none can be.
    pub fn parse(kind: TopicKind, pattern: &str) -> Result<Self, TemplateError> {
        if pattern.is_empty() || pattern.len() > MAX_PATTERN_BYTES {
            return Err(TemplateError::Length { bytes: pattern.len() });
        }
        if pattern.chars().any(char::is_control) {
            return Err(TemplateError::ControlCharacter { pattern: pattern.to_owned() });
        }
        let mut segments: Vec<Segment> = Vec::new();
        for text in pattern.split('/') {
            let segment = Segment::parse(pattern, text)?;
            if segments.last() == Some(&Segment::Rest) {
                return Err(TemplateError::RestNotLast { pattern: pattern.to_owned() });
            }
            if let Segment::Named(name) = &segment
                && segments.contains(&segment)
            {
                return Err(TemplateError::RepeatedName { pattern: pattern.to_owned(), name: name.clone() });
            }
            segments.push(segment);
        }
        Ok(Self { kind, pattern: pattern.to_owned(), segments })
    }

    /// What the messages on these topics are.
    #[must_use]
    pub const fn kind(&self) -> TopicKind {
        self.kind
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether a segment names the machine.
    #[must_use]
    pub fn names_device(&self) -> bool {
        self.segments.iter().any(|segment| matches!(segment, Segment::Named(name) if name == "device"))
    }

    /// The MQTT topic filter that subscribes to these topics.
    #[must_use]
    pub fn filter(&self) -> String {
        let levels: Vec<&str> = self
            .segments
            .iter()
            .map(|segment| match segment {
                Segment::Literal(text) => text.as_str(),
                Segment::Named(_) | Segment::Any => "+",
                Segment::Rest => "#",
            })
            .collect();
        levels.join("/")
    }

    /// What the named segments hold, if the topic matches.
    #[must_use]
    pub fn captures<'t>(&self, topic: &'t str) -> Option<Captures<'t>> {
        // MQTT 3.1.1, 4.7.2: a filter that starts with a wildcard does not match the broker's own topics.
        if topic.starts_with('$') && !matches!(self.segments.first(), Some(Segment::Literal(_))) {
            return None;
        }
        let mut captures = Captures::default();
        let mut levels = topic.split('/');
        for segment in &self.segments {
            match segment {
                Segment::Rest => return Some(captures),
                Segment::Any => drop(levels.next()?),
                Segment::Literal(text) => {
                    if levels.next()? != text {
                        return None;
                    }
                }
                Segment::Named(name) => {
                    let level = levels.next()?;
                    match name.as_str() {
                        "device" => captures.device = Some(level),
                        "metric" => captures.metric = Some(level),
                        _ => {}
                    }
                }
            }
        }
        levels.next().is_none().then_some(captures)
    }

    /// The topic on which to publish to this machine; a last `#` is left out.
    ///
    /// `None` if the name cannot be one segment of a topic (empty, too long, with `/`, `+`, `#` or a control character),
    /// or if the pattern has other open segments: then use [`TopicTemplate::topic_with`].
    #[must_use]
    pub fn topic_for(&self, device: &str) -> Option<String> {
        self.topic_with(device, &[])
    }

    /// The topic on which to publish to this machine, with texts for the other named segments.
    ///
    /// `None` as in [`TopicTemplate::topic_for`]; the same holds for the other texts.
    #[must_use]
    pub fn topic_with(&self, device: &str, others: &[(&str, &str)]) -> Option<String> {
        let mut levels = Vec::with_capacity(self.segments.len());
        for segment in &self.segments {
            match segment {
                Segment::Literal(text) => levels.push(text.as_str()),
                Segment::Named(name) if name == "device" => levels.push(publishable(device)?),
                Segment::Named(name) => {
                    let (_, text) = others.iter().find(|(other, _)| other == name)?;
                    levels.push(publishable(text)?);
                }
                Segment::Any => return None,
                Segment::Rest => {}
            }
        }
        let topic = levels.join("/");
        // A name such as `$SYS` in the first segment would reach into the broker's own topics.
        (!topic.is_empty() && !topic.starts_with('$')).then_some(topic)
    }
}

impl Segment {
    fn parse(pattern: &str, text: &str) -> Result<Self, TemplateError> {
        match text {
            "+" => return Ok(Self::Any),
            "#" => return Ok(Self::Rest),
            _ => {}
        }
        if let Some(name) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
                return Err(TemplateError::BadName { pattern: pattern.to_owned(), segment: text.to_owned() });
            }
            return Ok(Self::Named(name.to_owned()));
        }
        if text.contains('#') {
            return Err(TemplateError::RestNotLast { pattern: pattern.to_owned() });
        }
        if text.contains(['+', '{', '}']) {
            return Err(TemplateError::MixedSegment { pattern: pattern.to_owned(), segment: text.to_owned() });
        }
        Ok(Self::Literal(text.to_owned()))
    }
}

/// The text, if it can be one segment of a topic.
fn publishable(text: &str) -> Option<&str> {
    let fits = !text.is_empty() && text.len() <= MAX_NAME_BYTES;
    (fits && !text.contains(|c: char| matches!(c, '/' | '+' | '#') || c.is_control())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{Captures, TemplateError, TopicKind, TopicTemplate};

    fn template(pattern: &str) -> TopicTemplate {
        TopicTemplate::parse(TopicKind::Telemetry, pattern).unwrap()
    }

    fn device<'t>(pattern: &str, topic: &'t str) -> Option<Option<&'t str>> {
        template(pattern).captures(topic).map(|captures| captures.device)
    }

    #[test]
    fn matches_as_mqtt_filters_do() {
        let events = "/devices/{device}/events/#";
        assert_eq!(device(events, "/devices/pan-03/events"), Some(Some("pan-03")));
        assert_eq!(device(events, "/devices/pan-03/events/fast/more"), Some(Some("pan-03")));
        assert_eq!(device(events, "/devices/pan-03/eventsx"), None);
        assert_eq!(device(events, "devices/pan-03/events"), None);
        assert_eq!(device("+/{device}", "lublin/pan-03"), Some(Some("pan-03")));
        assert_eq!(device("+/{device}", "lublin/pan-03/"), None);
        assert_eq!(device("+/{device}", "$SYS/broker"), None);
        assert_eq!(device("#", "$SYS/broker"), None);
        assert_eq!(device("$SYS/#", "$SYS/broker"), Some(None));
    }

    #[test]
    fn names_two_segments() {
        let captures = template("/aggregates/{device}/{metric}").captures("/aggregates/pan-03/pressure");
        assert_eq!(captures, Some(Captures { device: Some("pan-03"), metric: Some("pressure") }));
    }

    #[test]
    fn builds_filters_and_topics() {
        let events = template("lublin/{line}/{device}/events/#");
        assert_eq!(events.filter(), "lublin/+/+/events/#");
        assert_eq!(events.topic_for("pan-03"), None);
        assert_eq!(events.topic_with("pan-03", &[("line", "line-2")]).as_deref(), Some("lublin/line-2/pan-03/events"));
    }

    #[test]
    fn refuses_to_publish_beside_the_machines_own_topic() {
        let config = template("/devices/{device}/config");
        for name in ["", "a/b", "+", "#", "a\0b", "../x", &"x".repeat(129)] {
            assert_eq!(config.topic_for(name), None, "{name:?}");
        }
        assert_eq!(template("{device}/config").topic_for("$SYS"), None);
        assert_eq!(template("a/+/{device}").topic_for("pan-03"), None);
    }

    #[test]
    fn refuses_patterns_with_a_reason() {
        let refused = |pattern: &str| TopicTemplate::parse(TopicKind::State, pattern).unwrap_err();
        assert!(matches!(refused(""), TemplateError::Length { bytes: 0 }));
        assert!(matches!(refused("a\nb"), TemplateError::ControlCharacter { .. }));
        assert!(matches!(refused("a/#/b"), TemplateError::RestNotLast { .. }));
        assert!(matches!(refused("a/b#"), TemplateError::RestNotLast { .. }));
        assert!(matches!(refused("a/pan-{device}"), TemplateError::MixedSegment { .. }));
        assert!(matches!(refused("a/{}"), TemplateError::BadName { .. }));
        assert!(matches!(refused("a/{Device 1}"), TemplateError::BadName { .. }));
        assert!(matches!(refused("{device}/{device}"), TemplateError::RepeatedName { .. }));
    }
}
