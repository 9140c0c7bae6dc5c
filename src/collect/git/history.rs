//! The history of paths, in one pass over the commits however many paths are wanted.

use std::collections::{BTreeMap, BTreeSet};

use gix::ObjectId;

use super::graph::Graph;
use super::paths::PathTree;
use super::{Absent, WorkTree, commit, guarded, in_words};
use crate::collect::content;
use crate::collect::snapshot::{Commit, Content, HistoricText};
use crate::collect::text::Text;

/// How many revisions of one file are read, the newest ones.
const REVISIONS_AT_MOST: usize = 500;

/// A path whose history is wanted.
#[derive(Clone, Copy, Debug)]
pub(in crate::collect) struct Wanted<'a> {
    /// Path in the work tree.
    pub(in crate::collect) path: &'a str,
    /// What is wanted of it.
    pub(in crate::collect) depth: Depth,
    /// What lies on disk: an equal text of the past is shared with it.
    pub(in crate::collect) now: Option<&'a Text>,
}

/// How much of a history is wanted; more includes less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::collect) enum Depth {
    /// First and last change.
    Changes,
    /// And the text at the first.
    FirstText,
    /// And every text since.
    EveryText,
}

/// The history of one path.
#[derive(Clone, Debug, Default)]
pub(in crate::collect) struct History {
    /// The newest commit that made it what the commit checked out holds.
    pub(in crate::collect) last_change: Option<Commit>,
    /// The first commit that holds it.
    pub(in crate::collect) first_change: Option<Commit>,
    /// What it held then.
    pub(in crate::collect) first_text: Option<Text>,
    /// Every revision, from old to new.
    pub(in crate::collect) texts: Vec<HistoricText>,
}

/// The histories of all wanted paths, in their order.
#[derive(Debug, Default)]
pub(in crate::collect) struct Histories {
    pub(in crate::collect) by_path: Vec<History>,
    /// What is missing from them.
    pub(in crate::collect) gap: Option<&'static str>,
}

/// What a commit made of one path: position of the commit, and the content, unless it removed it.
type Change = (u32, Option<ObjectId>);

impl WorkTree {
    /// The histories of `wanted`, of which no text is longer than `limit`.
    pub(in crate::collect) fn histories(
        &self,
        wanted: &[Wanted<'_>],
        limit: u64,
    ) -> Result<Histories, String> {
        let nothing = Histories { by_path: vec![History::default(); wanted.len()], gap: None };
        match self.head {
            Some(head) if !wanted.is_empty() => guarded(|| Pass::new(self, head, wanted, limit)?.finish()),
            _ => Ok(nothing),
        }
    }
}

/// One pass over the commits.
struct Pass<'a> {
    repository: &'a gix::Repository,
    wanted: &'a [Wanted<'a>],
    limit: u64,
    absent: &'a Absent,
    graph: Graph,
    /// What the commit checked out holds.
    present: Vec<Option<ObjectId>>,
    /// Changes of each path, the newest first.
    changes: Vec<Vec<Change>>,
    /// Paths whose beginnings lie behind a boundary.
    hidden: Vec<bool>,
    commits: BTreeMap<u32, Option<Commit>>,
    lacks_texts: bool,
}

impl<'a> Pass<'a> {
    fn new(
        WorkTree { repository, absent, .. }: &'a WorkTree,
        head: ObjectId,
        wanted: &'a [Wanted<'a>],
        limit: u64,
    ) -> Result<Self, String> {
        let paths = PathTree::new(wanted.iter().map(|wanted| wanted.path));
        let graph = Graph::behind(repository, head)?;
        let mut present = vec![None; wanted.len()];
        for (path, id) in paths.differences(repository, None, Some(graph.commits[0].tree))? {
            present[path] = id;
        }
        let mut changes: Vec<Vec<Change>> = vec![Vec::new(); wanted.len()];
        let mut hidden = vec![false; wanted.len()];
        for position in graph.newest_first() {
            let node = &graph.commits[position as usize];
            let mine = Some(node.tree);
            if node.is_cut {
                for (path, _) in paths.differences(repository, None, mine)? {
                    hidden[path] = true;
                }
                continue;
            }
            let mut parents = node.parents.iter().map(|parent| graph.commits[*parent as usize].tree);
            let mut made = paths.differences(repository, parents.next(), mine)?;
            for parent in parents {
                // A merge made only what none of its parents had.
                if made.is_empty() {
                    break;
                }
                let others: BTreeSet<usize> = paths
                    .differences(repository, Some(parent), mine)?
                    .into_iter()
                    .map(|(path, _)| path)
                    .collect();
                made.retain(|(path, _)| others.contains(path));
            }
            for (path, id) in made {
                changes[path].push((position, id));
            }
        }
        Ok(Self {
            repository,
            wanted,
            limit,
            absent,
            graph,
            present,
            changes,
            hidden,
            commits: BTreeMap::new(),
            lacks_texts: false,
        })
    }

    fn finish(mut self) -> Result<Histories, String> {
        let mut by_path = Vec::with_capacity(self.wanted.len());
        for path in 0..self.wanted.len() {
            by_path.push(self.history(path)?);
        }
        let is_hidden =
            self.present.iter().zip(&self.hidden).any(|(present, hidden)| present.is_some() && *hidden);
        let gap = match (is_hidden, self.lacks_texts) {
            (true, _) => {
                Some("the clone is shallow, so that first and last changes before its boundary are not known")
            }
            (false, true) => Some("some earlier texts are not in the clone, or too large"),
            (false, false) => None,
        };
        Ok(Histories { by_path, gap })
    }

    fn history(&mut self, path: usize) -> Result<History, String> {
        // Not tracked by the commit checked out, whatever an older one held.
        let Some(present) = self.present[path] else { return Ok(History::default()) };
        let changes = std::mem::take(&mut self.changes[path]);
        let wanted = self.wanted[path];
        let last = changes.iter().find(|(_, id)| *id == Some(present)).map(|(commit, _)| *commit);
        let first = changes.iter().rev().find(|(_, id)| id.is_some()).filter(|_| !self.hidden[path]);
        let mut history = History { last_change: self.commit(last)?, ..History::default() };
        if let Some((commit, Some(id))) = first {
            history.first_change = self.commit(Some(*commit))?;
            if wanted.depth >= Depth::FirstText {
                history.first_text = self.text(*id, wanted.now);
            }
        }
        if wanted.depth >= Depth::EveryText {
            for (commit, id) in changes.iter().take(REVISIONS_AT_MOST).rev() {
                // A revision that took the file away, or cannot be read, says nothing: what stood before it ended there.
                let text = id.and_then(|id| self.text(id, wanted.now)).unwrap_or_else(|| Text::new(""));
                if let Some(commit) = self.commit(Some(*commit))? {
                    history.texts.push(HistoricText { commit, text });
                }
            }
        }
        Ok(history)
    }

    /// The commit at a position; equal ones share their text.
    fn commit(&mut self, position: Option<u32>) -> Result<Option<Commit>, String> {
        let Some(position) = position else { return Ok(None) };
        if let Some(known) = self.commits.get(&position) {
            return Ok(known.clone());
        }
        let read = commit(self.repository, self.graph.commits[position as usize].id)?;
        self.commits.insert(position, read.clone());
        Ok(read)
    }

    fn text(&mut self, id: ObjectId, now: Option<&Text>) -> Option<Text> {
        let text = self.read(id).unwrap_or_else(|_| {
            self.lacks_texts = true;
            None
        })?;
        Some(now.filter(|now| now.digest() == text.digest()).cloned().unwrap_or(text))
    }

    fn read(&self, id: ObjectId) -> Result<Option<Text>, String> {
        let Some(header) = self.repository.try_find_header(id).map_err(in_words)? else {
            self.absent.add(id);
            return Err("not here".to_owned());
        };
        if header.size() > self.limit {
            return Err("too large".to_owned());
        }
        let blob = self.repository.find_blob(id).map_err(in_words)?;
        Ok(match content::of(&blob.data) {
            Content::Text(text) => Some(text),
            _ => None,
        })
    }
}
