//! What a night costs, reckoned from the number of repositories and from what is kept of the last night. The same
//! arithmetic as GitHub's: a hundredth of a point for each listing that a question sets off, rounded, at least one.

use crate::collect::doctor::{Allowance, Budget, Cost, NightKind, Prospect};
use crate::collect::github::activity::PER_QUESTION;
use crate::collect::github::crawl::SLOTS;
use crate::collect::github::firsts::{self, Firsts};
use crate::collect::github::kept::{Before, Kept, Stage};
use crate::collect::github::listing::{Listed, PAGE};
use crate::collect::github::night::{is_between_sweeps, left_out};
use crate::day::Moment;
use crate::settings::{Also, Github};

/// How many files beside the descriptor a repository is supposed to have read.
const FILES: u64 = 2;

/// Of how many repositories one is supposed to have moved since the last night.
const MOVED: u64 = 100;

/// The part of a limit that a collect leaves to others.
const LEFT_TO_OTHERS: u64 = 20;

/// How many limits a night can use up before it is over: the first, and one for each hour that it may wait.
const LIMITS_OF_A_NIGHT: u64 = 5;

impl Cost {
    pub(super) fn and(self, other: Self) -> Self {
        Self { requests: self.requests + other.requests, points: self.points + other.points }
    }
}

/// What the next night costs that reads `count` repositories of `owner`.
pub(super) fn budget(
    asked: &Github,
    (owner, count): (&str, u64),
    before: Option<&Before>,
    kept: &Kept,
    now: Moment,
) -> Budget {
    let topics = !asked.topics.is_empty();
    let moved = count.div_ceil(MOVED);
    let happened = happened(asked, count);
    let cold = listing(pages(count), true, topics).and(files(FILES * count));
    let cold = cold.and(first_changes(count)).and(happened);
    let undated = count.saturating_sub(kept.firsts(owner).map_or(0, |firsts: Firsts| firsts.len() as u64));
    // `unknown` of which nothing is kept, `unread` of which not all is.
    let swept = |unknown: u64, unread: u64| {
        let pages = listing(pages(count), unknown * 2 > count, topics);
        pages.and(roots(unknown, topics)).and(files(FILES * unread)).and(happened)
    };
    let warm = swept(moved, moved);
    let (kind, tonight) = match before {
        None => (NightKind::First, cold),
        Some(before) => {
            let without = |is_kept: &dyn Fn(&str, &str) -> bool| {
                let is_missed = |listed: &&Listed| {
                    let head = listed.head.as_ref().filter(|_| left_out(asked, listed).is_none());
                    head.is_some_and(|head| !is_kept(&listed.id, head))
                };
                before.repositories.iter().filter(is_missed).count() as u64
            };
            let new = count.saturating_sub(before.repositories.len() as u64);
            let unknown = without(&|id, head| kept.has(id, head));
            let unread = without(&|id, head| kept.has_at(id, head, Stage::Whole));
            // A listing of what was pushed only serves while there are no more and no fewer.
            if is_between_sweeps(asked, before, now) && before.repositories.len() as u64 == count {
                let pushed = listing(pages(moved) + 1, true, topics);
                let rest = roots(unknown, topics).and(files(FILES * (unread + moved).min(count)));
                (NightKind::BetweenSweeps, pushed.and(rest).and(happened).and(first_changes(undated)))
            } else {
                let of = |missed: u64| (missed + new + moved).min(count);
                (NightKind::Sweep, swept(of(unknown), of(unread)).and(first_changes(undated)))
            }
        }
    };
    Budget { organisation: owner.into(), repositories: count, allowance: None, kind, tonight, cold, warm }
}

fn pages(count: u64) -> u64 {
    count.div_ceil(PAGE as u64).max(1)
}

/// So many pages of a listing. With content, the last change of each descriptor is a listing of its own; with
/// topics, these are.
fn listing(pages: u64, content: bool, topics: bool) -> Cost {
    Cost { requests: pages, points: pages * points(1 + 100 * (u64::from(content) + u64::from(topics))) }
}

/// What lies at the root of so many repositories.
fn roots(count: u64, topics: bool) -> Cost {
    batches(count, PAGE as u64, 1 + u64::from(topics))
}

/// So many files with their last change.
fn files(count: u64) -> Cost {
    batches(count, SLOTS as u64, 1)
}

/// What happened to so many repositories, each with a descriptor: two listings each, of commits and deployments.
fn happened(asked: &Github, count: u64) -> Cost {
    let is_wanted = |also: &Also| matches!(also, Also::Builds | Also::Deployments);
    match asked.also.iter().any(is_wanted) {
        true => batches(count, PER_QUESTION as u64, 2),
        false => Cost::default(),
    }
}

/// Every team with the first hundred of its members, and everybody.
pub(super) fn people(teams: u64, members: u64) -> Cost {
    listing(pages(teams), true, false).and(listing(pages(members), false, false))
}

/// The first change of so many descriptors, of which one night asks for a share.
fn first_changes(count: u64) -> Cost {
    let size = firsts::SLOTS as u64;
    batches(count.min(size * firsts::QUESTIONS as u64), size, 1)
}

/// `count` things, `size` to a question, each of which sets off so many listings.
fn batches(count: u64, size: u64, listings: u64) -> Cost {
    let (full, rest) = (count / size, count % size);
    let last =
        if rest == 0 { Cost::default() } else { Cost { requests: 1, points: points(rest * listings) } };
    Cost { requests: full, points: full * points(size * listings) }.and(last)
}

/// The points of a question that sets off so many listings.
fn points(listings: u64) -> u64 {
    ((listings + 50) / 100).max(1)
}

/// Says whether what tonight costs fits into what remains: of each installation of an App by itself, of a token
/// for all organisations together.
pub(super) fn say_whether_it_fits(is_app: bool, prospect: &mut Prospect) {
    let mut limits: Vec<(Option<Box<str>>, u64, Allowance)> = Vec::new();
    for budget in &prospect.budgets {
        let Some(allowance) = budget.allowance else { continue };
        match limits.last_mut().filter(|_| !is_app) {
            Some((_, points, _)) => *points += budget.tonight.points,
            None => {
                let owner = is_app.then(|| budget.organisation.clone());
                limits.push((owner, budget.tonight.points, allowance));
            }
        }
    }
    for (owner, points, allowance) in limits {
        let subject = owner.map_or_else(|| "tonight".to_owned(), |owner| format!("tonight in `{owner}`"));
        let of_a_limit = allowance.limit - allowance.limit / LEFT_TO_OTHERS;
        let left = allowance.remaining.saturating_sub(allowance.limit / LEFT_TO_OTHERS);
        let says = format!("about {points} points, of {left} that may be spent in this hour");
        if points <= left {
            prospect.good(subject, format!("{says}: it fits"));
        } else if points <= left + of_a_limit * (LIMITS_OF_A_NIGHT - 1) {
            let advice =
                "nothing, or begin later: a collect waits until the limit is counted anew, and goes on";
            prospect.notable(subject, format!("{says}: it does not fit, and will take hours"), advice);
        } else {
            let advice =
                "ask as a GitHub App, whose limit grows with the organisation, or read fewer repositories";
            prospect.wanting(subject, format!("{says}: a night is over before all is read"), advice);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::doctor::Verdict;

    #[test]
    fn ten_thousand_repositories_cost_what_the_stand_in_counts() {
        let cold = listing(pages(10_000), true, false).and(files(20_000));
        assert_eq!(cold, Cost { requests: 184, points: 267 });
        let warm = listing(pages(10_000), false, false).and(roots(100, false)).and(files(200));
        assert_eq!(warm, Cost { requests: 102, points: 103 });
        assert_eq!(listing(1, true, true).points, 2);
        assert_eq!(roots(0, true), Cost::default());
    }

    #[test]
    fn what_does_not_fit_says_how_much_it_is() {
        let fits = |points: u64, remaining: u64| {
            let mut prospect = Prospect::default();
            let allowance = Allowance { limit: 5000, remaining, resets: None };
            let tonight = Cost { requests: 1, points };
            let budget = Budget {
                organisation: "example".into(),
                repositories: 1,
                allowance: Some(allowance),
                kind: NightKind::First,
                tonight,
                cold: tonight,
                warm: tonight,
            };
            // A token pays for both out of one limit.
            prospect.budgets = vec![budget.clone(), Budget { organisation: "other".into(), ..budget }];
            say_whether_it_fits(false, &mut prospect);
            assert_eq!(prospect.remarks.len(), 1);
            prospect.remarks.remove(0)
        };
        let cases = [
            (2375, 5000, Verdict::Good),
            (2376, 5000, Verdict::Notable),
            (10, 250, Verdict::Notable),
            (11_875, 5000, Verdict::Notable),
            (11_876, 5000, Verdict::Wanting),
        ];
        for (points, remaining, verdict) in cases {
            let remark = fits(points, remaining);
            assert_eq!(remark.verdict, verdict, "{points} of {remaining}: {}", remark.says);
            assert!(remark.says.contains(&(2 * points).to_string()), "{}", remark.says);
        }
    }
}
