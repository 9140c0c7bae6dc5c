//! Arguments of `who`.

use std::path::PathBuf;

use clap::Args;

use super::{Replay, ReportFormat};

/// `who`.
#[derive(Debug, Args)]
pub struct Who {
    /// An ARN, an account id, a path in a repository (`org/name/path`), a tag (`Key=value` or a value), a
    /// host or an address, the name of a service or a team
    pub thing: String,
    /// The catalog folder [default: that of the configuration]
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// Where the facts come from.
    #[command(flatten)]
    pub replay: Replay,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
}
