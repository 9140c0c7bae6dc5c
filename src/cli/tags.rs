//! Arguments of `tags` and of the verbs below it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Replay;

/// `tags`.
#[derive(Debug, Args)]
pub struct Tags {
    /// What to do with the tags.
    #[command(subcommand)]
    pub verb: TagsVerb,
}

/// What to do with the tags.
#[derive(Debug, Subcommand)]
pub enum TagsVerb {
    /// Write the tags that a service's record asks for, in the language of the tool that sets them
    #[command(
        after_help = "Examples:\n  milepost tags generate parcel-quote --format terraform --environment eu-prod\n  milepost tags generate --format policy\n\nA value that the record does not give is a comment that says where to give it. A value that AWS would refuse\nis left out, with the reason, and ends the run with exit code 3."
    )]
    Generate(Generate),
    /// List resources with the verdict on every required tag, and what was expected
    #[command(
        after_help = "Examples:\n  milepost tags report\n  milepost tags report --team checkout --only wrong --format csv\n  milepost tags report --account 012345678901 --key CostCenter --format json"
    )]
    Report(Report),
}

/// Where the resources and the records are.
#[derive(Clone, Debug, Args)]
pub struct Inventory {
    /// The catalog folder [default: that of the configuration]
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// Where the facts come from.
    #[command(flatten)]
    pub replay: Replay,
}

/// Who sets the tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GenerateFormat {
    /// A `default_tags` block of the AWS provider.
    Terraform,
    /// The `Tags` list of a resource, in YAML.
    #[value(name = "cloudformation")]
    CloudFormation,
    /// A function in TypeScript that tags everything below a construct.
    Cdk,
    /// A tag policy of AWS Organizations; for the whole catalog when no service is named.
    Policy,
}

/// `tags generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// The service; only a tag policy can do without
    #[arg(value_name = "SERVICE")]
    pub service: Option<String>,
    /// For which tool
    #[arg(long, value_enum)]
    pub format: GenerateFormat,
    /// For the resources of this environment of the service
    #[arg(long, value_name = "NAME", requires = "service")]
    pub environment: Option<String>,
    /// Where the records are.
    #[command(flatten)]
    pub inventory: Inventory,
}

/// How `tags report` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people: how many resources are right, by key.
    #[default]
    Text,
    /// For scripts: a row for each resource.
    Json,
    /// For spreadsheets: a row for each resource.
    Csv,
}

/// Which resources a report has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// Those with a key that is missing or wrong.
    Wrong,
}

/// `tags report`.
#[derive(Debug, Args)]
pub struct Report {
    /// Only resources in this account; may be given several times
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Vec<String>,
    /// Only resources of this team's services
    #[arg(long, value_name = "TEAM")]
    pub team: Option<String>,
    /// Only resources of this service
    #[arg(long, value_name = "SERVICE")]
    pub service: Option<String>,
    /// Only this required key; may be given several times
    #[arg(long, value_name = "KEY")]
    pub key: Vec<String>,
    /// Only these resources
    #[arg(long, value_enum, value_name = "WHICH")]
    pub only: Option<Only>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Where the resources and the records are.
    #[command(flatten)]
    pub inventory: Inventory,
}
