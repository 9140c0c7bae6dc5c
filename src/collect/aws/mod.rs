//! The AWS source: accounts as AWS Organizations lists them, and the resources of every account and region with
//! their tags. A listing is complete or unknown, and whoever refuses stops nobody else.

#[cfg(feature = "aws")]
mod asking;
#[cfg(feature = "aws")]
mod doctor;
#[cfg(feature = "aws")]
mod explorer;
#[cfg(feature = "aws")]
mod night;
#[cfg(feature = "aws")]
mod organization;
#[cfg(feature = "aws")]
mod pairs;
#[cfg(feature = "aws")]
mod policies;
#[cfg(feature = "aws")]
mod selection;
#[cfg(feature = "aws")]
mod sessions;
#[cfg(feature = "aws")]
mod sizes;
#[cfg(feature = "aws")]
mod units;
#[cfg(feature = "aws")]
mod untagged;

use super::doctor::Prospect;
use super::outcome::Outcome;
use super::progress::Progress;
use crate::settings::{Aws, Settings, Source};

/// Reads what `asked` names.
#[cfg(feature = "aws")]
pub(super) fn collect(
    source: &Source,
    asked: &Aws,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Outcome, String> {
    night::collect(source, asked, settings, progress)
}

/// Says that this build cannot ask AWS.
#[cfg(not(feature = "aws"))]
pub(super) fn collect(_: &Source, _: &Aws, _: &Settings, _: &dyn Progress) -> Result<Outcome, String> {
    Err("this build of milepost cannot ask AWS; build it with the feature `aws`".to_owned())
}

/// Looks whether AWS would answer `asked`.
#[cfg(feature = "aws")]
pub(super) fn look_at(
    source: &Source,
    asked: &Aws,
    settings: &Settings,
    progress: &dyn Progress,
    prospect: &mut Prospect,
) {
    doctor::look_at(source, asked, settings, progress, prospect);
}

/// Says that this build cannot ask AWS.
#[cfg(not(feature = "aws"))]
pub(super) fn look_at(_: &Source, _: &Aws, _: &Settings, _: &dyn Progress, prospect: &mut Prospect) {
    prospect.wanting("AWS", "this build of milepost cannot ask it", "build it with the feature `aws`");
}
