//! Teams and people of organisations, in the documents about a team and about sources.

use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::people::{Standing, State, known};
use crate::catalog;
use crate::render::portal::Portal;

/// What GitHub knows of a team.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OnGithub<'a> {
    /// The lead and members of the record who belong to no organisation that was asked.
    pub departed: Vec<&'a str>,
    /// Members whom only the record names; empty too where the lists cannot be compared.
    pub only_declared: Vec<&'a str>,
    /// Logins that only GitHub names; empty too where the lists cannot be compared.
    pub only_on_github: Vec<&'a str>,
    /// The teams that its record names.
    pub teams: Vec<GithubTeam<'a>>,
}

/// One GitHub team.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GithubTeam<'a> {
    /// When it was seen, or seen to be missing.
    pub as_of: Option<String>,
    /// As the record names it.
    pub name: &'a str,
    /// How many people are in it and in the teams below it.
    pub people: Option<usize>,
    /// Why it is unknown.
    pub reason: Option<String>,
    /// `there`, `missing` or `unknown`.
    pub state: &'static str,
}

/// The teams and people of one organisation.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Directory<'a> {
    /// When it answered; of one that did not, when it was asked.
    pub collected_at: String,
    /// The organisation.
    pub organisation: &'a str,
    /// How many people belong to it.
    pub people: Option<usize>,
    /// Why it is unknown, or of an earlier run.
    pub reason: Option<String>,
    /// `known`, `carried` (as an earlier run saw it) or `unknown`.
    pub state: &'static str,
    /// How many teams it has.
    pub teams: Option<usize>,
}

impl<'a> OnGithub<'a> {
    /// What is known of `team`; `None` where nobody is asked about people.
    pub(super) fn of(portal: &'a Portal<'_>, team: &'a catalog::Team) -> Option<Self> {
        if portal.catalog.people.directories.is_empty() {
            return None;
        }
        let standing = Standing::of(portal.catalog, team, portal.assessment.now);
        let teams = standing.teams.into_iter().map(|one| {
            let (state, as_of, people, reason) = match one.state {
                State::There { directory, people, .. } => {
                    ("there", Some(directory.collected_at), Some(people), None)
                }
                State::Missing { listing, directory } if !listing.secret_teams => {
                    let reason = "it is not shown to these credentials, and may be secret".to_owned();
                    ("unknown", Some(directory.collected_at), None, Some(reason))
                }
                State::Missing { directory, .. } => ("missing", Some(directory.collected_at), None, None),
                State::Unknown(reason) => ("unknown", None, None, Some(reason)),
            };
            let as_of = as_of.map(|at| at.to_string());
            GithubTeam { as_of, name: &one.named.value, people, reason, state }
        });
        Some(Self {
            teams: teams.collect(),
            departed: standing.departed.into_iter().map(|gone| &*gone.value).collect(),
            only_declared: standing.only_declared,
            only_on_github: standing.only_there,
        })
    }
}

/// The organisations that `source` asked who belongs to them.
pub(super) fn directories<'a>(portal: &'a Portal<'_>, source: &str) -> Vec<Directory<'a>> {
    let own = portal.catalog.people.directories.iter().filter(|one| *one.source == *source);
    own.map(|directory| {
        let carried = directory.carried.as_ref().map(ToString::to_string);
        let (state, counts, reason) = match known(portal.catalog, directory, portal.assessment.now) {
            Ok(listing) if carried.is_some() => ("carried", Some(listing.counts()), carried),
            Ok(listing) => ("known", Some(listing.counts()), None),
            Err(reason) => ("unknown", None, Some(reason)),
        };
        Directory {
            collected_at: directory.collected_at.to_string(),
            organisation: &directory.organisation,
            people: counts.map(|(_, people)| people),
            reason,
            state,
            teams: counts.map(|(teams, _)| teams),
        }
    })
    .collect()
}
