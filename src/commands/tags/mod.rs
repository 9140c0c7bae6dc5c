//! `tags`: the required tags from the command line. One file for each verb below it.

mod generate;
mod report;
mod rows;

use super::organisation::{Organisation, Request};
use super::{Console, Failure};
use crate::cli::Shared;
use crate::cli::tags::{Inventory, Tags, TagsVerb};
use crate::exit_code::ExitCode;

pub(super) fn run(arguments: &Tags, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    match &arguments.verb {
        TagsVerb::Generate(arguments) => generate::run(arguments, shared, console),
        TagsVerb::Report(arguments) => report::run(arguments, shared, console),
    }
}

fn load(inventory: &Inventory, shared: &Shared, console: &Console) -> Result<Organisation, Failure> {
    Organisation::load(Request::new(inventory.catalog.as_deref(), &inventory.replay), shared, console)
}
