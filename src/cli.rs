//! Arguments, and nothing but arguments: what they mean is decided in `commands`.

mod compare;
pub mod evidence;
pub mod exceptions;
pub mod publish;
pub mod tags;
mod who;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use compare::{Diff, Preview};
pub use who::Who;

/// Where `collect` and `build` leave their snapshot and `build --offline` finds it, below the working directory.
pub const LAST_SNAPSHOT: &str = ".milepost/snapshot";

/// The exit codes, as `--help` prints them.
const EXIT_CODES: &str = "Exit codes:
  0  done, and whole
  1  internal error
  2  wrong usage or configuration
  3  findings at or above the chosen severity, or a gate failed
  4  done, but some source was incomplete
  5  refused by a guard
  130  ended by Ctrl-C (SIGINT)
  143  ended by SIGTERM

Data goes to standard output, everything else to standard error.";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "milepost", version, about = "Static-site service catalog and scorecard generator", after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
    /// What every verb understands.
    #[command(flatten)]
    pub shared: Shared,
}

/// Options of every verb.
#[derive(Clone, Debug, Args)]
pub struct Shared {
    /// Judge as of this day or moment instead of now, such as 2026-11-21 or 2026-11-21T03:00:00Z
    #[arg(long, global = true, value_name = "DATE|TIMESTAMP")]
    pub now: Option<String>,
    /// Configuration file [default: ./milepost.yaml, else ./catalog/milepost.yaml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more, how long each phase takes among it
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// When to colour messages
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
}

/// When to colour messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// When standard error is a terminal and `NO_COLOR` is not set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// From which severity on a verb ends with exit code 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors.
    Error,
    /// Errors and warnings.
    Warning,
    /// Nothing.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Write a starter catalog folder, or draft the descriptor of a service
    #[command(after_help = "Examples:\n  milepost init catalog\n  milepost init --service")]
    Init(Init),
    /// Write native files from the descriptors of other tools, and list what could not be carried
    #[command(
        after_help = "Examples:\n  milepost import catalog-info.yaml\n  milepost import services --catalog catalog"
    )]
    Import(Import),
    /// Validate descriptors and catalog files, offline, in milliseconds
    #[command(
        after_help = "Examples:\n  milepost check\n  milepost check services/quote/service.yaml --format json\n  milepost check catalog\n  milepost check catalog --base origin/main --gate production --format markdown"
    )]
    Check(Check),
    /// Ask every source and write a snapshot
    #[command(after_help = "Example:\n  milepost collect catalog && milepost build catalog --offline")]
    Collect(Collect),
    /// Collect, judge and render the portal
    #[command(
        after_help = "Examples:\n  milepost build catalog --out site\n  milepost build catalog --snapshot snapshot --now 2026-11-21"
    )]
    Build(Build),
    /// Build, serve on this machine, and rebuild on every change
    #[command(after_help = "Example:\n  milepost serve catalog --open")]
    Serve(Serve),
    /// Say whether every source would answer, as whom it is asked, and what a collect costs
    #[command(after_help = "Examples:\n  milepost doctor catalog\n  milepost doctor catalog --format json")]
    Doctor(Doctor),
    /// Seal, verify, sample and replay evidence for auditors
    #[command(
        after_help = "Examples:\n  milepost evidence pack --offline --key ~/.ssh/evidence_ed25519\n  milepost evidence verify evidence/example-2026-11-21.zip --recompute"
    )]
    Evidence(evidence::Evidence),
    /// List, draft and close exceptions: the register
    #[command(
        after_help = "Examples:\n  milepost exceptions list --state expired\n  milepost exceptions due --within 2w"
    )]
    Exceptions(exceptions::Exceptions),
    /// Write the tags that records ask for, and report how resources carry them
    #[command(
        after_help = "Examples:\n  milepost tags generate parcel-quote --format terraform\n  milepost tags report --only wrong --format csv"
    )]
    Tags(tags::Tags),
    /// Publish a built site to a folder or to S3: print the plan, and with --apply do it
    #[command(
        after_help = "Examples:\n  milepost publish --to s3://example-portal/prod\n  milepost publish site --to s3://example-portal/prod --apply\n  milepost publish --to s3://example-portal/prod --rollback --apply\n  milepost publish site --to /srv/portal --apply\n\nCredentials and region come from where AWS's own tools find them; AWS_ENDPOINT_URL_S3 names another store that speaks S3."
    )]
    Publish(publish::Publish),
    /// Explain a result, or a diagnostic code
    #[command(
        after_help = "Examples:\n  milepost explain parcel-quote\n  milepost explain parcel-quote owner-known\n  milepost explain unknown-key"
    )]
    Explain(Explain),
    /// Say whose an ARN, an account, a path in a repository, a tag or a host is, and why
    #[command(
        after_help = "Examples:\n  milepost who arn:aws:s3:::example-labels --offline\n  milepost who 012345678901\n  milepost who example/parcel-quote/infra/main.tf\n  milepost who Service=parcel-quote\n  milepost who quote.example.com"
    )]
    Who(Who),
    /// Say what moved between two snapshots, or between two portals that were built, and why
    #[command(
        after_help = "Examples:\n  milepost diff snapshots/2026-11-20 snapshots/2026-11-21\n  milepost diff site-of-main site-of-the-change\n\nSnapshots are judged again with one input changed at a time, so a cause is certain. Of two portals nothing\nis known but their static JSON (api/v1): what differs among the things that a result rests on is its cause."
    )]
    Diff(Diff),
    /// Say what another catalog folder would move, and publish nothing
    #[command(
        after_help = "Examples:\n  milepost preview catalog --with ../proposal/catalog\n  milepost preview catalog --with ../proposal/catalog --out preview-site\n  milepost preview catalog --revision origin/stricter-rules"
    )]
    Preview(Preview),
    /// Print the JSON Schemas of every input, or what the expressions of rules can say
    #[command(
        after_help = "Examples:\n  milepost schema\n  milepost schema service > service.schema.json\n  milepost schema expressions"
    )]
    Schema(Schema),
}

/// `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// Where to write it [default: catalog; with --service the working directory]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Draft service.yaml and its documents from what the repository in DIR says of itself
    #[arg(long)]
    pub service: bool,
}

/// `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// Descriptors of other tools, or folders with such
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// The catalog folder that teams, products and capabilities are written to
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
}

/// How `check` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people: the quoted line with a caret.
    #[default]
    Text,
    /// For scripts.
    Json,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For GitHub Actions: annotations beside the lines.
    Github,
    /// For the comment of a review.
    Markdown,
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Descriptors, folders with descriptors, or a catalog folder [default: the working directory]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: CheckFormat,
    /// Fail unless every service reaches this level: `scorecard/level`, or a gate named in milepost.yaml
    #[arg(long, value_name = "GATE")]
    pub gate: Option<String>,
    /// Compare with where the change began: the commit shared with this branch, tag or commit. What the
    /// change itself exempts does not count
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// From which severity on to end with exit code 3
    #[arg(long, value_enum, default_value = "error", value_name = "SEVERITY")]
    pub fail_on: FailOn,
    /// Mend what can only mean one thing, in the files under the paths, and check again; uncommitted
    /// changes in them are no obstacle
    #[arg(long)]
    pub fix: bool,
}

/// `collect`.
#[derive(Debug, Args)]
pub struct Collect {
    /// The catalog folder [default: that of the configuration]
    pub catalog: Option<PathBuf>,
    /// Where to write the snapshot; what is not given this time is carried over from the one there
    #[arg(long, default_value = LAST_SNAPSHOT, value_name = "DIR")]
    pub snapshot: PathBuf,
    /// Let go what an earlier run withheld because too much would be gone; RUN is the mark that it printed
    #[arg(long, value_name = "RUN")]
    pub accept_removals: Option<String>,
    /// Write the summary that is printed at the end to this file too, as Markdown for the page of a job
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
}

/// `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// The catalog folder [default: that of the configuration]
    pub catalog: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
}

/// Whether the sources are asked, or what they said is replayed.
#[derive(Clone, Debug, Args)]
pub struct Replay {
    /// Replay this snapshot instead of asking the sources
    #[arg(long, value_name = "DIR")]
    pub snapshot: Option<PathBuf>,
    /// Replay the snapshot of the last run (.milepost/snapshot) instead of asking the sources
    #[arg(long, conflicts_with = "snapshot")]
    pub offline: bool,
}

/// Where the facts of a build come from and where it goes.
#[derive(Clone, Debug, Args)]
pub struct BuildOptions {
    /// The catalog folder [default: that of the configuration]
    pub catalog: Option<PathBuf>,
    /// Where the facts come from.
    #[command(flatten)]
    pub replay: Replay,
    /// Say what moved since this earlier snapshot, and why
    #[arg(long, value_name = "DIR")]
    pub previous: Option<PathBuf>,
    /// Where to write the portal
    #[arg(long, default_value = "site", value_name = "DIR")]
    pub out: PathBuf,
    /// Templates of your own, which win over the built-in ones of the same name
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Which packs of evidence it offers.
    #[command(flatten)]
    pub offer: evidence::Offer,
    /// Leave out what this profile of milepost.yaml removes, and put nothing in place unless every byte proves it
    #[arg(long, value_name = "NAME", conflicts_with = "previous")]
    pub audience: Option<String>,
}

/// `build`.
#[derive(Debug, Args)]
pub struct Build {
    /// Where from and where to.
    #[command(flatten)]
    pub options: BuildOptions,
    /// Let go what an earlier run withheld because too much would be gone; RUN is the mark it printed
    #[arg(long, value_name = "RUN", conflicts_with_all = ["snapshot", "offline"])]
    pub accept_removals: Option<String>,
    /// Write the summary that is printed at the end to this file too, as Markdown for the page of a job
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// From which severity on to end with exit code 3
    #[arg(long, value_enum, default_value = "never", value_name = "SEVERITY")]
    pub fail_on: FailOn,
    /// Open the portal in a browser afterwards
    #[arg(long)]
    pub open: bool,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where from and where to.
    #[command(flatten)]
    pub options: BuildOptions,
    /// Port on the loopback address; 0 takes a free one
    #[arg(long, default_value_t = 4000)]
    pub port: u16,
    /// Open the portal in a browser
    #[arg(long)]
    pub open: bool,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// A service, or the code of a diagnostic
    #[arg(value_name = "SERVICE|CODE")]
    pub subject: String,
    /// One rule of that service
    pub rule: Option<String>,
    /// The catalog folder [default: that of the configuration]
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// Where the facts come from.
    #[command(flatten)]
    pub replay: Replay,
}

/// How `diff`, `doctor`, `preview` and `who` print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    #[default]
    Text,
    /// For scripts: of changes, what `changes.json` of the portal holds.
    Json,
}

/// `schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// Which one, or `expressions`; all schemas, as one object, when not said
    pub name: Option<String>,
}

#[cfg(test)]
mod tests;
