//! The teams of an organisation with their members, and everybody who belongs to it: complete, or not known and why.
//!
//! Everybody is listed, a hundred at a time, rather than asked for one by one: which people the catalog names is not
//! known here, and thirty questions for 3,000 people cost thirty points of 5,000 an hour.

mod answers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use self::answers::{Connection, Login, Organisation, Owned, Team};
use super::client::Client;
use super::listing::PAGE;
use super::queries::Answer;
use super::transport::Trouble;
use crate::collect::pool::Pool;
use crate::collect::snapshot::{ObservedTeam, People};

/// How often a listing that is not whole is begun anew.
const LISTINGS: usize = 3;

/// How often a page may come empty that is not the last.
const EMPTY: u32 = 2;

/// Most teams, and most people, of one organisation.
const MOST: usize = 500_000;

/// Teams of more than a hundred members whose further members are asked for in one question.
const SLOTS: usize = 50;

/// Who belongs to what.
pub(super) struct Asking<'a> {
    pub(super) client: &'a Client,
    pub(super) organisation: &'a str,
}

/// Why a listing is not there.
enum Broken {
    /// It makes no sense, and may make some when it is begun anew.
    Short(String),
    /// It cannot be asked for.
    Failed(String),
}

/// What one listing is about, for its question and for messages.
#[derive(Clone, Copy)]
struct Listing {
    operation: &'static str,
    query: &'static str,
    noun: &'static str,
}

const TEAMS: Listing = Listing {
    operation: "Teams",
    query: concat!(include_str!("teams.graphql"), include_str!("logins.graphql")),
    noun: "teams",
};

const PEOPLE: Listing =
    Listing { operation: "People", query: include_str!("people.graphql"), noun: "people" };

impl Asking<'_> {
    /// Everybody, and every team; `None` when it is a person, who has no teams. `Err` says why that is not known.
    pub(super) async fn people(&self) -> Result<Option<People>, String> {
        let (teams, members) = tokio::join!(self.teams(), self.members());
        let (Some((mut teams, secret_teams)), Some(members)) = (teams?, members?) else { return Ok(None) };
        let mut pool = Pool::default();
        let mut members: Vec<Arc<str>> = members.iter().map(|login| pool.keep(login)).collect();
        members.sort();
        teams.sort_by(|a, b| a.slug.cmp(&b.slug));
        let teams = teams.into_iter().map(|team| ObservedTeam {
            members: team.members.iter().map(|login| pool.keep(login)).collect(),
            id: team.id.into(),
            slug: team.slug.into(),
            formerly: Vec::new(),
            name: team.name.into(),
            parent: team.parent.map(Arc::from),
        });
        Ok(Some(People { teams: teams.collect(), members, secret_teams }))
    }

    /// Every team with all its members, and whether secret ones are among them; `None` when it is a person.
    async fn teams(&self) -> Result<Option<(Vec<Found>, bool)>, String> {
        let app =
            self.client.app_sees_people(self.organisation).await.map_err(|trouble| trouble.to_string())?;
        let mut reason = String::new();
        for _ in 0..LISTINGS {
            if let Some(settled) = settled(self.teams_once(app).await, &mut reason) {
                return settled;
            }
        }
        Err(reason)
    }

    /// The same, from one pass over the listing: who joins a large team meanwhile may be on none of its pages.
    async fn teams_once(&self, app: Option<bool>) -> Result<Option<(Vec<Found>, bool)>, Broken> {
        let mut sees_secret = false;
        let listed = self
            .sweep(TEAMS, &mut |organisation: Organisation| {
                sees_secret = sees_secret_teams(&organisation, app)?;
                organisation.teams.ok_or_else(|| Broken::Failed(answers::not_shown(TEAMS.noun)))
            })
            .await?;
        let Some(nodes) = listed else { return Ok(None) };
        let mut open = Vec::new();
        let mut teams = Vec::with_capacity(nodes.len());
        for (id, team) in nodes {
            let Team { slug, name, parent_team, members, .. } = team;
            let (members, more) = members.taken(BTreeSet::new())?;
            if let Some(after) = more {
                open.push((teams.len(), after));
            }
            let parent = parent_team.map(|parent| parent.slug);
            teams.push(Found { id, slug, name: answers::shown(&name), parent, members });
        }
        while !open.is_empty() {
            let mut next = Vec::new();
            for some in open.chunks(SLOTS) {
                next.extend(self.more_members(some, &mut teams).await?);
            }
            open = next;
        }
        Ok(Some((teams, sees_secret)))
    }

    /// The next hundred members of each of these teams; those that have more, and where they go on.
    async fn more_members(
        &self,
        open: &[(usize, String)],
        teams: &mut [Found],
    ) -> Result<Vec<(usize, String)>, Broken> {
        let mut variables = Map::new();
        for (slot, (team, after)) in open.iter().enumerate() {
            variables.insert(format!("team{slot}"), json!(teams[*team].id));
            variables.insert(format!("after{slot}"), json!(after));
        }
        let query = answers::members_query(open.len());
        let organisation = self.organisation;
        let answer = self.client.query(organisation, "Members", &query, &Value::Object(variables)).await;
        let mut answer: Answer<BTreeMap<String, Option<answers::Slot>>> = match answer {
            Ok(answer) => answer,
            Err(Trouble::TooMuch(_)) if open.len() > 1 => {
                let (first, second) = open.split_at(open.len() / 2);
                let mut more = Box::pin(self.more_members(first, teams)).await?;
                more.extend(Box::pin(self.more_members(second, teams)).await?);
                return Ok(more);
            }
            Err(trouble) => return Err(Broken::Failed(trouble.to_string())),
        };
        if let Some(flaw) = answer.errors.first() {
            return Err(Broken::Failed(answers::refusal(flaw)));
        }
        let mut slots = answer.data.take().unwrap_or_default();
        let mut more = Vec::new();
        for (slot, (team, before)) in open.iter().enumerate() {
            let found = &mut teams[*team];
            let page = slots.remove(&format!("team{slot}")).flatten().and_then(|slot| slot.members);
            let missing =
                || Broken::Failed(format!("the members of the team `{}` are not shown", found.slug));
            let known = found.members.len();
            let (members, after) = page.ok_or_else(missing)?.taken(std::mem::take(&mut found.members))?;
            found.members = members;
            let is_circle = after.as_ref() == Some(before) || found.members.len() == known;
            if (after.is_some() && is_circle) || found.members.len() > MOST {
                return Err(Broken::Failed(format!("the members of the team `{}` have no end", found.slug)));
            }
            more.extend(after.map(|after| (*team, after)));
        }
        Ok(more)
    }

    /// Logins of everybody; `None` when it is a person.
    async fn members(&self) -> Result<Option<BTreeSet<String>>, String> {
        let mut part = |organisation: Organisation| {
            organisation.members_with_role.ok_or_else(|| Broken::Failed(answers::not_shown(PEOPLE.noun)))
        };
        let mut reason = String::new();
        for _ in 0..LISTINGS {
            if let Some(listed) = settled(self.sweep(PEOPLE, &mut part).await, &mut reason) {
                return Ok(listed?.map(|people: BTreeMap<String, Login>| people.into_keys().collect()));
            }
        }
        Err(reason)
    }

    /// One listing from the first page to the last.
    async fn sweep<T: Owned + DeserializeOwned>(
        &self,
        listing: Listing,
        part: &mut impl FnMut(Organisation) -> Result<Connection<T>, Broken>,
    ) -> Result<Option<BTreeMap<String, T>>, Broken> {
        let (mut size, mut after, mut empty, mut total) = (PAGE, None::<String>, 0, 0);
        let mut all = BTreeMap::new();
        loop {
            let variables = json!({ "login": self.organisation, "first": size, "after": after });
            let Listing { operation, query, noun } = listing;
            let answer = self.client.query(self.organisation, operation, query, &variables).await;
            let answer: Answer<answers::Page> = match answer {
                Ok(answer) => answer,
                // Half a page may be answered where a whole one is not.
                Err(Trouble::TooMuch(_)) if size > 1 => {
                    size /= 2;
                    continue;
                }
                Err(trouble) => return Err(Broken::Failed(trouble.to_string())),
            };
            if let Some(flaw) = answer.errors.first() {
                return Err(Broken::Failed(answers::refusal(flaw)));
            }
            let owner = answer.data.and_then(|page| page.repository_owner);
            let owner = owner.ok_or_else(|| Broken::Failed(answers::not_shown(noun)))?;
            if owner.kind != "Organization" {
                return Ok(None);
            }
            let page = part(owner)?;
            total = total.max(page.total_count);
            let has_more = page.page_info.has_next_page;
            if page.nodes.is_empty() && has_more {
                empty += 1;
                if empty > EMPTY {
                    return Err(Broken::Short(format!("a page of its {noun} is empty, and is not the last")));
                }
                continue;
            }
            let known = all.len();
            for node in page.nodes.into_iter().flatten() {
                if !node.is_sound() {
                    return Err(Broken::Failed(format!(
                        "one of its {noun} has a name that GitHub gives nobody"
                    )));
                }
                all.insert(node.key().to_owned(), node);
            }
            let next = page.page_info.end_cursor;
            if !has_more && (all.len() as u64) < total {
                return Err(Broken::Short(format!("only {} of its {total} {noun} are listed", all.len())));
            }
            if !has_more {
                return Ok(Some(all));
            }
            // A page that brings nobody new may lead in a circle.
            if next.is_none() || next == after || all.len() == known || all.len() > MOST {
                return Err(Broken::Short(format!(
                    "the listing of its {noun} does not say where it goes on"
                )));
            }
            after = next;
            size = (size * 2).min(PAGE);
        }
    }
}

/// What one attempt at a whole listing comes to; `None` when it came short, which `reason` says from then on.
fn settled<T>(attempt: Result<T, Broken>, reason: &mut String) -> Option<Result<T, String>> {
    match attempt {
        Ok(all) => Some(Ok(all)),
        Err(Broken::Failed(reason)) => Some(Err(reason)),
        Err(Broken::Short(short)) => {
            *reason = short;
            None
        }
    }
}

/// Whether whoever asks sees every team, if they see everybody at all. `app` is whether an App may, when one asks.
fn sees_secret_teams(organisation: &Organisation, app: Option<bool>) -> Result<bool, Broken> {
    let refused = |reason: &str| Err(Broken::Failed(format!("{reason}; {}", answers::PERMISSION)));
    match app {
        Some(true) => Ok(true),
        Some(false) => refused("the App may not read members"),
        None if organisation.viewer_can_administer => Ok(true),
        None if organisation.viewer_is_a_member => Ok(false),
        None => refused("the token belongs to no member of it, and would be shown public members only"),
    }
}

/// A team on its way.
struct Found {
    id: String,
    slug: String,
    name: String,
    parent: Option<String>,
    members: BTreeSet<String>,
}
