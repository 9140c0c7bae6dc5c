//! What cases expect of exceptions: state, what they hide, and what is said about them.

use milepost::assess::{ExceptionAssessment, Finding};
use milepost::catalog::yaml::{Node, Value};

use super::expectations::{Checked, optional, texts_of};
use super::is_none;
use super::overlay::written;

impl Checked<'_> {
    /// Whether `key` is about exceptions; then it is compared.
    pub(super) fn about_exceptions(&mut self, key: &str, wanted: &Node) -> bool {
        let Some(first) = self.assessment.exceptions.first() else { return false };
        match key {
            "state" | "waives" | "daysLeft" | "reviewDue" | "stateBecause" | "findings" | "hides"
            | "beside" | "lifeLine" | "lifeLineLacks" | "approvals" => self.exception(key, wanted, first),
            "states" => {
                for entry in wanted.entries().expect("exceptions by id") {
                    let index = self.catalog.exceptions.find(&entry.key).expect("an exception of the case");
                    let found = &self.assessment.exceptions[index.position()];
                    self.same(&entry.key, &entry.value, &found.state.word());
                }
            }
            "findingsOf" => {
                for entry in wanted.entries().expect("exceptions by id") {
                    let index = self.catalog.exceptions.find(&entry.key).expect("an exception of the case");
                    self.findings(&entry.value, &self.assessment.exceptions[index.position()].findings);
                }
            }
            _ => return false,
        }
        true
    }

    fn exception(&mut self, key: &str, wanted: &Node, found: &ExceptionAssessment) {
        let rules = |list: &[(_, milepost::catalog::id::RuleId)]| {
            let names: Vec<&str> = list.iter().map(|(_, rule)| rule.as_str()).collect();
            format!("[{}]", names.join(", "))
        };
        match key {
            "state" => self.same(key, wanted, &found.state.word()),
            "waives" => self.same(key, wanted, &found.state.is_in_force()),
            "daysLeft" => self.same(key, wanted, &optional(found.days_left)),
            "reviewDue" => self.same(key, wanted, &optional(found.review_due)),
            "stateBecause" => self.contains(key, wanted, &texts_of(&found.reasons)),
            "findings" => self.findings(wanted, &found.findings),
            "hides" => self.same(key, wanted, &rules(&found.hides)),
            "beside" => self.same(key, wanted, &rules(&found.beside)),
            "approvals" => {
                let approvals = found.approvals.iter().map(|approval| {
                    let role = approval.role.as_deref().unwrap_or("none");
                    let optional = if approval.demanded { "" } else { " not demanded" };
                    format!("{role} {}{optional}", approval.standing.word())
                });
                self.same(key, wanted, &format!("[{}]", approvals.collect::<Vec<_>>().join(", ")));
            }
            _ => {
                let line = found
                    .life_line
                    .iter()
                    .map(|event| format!("{} {} {}", event.day, event.event, event.text));
                let line: Vec<String> = line.map(|event| event.trim().to_owned()).collect();
                if key == "lifeLine" {
                    self.contains(key, wanted, &line.iter().map(String::as_str).collect::<Vec<_>>());
                    return;
                }
                let parts = wanted.items().expect("parts that no event has").iter();
                let parts: Vec<&str> =
                    parts.map(|part| &*part.scalar().expect("a part of an event").text).collect();
                let there = line.iter().filter(|event| parts.iter().any(|part| event.contains(part)));
                self.complaints.extend(there.map(|event| format!("the life line has {event}")));
            }
        }
    }

    /// Findings by code, or by code and a part of the message: `[repeat, dangling: is … meant]`.
    pub(super) fn findings(&mut self, wanted: &Node, found: &[Finding]) {
        let said: Vec<String> =
            found.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
        assert!(
            is_none(wanted) || wanted.items().is_some(),
            "line {}: findings are a list",
            wanted.mark.line
        );
        let wanted_count = wanted.items().map_or(0, <[Node]>::len);
        if is_none(wanted) && !found.is_empty() || !is_none(wanted) && wanted_count != found.len() {
            self.complaints.push(format!("findings: wanted {}, given {said:?}", written(wanted)));
        }
        for item in wanted.items().unwrap_or_default() {
            let part = match &item.value {
                Value::Mapping(entries) => {
                    (&*entries[0].key, &*entries[0].value.scalar().expect("a part of the message").text)
                }
                _ => (&*item.scalar().expect("a code").text, ""),
            };
            if !found.iter().any(|finding| finding.code == part.0 && finding.message.contains(part.1)) {
                self.complaints.push(format!("findings: wanted {}, given {said:?}", written(item)));
            }
        }
    }
}
