//! Where a service stands, in the few words that lists have room for: tier, readiness level and score,
//! exceptions.

use super::badge::Badge;
use super::portal::Portal;
use crate::assess::outcome::Share;
use crate::assess::{ExceptionState, ScorecardResult, ServiceAssessment, Tier};

/// Where a service stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing<'p> {
    /// Its tier; none while its id is claimed twice.
    pub tier: Option<Tier>,
    /// The level reached on its readiness scorecard, with exceptions: position and title.
    pub level: Option<(usize, &'p str)>,
    /// The score on its readiness scorecard, with exceptions.
    pub score: Option<Share>,
}

impl<'p> Standing<'p> {
    /// The standing of the service at `position`.
    pub fn of(portal: &'p Portal<'_>, position: usize) -> Self {
        let Some(judged) = portal.assessment.services.get(position) else { return Self::default() };
        let readiness = readiness(judged);
        Self {
            tier: judged.tier.as_ref().map(|verdict| verdict.tier),
            level: readiness.and_then(|result| {
                let level = result.level_with_exceptions?;
                Some((level, level_title(portal, result, level)))
            }),
            score: readiness.and_then(|result| result.score.with_exceptions()),
        }
    }
}

/// The result whose score is the readiness of the service.
pub fn readiness(judged: &ServiceAssessment) -> Option<&ScorecardResult> {
    judged.subject.readiness.and_then(|position| judged.subject.scorecards.get(position))
}

/// What people call level `position` of the scorecard of `result`.
pub fn level_title<'p>(portal: &'p Portal<'_>, result: &ScorecardResult, position: usize) -> &'p str {
    let scorecard = &portal.catalog.scorecards[result.scorecard].record;
    let Some(level) = scorecard.levels.items.get(position) else { return "" };
    let id = level.value.id.value().map_or("", |id| id.as_str());
    level.value.title.value().map_or(id, |title| title)
}

/// How urgent a state is: the smaller, the sooner somebody must look.
pub const fn urgency(state: ExceptionState) -> u8 {
    match state {
        ExceptionState::Expired => 0,
        ExceptionState::Invalid => 1,
        ExceptionState::Pending => 2,
        ExceptionState::ReviewOverdue => 3,
        ExceptionState::Expiring => 4,
        ExceptionState::Active => 5,
        ExceptionState::Closed => 6,
    }
}

/// The most urgent exception of the service at `position`, and how many more there are; closed ones are
/// left out.
pub fn exceptions_in_brief(portal: &Portal<'_>, position: usize) -> Option<Badge> {
    let judged = portal.assessment.services.get(position)?;
    let open = judged.exceptions.iter().filter_map(|index| {
        let exception = portal.assessment.exceptions.get(index.position())?;
        (exception.state != ExceptionState::Closed).then_some((exception.state, exception.days_left))
    });
    in_brief(open)
}

/// The most urgent of `exceptions`, and how many more there are.
pub fn in_brief(exceptions: impl Iterator<Item = (ExceptionState, Option<i64>)>) -> Option<Badge> {
    let mut count = 0;
    let mut first: Option<((u8, i64), ExceptionState, Option<i64>)> = None;
    for (state, days_left) in exceptions {
        count += 1;
        let key = (urgency(state), days_left.unwrap_or(i64::MAX));
        if first.is_none_or(|(known, ..)| key < known) {
            first = Some((key, state, days_left));
        }
    }
    let (_, state, days_left) = first?;
    let badge = Badge::exception_with_days(state, days_left);
    Some(match count - 1 {
        0 => badge,
        more => {
            let text = format!("{}, {more} more", badge.text);
            badge.saying(text)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_urgent_exception_speaks_for_the_rest() {
        use ExceptionState::{Active, Expired, Expiring, ReviewOverdue};
        let text = |exceptions: &[(ExceptionState, Option<i64>)]| {
            in_brief(exceptions.iter().copied()).map(|badge| (badge.class, badge.text.into_owned()))
        };
        assert_eq!(text(&[]), None);
        assert_eq!(text(&[(Active, Some(200))]), Some(("active", "Active".to_owned())));
        assert_eq!(
            text(&[(Active, Some(200)), (Expired, Some(-3)), (Expired, Some(-82))]),
            Some(("expired", "Expired 82 days ago, 2 more".to_owned()))
        );
        assert_eq!(
            text(&[(Expiring, Some(9)), (ReviewOverdue, Some(40))]),
            Some(("review-overdue", "Review overdue, 1 more".to_owned()))
        );
    }
}
