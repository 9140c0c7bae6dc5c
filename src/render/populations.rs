//! Who is where, worked out once for all pages: services on each version of each golden path, subjects
//! at each level of each scorecard, subjects by outcome of each rule.

use std::collections::BTreeSet;

use super::portal::Portal;
use super::reading::in_context;
use crate::assess::explain::Explainer;
use crate::assess::metrics::counts;
use crate::assess::outcome::{Outcome, Score};
use crate::assess::{Assessment, ScorecardResult, SubjectAssessment};
use crate::catalog::scorecard::{Scorecard, Subject};
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Declared};

/// Positions in the table of whatever the list is about, in the order in which they are shown.
pub type Rows = Vec<u32>;

/// Who is where.
#[derive(Debug)]
pub struct Populations {
    /// One for each golden path, in the order of the catalog.
    pub golden_paths: Vec<PathPopulation>,
    /// One for each scorecard, in the order of the catalog.
    pub scorecards: Vec<ScorecardPopulation>,
    /// Services that metrics count: neither proposed nor retired nor in conflict.
    pub counted_services: usize,
    /// Controls that some rule about services proves.
    pub proven_controls: BTreeSet<Box<str>>,
}

/// The services of one golden path. Each is in exactly one of the lists.
#[derive(Debug, Default)]
pub struct PathPopulation {
    /// Services by the version they name, in the order of the file.
    pub versions: Vec<Rows>,
    /// Services that name no version.
    pub without_version: Rows,
    /// Services that name a version that the path does not have.
    pub unknown_version: Rows,
    /// Services that no metric counts: proposed, retired or in conflict.
    pub not_counted: Rows,
}

/// What came of one scorecard.
#[derive(Debug, Default)]
pub struct ScorecardPopulation {
    /// Subjects by the highest level that they reach with exceptions, the lowest level first.
    pub levels: Vec<Rows>,
    /// Subjects that reach none.
    pub below: Rows,
    /// How many subjects have each level as their highest without exceptions.
    pub without_exceptions: Vec<usize>,
    /// One for each rule, in the order of the file.
    pub rules: Vec<RulePopulation>,
}

/// What came of one rule; of one that is announced, what would come of it today.
#[derive(Debug, Default)]
pub struct RulePopulation {
    /// Subjects that do not pass: those that fail, then unknown, then waived ones, each by id.
    pub open: Rows,
    /// Subjects that pass, by id.
    pub passing: Rows,
    /// What would come of a rule that is announced, before exceptions.
    pub forecast: Option<Score>,
}

impl PathPopulation {
    /// Services that count.
    pub fn counted(&self) -> usize {
        let named: usize = self.versions.iter().map(Vec::len).sum();
        named + self.without_version.len() + self.unknown_version.len()
    }
}

impl ScorecardPopulation {
    /// Subjects that it applies to.
    pub fn subjects(&self) -> usize {
        self.below.len() + self.levels.iter().map(Vec::len).sum::<usize>()
    }
}

impl Populations {
    /// Works them out.
    pub fn new(catalog: &Catalog, assessment: &Assessment, explainer: &Explainer<'_>) -> Self {
        let mut scorecards = scorecards(catalog, assessment);
        forecast(catalog, assessment, explainer, &mut scorecards);
        Self {
            golden_paths: golden_paths(catalog),
            scorecards,
            counted_services: catalog.services.iter().filter(|service| counts(service)).count(),
            proven_controls: proven_controls(catalog),
        }
    }
}

/// What a scorecard judges; services when it does not say.
pub fn subject(scorecard: &Scorecard) -> Subject {
    scorecard.subject.value().copied().unwrap_or(Subject::Service)
}

/// The id of the rule at `position`; one without an id has a name made of its position.
pub fn rule_id<'p>(
    portal: &'p Portal<'_>,
    scorecard: Index<Declared<Scorecard>>,
    position: usize,
) -> &'p str {
    let rules = &portal.explainer.scorecards().get(scorecard).rules;
    rules.get(position).map_or("", |rule| rule.id.as_str())
}

/// What is judged of the subject at `row`.
pub fn assessed(assessment: &Assessment, subject: Subject, row: u32) -> Option<&SubjectAssessment> {
    let row = row as usize;
    match subject {
        Subject::Service => assessment.services.get(row).map(|service| &service.subject),
        Subject::GoldenPath => assessment.golden_paths.get(row),
        Subject::Account => assessment.accounts.get(row).map(|account| &account.subject),
    }
}

/// The result of `scorecard` among those of a subject.
pub fn result(
    subject: &SubjectAssessment,
    scorecard: Index<Declared<Scorecard>>,
) -> Option<&ScorecardResult> {
    subject.scorecards.iter().find(|result| result.scorecard == scorecard)
}

fn row(position: usize) -> u32 {
    u32::try_from(position).expect("tables stay below four billion rows")
}

fn golden_paths(catalog: &Catalog) -> Vec<PathPopulation> {
    let mut populations: Vec<PathPopulation> = catalog
        .golden_paths
        .iter()
        .map(|path| PathPopulation {
            versions: vec![Vec::new(); path.record.versions.items.len()],
            ..PathPopulation::default()
        })
        .collect();
    for (position, service) in catalog.services.iter().enumerate() {
        let Some(population) = service.golden_path.map(|path| &mut populations[path.position()]) else {
            continue;
        };
        let named = service.record.golden_path.value().and_then(|reference| reference.version.as_ref());
        let list = match service.golden_path_version {
            _ if !counts(service) => &mut population.not_counted,
            Some(version) => match population.versions.get_mut(version) {
                Some(list) => list,
                None => &mut population.unknown_version,
            },
            None if named.is_some() => &mut population.unknown_version,
            None => &mut population.without_version,
        };
        list.push(row(position));
    }
    populations
}

fn scorecards(catalog: &Catalog, assessment: &Assessment) -> Vec<ScorecardPopulation> {
    let mut populations: Vec<ScorecardPopulation> = catalog
        .scorecards
        .iter()
        .map(|scorecard| ScorecardPopulation {
            levels: vec![Vec::new(); scorecard.record.levels.items.len()],
            below: Vec::new(),
            without_exceptions: vec![0; scorecard.record.levels.items.len()],
            rules: scorecard.record.rules.items.iter().map(|_| RulePopulation::default()).collect(),
        })
        .collect();
    let services = assessment.services.iter().map(|service| &service.subject).enumerate();
    let golden_paths = assessment.golden_paths.iter().enumerate();
    let accounts = assessment.accounts.iter().map(|account| &account.subject).enumerate();
    for (position, subject) in services.chain(golden_paths).chain(accounts) {
        for result in &subject.scorecards {
            let Some(population) = populations.get_mut(result.scorecard.position()) else { continue };
            let reached = result.level_with_exceptions.and_then(|level| population.levels.get_mut(level));
            reached.unwrap_or(&mut population.below).push(row(position));
            if let Some(count) = result.level.and_then(|level| population.without_exceptions.get_mut(level)) {
                *count += 1;
            }
            for (rule, judged) in population.rules.iter_mut().zip(&result.rules) {
                match judged.outcome {
                    Outcome::Pass => rule.passing.push(row(position)),
                    Outcome::Fail | Outcome::Unknown | Outcome::Waived => rule.open.push(row(position)),
                    Outcome::NotApplicable => {}
                }
            }
        }
    }
    for (index, scorecard) in catalog.scorecards.indexed() {
        let kind = subject(&scorecard.record);
        for (position, rule) in populations[index.position()].rules.iter_mut().enumerate() {
            let weight = |row: u32| {
                let result = assessed(assessment, kind, row).and_then(|subject| result(subject, index));
                result
                    .and_then(|result| result.rules.get(position))
                    .map_or(3, |judged| urgency(judged.outcome))
            };
            // Stable: inside one outcome the order of the table stays.
            rule.open.sort_by_cached_key(|row| weight(*row));
        }
    }
    populations
}

/// Fills the populations of rules that are announced with what would come of them today.
fn forecast(
    catalog: &Catalog,
    assessment: &Assessment,
    explainer: &Explainer<'_>,
    scorecards: &mut [ScorecardPopulation],
) {
    for (index, scorecard) in catalog.scorecards.indexed() {
        let kind = subject(&scorecard.record);
        let population = &mut scorecards[index.position()];
        let mut subjects: Vec<u32> =
            population.levels.iter().flatten().chain(&population.below).copied().collect();
        subjects.sort_unstable();
        for (position, written) in scorecard.record.rules.values().enumerate() {
            if written.effective_from.value().is_none_or(|from| *from <= assessment.as_of) {
                continue;
            }
            let mut counts = Score::default();
            let mut open: Vec<(u8, u32)> = Vec::new();
            let rule = &mut population.rules[position];
            for &row in &subjects {
                let outcome = in_context(explainer, (catalog, assessment), (kind, row), |context| {
                    Some(explainer.forecast(context, index, position)?.outcome)
                });
                let Some(outcome) = outcome else { continue };
                counts.add(outcome, 1);
                match outcome {
                    Outcome::Pass => rule.passing.push(row),
                    Outcome::NotApplicable => {}
                    _ => open.push((urgency(outcome), row)),
                }
            }
            open.sort_unstable();
            rule.open = open.into_iter().map(|(_, row)| row).collect();
            rule.forecast = Some(counts);
        }
    }
}

fn proven_controls(catalog: &Catalog) -> BTreeSet<Box<str>> {
    let services = catalog.scorecards.iter().filter(|own| subject(&own.record) == Subject::Service);
    let rules = services.flat_map(|scorecard| scorecard.record.rules.values());
    rules.flat_map(|rule| rule.controls.values()).map(|control| control.as_str().into()).collect()
}

/// Worst first.
fn urgency(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Fail => 0,
        Outcome::Unknown => 1,
        Outcome::Waived => 2,
        Outcome::Pass | Outcome::NotApplicable => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::testing::Organisation;
    use crate::render::trial::Trial;

    fn service(organisation: Organisation, id: &str, more: &str) -> Organisation {
        organisation.descriptor(id, "service.yaml", &format!("serviceId: {id}\n{more}"))
    }

    fn names(catalog: &Catalog, rows: &[u32]) -> Vec<String> {
        rows.iter().map(|row| catalog.services.rows()[*row as usize].id.to_string()).collect()
    }

    #[test]
    fn every_service_of_a_path_is_in_exactly_one_list() {
        let mut organisation = Organisation::default()
            .catalog("golden-paths/web.yaml", "goldenPathId: web\nversions: [\"2\", \"1\"]\n");
        for (id, more) in [
            ("a", "goldenPath: web@1\n"),
            ("b", "goldenPath: web\n"),
            ("c", "goldenPath: web@9\n"),
            ("d", "goldenPath: web@1\nlifecycle: {state: retired}\n"),
            ("e", ""),
            ("f", "goldenPath: web@2\n"),
        ] {
            organisation = service(organisation, id, more);
        }
        let trial = Trial::of(&organisation);
        let explainer = Explainer::new(&trial.catalog, &trial.assessment);
        let populations = Populations::new(&trial.catalog, &trial.assessment, &explainer);
        let path = &populations.golden_paths[0];
        let shown = |rows: &[u32]| names(&trial.catalog, rows);
        assert_eq!(shown(&path.versions[0]), ["f"]);
        assert_eq!(shown(&path.versions[1]), ["a"]);
        assert_eq!(shown(&path.without_version), ["b"]);
        assert_eq!(shown(&path.unknown_version), ["c"]);
        assert_eq!(shown(&path.not_counted), ["d"]);
        assert_eq!((path.counted(), populations.counted_services), (4, 5));
    }

    #[test]
    fn what_does_not_pass_comes_worst_first_and_the_rest_by_id() {
        let scorecard = "scorecardId: small\nlevels: [low, high]\nrules:\n\
            - {id: named, level: low, assert: service.displayName is defined}\n\
            - {id: drilled, level: high, needs: [drill], assert: 'service.displayName is defined and fact(\"drill\")'}\n";
        let mut organisation = Organisation::default()
            .catalog("scorecards/small.yaml", scorecard)
            .facts("facts/drills.json", "[{\"subject\": \"service:d\", \"fact\": \"drill\", \"value\": true, \"observedAt\": \"2026-11-21T01:00:00Z\"}]");
        for (id, more) in
            [("a", "displayName: A\n"), ("b", ""), ("c", "displayName: C\n"), ("d", "displayName: D\n")]
        {
            organisation = service(organisation, id, more);
        }
        let trial = Trial::of(&organisation);
        let explainer = Explainer::new(&trial.catalog, &trial.assessment);
        let populations = Populations::new(&trial.catalog, &trial.assessment, &explainer);
        let scorecard = &populations.scorecards[0];
        let shown = |rows: &[u32]| names(&trial.catalog, rows);
        assert_eq!(shown(&scorecard.rules[0].open), ["b"]);
        assert_eq!(shown(&scorecard.rules[0].passing), ["a", "c", "d"]);
        assert_eq!(shown(&scorecard.rules[1].open), ["b", "a", "c"]);
        assert_eq!(shown(&scorecard.rules[1].passing), ["d"]);
        assert_eq!(shown(&scorecard.below), ["b"]);
        assert_eq!(shown(&scorecard.levels[0]), ["a", "c"]);
        assert_eq!(shown(&scorecard.levels[1]), ["d"]);
        assert_eq!((scorecard.subjects(), &scorecard.without_exceptions), (4, &vec![2, 1]));
    }

    #[test]
    fn an_announced_rule_is_forecast() {
        let scorecard = "scorecardId: small\nlevels: [low]\nrules:\n\
            - {id: named, level: low, assert: service.displayName is defined, effectiveFrom: 2027-01-01}\n";
        let organisation = Organisation::default().catalog("scorecards/small.yaml", scorecard);
        let organisation = service(service(organisation, "a", "displayName: A\n"), "b", "");
        let trial = Trial::of(&organisation);
        let explainer = Explainer::new(&trial.catalog, &trial.assessment);
        let populations = Populations::new(&trial.catalog, &trial.assessment, &explainer);
        let rule = &populations.scorecards[0].rules[0];
        assert_eq!(names(&trial.catalog, &rule.open), ["b"]);
        assert_eq!(names(&trial.catalog, &rule.passing), ["a"]);
        assert_eq!(rule.forecast, Some(Score { pass: 1, fail: 1, ..Score::default() }));
        assert_eq!(trial.assessment.rules[0].counts.not_applicable, 2);
    }
}
