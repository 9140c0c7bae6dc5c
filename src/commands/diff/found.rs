//! What was found to have moved something, cause by cause, and how it is said.

use std::collections::{BTreeMap, BTreeSet};

use super::documents::Input;
use super::evidence::in_folder;
use crate::assess::change::{Because, Cause};
use crate::words;

/// Files and fields that are named at most for one change.
const NAMED: usize = 3;

/// Causes of one change, with what is to be said of each.
#[derive(Default)]
pub(super) struct Found {
    /// The causes.
    pub(super) causes: BTreeSet<Cause>,
    texts: BTreeMap<Cause, BTreeSet<String>>,
    /// Rules for which something else was observed.
    observed: BTreeSet<String>,
    /// Rules for which what was observed grew too old.
    stale: BTreeSet<String>,
}

/// Something that a rule read at both times.
pub(super) struct Reading<'a> {
    /// What it was.
    pub(super) was: &'a Input,
    /// What it is.
    pub(super) is: &'a Input,
    /// Why the rule is unknown.
    pub(super) message: Option<&'a str>,
    /// The rule.
    pub(super) rule: &'a str,
    /// Whether it is read from another record, because the service names another.
    pub(super) leads_elsewhere: bool,
    /// Whether the two times are two days.
    pub(super) another_day: bool,
}

impl Reading<'_> {
    fn cause(&self) -> Option<Cause> {
        let Self { was, is, .. } = self;
        let begins = |names: &[&str]| names.iter().any(|name| is.path.starts_with(name));
        if (&was.state, &was.value) == (&is.state, &is.value) {
            None
        } else if self.grew_old() || self.another_day && begins(&["today", "factAge(", "attested("]) {
            Some(Cause::Clock)
        } else if is.is_observed() || was.is_observed() {
            Some(Cause::Facts)
        } else if begins(&["team", "goldenPath", "account"]) && !self.leads_elsewhere {
            Some(Cause::Rule)
        } else {
            Some(Cause::Descriptor)
        }
    }

    fn grew_old(&self) -> bool {
        self.is.state == "unknown" && self.message.is_some_and(|why| why.contains("is older than"))
    }
}

impl Found {
    /// Adds a cause in words.
    pub(super) fn add(&mut self, cause: Cause, text: String) {
        self.causes.insert(cause);
        self.texts.entry(cause).or_default().insert(text);
    }

    /// Adds that a scorecard says something else.
    pub(super) fn rule(&mut self, scorecard: &str, file: Option<String>) {
        let what = file.unwrap_or_else(|| format!("the scorecard {scorecard}"));
        self.add(Cause::Rule, format!("{what} changed"));
    }

    /// Adds what moved something that a rule read.
    pub(super) fn reading(&mut self, reading: &Reading<'_>) {
        let Some(cause) = reading.cause() else { return };
        self.causes.insert(cause);
        match cause {
            Cause::Rule => {
                let origin = reading.is.origin.as_ref().or(reading.was.origin.as_ref());
                let file = origin.and_then(in_folder).unwrap_or_else(|| reading.is.path.clone());
                self.add(Cause::Rule, format!("{file} changed"));
            }
            Cause::Facts => {
                self.observed.insert(reading.rule.to_owned());
            }
            Cause::Clock if reading.grew_old() => {
                self.stale.insert(reading.rule.to_owned());
            }
            Cause::Clock | Cause::Descriptor => {}
        }
    }

    /// All of it in words: `day` says which day went to which, `declared` what the service says otherwise,
    /// `of_rules` whether rules moved.
    pub(super) fn said(mut self, day: &str, declared: &[String], of_rules: bool) -> Vec<Because> {
        let mut all = Vec::new();
        for cause in std::mem::take(&mut self.causes) {
            let texts: Vec<String> = self.texts.remove(&cause).into_iter().flatten().collect();
            let texts = match cause {
                Cause::Descriptor if declared.is_empty() => {
                    vec!["another service or document that it is judged by changed".to_owned()]
                }
                Cause::Descriptor => declared.to_vec(),
                Cause::Rule if texts.is_empty() => vec!["the catalog folder changed".to_owned()],
                Cause::Rule => texts,
                Cause::Clock => vec![self.clock(day, texts)],
                Cause::Facts => vec![self.observation(of_rules)],
            };
            all.extend(texts.into_iter().take(NAMED).map(|text| said((cause, text))));
        }
        all
    }

    fn clock(&self, day: &str, texts: Vec<String>) -> String {
        let head = format!("{day}: ");
        let mut parts: Vec<String> =
            texts.iter().map(|text| text.strip_prefix(&head).unwrap_or(text).to_owned()).collect();
        if !self.stale.is_empty() {
            let rules = words::count(self.stale.len(), "rule needs", "rules need");
            parts.push(format!("what {rules} grew too old"));
        }
        if parts.is_empty() { day.to_owned() } else { format!("{head}{}", parts.join(", ")) }
    }

    fn observation(&self, of_rules: bool) -> String {
        let rules: Vec<&str> = self.observed.iter().map(String::as_str).collect();
        match rules.as_slice() {
            [] if of_rules => "what was observed for its rules changed".to_owned(),
            [] => "what was observed changed".to_owned(),
            [one] => format!("what was observed for the rule {one} changed"),
            several => {
                format!("what was observed for {} changed", words::count(several.len(), "rule", "rules"))
            }
        }
    }
}

/// A cause in words. The documents say where in the text; a place in this run's catalog there is none.
pub(super) fn said((cause, text): (Cause, String)) -> Because {
    Because { cause, text: text.into(), origin: None }
}

/// Some of `keys`, and how many more there are.
pub(super) fn named(keys: &[&str]) -> String {
    let shown = keys[..keys.len().min(NAMED)].join(", ");
    match keys.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
