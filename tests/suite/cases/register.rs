//! What cases expect of what comes next in the register of exceptions, and of its digest.

use milepost::assess::exceptions::due::{self, Due};
use milepost::assess::exceptions::{answers, of_teams, roles};
use milepost::catalog::yaml::Node;
use milepost::day::Day;

use super::expectations::Checked;
use super::overlay::text;

impl Checked<'_> {
    /// What is due within so many days: `{days: 30, matters: [EX-2026-0001 ends 2026-12-01]}`.
    pub(super) fn due(&mut self, wanted: &Node) {
        let days = text(wanted, "days").and_then(|days| days.parse().ok()).expect("a number of days");
        let due = due::due(self.catalog, self.assessment, days);
        self.matters("matters", wanted, &due);
    }

    /// What a digest tells when the last one told of a day: `{since: 2026-11-20, due: […], upcoming: […]}`.
    pub(super) fn digest(&mut self, wanted: &Node) {
        let since = text(wanted, "since").and_then(Day::parse).expect("a day");
        let digest = due::digest(self.catalog, self.assessment, since);
        self.matters("due", wanted, &digest.due);
        self.matters("upcoming", wanted, &digest.upcoming);
    }

    /// Who answers for the first exception, whom each concerns, and who may approve something.
    pub(super) fn people(&mut self, key: &str, wanted: &Node) {
        let exceptions = &self.catalog.exceptions;
        match key {
            "answers" => {
                let first = exceptions.iter().next().and_then(answers);
                self.same(key, wanted, &first.unwrap_or("none"));
            }
            "approverRoles" => self.same(key, wanted, &format!("[{}]", roles(self.catalog).join(", "))),
            _ => {
                let lines = self.catalog.teams.iter().zip(of_teams(self.catalog)).map(|(team, own)| {
                    let ids: Vec<&str> = own.iter().map(|index| &*exceptions[*index].id).collect();
                    format!("{} {}", team.id, ids.join(" "))
                });
                self.same(key, wanted, &format!("[{}]", lines.collect::<Vec<_>>().join(", ")));
            }
        }
    }

    fn matters(&mut self, key: &str, wanted: &Node, given: &[Due]) {
        let line = |due: &Due| {
            let id = &self.catalog.exceptions[due.exception].id;
            let reminder = due.reminder.map_or_else(String::new, |days| format!(" reminder {days}"));
            let next = due.next_reminder.map_or_else(String::new, |day| format!(" next {day}"));
            format!("{id} {} {}{reminder}{next}", due.matter.word(), due.day)
        };
        let given: Vec<String> = given.iter().map(line).collect();
        let wanted = wanted.get(key).unwrap_or_else(|| panic!("line {}: no `{key}`", wanted.mark.line));
        self.same(key, wanted, &format!("[{}]", given.join(", ")));
    }
}
