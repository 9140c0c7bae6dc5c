//! Arguments of `exceptions` and of the verbs below it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Replay;

/// `exceptions`.
#[derive(Debug, Args)]
pub struct Exceptions {
    /// What to do with the register.
    #[command(subcommand)]
    pub verb: ExceptionsVerb,
}

/// What to do with the register.
#[derive(Debug, Subcommand)]
pub enum ExceptionsVerb {
    /// List exceptions: state, end, and how many failing rules each excuses today
    #[command(
        after_help = "Examples:\n  milepost exceptions list --team checkout\n  milepost exceptions list --state expired --state invalid --format json"
    )]
    List(List),
    /// List what ends or must be looked at next, and what is late, with who must act
    #[command(
        after_help = "Examples:\n  milepost exceptions due --within 2w\n  milepost exceptions due --remind --since 2026-11-18 --format markdown\n\nReminders are told on the policy's days before an end (30, 14, 7 and 1 unless it says otherwise). After a\nnight without a run, name the day that was told last with --since: every reminder whose day came after it\nis told, the most urgent one of each exception."
    )]
    Due(Due),
    /// List what should be gone: ended and not closed, without an end, or excusing nothing
    #[command(after_help = "Example:\n  milepost exceptions zombies --format csv")]
    Zombies(Zombies),
    /// Write the draft of an exception into the catalog folder
    #[command(
        after_help = "Example:\n  milepost exceptions new --service parcel-quote --control waf-required --risk medium \\\n    --reason \"The partner's old gateway cannot pass the firewall\" \\\n    --compensating-control \"allow list of the partner's addresses\""
    )]
    New(Box<New>),
    /// Close an exception: adds `closure` to its file and leaves every other byte as it is
    #[command(
        after_help = "Example:\n  milepost exceptions close EX-2026-0031 --as fixed --why \"the limit is live in every zone\""
    )]
    Close(Close),
}

/// Where the register is.
#[derive(Clone, Debug, Args)]
pub struct Register {
    /// The catalog folder [default: that of the configuration]
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// Where the facts come from.
    #[command(flatten)]
    pub replay: Replay,
}

/// How a list is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people: a table.
    #[default]
    Text,
    /// For scripts: as `exceptions/index.json` of the portal.
    Json,
    /// For spreadsheets.
    Csv,
}

/// States of exceptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// A mistake in it keeps it from excusing anything.
    Invalid,
    /// Ended on purpose.
    Closed,
    /// Its last day has passed.
    Expired,
    /// Not approved, or not looked at for too long.
    Pending,
    /// In force, and not looked at in time.
    ReviewOverdue,
    /// In force, and ends within 30 days.
    Expiring,
    /// In force.
    Active,
}

/// Risks of exceptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Risk {
    /// Little is at stake.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// All.
    Critical,
}

/// `exceptions list`.
#[derive(Debug, Args)]
pub struct List {
    /// Only those in this state; may be given several times
    #[arg(long, value_enum, value_name = "STATE")]
    pub state: Vec<State>,
    /// Only those of this team's services, and those that it asked for or answers for
    #[arg(long, value_name = "TEAM")]
    pub team: Option<String>,
    /// Only those of this risk; may be given several times
    #[arg(long, value_enum, value_name = "RISK")]
    pub risk: Vec<Risk>,
    /// Only those of this service
    #[arg(long, value_name = "SERVICE")]
    pub service: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
    /// Where the register is.
    #[command(flatten)]
    pub register: Register,
}

/// How what is due is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DueFormat {
    /// For people.
    #[default]
    Text,
    /// For scripts.
    Json,
    /// For mails and comments.
    Markdown,
}

/// `exceptions due`.
#[derive(Debug, Args)]
pub struct Due {
    /// How far to look ahead, such as 30d or 2w
    #[arg(long, default_value = "30d", value_name = "LENGTH", conflicts_with = "remind")]
    pub within: String,
    /// Only what the digest of today tells: reminders, what newly ended, overdue reviews, missing approvals
    #[arg(long)]
    pub remind: bool,
    /// The day that was told last [default: the day before]
    #[arg(long, value_name = "DATE", requires = "remind")]
    pub since: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: DueFormat,
    /// Where the register is.
    #[command(flatten)]
    pub register: Register,
}

/// `exceptions zombies`.
#[derive(Debug, Args)]
pub struct Zombies {
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
    /// Where the register is.
    #[command(flatten)]
    pub register: Register,
}

/// `exceptions new`.
#[derive(Debug, Args)]
pub struct New {
    /// The service that deviates
    #[arg(long, value_name = "SERVICE")]
    pub service: String,
    /// The control it deviates from
    #[arg(long, value_name = "CONTROL", required_unless_present = "rule")]
    pub control: Option<String>,
    /// The rule it deviates from, in place of a control
    #[arg(long, value_name = "RULE", conflicts_with = "control")]
    pub rule: Option<String>,
    /// What is at stake; decides how long it may live and who must approve
    #[arg(long, value_enum, value_name = "RISK")]
    pub risk: Risk,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// What guards the deviation meanwhile; may be given several times
    #[arg(long = "compensating-control", required = true, value_name = "TEXT")]
    pub compensating_controls: Vec<String>,
    /// Its last day [default: the latest that policy allows for the risk]
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
    /// Who asks: a team, e-mail or handle [default: the team that owns the service]
    #[arg(long, value_name = "NAME")]
    pub requested_by: Option<String>,
    /// Who answers for it until it ends
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
    /// Only this environment
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// Only this resource
    #[arg(long, value_name = "ARN")]
    pub resource: Option<String>,
    /// What is allowed meanwhile
    #[arg(long, value_name = "TEXT")]
    pub requested_state: Option<String>,
    /// How often it is looked at: daily, weekly, monthly, quarterly, or a length such as 2w
    #[arg(long, value_name = "CADENCE")]
    pub review_cadence: Option<String>,
    /// What is watched meanwhile
    #[arg(long, value_name = "TEXT")]
    pub monitoring: Option<String>,
    /// The way back
    #[arg(long, value_name = "TEXT")]
    pub migration_path: Option<String>,
    /// Its id [default: the next free one of the year]
    #[arg(long, value_name = "EX-ID")]
    pub id: Option<String>,
    /// Where the register is.
    #[command(flatten)]
    pub register: Register,
}

/// How an exception ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Closing {
    /// What it excused is mended.
    Fixed,
    /// It was not wanted any more.
    Withdrawn,
    /// Another took its place.
    Replaced,
}

/// `exceptions close`.
#[derive(Debug, Args)]
pub struct Close {
    /// The exception
    #[arg(value_name = "EX-ID")]
    pub id: String,
    /// Why it ends
    #[arg(long, value_name = "TEXT")]
    pub why: String,
    /// How it ended
    #[arg(long = "as", value_enum, value_name = "STATE")]
    pub state: Option<Closing>,
    /// When it ends [default: the day that is judged]
    #[arg(long, value_name = "DATE")]
    pub at: Option<String>,
    /// The catalog folder [default: that of the configuration]
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
}
