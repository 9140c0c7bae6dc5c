//! The paths whose history is wanted, as a tree, and how two revisions of a folder differ in them.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use gix::ObjectId;
use gix::objs::tree::EntryRef;
use gix::objs::{FindExt, TreeRefIter};

use super::in_words;

/// Deeper paths have no history, so that a walk along a path cannot exhaust the stack.
const DEEPEST: usize = 128;

/// The wanted paths. Every node is a folder with wanted things in it, or a wanted file.
#[derive(Debug, Default)]
pub(super) struct PathTree {
    nodes: Vec<Node>,
}

#[derive(Debug)]
enum Node {
    /// A wanted file: its position in the list of paths.
    File(usize),
    /// Names to nodes.
    Folder(BTreeMap<Box<[u8]>, usize>),
}

/// One wanted file that differs: its position, and its content on the right, if it is a file there.
pub(super) type Difference = (usize, Option<ObjectId>);

impl PathTree {
    pub(super) fn new<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        let mut tree = Self { nodes: vec![Node::Folder(BTreeMap::new())] };
        for (position, path) in paths.enumerate() {
            tree.insert(path, position);
        }
        tree
    }

    fn insert(&mut self, path: &str, position: usize) {
        if path.split('/').count() > DEEPEST {
            return;
        }
        let mut at = 0;
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let fresh = self.nodes.len();
            let Node::Folder(children) = &mut self.nodes[at] else { return };
            at = *children.entry(part.as_bytes().into()).or_insert(fresh);
            if at == fresh {
                let is_last = parts.peek().is_none();
                self.nodes.push(if is_last { Node::File(position) } else { Node::Folder(BTreeMap::new()) });
            }
        }
    }

    /// Wanted files that differ between two root trees, in the order of the tree; `None` is the empty one.
    pub(super) fn differences(
        &self,
        repository: &gix::Repository,
        left: Option<ObjectId>,
        right: Option<ObjectId>,
    ) -> Result<Vec<Difference>, String> {
        let mut differences = Vec::new();
        self.compare(repository, 0, left, right, &mut differences)?;
        Ok(differences)
    }

    fn compare(
        &self,
        repository: &gix::Repository,
        at: usize,
        left: Option<ObjectId>,
        right: Option<ObjectId>,
        differences: &mut Vec<Difference>,
    ) -> Result<(), String> {
        let Node::Folder(children) = &self.nodes[at] else { return Ok(()) };
        if left == right || children.is_empty() {
            return Ok(());
        }
        for Changed { node, is_folder, left, right } in changed(repository, children, left, right)? {
            match &self.nodes[node] {
                Node::Folder(_) if is_folder => self.compare(repository, node, left, right, differences)?,
                Node::File(position) if !is_folder => differences.push((*position, right)),
                Node::Folder(_) | Node::File(_) => {}
            }
        }
        Ok(())
    }
}

/// A wanted entry that two trees do not share: the node it stands for, what it is, and its two ids. A
/// file in place of a folder is two of these.
struct Changed {
    node: usize,
    is_folder: bool,
    left: Option<ObjectId>,
    right: Option<ObjectId>,
}

/// The wanted entries in which two trees differ: regular files and folders, never links or submodules.
///
/// Both are read side by side, as they are sorted, and only what differs is looked up: most of a large
/// folder stays the same from one commit to the next.
fn changed(
    repository: &gix::Repository,
    wanted: &BTreeMap<Box<[u8]>, usize>,
    left: Option<ObjectId>,
    right: Option<ObjectId>,
) -> Result<Vec<Changed>, String> {
    let (mut left_buffer, mut right_buffer) = (Vec::new(), Vec::new());
    let mut lefts = Entries::of(repository, left, &mut left_buffer)?;
    let mut rights = Entries::of(repository, right, &mut right_buffer)?;
    let mut changed = Vec::new();
    loop {
        let (left, right) = match (lefts.first, rights.first) {
            (None, None) => return Ok(changed),
            (Some(left), Some(right)) => match left.cmp(&right) {
                Ordering::Less => (Some(left), None),
                Ordering::Greater => (None, Some(right)),
                Ordering::Equal => (Some(left), Some(right)),
            },
            only => only,
        };
        if left.is_some() {
            lefts.advance()?;
        }
        if right.is_some() {
            rights.advance()?;
        }
        let counts = |entry: &EntryRef<'_>| entry.mode.is_tree() || entry.mode.is_blob();
        let (left, right) = (left.filter(counts), right.filter(counts));
        let (Some(one), false) = (left.or(right), left.map(|left| left.oid) == right.map(|right| right.oid))
        else {
            continue;
        };
        let name: &[u8] = one.filename;
        if let Some(node) = wanted.get(name) {
            let id = |entry: EntryRef<'_>| entry.oid.to_owned();
            changed.push(Changed {
                node: *node,
                is_folder: one.mode.is_tree(),
                left: left.map(id),
                right: right.map(id),
            });
        }
    }
}

/// The entries of a tree, the first of them at hand.
struct Entries<'a> {
    first: Option<EntryRef<'a>>,
    rest: Option<TreeRefIter<'a>>,
}

impl<'a> Entries<'a> {
    /// Those of `tree`; none of no tree.
    fn of(
        repository: &gix::Repository,
        tree: Option<ObjectId>,
        buffer: &'a mut Vec<u8>,
    ) -> Result<Self, String> {
        let rest = match tree {
            Some(tree) => Some(repository.objects.find_tree_iter(&tree, buffer).map_err(in_words)?),
            None => None,
        };
        let mut entries = Self { first: None, rest };
        entries.advance()?;
        Ok(entries)
    }

    fn advance(&mut self) -> Result<(), String> {
        self.first = self.rest.as_mut().and_then(Iterator::next).transpose().map_err(in_words)?;
        Ok(())
    }
}
