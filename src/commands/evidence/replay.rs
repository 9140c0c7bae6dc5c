//! `evidence replay`: the portal of a pack, rendered from the inputs in it when it verifies.

use super::{open, recompute, verify};
use crate::cli::evidence::ReplayPack;
use crate::commands::organisation::Organisation;
use crate::commands::{Console, Failure, build};
use crate::evidence::verify::request;
use crate::exit_code::ExitCode;

pub(super) fn run(arguments: &ReplayPack, console: &Console) -> Result<ExitCode, Failure> {
    let mut pack = open(&arguments.pack)?;
    verify::before_use(&mut pack, arguments.allowed_signers.as_deref(), console)?;
    let unusable =
        |why: String| Failure::Usage(format!("`{}` cannot be replayed: {why}", arguments.pack.display()));
    let request = request(&mut pack).map_err(unusable)?;
    let night =
        console.phase("reading the inputs", || recompute::night(&mut pack, &request)).map_err(unusable)?;
    let night = night.ok_or_else(|| unusable("its inputs are withheld".to_owned()))?;
    let settings = night.configuration.settings(std::path::Path::new("."), request.now);
    let organisation = Organisation::of(settings, &night, console);
    let templates = build::templates(None)?;
    let built = build::write(&organisation, &templates, &[], &arguments.out, console)?;
    built.summary.tell(console);
    Ok(organisation.completeness())
}
