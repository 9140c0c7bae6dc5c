//! What never carried a tag, in sentences: how many, where that was counted, and what nobody counted.

use super::parts::cut;
use super::portal::Portal;
use crate::assess::blind_spot::{Never, Seen};
use crate::assess::metrics::TAG_COVERAGE;
use crate::assess::outcome::Share;
use crate::catalog::id::AccountId;
use crate::words;

/// Regions that are spelt out.
const SHOWN: usize = 10;
/// Longest reason shown, in characters.
const LONGEST: usize = 300;

/// What is true wherever counts of Resource Explorer are shown.
const IAM: &str = "Resource Explorer knows no tags of IAM, so what IAM has is counted as if it had none.";

/// What is said where nobody counted.
const UNCOUNTED: &str =
    "The tagging API never returns what never carried a tag, so nothing here counts that.";

/// What is known of `account`: sentences, and reasons for what is unknown.
pub fn of_account(portal: &Portal<'_>, account: &AccountId) -> (Vec<String>, Vec<String>) {
    match portal.blind_spot.of_account(account) {
        None => (vec![UNCOUNTED.to_owned()], Vec::new()),
        Some(Err(reason)) => {
            let reason = cut(reason, LONGEST);
            (Vec::new(), vec![format!("How much never carried a tag is unknown: {reason}")])
        }
        Some(Ok(seen)) => {
            let mut sentences = vec![counted(&seen)];
            let found = portal.assessment.resources.in_account(account);
            sentences.extend(found.and_then(|found| over_all(portal, seen.never(), found.all.tags_right()?)));
            sentences.push(IAM.to_owned());
            let uncounted = seen.uncounted().take(SHOWN);
            let unknown = uncounted.map(|(region, reason)| {
                format!(
                    "What never carried a tag in {} is unknown: {}",
                    cut(region, LONGEST),
                    cut(reason, LONGEST)
                )
            });
            (sentences, unknown.collect())
        }
    }
}

/// What is known of all accounts together; nothing, when nobody counted.
pub fn of_all(portal: &Portal<'_>) -> Vec<String> {
    if portal.blind_spot.is_empty() {
        return Vec::new();
    }
    let (never, known, unknown) = portal.blind_spot.together();
    let mut sentences = Vec::new();
    if known > 0 {
        let accounts = words::count(known, "account", "accounts");
        let resources = if never.resources == 1 { "resource" } else { "resources" };
        sentences.push(format!("{} more {resources} in {accounts} never carried a tag.", capital(never)));
        sentences.extend(
            portal.assessment.resources.all.tags_right().and_then(|right| over_all(portal, never, right)),
        );
        sentences.push(IAM.to_owned());
    }
    if unknown > 0 {
        let accounts = words::count(unknown, "account", "accounts");
        sentences.push(format!("How much never carried a tag in {accounts} is unknown."));
    }
    sentences
}

/// What is said beside everything that the tagging API listed: what is known of all accounts, or that nobody counted.
pub fn beside(portal: &Portal<'_>) -> Vec<String> {
    let known = of_all(portal);
    if known.is_empty() { vec![UNCOUNTED.to_owned()] } else { known }
}

/// How many, and by which index.
fn counted(seen: &Seen<'_>) -> String {
    let never = seen.never();
    let resources = if never.resources == 1 { "resource" } else { "resources" };
    let all = &seen.counted.regions;
    let mut regions: Vec<String> =
        all.iter().take(SHOWN).map(|region| cut(region, LONGEST).into_owned()).collect();
    if all.len() > SHOWN {
        regions.push(format!("{} more", all.len() - SHOWN));
    }
    // A sentence for pages, in which backticks would stay backticks.
    let regions = words::plain_list(&regions.iter().map(String::as_str).collect::<Vec<_>>());
    let index = match &seen.counted.aggregator {
        Some(region) => format!("by the index of {} for {regions}", cut(region, LONGEST)),
        None => format!("by the indices of {regions}"),
    };
    format!("{} more {resources} never carried a tag, as Resource Explorer counts {index}.", capital(never))
}

/// The share of tags that are right when these count too. Which types they are of is not told, so where policy judges
/// some types alone there is none.
fn over_all(portal: &Portal<'_>, never: Never, right: Share) -> Option<String> {
    if !portal.catalog.tag_policy.resource_types.is_empty() {
        return None;
    }
    let share = never.over_all(right, portal.inventory.expected.keys().count())?;
    let most = if never.at_least { "at most " } else { "" };
    Some(format!(
        "With them, {most}{} of {} required tags are right ({most}{} %).",
        share.part,
        share.whole,
        share.percent()
    ))
}

fn capital(never: Never) -> String {
    match never.at_least {
        true => format!("At least {}", never.resources),
        false => never.resources.to_string(),
    }
}

/// What the figure `id`, whose share is `right`, would be if what never carried a tag counted too.
pub fn beyond(portal: &Portal<'_>, id: &str, right: Share) -> Option<String> {
    if id != TAG_COVERAGE
        || portal.blind_spot.is_empty()
        || !portal.catalog.tag_policy.resource_types.is_empty()
    {
        return None;
    }
    let (never, known, _) = portal.blind_spot.together();
    let share = never.over_all(right, portal.inventory.expected.keys().count()).filter(|_| known > 0)?;
    let resources = if never.resources == 1 { "resource" } else { "resources" };
    let most = if never.at_least { "at most " } else { "" };
    Some(format!(
        "{} more {resources} never carried a tag: with them, {most}{} of {} ({} %)",
        never.said(),
        share.part,
        share.whole,
        share.percent()
    ))
}
