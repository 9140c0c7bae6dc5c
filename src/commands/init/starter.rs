//! A starter catalog folder: a configuration to fill in, teams to rename, one repository that shows what a
//! team keeps, and the rules of the example organisation without its teams and services.

use std::fs;
use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use super::super::{Console, Failure};
use super::write;
use crate::catalog::schema;
use crate::exit_code::ExitCode;
use crate::words;

/// What every organisation fills in for itself.
static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/commands/init/starter");

/// The parts of the example organisation that are worth starting from.
static PARTS: [(&str, Dir<'_>); 4] = [
    ("scorecards", include_dir!("$CARGO_MANIFEST_DIR/catalog/scorecards")),
    ("controls", include_dir!("$CARGO_MANIFEST_DIR/catalog/controls")),
    ("golden-paths", include_dir!("$CARGO_MANIFEST_DIR/catalog/golden-paths")),
    ("policy", include_dir!("$CARGO_MANIFEST_DIR/catalog/policy")),
];

/// What its platform is measured by.
const METRICS: &str = include_str!("../../../catalog/metrics.yaml");

/// A golden path that is only the example's past.
const PAST: &str = "proton-fargate-service.yaml";

/// Owners in the example that are no team of the starter.
const OTHER_OWNERS: [&str; 2] = ["owner: insight", "owner: finance-systems"];

/// Where the schemas lie, for editors.
const SCHEMAS: &str = ".milepost/schema";

/// Where the starter shows what a team keeps.
const REPOSITORY: &str = "repositories/hello-parcel";

/// Writes the starter into `dir`, which must be empty.
pub(super) fn run(dir: &Path, console: &Console) -> Result<ExitCode, Failure> {
    let occupied = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        return Err(Failure::Refused(format!(
            "`{}` is not empty; name a folder that does not exist yet",
            dir.display()
        )));
    }
    let mut written = write_all(&STARTER, dir, "")?;
    for (name, part) in &PARTS {
        written += write_all(part, dir, &format!("{name}/"))?;
    }
    write_one(dir, "metrics.yaml", METRICS)?;
    written += 1;
    for (name, _) in schema::all() {
        let schema = schema::file(name).expect("there is one");
        write(&dir.join(address(name)), &schema)?;
        written += 1;
    }
    console.say(&format!("wrote {} to `{}`", words::count(written, "file", "files"), dir.display()));
    console.say(&format!(
        "next: point `sources` in `{0}/milepost.yaml` at your repositories, then `milepost serve {0}`",
        dir.display()
    ));
    Ok(ExitCode::Done)
}

/// Writes `part` to the folder `before` in `dir`.
fn write_all(part: &Dir<'_>, dir: &Path, before: &str) -> Result<usize, Failure> {
    let mut written = 0;
    for entry in part.entries() {
        match entry {
            DirEntry::Dir(folder) => written += write_all(folder, dir, before)?,
            DirEntry::File(file) if file.path().ends_with(PAST) => {}
            DirEntry::File(file) => {
                let text = file.contents_utf8().expect("the starter is text");
                let path = file.path().to_str().expect("the starter has plain names");
                write_one(dir, &format!("{before}{path}"), text)?;
                written += 1;
            }
        }
    }
    Ok(written)
}

/// Writes the file at `path` in `dir`, with the line by which editors find its schema.
fn write_one(dir: &Path, path: &str, text: &str) -> Result<(), Failure> {
    let up = "../".repeat(path.matches('/').count());
    let header = schema::of_file(path).map(|name| schema::header(&(up + &address(name))));
    write(&dir.join(path), &(header.unwrap_or_default() + &own(text)))
}

/// Where the schema called `name` lies in the folder.
fn address(name: &str) -> String {
    format!("{SCHEMAS}/{}.json", schema::published(name))
}

/// `text` of the example without what names its services and teams.
fn own(text: &str) -> String {
    let text =
        OTHER_OWNERS.iter().fold(text.to_owned(), |text, other| text.replace(other, "owner: platform"));
    text.split_inclusive('\n').filter(|line| !line.starts_with("exampleService:")).collect()
}

/// The empty template of the document at `path` in a repository, such as `docs/runbook.md`.
pub(super) fn template(path: &str) -> Option<&'static str> {
    STARTER.get_file(format!("{REPOSITORY}/{path}"))?.contents_utf8()
}
