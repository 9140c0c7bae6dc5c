//! The commits behind the one that is checked out, newest first, each before those it builds on.

use std::collections::{BinaryHeap, HashMap};

use gix::ObjectId;
use gix::objs::FindExt;

use super::in_words;

/// How many commits are read of one repository; what came before them is not known.
const COMMITS_AT_MOST: usize = 500_000;

/// Commits and what they build on.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// In the order in which they were met: the one checked out is the first.
    pub(super) commits: Vec<Node>,
    /// Whether some of what came before could not be read.
    pub(super) is_cut: bool,
}

/// One commit.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    /// Positions of the commits it builds on.
    pub(super) parents: Vec<u32>,
    /// Whether it builds on commits that are not here.
    pub(super) is_cut: bool,
    seconds: i64,
}

impl Graph {
    /// Reads everything behind `head`.
    pub(super) fn behind(repository: &gix::Repository, head: ObjectId) -> Result<Self, String> {
        Self::read(repository, head, COMMITS_AT_MOST)
    }

    fn read(repository: &gix::Repository, head: ObjectId, at_most: usize) -> Result<Self, String> {
        let boundary = repository.shallow_commits().map_err(in_words)?;
        let is_boundary = |id: &ObjectId| boundary.as_ref().is_some_and(|commits| commits.contains(id));
        let mut graph = Self::default();
        let mut known: HashMap<ObjectId, u32> = HashMap::new();
        let (first, mut behind) = read(repository, head)?;
        let mut waiting = BinaryHeap::from([(first.seconds, std::cmp::Reverse(0_u32))]);
        let mut unread = HashMap::from([(0_u32, std::mem::take(&mut behind))]);
        known.insert(head, 0);
        graph.commits.push(first);
        while let Some((_, std::cmp::Reverse(at))) = waiting.pop() {
            let parents = unread.remove(&at).unwrap_or_default();
            let here = at as usize;
            let full = graph.commits.len() + parents.len() > at_most;
            if is_boundary(&graph.commits[here].id)
                || (full && !parents.iter().all(|id| known.contains_key(id)))
            {
                graph.commits[here].is_cut = true;
                graph.is_cut = true;
                continue;
            }
            for id in parents {
                let position = match known.get(&id) {
                    Some(position) => *position,
                    None => {
                        let position = u32::try_from(graph.commits.len()).map_err(in_words)?;
                        let (node, behind) = read(repository, id)?;
                        waiting.push((node.seconds, std::cmp::Reverse(position)));
                        unread.insert(position, behind);
                        known.insert(id, position);
                        graph.commits.push(node);
                        position
                    }
                };
                graph.commits[here].parents.push(position);
            }
        }
        Ok(graph)
    }

    /// Positions of all commits: every one before those it builds on, else the newest first.
    pub(super) fn newest_first(&self) -> Vec<u32> {
        let mut children = vec![0_u32; self.commits.len()];
        for node in &self.commits {
            for parent in &node.parents {
                children[*parent as usize] += 1;
            }
        }
        let mut ready = BinaryHeap::new();
        let mut order = Vec::with_capacity(self.commits.len());
        // Ids break ties, so that the order does not hang on how the commits were met.
        let entry = |position: u32| {
            let node = &self.commits[position as usize];
            (node.seconds, std::cmp::Reverse(node.id), position)
        };
        if !self.commits.is_empty() {
            ready.push(entry(0));
        }
        while let Some((_, _, position)) = ready.pop() {
            order.push(position);
            for parent in &self.commits[position as usize].parents {
                let left = &mut children[*parent as usize];
                *left -= 1;
                if *left == 0 {
                    ready.push(entry(*parent));
                }
            }
        }
        order
    }
}

/// One commit and the ids of those it builds on.
fn read(repository: &gix::Repository, id: ObjectId) -> Result<(Node, Vec<ObjectId>), String> {
    let mut buffer = Vec::new();
    let mut commit = repository.objects.find_commit_iter(&id, &mut buffer).map_err(in_words)?;
    let tree = commit.tree_id().map_err(in_words)?;
    let behind = commit.parent_ids().collect();
    let seconds = commit.committer().map_err(in_words)?.seconds();
    Ok((Node { id, tree, parents: Vec::new(), is_cut: false, seconds }, behind))
}
