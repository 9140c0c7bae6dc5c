//! Arguments of the verbs that compare: `diff` and `preview`.

use std::path::PathBuf;

use clap::Args;

use super::{Replay, ReportFormat};

/// `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// Folder of the earlier snapshot, or of the earlier portal
    #[arg(value_name = "A")]
    pub before: PathBuf,
    /// Folder of the later one, of the same kind
    #[arg(value_name = "B")]
    pub after: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// The catalog folder, for snapshots that were saved without theirs
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
}

/// `preview`.
#[derive(Debug, Args)]
pub struct Preview {
    /// The catalog folder in use [default: that of the configuration]
    pub catalog: Option<PathBuf>,
    /// The catalog folder that might take its place
    #[arg(long, value_name = "DIR", required_unless_present = "revision", conflicts_with = "revision")]
    pub with: Option<PathBuf>,
    /// The same catalog folder at this git revision, such as a branch
    #[arg(long, value_name = "REV")]
    pub revision: Option<String>,
    /// Where the facts come from.
    #[command(flatten)]
    pub replay: Replay,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Write the portal as it would be, with a page of what would change
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
