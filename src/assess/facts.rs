//! Observed facts about one subject: the newest of each name, and whether it may still be used
//! (semantics §2, §9).

use crate::catalog::origin::Origin;
use crate::catalog::resource::Fact;
use crate::day::{Day, Moment, Zone};

/// The facts about one subject.
#[derive(Clone, Copy, Debug)]
pub struct SubjectFacts<'a> {
    facts: &'a [Fact],
    first: usize,
    now: Moment,
    zone: &'a Zone,
}

/// What is known of one fact.
#[derive(Clone, Debug)]
pub enum Freshness<'a> {
    /// Fresh enough to be used.
    Fresh {
        /// The fact.
        fact: &'a Fact,
        /// Where it is in the catalog.
        origin: Origin,
        /// The day on which it was observed.
        observed_on: Day,
    },
    /// Older than its `maxAge`, or not observed yet on D: as good as not collected.
    Stale(String),
    /// Nobody collected it.
    NotCollected,
}

impl<'a> SubjectFacts<'a> {
    /// The facts about `subject` (`service:parcel-quote`) among `facts`, which are sorted by subject.
    pub fn of(facts: &'a [Fact], subject: &str, now: Moment, zone: &'a Zone) -> Self {
        let first = facts.partition_point(|fact| &*fact.subject < subject);
        let count = facts[first..].partition_point(|fact| &*fact.subject == subject);
        Self { facts: &facts[first..first + count], first, now, zone }
    }

    /// Why `fact` is not used, when it is not.
    pub fn unused(&self, fact: &Fact) -> Option<String> {
        if self.lies_ahead(fact) {
            return Some(format!("the fact `{}` was only observed on {}", fact.name, fact.observed_at));
        }
        let is_old = self.now.since(fact.observed_at) > fact.max_age;
        is_old.then(|| {
            format!(
                "the fact `{}` of {} is older than {}, the longest it may be used",
                fact.name,
                Day::of(fact.observed_at, self.zone),
                fact.max_age
            )
        })
    }

    fn lies_ahead(&self, fact: &Fact) -> bool {
        Day::of(fact.observed_at, self.zone) > Day::of(self.now, self.zone)
    }

    /// All of them, by name.
    pub fn all(&self) -> &'a [Fact] {
        self.facts
    }

    /// The newest fact called `name` that was observed by D.
    pub fn find(&self, name: &str) -> Freshness<'a> {
        let named = || self.facts.iter().enumerate().filter(|(_, fact)| &*fact.name == name);
        let observed = named()
            .filter(|(_, fact)| !self.lies_ahead(fact))
            .max_by_key(|(_, fact)| fact.observed_at)
            .or_else(|| named().min_by_key(|(_, fact)| fact.observed_at));
        let Some((position, fact)) = observed else { return Freshness::NotCollected };
        if let Some(why) = self.unused(fact) {
            return Freshness::Stale(why);
        }
        let observed_on = Day::of(fact.observed_at, self.zone);
        let origin = Origin::Fact(u32::try_from(self.first + position).expect("facts are counted in u32"));
        Freshness::Fresh { fact, origin, observed_on }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::resource::FactValue;
    use crate::day::Length;

    fn fact(subject: &str, name: &str, observed_at: &str, value: f64) -> Fact {
        Fact {
            subject: subject.into(),
            name: name.into(),
            value: FactValue::Number(value),
            observed_at: Moment::parse(observed_at).expect("a moment"),
            source: "a test".into(),
            max_age: Length::from_days(2),
            origin: Origin::Default,
        }
    }

    fn found(name: &str) -> Option<(f64, u32)> {
        let facts = [
            fact("account:1", "zones", "2026-11-20T00:00:00Z", 0.0),
            fact("service:a", "zones", "2026-11-19T00:00:00Z", 1.0),
            fact("service:b", "old", "2026-11-18T23:59:59Z", 2.0),
            fact("service:b", "tomorrow", "2026-11-22T00:00:00Z", 3.0),
            fact("service:b", "zones", "2026-11-19T04:00:00Z", 4.0),
            fact("service:b", "zones", "2026-11-20T04:00:00Z", 5.0),
            fact("service:bb", "zones", "2026-11-20T04:00:00Z", 6.0),
        ];
        let now = Moment::parse("2026-11-21T00:00:00Z").expect("a moment");
        let zone = Zone::utc();
        match SubjectFacts::of(&facts, "service:b", now, &zone).find(name) {
            Freshness::Fresh { fact, origin: Origin::Fact(index), .. } => match fact.value {
                FactValue::Number(value) => Some((value, index)),
                _ => None,
            },
            _ => None,
        }
    }

    #[test]
    fn the_newest_fact_counts_with_its_place_in_the_catalog() {
        assert_eq!(found("zones"), Some((5.0, 5)));
    }

    #[test]
    fn a_fact_that_is_too_old_or_lies_ahead_or_is_not_there_is_not_known() {
        assert_eq!(found("old"), None);
        assert_eq!(found("tomorrow"), None);
        assert_eq!(found("nothing"), None);
    }
}
