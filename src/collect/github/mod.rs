//! The GitHub source: the repositories of organisations, read through GitHub's interfaces a hundred at a time,
//! without cloning. What was read is kept until the next night, which asks for what moved.

#[cfg(feature = "github")]
mod activity;
#[cfg(feature = "github")]
mod app;
#[cfg(feature = "github")]
mod client;
#[cfg(feature = "github")]
mod crawl;
#[cfg(feature = "github")]
mod doctor;
#[cfg(feature = "github")]
mod firsts;
#[cfg(feature = "github")]
mod folders;
#[cfg(feature = "github")]
mod kept;
#[cfg(feature = "github")]
mod known;
#[cfg(feature = "github")]
mod limits;
#[cfg(feature = "github")]
mod listing;
#[cfg(feature = "github")]
mod night;
#[cfg(feature = "github")]
mod owners;
#[cfg(feature = "github")]
mod packing;
#[cfg(feature = "github")]
mod pages;
#[cfg(feature = "github")]
mod people;
#[cfg(feature = "github")]
mod queries;
#[cfg(feature = "github")]
mod reviews;
#[cfg(feature = "github")]
mod road;
#[cfg(feature = "github")]
mod transport;

use super::doctor::Prospect;
use super::files::NamedFiles;
use super::outcome::Outcome;
use super::progress::Progress;
use super::snapshot::{CatalogFolder, CodeReview};
use crate::settings::{Github, Settings, Source};

/// Reads every repository that `asked` names, or says why none can be read.
#[cfg(feature = "github")]
pub(super) fn collect(
    source: &Source,
    asked: &Github,
    settings: &Settings,
    named: &NamedFiles<'_>,
    progress: &dyn Progress,
) -> Result<Outcome, String> {
    night::collect(source, asked, settings, named, progress)
}

/// Says that this build cannot ask GitHub.
#[cfg(not(feature = "github"))]
pub(super) fn collect(
    _: &Source,
    _: &Github,
    _: &Settings,
    _: &NamedFiles<'_>,
    _: &dyn Progress,
) -> Result<Outcome, String> {
    Err(WITHOUT_CLIENT.to_owned())
}

/// Says how a collect of `asked` would fare.
#[cfg(feature = "github")]
pub(super) fn look_at(source: &Source, asked: &Github, settings: &Settings, prospect: &mut Prospect) {
    doctor::look_at(source, asked, settings, prospect);
}

/// Says that this build cannot ask GitHub.
#[cfg(not(feature = "github"))]
pub(super) fn look_at(_: &Source, _: &Github, _: &Settings, prospect: &mut Prospect) {
    prospect.wanting("GitHub", WITHOUT_CLIENT, "build milepost with the feature `github`");
}

#[cfg(not(feature = "github"))]
const WITHOUT_CLIENT: &str = "this build of milepost cannot ask GitHub";

/// What `asked` knows of every revision of the exceptions in `folder`, and what is missing of it.
#[cfg(feature = "github")]
pub(super) fn reviews(
    source: &Source,
    asked: &Github,
    settings: &Settings,
    folder: &CatalogFolder,
    progress: &dyn Progress,
) -> (Vec<CodeReview>, Vec<String>) {
    reviews::collect(source, asked, settings, folder, progress)
}

/// Knows of none.
#[cfg(not(feature = "github"))]
pub(super) fn reviews(
    _: &Source,
    _: &Github,
    _: &Settings,
    _: &CatalogFolder,
    _: &dyn Progress,
) -> (Vec<CodeReview>, Vec<String>) {
    // That GitHub cannot be asked is said of the source already.
    (Vec::new(), Vec::new())
}
