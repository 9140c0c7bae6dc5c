//! How a plan is printed: for people the counts and the first names, for scripts all of it.

use serde_json::json;

use super::{Console, Failure, ReportFormat, words};
use crate::diagnostic::text::harmless;
use crate::publish::plan::{Deletion, Plan};

/// The version of the JSON.
const SCHEMA_VERSION: u32 = 1;

/// Most names of a kind that people are shown.
const SHOWN: usize = 10;

/// Prints `plan` for the target `to`.
pub(super) fn plan(plan: &Plan, to: &str, format: ReportFormat, console: &Console) -> Result<(), Failure> {
    match format {
        ReportFormat::Text => console.data(&text(plan, to)),
        ReportFormat::Json => console.data(&json(plan, to)),
    }
}

/// For people.
fn text(plan: &Plan, to: &str) -> String {
    let mut text = String::new();
    let mut line = |indent: usize, head: &str, said: &str| {
        let line = format!("{}{head:<11}{said}", " ".repeat(indent));
        text.push_str(harmless(line.trim_end()).trim_end());
        text.push('\n');
    };
    line(0, "to", to);
    if plan.is_nothing() {
        line(0, "unchanged", &format!("`{}`, {}", plan.release, files(plan.untouched, None)));
        return text;
    }
    let after = plan.replaces.as_ref().filter(|before| **before != plan.release);
    let after = after.map_or_else(String::new, |before| format!(", after `{before}`"));
    line(0, "publish", &format!("`{}`{after}", plan.release));
    line(0, "send", &files(plan.uploads.len(), Some(plan.bytes_sent())));
    names(&mut line, plan.uploads.iter().map(|upload| upload.item.path.as_str()));
    if !plan.copies.is_empty() {
        let copied = files(plan.copies.len(), Some(plan.bytes_copied()));
        line(0, "copy", &format!("{copied}, at the target itself"));
    }
    if plan.untouched > 0 {
        line(0, "leave", &format!("{} that are there", files(plan.untouched, None)));
    }
    let releases = plan.deletions.iter().filter_map(|deletion| match deletion {
        Deletion::Release { id, files: count, bytes, reason } => Some((id, *count, *bytes, reason)),
        Deletion::File { .. } => None,
    });
    for (id, count, bytes, reason) in releases {
        line(0, "delete", &format!("`{id}`: {}; {reason}", files(count, Some(bytes))));
    }
    let gone = plan.deletions.iter().filter_map(|deletion| match deletion {
        Deletion::File { path } => Some(path.as_str()),
        Deletion::Release { .. } => None,
    });
    let count = gone.clone().count();
    if count > 0 {
        line(0, "delete", &format!("{} that the site has no more for a day", files(count, None)));
        names(&mut line, gone);
    }
    if plan.obsolete > 0 {
        let later = files(plan.obsolete, None);
        line(0, "later", &format!("{later} that the site has no more: deleted after a day"));
    }
    match (&plan.replaces, plan.pointer.is_some()) {
        (_, false) => {}
        (Some(before), true) => line(0, "pointer", &format!("from `{before}` to `{}`", plan.release)),
        (None, true) => line(0, "pointer", &format!("to `{}`", plan.release)),
    }
    if let Some(id) = &plan.show {
        line(0, "link", &format!("`current` leads to `{id}`"));
    }
    if let Some(told) = &plan.invalidation {
        let paths = words::count(told.paths.len(), "address", "addresses");
        line(0, "invalidate", &format!("{paths} of `{}`", told.distribution));
        names(&mut line, told.paths.iter().map(String::as_str));
    }
    text
}

fn names<'a>(line: &mut impl FnMut(usize, &str, &str), names: impl Iterator<Item = &'a str> + Clone) {
    names.clone().take(SHOWN).for_each(|name| line(2, "", name));
    let more = names.count().saturating_sub(SHOWN);
    if more > 0 {
        line(2, "", &format!("and {more} more; `--format json` lists all"));
    }
}

fn files(count: usize, bytes: Option<u64>) -> String {
    let files = words::count(count, "file", "files");
    match bytes.filter(|_| count > 0) {
        Some(bytes) => format!("{files}, {}", size(bytes)),
        None => files,
    }
}

/// `512 bytes`, `1.5 kB`, `382.0 MB`.
pub(super) fn size(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let tenths = u128::from(bytes) * 10 / u128::from(unit);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} bytes"),
    }
}

/// For scripts.
fn json(plan: &Plan, to: &str) -> String {
    let uploads: Vec<_> = plan.uploads.iter().map(|upload| &upload.item).collect();
    let copies: Vec<_> =
        plan.copies.iter().map(|copy| json!({"from": copy.from, "path": copy.item.path})).collect();
    let value = json!({
        "schemaVersion": SCHEMA_VERSION,
        "to": to,
        "mode": plan.mode,
        "release": plan.release,
        "replaces": plan.replaces,
        "unchanged": plan.is_nothing(),
        "uploads": {"files": uploads.len(), "bytes": plan.bytes_sent(), "items": uploads},
        "copies": {"files": copies.len(), "bytes": plan.bytes_copied(), "items": copies},
        "untouched": plan.untouched,
        "deletions": plan.deletions,
        "obsolete": plan.obsolete,
        "pointer": plan.pointer.as_ref().map(|_| json!({"from": plan.replaces, "to": plan.release})),
        "link": plan.show,
        "invalidation": plan.invalidation,
        "refused": plan.losses,
    });
    serde_json::to_string_pretty(&value).expect("texts and numbers are always JSON")
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_for_people() {
        let sizes = [0, 999, 1_000, 1_550, 382_049_000, 5_000_000_000].map(size);
        assert_eq!(sizes, ["0 bytes", "999 bytes", "1.0 kB", "1.5 kB", "382.0 MB", "5.0 GB"]);
    }
}
