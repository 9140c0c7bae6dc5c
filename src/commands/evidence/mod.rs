//! `evidence`: packs that an auditor can verify without us. One file for each verb below it.

mod chain;
mod earlier;
mod files;
mod offered;
mod pack;
mod recompute;
mod replay;
mod sample;
mod sign;
mod stamp;
mod verify;

use std::path::Path;

pub(super) use offered::Offered;

use super::{Console, Failure};
use crate::cli::Shared;
use crate::cli::evidence::{Evidence, EvidenceVerb};
use crate::evidence::opened::Opened;
use crate::exit_code::ExitCode;

pub(super) fn run(arguments: &Evidence, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    match &arguments.verb {
        EvidenceVerb::Pack(arguments) => pack::run(arguments, shared, console),
        EvidenceVerb::Verify(arguments) => verify::run(arguments, shared, console),
        EvidenceVerb::Sample(arguments) => sample::run(arguments, console),
        EvidenceVerb::Replay(arguments) => replay::run(arguments, console),
    }
}

fn open(pack: &Path) -> Result<Opened, Failure> {
    Opened::open(pack)
        .map_err(|why| Failure::Usage(format!("`{}` cannot be opened as a pack: {why}", pack.display())))
}
