//! `exceptions zombies`: what should be gone, because it ended and nobody closed it, has no end, or excuses
//! nothing.

use super::{Console, Failure, list, load};
use crate::assess::exceptions::quiet::{HIDES_NOTHING, IDLE};
use crate::assess::{ExceptionAssessment, ExceptionState};
use crate::catalog::Exception;
use crate::catalog::table::Index;
use crate::cli::Shared;
use crate::cli::exceptions::{ListFormat, Zombies};
use crate::commands::organisation::Organisation;
use crate::commands::table;
use crate::exit_code::ExitCode;
use crate::words;

/// Findings of exceptions that should be gone.
const GONE: [&str; 5] =
    ["unmanaged-standard", "fixed-not-closed", "exception-covers-nothing", HIDES_NOTHING, IDLE];

pub(super) fn run(arguments: &Zombies, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    let organisation = load(&arguments.register, shared, console)?;
    let judged = &organisation.assessment.exceptions;
    let all = organisation.catalog.exceptions.indexed().map(|(index, _)| index);
    let mut found: Vec<Index<Exception>> =
        all.filter(|index| should_be_gone(&judged[index.position()])).collect();
    // What ended comes first, the longest ago on top.
    found.sort_by_key(|index| {
        let judged = &judged[index.position()];
        (judged.state != ExceptionState::Expired, judged.days_left)
    });
    match arguments.format {
        ListFormat::Text if found.is_empty() => {}
        ListFormat::Text => console.data(&text(&organisation, &found))?,
        format => list::print(&organisation, &found, format, console)?,
    }
    let found = words::count(found.len(), "exception", "exceptions");
    console.say(&format!("{found} that should be gone, as of {}", organisation.settings.today));
    Ok(organisation.completeness())
}

fn should_be_gone(judged: &ExceptionAssessment) -> bool {
    judged.state == ExceptionState::Expired
        || judged.findings.iter().any(|finding| GONE.contains(&finding.code))
}

fn text(organisation: &Organisation, found: &[Index<Exception>]) -> String {
    let row = |index: &Index<Exception>| {
        let exception = &organisation.catalog.exceptions[*index];
        let judged = &organisation.assessment.exceptions[index.position()];
        let why = judged.findings.iter().filter(|finding| GONE.contains(&finding.code));
        let why: Vec<&str> = why.map(|finding| &*finding.message).collect();
        [
            exception.id.to_string(),
            exception.record.service.value().map_or("-", |service| service.as_str()).to_owned(),
            exception.record.expires_at.value().map_or_else(|| "never".to_owned(), ToString::to_string),
            why.join("; "),
        ]
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    table::render(["EXCEPTION", "SERVICE", "ENDS", "WHY"], &rows)
}
