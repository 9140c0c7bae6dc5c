//! The shape of answers about teams and people, what is sound in them, and what a refusal says.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::Broken;
use crate::collect::github::queries::{Flaw, PageInfo};

/// What whoever asks needs.
pub(super) const PERMISSION: &str = "it takes the scope `read:org` of a token of a member, or of an App the organisation permission `Members: read`";

/// Longest name that is kept, in characters; GitHub's own are shorter.
const LONGEST: usize = 255;

/// A page of teams or people.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    pub(super) repository_owner: Option<Organisation>,
}

/// An organisation, or a person, who has none of this.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Organisation {
    #[serde(rename = "__typename")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) viewer_is_a_member: bool,
    #[serde(default)]
    pub(super) viewer_can_administer: bool,
    pub(super) teams: Option<Connection<Team>>,
    pub(super) members_with_role: Option<Connection<Login>>,
}

/// Some of a listing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connection<T> {
    pub(super) total_count: u64,
    pub(super) page_info: PageInfo,
    pub(super) nodes: Vec<Option<T>>,
}

/// A team, with the first of its members.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Team {
    pub(super) id: String,
    pub(super) slug: String,
    #[serde(default)]
    pub(super) name: String,
    pub(super) parent_team: Option<Parent>,
    pub(super) members: Connection<Login>,
}

/// The team above one.
#[derive(Deserialize)]
pub(super) struct Parent {
    pub(super) slug: String,
}

/// Somebody.
#[derive(Deserialize)]
pub(super) struct Login {
    pub(super) login: String,
}

/// What one slot of a question for more members gave.
#[derive(Deserialize)]
pub(super) struct Slot {
    pub(super) members: Option<Connection<Login>>,
}

/// What is listed, each under its own name.
pub(super) trait Owned {
    /// What tells it from the others.
    fn key(&self) -> &str;
    /// Whether it is named as GitHub names.
    fn is_sound(&self) -> bool;
}

impl Owned for Team {
    fn key(&self) -> &str {
        &self.id
    }

    fn is_sound(&self) -> bool {
        let parent = self.parent_team.as_ref().is_none_or(|parent| is_name(&parent.slug));
        is_name(&self.id) && is_name(&self.slug) && parent
    }
}

impl Owned for Login {
    fn key(&self) -> &str {
        &self.login
    }

    fn is_sound(&self) -> bool {
        is_name(&self.login)
    }
}

/// Whether `text` may be the name of somebody or of a team in an address.
fn is_name(text: &str) -> bool {
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '/' | '@' | '`');
    !text.is_empty() && text.chars().count() <= LONGEST && !text.contains(is_odd)
}

/// A name for people, in one line of bounded length.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

impl Connection<Login> {
    /// The members that are known with those of this page, and where it goes on; `Err` when it is not whole.
    pub(super) fn taken(
        self,
        mut members: BTreeSet<String>,
    ) -> Result<(BTreeSet<String>, Option<String>), Broken> {
        for login in self.nodes.into_iter().flatten() {
            if !login.is_sound() {
                let reason = "a member of a team has a name that GitHub gives nobody";
                return Err(Broken::Failed(reason.to_owned()));
            }
            members.insert(login.login);
        }
        if self.page_info.has_next_page {
            let after = self.page_info.end_cursor;
            let lacking = || Broken::Short("a team lacks a page".to_owned());
            return after.map(|after| (members, Some(after))).ok_or_else(lacking);
        }
        match (members.len() as u64) < self.total_count {
            true => Err(Broken::Short(format!(
                "only {} of {} members of a team are listed",
                members.len(),
                self.total_count
            ))),
            false => Ok((members, None)),
        }
    }
}

/// That an answer leaves out what it was asked for.
pub(super) fn not_shown(noun: &str) -> String {
    format!("its {noun} are not shown; {PERMISSION}")
}

/// What a refusal says, and which permission is missing when that is why.
pub(super) fn refusal(flaw: &Flaw) -> String {
    match &*flaw.kind {
        "FORBIDDEN" | "INSUFFICIENT_SCOPES" => format!("{}; {PERMISSION}", flaw.reason()),
        _ => flaw.reason(),
    }
}

/// The question for further members of so many teams, with the variables `team` and `after` of each number.
pub(super) fn members_query(teams: usize) -> String {
    let variables: Vec<String> =
        (0..teams).map(|slot| format!("$team{slot}: ID!, $after{slot}: String!")).collect();
    let slot = |slot: usize| {
        format!(
            "  team{slot}: node(id: $team{slot}) {{ ... on Team {{ \
             members(first: 100, after: $after{slot}, membership: IMMEDIATE) {{ ...logins }} }} }}\n"
        )
    };
    let slots: String = (0..teams).map(slot).collect();
    let logins = include_str!("../logins.graphql");
    format!("query Members({}) {{\n  rateLimit {{ cost }}\n{slots}}}\n{logins}", variables.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{is_name, shown};

    #[test]
    fn only_names_are_taken_for_names() {
        for name in ["mira", "mira_acme", "dependabot[bot]", "team-ü", "a.b"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "a b", "a/b", "@mira", "a\u{0}", "a\n", "`a`", &"a".repeat(256)] {
            assert!(!is_name(name), "{name:?}");
        }
        assert_eq!(shown("Check\u{7}out\n"), "Checkout");
    }
}
