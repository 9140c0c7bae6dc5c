//! `init --service`: a draft of `service.yaml` from what the repository says of itself, and an empty template
//! for every document that it lacks. Nothing that is there is touched.

use std::path::Path;

use super::super::new_files::{New, write_new};
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
    let file = |path: &str, text: String| New { dir: dir.to_owned(), path: path.to_owned(), text };
    let mut new = vec![file(DESCRIPTOR, draft(&survey, &documents, &vocabulary, &schema))];
    for document in documents.iter().filter(|document| !document.is_there) {
        let template = starter::template(&document.path).expect("the starter has every document");
        new.push(file(&document.path, template.to_owned()));
    }
    if portal.is_none() && !survey.paths.iter().any(|path| &**path == OWN_SCHEMA) {
        let schema = schema::file("service").expect("there is one");
        new.push(file(OWN_SCHEMA, schema));
    }
    write_new(&new)?;
    let written: Vec<&str> = new.iter().map(|new| &*new.path).collect();
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
