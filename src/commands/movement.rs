//! What moved between two runs, for people at a terminal and for scripts: the output of `diff` and `preview`.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Failure;
use crate::assess::change::{Change, Comparison, Direction, Measure, Moved, Value, worst};
use crate::catalog::Catalog;
use crate::cli::ReportFormat;
use crate::diagnostic::text::harmless;
use crate::render::data::v1::change::Changes;
use crate::words;

/// Rules that are named at most for one move.
const RULES_NAMED: usize = 6;

/// `comparison` in the chosen format; `catalog` is that of afterwards, when it is at hand.
pub(super) fn told(
    comparison: &Comparison,
    catalog: Option<&Catalog>,
    format: ReportFormat,
) -> Result<String, Failure> {
    match format {
        ReportFormat::Text => Ok(text(comparison).lines().map(harmless).collect::<Vec<_>>().join("\n")),
        ReportFormat::Json => serde_json::to_string_pretty(&Changes::of(Some(comparison), catalog))
            .map_err(|error| Failure::machine("writing JSON", error)),
    }
}

fn text(comparison: &Comparison) -> String {
    let mut out = String::new();
    let mut teams: BTreeMap<&str, usize> = BTreeMap::new();
    let mut subjects: Vec<&[Change]> = comparison.changes.chunk_by(|a, b| a.subject == b.subject).collect();
    subjects.sort_by_key(|changes| worst(changes));
    for changes in &subjects {
        let first = &changes[0];
        let kind = match first.subject {
            Moved::Service(_) => "service",
            Moved::Exception(_) => "exception",
        };
        let team = if first.team.is_empty() { "no team" } else { &first.team };
        if matches!(first.subject, Moved::Service(_)) {
            *teams.entry(team).or_default() += 1;
        }
        let _ = writeln!(out, "{kind} {} ({team})", first.subject.id());
        for change in *changes {
            write_change(&mut out, change);
        }
        out.push('\n');
    }
    let would = if comparison.supposed { "would move" } else { "moved" };
    let services = teams.values().sum();
    let _ = write!(
        out,
        "{} and {} {would} against {}: {} worse, {} better, {} otherwise",
        words::count(services, "service", "services"),
        words::count(subjects.len() - services, "exception", "exceptions"),
        comparison.with,
        comparison.count(Direction::Worse),
        comparison.count(Direction::Better),
        comparison.count(Direction::Other),
    );
    if !teams.is_empty() {
        let teams: Vec<String> = teams.iter().map(|(team, count)| format!("{team} {count}")).collect();
        let _ = write!(out, "\nby team: {}", teams.join(", "));
    }
    out
}

fn write_change(out: &mut String, change: &Change) {
    let what = match &change.measure {
        Measure::Existence => "listed".to_owned(),
        Measure::Tier => "tier".to_owned(),
        Measure::State => "state".to_owned(),
        Measure::Level(scorecard) => format!("level of {scorecard}"),
        Measure::Score(scorecard) => format!("score of {scorecard}"),
    };
    let direction = match change.direction {
        Direction::Worse => " (worse)",
        Direction::Better => " (better)",
        Direction::Other => "",
    };
    let _ = writeln!(out, "  {what}: {} -> {}{direction}", word(&change.from), word(&change.to));
    for because in &change.because {
        let _ = writeln!(out, "    {}: {}", because.cause.word(), because.text);
    }
    for rule in change.rules.iter().take(RULES_NAMED) {
        let word =
            |outcome: Option<crate::assess::outcome::Outcome>| outcome.map_or("not asked", |it| it.word());
        let _ = writeln!(
            out,
            "    rule {}/{}: {} -> {}",
            rule.scorecard,
            rule.rule,
            word(rule.from),
            word(rule.to)
        );
    }
    if change.rules.len() > RULES_NAMED {
        let more = words::count(change.rules.len() - RULES_NAMED, "more rule", "more rules");
        let _ = writeln!(out, "    {more}");
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::Absent => "absent".to_owned(),
        Value::Present => "listed".to_owned(),
        Value::Tier(tier) => tier.map_or("in conflict", |tier| tier.word()).to_owned(),
        Value::State(state) => state.word().to_owned(),
        Value::Level(level) => level.as_ref().map_or("none", |(_, id)| id).to_owned(),
        Value::Score(score) => {
            score.map_or_else(|| "not measured".to_owned(), |it| format!("{} of {}", it.part, it.whole))
        }
    }
}
