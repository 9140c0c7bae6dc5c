//! `tags report`: a row for each resource with the verdict on its tags, written while they are judged; or how
//! many are right, by key.

use std::io::{self, Write};

use serde::Serialize;

use super::rows::{Rows, Selection};
use super::{Console, Failure, load};
use crate::assess::unseen::in_words;
use crate::catalog::resource::UNTOLD;
use crate::cli::Shared;
use crate::cli::tags::{Report, ReportFormat};
use crate::commands::table;
use crate::exit_code::ExitCode;
use crate::render::data::v1::accounts::Unknown;
use crate::render::data::v1::resource::Resource;
use crate::render::spreadsheet::Spreadsheet;
use crate::words;

/// Verdicts in the order of the columns that count them.
const VERDICTS: [&str; 6] = ["ok", "missing", "wrong-case", "wrong-value", UNKNOWN, "exempt"];

/// What is said of every key of what nobody could see.
const UNKNOWN: &str = "unknown";

pub(super) fn run(arguments: &Report, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    let organisation = load(&arguments.inventory, shared, console)?;
    let selection = Selection::of(&organisation.catalog, arguments)?;
    let rows = Rows::of(&organisation.catalog, organisation.settings.today, selection);
    let mut count = 0;
    match arguments.format {
        ReportFormat::Csv => console.stream(|out| csv(&rows, out, &mut count))?,
        ReportFormat::Json => {
            let today = organisation.settings.today.to_string();
            console.stream(|out| json(&rows, &today, out, &mut count))?;
        }
        ReportFormat::Text => console.data(&text(&rows, &mut count))?,
    }
    let found = words::count(count, "resource", "resources");
    console.say(&format!("{found} that carry or carried a tag, as of {}", organisation.settings.today));
    if rows.untold() > 0 {
        let untold = words::count(rows.untold(), "resource", "resources");
        console.say(&format!("of {untold} {UNTOLD}, so every tag of theirs is unknown"));
    }
    if let Some(unseen) = in_words(rows.unseen()) {
        console.say(&unseen);
    }
    Ok(organisation.completeness())
}

fn json(rows: &Rows<'_>, today: &str, out: &mut dyn Write, count: &mut usize) -> io::Result<()> {
    let keys: Vec<&str> = rows.keys().collect();
    write!(out, "{{\"asOf\": {}, \"keys\": {}, \"resources\": [", inline(&today)?, inline(&keys)?)?;
    rows.each(|row| {
        let comma = if *count == 0 { "" } else { "," };
        *count += 1;
        write!(out, "{comma}\n{}", inline(&row)?)
    })?;
    write!(out, "\n], \"unknown\": [")?;
    for (position, unseen) in rows.unseen().enumerate() {
        let comma = if position == 0 { "" } else { "," };
        write!(out, "{comma}\n{}", inline(&Unknown::of(unseen))?)?;
    }
    writeln!(out, "\n]}}")
}

fn inline(value: &impl Serialize) -> io::Result<String> {
    serde_json::to_string(value).map_err(io::Error::from)
}

fn csv(rows: &Rows<'_>, out: &mut dyn Write, count: &mut usize) -> io::Result<()> {
    let keys: Vec<&str> = rows.keys().collect();
    let of_keys = keys.iter().flat_map(|key| ["", " found", " expected"].map(|what| format!("{key}{what}")));
    let heads = ["arn", "type", "account", "region", "service", "team", "remark"].map(ToOwned::to_owned);
    let heads: Vec<String> = heads.into_iter().chain(of_keys).collect();
    let mut table = Spreadsheet::begin(out, heads.iter().map(String::as_str))?;
    rows.each(|row| {
        *count += 1;
        let Resource { account, arn, exempt, region, service, team, kind, .. } = row;
        let place = [arn, kind, account.unwrap_or_default(), region];
        let whose = [service, team, exempt].map(|cell| cell.unwrap_or_default());
        let tags = keys.iter().flat_map(|key| match row.tags.get(key) {
            Some(tag) => {
                let found = tag.found.as_deref().unwrap_or_default().to_owned();
                [tag.verdict.to_owned(), found, tag.expected.join(" or ")]
            }
            None => ["not-judged".to_owned(), String::new(), String::new()],
        });
        let tags: Vec<String> = tags.collect();
        table.add(place.into_iter().chain(whose).chain(tags.iter().map(String::as_str)))
    })?;
    for unseen in rows.unseen() {
        let place = ["", "", unseen.account, unseen.region.unwrap_or_default(), "", "", unseen.why];
        table.add(place.into_iter().chain(keys.iter().flat_map(|_| [UNKNOWN, "", ""])))?;
    }
    table.end()
}

/// How many resources are right, by key.
fn text(rows: &Rows<'_>, count: &mut usize) -> String {
    let keys: Vec<&str> = rows.keys().collect();
    let mut counts = vec![[0_u64; VERDICTS.len()]; keys.len()];
    let counted = rows.each(|row| {
        *count += 1;
        for (key, counts) in keys.iter().zip(&mut counts) {
            let verdict = row.tags.get(key).map(|tag| tag.verdict);
            if let Some(position) = VERDICTS.iter().position(|known| Some(*known) == verdict) {
                counts[position] += 1;
            }
        }
        Ok(())
    });
    counted.expect("counting cannot fail");
    let row = |(key, counts): (&&str, &[u64; VERDICTS.len()])| {
        let [ok, missing, case, value, unknown, exempt] = *counts;
        let judged = ok + missing + case + value;
        // Rounded down: 99.9 % is not all of them.
        let share =
            (ok * 100).checked_div(judged).map_or_else(|| "-".to_owned(), |share| format!("{share} %"));
        let numbers = [ok, missing, case, value, unknown, exempt].map(|number| number.to_string());
        let [ok, missing, case, value, unknown, exempt] = numbers;
        [(*key).to_owned(), format!("{ok} of {judged}"), share, missing, case, value, unknown, exempt]
    };
    let table: Vec<_> = keys.iter().zip(&counts).map(row).collect();
    table::render(
        ["KEY", "RIGHT", "SHARE", "MISSING", "WRONG CASE", "WRONG VALUE", "UNKNOWN", "EXEMPT"],
        &table,
    )
}
