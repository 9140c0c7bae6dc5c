//! Statistics: how every rule did over all its subjects, and how it is tested.

use super::outcome::{Outcome, Score};
use super::scorecard::{CompiledScorecard, Scorecards};
use super::{AccountAssessment, RuleStatistics, RuleTestCounts, ServiceAssessment, SubjectAssessment};
use crate::catalog::scorecard::Subject;

/// Subjects by outcome for every rule, in the order of the catalog and of the file.
pub(super) fn statistics(
    scorecards: &Scorecards<'_>,
    services: &[ServiceAssessment],
    golden_paths: &[SubjectAssessment],
    accounts: &[AccountAssessment],
    tests: &[Vec<RuleTestCounts>],
) -> Vec<RuleStatistics> {
    let mut counts: Vec<Vec<Score>> =
        scorecards.all.iter().map(|scorecard| vec![Score::default(); scorecard.rules.len()]).collect();
    // A service in conflict has no tier, and nothing is said of it.
    let judged_services = || services.iter().filter(|service| service.tier.is_some());
    let subjects = judged_services()
        .map(|service| &service.subject)
        .chain(golden_paths)
        .chain(accounts.iter().map(|account| &account.subject));
    let mut judged = vec![0; scorecards.all.len()];
    for result in subjects.flat_map(|subject| &subject.scorecards) {
        judged[result.scorecard.position()] += 1;
        for (counts, judged) in counts[result.scorecard.position()].iter_mut().zip(&result.rules) {
            counts.add(judged.outcome, 1);
        }
    }
    for ((scorecard, counts), judged) in scorecards.all.iter().zip(&mut counts).zip(judged) {
        let all = match scorecard.subject {
            Subject::Service => judged_services().count(),
            Subject::GoldenPath => golden_paths.len(),
            Subject::Account => accounts.len(),
        };
        // Subjects that `appliesTo` excludes.
        let excluded = u64::try_from(all - judged).expect("subjects are counted in memory");
        counts.iter_mut().for_each(|counts| counts.add(Outcome::NotApplicable, excluded));
    }
    let of_scorecard = |(scorecard, counts): (&CompiledScorecard<'_>, Vec<Score>)| {
        let rules = scorecard.rules.iter().zip(counts).enumerate();
        rules
            .map(|(position, (rule, counts))| RuleStatistics {
                rule: rule.id.clone(),
                scorecard: scorecard.index,
                position,
                counts,
                broken: rule.broken().map(|why| Box::from(&**why)),
                tests: tests[scorecard.index.position()][position],
            })
            .collect::<Vec<_>>()
    };
    scorecards.all.iter().zip(counts).flat_map(of_scorecard).collect()
}
