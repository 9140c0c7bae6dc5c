//! The documents that every service should have: where they are, or where they shall be.

use std::sync::Arc;

use super::Hint;

/// Field of the record, where the document goes when there is none, and what it may be called elsewhere.
const DOCUMENTS: [(&str, &str, &[&str]); 3] = [
    ("links.runbook", "docs/runbook.md", &["runbook", "run-book", "playbook"]),
    ("links.architecture", "docs/architecture.md", &["architecture", "design"]),
    (
        "links.readiness",
        "docs/operational-readiness.md",
        &["operational-readiness", "production-readiness", "readiness"],
    ),
];

/// Folders, in lower case, in which documents are looked for.
const FOLDERS: [&str; 4] = ["", "docs", "doc", "documentation"];

/// A document that a draft links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The field with the link, such as `links.runbook`.
    pub field: &'static str,
    /// Its path relative to the descriptor.
    pub path: Arc<str>,
    /// Whether it is there already.
    pub is_there: bool,
}

/// The documents of a folder with the files `paths`.
pub fn documents(paths: &[Arc<str>]) -> Vec<Linked> {
    let linked = DOCUMENTS.iter().map(|(field, usual, names)| {
        // In the order of the names, so that a better one wins.
        let found = names.iter().find_map(|name| paths.iter().find(|path| is_called(path, name)));
        let usual_one = paths.iter().find(|path| &***path == *usual);
        let there = usual_one.or(found);
        Linked { field, path: there.map_or_else(|| Arc::from(*usual), Arc::clone), is_there: there.is_some() }
    });
    linked.collect()
}

/// Whether the file at `path` is Markdown called `name`, in a folder where documents lie, and its path
/// means the same in a link.
fn is_called(path: &str, name: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folder, file) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    file.strip_suffix(".md") == Some(name) && FOLDERS.contains(&folder) && path.chars().all(is_plain)
}

impl Linked {
    /// What the draft says of it.
    pub(super) fn hint(&self) -> Hint {
        let from = if self.is_there { "it is there" } else { "an empty template, to be written" };
        Hint::value(self.field, &*self.path, from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_found_where_they_are() {
        let paths: Vec<Arc<str>> =
            ["ARCHITECTURE.md", "docs/Runbook.md", "docs/design.md", "x/readiness.md"].map(Arc::from).into();
        let found: Vec<_> =
            documents(&paths).into_iter().map(|linked| (linked.path, linked.is_there)).collect();
        assert_eq!(
            found,
            [
                ("docs/Runbook.md".into(), true),
                ("ARCHITECTURE.md".into(), true),
                ("docs/operational-readiness.md".into(), false)
            ]
        );
    }
}
