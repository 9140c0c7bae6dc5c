//! Everything a run was told: file, arguments and environment, resolved once. Plain values, no text
//! left to interpret.

mod address;
mod aws;
mod github;
mod interruption;
mod proxy;
mod remote;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use crate::day::{Day, Moment, Zone};

pub use aws::{
    AccountExclusion, Aws, AwsAccess, AwsAlso, AwsCredentials, AwsEndpoint, AwsResources,
    CREDENTIALS as AWS_CREDENTIALS,
};
pub use github::{
    Also, CREDENTIALS as GITHUB_CREDENTIALS, GITHUB, Github, GithubAccess, GithubApi, GithubApp, Visibility,
    Waiting,
};
pub use interruption::Interruption;
pub use proxy::Proxies;
pub use remote::{CREDENTIALS, Remote};

/// What a run was told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The moment the run stands for: `--now`, else the wall clock, read once.
    pub now: Moment,
    /// The day of `now` in `zone`: the assessment date D.
    pub today: Day,
    /// Where a day begins.
    pub zone: Zone,
    /// The catalog folder.
    pub catalog: PathBuf,
    /// Whether the history of the catalog folder comes from git.
    pub catalog_history: bool,
    /// What to ask.
    pub sources: Vec<Source>,
    /// What an input may cost at most.
    pub limits: Limits,
    /// Descriptors of other tools that are read too.
    pub formats: Formats,
    /// What git is given of the environment.
    pub git: GitAccess,
    /// Who we are to GitHub.
    pub github: GithubAccess,
    /// Who we are to AWS.
    pub aws: AwsAccess,
    /// Whether it was told to end before it is done.
    pub interruption: Interruption,
}

/// What git is given of the environment, and nothing else.
#[derive(Clone, Debug, Default)]
pub struct GitAccess {
    /// What it shows to servers that ask for it over https.
    pub token: Option<Secret>,
    /// Where programs are, how to get out, and who we are to ssh.
    pub variables: Vec<(&'static str, OsString)>,
}

impl GitAccess {
    /// The variable that holds the token.
    pub const TOKEN: &'static str = "MILEPOST_GIT_TOKEN";

    /// The variables that are passed on.
    const PASSED_ON: [&'static str; 12] = [
        "PATH",
        "HOME",
        "TMPDIR",
        "SSH_AUTH_SOCK",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "https_proxy",
        "HTTPS_PROXY",
        "no_proxy",
        "NO_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ];

    /// Takes what git may see; `variable` looks into the environment.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let token = variable(Self::TOKEN).and_then(|token| token.into_string().ok());
        let passed_on = Self::PASSED_ON.into_iter();
        Self {
            token: token.filter(|token| !token.is_empty()).as_deref().map(Secret::new),
            variables: passed_on.filter_map(|name| Some((name, variable(name)?))).collect(),
        }
    }
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

impl Secret {
    /// Keeps `text`.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// One source to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name on the coverage page.
    pub name: Box<str>,
    /// What it is.
    pub kind: SourceKind,
    /// Where it is, absolute or relative to the working directory; for git the folder of mirrors when
    /// there are remotes, else a folder of clones; for GitHub and AWS the folder of what was read before.
    pub path: PathBuf,
    /// What git is to fetch.
    pub remotes: Vec<Remote>,
    /// Repositories to leave out.
    pub exclude: Vec<Exclusion>,
}

/// What a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A folder with descriptors, cut into repositories.
    Folder(Repositories),
    /// Objects of git repositories: of remotes, or of clones in a folder.
    Git,
    /// Repositories of GitHub organisations, read through its interfaces.
    Github(Box<Github>),
    /// Accounts and resources of AWS, read through its interfaces.
    Aws(Box<Aws>),
    /// Recorded answers of AWS.
    AwsRecorded,
    /// The tag report of an organisation of AWS, copied to a folder.
    AwsTagReport,
    /// Cost exports in the FOCUS format.
    Focus,
    /// Files with facts.
    Facts,
}

impl SourceKind {
    /// The word that output shows.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Folder(_) => "folder",
            Self::Git => "git",
            Self::Github(_) => "github",
            Self::Aws(_) => "aws",
            Self::AwsRecorded => "aws-recorded",
            Self::AwsTagReport => "aws-tag-report",
            Self::Focus => "focus",
            Self::Facts => "facts",
        }
    }
}

/// How a folder is cut into repositories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repositories {
    /// Every git work tree below is one; without any, the folder is one.
    #[default]
    Auto,
    /// Every child folder is one, with path and digest for origin, whatever git says.
    Children,
    /// The folder is one.
    Own,
}

/// A repository to leave out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Its name; `*` stands for any run of characters.
    pub repository: Box<str>,
    /// Why.
    pub reason: Box<str>,
    /// Who decided so.
    pub by: Option<Box<str>>,
    /// The last day on which it holds.
    pub until: Option<Day>,
}

/// A format of another tool whose files are read as descriptors. The order is the order of trust: where
/// two formats speak of one service, the earlier one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Backstage's `catalog-info.yaml`.
    Backstage,
    /// Datadog's `service.datadog.yaml` and `entity.datadog.yaml`.
    Datadog,
    /// OpsLevel's `opslevel.yml`.
    OpsLevel,
    /// Cortex's `cortex.yaml`.
    Cortex,
    /// Atlassian Compass' `compass.yml`.
    Compass,
    /// Score's `score.yaml`.
    Score,
    /// OpenSLO objectives.
    OpenSlo,
    /// `CODEOWNERS`, as GitHub reads it.
    Codeowners,
}

impl Format {
    /// Every one, in the order of trust.
    pub const ALL: [Self; 8] = [
        Self::Backstage,
        Self::Datadog,
        Self::OpsLevel,
        Self::Cortex,
        Self::Compass,
        Self::Score,
        Self::OpenSlo,
        Self::Codeowners,
    ];

    /// The word for it in `milepost.yaml` and in published data.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Backstage => "backstage",
            Self::Datadog => "datadog",
            Self::OpsLevel => "opslevel",
            Self::Cortex => "cortex",
            Self::Compass => "compass",
            Self::Score => "score",
            Self::OpenSlo => "openslo",
            Self::Codeowners => "codeowners",
        }
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Backstage => "Backstage",
            Self::Datadog => "Datadog",
            Self::OpsLevel => "OpsLevel",
            Self::Cortex => "Cortex",
            Self::Compass => "Compass",
            Self::Score => "Score",
            Self::OpenSlo => "OpenSLO",
            Self::Codeowners => "CODEOWNERS",
        }
    }
}

/// Which formats are switched on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Formats(u8);

impl Formats {
    /// None: only descriptors of our own.
    pub const NONE: Self = Self(0);
    /// All of them.
    pub const ALL: Self = Self(u8::MAX);

    /// These and `format`.
    #[must_use]
    pub const fn with(self, format: Format) -> Self {
        Self(self.0 | (1 << format as u8))
    }

    /// Whether `format` is switched on.
    pub const fn has(self, format: Format) -> bool {
        self.0 & (1 << format as u8) != 0
    }
}

/// What an input may cost at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a descriptor.
    pub descriptor_bytes: u64,
    /// Bytes of a Markdown document.
    pub document_bytes: u64,
    /// Nesting of lists and mappings.
    pub nesting: u32,
    /// Values of one descriptor document, keys and aliases counted.
    pub values: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { descriptor_bytes: 1 << 20, document_bytes: 2 << 20, nesting: 64, values: 20_000 }
    }
}
