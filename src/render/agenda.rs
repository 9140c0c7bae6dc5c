//! What is open about an exception, in the words that digest, calendars and the command line share. Every
//! text is one line, whatever authors wrote.

use std::collections::BTreeMap;

use crate::assess::Assessment;
use crate::assess::exceptions::due::{Due, Matter};
use crate::assess::exceptions::{answering, answers, awaited, demanded};
use crate::catalog::Catalog;
use crate::day::Day;
use crate::words;

use super::badge::in_days;
use super::links::{Href, Place, is_invisible};
use super::parts::cut;

/// Longest name shown, in characters.
const LONGEST: usize = 120;

/// One open matter in words.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// What is open, and since or until when.
    pub due: Due,
    /// Days from the assessment day to the day of the matter.
    pub days: i64,
    /// Id of the exception.
    pub exception: &'a str,
    /// The service it names.
    pub service: Option<&'a str>,
    /// The rule, else the control, it is about.
    pub about: Option<&'a str>,
    /// Id and name of the team that answers for it.
    pub team: Option<(&'a str, &'a str)>,
    /// Who answers for it in person.
    pub owner: Option<&'a str>,
    /// Roles that must approve it by policy.
    pub approvers: Vec<&'a str>,
    /// Those of them that have not.
    pub awaits: Vec<&'a str>,
    /// Its page where the portal is published.
    pub address: Option<Href>,
}

impl<'a> Item<'a> {
    /// `due` in words.
    pub fn of(catalog: &'a Catalog, assessment: &'a Assessment, due: Due) -> Self {
        let (exception, judged) =
            (&catalog.exceptions[due.exception], &assessment.exceptions[due.exception.position()]);
        let record = &exception.record;
        let approvers = demanded(catalog, exception);
        let rule = record.rule.value().map(|rule| rule.as_str());
        Self {
            due,
            days: due.day.days_since(assessment.as_of),
            exception: &exception.id,
            service: record.service.value().map(|service| service.as_str()),
            about: rule.or_else(|| record.control.value().map(|control| control.as_str())),
            team: answering(catalog, exception)
                .map(|team| &catalog.teams[team])
                .map(|team| (team.id.as_str(), team.record.name())),
            owner: answers(exception),
            awaits: awaited(&approvers, &judged.approvals),
            approvers,
            address: Href::published(catalog.portal_url.as_deref(), Place::Exception(&exception.id)),
        }
    }

    /// `EX-2026-0031: tracking-api, rate-limit-required`.
    pub fn title(&self) -> String {
        let about: Vec<&str> = self.service.into_iter().chain(self.about).collect();
        let about =
            if about.is_empty() { "about nothing that it names".to_owned() } else { about.join(", ") };
        format!("{}: {about}", one_line(self.exception, LONGEST))
    }

    /// `ends on 2026-11-30, in 9 days`.
    pub fn what(&self) -> String {
        let (day, away) = (self.due.day, in_days(self.days));
        match self.due.matter {
            Matter::Ends if self.days == 0 => format!("ends today, on {day}"),
            Matter::Ends => format!("ends on {day}, {away}"),
            Matter::Ended => format!("ended on {day}, {away}, and nobody closed it"),
            Matter::ReviewDue => format!("must be looked at by {day}, {away}"),
            Matter::ReviewOverdue => format!("was to be looked at by {day}, {away}"),
            Matter::ReviewLapsed => {
                format!("was not looked at until {day}, {away}, and waives nothing any more")
            }
            Matter::AwaitsApproval => {
                format!("waits for approval as {}; asked for on {day}, {away}", names(&self.awaits))
            }
        }
    }

    /// Who must do what: `@heron: close it, or ask for a new one; it needs security and platform`.
    pub fn act(&self) -> String {
        let owner = self.owner.map_or_else(|| "nobody is named".to_owned(), |name| one_line(name, LONGEST));
        let needs = match self.approvers.is_empty() {
            true => String::new(),
            false => format!("; it needs {}", names(&self.approvers)),
        };
        match self.due.matter {
            Matter::Ends | Matter::Ended => format!("{owner}: close it, or ask for a new one{needs}"),
            Matter::ReviewDue | Matter::ReviewOverdue | Matter::ReviewLapsed => {
                let with = match self.approvers.is_empty() {
                    true => String::new(),
                    false => format!(" with {}", names(&self.approvers)),
                };
                format!("{owner}{with}: look at it, and write the review into the file")
            }
            Matter::AwaitsApproval => {
                format!("{}: approve it, or turn it down; {owner} asked", names(&self.awaits))
            }
        }
    }

    /// `the reminder of 14 days; the next one on 2026-11-23`.
    pub fn reminder(&self) -> Option<String> {
        let next = |next: Day| format!("the next one on {next}");
        match (self.due.reminder, self.due.next_reminder) {
            (Some(before), follows) => {
                let days = words::count(usize::try_from(before).unwrap_or(0), "day", "days");
                let follows = follows.map_or_else(|| "the last one".to_owned(), next);
                Some(format!("the reminder of {days}; {follows}"))
            }
            (None, Some(day)) => Some(format!("the next reminder on {day}")),
            (None, None) => None,
        }
    }
}

/// What one team must act on.
#[derive(Debug)]
pub struct TeamItems<'i, 'a> {
    /// Its id and name; `None` for what no team answers for.
    pub team: Option<(&'a str, &'a str)>,
    /// In the order of their days.
    pub items: Vec<&'i Item<'a>>,
}

impl TeamItems<'_, '_> {
    /// `Checkout (checkout)`.
    pub fn heading(&self) -> String {
        self.team.map_or_else(
            || "No team answers".to_owned(),
            |(id, name)| format!("{} ({id})", one_line(name, LONGEST)),
        )
    }
}

/// What puts teams in order: no team last, then by name and id.
type TeamKey<'a> = (bool, Option<(&'a str, &'a str)>);

/// Items by the team that answers, in the order of names; those of no team last.
pub fn by_team<'i, 'a>(items: &'i [Item<'a>]) -> Vec<TeamItems<'i, 'a>> {
    let mut teams: BTreeMap<TeamKey<'a>, Vec<&'i Item<'a>>> = BTreeMap::new();
    for item in items {
        let name = item.team.map(|(id, name)| (name, id));
        teams.entry((name.is_none(), name)).or_default().push(item);
    }
    let team =
        |((_, team), items): (TeamKey<'a>, _)| TeamItems { team: team.map(|(name, id)| (id, name)), items };
    teams.into_iter().map(team).collect()
}

/// How many of which matters, in a line.
pub fn summary(items: &[Item<'_>]) -> String {
    let count = |wanted: &[Matter]| items.iter().filter(|item| wanted.contains(&item.due.matter)).count();
    let counts = [
        (count(&[Matter::Ends]), "end to be reminded of", "ends to be reminded of"),
        (count(&[Matter::Ended]), "newly ended", "newly ended"),
        (count(&[Matter::ReviewDue]), "review due today", "reviews due today"),
        (count(&[Matter::ReviewOverdue, Matter::ReviewLapsed]), "review overdue", "reviews overdue"),
        (count(&[Matter::AwaitsApproval]), "waiting for approval", "waiting for approval"),
    ];
    let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, one, many)| words::count(count, one, many)).collect();
    match counts.is_empty() {
        true => "Nothing to act on today.".to_owned(),
        false => format!("{}.", words::capitalised(&counts.join(", "))),
    }
}

/// `security and platform`; names as they are, for they stand in mails.
fn names(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| one_line(name, LONGEST)).collect();
    match names.as_slice() {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// `text` in one line of at most so many characters: what breaks or hides a line becomes a space.
pub fn one_line(text: &str, longest: usize) -> String {
    let line: String =
        text.chars().map(|c| if c.is_control() || is_invisible(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = line.split_whitespace().collect();
    cut(&words.join(" "), longest).into_owned()
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn nothing_that_an_author_writes_begins_a_line() {
        assert_eq!(
            one_line("a\r\nBcc: b@example.com\u{2028}c\u{85}d\x0be", 80),
            "a Bcc: b@example.com c d e"
        );
        assert_eq!(one_line("abcdef", 4), "abc…");
    }
}
