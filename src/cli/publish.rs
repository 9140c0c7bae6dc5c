//! Arguments of `publish`.

use std::path::PathBuf;

use clap::Args;

use super::ReportFormat;

/// `publish`.
#[derive(Debug, Args)]
pub struct Publish {
    /// The folder of the built site
    #[arg(default_value = "site", value_name = "SITE")]
    pub site: PathBuf,
    /// Where to: s3://bucket/folder, file:///folder or the path of a folder
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// Do what the plan says
    #[arg(long)]
    pub apply: bool,
    /// Write over the publication before, for servers that can follow no pointer: what pages load first, then
    /// pages from the deepest up, the first page last, deletions a day later
    #[arg(long)]
    pub in_place: bool,
    /// Let texts lie compressed at the target (gzip), for servers that do not compress
    #[arg(long)]
    pub precompress: bool,
    /// How many files travel side by side
    #[arg(long, default_value_t = 32, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: u16,
    /// Tell this distribution of CloudFront what changed
    #[arg(long, value_name = "ID")]
    pub distribution: Option<String>,
    /// Let go what was refused because too much of one kind would be gone; RUN is the name that was printed
    #[arg(long, value_name = "RUN")]
    pub accept_removals: Option<String>,
    /// Return to an earlier publication: to the one of this name or number, else to the one before
    #[arg(
        long,
        value_name = "RUN",
        num_args = 0..=1,
        conflicts_with_all = ["in_place", "precompress", "accept_removals"]
    )]
    pub rollback: Option<Option<String>>,
    /// List what can be returned to
    #[arg(long, conflicts_with_all = ["apply", "rollback", "in_place", "precompress", "accept_removals"])]
    pub releases: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
}
