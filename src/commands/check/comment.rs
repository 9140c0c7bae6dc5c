//! What a check says of gates and changes: as lines for people at a terminal, and, with the problems, as the
//! comment of a review.

use std::fmt::Write as _;

use super::comparison::{Move, Standing};
use super::{Checked, found};
use crate::assess::outcome::Share;
use crate::cli;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::markdown::{code, prose, table};
use crate::words;

/// By this a workflow can find its own comment, to write it anew.
const MARK: &str = "<!-- milepost check -->";

/// Most rows of one table: GitHub takes no comment of more than 65,536 characters.
const MOST_ROWS: usize = 40;

/// Most bytes of a table. A row may quote a long value.
const LONGEST_TABLE: usize = 24_000;

/// Most names in one line.
const MOST_NAMES: usize = 12;

/// Digits of a commit that people are shown.
const SHOWN_DIGITS: usize = 12;

/// What is to be said beside the problems, a line each, with what is literal in backticks.
pub(super) fn lines(checked: &Checked) -> Vec<String> {
    let mut lines: Vec<String> = checked
        .stopped
        .iter()
        .map(|stopped| format!("`{}` does not reach {}", stopped.service, stopped.level))
        .collect();
    let Some((base, comparison)) = &checked.change else { return lines };
    lines.push(format!("compared with {}", shown(&base.commit.id)));
    lines.extend(exceptions(checked));
    for one in &comparison.moves {
        let mut line = format!("`{}` on {}: score {}", one.service, one.scorecard, score(one));
        let _ = write!(line, ", with exceptions {}", score_with_exceptions(one));
        if let Some(level) = level(one) {
            let _ = write!(line, ", level {level}");
        }
        for (word, rules) in [("now passes", &one.gained), ("no longer passes", &one.lost)] {
            if !rules.is_empty() {
                let _ = write!(line, "; {word} {}", words::first(rules, MOST_NAMES));
            }
        }
        lines.push(line);
    }
    if comparison.moves.is_empty() {
        lines.push("no score moves".to_owned());
    }
    lines
}

/// The comment of a review.
pub(super) fn markdown(checked: &Checked, arguments: &cli::Check) -> String {
    let mut text = format!("{MARK}\n### Milepost: {}\n", found(&checked.diagnostics));
    if let Some(gate) = &arguments.gate {
        gate_verdict(&mut text, checked, gate);
    }
    if let Some((base, _)) = &checked.change {
        let _ = writeln!(text, "\nCompared with {}.", code(shown(&base.commit.id)));
        for line in exceptions(checked) {
            let _ = writeln!(text, "\n{}.", prose(&words::capitalised(&line)));
        }
        moves(&mut text, checked);
    }
    problems(&mut text, checked);
    text
}

fn gate_verdict(text: &mut String, checked: &Checked, gate: &str) {
    if checked.stopped.is_empty() {
        let _ = writeln!(text, "\nThe gate {} is passed.", code(gate));
        return;
    }
    let stopped: Vec<&str> = checked.stopped.iter().map(|stopped| &*stopped.service).collect();
    let level = checked.stopped.first().map_or("", |stopped| &stopped.level);
    let verb = if stopped.len() == 1 { "does" } else { "do" };
    let _ = writeln!(
        text,
        "\n**The gate {} is not passed:** {} {verb} not reach {}.",
        code(gate),
        prose(&words::first(&stopped, MOST_NAMES)),
        code(level)
    );
}

/// What the change adds to the register, which does not count in the change itself.
fn exceptions(checked: &Checked) -> Vec<String> {
    let withheld = checked.change.iter().flat_map(|(_, comparison)| &comparison.withheld);
    withheld.map(|one| format!("exception `{}` {}, and waives nothing in it", one.id, one.why)).collect()
}

fn moves(text: &mut String, checked: &Checked) {
    let Some((_, comparison)) = &checked.change else { return };
    if comparison.moves.is_empty() {
        text.push_str("\nNo score moves.\n");
        return;
    }
    text.push_str("\n| Service | Scorecard | Score | With exceptions | Level | Rules |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- |\n");
    let rows = comparison.moves.iter().map(|one| {
        let rules = [("now passes", &one.gained), ("no longer passes", &one.lost)];
        let rules = rules
            .into_iter()
            .filter(|(_, rules)| !rules.is_empty())
            .map(|(word, rules)| format!("{word} {}", prose(&words::first(rules, MOST_NAMES))));
        format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            code(&one.service),
            code(&one.scorecard),
            score(one),
            score_with_exceptions(one),
            level(one).map_or_else(String::new, |level| prose(&level)),
            rules.collect::<Vec<_>>().join("<br>")
        )
    });
    let left = push_rows(text, rows);
    if left > 0 {
        let _ = writeln!(text, "\nAnd {} that moved.", words::count(left, "more result", "more results"));
    }
}

/// The problems; of a change those that it brings, and how many there were already.
fn problems(text: &mut String, checked: &Checked) {
    let all = &checked.diagnostics;
    let listed: Vec<&Diagnostic> = match &checked.change {
        Some((_, comparison)) => {
            let news = comparison.news(all);
            all.iter().zip(news).filter_map(|(diagnostic, is_new)| is_new.then_some(diagnostic)).collect()
        }
        None => all.iter().collect(),
    };
    let locate = |place: &_| checked.whereabouts.location(place);
    let rendered = table(listed.iter().copied(), &locate);
    let mut lines = rendered.split_inclusive('\n');
    if !rendered.is_empty() {
        text.push('\n');
        lines.by_ref().take(2).for_each(|head| text.push_str(head));
        let left = push_rows(text, lines.map(str::to_owned));
        if left > 0 {
            let _ =
                writeln!(text, "\nAnd {} like these.", words::count(left, "more problem", "more problems"));
        }
    }
    let old = all.len() - listed.len();
    if old > 0 {
        let were = if old == 1 { "was" } else { "were" };
        let _ = writeln!(
            text,
            "\n{} {were} there before this change.",
            words::capitalised(&words::count(old, "problem", "problems"))
        );
    }
}

/// Writes as many rows as there may be; returns how many are left.
fn push_rows(text: &mut String, rows: impl Iterator<Item = String>) -> usize {
    let (mut written, mut left) = (0, 0);
    let end = text.len() + LONGEST_TABLE;
    for row in rows {
        if left > 0 || written == MOST_ROWS || text.len() + row.len() > end {
            left += 1;
            continue;
        }
        text.push_str(&row);
        written += 1;
    }
    left
}

fn shown(commit: &str) -> &str {
    commit.get(..SHOWN_DIGITS).unwrap_or(commit)
}

fn score(one: &Move) -> String {
    step(one, |standing| share(standing.raw))
}

fn score_with_exceptions(one: &Move) -> String {
    step(one, |standing| share(standing.with_exceptions))
}

/// What became of the level, unless it is what it was.
fn level(one: &Move) -> Option<String> {
    let name = |standing: &Option<Standing>| standing.as_ref().map(|standing| standing.level.clone());
    (name(&one.before) != name(&one.after)).then(|| {
        step(one, |standing| standing.level.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string))
    })
}

fn share(share: Option<Share>) -> String {
    share.map_or_else(|| "not measured".to_owned(), |share| format!("{} of {}", share.part, share.whole))
}

/// `28 of 34 → 29 of 34`, or once what stays.
fn step(one: &Move, word: impl Fn(&Standing) -> String) -> String {
    let side = |standing: &Option<Standing>| standing.as_ref().map_or_else(|| "not judged".to_owned(), &word);
    let (before, after) = (side(&one.before), side(&one.after));
    if before == after { after } else { format!("{before} → {after}") }
}
