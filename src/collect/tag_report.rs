//! The tag report of AWS: what `StartReportCreation` of the tagging API writes for a whole organisation, copied to a
//! folder. It says which tagged resources there are in every account and what AWS thinks of their tags, and no tag.

mod columns;
mod entry;
mod listings;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;

use super::below;
use super::beneath::Root;
use super::files::readable;
use super::outcome::Outcome;
use super::progress::Progress;
use super::walk::{in_words, plain};
use crate::day::{Day, Length, Moment};
use crate::settings::{Settings, Source};
use crate::words;
use listings::Listings;

/// How long AWS may take from one report to the next: it looks at each account every 48 hours, and writes every day.
const LATE: Length = Length::from_days(3);

/// What is expected of a folder of reports.
pub(super) const EXPECTED: &str =
    "`…/o-…/2026-11-20T03:00:00Z/report.csv`, as AWS writes it below `AwsTagPolicies/`";

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Packed,
}

/// One report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    /// Where it lies below the folder of the source.
    pub(super) path: Vec<u8>,
    /// When AWS wrote it, by the name of its folder.
    pub(super) at: Moment,
    form: Form,
}

/// What a file is by its path; `None` when it is no report.
fn form(path: &[u8]) -> Option<Form> {
    match path.rsplit(|byte| *byte == b'/').next()? {
        b"report.csv" => Some(Form::Plain),
        b"report.csv.gz" => Some(Form::Packed),
        _ => None,
    }
}

/// The newest report of every organisation below the folder of `source` as of today, the oldest of these first.
pub(super) fn newest(
    source: &Source,
    settings: &Settings,
    notes: &mut Vec<String>,
    shortfalls: &mut Vec<String>,
) -> Result<Vec<Report>, String> {
    let found = below::files(&source.path, form, notes)?;
    if found.is_empty() {
        return Err(format!("`{}` holds no report: {EXPECTED}", source.path.display()));
    }
    let mut newest: BTreeMap<Vec<u8>, Report> = BTreeMap::new();
    let mut older = 0;
    for (path, form) in found {
        let mut parts: Vec<&[u8]> = path.split(|byte| *byte == b'/').collect();
        parts.pop();
        let stamp = parts.pop().and_then(|name| std::str::from_utf8(name).ok()).and_then(Moment::parse);
        // Whole seconds, because that is what a saved snapshot keeps.
        let stamp = stamp.and_then(|at| Moment::from_unix_seconds(at.unix_seconds()));
        let Some(at) = stamp else {
            return Err(format!(
                "`{}` lies in no folder that is called like the moment of a report; expected is {EXPECTED}",
                readable(&path)
            ));
        };
        // A run may stand for a whole day, whatever its hour.
        if Day::of(at, &settings.zone) > settings.today {
            shortfalls.push(format!(
                "`{}` is of a day after {}, so it is not read: set the clock, or take the folder away",
                readable(&path),
                settings.today
            ));
            continue;
        }
        let organisation = parts.join(&b'/');
        let report = Report { path, at, form };
        match newest.get_mut(&organisation) {
            None => drop(newest.insert(organisation, report)),
            Some(known) => {
                older += 1;
                if known.at <= report.at {
                    *known = report;
                }
            }
        }
    }
    if let (true, Some(first)) = (newest.is_empty(), shortfalls.first()) {
        return Err(first.clone());
    }
    if older > 0 {
        notes.push(format!("{} not read", words::count(older, "older report is", "older reports are")));
    }
    let mut newest: Vec<Report> = newest.into_values().collect();
    newest.sort_by(|a, b| (a.at, &a.path).cmp(&(b.at, &b.path)));
    Ok(newest)
}

/// That a report is older than the next one should be, at `now`.
pub(super) fn lateness(report: &Report, now: Moment) -> Option<String> {
    (now.since(report.at) > LATE).then(|| {
        format!(
            "`{}` is of {}, and AWS writes a report every day: ask for it again with StartReportCreation, or copy the bucket before each run",
            readable(&report.path),
            report.at
        )
    })
}

/// Reads the newest report of every organisation below the folder at `source.path`.
pub(super) fn collect(
    source: &Source,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let reports = newest(source, settings, &mut outcome.notes, &mut outcome.shortfalls)?;
    let root = Root::open(&source.path)
        .map_err(|error| format!("`{}` cannot be read: {}", source.path.display(), plain(&error)))?;
    progress.started(&format!("reading tag reports of `{}`", source.name), Some(reports.len() as u64));
    let mut listings = Listings::default();
    for report in &reports {
        let named = |reason: String| format!("`{}`: {reason}", readable(&report.path));
        outcome.shortfalls.extend(lateness(report, settings.now));
        let file = root.file(&report.path).map_err(|refusal| named(in_words(&refusal)))?;
        let interruption = &settings.interruption;
        let read = match report.form {
            Form::Plain => table::read(file, report.at, interruption, &mut listings),
            Form::Packed => table::read(MultiGzDecoder::new(file), report.at, interruption, &mut listings),
        };
        let missing = read.map_err(named)?;
        outcome.shortfalls.extend(missing.shortfalls.into_iter().map(named));
        outcome.notes.extend(missing.notes.into_iter().map(named));
        progress.advanced(1);
    }
    outcome.notes.extend(listings.note());
    outcome.tag_listings = listings.finish(&Arc::from(&*source.name));
    outcome.items = outcome.tag_listings.len() as u64;
    outcome.asked_at = reports.first().map(|report| report.at);
    outcome.notes.push(SILENT.to_owned());
    let resources =
        outcome.tag_listings.iter().filter_map(|listing| listing.answer.as_ref().ok()).map(Vec::len);
    progress.finished(&format!(
        "read {} in {} from {} of `{}`",
        words::count(resources.sum(), "resource", "resources"),
        words::count(outcome.tag_listings.len(), "account and region", "accounts and regions"),
        words::count(reports.len(), "report", "reports"),
        source.name
    ));
    Ok(outcome)
}

/// What a report cannot say, whatever is in it.
const SILENT: &str = "the tag report of AWS names tagged resources and what AWS says of their keys; it has no tag, so whose they are and whether their tags are right is unknown";
