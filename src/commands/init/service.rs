//! `init --service`: a draft of `service.yaml` from what the repository says of itself, and an empty template
//! for every document that it lacks. Nothing that is there is touched.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::super::{Console, Failure};
use super::{organisation, starter};
use crate::catalog::draft::{documents, draft};
use crate::catalog::schema;
use crate::catalog::vocabulary::Vocabulary;
use crate::cli::Shared;
use crate::collect::survey::survey;
use crate::exit_code::ExitCode;
use crate::render::links::{Href, Place};
use crate::settings::Limits;
use crate::words;

/// The descriptor.
const DESCRIPTOR: &str = "service.yaml";

/// The same under its other name.
const OTHER_DESCRIPTOR: &str = "service.yml";

/// Where editors find the schema when there is no portal that serves it.
const OWN_SCHEMA: &str = ".milepost/schema/service-v1.json";

/// A file to write, by path in the folder.
type New = (String, String);

pub(super) fn run(dir: &Path, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    for name in [DESCRIPTOR, OTHER_DESCRIPTOR] {
        if dir.join(name).symlink_metadata().is_ok() {
            return Err(Failure::Refused(format!(
                "`{}` is there already and is not overwritten; nothing was written",
                dir.join(name).display()
            )));
        }
    }
    let (portal, vocabulary) = organisation(shared, console)?;
    let survey = survey(dir, Limits::default())
        .map_err(|reason| Failure::Usage(format!("`{}` cannot be read: {reason}", dir.display())))?;
    for gap in &survey.gaps {
        console.detail(gap);
    }
    let documents = documents(&survey.paths);
    let schema = match &portal {
        Some(_) => Href::published(portal.as_deref(), Place::Schema(&schema::published("service")))
            .map_or_else(String::new, |address| address.to_string()),
        None => OWN_SCHEMA.to_owned(),
    };
    let mut new = vec![(DESCRIPTOR.to_owned(), draft(&survey, &documents, &vocabulary, &schema))];
    for document in documents.iter().filter(|document| !document.is_there) {
        let template = starter::template(&document.path).expect("the starter has every document");
        new.push((document.path.to_string(), template.to_owned()));
    }
    if portal.is_none() && !survey.paths.iter().any(|path| &**path == OWN_SCHEMA) {
        let schema = schema::file("service").expect("there is one");
        new.push((OWN_SCHEMA.to_owned(), schema));
    }
    let written = write_new(dir, &new)?;
    console.say(&format!("wrote {} in `{}`", words::list(&written), dir.display()));
    for document in documents.iter().filter(|document| document.is_there) {
        console.say(&format!("`{}` was there already and is linked", document.path));
    }
    console.say("next: read `service.yaml` there line by line, then run `milepost check`");
    Ok(ExitCode::Done)
}

/// Where the portal is and which words the organisation has, as far as a configuration is at hand.
fn organisation(shared: &Shared, console: &Console) -> Result<(Option<Box<str>>, Vocabulary), Failure> {
    if !organisation::configuration_exists(shared) {
        return Ok((None, Vocabulary::default()));
    }
    let (_, configuration) = organisation::settings(None, shared, console)?;
    let portal = configuration.organisation.portal_url.value().cloned();
    Ok((portal, configuration.words()))
}

/// Writes files that are not there yet, all or none; returns their paths.
fn write_new(dir: &Path, new: &[New]) -> Result<Vec<String>, Failure> {
    if let Some(obstacle) = new.iter().find_map(|(path, _)| obstacle(dir, path)) {
        return Err(Failure::Refused(format!("`{}` is in the way; nothing was written", obstacle.display())));
    }
    let mut written = Vec::new();
    for (path, text) in new {
        let place = dir.join(path);
        place
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| OpenOptions::new().write(true).create_new(true).open(&place))
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| Failure::machine(format!("writing `{}`", place.display()), error))?;
        written.push(path.clone());
    }
    Ok(written)
}

/// What keeps the file at `path` in `dir` from being written: something at its place, or something else than
/// a folder above it. A link is not followed, for it may lead out of the repository.
fn obstacle(dir: &Path, path: &str) -> Option<PathBuf> {
    let mut place = dir.to_owned();
    let mut parts = Path::new(path).components().peekable();
    while let Some(part) = parts.next() {
        place.push(part);
        match place.symlink_metadata() {
            Ok(there) if there.is_dir() && parts.peek().is_some() => {}
            Ok(_) => return Some(place),
            Err(_) => return None,
        }
    }
    None
}
