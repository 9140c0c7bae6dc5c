//! Verdicts that are kept: what was removed for an audience must not change how anything was judged. A night that was
//! judged again without some values takes over the verdicts of the full one; words stay those of the second, which
//! never saw what was removed.

use super::{
    AccountAssessment, Answer, Assessment, ExceptionAssessment, Finding, InputState, Reason, RuleStatistics,
    ScorecardResult, ServiceAssessment, SubjectAssessment, TierVerdict,
};

/// What is said in place of words that rest on something removed.
pub(super) const REMOVED: &str = "removed for this audience";

impl Assessment {
    /// The same words with the verdicts of `full`, the judgement of the same night with every value. `None` when the two
    /// are not about the same things.
    #[must_use]
    pub fn judged_as(mut self, full: Self) -> Option<Self> {
        let is_same = self.services.len() == full.services.len()
            && self.golden_paths.len() == full.golden_paths.len()
            && self.accounts.len() == full.accounts.len()
            && self.exceptions.len() == full.exceptions.len()
            && self.rules.len() == full.rules.len();
        if !is_same {
            return None;
        }
        pairs(&mut self.services, full.services).for_each(|(own, full)| service(own, full));
        pairs(&mut self.golden_paths, full.golden_paths).for_each(|(own, full)| subject(own, full));
        pairs(&mut self.accounts, full.accounts).for_each(|(own, full)| account(own, full));
        pairs(&mut self.exceptions, full.exceptions).for_each(|(own, full)| exception(own, full));
        for (own, full) in pairs(&mut self.rules, full.rules) {
            let RuleStatistics { counts, tests, .. } = full;
            (own.counts, own.tests) = (counts, tests);
        }
        Some(self)
    }
}

fn pairs<T>(own: &mut [T], full: Vec<T>) -> impl Iterator<Item = (&mut T, T)> {
    own.iter_mut().zip(full)
}

fn service(own: &mut ServiceAssessment, full: ServiceAssessment) {
    subject(&mut own.subject, full.subject);
    tier(&mut own.tier, full.tier);
    questions(&mut own.questions, full.questions);
    own.tags = full.tags;
    findings(&mut own.findings, full.findings);
    findings(&mut own.open_questions, full.open_questions);
    own.exceptions = full.exceptions;
}

fn account(own: &mut AccountAssessment, full: AccountAssessment) {
    subject(&mut own.subject, full.subject);
    questions(&mut own.questions, full.questions);
}

fn subject(own: &mut SubjectAssessment, full: SubjectAssessment) {
    let words = std::mem::take(&mut own.scorecards);
    own.readiness = full.readiness;
    own.scorecards = full.scorecards;
    for result in &mut own.scorecards {
        let same = words.iter().find(|own| own.scorecard == result.scorecard);
        result_words(result, same);
    }
}

/// Gives `result`, whose verdicts stay, the words of `own`.
fn result_words(result: &mut ScorecardResult, own: Option<&ScorecardResult>) {
    if let Some(why) = &mut result.applies_unknown {
        let said = own.and_then(|own| own.applies_unknown.clone());
        *why = said.unwrap_or_else(|| REMOVED.into());
    }
    for (position, rule) in result.rules.iter_mut().enumerate() {
        let same = own.and_then(|own| own.rules.get(position)).filter(|own| own.outcome == rule.outcome);
        rule.message = match same {
            Some(same) => same.message.clone(),
            None => Some(REMOVED.into()),
        };
    }
}

fn tier(own: &mut Option<TierVerdict>, full: Option<TierVerdict>) {
    if own.as_ref().map(|own| own.tier) == full.as_ref().map(|full| full.tier) {
        return;
    }
    *own = full.map(|full| {
        let silent = |reasons: Vec<Reason>| {
            let reasons = reasons.into_iter();
            reasons.map(|reason| Reason { text: REMOVED.into(), ..reason }).collect()
        };
        TierVerdict { reasons: silent(full.reasons), missing_for_next: silent(full.missing_for_next), ..full }
    });
}

fn questions(own: &mut [Answer; 7], full: [Answer; 7]) {
    for (own, full) in own.iter_mut().zip(full) {
        match (&own, full) {
            (Answer::Answered { .. }, Answer::Answered { .. })
            | (Answer::Unanswered, Answer::Unanswered)
            | (Answer::Unknown(_), Answer::Unknown(_)) => {}
            (_, Answer::Answered { .. }) => {
                *own = Answer::Answered {
                    value: REMOVED.into(),
                    origin: crate::catalog::origin::Origin::Default,
                };
            }
            (_, Answer::Unknown(_)) => *own = Answer::Unknown(REMOVED.into()),
            (_, Answer::Unanswered) => *own = Answer::Unanswered,
        }
    }
}

fn exception(own: &mut ExceptionAssessment, full: ExceptionAssessment) {
    if own.state != full.state {
        let silent = |reason: &Reason| Reason { text: REMOVED.into(), origin: reason.origin };
        own.reasons = full.reasons.iter().map(silent).collect();
    }
    own.state = full.state;
    own.days_left = full.days_left;
    own.review_due = full.review_due;
    own.review_lapses = full.review_lapses;
    own.hides = full.hides;
    own.beside = full.beside;
    findings(&mut own.findings, full.findings);
}

/// Keeps what both find, in the words of `own`; what only `full` finds is said without words.
fn findings(own: &mut Vec<Finding>, full: Vec<Finding>) {
    own.retain(|own| full.iter().any(|full| full.code == own.code));
    for full in full {
        if own.iter().all(|own| own.code != full.code) {
            own.push(Finding { message: REMOVED.into(), ..full });
        }
    }
}

/// What a rule read, where it would come out otherwise than it did: something of it was removed.
pub(super) fn without_removed(inputs: &mut [super::Input]) {
    for input in inputs.iter_mut().filter(|input| input.state != InputState::Known) {
        input.value = Some(REMOVED.into());
        input.state = InputState::Known;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(code: &'static str, message: &str) -> Finding {
        Finding { code, message: message.into(), origin: None }
    }

    #[test]
    fn findings_are_those_of_the_full_night_in_words_that_saw_nothing() {
        let mut own = vec![finding("covers-nothing", "it hides nothing"), finding("repeat", "again")];
        findings(
            &mut own,
            vec![finding("repeat", "again, says mira@example.com"), finding("overlap", "412 EUR")],
        );
        assert_eq!(own, [finding("repeat", "again"), finding("overlap", REMOVED)]);
    }
}
