//! What each thing of the stand-in is called in GitHub's schema, and its fields that hold no others.

use serde_json::{Value, json};

use super::super::people;
use super::super::repository::{blob_id, mode};
use super::{Answering, Item, LONGEST_TEXT, Order};

impl Answering<'_> {
    /// A field that holds no other.
    pub(super) fn plain(&self, item: Item<'_>, name: &str) -> Value {
        match (item, name) {
            (Item::Page { owner, order, .. }, "totalCount") => json!(self.world.owned(owner, order).len()),
            (Item::Page { owner, order, from, size }, "pageInfo") => {
                let all = self.world.owned(owner, order);
                let last = (from + size).min(all.len()).checked_sub(1);
                let end = last.map(|last| match order {
                    Order::Created => all[last].id.clone(),
                    Order::Pushed => last.to_string(),
                });
                json!({ "hasNextPage": from + size < all.len(), "endCursor": end })
            }
            (Item::Branch(_), "name") => json!("main"),
            (Item::Repository(one), "id") => json!(one.id),
            (Item::Repository(one), "nameWithOwner") => json!(one.name),
            (Item::Repository(one), "isArchived") => json!(one.archived),
            (Item::Repository(one), "isFork") => json!(one.fork),
            (Item::Repository(one), "visibility") => json!(one.visibility),
            (Item::Repository(one), "pushedAt") => {
                json!(one.versions.last().map(|version| format!("{}T12:00:00Z", version.day)))
            }
            (Item::Repository(one), "repositoryTopics") => {
                let topics = one.topics.iter().map(|topic| json!({ "topic": { "name": topic } }));
                json!({ "nodes": topics.collect::<Vec<_>>() })
            }
            (Item::Commit(one, at), "id") => json!(format!("{}:{}", one.id, one.versions[at].oid)),
            (Item::Commit(one, at), "oid") => json!(one.versions[at].oid),
            (Item::Commit(one, at), "committedDate") => json!(format!("{}T12:00:00Z", one.versions[at].day)),
            (Item::Commit(..), "author") => json!({ "name": "Wren" }),
            (Item::Entry(version, at), "mode") => json!(mode(version.files.get(at))),
            (Item::Blob(bytes), "oid") => json!(blob_id(bytes)),
            (Item::Blob(bytes), "byteSize") => json!(bytes.len()),
            (Item::Blob(bytes), "text") => {
                // What is no text is not given, and what is long is cut.
                let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
                json!(text.map(|text| text.chars().take(LONGEST_TEXT).collect::<String>()))
            }
            (Item::Tree(_, at), "oid") => json!(blob_id(at.as_bytes())),
            (_, other) => panic!("the stand-in has no `{other}` there"),
        }
    }
}

impl Item<'_> {
    pub(super) fn is(self, kind: &str) -> bool {
        // Whoever wrote something down meant what is asked for.
        matches!(self, Self::Written(_)) || self.kind() == kind
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Query => "Query",
            Self::Owner(people::PERSON) => "User",
            Self::Owner(_) => "Organization",
            Self::Team(_) => "Team",
            Self::Page { .. } => "RepositoryConnection",
            Self::Repository(_) => "Repository",
            Self::Branch(_) => "Ref",
            Self::Commit(..) => "Commit",
            Self::Entry(..) => "TreeEntry",
            Self::Blob(_) => "Blob",
            Self::Tree(..) => "Tree",
            Self::History(..) => "CommitHistoryConnection",
            Self::Written(_) => "",
        }
    }
}
