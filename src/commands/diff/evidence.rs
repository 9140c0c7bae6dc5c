//! Why something moved between two portals, as far as their documents tell: a rule that says something
//! else, a field with another value, an exception that ended, an observation.
//!
//! Unlike `assess::change` nothing is judged again, so a cause is what differs among the things that a
//! result rests on. Two inputs that changed at once are both named, also where one alone would have done.

use std::collections::{BTreeMap, BTreeSet};

use super::arithmetic::Times;
use super::documents::{Field, JudgedRule, Origin, Service};
use super::found::{Found, Reading, named, said};
use super::published::Published;
use crate::assess::change::{Because, Cause, Change, Measure, Moved, RuleMove};
use crate::commands::Failure;

/// Says of each of `changes` why it moved. Changes of one subject stand together.
pub(super) fn explain(before: &Published, after: &Published, changes: &mut [Change]) -> Result<(), Failure> {
    let differing = differing(before, after);
    for own in changes.chunk_by_mut(|one, other| one.subject == other.subject) {
        let evidence = match own[0].subject.clone() {
            Moved::Exception(id) => Evidence::of_exception(before, after, &id, &own[0].measure)?,
            Moved::Service(id) => match own[0].measure {
                Measure::Existence => Evidence::of_existence(before, after, &id)?,
                _ => Evidence::of_service(before, after, &id)?,
            },
        };
        for change in own {
            change.because = evidence.because(change, &differing);
        }
    }
    Ok(())
}

/// The inputs that are not the same.
pub(super) fn differing(before: &Published, after: &Published) -> Vec<Cause> {
    let other = |of: fn(&super::published::Inputs) -> u64| {
        before.inputs.len() != after.inputs.len()
            || before.inputs.iter().any(|(id, was)| after.inputs.get(id).map(of) != Some(of(was)))
    };
    let collected = before.snapshot != after.snapshot;
    let differs = |cause: &Cause| match cause {
        Cause::Descriptor => collected && other(|inputs| inputs.declared),
        Cause::Rule => before.catalog_revision != after.catalog_revision,
        Cause::Clock => before.today != after.today,
        Cause::Facts => collected && other(|inputs| inputs.observed),
    };
    Cause::ALL.into_iter().filter(differs).collect()
}

/// What differs of one subject.
struct Evidence<'a> {
    before: &'a Published,
    after: &'a Published,
    /// What is known of every change of the subject.
    always: Vec<Because>,
    pair: Option<Pair>,
}

/// A service before and afterwards.
struct Pair {
    before: Service,
    after: Service,
    /// Fields and documents that are other, by file.
    declared: Vec<String>,
    /// Exceptions that name it and have another state or other fields: what moved them, in words.
    exceptions: BTreeMap<String, (Cause, String)>,
}

impl Pair {
    /// Whether what is read under `path` lies in another record than before, because the service names
    /// another: its team, its golden path.
    fn leads_elsewhere(&self, path: &str) -> bool {
        let differs = |key: &str| {
            let value = |service: &Service| service.fields.get(key).map(|field| field.value.clone());
            value(&self.before) != value(&self.after)
        };
        path.starts_with("team") && differs("ownerTeam")
            || path.starts_with("goldenPath") && differs("goldenPath")
    }
}

impl<'a> Evidence<'a> {
    fn of_exception(
        before: &'a Published,
        after: &'a Published,
        id: &str,
        measure: &Measure,
    ) -> Result<Self, Failure> {
        let because = match measure {
            Measure::Existence => {
                let (fields, verb) = match after.exception(id) {
                    Ok(own) => (own.fields, "is new"),
                    Err(_) => (before.exception(id)?.fields, "is gone"),
                };
                (Cause::Rule, format!("{} {verb}", file_of(&fields, in_folder, id)))
            }
            _ => moved(before, after, id)?,
        };
        Ok(Self { before, after, always: vec![said(because)], pair: None })
    }

    /// A service that is there in one of the two only.
    fn of_existence(before: &'a Published, after: &'a Published, id: &str) -> Result<Self, Failure> {
        let (fields, verb) = match after.inputs.contains_key(id) {
            true => (after.service(id)?.fields, "is new"),
            false => (before.service(id)?.fields, "is gone or names another service"),
        };
        let because = (Cause::Descriptor, format!("{} {verb}", file_of(&fields, in_repository, id)));
        Ok(Self { before, after, always: vec![said(because)], pair: None })
    }

    fn of_service(before: &'a Published, after: &'a Published, id: &str) -> Result<Self, Failure> {
        let (was, is) = (before.service(id)?, after.service(id)?);
        let states = |service: &Service| -> BTreeMap<String, String> {
            service.exceptions.iter().map(|own| (own.id.clone(), own.state.clone())).collect()
        };
        let (old, new) = (states(&was), states(&is));
        let mut exceptions = BTreeMap::new();
        for (exception, state) in &new {
            if old.get(exception).is_some_and(|old| old != state) {
                let (cause, text) = moved(before, after, exception)?;
                exceptions.insert(exception.clone(), (cause, format!("{text}: {exception} is {state}")));
            } else if !old.contains_key(exception) {
                exceptions.insert(exception.clone(), (Cause::Rule, format!("{exception} is new")));
            }
        }
        for exception in old.keys().filter(|id| !new.contains_key(*id)) {
            exceptions.insert(exception.clone(), (Cause::Rule, format!("{exception} is gone")));
        }
        let declared = declared(&was, &is);
        Ok(Self {
            before,
            after,
            always: Vec::new(),
            pair: Some(Pair { before: was, after: is, declared, exceptions }),
        })
    }

    /// Why `change` is so; where nothing tells, the inputs that are not the same at all.
    fn because(&self, change: &Change, differing: &[Cause]) -> Vec<Because> {
        let Some(pair) = &self.pair else { return self.always.clone() };
        let mut found = Found::default();
        let scorecard = change.measure.scorecard();
        let share = scorecard.and_then(|id| self.times(pair, id)).map(|times| times.share(change));
        if let Some(scorecard) = scorecard.filter(|_| share.is_some_and(|share| share.counting)) {
            found.rule(scorecard, self.file_of_scorecard(scorecard));
        }
        if scorecard.is_some() && share.is_none_or(|share| share.outcomes) {
            change.rules.iter().for_each(|moved| self.rule(pair, moved, &mut found));
        }
        match scorecard {
            Some(scorecard) if share.is_none() => self.applies(pair, scorecard, &mut found),
            Some(_) => {}
            None => self.tier(pair, &change.rules, &mut found),
        }
        if found.causes.is_empty() {
            found.causes.extend(differing);
        }
        found.said(&self.day(), &pair.declared, !change.rules.is_empty())
    }

    /// What a rule that moved rests on.
    fn rule(&self, pair: &Pair, moved: &RuleMove, found: &mut Found) {
        let says = |portal: &'a Published| portal.scorecards.get(&*moved.scorecard)?.rule(&moved.rule);
        if let (Some(was), Some(is)) = (says(self.before), says(self.after))
            && !was.says_as(is)
        {
            found.rule(&moved.scorecard, self.file_of_scorecard(&moved.scorecard));
        }
        let (Some(was), Some(is)) = (judged(&pair.before, moved), judged(&pair.after, moved)) else {
            return self.applies(pair, &moved.scorecard, found);
        };
        for input in &is.inputs {
            if let Some(before) = was.inputs.iter().find(|other| other.path == input.path) {
                found.reading(&Reading {
                    was: before,
                    is: input,
                    message: is.message.as_deref(),
                    rule: &moved.rule,
                    leads_elsewhere: pair.leads_elsewhere(&input.path),
                    another_day: self.before.today != self.after.today,
                });
            }
        }
        for exception in [&was.exception, &is.exception].into_iter().flatten() {
            if let Some((cause, text)) = pair.exceptions.get(exception) {
                found.add(*cause, text.clone());
            }
        }
        if was.announced && !is.announced && self.before.today != self.after.today {
            found.add(Cause::Clock, format!("{} counts from now on", moved.rule));
        }
    }

    /// Why a scorecard or a rule of it judges a service that it did not judge, or no more.
    fn applies(&self, pair: &Pair, scorecard: &str, found: &mut Found) {
        let condition = |portal: &'a Published| portal.scorecards.get(scorecard).map(|card| &card.applies_to);
        let rules = |portal: &'a Published| {
            let rules = portal.scorecards.get(scorecard).into_iter().flat_map(|card| &card.rules);
            rules.map(|rule| rule.id.as_str()).collect::<Vec<_>>()
        };
        if condition(self.before) != condition(self.after) || rules(self.before) != rules(self.after) {
            found.rule(scorecard, self.file_of_scorecard(scorecard));
        } else if !pair.declared.is_empty() {
            found.causes.insert(Cause::Descriptor);
        }
    }

    /// The scorecard and what it said, when it judged the service both times.
    fn times<'p>(&'p self, pair: &'p Pair, scorecard: &str) -> Option<Times<'p>> {
        Some(Times {
            before: (self.before.scorecards.get(scorecard)?, pair.before.scorecards.get(scorecard)?),
            after: (self.after.scorecards.get(scorecard)?, pair.after.scorecards.get(scorecard)?),
        })
    }

    /// What a tier rests on: its record and its golden path; else exceptions, the rules, the day.
    fn tier(&self, pair: &Pair, rules: &[RuleMove], found: &mut Found) {
        if !pair.declared.is_empty() {
            found.causes.insert(Cause::Descriptor);
        }
        if let Some(file) = self.path_of(pair) {
            found.add(Cause::Rule, format!("{file} changed"));
        }
        if found.causes.is_empty() {
            for (cause, text) in pair.exceptions.values() {
                found.add(*cause, text.clone());
            }
        }
        if found.causes.is_empty() {
            rules.iter().for_each(|moved| self.rule(pair, moved, found));
        }
        if found.causes.is_empty() && self.before.today != self.after.today {
            found.causes.insert(Cause::Clock);
        }
    }

    /// The file of the golden path that the service is on, when it says something else than before.
    fn path_of(&self, pair: &Pair) -> Option<String> {
        let path = |service: &Service| {
            let named = service.fields.get("goldenPath")?.value.as_str()?.to_owned();
            Some(named.split('@').next().unwrap_or_default().to_owned())
        };
        let named = path(&pair.after).filter(|own| path(&pair.before).as_ref() == Some(own))?;
        let (was, is) = (self.before.golden_path(&named)?, self.after.golden_path(&named)?);
        let differs = !differences(&was.fields, &is.fields).is_empty();
        differs.then(|| file_of(&is.fields, in_folder, &named))
    }

    fn file_of_scorecard(&self, id: &str) -> Option<String> {
        self.after.scorecards.get(id).and_then(|scorecard| in_folder(&scorecard.origin))
    }

    fn day(&self) -> String {
        day(self.before, self.after)
    }
}

fn judged<'s>(service: &'s Service, moved: &RuleMove) -> Option<&'s JudgedRule> {
    service.scorecards.get(&*moved.scorecard)?.rules.iter().find(|rule| rule.id == *moved.rule)
}

/// Why the state of an exception is another.
fn moved(before: &Published, after: &Published, id: &str) -> Result<(Cause, String), Failure> {
    let (was, is) = (before.exception(id)?.fields, after.exception(id)?.fields);
    let fields = differences(&was, &is);
    Ok(if !fields.is_empty() {
        (Cause::Rule, format!("{} changed: {}", file_of(&is, in_folder, id), named(&fields)))
    } else if before.today != after.today {
        (Cause::Clock, day(before, after))
    } else {
        (Cause::Rule, "a policy, a control or a rule that it is judged by changed".to_owned())
    })
}

fn day(before: &Published, after: &Published) -> String {
    format!("the day went from {} to {}", before.today, after.today)
}

/// What a service declares otherwise than before, file by file: `ferry-times/service.yaml changed: …`.
fn declared(was: &Service, is: &Service) -> Vec<String> {
    let mut files: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for key in differences(&was.fields, &is.fields) {
        let field = is.fields.get(key).or_else(|| was.fields.get(key));
        let file =
            field.and_then(|field| in_repository(&field.origin)).unwrap_or_else(|| "its record".to_owned());
        files.entry(file).or_default().insert(key);
    }
    let commit = is.fields.values().find_map(|field| field.origin.commit.as_deref());
    let at = commit.map_or_else(String::new, |id| format!(" by commit {}", id.get(..12).unwrap_or(id)));
    let mut texts: Vec<String> = files
        .into_iter()
        .map(|(file, keys)| format!("{file} changed{at}: {}", named(&keys.into_iter().collect::<Vec<_>>())))
        .collect();
    if was.documents != is.documents {
        texts.push("a document that it names changed".to_owned());
    }
    texts
}

/// Fields that have another value, are new or gone.
fn differences<'f>(was: &'f BTreeMap<String, Field>, is: &'f BTreeMap<String, Field>) -> Vec<&'f str> {
    let changed = is.iter().filter(|(key, field)| was.get(*key).map(|own| &own.value) != Some(&field.value));
    let gone = was.keys().filter(|key| !is.contains_key(*key));
    let mut keys: Vec<&str> = changed.map(|(key, _)| key.as_str()).chain(gone.map(String::as_str)).collect();
    keys.sort_unstable();
    keys
}

/// The first file that `fields` were read from, as `place` says it; `id` when they do not say.
fn file_of(fields: &BTreeMap<String, Field>, place: fn(&Origin) -> Option<String>, id: &str) -> String {
    fields.values().find_map(|field| place(&field.origin)).unwrap_or_else(|| id.to_owned())
}

/// `repository/path`, for what teams keep.
fn in_repository(origin: &Origin) -> Option<String> {
    Some(format!("{}/{}", origin.repository.as_deref()?, origin.path.as_deref()?))
}

/// The path alone, for what lies in the catalog folder.
pub(super) fn in_folder(origin: &Origin) -> Option<String> {
    origin.path.clone()
}
