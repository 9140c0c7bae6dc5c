//! Resource Explorer: how many resources of an account carry no tag, which the tagging API never shows. What its indices
//! say is put together in `indices.rs`.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use aws_sdk_resourceexplorer2::Client;
use aws_sdk_resourceexplorer2::config::Builder;
use aws_sdk_resourceexplorer2::types::{IndexState, IndexType};
use aws_sdk_sts::config::SharedCredentialsProvider;

use super::asking::{Asking, Page};
use super::sessions::{Sessions, Who};
use crate::aws::Fault;
use crate::collect::indices::{Counted, Index, Indices, QUERY, View, total};
use crate::collect::snapshot::Untagged;

/// Questions in a second of one account and region; AWS allows three, and five searches.
const RATE: u32 = 3;

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
        let indices = Indices(indices);
        let mut counts = BTreeMap::new();
        for region in indices.to_ask() {
            counts.insert(region, self.count(region).await);
        }
        indices.together(counts)
    }

    /// The index of a region.
    async fn index(&self, region: &str) -> Result<Index, Arc<str>> {
        let ask = |client: Client| async move {
            let answer = client.get_index().send().await.map_err(|error| Fault::of(&error))?;
            let kind = answer.r#type.as_ref().map(IndexType::as_str);
            let state = answer.state.as_ref().map(IndexState::as_str);
            Index::of(kind, state, answer.replicating_from.unwrap_or_default()).map_err(Fault::Refused)
        };
        self.one("GetIndex", region, ask).await.map_err(Index::refused)
    }

    /// What the index of `region` counts, as far as its default view shows everything.
    async fn count(&self, region: &str) -> Result<Counted, Arc<str>> {
        let search = |client: Client| async move {
            let answer = client.search().query_string(QUERY).max_results(1).send().await;
            let answer = answer.map_err(|error| Fault::of(&error))?;
            let count = answer.count.as_ref();
            let resources = count.and_then(|count| count.total_resources);
            let is_complete = count.and_then(|count| count.complete);
            let total = total(resources, is_complete).map_err(Fault::Refused)?;
            let view = answer.view_arn.ok_or_else(|| Fault::Refused("an answer without its view".into()))?;
            Ok((total, view))
        };
        let (total, arn) = self.one("Search", region, search).await?;
        let arn = &arn;
        let look = |client: Client| async move {
            let answer = client.get_view().view_arn(arn).send().await.map_err(|error| Fault::of(&error))?;
            answer.view.ok_or_else(|| Fault::Refused("an answer without its view".into()))
        };
        let view = self.one("GetView", region, look).await?;
        let mut properties = view.included_properties().iter();
        let view = View {
            scope: view.scope(),
            has_tags: properties.any(|property| property.name() == "tags"),
            filter: view.filters().map(|filter| filter.filter_string()),
        };
        Counted::of(total, &view)
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
