//! Resource Explorer: how many resources of an account carry no tag, which the tagging API never shows. One aggregator
//! index answers for all regions that it has; without one, each region's own index is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;

use aws_sdk_resourceexplorer2::Client;
use aws_sdk_resourceexplorer2::config::Builder;
use aws_sdk_resourceexplorer2::types::{IndexState, IndexType, View};
use aws_sdk_sts::config::SharedCredentialsProvider;

use super::asking::{Asking, Page};
use super::fault::Fault;
use super::sessions::{Sessions, Who};
use crate::collect::snapshot::Untagged;

/// Questions in a second of one account and region; AWS allows three, and five searches.
const RATE: u32 = 3;

/// What carries no tag, in the words of Resource Explorer.
const QUERY: &str = "tag:none";

/// Where AWS stops counting.
const CEILING: u64 = 1_000;

/// An index that can be asked.
struct Index {
    /// Regions that it has beside its own, when it is the aggregator.
    others: Option<Vec<String>>,
}

/// What one index counted.
struct Counted {
    resources: u64,
    may_be_more: bool,
}

/// Asks Resource Explorer in one account.
pub(super) struct Explorer<'a> {
    pub(super) sessions: &'a Sessions,
    pub(super) asking: &'a Asking,
    pub(super) who: Who,
}

impl Explorer<'_> {
    /// What carries no tag in `regions`, or why nobody can say.
    pub(super) async fn untagged(&self, regions: &[Box<str>]) -> Result<Untagged, Arc<str>> {
        // A role that cannot be assumed is said once, not for each region.
        self.sessions.of(&self.who, self.asking).await?;
        let mut indices = BTreeMap::new();
        for region in regions {
            indices.insert(&**region, self.index(region).await);
        }
        let aggregator = indices.iter().find_map(|(region, index)| match index {
            Ok(Index { others: Some(others) }) => Some((*region, others.as_slice())),
            _ => None,
        });
        let mut untagged = Untagged::default();
        if let Some((region, others)) = aggregator {
            let counted = self.count(region).await.map_err(|reason| in_region(region, &reason))?;
            untagged.resources = counted.resources;
            untagged.may_be_more = counted.may_be_more;
            let covered: BTreeSet<&str> = others.iter().map(String::as_str).chain([region]).collect();
            untagged.regions = covered.iter().map(|region| Arc::from(*region)).collect();
            untagged.aggregator = Some(region.into());
            for (region, index) in &indices {
                if !covered.contains(region) {
                    let why = index.as_ref().err().map_or(NOT_YET, |reason| reason);
                    untagged.uncounted.push(((*region).into(), why.into()));
                }
            }
            return Ok(untagged);
        }
        for (region, index) in indices {
            let counted = match index {
                Ok(_) => self.count(region).await,
                Err(reason) => Err(reason),
            };
            match counted {
                Ok(counted) => {
                    untagged.resources = untagged.resources.saturating_add(counted.resources);
                    untagged.may_be_more |= counted.may_be_more;
                    untagged.regions.push(region.into());
                }
                Err(reason) => untagged.uncounted.push((region.into(), reason)),
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

    /// The index of a region.
    async fn index(&self, region: &str) -> Result<Index, Arc<str>> {
        let ask = |client: Client| async move {
            let answer = client.get_index().send().await.map_err(|error| Fault::of(&error))?;
            match answer.state {
                Some(IndexState::Active) => {}
                Some(state) => {
                    let state = state.as_str().escape_debug().to_string();
                    return Err(Fault::Refused(format!("its index is {state}").into()));
                }
                None => return Err(Fault::Refused("an index without its state".into())),
            }
            let is_aggregator = answer.r#type == Some(IndexType::Aggregator);
            Ok(Index { others: is_aggregator.then(|| answer.replicating_from.unwrap_or_default()) })
        };
        self.one("GetIndex", region, ask).await.map_err(|reason| match reason.ends_with(MISSING) {
            true => NO_INDEX.into(),
            false => reason,
        })
    }

    /// What the index of `region` counts, as far as its default view shows everything.
    async fn count(&self, region: &str) -> Result<Counted, Arc<str>> {
        let search = |client: Client| async move {
            let answer = client.search().query_string(QUERY).max_results(1).send().await;
            let answer = answer.map_err(|error| Fault::of(&error))?;
            let count = answer.count.as_ref();
            let resources = count.and_then(|count| u64::try_from(count.total_resources?).ok());
            let resources = resources.ok_or_else(|| Fault::Refused("an answer without its count".into()))?;
            let is_complete = count.and_then(|count| count.complete) == Some(true);
            let view = answer.view_arn.ok_or_else(|| Fault::Refused("an answer without its view".into()))?;
            Ok((resources, is_complete, view))
        };
        let (resources, is_complete, arn) = self.one("Search", region, search).await?;
        let arn = &arn;
        let look = |client: Client| async move {
            let answer = client.get_view().view_arn(arn).send().await.map_err(|error| Fault::of(&error))?;
            answer.view.ok_or_else(|| Fault::Refused("an answer without its view".into()))
        };
        let view = self.one("GetView", region, look).await?;
        let may_be_more = !is_complete || resources >= CEILING || leaves_out(&view)?;
        Ok(Counted { resources, may_be_more })
    }

    /// One answer.
    async fn one<T, A, F>(&self, operation: &str, region: &str, ask: A) -> Result<T, Arc<str>>
    where
        A: Fn(Client) -> F,
        F: Future<Output = Result<T, Fault>>,
    {
        let door = &self.sessions.door;
        let ask = |who: SharedCredentialsProvider, _: Option<String>| {
            let config = Builder::from(&door.config(&who, region)).interceptor(door.watch()).build();
            let answer = ask(Client::from_conf(config));
            async move { Ok::<_, Fault>(Page { items: vec![answer.await?], next: None }) }
        };
        let answers = self.asking.whole(self.sessions, &self.who, RATE, ask).await;
        let answers = answers.map_err(|reason| format!("resource-explorer-2:{operation}: {reason}"))?;
        answers.into_iter().next().ok_or_else(|| "an empty answer".into())
    }
}

/// What AWS says of an index that is not there, and what we do.
const MISSING: &str = "ResourceNotFoundException";
const NO_INDEX: &str = "Resource Explorer has no index there";

/// Why a region with an index of its own is not in the aggregator.
const NOT_YET: &str = "the aggregator does not have it yet";

/// Whether `view` leaves something out; why it cannot be asked about tags.
fn leaves_out(view: &View) -> Result<bool, Arc<str>> {
    if !view.included_properties().iter().any(|property| property.name() == "tags") {
        return Err("the default view of Resource Explorer has no tags".into());
    }
    // A view of an organisation counts the resources of all accounts.
    if view.scope().is_none_or(|scope| scope.contains(":organizations:")) {
        return Err("the default view of Resource Explorer is not of this account alone".into());
    }
    Ok(view.filters().is_some_and(|filter| !filter.filter_string().trim().is_empty()))
}

fn in_region(region: &str, reason: &str) -> Arc<str> {
    format!("in `{region}`: {reason}").into()
}
