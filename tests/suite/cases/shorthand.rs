//! Scorecards as cases write them: in full, as a list of rules, or as the outcomes that their rules have.

use std::fmt::Write;

use milepost::catalog::yaml::Node;

use super::overlay::{items, text, texts, written};

/// The scorecard that `rules` and `outcomes` make.
pub(super) const UNDER_TEST: &str = "under-test";

/// The scorecards of `case`, as files.
pub(super) fn scorecards(case: &Node) -> Vec<String> {
    let mut files: Vec<String> = items(case, "scorecards").iter().map(written).collect();
    if case.get("rules").is_some() || case.get("outcomes").is_some() || case.get("levels").is_some() {
        files.push(under_test(case));
    }
    files
}

fn under_test(case: &Node) -> String {
    let mut file = format!("scorecardId: {UNDER_TEST}\ntitle: Under test\n");
    for key in ["appliesTo", "readiness", "required", "subject"] {
        if let Some(value) = case.get(key) {
            let _ = writeln!(file, "{key}: {}", written(value));
        }
    }
    let levels = case.get("levels").and_then(Node::entries);
    let ids: Vec<&str> =
        levels.map_or_else(|| vec!["only"], |levels| levels.iter().map(|entry| &*entry.key).collect());
    let _ = writeln!(file, "levels: [{}]\nrules:", ids.join(", "));
    for (position, rule) in items(case, "rules").iter().enumerate() {
        let _ = writeln!(file, "  - {}", full(rule, position, ids[0]));
    }
    for (position, outcome) in outcomes(case).enumerate() {
        let _ = writeln!(file, "  - {}", outcome.rule(position, ids[0]));
    }
    for entry in levels.unwrap_or_default() {
        let outcomes = entry.value.items().unwrap_or_default();
        for (position, outcome) in outcomes.iter().enumerate() {
            let outcome = &outcome.scalar().expect("an outcome").text;
            let outcome = Outcome { outcome, weight: "1" };
            let _ =
                writeln!(file, "  - {}", outcome.rule_of(&format!("{}-{position}", entry.key), &entry.key));
        }
    }
    file
}

/// Whether some rule is to come out as waived, which takes the exception of `given.yaml`.
pub(super) fn implies_exception(case: &Node) -> bool {
    let levels = case.get("levels").and_then(Node::entries).unwrap_or_default();
    let in_levels = levels.iter().flat_map(|entry| entry.value.items().unwrap_or_default());
    case.get("outcomes").is_some_and(|outcomes| outcomes.get("waived").is_some())
        || in_levels.filter_map(Node::scalar).any(|outcome| &*outcome.text == "waived")
}

/// A rule with the id, level and title that it does not give itself.
fn full(rule: &Node, position: usize, level: &str) -> String {
    let mut line = String::from("{");
    if text(rule, "id").is_none() {
        let _ = write!(line, "id: rule-{}, ", position + 1);
    }
    if text(rule, "level").is_none() {
        let _ = write!(line, "level: {level}, ");
    }
    let inner = written(rule);
    line.push_str(inner.strip_prefix('{').expect("a rule is a mapping"));
    line
}

/// An outcome by which a case names a rule that has it, with its weight.
struct Outcome<'a> {
    outcome: &'a str,
    weight: &'a str,
}

/// `outcomes: {pass: [3, 2], fail: 1}`: rules of these weights that come out so.
fn outcomes(case: &Node) -> impl Iterator<Item = Outcome<'_>> {
    let entries = case.get("outcomes").and_then(Node::entries).unwrap_or_default();
    entries.iter().flat_map(|entry| {
        let node = case.get("outcomes").expect("it is there");
        texts(node, &entry.key).into_iter().map(|weight| Outcome { outcome: &entry.key, weight })
    })
}

impl Outcome<'_> {
    fn rule(&self, position: usize, level: &str) -> String {
        self.rule_of(&format!("{}-{position}", self.outcome.replace('/', "")), level)
    }

    /// A rule that comes out so. Waived ones prove the control that the exception given in the table
    /// `given.yaml` is for.
    fn rule_of(&self, id: &str, level: &str) -> String {
        let body = match self.outcome {
            "pass" => "assert: \"true\"",
            "fail" => "assert: \"false\"",
            "waived" => "assert: \"false\", controls: [encryption-at-rest]",
            "unknown" => "assert: \"fact('nobody-collects-this')\", needs: [nobody-collects-this]",
            "n/a" => "assert: \"true\", when: \"false\"",
            other => panic!("`{other}` is no outcome"),
        };
        format!("{{id: {id}, level: {level}, weight: {}, {body}}}", self.weight)
    }
}
