//! The pages of a listing, one after the other: a page that is too much is asked for in halves, an empty one that is
//! not the last is asked for again.

use serde_json::{Value, json};

use super::listing::{Asked, PAGE, Seen};
use super::owners;
use super::queries::{self, Answer, Flaw, Page};
use super::transport::Trouble;

/// How often a page may come empty.
const EMPTY: u32 = 2;

/// In which order repositories are listed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    /// As they were created, so that a new one moves none that was listed.
    Created,
    /// The newest pushes first.
    Pushed,
}

/// Why there is no next page.
#[derive(Debug)]
pub(super) enum Broken {
    /// The listing makes no sense, and may make some when it is begun anew.
    Short(String),
    /// It cannot be asked for.
    Failed(String),
}

impl Broken {
    /// Why.
    pub(super) fn into_reason(self) -> String {
        match self {
            Self::Short(reason) | Self::Failed(reason) => reason,
        }
    }
}

/// A listing on its way.
pub(super) struct Pages<'a> {
    asked: &'a Asked<'a>,
    query: String,
    order: Value,
    after: Option<String>,
    size: usize,
    empty: u32,
    is_over: bool,
    /// How many repositories there are, as far as any page said.
    pub(super) total: u64,
    /// How many there are of which nothing may be seen.
    pub(super) hidden: u64,
}

impl<'a> Pages<'a> {
    pub(super) fn new(asked: &'a Asked<'a>, order: Order) -> Self {
        let order = match order {
            Order::Created => json!({ "field": "CREATED_AT", "direction": "ASC" }),
            Order::Pushed => json!({ "field": "PUSHED_AT", "direction": "DESC" }),
        };
        let query = queries::repositories();
        Self { asked, query, order, after: None, size: PAGE, empty: 0, is_over: false, total: 0, hidden: 0 }
    }

    /// The next page, with what its repositories hold if `content` says so; `None` after the last.
    pub(super) async fn next(&mut self, content: bool) -> Result<Option<Vec<Seen>>, Broken> {
        if self.is_over {
            return Ok(None);
        }
        loop {
            let asked = self.asked;
            let variables = json!({
                "login": asked.owner, "first": self.size, "after": self.after, "order": self.order,
                "content": content, "owners": asked.owners, "review": asked.review, "topics": asked.topics,
            });
            let answer = asked.client.query(asked.owner, "Repositories", &self.query, &variables).await;
            let mut answer: Answer<Page> = match answer {
                Ok(answer) => answer,
                // Half a page may be answered where a whole one is not.
                Err(Trouble::TooMuch(_)) if self.size > 1 => {
                    self.size /= 2;
                    continue;
                }
                Err(trouble) => return Err(Broken::Failed(trouble.to_string())),
            };
            let path = ["repositoryOwner".into(), "repositories".into(), "nodes".into()];
            let refused = owners::set_aside(&mut answer, &path);
            let Some(page) = answer.data.take().and_then(|page| page.repository_owner) else {
                return Err(Broken::Failed(self.unknown_owner(&answer)));
            };
            let page = page.repositories;
            self.total = self.total.max(page.total_count);
            if page.nodes.is_empty() && page.page_info.has_next_page {
                self.empty += 1;
                if self.empty > EMPTY {
                    let reason = "a page of the listing is empty, and is not the last";
                    return Err(Broken::Short(reason.to_owned()));
                }
                continue;
            }
            let mut these = Vec::with_capacity(page.nodes.len());
            for (at, mut node) in page.nodes.into_iter().enumerate() {
                if let Some(node) = &mut node {
                    node.is_review_refused = refused.contains(&at);
                }
                let path = ["repositoryOwner".into(), "repositories".into(), "nodes".into(), at.into()];
                match node.and_then(|node| asked.seen(node, answer.flaw(&path))) {
                    Some(one) => these.push(one),
                    None => self.hidden += 1,
                }
            }
            self.size = (self.size * 2).min(PAGE);
            self.is_over = !page.page_info.has_next_page;
            let next = page.page_info.end_cursor;
            if !self.is_over && (next.is_none() || next == self.after) {
                return Err(Broken::Short("the listing does not say where it goes on".to_owned()));
            }
            self.after = next;
            return Ok(Some(these));
        }
    }

    fn unknown_owner(&self, answer: &Answer<Page>) -> String {
        let owner = self.asked.owner;
        answer.errors.first().map_or_else(
            || format!("there is no `{owner}`, or its repositories may not be seen with these credentials"),
            Flaw::reason,
        )
    }
}
