//! `exceptions due`: what ends or must be looked at next, and what is late; or what today's digest tells.

use serde::Serialize;

use super::{Console, Failure, day, json, load};
use crate::assess::exceptions::due::{self, Due as Open};
use crate::cli::Shared;
use crate::cli::exceptions::{Due, DueFormat};
use crate::commands::organisation::Organisation;
use crate::day::{Day, Length};
use crate::exit_code::ExitCode;
use crate::render::agenda::{Item, by_team, one_line, summary};
use crate::render::data::v1::digest;
use crate::render::feeds;
use crate::words;

/// Longest name shown, in characters.
const LONGEST: usize = 120;

/// What is due, as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    as_of: String,
    due: Vec<digest::Item>,
    within_days: u64,
}

pub(super) fn run(arguments: &Due, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    let within = Length::parse(&arguments.within).ok_or_else(|| {
        Failure::Usage(format!("`--within {}` is no length of time; write 30d or 2w", arguments.within))
    })?;
    let since = arguments.since.as_deref().map(|since| day("--since", since)).transpose()?;
    let organisation = load(&arguments.register, shared, console)?;
    let today = organisation.settings.today;
    if let Some(since) = since.filter(|since| *since >= today) {
        return Err(Failure::Usage(format!(
            "`--since {since}` is not before {today}, the day that is judged"
        )));
    }
    let text = if arguments.remind {
        remind(&organisation, since.unwrap_or_else(|| today.plus_days(-1)), arguments.format)?
    } else {
        ahead(&organisation, within, arguments.format, console)?
    };
    if !text.is_empty() {
        console.data(&text)?;
    }
    Ok(organisation.completeness())
}

/// What comes within so many days.
fn ahead(
    organisation: &Organisation,
    within: Length,
    format: DueFormat,
    console: &Console,
) -> Result<String, Failure> {
    let days = within.days();
    let due =
        due::due(&organisation.catalog, &organisation.assessment, i64::try_from(days).unwrap_or(i64::MAX));
    let items = items(organisation, &due);
    let found = words::count(items.len(), "matter", "matters");
    let horizon = words::count(usize::try_from(days).unwrap_or(usize::MAX), "day", "days");
    let said = format!("{found} within {horizon} of {}", organisation.settings.today);
    Ok(match format {
        DueFormat::Json => json(&Listed {
            as_of: organisation.settings.today.to_string(),
            due: items.iter().map(digest::Item::of).collect(),
            within_days: days,
        })?,
        DueFormat::Markdown => markdown(organisation, &items, &format!("{}.", words::capitalised(&said))),
        DueFormat::Text => {
            console.say(&said);
            let item = |item: &Item<'_>| format!("{}\n  {}\n  {}\n", item.title(), item.what(), item.act());
            items.iter().map(item).collect()
        }
    })
}

/// What the digest tells when the last one told of `since`.
fn remind(organisation: &Organisation, since: Day, format: DueFormat) -> Result<String, Failure> {
    let (catalog, assessment) = (&organisation.catalog, &organisation.assessment);
    Ok(match format {
        DueFormat::Text => feeds::digest(catalog, assessment, since),
        DueFormat::Json => json(&digest::Digest::of(catalog, assessment, since))?,
        DueFormat::Markdown => {
            let items = items(organisation, &due::digest(catalog, assessment, since).due);
            markdown(organisation, &items, &summary(&items))
        }
    })
}

fn items<'a>(organisation: &'a Organisation, due: &[Open]) -> Vec<Item<'a>> {
    due.iter().map(|due| Item::of(&organisation.catalog, &organisation.assessment, *due)).collect()
}

/// Items by team, as Markdown that mail programs and reviews show.
fn markdown(organisation: &Organisation, items: &[Item<'_>], lead: &str) -> String {
    let name = one_line(&organisation.catalog.organisation, LONGEST);
    let mut text =
        format!("## Exceptions of {} on {}\n\n{lead}\n", plain(&name), organisation.settings.today);
    for team in by_team(items) {
        text.push_str(&format!("\n### {}\n\n", plain(&team.heading())));
        for item in team.items {
            let title = plain(&item.title());
            let title = match &item.address {
                Some(address) => format!("[{title}](<{address}>)"),
                None => title,
            };
            let reminder = item.reminder().map_or_else(String::new, |reminder| format!(" ({reminder})"));
            text.push_str(&format!("- **{title}** {}{reminder}.\n", plain(&item.what())));
            text.push_str(&format!("  {}.\n", plain(&item.act())));
        }
    }
    text
}

/// `text`, which never begins a line, so that nothing in it is markup.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '!' | '#') {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_authors_write_is_no_markup() {
        let hostile = "[x](javascript:alert) <img src=x> **b** `c` ![i](u) &amp; ~~d~~ a_b_";
        let mut html = String::new();
        pulldown_cmark::html::push_html(
            &mut html,
            pulldown_cmark::Parser::new(&format!("- {}", plain(hostile))),
        );
        assert!(!html.contains("<a ") && !html.contains("<img") && !html.contains("<em>"), "{html}");
        assert!(!html.contains("<strong>") && !html.contains("<code>"), "{html}");
        assert!(html.contains("&amp;amp;"), "{html}");
    }
}
