//! The results of rules, told with what each really read: those that need somebody as blocks, the others
//! in a line.

use serde::Serialize;

use super::ladder::{Rung, Stage, effect};
use crate::assess::explain::Explanation;
use crate::assess::expression::Context;
use crate::assess::outcome::{Outcome, Share};
use crate::assess::{Input, InputState, RuleResult, ScorecardResult};
use crate::catalog::origin::Origin;
use crate::render::links::{Here, Href, Place};
use crate::render::markup::Markup;
use crate::render::parts::{When, cut};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::reading::UNKNOWN;
use crate::render::standing::level_title;
use crate::render::templates::Html;

/// How many inputs of one rule are shown in a block.
const SHOWN_INPUTS: usize = 8;
/// How many inputs of one rule are shown in a line.
const SHOWN_IN_LINE: usize = 2;
/// Longest value shown in a line, in characters.
const LONGEST_IN_LINE: usize = 60;

/// A rule that fails, is unknown or waived.
#[derive(Debug, Serialize)]
pub(super) struct Open<'p> {
    anchor: &'p str,
    head: &'p Html,
    why: &'p Html,
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<Html>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excuse: Option<Excuse<'p>>,
    inputs: Vec<Read>,
    more: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'p Html>,
    #[serde(skip_serializing_if = "Option::is_none")]
    would: Option<String>,
}

/// The exception that waives a rule, or that names it and does not cover what fails.
#[derive(Debug, Serialize)]
struct Excuse<'p> {
    id: &'p str,
    href: Href,
    covers: bool,
    until: Option<When>,
}

/// What an expression read.
#[derive(Debug, Serialize)]
struct Read {
    path: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Box<str>>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<Href>,
}

/// Tells the results of one scorecard.
pub(super) struct Teller<'p, 'a, 'v> {
    pub(super) portal: &'p Portal<'a>,
    pub(super) context: &'v Context<'v>,
    pub(super) here: Here<'v>,
    pub(super) result: &'p ScorecardResult,
    pub(super) rungs: &'v [Rung],
}

impl<'p> Teller<'p, '_, '_> {
    /// The rules of `level`: what needs somebody, worst first; and a line for each of the rest.
    pub(super) fn tell(&self, level: usize) -> (Vec<Open<'p>>, Option<Html>) {
        let compiled = self.portal.explainer.scorecards().get(self.result.scorecard);
        let mut positions: Vec<usize> =
            (0..compiled.rules.len()).filter(|position| compiled.rules[*position].level == level).collect();
        positions.sort_by_key(|position| rank(&self.result.rules[*position]));
        let (mut open, mut closed) = (Vec::new(), Markup::default());
        for position in positions {
            let judged = &self.result.rules[position];
            let Some(explanation) = self.portal.explainer.explain(self.context, self.result, position) else {
                continue;
            };
            match judged.outcome {
                Outcome::Fail | Outcome::Unknown | Outcome::Waived => {
                    open.push(self.open(judged, explanation, position, level));
                }
                Outcome::Pass | Outcome::NotApplicable => {
                    self.close(&mut closed, judged, explanation, position);
                }
            }
        }
        (open, closed.finish())
    }

    fn open(
        &self,
        judged: &'p RuleResult,
        explanation: Explanation<'_>,
        position: usize,
        level: usize,
    ) -> Open<'p> {
        let would = self.would(&explanation, level);
        let shown = explanation.inputs.len().min(SHOWN_INPUTS);
        let parts = self.portal.rules.parts(self.result.scorecard, position);
        Open {
            anchor: &parts.anchor,
            head: parts.head(judged),
            why: &parts.why,
            doubt: explanation.message.as_deref().map(prose),
            excuse: self.excuse(judged),
            more: explanation.left_out + explanation.inputs.len() - shown,
            inputs: explanation.inputs.into_iter().take(shown).map(|input| self.read(input)).collect(),
            fix: parts.fix.as_ref().filter(|_| judged.outcome != Outcome::Unknown),
            would,
        }
    }

    /// Adds the line of a rule that passes or does not count: with what it read, else with its first day.
    fn close(&self, out: &mut Markup, judged: &RuleResult, explanation: Explanation<'_>, position: usize) {
        let parts = self.portal.rules.parts(self.result.scorecard, position);
        out.next_line().ours("<li id=\"").text(&parts.anchor).ours("\">").html(parts.head(judged));
        out.ours(" <span class=\"muted small\">");
        let inputs = in_line(explanation.inputs);
        for (path, found) in &inputs {
            out.ours("<code>").text(path).ours("</code> ").text(found).ours(" ");
        }
        let rule = &self.portal.explainer.scorecards().get(self.result.scorecard).rules[position];
        let from = rule.record.effective_from.value().filter(|_| judged.announced && inputs.is_empty());
        if let Some(from) = from.map(|day| self.portal.when(*day)) {
            out.ours("counts from <time datetime=\"").text(&from.iso).ours("\">").text(&from.long);
            out.ours("</time>, ").text(&from.away);
        }
        out.ours("</span></li>");
    }

    fn read(&self, input: Input) -> Read {
        let origin = self.origin(&input).map(|origin| self.portal.brief(origin));
        let (origin, href) = origin.map_or((None, None), |brief| (Some(brief.text), brief.href));
        Read { origin, href, path: input.path, value: input.value, state: state(input.state) }
    }

    /// Where an input came from; of one that nobody declared, the record that does not declare it.
    fn origin(&self, input: &Input) -> Option<Origin> {
        let record = || {
            let (root, _) = input.path.split_once(['.', '(']).unwrap_or((&input.path, ""));
            let subject = match root {
                "team" => self.context.team.as_ref(),
                "goldenPath" => self.context.golden_path.as_ref(),
                "goldenPathVersion" => self.context.golden_path_version.as_ref(),
                "account" => self.context.account.as_ref(),
                "service" | "documents" | "attested" | "dependencies" => self.context.service.as_ref(),
                _ => None,
            };
            subject.map(|subject| subject.origin)
        };
        input.origin.or_else(|| record().filter(|_| input.state == InputState::Absent))
    }

    fn excuse(&self, judged: &RuleResult) -> Option<Excuse<'p>> {
        let exception = &self.portal.catalog.exceptions[judged.exception?];
        Some(Excuse {
            id: &exception.id,
            href: self.here.to(Place::Exception(&exception.id)),
            covers: judged.outcome == Outcome::Waived,
            until: exception.record.expires_at.value().map(|day| self.portal.when(*day)),
        })
    }

    /// What passing would bring.
    fn would(&self, explanation: &Explanation<'_>, level: usize) -> Option<String> {
        let score = explanation.score_if_passed;
        let (name, share) = match explanation.outcome {
            Outcome::Waived => ("raw score", score.raw()),
            _ => ("score", score.with_exceptions()),
        };
        let lead = match explanation.outcome {
            Outcome::Unknown => "If it passed, the",
            _ => "The",
        };
        let effect = if explanation.outcome == Outcome::Waived {
            String::new()
        } else {
            self.effect(explanation, level)
        };
        Some(would(lead, name, share?, &effect))
    }

    fn effect(&self, explanation: &Explanation<'_>, level: usize) -> String {
        let now = self.result.level_with_exceptions;
        let then = explanation.levels_if_passed.with_exceptions;
        if then > now {
            let reached = then.map_or("", |then| level_title(self.portal, self.result, then));
            return effect(reached, true, 0);
        }
        match self.rungs[level].stage {
            Stage::Next => {
                let others = self.rungs[level].held_back_by().saturating_sub(1);
                effect(level_title(self.portal, self.result, level), false, others)
            }
            _ => String::new(),
        }
    }
}

fn would(lead: &str, name: &str, share: Share, effect: &str) -> String {
    let Share { part, whole } = share;
    format!("{lead} {name} would become {part} of {whole} ({} %){effect}.", share.percent())
}

/// Worst first; results of one rank keep the order of the file.
const fn rank(judged: &RuleResult) -> u8 {
    match judged.outcome {
        Outcome::Fail => 0,
        Outcome::Unknown => 1,
        Outcome::Waived => 2,
        Outcome::Pass => 3,
        Outcome::NotApplicable if judged.announced => 4,
        Outcome::NotApplicable => 5,
    }
}

/// The first inputs, to stand in a line with commas between them: path, and what was found there.
fn in_line(inputs: Vec<Input>) -> Vec<(Box<str>, String)> {
    let last = inputs.len().min(SHOWN_IN_LINE);
    let told = |(number, input): (usize, Input)| {
        let mut found = match &input.value {
            Some(value) => format!("= {}", cut(value, LONGEST_IN_LINE)),
            None => state(input.state).to_owned(),
        };
        if number + 1 < last {
            found.push(',');
        }
        (input.path, found)
    };
    inputs.into_iter().take(last).enumerate().map(told).collect()
}

const fn state(state: InputState) -> &'static str {
    match state {
        InputState::Known => "nothing",
        InputState::Absent => "absent",
        InputState::Unreadable => "unreadable",
        InputState::Unknown => UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_worst_first() {
        let result = |outcome, announced| RuleResult { outcome, announced, exception: None, message: None };
        let mut results = [
            result(Outcome::NotApplicable, false),
            result(Outcome::Pass, false),
            result(Outcome::NotApplicable, true),
            result(Outcome::Waived, false),
            result(Outcome::Unknown, false),
            result(Outcome::Fail, false),
        ];
        results.sort_by_key(rank);
        let order: Vec<_> = results.iter().map(|result| (result.outcome.word(), result.announced)).collect();
        assert_eq!(
            order,
            [
                ("fail", false),
                ("unknown", false),
                ("waived", false),
                ("pass", false),
                ("n/a", true),
                ("n/a", false)
            ]
        );
    }

    #[test]
    fn inputs_in_a_line_are_separated() {
        let input = |path: &str, value: Option<&str>| Input {
            path: path.into(),
            value: value.map(Into::into),
            state: if value.is_some() { InputState::Known } else { InputState::Absent },
            origin: None,
        };
        let said = |inputs: Vec<Input>| {
            let told = in_line(inputs).into_iter().map(|(path, found)| format!("{path} {found}"));
            told.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(said(vec![input("a", Some("1"))]), "a = 1");
        assert_eq!(
            said(vec![input("a", Some("1")), input("b", None), input("c", Some("3"))]),
            "a = 1, b absent"
        );
    }

    #[test]
    fn what_passing_would_bring_is_a_sentence() {
        assert_eq!(
            would("The", "score", Share { part: 34, whole: 36 }, ""),
            "The score would become 34 of 36 (94 %)."
        );
    }
}
