//! Recorded answers of Resource Explorer: of an account and region one `GetIndex`, one `Search` for what carries no tag,
//! and one `GetView` of the view that it went through. AWS does not repeat the question in the answer, so a search says in
//! `query` what it looked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use super::Pair;
use super::call::Answer;
use super::newest::{Answered, keep, keep_all};
use crate::collect::indices::{self, Counted, Index, Indices, QUERY, total};
use crate::collect::snapshot::UntaggedCount;
use crate::day::Moment;

/// The three operations.
const INDEX: &str = "resource-explorer-2:GetIndex";
const SEARCH: &str = "resource-explorer-2:Search";
const VIEW: &str = "resource-explorer-2:GetView";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Count {
    total_resources: Option<i64>,
    complete: Option<bool>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct View {
    scope: Option<String>,
    #[serde(default)]
    included_properties: Vec<Property>,
    filters: Option<Filter>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Property {
    name: String,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    filter_string: String,
}

/// What the files say of what carries no tag: of each question the newest answer.
#[derive(Default)]
pub(super) struct Explorer {
    indices: BTreeMap<Pair, Answered<Index>>,
    /// How many were found, and whether these are all.
    found: BTreeMap<Pair, Answered<(u64, bool)>>,
    views: BTreeMap<Pair, Answered<View>>,
}

impl Explorer {
    /// Whether `operation` is about it.
    pub(super) fn knows(operation: &str) -> bool {
        [INDEX, SEARCH, VIEW].contains(&operation)
    }

    /// Takes one answer, or what AWS said instead; gives why it says nothing.
    pub(super) fn take(
        &mut self,
        operation: &str,
        pair: Pair,
        query: Option<&str>,
        at: Moment,
        answer: Result<Answer<'_>, Arc<str>>,
    ) -> Result<(), String> {
        let said = |reason: Arc<str>| Arc::from(format!("{operation}: {reason}"));
        match operation {
            INDEX => {
                let index = answer.and_then(|answer| {
                    Index::of(answer.kind.as_deref(), answer.state.as_deref(), answer.replicating_from)
                });
                keep(&mut self.indices, pair, (at, index.map_err(said).map_err(Index::refused)));
            }
            SEARCH => {
                // A refusal is one whatever was asked, and what refuses may not repeat the question.
                let is_asked = query == Some(QUERY) || (answer.is_err() && query.is_none());
                if !is_asked {
                    return Err(format!("`query` is not `{QUERY}`, and nothing else is counted"));
                }
                let found = answer.and_then(|answer| {
                    let count = answer.count.as_ref();
                    total(
                        count.and_then(|count| count.total_resources),
                        count.and_then(|count| count.complete),
                    )
                });
                keep(&mut self.found, pair, (at, found.map_err(said)));
            }
            _ => {
                let view = match answer {
                    Ok(answer) => Ok(answer.view.ok_or("`View` is missing")?),
                    Err(error) => Err(said(error)),
                };
                keep(&mut self.views, pair, (at, view));
            }
        }
        Ok(())
    }

    /// Adds what another file says.
    pub(super) fn add(&mut self, other: Self) {
        keep_all(&mut self.indices, other.indices);
        keep_all(&mut self.found, other.found);
        keep_all(&mut self.views, other.views);
    }

    /// One count for each account of which anything was recorded.
    pub(super) fn counts(&self, source: &Arc<str>) -> Vec<UntaggedCount> {
        let pairs = self.indices.keys().chain(self.found.keys()).chain(self.views.keys());
        let mut accounts: BTreeMap<&Arc<str>, BTreeSet<&Pair>> = BTreeMap::new();
        for pair in pairs {
            accounts.entry(&pair.0).or_default().insert(pair);
        }
        let count = |(account, pairs): (&Arc<str>, BTreeSet<&Pair>)| {
            let collected_at = pairs.iter().flat_map(|pair| self.asked_at(pair)).min()?;
            let indices = Indices(pairs.iter().map(|pair| (&*pair.1, self.index(pair))).collect());
            let counts = indices.to_ask().into_iter();
            let counts = counts.map(|region| (region, self.counted(&(Arc::clone(account), region.into()))));
            let answer = indices.together(counts.collect());
            let (source, account) = (Arc::clone(source), Arc::clone(account));
            Some(UntaggedCount { source, account, collected_at, carried: None, answer })
        };
        accounts.into_iter().filter_map(count).collect()
    }

    fn asked_at(&self, pair: &Pair) -> impl Iterator<Item = Moment> {
        let index = self.indices.get(pair).map(|(at, _)| *at);
        let found = self.found.get(pair).map(|(at, _)| *at);
        index.into_iter().chain(found).chain(self.views.get(pair).map(|(at, _)| *at))
    }

    fn index(&self, pair: &Pair) -> Result<Index, Arc<str>> {
        said(&self.indices, INDEX, pair)
    }

    fn counted(&self, pair: &Pair) -> Result<Counted, Arc<str>> {
        let found = said(&self.found, SEARCH, pair)?;
        let view = said(&self.views, VIEW, pair)?;
        let view = indices::View {
            scope: view.scope.as_deref(),
            has_tags: view.included_properties.iter().any(|property| property.name == "tags"),
            filter: view.filters.as_ref().map(|filter| &*filter.filter_string),
        };
        Counted::of(found, &view)
    }
}

/// What was answered to `operation` in an account and region.
fn said<T: Clone>(
    answers: &BTreeMap<Pair, Answered<T>>,
    operation: &str,
    pair: &Pair,
) -> Result<T, Arc<str>> {
    let answer = answers.get(pair).map(|(_, answer)| answer.clone());
    answer.unwrap_or_else(|| Err(format!("{operation} is not recorded").into()))
}
