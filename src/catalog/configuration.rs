//! `milepost.yaml`: which sources to ask, the organisation's words, limits and gates.

mod audience;
mod formats;
mod read;
mod settings;
#[cfg(test)]
mod tests;

pub use audience::{Audience, Removable};
pub use formats::FormatList;
pub use read::read;

use super::field::{Field, List, Named, Section};
use super::record::record;
use super::scalar::{Duration, Number, choice};
use super::text_list::TextList;
use crate::day::Day;

choice! {
    /// Where the history of catalog files comes from.
    pub enum CatalogHistory called "a kind of history" {
        /// From git, when the folder lies in a work tree.
        Git = "git",
        /// From nowhere: the files as they are.
        Digest = "digest",
    }
}

choice! {
    /// What a source is.
    pub enum SourceKind called "a kind of source" {
        /// Folders with descriptors.
        Folder = "folder",
        /// Git repositories, read without a checkout: remotes, or clones in a folder.
        Git = "git",
        /// Repositories of organisations on GitHub.
        Github = "github",
        /// Accounts and resources of AWS, read through its interfaces.
        Aws = "aws",
        /// Recorded answers of AWS.
        AwsRecorded = "aws-recorded",
        /// The tag report of an organisation of AWS: the newest `…/o-…/TIME/report.csv` in a folder.
        AwsTagReport = "aws-tag-report",
        /// Cost exports in the FOCUS format: `*.csv`, `*.csv.gz`, `*.parquet` in a folder and those below.
        Focus = "focus",
        /// Files with facts.
        Facts = "facts",
    }
}

choice! {
    /// Who may see a repository.
    pub enum Visibility called "a visibility" {
        /// Everybody.
        Public = "public",
        /// Those with access.
        Private = "private",
        /// Everybody in the enterprise.
        Internal = "internal",
    }
}

choice! {
    /// What a source reads beside the rest.
    pub enum Also called "something that a source is asked for" {
        /// Teams and their members, and what GitHub finds wrong in `CODEOWNERS`.
        People = "people",
        /// How builds of the default branch ended.
        Builds = "builds",
        /// Deployments, and how they ended.
        Deployments = "deployments",
        /// Who approved the changes that brought exceptions into the catalog.
        Reviews = "reviews",
        /// Tag policies of the organisation in AWS, and where they are attached.
        Policies = "policies",
        /// How many resources of each account never carried a tag, as AWS Resource Explorer counts them.
        Untagged = "untagged",
    }
}

choice! {
    /// Who says which resources there are in the accounts of an AWS source.
    pub enum AwsResources called "a source of resources" {
        /// Every account is asked for its resources and their tags.
        Accounts = "accounts",
        /// The tag report of the organisation, which a source of `kind: aws-tag-report` reads: no account is asked.
        Report = "report",
    }
}

choice! {
    /// How a folder is cut into repositories.
    pub enum Repositories called "a way to find repositories" {
        /// Every git work tree below is one; without any, the folder is one.
        Auto = "auto",
        /// Every child folder is one, without git.
        Children = "children",
        /// The folder is one.
        Own = "self",
    }
}

record! {
    /// The whole of `milepost.yaml`.
    pub struct Configuration called "milepost.yaml" {
        /// Who this is about.
        "organisation" => organisation: Section<Organisation>,
        /// Where a day begins.
        "clock" => clock: Section<Clock>,
        /// Where the history of catalog files comes from; git when absent.
        "catalogHistory" => catalog_history: Field<CatalogHistory>,
        /// What to ask.
        "sources" => sources: List<SourceRecord>,
        /// Which descriptors of other tools are read.
        "descriptors" => descriptors: Section<Descriptors>,
        /// The organisation's words.
        "vocabulary" => vocabulary: Section<VocabularyRecord>,
        /// Texts that mean "nobody filled this in".
        "placeholders" => placeholders: Section<Placeholders>,
        /// What an input may cost at most.
        "limits" => limits: Section<LimitsRecord>,
        /// Gates that `check --gate` knows: name and `scorecard/level`.
        #[example(serde_json::json!({ "production": "minimum-metadata/complete" }))]
        "gates" => gates: Named<Box<str>>,
        /// Defaults for facts.
        "facts" => facts: Section<FactDefaults>,
        /// Readers for whom `build --audience NAME` leaves something out, by name.
        #[example(serde_json::json!({ "public": { "remove": ["email", "account-numbers"] } }))]
        "audiences" => audiences: Named<Audience>,
    }
}

record! {
    /// Who this is about.
    pub struct Organisation called "organisation" {
        /// The name in the head of every page.
        #[example("Parcel House")]
        "name" => name: Field<Box<str>>,
        /// Where the portal will be published.
        #[example("https://portal.example.com")]
        "portalUrl" => portal_url: Field<Box<str>>,
    }
}

record! {
    /// Where a day begins.
    pub struct Clock called "clock" {
        /// An IANA zone, such as `Europe/Berlin`; `UTC` when absent.
        #[example("Europe/Berlin")]
        "zone" => zone: Field<Box<str>>,
    }
}

record! {
    /// One source.
    pub struct SourceRecord called "source" {
        /// Names the source on the coverage page.
        #[example("services")]
        "name" => name: Field<Box<str>>,
        /// What it is.
        "kind" => kind: Field<SourceKind>,
        /// Where it is, relative to this file. A git source without `remotes` reads the clones in it. A GitHub
        /// source keeps in it what it read until the next night; `.milepost/github` in the working directory
        /// when absent. An AWS source keeps in it how much it read; `.milepost/aws` when absent.
        #[example("../repositories")]
        "path" => path: Field<Box<str>>,
        /// How a folder is cut into repositories; `auto` when absent.
        "repositories" => repositories: Field<Repositories>,
        /// What a git source fetches: `https://host/org/name.git`, `git@host:org/name.git`, or a path. `path`
        /// is then the folder that keeps what was fetched until the next night; `.milepost/mirrors` in the
        /// working directory when absent.
        #[example("https://github.com/example/quote.git")]
        "remotes" => remotes: List<Box<str>>,
        /// Whether `http` and `git` may be fetched from this machine itself, to try things out.
        "loopback" => loopback: Field<bool>,
        /// What a GitHub source reads: organisations, or people, whose repositories are listed. Who asks is
        /// read from the environment: `MILEPOST_GITHUB_TOKEN` or `GITHUB_TOKEN`, or an App by
        /// `MILEPOST_GITHUB_APP_ID` with `MILEPOST_GITHUB_APP_KEY` or `MILEPOST_GITHUB_APP_KEY_FILE`.
        #[example("example")]
        "organisations" => organisations: List<Box<str>>,
        /// Repositories of GitHub that are read, all when absent: `*` stands for anything. The others are
        /// listed as left out.
        #[example("example/parcel-*")]
        "include" => include: List<Box<str>>,
        /// Topics on GitHub of which a repository carries one to be read; any when absent.
        #[example("service")]
        "topics" => topics: List<Box<str>>,
        /// Repositories of GitHub that are read by who may see them; all when absent.
        #[example("internal")]
        "visibility" => visibility: List<Visibility>,
        /// Whether archived repositories of GitHub are read; they are left out when absent.
        "archived" => archived: Field<bool>,
        /// Whether forks on GitHub are read; they are left out when absent.
        "forks" => forks: Field<bool>,
        /// Folders beside the root that a GitHub source looks through for descriptors; `services/*` when
        /// absent, which means `services` and the folders in it. `**` stands for every folder below.
        #[example("apps/*")]
        "folders" => folders: List<Box<str>>,
        /// What a source reads beside the rest; nothing when absent. GitHub: `people`, `builds`, `deployments`,
        /// `reviews`. AWS: `policies`, `untagged`. Each word costs requests every night.
        "also" => also: List<Also>,
        /// Environments of GitHub that are production: `*` stands for anything, and letters count as small;
        /// `production` and `prod` when absent. In a repository of several services the name of the service stands
        /// before or after it, as in `quote-production`.
        #[example("live-*")]
        "productionEnvironments" => production_environments: List<Box<str>>,
        /// How often a GitHub source lists every repository; each night when absent. In the nights between, it
        /// lists only what was pushed since, in a handful of requests, and does not see what was renamed or
        /// archived.
        #[example("7d")]
        "sweep" => sweep: Field<Duration>,
        /// Where GitHub answers: `https://github.example.com/api/v3` for an Enterprise Server,
        /// `https://api.github.com` when absent.
        #[example("https://github.example.com/api/v3")]
        "api" => api: Field<Box<str>>,
        /// What an AWS source assumes before it asks: the ARN of a role that may list the accounts of the
        /// organisation and assume the member roles. Whoever runs this asks when absent.
        #[example("arn:aws:iam::111122223333:role/milepost/MilepostCrawl")]
        "role" => role: Field<Box<str>>,
        /// The role that reads in every account, by its name with its path; `milepost/MilepostRead` when absent.
        #[example("milepost/MilepostRead")]
        "memberRole" => member_role: Field<Box<str>>,
        /// What the trust of the member roles asks for, when it does.
        #[example("milepost")]
        "externalId" => external_id: Field<Box<str>>,
        /// Regions that an AWS source asks. Required: what is not named here is not seen, and the list says so.
        #[example("eu-central-1")]
        "regions" => regions: List<Box<str>>,
        /// Who says which resources there are in the accounts of an AWS source: `accounts`, each of which is asked, or
        /// `report`, where a source of `kind: aws-tag-report` does; `accounts` when absent.
        "resources" => resources: Field<AwsResources>,
        /// Accounts that an AWS source asks; all of the organisation when absent.
        "accounts" => accounts: Section<Accounts>,
        /// An emulator that is asked in place of AWS, to try things out.
        #[example("http://127.0.0.1:5000")]
        "endpoint" => endpoint: Field<Box<str>>,
        /// Repositories to leave out, each with a reason.
        "exclude" => exclude: List<Exclusion>,
    }
}

record! {
    /// Accounts of AWS that are asked.
    pub struct Accounts called "accounts" {
        /// Ids or names; `*` stands for anything. All when absent.
        #[example("shop-*")]
        "include" => include: List<Box<str>>,
        /// Accounts to leave out, each with a reason.
        "exclude" => exclude: List<AccountExclusion>,
    }
}

record! {
    /// Accounts to leave out.
    pub struct AccountExclusion called "exclusion of an account" {
        /// Id, quoted, or name; `*` stands for anything.
        #[example("sandbox-*")]
        "account" => account: Field<Box<str>>,
        /// Why. Required: nothing is left out in silence.
        #[example("people try things there")]
        "reason" => reason: Field<Box<str>>,
        /// Who decided so.
        #[example("platform")]
        "by" => by: Field<Box<str>>,
        /// Its last day.
        "until" => until: Field<Day>,
    }
}

record! {
    /// A repository to leave out.
    pub struct Exclusion called "exclusion" {
        /// Its name; `*` stands for anything.
        #[example("example/archive")]
        "repository" => repository: Field<Box<str>>,
        /// Why. Required: nothing is left out in silence.
        #[example("read-only since 2024")]
        "reason" => reason: Field<Box<str>>,
        /// Who decided so.
        #[example("platform")]
        "by" => by: Field<Box<str>>,
        /// Its last day.
        "until" => until: Field<Day>,
    }
}

record! {
    /// Which descriptors of other tools are read, and what their free keys mean.
    pub struct Descriptors called "descriptors" {
        /// Formats that are read beside our own: `all`, or a list of `backstage`, `datadog`, `opslevel`,
        /// `cortex`, `compass`, `score`, `openslo` and `codeowners`. None when absent.
        "formats" => formats: Field<FormatList>,
        /// Labels, annotations and tags of those descriptors that give a field of ours, by the name of the
        /// field: `costCenter: [cost-center]`. The first that is there counts.
        #[example(serde_json::json!({ "costCenter": "acme.io/cost-center" }))]
        "fields" => free_keys: Named<TextList>,
    }
}

record! {
    /// The organisation's words.
    pub struct VocabularyRecord called "vocabulary" {
        /// Data classifications, from open to closed.
        #[example("internal")]
        "dataClassifications" => data_classifications: List<Box<str>>,
        /// Words for the tiers of criticality.
        #[example(serde_json::json!({ "gold": "tier-1" }))]
        "criticality" => criticality: Named<Box<str>>,
        /// Names of standing environments.
        #[example("prod")]
        "environments" => environments: Field<TextList>,
    }
}

record! {
    /// Texts that mean "nobody filled this in".
    pub struct Placeholders called "placeholders" {
        /// Owners that nobody meant.
        #[example("team-a")]
        "owners" => owners: List<Box<str>>,
        /// Texts, or their beginnings, that nobody meant.
        #[example("changeme")]
        "texts" => texts: List<Box<str>>,
    }
}

record! {
    /// What an input may cost at most.
    pub struct LimitsRecord called "limits" {
        /// Bytes of a descriptor; 1 MiB when absent.
        "descriptorBytes" => descriptor_bytes: Field<Number>,
        /// Bytes of a Markdown document; 2 MiB when absent.
        "documentBytes" => document_bytes: Field<Number>,
        /// Nesting of lists and mappings; 64 when absent.
        "nesting" => nesting: Field<Number>,
        /// Values of one descriptor document, keys and aliases counted; 20,000 when absent.
        "values" => values: Field<Number>,
    }
}

record! {
    /// Defaults for facts.
    pub struct FactDefaults called "facts" {
        /// How long a fact may be used; 48 hours when absent.
        "maxAge" => max_age: Field<Duration>,
    }
}
