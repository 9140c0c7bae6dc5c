//! The repositories of one owner: every page of them, or none. An answer that lists fewer than there are is a
//! failure, never a sign that some are gone; and one that was there and is not listed is asked for by its id.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::client::Client;
use super::known::Known;
use super::owners;
use super::pages::{Broken, Order, Pages};
use super::queries::{self, Answer, ById, Flaw, Node};
use super::transport::Trouble;
use crate::day::Moment;

/// Most items that GitHub gives at once.
pub(super) const PAGE: usize = 100;

/// How often a listing that is not whole is begun anew.
const LISTINGS: usize = 3;

/// Who a repository is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Listed {
    /// What GitHub calls it, whatever its name is today.
    pub(super) id: String,
    /// Such as `org/name`.
    pub(super) name: String,
    /// Whether it is archived.
    pub(super) archived: bool,
    /// Whether it is a fork.
    pub(super) fork: bool,
    /// Who may see it, in small letters.
    pub(super) visibility: String,
    /// Its topics.
    pub(super) topics: Vec<String>,
    /// The commit at the head of its default branch; `None` before the first.
    pub(super) head: Option<String>,
    /// When something was pushed to it last.
    pub(super) pushed: Option<Moment>,
}

/// A repository, and what was said of its content.
pub(super) struct Seen {
    pub(super) listed: Listed,
    pub(super) known: Option<Known>,
    /// Why what was said of it is not to be believed.
    pub(super) doubt: Option<Doubt>,
}

/// Why what was said of a repository is not to be believed.
pub(super) enum Doubt {
    /// A part of the answer is missing.
    Flawed,
    /// It was not listed, for this reason, so it is what it was before; whether that was said already, of
    /// all that were not listed.
    Before { reason: String, is_said: bool },
}

/// All repositories of one owner.
pub(super) struct Listing {
    pub(super) seen: Vec<Seen>,
    /// How many there are of which nothing may be seen.
    pub(super) hidden: u64,
}

/// What is asked of every repository.
pub(super) struct Asked<'a> {
    pub(super) client: &'a Client,
    pub(super) owner: &'a str,
    /// Whether who reviews what matters.
    pub(super) owners: bool,
    /// Whether what GitHub finds wrong there matters too.
    pub(super) review: bool,
    /// Whether their topics matter.
    pub(super) topics: bool,
    /// The moment that the night stands for.
    pub(super) now: Moment,
}

impl Asked<'_> {
    /// Lists all of them, the first of them with `content`. What is seen is shown to `taken` page by page, which
    /// tells of how many nothing was known.
    pub(super) async fn list(
        &self,
        mut content: bool,
        taken: &mut (dyn FnMut(&[Seen]) -> Result<usize, String> + Send),
    ) -> Result<Listing, String> {
        let mut reason = String::new();
        for _ in 0..LISTINGS {
            match self.sweep(content, taken).await? {
                Ok(listing) => return Ok(listing),
                Err(short) => reason = short,
            }
            // What was seen is known by now.
            content = false;
        }
        Err(reason)
    }

    /// One listing from the first page to the last; in it, why it is not whole.
    async fn sweep(
        &self,
        mut content: bool,
        taken: &mut (dyn FnMut(&[Seen]) -> Result<usize, String> + Send),
    ) -> Result<Result<Listing, String>, String> {
        let mut pages = Pages::new(self, Order::Created);
        let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
        loop {
            let these = match pages.next(content).await {
                Ok(Some(these)) => these,
                Ok(None) => break,
                Err(Broken::Short(reason)) => return Ok(Err(reason)),
                Err(Broken::Failed(reason)) => return Err(reason),
            };
            let unknown = taken(&these)?;
            // The next page is likely to be like this one: all new on the first night, hardly one later.
            content = unknown * 2 > these.len();
            let before = seen.len();
            seen.extend(these.into_iter().map(|one| (one.listed.id.clone(), one)));
            if seen.len() == before && pages.hidden > pages.total {
                return Ok(Err("the listing has no end".to_owned()));
            }
        }
        let listed = seen.len() as u64 + pages.hidden;
        if listed < pages.total {
            return Ok(Err(format!("the listing is short: {listed} repositories of {}", pages.total)));
        }
        Ok(Ok(Listing { seen: seen.into_values().collect(), hidden: pages.hidden }))
    }

    /// Lists only what was pushed since `before`, and takes the rest from there; `None` when that cannot be
    /// all, because there are more or fewer repositories now.
    pub(super) async fn pushed_since(
        &self,
        before: &[Listed],
        taken: &mut (dyn FnMut(&[Seen]) -> Result<usize, String> + Send),
    ) -> Result<Option<Vec<Seen>>, String> {
        let mut all: BTreeMap<&str, Seen> = BTreeMap::new();
        for listed in before {
            all.insert(&listed.id, Seen { listed: listed.clone(), known: None, doubt: None });
        }
        let mut pages = Pages::new(self, Order::Pushed);
        while let Some(these) = pages.next(true).await.map_err(Broken::into_reason)? {
            taken(&these)?;
            let mut moved = false;
            for seen in these {
                let Some(known) = all.get_mut(&*seen.listed.id) else { return Ok(None) };
                moved |= seen.doubt.is_some() || seen.listed != known.listed;
                *known = seen;
            }
            // The newest pushes come first: after a page on which nothing moved, nothing did.
            if !moved {
                break;
            }
        }
        let is_whole = pages.hidden == 0 && pages.total == all.len() as u64;
        Ok(is_whole.then(|| all.into_values().collect()))
    }

    /// Asks for repositories by their ids: what each is now, with its content if that is wanted. In the
    /// order of `ids`; `Err` holds why one is not shown, and whether that is because it is gone.
    pub(super) async fn by_id(
        &self,
        ids: &[String],
        content: bool,
    ) -> Result<Vec<Result<Seen, (bool, String)>>, Trouble> {
        let query = queries::repositories_by_id();
        let variables = json!({ "ids": ids, "content": content, "owners": self.owners, "review": self.review, "topics": self.topics });
        let mut answer: Answer<ById> =
            self.client.query(self.owner, "RepositoriesById", &query, &variables).await?;
        let refused = owners::set_aside(&mut answer, &["nodes".into()]);
        let Some(data) = answer.data.take().filter(|data| data.nodes.len() == ids.len()) else {
            let reason = answer.errors.first().map_or_else(|| "its answer is short".to_owned(), Flaw::reason);
            return Err(Trouble::TooMuch(reason));
        };
        let nodes = data.nodes.into_iter().zip(ids).enumerate();
        Ok(nodes
            .map(|(at, (node, id))| {
                let flaw = answer.flaw(&["nodes".into(), at.into()]);
                if let Some(flaw) = flaw {
                    return Err((flaw.is_gone(), flaw.reason()));
                }
                let mut node =
                    node.filter(|node| node.id == *id).ok_or((false, "it is not shown".to_owned()))?;
                node.is_review_refused = refused.contains(&at);
                let owner = node.name_with_owner.split('/').next().unwrap_or_default();
                let is_elsewhere = !owner.eq_ignore_ascii_case(self.owner);
                self.seen(node, None).ok_or((is_elsewhere, "it belongs to somebody else now".to_owned()))
            })
            .collect())
    }

    /// A repository, when it has a name and belongs to the owner.
    pub(super) fn seen(&self, node: Node, flaw: Option<&Flaw>) -> Option<Seen> {
        let (owner, name) = node.name_with_owner.split_once('/')?;
        let is_sound = |text: &str| {
            !matches!(text, "" | "." | "..")
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        if node.id.is_empty() || !owner.eq_ignore_ascii_case(self.owner) || !is_sound(name) {
            return None;
        }
        let topics = node.repository_topics.map(|topics| topics.nodes).unwrap_or_default();
        let target = node.default_branch_ref.and_then(|branch| branch.target);
        let review =
            (self.review && !node.is_review_refused).then(|| owners::review(node.codeowners, self.now));
        let head = target.as_ref().map(|target| target.oid.clone()).filter(|oid| queries::is_oid(oid));
        Some(Seen {
            known: target
                .filter(|_| flaw.is_none())
                .and_then(|target| Known::new(target, self.owners, review, self.now))
                .filter(Known::has_root),
            listed: Listed {
                id: node.id,
                name: node.name_with_owner,
                archived: node.is_archived,
                fork: node.is_fork,
                visibility: node.visibility.to_ascii_lowercase(),
                topics: topics.into_iter().flatten().map(|tagged| tagged.topic.name).collect(),
                head,
                pushed: node.pushed_at.as_deref().and_then(Moment::parse),
            },
            doubt: flaw.map(|_| Doubt::Flawed),
        })
    }

    /// Repositories that were listed before and are not now. Those that are still there were left out by
    /// mistake; of those that GitHub does not know any more nothing is left; the rest is kept, with why.
    pub(super) async fn missing(&self, before: Vec<Listed>, seen: &[Seen]) -> (Vec<Seen>, Vec<String>) {
        let now: BTreeSet<&str> = seen.iter().map(|seen| &*seen.listed.id).collect();
        let missing: Vec<Listed> = before.into_iter().filter(|listed| !now.contains(&*listed.id)).collect();
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        for batch in missing.chunks(PAGE) {
            let ids: Vec<String> = batch.iter().map(|listed| listed.id.clone()).collect();
            let answers = match self.by_id(&ids, false).await {
                Ok(answers) => answers,
                Err(trouble) => ids.iter().map(|_| Err((false, trouble.to_string()))).collect(),
            };
            for (listed, answer) in batch.iter().zip(answers) {
                match answer {
                    Ok(seen) => kept.push(seen),
                    Err((true, _)) => gone.push(listed.id.clone()),
                    Err((false, reason)) => {
                        let doubt = Some(Doubt::Before { reason, is_said: false });
                        kept.push(Seen { listed: listed.clone(), known: None, doubt });
                    }
                }
            }
        }
        (kept, gone)
    }
}
