//! What never carried a tag in one account, as part of its document.

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::id::AccountId;
use crate::render::portal::Portal;

/// What Resource Explorer counts that carries no tag.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Untagged<'a> {
    /// The region whose index answered for all; absent when each region's own did.
    pub aggregator: Option<&'a str>,
    /// Whether there may be more.
    pub at_least: bool,
    /// Resources that never carried a tag: those without one, less those that the tagging API lists without one.
    pub never_tagged: u64,
    /// Regions that were counted.
    pub regions: Vec<&'a str>,
    /// Resources without a tag.
    pub resources: u64,
    /// Regions that were not counted, be it that they refused or that nobody asked.
    pub uncounted: Vec<Uncounted<'a>>,
}

/// A region that was not counted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Uncounted<'a> {
    /// The region.
    pub region: &'a str,
    /// Why.
    pub why: &'a str,
}

impl<'a> Untagged<'a> {
    /// What is known of `account`; nothing, when nobody counted it.
    pub(super) fn of(portal: &'a Portal<'_>, account: &AccountId) -> Option<Self> {
        let seen = portal.blind_spot.of_account(account)?.ok()?;
        let (counted, never) = (seen.counted, seen.never());
        let uncounted = seen.uncounted();
        Some(Self {
            aggregator: counted.aggregator.as_deref(),
            at_least: never.at_least,
            never_tagged: never.resources,
            regions: counted.regions.iter().map(|region| &**region).collect(),
            resources: counted.resources,
            uncounted: uncounted.map(|(region, why)| Uncounted { region, why }).collect(),
        })
    }

    /// Why nothing is known of `account` although somebody asked.
    pub(super) fn unknown(portal: &'a Portal<'_>, account: &AccountId) -> Option<&'a str> {
        portal.blind_spot.of_account(account)?.err()
    }
}
