//! What a collect would meet, before it starts: whether every source would answer, as whom it is asked, and what
//! that costs. Asks as little as it can, and writes nothing.

mod files;
mod git;

use std::path::Path;

use rustix::fs::{Access, access};

use super::progress::Progress;
use super::walk::plain;
use crate::day::Moment;
use crate::settings::{Settings, Source, SourceKind};

/// Whether something is in the way of a collect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is as it should be.
    Good,
    /// It is worth knowing, though nothing would be missing.
    Notable,
    /// Something would be missing.
    Wanting,
}

impl Verdict {
    /// The word for it in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Notable => "note",
            Self::Wanting => "missing",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Whether it is in the way.
    pub verdict: Verdict,
    /// What was looked at.
    pub subject: String,
    /// How it is.
    pub says: String,
    /// What to do about it.
    pub advice: Option<String>,
}

/// Requests and points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Requests.
    pub requests: u64,
    /// Points of GraphQL.
    pub points: u64,
}

/// What GitHub still allows in this hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Points of an hour.
    pub limit: u64,
    /// Points that remain.
    pub remaining: u64,
    /// When they are counted anew.
    pub resets: Option<Moment>,
}

/// Which kind of night the next one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NightKind {
    /// Nothing is known yet.
    First,
    /// Every repository is listed.
    Sweep,
    /// What was pushed is listed.
    BetweenSweeps,
}

impl NightKind {
    /// The word for it in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Sweep => "sweep",
            Self::BetweenSweeps => "between-sweeps",
        }
    }
}

/// What the next collect takes of one organisation's GitHub: an estimate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The organisation.
    pub organisation: Box<str>,
    /// How many repositories may be seen.
    pub repositories: u64,
    /// What may still be asked; `None` where nobody counts.
    pub allowance: Option<Allowance>,
    /// Which kind of night the next one is.
    pub kind: NightKind,
    /// The next one.
    pub tonight: Cost,
    /// One that knows nothing.
    pub cold: Cost,
    /// One that lists every repository when one in a hundred moved.
    pub warm: Cost,
}

/// How many calls the next collect makes to AWS: an estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// For accounts and the units they lie in.
    pub organization: u64,
    /// For the tags of accounts.
    pub tags: u64,
    /// For tag policies, when they are read.
    pub policies: u64,
    /// For counts of what carries no tag, when they are asked for.
    pub untagged: u64,
    /// For sessions of the crawl role and of the member roles.
    pub sessions: u64,
    /// For pages of resources.
    pub pages: u64,
    /// Pages of the largest listing, which follow one another.
    pub longest: u64,
    /// Listings with more than a page of which no night is known: they count as two pages.
    pub unknown: u64,
    /// Seconds that the longest chain of calls takes at the rate that AWS allows.
    pub seconds: u64,
    /// How many calls it took to say so.
    pub spent: u64,
}

impl Calls {
    /// All of the next night.
    pub const fn total(&self) -> u64 {
        self.organization + self.tags + self.policies + self.untagged + self.sessions + self.pages
    }
}

/// How one source would fare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prospect {
    /// Its name.
    pub source: Box<str>,
    /// The word for what it is.
    pub kind: &'static str,
    /// What was looked at, in order.
    pub remarks: Vec<Remark>,
    /// What it costs, for each organisation on GitHub.
    pub budgets: Vec<Budget>,
    /// What it costs at AWS.
    pub calls: Option<Calls>,
}

impl Prospect {
    /// Whether nothing would be missing.
    pub fn is_whole(&self) -> bool {
        self.remarks.iter().all(|remark| remark.verdict < Verdict::Wanting)
    }

    pub(super) fn good(&mut self, subject: impl Into<String>, says: impl Into<String>) {
        self.add(Verdict::Good, subject.into(), says.into(), None);
    }

    pub(super) fn notable(&mut self, subject: impl Into<String>, says: impl Into<String>, advice: &str) {
        self.add(Verdict::Notable, subject.into(), says.into(), Some(advice));
    }

    pub(super) fn wanting(&mut self, subject: impl Into<String>, says: impl Into<String>, advice: &str) {
        self.add(Verdict::Wanting, subject.into(), says.into(), Some(advice));
    }

    /// What holds of several organisations is said once.
    fn add(&mut self, verdict: Verdict, subject: String, says: String, advice: Option<&str>) {
        let remark = Remark { verdict, subject, says, advice: advice.map(str::to_owned) };
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }
}

/// Looks at every source of `settings`.
pub fn examine(settings: &Settings, progress: &dyn Progress) -> Vec<Prospect> {
    settings.sources.iter().map(|source| look_at(source, settings, progress)).collect()
}

fn look_at(source: &Source, settings: &Settings, progress: &dyn Progress) -> Prospect {
    let mut prospect =
        Prospect { source: source.name.clone(), kind: source.kind.word(), ..Prospect::default() };
    match &source.kind {
        SourceKind::Folder(_) => files::folder(source, &mut prospect),
        SourceKind::Git => git::look_at(source, settings, progress, &mut prospect),
        SourceKind::Github(asked) => super::github::look_at(source, asked, settings, &mut prospect),
        SourceKind::Aws(asked) => super::aws::look_at(source, asked, settings, progress, &mut prospect),
        SourceKind::AwsRecorded => files::recorded(source, &mut prospect),
        SourceKind::AwsTagReport => files::tag_reports(source, settings, &mut prospect),
        SourceKind::Focus => files::exports(source, &mut prospect),
        SourceKind::Facts => files::facts(source, &mut prospect),
    }
    prospect
}

/// Says whether the folder at `path`, which need not be there yet, can be written.
pub(super) fn look_at_folder_of_ours(subject: &str, path: &Path, prospect: &mut Prospect) {
    let shown = path.display();
    let there = path.ancestors().find(|folder| folder.symlink_metadata().is_ok());
    // A relative path begins in the working directory.
    let there = there.unwrap_or(Path::new("."));
    let advice = "name a folder that this user may write as the `path` of the source";
    if !there.is_dir() {
        prospect.wanting(subject, format!("`{}` is not a folder", there.display()), advice);
    } else if let Err(error) = access(there, Access::WRITE_OK | Access::EXEC_OK) {
        let reason = plain(&error.into());
        prospect.wanting(subject, format!("`{}` cannot be written: {reason}", there.display()), advice);
    } else if there == path {
        prospect.good(subject, format!("`{shown}` can be written"));
    } else {
        prospect.good(subject, format!("`{shown}` is not there yet and can be made"));
    }
}
