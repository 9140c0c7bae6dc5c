//! What the indices of Resource Explorer say of one account, put together, whoever asked them. One aggregator index answers
//! for all regions that it has; without one, each region's own index does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::snapshot::Untagged;

/// What carries no tag, in the words of Resource Explorer.
pub(super) const QUERY: &str = "tag:none";

/// Where AWS stops counting.
const CEILING: u64 = 1_000;

/// What AWS says of an index that is not there, and what we do.
const MISSING: &str = "ResourceNotFoundException";
const NO_INDEX: &str = "Resource Explorer has no index there";

/// Why a region with an index of its own is not in the aggregator.
const NOT_YET: &str = "the aggregator does not have it yet";

/// An index that can be asked.
#[derive(Clone)]
pub(super) struct Index {
    /// Regions that it has beside its own, when it is the aggregator.
    others: Option<Vec<String>>,
}

/// What one index counted.
pub(super) struct Counted {
    resources: u64,
    may_be_more: bool,
}

/// What an index was asked through.
pub(super) struct View<'v> {
    /// Whose resources it shows.
    pub(super) scope: Option<&'v str>,
    /// Whether it knows tags.
    pub(super) has_tags: bool,
    /// What it shows alone, when it leaves something out.
    pub(super) filter: Option<&'v str>,
}

impl Index {
    /// An index of this type and in this state, as AWS writes them; why it cannot be asked.
    pub(super) fn of(kind: Option<&str>, state: Option<&str>, others: Vec<String>) -> Result<Self, Arc<str>> {
        match state {
            Some("ACTIVE") => Ok(Self { others: (kind == Some("AGGREGATOR")).then_some(others) }),
            Some(state) => Err(format!("its index is {}", state.escape_debug()).into()),
            None => Err("an index without its state".into()),
        }
    }

    /// Why there is none, when AWS gave `reason`.
    pub(super) fn refused(reason: Arc<str>) -> Arc<str> {
        if reason.ends_with(MISSING) { NO_INDEX.into() } else { reason }
    }
}

/// How many AWS says that it found, and whether it says that these are all.
pub(super) fn total(resources: Option<i64>, is_complete: Option<bool>) -> Result<(u64, bool), Arc<str>> {
    let resources = resources.and_then(|resources| u64::try_from(resources).ok());
    Ok((resources.ok_or("an answer without its count")?, is_complete == Some(true)))
}

impl Counted {
    /// What was found through `view`, as far as that shows everything.
    pub(super) fn of((resources, is_complete): (u64, bool), view: &View<'_>) -> Result<Self, Arc<str>> {
        let may_be_more = !is_complete || resources >= CEILING || view.leaves_out()?;
        Ok(Self { resources, may_be_more })
    }
}

impl View<'_> {
    /// Whether something is left out; why it cannot be asked about tags.
    fn leaves_out(&self) -> Result<bool, Arc<str>> {
        if !self.has_tags {
            return Err("the default view of Resource Explorer has no tags".into());
        }
        // A view of an organisation counts the resources of all accounts.
        if self.scope.is_none_or(|scope| scope.contains(":organizations:")) {
            return Err("the default view of Resource Explorer is not of this account alone".into());
        }
        Ok(self.filter.is_some_and(|filter| !filter.trim().is_empty()))
    }
}

/// The indices of an account, by region.
pub(super) struct Indices<'r>(pub(super) BTreeMap<&'r str, Result<Index, Arc<str>>>);

impl<'r> Indices<'r> {
    /// The aggregator, and the regions that it has beside its own.
    fn aggregator(&self) -> Option<(&'r str, &[String])> {
        self.0.iter().find_map(|(region, index)| match index {
            Ok(Index { others: Some(others) }) => Some((*region, others.as_slice())),
            _ => None,
        })
    }

    /// Regions whose index has to be asked.
    pub(super) fn to_ask(&self) -> Vec<&'r str> {
        match self.aggregator() {
            Some((region, _)) => vec![region],
            None => self.0.iter().filter(|(_, index)| index.is_ok()).map(|(region, _)| *region).collect(),
        }
    }

    /// What carries no tag, when those that have to be asked answered with `counts`; why nobody can say.
    pub(super) fn together(
        &self,
        mut counts: BTreeMap<&str, Result<Counted, Arc<str>>>,
    ) -> Result<Untagged, Arc<str>> {
        let mut count =
            |region: &str| counts.remove(region).unwrap_or_else(|| Err("it was not asked".into()));
        let mut untagged = Untagged::default();
        if let Some((region, others)) = self.aggregator() {
            let counted = count(region).map_err(|reason| in_region(region, &reason))?;
            untagged.resources = counted.resources;
            untagged.may_be_more = counted.may_be_more;
            let covered: BTreeSet<&str> = others.iter().map(String::as_str).chain([region]).collect();
            untagged.regions = covered.iter().map(|region| Arc::from(*region)).collect();
            untagged.aggregator = Some(region.into());
            for (region, index) in &self.0 {
                if !covered.contains(region) {
                    let why = index.as_ref().err().map_or(NOT_YET, |reason| reason);
                    untagged.uncounted.push(((*region).into(), why.into()));
                }
            }
            return Ok(untagged);
        }
        for (region, index) in &self.0 {
            match index.as_ref().map_err(Arc::clone).and_then(|_| count(region)) {
                Ok(counted) => {
                    untagged.resources = untagged.resources.saturating_add(counted.resources);
                    untagged.may_be_more |= counted.may_be_more;
                    untagged.regions.push((*region).into());
                }
                Err(reason) => untagged.uncounted.push(((*region).into(), reason)),
            }
        }
        match &untagged.uncounted[..] {
            [(region, reason), rest @ ..] if untagged.regions.is_empty() => {
                Err(match rest.iter().all(|(_, other)| other == reason) {
                    true => Arc::clone(reason),
                    false => in_region(region, reason),
                })
            }
            _ => Ok(untagged),
        }
    }
}

fn in_region(region: &str, reason: &str) -> Arc<str> {
    format!("in `{region}`: {reason}").into()
}

/// What of `answer` about `account` is missing, in words.
pub(super) fn shortfalls(account: &str, answer: &Result<Untagged, Arc<str>>) -> Vec<String> {
    let missing =
        |place: &str, reason: &str| format!("what carries no tag in {place} was not counted: {reason}");
    match answer {
        Err(reason) => vec![missing(&format!("`{account}`"), reason)],
        Ok(counted) => {
            let uncounted = counted.uncounted.iter();
            uncounted.map(|(region, why)| missing(&format!("`{account}` in `{region}`"), why)).collect()
        }
    }
}
