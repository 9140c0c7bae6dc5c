//! Descriptors that other descriptors name, by path or by pattern, such as the targets of a Backstage
//! Location. Nothing outside the repository is looked at, and no more than a bounded number is taken.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::contents::{Contents, Entry, Kind};
use super::descriptor_names::is_entered;
use super::snapshot::document_path;
use super::walk::joined;

/// How many descriptors of one repository are taken only because others name them.
pub(super) const FOLLOWED_PER_REPOSITORY: usize = 5_000;

/// How many folders of one repository are listed to find them.
const LISTINGS_PER_REPOSITORY: usize = 20_000;

/// What was followed in one repository.
pub(super) struct Followed<'r> {
    root: &'r dyn Contents,
    /// Folders as they were listed.
    listings: BTreeMap<Vec<u8>, Vec<Entry>>,
    /// Every descriptor taken or to be taken.
    known: BTreeSet<Arc<str>>,
    left: usize,
}

impl<'r> Followed<'r> {
    /// Nothing yet, of a repository at `root` whose `known` descriptors are taken anyway.
    pub(super) fn new(root: &'r dyn Contents, known: &[Arc<str>]) -> Self {
        Self {
            root,
            listings: BTreeMap::new(),
            known: known.iter().cloned().collect(),
            left: FOLLOWED_PER_REPOSITORY,
        }
    }

    /// The files that `links` of the descriptor at `path` lead to and that were not known, in order; and
    /// the first that is too many.
    pub(super) fn follow(&mut self, path: &str, links: &[String]) -> (Vec<Arc<str>>, Option<String>) {
        let mut next = Vec::new();
        for pattern in links.iter().filter_map(|link| document_path(path, link)) {
            for found in self.matching(&pattern) {
                if self.known.contains(found.as_str()) {
                    continue;
                }
                match self.left.checked_sub(1) {
                    Some(left) => self.left = left,
                    None => return (next, Some(found)),
                }
                let found: Arc<str> = found.into();
                self.known.insert(Arc::clone(&found));
                next.push(found);
            }
        }
        (next, None)
    }

    /// Whether the descriptor at `path` is taken anyway.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.known.contains(path)
    }

    /// The files that `pattern` means, sorted.
    fn matching(&mut self, pattern: &str) -> Vec<String> {
        let parts: Vec<&str> = pattern.split('/').collect();
        let mut found = BTreeSet::new();
        // A folder, and how many parts of the pattern led to it.
        let mut waiting = vec![(Vec::new(), 0)];
        while let Some((folder, matched)) = waiting.pop() {
            let (part, is_last) = (parts[matched], matched + 1 == parts.len());
            if part == "**" && !is_last {
                waiting.push((folder.clone(), matched + 1));
            }
            let literal = !part.contains(['*', '?']);
            if literal && !is_last {
                if is_entered(part.as_bytes()) {
                    waiting.push((joined(&folder, part.as_bytes()), matched + 1));
                }
                continue;
            }
            for (name, is_folder) in self.names(&folder) {
                if is_folder && part == "**" {
                    waiting.push((joined(&folder, name.as_bytes()), matched));
                } else if fits(part, &name) || (part == "**" && is_last) {
                    let path = joined(&folder, name.as_bytes());
                    match (is_folder, is_last) {
                        (true, false) => waiting.push((path, matched + 1)),
                        (false, true) => found.extend(String::from_utf8(path)),
                        (true, true) | (false, false) => {}
                    }
                }
            }
        }
        found.into_iter().collect()
    }

    /// What lies in `folder` and may be followed: names, and whether each is a folder. Nothing of a work
    /// tree of its own.
    fn names(&mut self, folder: &[u8]) -> Vec<(String, bool)> {
        if !self.listings.contains_key(folder) {
            if self.listings.len() >= LISTINGS_PER_REPOSITORY {
                return Vec::new();
            }
            let entries = self.root.list(folder).unwrap_or_default();
            self.listings.insert(folder.to_vec(), entries);
        }
        let entries = &self.listings[folder];
        if !folder.is_empty() && entries.iter().any(|entry| entry.name == b".git") {
            return Vec::new();
        }
        let name = |entry: &Entry| String::from_utf8(entry.name.clone()).ok();
        entries
            .iter()
            .filter_map(|entry| match entry.kind {
                Kind::Folder if is_entered(&entry.name) => Some((name(entry)?, true)),
                Kind::File | Kind::Link => Some((name(entry)?, false)),
                Kind::Folder | Kind::Special => None,
            })
            .collect()
    }
}

/// Whether `name` fits `pattern`, in which `*` stands for any run of characters and `?` for one. A hidden
/// file fits only a pattern that begins with a dot too.
fn fits(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where to go on when what follows the last star does not fit after all.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p + 1, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((after, from)) = star else { return false };
                star = Some((after, from + 1));
                (p, n) = (after, from + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_names_in_linear_steps() {
        for (pattern, name) in
            [("*.yaml", "a.yaml"), ("a*b*c", "aXXbYYc"), ("?.yml", "x.yml"), ("*", "any"), (".*", ".x")]
        {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("*.yaml", "a.yml"), ("a*b", "ac"), ("*", ".hidden"), ("?", "")] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
        assert!(!fits(&"*a".repeat(200), &"a".repeat(199)));
    }
}
