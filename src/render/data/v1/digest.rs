//! `digest.json`: what somebody must act on today about exceptions, by team.

use schemars::JsonSchema;
use serde::Serialize;

use super::value::day;
use crate::assess::Assessment;
use crate::assess::exceptions::due;
use crate::catalog::Catalog;
use crate::day::Day;
use crate::render::agenda::{self, by_team};

/// The digest of a day.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Digest {
    /// The assessment date.
    pub as_of: String,
    /// The day that was told last: reminders and ends after it are told.
    pub since: String,
    /// What must be acted on, by team in the order of names.
    pub teams: Vec<TeamItems>,
    /// What ends soon without a reminder today.
    pub upcoming: Vec<Item>,
}

/// What one team must act on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TeamItems {
    /// In the order of their days.
    pub items: Vec<Item>,
    /// Id of the team; `null` for what no team answers for.
    pub team: Option<String>,
}

/// One open matter.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Who must do what, in words.
    pub act: String,
    /// Its page where the portal is published.
    pub address: Option<String>,
    /// Roles that must approve by policy.
    pub approvers: Vec<String>,
    /// Those of them that have not.
    pub awaits: Vec<String>,
    /// The last day on which it is in time; for an approval the day it was asked for.
    pub day: String,
    /// Days from the assessment date to that day.
    pub days: i64,
    /// Id of the exception.
    pub exception: String,
    /// `ends`, `ended`, `review-due`, `review-overdue`, `review-lapsed` or `awaits-approval`.
    pub kind: &'static str,
    /// The day of the next reminder.
    pub next_reminder: Option<String>,
    /// Who answers for it in person.
    pub owner: Option<String>,
    /// The reminder told today, in days before the end.
    pub reminder: Option<i64>,
    /// The service it names.
    pub service: Option<String>,
    /// The team that answers for it.
    pub team: Option<String>,
    /// What is open, in words.
    pub what: String,
}

impl Digest {
    /// The digest of the assessment day for those who were told last about the day `since`.
    pub fn of(catalog: &Catalog, assessment: &Assessment, since: Day) -> Self {
        let digest = due::digest(catalog, assessment, since);
        let items = |due: &[due::Due]| -> Vec<agenda::Item<'_>> {
            due.iter().map(|due| agenda::Item::of(catalog, assessment, *due)).collect()
        };
        let due = items(&digest.due);
        let team = |team: agenda::TeamItems<'_, '_>| TeamItems {
            team: team.team.map(|(id, _)| id.to_owned()),
            items: team.items.into_iter().map(Item::of).collect(),
        };
        Self {
            as_of: day(assessment.as_of),
            since: day(since),
            teams: by_team(&due).into_iter().map(team).collect(),
            upcoming: items(&digest.upcoming).iter().map(Item::of).collect(),
        }
    }
}

impl Item {
    /// One open matter.
    pub fn of(item: &agenda::Item<'_>) -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            act: item.act(),
            address: item.address.as_ref().map(ToString::to_string),
            approvers: owned(&item.approvers),
            awaits: owned(&item.awaits),
            day: day(item.due.day),
            days: item.days,
            exception: item.exception.to_owned(),
            kind: item.due.matter.word(),
            next_reminder: item.due.next_reminder.map(day),
            owner: item.owner.map(str::to_owned),
            reminder: item.due.reminder,
            service: item.service.map(str::to_owned),
            team: item.team.map(|(id, _)| id.to_owned()),
            what: item.what(),
        }
    }
}
