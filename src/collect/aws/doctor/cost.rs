//! How many pages the next night asks for: what the first pages show, and what the last night counted.

use super::answers::{Answers, Refusal};
use crate::collect::aws::night::RATE;
use crate::collect::aws::organization;
use crate::collect::aws::sizes::Size;
use crate::collect::doctor::Calls;

/// Adds to `calls` the pages of every listing of `answers`; `before` says what one held the last time.
pub(super) fn of_pages(answers: &Answers, before: impl Fn(&str, &str) -> Option<Size>, calls: &mut Calls) {
    for ((account, region), answer) in &answers.pairs {
        let known = before(account, region);
        let counted = known.map_or(1, |size| size.pages.max(1) as u64);
        let pages = match answer {
            // Without a session nothing is asked; a listing that is refused says so on its first page.
            Some(Err(Refusal::Role(_))) => 0,
            Some(Err(Refusal::Listing(_))) => 1,
            Some(Ok(first)) if first.is_whole => 1,
            Some(Ok(_)) => {
                calls.unknown += u64::from(known.is_none());
                counted.max(2)
            }
            None => counted,
        };
        calls.pages += pages;
        calls.longest = calls.longest.max(pages);
    }
    let resources = calls.longest.div_ceil(u64::from(RATE));
    // Tags of accounts and tag policies are read beside the resources.
    let tags = (calls.tags + calls.policies).div_ceil(u64::from(organization::RATE));
    calls.seconds = calls.organization.div_ceil(u64::from(organization::RATE)) + resources.max(tags);
}
