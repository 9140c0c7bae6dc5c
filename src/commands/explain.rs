//! `explain`: why a service has its tier and results, why one rule came out as it did, or what a code means.

mod next_step;

use std::fmt::Write;

use super::organisation::{Organisation, Request};
use super::{Console, Failure};
use crate::assess::explain::{Explainer, Explanation};
use crate::assess::outcome::{Outcome, Share};
use crate::assess::{InputState, ScorecardResult, ServiceAssessment};
use crate::catalog::Service;
use crate::catalog::nearest::nearest;
use crate::catalog::origin::Origin;
use crate::cli;
use crate::diagnostic::codes;
use crate::diagnostic::text::harmless;
use crate::exit_code::ExitCode;
use crate::render::origin::Provenance;
use crate::words;

pub(super) fn run(
    arguments: &cli::Explain,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    if let (Some(code), None) = (codes::named(&arguments.subject), &arguments.rule) {
        console.data(&format!(
            "{} ({})\n{}\n\n{}",
            code.name,
            code.severity.word(),
            code.summary,
            code.explanation
        ))?;
        return Ok(ExitCode::Done);
    }
    let request = Request::new(arguments.catalog.as_deref(), &arguments.replay);
    let organisation = Organisation::load(request, shared, console)?;
    let report = Report { organisation: &organisation };
    let services = &organisation.catalog.services;
    let index = services
        .find(&arguments.subject)
        .or_else(|| {
            services
                .indexed()
                .find(|(_, service)| goes_by(service, &arguments.subject))
                .map(|(index, _)| index)
        })
        .ok_or_else(|| Failure::Usage(unknown(&arguments.subject, &organisation)))?;
    let (service, judged) = (&services[index], &organisation.assessment.services[index.position()]);
    let text = match &arguments.rule {
        None => report.service(service, judged),
        Some(rule) => report.rule(service, judged, rule)?,
    };
    console.data(&text)?;
    Ok(organisation.completeness())
}

/// Whether `name` is a former id of `service`.
fn goes_by(service: &Service, name: &str) -> bool {
    service.record.aliases.values().any(|alias| alias.as_str() == name)
}

fn unknown(subject: &str, organisation: &Organisation) -> String {
    let names = organisation.catalog.services.ids().chain(codes::all().map(|code| code.name));
    match nearest(subject, names) {
        Some(name) => format!("there is no service or code called `{subject}`; did you mean `{name}`?"),
        None => format!("there is no service or code called `{subject}`"),
    }
}

struct Report<'a> {
    organisation: &'a Organisation,
}

impl Report<'_> {
    /// The tier with its reasons, then every scorecard with what is not right.
    fn service(&self, service: &Service, judged: &ServiceAssessment) -> String {
        let mut text = String::new();
        let name = service.record.display_name.value().map_or(service.id.as_str(), |name| name);
        let _ = writeln!(
            text,
            "{} ({}), as of {}",
            harmless(name),
            service.id,
            self.organisation.assessment.as_of
        );
        if !service.conflict.is_empty() {
            let _ = writeln!(
                text,
                "\n{} claim this id, so nothing is judged until one of them gives it up:",
                words::count(service.conflict.len(), "document", "documents")
            );
            for claim in &service.conflict {
                let _ = writeln!(text, "  {}", self.place(claim.origin));
            }
            return text;
        }
        if let Some(verdict) = &judged.tier {
            let _ = writeln!(text, "\nTier: {}", verdict.tier.word());
            for reason in &verdict.reasons {
                let _ = writeln!(text, "  because {}{}", harmless(&reason.text), self.beside(reason.origin));
            }
            if let Some(next) = verdict.next {
                let _ = writeln!(text, "  missing for {}:", next.word());
                for reason in &verdict.missing_for_next {
                    let _ = writeln!(text, "    {}{}", harmless(&reason.text), self.beside(reason.origin));
                }
            }
        }
        let Organisation { catalog, assessment, .. } = self.organisation;
        next_step::write(catalog, assessment, judged, &mut text);
        self.misfits(judged, &mut text);
        for result in &judged.subject.scorecards {
            self.scorecard(result, &mut text);
        }
        text
    }

    /// What does not fit with its dependencies, its data or its end; then what cannot be said.
    fn misfits(&self, judged: &ServiceAssessment, text: &mut String) {
        if judged.findings.is_empty() && judged.open_questions.is_empty() {
            return;
        }
        let _ = writeln!(text, "\nWhat does not fit");
        for (word, findings) in [("warning", &judged.findings), ("unknown", &judged.open_questions)] {
            for finding in findings {
                let place = self.beside(finding.origin);
                let _ = writeln!(text, "  {word} {}: {}{place}", finding.code, harmless(&finding.message));
            }
        }
    }

    fn scorecard(&self, result: &ScorecardResult, text: &mut String) {
        let record = &self.organisation.catalog.scorecards[result.scorecard].record;
        let title = record.title.value().map_or("", |title| title);
        let level = |at: Option<usize>| {
            at.and_then(|at| record.levels.items.get(at)?.value.id.value().map(ToString::to_string))
                .unwrap_or_else(|| "none".to_owned())
        };
        let _ = writeln!(
            text,
            "\n{} ({})",
            harmless(title),
            self.organisation.catalog.scorecards[result.scorecard].id
        );
        let _ = writeln!(
            text,
            "  score {}, with exceptions {}",
            share(result.score.raw()),
            share(result.score.with_exceptions())
        );
        let _ = writeln!(
            text,
            "  level {}, with exceptions {}",
            level(result.level),
            level(result.level_with_exceptions)
        );
        for (rule, judged) in record.rules.values().zip(&result.rules) {
            if matches!(judged.outcome, Outcome::Pass | Outcome::NotApplicable) {
                continue;
            }
            let id = rule.id.value().map_or("", |id| id.as_str());
            let title = rule.title.value().map_or("", |title| title);
            let _ = writeln!(text, "  {:7} {id}: {}", judged.outcome.word(), harmless(title));
        }
        let quiet = result.counts.pass + result.counts.not_applicable;
        if quiet > 0 {
            let quiet = words::count(usize::try_from(quiet).unwrap_or(0), "rule", "rules");
            let _ = writeln!(text, "  and {quiet} that pass or do not apply");
        }
    }

    /// One rule, named alone or as `scorecard/rule`: outcome, inputs really read, rule text, exception, fix,
    /// and what passing would bring.
    fn rule(&self, service: &Service, judged: &ServiceAssessment, rule: &str) -> Result<String, Failure> {
        let catalog = &self.organisation.catalog;
        let explainer = Explainer::new(catalog, &self.organisation.assessment);
        let view = explainer.service(service);
        let context = view.context();
        let id = |at: usize, result: &ScorecardResult| {
            let rules = &catalog.scorecards[result.scorecard].record.rules.items;
            rules.get(at).and_then(|rule| rule.value.id.value().map(|id| id.as_str()))
        };
        let (wanted, rule) = rule.split_once('/').map_or((None, rule), |(card, rule)| (Some(card), rule));
        for result in &judged.subject.scorecards {
            if wanted.is_some_and(|wanted| *catalog.scorecards[result.scorecard].id != *wanted) {
                continue;
            }
            let Some(position) = (0..result.rules.len()).find(|at| id(*at, result) == Some(rule)) else {
                continue;
            };
            let Some(explanation) = explainer.explain(&context, result, position) else { continue };
            return Ok(self.explanation(service, result, position, &explanation));
        }
        let known = judged
            .subject
            .scorecards
            .iter()
            .flat_map(|result| (0..result.rules.len()).filter_map(|at| id(at, result)));
        let help = nearest(rule, known).map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
        Err(Failure::Usage(format!("no rule called `{rule}` applies to `{}`{help}", service.id)))
    }

    fn explanation(
        &self,
        service: &Service,
        result: &ScorecardResult,
        position: usize,
        explanation: &Explanation<'_>,
    ) -> String {
        let catalog = &self.organisation.catalog;
        let scorecard = &catalog.scorecards[result.scorecard];
        let rule = &scorecard.record.rules.items[position].value;
        let mut text = String::new();
        let title = rule.title.value().map_or("", |title| title);
        let id = rule.id.value().map_or("", |id| id.as_str());
        let _ = writeln!(
            text,
            "{}: {} for {} ({id}, scorecard {})",
            harmless(title),
            explanation.outcome.word(),
            service.id,
            scorecard.id
        );
        if let Some(why) = rule.why.value() {
            let _ = writeln!(text, "{}", harmless(why));
        }
        if let Some(message) = &explanation.message {
            let _ = writeln!(text, "\n{}", harmless(message));
        }
        let _ = writeln!(text, "\nWhat it read");
        for input in &explanation.inputs {
            let value = match (&input.value, input.state) {
                (Some(value), _) => harmless(value).into_owned(),
                (None, InputState::Absent) => "absent".to_owned(),
                (None, InputState::Unreadable) => "unreadable".to_owned(),
                (None, _) => "not known".to_owned(),
            };
            let _ = writeln!(text, "  {} = {value}{}", harmless(&input.path), self.beside(input.origin));
        }
        if explanation.left_out > 0 {
            let _ = writeln!(text, "  and {} more", explanation.left_out);
        }
        let _ = writeln!(text, "\nThe rule");
        for (name, part) in [("when", explanation.when), ("assert", explanation.assert)] {
            if let Some(part) = part {
                let _ =
                    writeln!(text, "  {name} {}{}", harmless(&part.value), self.beside(Some(part.origin)));
            }
        }
        if let Some(index) = explanation.exception {
            let exception = &catalog.exceptions[index];
            let relation =
                if explanation.outcome == Outcome::Waived { "Waived by" } else { "Beside it stands" };
            let _ = writeln!(text, "\n{relation} {}{}", exception.id, self.beside(Some(exception.origin)));
        }
        if matches!(explanation.outcome, Outcome::Fail | Outcome::Waived | Outcome::Unknown) {
            if let Some(fix) = explanation.fix {
                let _ = writeln!(text, "\nFix\n  {}", harmless(&fix.value));
            }
            let _ = writeln!(
                text,
                "\nIf it passed, the score would be {} instead of {}",
                share(explanation.score_if_passed.raw()),
                share(result.score.raw())
            );
        }
        text
    }

    /// ` (place)` when there is one.
    fn beside(&self, origin: Option<Origin>) -> String {
        origin.map(|origin| format!(" ({})", self.place(origin))).unwrap_or_default()
    }

    fn place(&self, origin: Origin) -> String {
        harmless(&Provenance::new(&self.organisation.catalog, origin).full).into_owned()
    }
}

/// `31 of 34 (91 %)`, or that nothing is measured.
fn share(share: Option<Share>) -> String {
    share.map_or_else(
        || "not measured".to_owned(),
        |share| format!("{} of {} ({} %)", share.part, share.whole, share.percent()),
    )
}
