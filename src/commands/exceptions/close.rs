//! `exceptions close`: ends an exception before its day, in its file.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::closure::{Closure, Refusal, close};
use super::{Console, Failure, day};
use crate::catalog::Catalog;
use crate::catalog::yaml;
use crate::cli::Shared;
use crate::cli::exceptions::{Close, Closing};
use crate::collect::snapshot::Snapshot;
use crate::commands::named::unknown;
use crate::commands::organisation;
use crate::exit_code::ExitCode;

pub(super) fn run(arguments: &Close, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    if arguments.why.trim().is_empty() {
        return Err(Failure::Usage("`--why` is empty; say why the exception ends".to_owned()));
    }
    let (settings, configuration) = organisation::settings(arguments.catalog.as_deref(), shared, console)?;
    let at = arguments.at.as_deref().map(|at| day("--at", at)).transpose()?.unwrap_or(settings.today);
    let folder = organisation::catalog_folder(&settings)?;
    // Only the register is wanted: no source has to be asked for that.
    let catalog = Catalog::resolve(&Snapshot::default(), &folder, &configuration);
    let id = arguments.id.as_str();
    let exception =
        catalog.exceptions.by_id(id).ok_or_else(|| unknown("exception", id, catalog.exceptions.ids()))?;
    if let Some(asked) = exception.requested_at.as_ref().filter(|asked| at < asked.value) {
        return Err(Failure::Usage(format!(
            "{id} was asked for on {}, so it cannot end on {at}",
            asked.value
        )));
    }
    let file = settings.catalog.join(&*catalog.files[exception.file].path);
    let reading = |error| Failure::machine(format!("reading `{}`", file.display()), error);
    let text = fs::read_to_string(&file).map_err(reading)?;
    let closure = Closure { at, state: arguments.state.map(Closing::word), why: &arguments.why };
    let closed = close(&text, id, &closure, yaml::Limits::from(settings.limits))
        .map_err(|refusal| refused(&refusal, id, &file, &closure))?;
    replace(&file, &closed)?;
    console.data(&file.display().to_string())?;
    if exception.record.expires_at.value().is_none() {
        console.say(&format!("{id} never had an end that can be read, so it stays invalid; add `expiresAt`"));
    }
    console.say(&match at > settings.today {
        true => format!("{id} is as it was until {at}, and closed from that day on"),
        false => format!("{id} is closed as of {at}: it excuses nothing any more"),
    });
    Ok(ExitCode::Done)
}

fn refused(refusal: &Refusal, id: &str, file: &Path, closure: &Closure<'_>) -> Failure {
    let file = file.display();
    match refusal {
        Refusal::Unreadable => {
            Failure::Refused(format!("`{file}` cannot be read as YAML; `milepost check` says where"))
        }
        Refusal::Records(0) => Failure::Refused(format!(
            "no record in `{file}` has `exceptionId: {id}`; it is only known by its file. Add the id first"
        )),
        Refusal::Records(_) => Failure::Refused(format!(
            "several records in `{file}` have `exceptionId: {id}`; give each its own"
        )),
        Refusal::Closed(line) => {
            Failure::Refused(format!("{id} has a `closure` in `{file}`, line {line}; change that one"))
        }
        Refusal::Layout => Failure::Refused(format!(
            "{id} is written in `{file}` in a way that no line can be added to; add by hand: {}",
            closure.by_hand()
        )),
    }
}

/// Puts `text` in the place of `file` in one step, with the rights that the file has.
fn replace(file: &Path, text: &str) -> Result<(), Failure> {
    let failure = |error: std::io::Error| Failure::machine(format!("writing `{}`", file.display()), error);
    let old = fs::symlink_metadata(file).map_err(failure)?;
    if !old.is_file() {
        return Err(Failure::Refused(format!("`{}` is a link; close it where it leads", file.display())));
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(folder).map_err(failure)?;
    new.write_all(text.as_bytes()).map_err(failure)?;
    new.as_file().set_permissions(old.permissions()).map_err(failure)?;
    new.as_file().sync_all().map_err(failure)?;
    new.persist(file).map_err(|error| failure(error.error))?;
    Ok(())
}

impl Closing {
    fn word(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
        }
    }
}
