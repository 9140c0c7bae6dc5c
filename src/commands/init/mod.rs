//! `init`: writes what to start from: a catalog folder, or what a team keeps in its repository.

mod service;
mod starter;

use std::fs;
use std::path::Path;

use super::{Console, Failure, organisation};
use crate::cli;
use crate::exit_code::ExitCode;

/// Where a catalog folder is written when nobody says where.
const CATALOG: &str = "catalog";

pub(super) fn run(
    arguments: &cli::Init,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    if arguments.service {
        return service::run(arguments.dir.as_deref().unwrap_or(Path::new(".")), shared, console);
    }
    starter::run(arguments.dir.as_deref().unwrap_or(Path::new(CATALOG)), console)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| Failure::machine(format!("writing `{}`", path.display()), error))
}
