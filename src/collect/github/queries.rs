//! What is asked of GraphQL, and the shape of the answers. Everything that comes back is hostile: every part may
//! be missing.

use serde::Deserialize;

use super::owners::Codeowners;
use crate::collect::snapshot::Commit;
use crate::day::Moment;

/// Who a repository is.
const LISTED: &str = include_str!("listed.graphql");
/// What lies at its root.
const CONTENT: &str = include_str!("content.graphql");
/// A file or a folder.
const ENTRY: &str = include_str!("entry.graphql");
/// The pull requests of a commit.
const REQUESTS: &str = include_str!("revision.graphql");
/// The newest commit of a history.
const CHANGE: &str = include_str!("change.graphql");

/// The repositories of an owner.
pub(super) fn repositories() -> String {
    [include_str!("repositories.graphql"), LISTED, CONTENT, ENTRY, CHANGE].join("\n")
}

/// Repositories that are known already.
pub(super) fn repositories_by_id() -> String {
    [include_str!("repositories_by_id.graphql"), LISTED, CONTENT, ENTRY, CHANGE].join("\n")
}

/// Files and folders of any repositories: one slot for each, with the variables `commit` and `path` of its
/// number. `dated` tells of each whether its last change is asked for too.
pub(super) fn files(dated: &[bool]) -> String {
    let mut variables = Vec::with_capacity(dated.len());
    let mut slots = String::new();
    for (slot, dated) in dated.iter().enumerate() {
        variables.push(format!("$commit{slot}: ID!, $path{slot}: String!"));
        let history = if *dated {
            format!(" history(first: 1, path: $path{slot}) {{ ...change }}")
        } else {
            String::new()
        };
        slots.push_str(&format!(
            "  file{slot}: node(id: $commit{slot}) {{ ... on Commit {{ oid file(path: $path{slot}) {{ ...entry }}{history} }} }}\n"
        ));
    }
    let change = if dated.contains(&true) { CHANGE } else { "" };
    format!("query Files({}) {{\n  rateLimit {{ cost }}\n{slots}}}\n{ENTRY}{change}", variables.join(", "))
}

/// The first change of files in any repositories: one slot for each, with the variables `repository`, `commit` and
/// `path` of its number. History runs from new to old, so the last one is the first.
pub(super) fn firsts(count: usize) -> String {
    let mut variables = Vec::with_capacity(count);
    let mut slots = String::new();
    for slot in 0..count {
        variables.push(format!("$repository{slot}: ID!, $commit{slot}: GitObjectID!, $path{slot}: String!"));
        slots.push_str(&format!(
            "  first{slot}: node(id: $repository{slot}) {{ ... on Repository {{ object(oid: $commit{slot}) {{ ... on Commit {{ \
             history(last: 1, path: $path{slot}) {{ ...change nodes {{ file(path: $path{slot}) {{ ...entry }} }} }} }} }} }} }}\n"
        ));
    }
    format!("query Firsts({}) {{\n  rateLimit {{ cost }}\n{slots}}}\n{ENTRY}{CHANGE}", variables.join(", "))
}

/// Revisions of files in one repository: one slot for each, with the variables `commit` and `path` of its number.
/// Each asks in its last commit for the file that it is about.
pub(super) fn revisions(count: usize) -> String {
    let mut variables = vec!["$owner: String!, $name: String!, $most: Int!".to_owned()];
    let mut slots = String::new();
    for slot in 0..count {
        variables.push(format!("$commit{slot}: GitObjectID!, $path{slot}: String!"));
        slots.push_str(&format!(
            "    commit{slot}: object(oid: $commit{slot}) {{ ... on Commit {{ requests: associatedPullRequests(first: $most) {{ \
             ...requests nodes {{ head: commits(last: 1) {{ nodes {{ commit {{ file(path: $path{slot}) {{ oid }} }} }} }} }} }} }} }}\n"
        ));
    }
    format!(
        "query Revisions({}) {{\n  rateLimit {{ cost }}\n  repository(owner: $owner, name: $name) {{\n    nameWithOwner\n{slots}  }}\n}}\n{REQUESTS}",
        variables.join(", ")
    )
}

/// An answer, with what is wrong with parts of it.
#[derive(Deserialize)]
pub(super) struct Answer<T> {
    pub(super) data: Option<T>,
    #[serde(default)]
    pub(super) errors: Vec<Flaw>,
}

/// What is wrong with a part of an answer.
#[derive(Deserialize)]
pub(super) struct Flaw {
    #[serde(default, rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    pub(super) path: Vec<serde_json::Value>,
}

impl<T> Answer<T> {
    /// What is wrong with the part at `path`, or with one that holds it or lies in it.
    pub(super) fn flaw(&self, path: &[serde_json::Value]) -> Option<&Flaw> {
        self.errors.iter().find(|flaw| flaw.path.iter().zip(path).all(|(one, other)| one == other))
    }
}

impl Flaw {
    /// Whether it says that there is no such thing, rather than that it cannot be shown.
    pub(super) fn is_gone(&self) -> bool {
        self.kind == "NOT_FOUND"
    }

    /// What it says, in one short line.
    pub(super) fn reason(&self) -> String {
        let line = self.message.lines().next().unwrap_or_default();
        let line: String = line.chars().filter(|c| !c.is_control()).take(200).collect();
        if line.is_empty() { "GitHub gave no reason".to_owned() } else { line }
    }
}

/// A page of repositories.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    pub(super) repository_owner: Option<Owner>,
}

/// An organisation or a person.
#[derive(Deserialize)]
pub(super) struct Owner {
    pub(super) repositories: Repositories,
}

/// Some of the repositories of an owner.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Repositories {
    pub(super) total_count: u64,
    pub(super) page_info: PageInfo,
    pub(super) nodes: Vec<Option<Node>>,
}

/// Where the next page begins.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    pub(super) has_next_page: bool,
    pub(super) end_cursor: Option<String>,
}

/// Repositories by id, in the order of the ids.
#[derive(Deserialize)]
pub(super) struct ById {
    pub(super) nodes: Vec<Option<Node>>,
}

/// One repository. What is known by its id may be something else, which has none of this.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Node {
    #[serde(default)]
    pub(super) id: String,
    #[serde(default)]
    pub(super) name_with_owner: String,
    #[serde(default)]
    pub(super) is_archived: bool,
    #[serde(default)]
    pub(super) is_fork: bool,
    #[serde(default)]
    pub(super) visibility: String,
    pub(super) pushed_at: Option<String>,
    pub(super) repository_topics: Option<Topics>,
    pub(super) codeowners: Option<Codeowners>,
    pub(super) default_branch_ref: Option<Branch>,
    /// Whether what GitHub finds wrong in `CODEOWNERS` was not given.
    #[serde(skip)]
    pub(super) is_review_refused: bool,
}

#[derive(Deserialize)]
pub(super) struct Topics {
    pub(super) nodes: Vec<Option<Tagged>>,
}

#[derive(Deserialize)]
pub(super) struct Tagged {
    pub(super) topic: Topic,
}

#[derive(Deserialize)]
pub(super) struct Topic {
    pub(super) name: String,
}

/// The default branch.
#[derive(Deserialize)]
pub(super) struct Branch {
    pub(super) target: Option<Target>,
}

/// The commit at its head.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Target {
    pub(super) id: String,
    pub(super) oid: String,
    pub(super) committed_date: Option<String>,
    pub(super) author: Option<Author>,
    pub(super) tree: Option<Tree>,
    pub(super) descriptor: Option<Entry>,
    pub(super) descriptor_history: Option<History>,
    pub(super) owners_hidden: Option<Entry>,
    pub(super) owners: Option<Entry>,
    pub(super) owners_in_docs: Option<Entry>,
}

#[derive(Deserialize)]
pub(super) struct Author {
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Tree {
    pub(super) entries: Option<Vec<Named>>,
}

/// A name in a folder, and what it is.
#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) mode: u32,
}

/// A file, a folder, a link or a submodule.
#[derive(Deserialize)]
pub(super) struct Entry {
    pub(super) mode: u32,
    pub(super) object: Option<Object>,
}

/// What an entry holds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Object {
    #[serde(default)]
    pub(super) oid: String,
    #[serde(default)]
    pub(super) byte_size: u64,
    pub(super) text: Option<String>,
    pub(super) entries: Option<Vec<Named>>,
}

/// What one slot of a question for files gave.
#[derive(Deserialize)]
pub(super) struct Slot {
    #[serde(default)]
    pub(super) oid: String,
    pub(super) file: Option<Entry>,
    pub(super) history: Option<History>,
}

/// The newest commits of a path.
#[derive(Deserialize)]
pub(super) struct History {
    pub(super) nodes: Option<Vec<Option<Change>>>,
}

/// One commit.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    pub(super) oid: String,
    pub(super) committed_date: String,
    pub(super) author: Option<Author>,
}

impl History {
    /// The newest commit.
    pub(super) fn newest(self) -> Option<Commit> {
        let change = self.nodes?.into_iter().flatten().next()?;
        commit(&change.oid, &change.committed_date, change.author)
    }
}

/// A commit as we show it; `None` when its date is none, or its id.
pub(super) fn commit(oid: &str, date: &str, author: Option<Author>) -> Option<Commit> {
    let author = author.and_then(|author| author.name).unwrap_or_default();
    let at = Moment::parse(date)?;
    is_oid(oid).then(|| Commit { id: oid.into(), author: author.trim().into(), at })
}

/// Whether this is the name of an object of git.
pub(super) fn is_oid(oid: &str) -> bool {
    matches!(oid.len(), 40 | 64) && oid.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_slot_of_its_own() {
        let query = files(&[true, false]);
        assert!(
            query
                .starts_with("query Files($commit0: ID!, $path0: String!, $commit1: ID!, $path1: String!) {")
        );
        assert!(
            query.contains(
                "file1: node(id: $commit1) { ... on Commit { oid file(path: $path1) { ...entry } } }"
            )
        );
        assert_eq!(query.matches("history(first: 1").count(), 1);
        assert!(!files(&[false]).contains("fragment change"), "a fragment that nobody uses is refused");
    }

    #[test]
    fn a_flaw_counts_for_what_holds_it_and_for_what_it_holds() {
        let text = r#"{"data":null,"errors":[{"type":"NOT_FOUND","path":["nodes",3,"a"],"message":"gone"}]}"#;
        let answer: Answer<ById> = serde_json::from_str(text).expect("an answer");
        let flaw = |path: &[serde_json::Value]| answer.flaw(path).is_some();
        assert!(
            flaw(&["nodes".into(), 3.into()])
                && flaw(&["nodes".into()])
                && !flaw(&["nodes".into(), 4.into()])
        );
        assert!(!is_oid("../../etc/passwd") && is_oid(&"a1".repeat(20)));
    }
}
