//! The draft of an exception as YAML: what `exceptions new` writes, and the texts that `close` adds.

use std::fmt::Write as _;

use crate::catalog::schema;
use crate::day::Day;

/// What a draft says.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    /// Where editors find the schema, when the portal is published.
    pub(super) schema: Option<String>,
    pub(super) id: &'a str,
    pub(super) service: &'a str,
    pub(super) requested_by: &'a str,
    pub(super) owner: Option<&'a str>,
    pub(super) requested_at: Day,
    /// `control` or `rule`, and which one.
    pub(super) about: (&'static str, &'a str),
    pub(super) environment: Option<&'a str>,
    pub(super) resource: Option<&'a str>,
    pub(super) requested_state: Option<&'a str>,
    pub(super) reason: &'a str,
    pub(super) risk: &'static str,
    pub(super) compensating_controls: &'a [String],
    pub(super) expires_at: Day,
    pub(super) review_cadence: Option<&'a str>,
    pub(super) monitoring: Option<&'a str>,
    pub(super) migration_path: Option<&'a str>,
    /// Roles that must approve by policy.
    pub(super) approvers: &'a [&'a str],
}

impl Draft<'_> {
    /// The file.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        if let Some(schema) = &self.schema {
            text.push_str(&schema::header(schema));
        }
        let mut key = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                let _ = writeln!(text, "{key}: {}", scalar(value));
            }
        };
        key("exceptionId", Some(self.id));
        key("service", Some(self.service));
        key("requestedBy", Some(self.requested_by));
        key("owner", self.owner);
        key("requestedAt", Some(&self.requested_at.to_string()));
        key(self.about.0, Some(self.about.1));
        if self.environment.is_some() || self.resource.is_some() {
            text.push_str("scope:\n");
        }
        let mut key = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                let _ = writeln!(text, "{key}: {}", scalar(value));
            }
        };
        key("  environment", self.environment);
        key("  resource", self.resource);
        key("requestedState", self.requested_state);
        key("reason", Some(self.reason));
        key("risk", Some(self.risk));
        text.push_str("compensatingControls:\n");
        for control in self.compensating_controls {
            let _ = writeln!(text, "  - {}", scalar(control));
        }
        let mut key = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                let _ = writeln!(text, "{key}: {}", scalar(value));
            }
        };
        key("expiresAt", Some(&self.expires_at.to_string()));
        key("reviewCadence", self.review_cadence);
        key("monitoring", self.monitoring);
        key("migrationPath", self.migration_path);
        if !self.approvers.is_empty() {
            text.push_str(
                "# It waives nothing until each of these roles has approved: remove the `#` and fill in who and when.\n",
            );
            text.push_str("# approvals:\n");
            for role in self.approvers {
                let _ = writeln!(text, "#   - {{role: {}, by: , at: }}", scalar(role));
            }
        }
        text
    }
}

/// `text` as a scalar of YAML in one line: bare where that can only mean the text, else quoted.
pub(super) fn scalar(text: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    if (begins && text.bytes().all(is_bare) && !is_word) || Day::parse(text).is_some() {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            _ if c.is_control() => {
                let _ = write!(quoted, "\\x{:02x}", u32::from(c));
            }
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::scalar;
    use crate::catalog::yaml;

    fn read_back(text: &str) -> Option<String> {
        let documents = yaml::parse(&format!("key: {}\nnext: 1\n", text), yaml::Limits::default());
        let document = documents.into_iter().next()?.ok()?;
        (document.root.entries()?.len() == 2).then_some(())?;
        Some(document.root.get("key")?.scalar()?.text.to_string())
    }

    #[test]
    fn words_stay_bare_and_all_else_is_quoted() {
        for bare in ["waf-required", "2026-11-21", "EX-2026-0017", "http-service"] {
            assert_eq!(scalar(bare), bare);
        }
        for quoted in ["no", "0123", "@rook", "1.5", "a: b", "", "- x", "2026-13-01"] {
            assert!(scalar(quoted).starts_with('"'), "{quoted}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_reads_back_as_it_was(text in "\\PC*|[ -~\n\t\r\"\\\\:#{}\\[\\],&*!|>%@`'-]*|.{0,20}") {
            proptest::prop_assert_eq!(read_back(&scalar(&text)), Some(text));
        }
    }
}
