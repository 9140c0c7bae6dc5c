//! What the code host knows of the exception of a case: who reviewed the pull request that brought it.

use milepost::catalog::yaml::Node;
use milepost::collect::snapshot::{
    CodeReview, Commit, Directory, ObservedTeam, People, PullRequest, Review, ReviewState,
};
use milepost::day::Moment;

use super::overlay::{items, text, texts};

/// The head of every pull request, unless a case says otherwise.
const HEAD: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// The answer about the revision that `commit` wrote: `{pullRequests: […]}` or `{unknown: why}`.
pub(super) fn answer(node: &Node, path: &str, commit: &Commit) -> CodeReview {
    CodeReview {
        path: path.into(),
        commit: commit.id.clone(),
        collected_at: moment("2026-11-21"),
        answer: match text(node, "unknown") {
            Some(reason) => Err(reason.into()),
            None => {
                Ok((1..).zip(items(node, "pullRequests")).map(|(number, one)| request(number, one)).collect())
            }
        },
    }
}

/// Who belongs to `parcels` and its teams: `{at: 2026-11-20, teams: {guild: [rook]}}` or `{unknown: why}`.
pub(super) fn directory(node: &Node) -> Directory {
    let teams = node.get("teams").and_then(Node::entries).unwrap_or_default().iter();
    let teams: Vec<ObservedTeam> = teams
        .map(|entry| ObservedTeam {
            id: (&*entry.key).into(),
            slug: (&*entry.key).into(),
            formerly: Vec::new(),
            name: (&*entry.key).into(),
            parent: None,
            members: texts(&entry.value, "members").into_iter().map(Into::into).collect(),
        })
        .collect();
    Directory {
        source: "hub".into(),
        organisation: "parcels".into(),
        collected_at: moment(text(node, "at").unwrap_or("2026-11-20")),
        carried: None,
        answer: match text(node, "unknown") {
            Some(reason) => Err(reason.into()),
            None => Ok(People { teams, ..People::default() }),
        },
    }
}

/// Opened by `@wren` and merged on 3 September, with the file as it is, unless it says otherwise.
fn request(number: u64, node: &Node) -> PullRequest {
    let is = |key: &str| text(node, key) != Some("false");
    let authors = texts(node, "authors");
    let authors = if authors.is_empty() { vec!["wren"] } else { authors };
    PullRequest {
        number: text(node, "number").map_or(number, |own| own.parse().expect("a number")),
        url: format!("https://github.com/parcels/catalog/pull/{number}").into(),
        merged_at: moment(text(node, "mergedAt").unwrap_or("2026-09-03T12:00:00Z")),
        authors: authors.into_iter().map(Into::into).collect(),
        authors_are_known: is("authorsAreKnown"),
        head: text(node, "head").unwrap_or(HEAD).into(),
        is_as_merged: is("isAsMerged"),
        reviews: items(node, "reviews").iter().map(review).collect(),
    }
}

/// An approval of the head on 2 September, unless it says otherwise.
fn review(node: &Node) -> Review {
    Review {
        by: text(node, "by").expect("a review is by somebody").into(),
        state: match text(node, "state") {
            None => ReviewState::Approved,
            Some("changes-requested") => ReviewState::ChangesRequested,
            Some("dismissed") => ReviewState::Dismissed,
            Some(other) => panic!("line {}: `{other}` is no state of a review", node.mark.line),
        },
        at: moment(text(node, "at").unwrap_or("2026-09-02")),
        commit: match text(node, "commit").unwrap_or(HEAD) {
            "none" => None,
            commit => Some(commit.into()),
        },
    }
}

fn moment(written: &str) -> Moment {
    let time = if written.contains('T') { String::new() } else { "T10:00:00Z".to_owned() };
    Moment::parse(&format!("{written}{time}")).expect("a moment")
}
