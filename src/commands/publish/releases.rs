//! `publish --releases`: what can be returned to.

use serde_json::json;

use super::{Console, Failure, ReportFormat};
use crate::commands::table;
use crate::exit_code::ExitCode;
use crate::publish::run;
use crate::publish::store::Store;

/// The version of the JSON.
const SCHEMA_VERSION: u32 = 1;

pub(super) async fn list(
    store: &impl Store,
    format: ReportFormat,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let pointer = run::kept(store).await.map_err(|error| super::failure(error.into(), console))?;
    let current = pointer.as_ref().and_then(|pointer| pointer.release.clone());
    let kept = pointer.map_or_else(Vec::new, |pointer| pointer.releases);
    let text = match format {
        ReportFormat::Json => {
            let value = json!({"schemaVersion": SCHEMA_VERSION, "current": current, "releases": kept});
            serde_json::to_string_pretty(&value).expect("texts and numbers are always JSON")
        }
        ReportFormat::Text if kept.is_empty() => {
            console.say("nothing was published there yet");
            return Ok(ExitCode::Done);
        }
        ReportFormat::Text => {
            let row = |kept: &crate::publish::manifest::Kept| {
                let mark = if Some(&kept.id) == current.as_ref() { "current" } else { "" };
                [
                    kept.id.clone(),
                    kept.at.to_string(),
                    kept.files.to_string(),
                    super::print::size(kept.bytes),
                    mark.to_owned(),
                    kept.by.clone(),
                ]
            };
            let rows: Vec<_> = kept.iter().rev().map(row).collect();
            table::render(["RELEASE", "PUBLISHED", "FILES", "SIZE", "", "BY"], &rows)
        }
    };
    console.data(&text)?;
    Ok(ExitCode::Done)
}
