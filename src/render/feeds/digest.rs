//! The digest of a day as text that a pipeline can mail: what somebody must act on, by team, and what ends
//! soon without a reminder today.

use std::fmt::Write as _;

use crate::assess::Assessment;
use crate::assess::exceptions::due;
use crate::catalog::Catalog;
use crate::day::Day;
use crate::render::agenda::{Item, by_team, one_line, summary};
use crate::render::links::{Href, Place};

/// Longest name shown, in characters.
const LONGEST: usize = 120;

/// The digest of the assessment day for those who were told last about the day `since`.
pub fn text(catalog: &Catalog, assessment: &Assessment, since: Day) -> String {
    let digest = due::digest(catalog, assessment, since);
    let item = |due: &due::Due| Item::of(catalog, assessment, *due);
    let items: Vec<Item<'_>> = digest.due.iter().map(item).collect();
    let mut text =
        format!("Exceptions of {} on {}\n", one_line(&catalog.organisation, LONGEST), assessment.as_of);
    if let Some(address) = Href::published(catalog.portal_url.as_deref(), Place::Exceptions) {
        let _ = writeln!(text, "{address}");
    }
    let _ = writeln!(text, "\n{}", summary(&items));
    for team in by_team(&items) {
        let _ = writeln!(text, "\n{}", team.heading());
        for item in team.items {
            let _ = writeln!(text, "\n  {}\n    {}", item.title(), item.what());
            if let Some(reminder) = item.reminder() {
                let _ = writeln!(text, "    {reminder}");
            }
            let _ = writeln!(text, "    {}", item.act());
            if let Some(address) = &item.address {
                let _ = writeln!(text, "    {address}");
            }
        }
    }
    if !digest.upcoming.is_empty() {
        text.push_str("\nEnds soon, without a reminder today\n\n");
        for item in digest.upcoming.iter().map(item) {
            let reminder = item.reminder().map_or_else(String::new, |reminder| format!("; {reminder}"));
            let _ = writeln!(text, "  {} {}{reminder}", item.title(), item.what());
        }
    }
    text
}
