//! The assessment results: an observation for each control and for each outcome of each rule, and a finding wherever
//! something can be said. OSCAL knows no third state beside satisfied and not satisfied, so a control of which that is
//! not known has no finding; its observation says so.

use serde::Serialize;

use super::risks::{self, Risk};
use super::shapes::{
    Actor, BackMatter, Evidence, Import, Metadata, Observation, Origin, Property, ReviewedControls, Subjects,
};
use super::tally::{Reviewed, Tested, Verdict};
use super::wording::{Markup, Uuid};
use super::{Document, frameworks, title};
use crate::assess::outcome::Outcome;
use crate::catalog::ledger::RepositoryClass;
use crate::collect::snapshot::SourceState;
use crate::day::Moment;
use crate::evidence::paths;
use crate::evidence::population::Population;
use crate::evidence::selection::Selection;
use crate::words;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ResultsDocument<'a> {
    assessment_results: Results<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Results<'a> {
    uuid: Uuid,
    metadata: Metadata,
    import_ap: Import,
    results: [Outcomes<'a>; 1],
    back_matter: BackMatter,
}

/// What OSCAL calls a result: all of one assessment.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Outcomes<'a> {
    uuid: Uuid,
    title: Markup,
    description: Markup,
    start: Moment,
    end: Moment,
    props: Vec<Property>,
    reviewed_controls: ReviewedControls,
    observations: Vec<Observation<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    risks: Vec<Risk>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Finding>,
    remarks: Markup,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Finding {
    uuid: Uuid,
    title: Markup,
    description: Markup,
    props: Vec<Property>,
    origins: [Origin; 1],
    target: Target,
    related_observations: Vec<RelatedObservation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_risks: Vec<RelatedRisk>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Target {
    #[serde(rename = "type")]
    kind: &'static str,
    target_id: String,
    title: Markup,
    description: Markup,
    status: Status,
}

#[derive(Serialize)]
struct Status {
    state: &'static str,
    reason: &'static str,
    remarks: Markup,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct RelatedObservation {
    observation_uuid: Uuid,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct RelatedRisk {
    risk_uuid: Uuid,
}

/// The results.
pub(super) fn of<'d>(
    document: &Document<'d, '_>,
    selection: &Selection,
    populations: &[Population],
) -> ResultsDocument<'d> {
    let Document { material, tally, names, files } = *document;
    let incomplete = incomplete(document);
    let of_controls = tally.controls.iter().map(|control| of_control(document, control));
    let of_rules = tally.rules.iter().flat_map(|tested| of_rule(document, tested));
    let findings =
        tally.controls.iter().flat_map(|control| findings(document, control, incomplete.as_deref()));
    let counted = populations.iter().filter_map(|population| {
        Property::ours(
            "population",
            &format!("{}: {} of {}", population.name, population.rows, population.of),
        )
    });
    let open = tally.controls.iter().filter(|control| claim(control.verdict()).is_none()).count();
    let silence = format!(
        "{} of {} controls have no finding, because no rule proves them or because not everything is known; unknown is neither satisfied nor not satisfied.",
        open,
        tally.controls.len()
    );
    ResultsDocument {
        assessment_results: Results {
            uuid: names.of_pack("assessment-results", ""),
            metadata: document.metadata("Assessment results"),
            import_ap: Import {
                href: "assessment-plan.json".to_owned(),
                remarks: Markup::of(
                    "It lies beside this file, and has the components that observations name.",
                ),
            },
            results: [Outcomes {
                uuid: names.of_pack("result", ""),
                title: Markup::of(&format!("Judged at {}", material.run.moment)),
                description: Markup::of(
                    "Every rule that proves a control, on everything it applies to. Nobody chose what was judged: populations are whole.",
                ),
                start: material.run.moment,
                end: material.run.moment,
                props: counted.collect(),
                reviewed_controls: document.reviewed_controls(),
                observations: of_controls.chain(of_rules).collect(),
                risks: selection.exceptions.iter().map(|index| risks::of(document, *index)).collect(),
                findings: findings.collect(),
                remarks: Markup::of(
                    &[Some(silence), incomplete].into_iter().flatten().collect::<Vec<_>>().join(" "),
                ),
            }],
            back_matter: BackMatter { resources: files.resources(|_| true) },
        },
    }
}

/// What was not read, when something was not.
fn incomplete(document: &Document<'_, '_>) -> Option<String> {
    let ledger = &document.material.catalog.ledger;
    let sources = ledger.sources.iter().filter(|source| source.state != SourceState::Ok).count();
    let unreadable = |row: &&crate::catalog::ledger::RepositoryRow| row.class == RepositoryClass::Unreadable;
    let repositories = ledger.repositories.iter().filter(unreadable).count();
    let descriptors = ledger.unreadable.len();
    (sources + repositories + descriptors > 0).then(|| {
        format!(
            "Not everything was read: {} incomplete, {} and {} unreadable; {} and {}.json name them. What was not read may not comply.",
            words::count(sources, "source", "sources"),
            words::count(repositories, "repository", "repositories"),
            words::count(descriptors, "descriptor", "descriptors"),
            paths::SCOPE,
            paths::EXCLUSIONS,
        )
    })
}

fn origin(document: &Document<'_, '_>) -> [Origin; 1] {
    [Origin { actors: [Actor { kind: "tool", actor_uuid: document.tool() }] }]
}

fn evidence(document: &Document<'_, '_>, path: &str, what: &str) -> [Evidence; 1] {
    let path = format!("{path}.json");
    let href = document.files.reference(&path).unwrap_or_else(|| super::beside(&path));
    [Evidence { href, description: Markup::of(what) }]
}

/// The counts of a control, by outcome.
fn counts(control: &Reviewed<'_>) -> Vec<Property> {
    let score = control.score;
    let counts = [
        ("pass", score.pass),
        ("fail", score.fail),
        ("waived", score.waived),
        ("unknown", score.unknown),
        ("not-applicable", score.not_applicable),
        ("services-not-judged", control.unjudged as u64),
    ];
    counts.into_iter().filter_map(|(name, count)| Property::ours(name, &count.to_string())).collect()
}

fn name_of_control(document: &Document<'_, '_>, control: &Reviewed<'_>) -> Uuid {
    document.names.of_pack("control", control.id)
}

fn of_control<'d>(document: &Document<'d, '_>, control: &Reviewed<'_>) -> Observation<'d> {
    let verdict = control.verdict();
    let remarks = match verdict {
        Verdict::NotMeasured if control.rules.is_empty() => {
            Some("No rule proves this control: nothing is said of it.")
        }
        Verdict::NotMeasured => {
            Some("Its rules apply to nothing that the pack covers: nothing is said of it.")
        }
        Verdict::Undetermined => Some("Not everything is known: it is neither satisfied nor not satisfied."),
        _ => None,
    };
    let mut props = frameworks(control.id, control.record);
    props.extend(Property::ours("verdict", verdict.word()));
    props.extend(counts(control));
    Observation {
        uuid: name_of_control(document, control),
        title: Markup::of(title(control.id, control.record)),
        description: Markup::of(&format!(
            "Results of {} that prove the control {}",
            words::count(control.rules.len(), "rule", "rules"),
            control.id
        )),
        props,
        methods: ["TEST"],
        types: ["control-objective"],
        origins: origin(document),
        subjects: Subjects { positions: &[], all: &document.tally.names },
        relevant_evidence: evidence(document, paths::CONTROLS, "The control with its rules and outcomes"),
        collected: document.material.run.moment,
        remarks: remarks.map(Markup::of),
    }
}

fn name_of_outcome(document: &Document<'_, '_>, tested: &Tested<'_>, outcome: Outcome) -> Uuid {
    document.names.of_pack("observation", &format!("{}/{}/{}", tested.scorecard, tested.id, outcome.word()))
}

/// Outcomes that came, with the position of each.
fn came(tested: &Tested<'_>) -> impl Iterator<Item = (Outcome, usize)> {
    let counts = tested.outcomes.each_ref().map(|came| came.count);
    Outcome::ALL
        .into_iter()
        .enumerate()
        .filter(move |(at, _)| counts[*at] > 0)
        .map(|(at, outcome)| (outcome, at))
}

fn of_rule<'d>(document: &Document<'d, '_>, tested: &'d Tested<'_>) -> Vec<Observation<'d>> {
    let title = tested.rule.title.value().map_or(tested.id, |title| title);
    let observe = |(outcome, at): (Outcome, usize)| {
        let came = &tested.outcomes[at];
        let props = [
            Property::ours("rule", tested.id),
            Property::ours("scorecard", tested.scorecard),
            Property::ours("outcome", outcome.word()),
            Property::ours("count", &came.count.to_string()),
            Property::ours("announced", "yes").filter(|_| tested.announced),
        ];
        Observation {
            uuid: name_of_outcome(document, tested, outcome),
            title: Markup::of(&format!("{title}: {}", meaning(outcome))),
            description: Markup::of(&format!(
                "The rule {} of the scorecard {}: {} for {}",
                tested.id,
                tested.scorecard,
                meaning(outcome),
                words::count(usize::try_from(came.count).unwrap_or(usize::MAX), "subject", "subjects"),
            )),
            props: props.into_iter().flatten().collect(),
            methods: ["TEST"],
            types: ["control-objective"],
            origins: origin(document),
            subjects: Subjects { positions: &came.subjects, all: &document.tally.names },
            relevant_evidence: evidence(
                document,
                paths::RESULTS,
                "Each result with what was read and where that stands",
            ),
            collected: document.material.run.moment,
            remarks: tested.announced.then(|| Markup::of("The rule is announced and does not count yet.")),
        }
    };
    came(tested).map(observe).collect()
}

const fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Waived => "fail, waived by an exception",
        Outcome::Unknown => "not known",
        Outcome::NotApplicable => "does not apply",
    }
}

/// What OSCAL may be told: the state, and the kind of reason.
const fn claim(verdict: Verdict) -> Option<(&'static str, &'static str)> {
    match verdict {
        Verdict::Satisfied => Some(("satisfied", "pass")),
        Verdict::NotSatisfied => Some(("not-satisfied", "fail")),
        Verdict::Waived => Some(("not-satisfied", "other")),
        Verdict::Undetermined | Verdict::NotMeasured => None,
    }
}

/// A finding below each id of the control, where something can be said.
fn findings(document: &Document<'_, '_>, control: &Reviewed<'_>, incomplete: Option<&str>) -> Vec<Finding> {
    let verdict = control.verdict();
    let Some((state, reason)) = claim(verdict) else { return Vec::new() };
    let score = control.score;
    let said = match verdict {
        Verdict::Satisfied => format!("Every result is a pass: {}.", score.pass),
        Verdict::Waived => {
            format!("{} fail with the permission of exceptions, and none without.", score.waived)
        }
        _ => format!(
            "{} fail.",
            words::count(usize::try_from(score.fail).unwrap_or(usize::MAX), "result", "results")
        ),
    };
    let unknown = (score.unknown > 0).then(|| format!("{} are not known.", score.unknown));
    let caveat = incomplete.filter(|_| verdict == Verdict::Satisfied).map(str::to_owned);
    let remarks: Vec<String> = [Some(said), unknown, caveat].into_iter().flatten().collect();
    let remarks = Markup::of(&remarks.join(" "));
    let of_rules = control.rules.iter().flat_map(|rule| {
        let tested = &document.tally.rules[*rule];
        came(tested).map(move |(outcome, _)| name_of_outcome(document, tested, outcome))
    });
    let observations: Vec<Uuid> =
        std::iter::once(name_of_control(document, control)).chain(of_rules).collect();
    let called = title(control.id, control.record);
    let finding = |(control_id, target_id): (&str, String)| Finding {
        uuid: document.names.of_pack("finding", &target_id),
        title: Markup::of(&format!("{called} ({control_id})")),
        description: remarks.clone(),
        props: frameworks(control.id, control.record),
        origins: origin(document),
        target: Target {
            kind: "objective-id",
            target_id,
            title: Markup::of(called),
            description: Markup::of(control.record.description.value().map_or(called, |text| text)),
            status: Status { state, reason, remarks: remarks.clone() },
        },
        related_observations: observations
            .iter()
            .map(|name| RelatedObservation { observation_uuid: *name })
            .collect(),
        related_risks: control
            .exceptions
            .iter()
            .map(|index| RelatedRisk { risk_uuid: risks::name(document, *index) })
            .collect(),
    };
    control.objectives().map(finding).collect()
}
