//! One night at GitHub: lists the repositories of every owner, says which are left out and why, and has the
//! others read.

use std::sync::Arc;

use super::activity::{Asking, Subject};
use super::client::Client;
use super::crawl::{Case, Crawl, Heads, Stage};
use super::firsts;
use super::kept::{Before, Kept, Stage as KeptStage};
use super::listing::{Asked, Doubt, Listed, Seen};
use super::people;
use crate::collect::exclusion;
use crate::collect::files::NamedFiles;
use crate::collect::folder::{idle_exclusions, summary};
use crate::collect::outcome::{Outcome, together};
use crate::collect::progress::Progress;
use crate::collect::repository::Examined;
use crate::collect::runtime;
use crate::collect::snapshot::{Directory, FileRole, RepositoryState};
use crate::day::Moment;
use crate::settings::{Also, Format, Github, Settings, Source};
use crate::words;

/// How much earlier than it is due a sweep may come, in seconds.
const SLACK: u64 = 60 * 60;

/// What is the same for every repository of a source.
pub(super) struct Night<'a> {
    pub(super) source: &'a Source,
    pub(super) asked: &'a Github,
    pub(super) settings: &'a Settings,
    pub(super) named: &'a NamedFiles<'a>,
    pub(super) progress: &'a dyn Progress,
    pub(super) kept: Kept,
}

/// Reads every repository that `asked` names, or says why none can be read.
pub(super) fn collect(
    source: &Source,
    asked: &Github,
    settings: &Settings,
    named: &NamedFiles<'_>,
    progress: &dyn Progress,
) -> Result<Outcome, String> {
    let kept = Kept::new(&source.path, &source.name, &asked.api.graphql(), kept_for(asked, settings))?;
    let night = Night { source, asked, settings, named, progress, kept };
    runtime::carry(night.all())?
}

/// Whether GitHub is asked what is wrong in `CODEOWNERS`.
fn reviews_owners(asked: &Github, settings: &Settings) -> bool {
    asked.also.contains(&Also::People) && settings.formats.has(Format::Codeowners)
}

/// What is kept apart: with more asked of each repository, what was kept without it is not enough.
pub(super) fn kept_for(asked: &Github, settings: &Settings) -> &'static str {
    if reviews_owners(asked, settings) { "owners" } else { "" }
}

/// A moment in whole seconds, because that is what is kept of it.
fn whole(moment: Moment) -> Moment {
    Moment::from_unix_seconds(moment.unix_seconds()).unwrap_or(moment)
}

impl Night<'_> {
    async fn all(&self) -> Result<Outcome, String> {
        let client = Arc::new(Client::new(&self.asked.api, self.settings)?);
        let mut outcome = Outcome::default();
        let mut unlisted = Vec::new();
        let mut described = Vec::new();
        for owner in &self.asked.organisations {
            match self.owner(&client, owner, &mut outcome).await {
                Ok(subjects) => described.push((&**owner, subjects)),
                Err(reason) => {
                    outcome.unlisted.push(Arc::from(&**owner));
                    unlisted.push(format!("`{owner}`: {reason}"));
                }
            }
            if self.asked.also.contains(&Also::People) {
                self.people(&client, owner, &mut outcome).await;
            }
        }
        if unlisted.len() == self.asked.organisations.len() {
            return Err(together(&unlisted));
        }
        for (owner, subjects) in described {
            self.activity(&client, owner, &subjects, &mut outcome).await;
        }
        outcome.shortfalls.splice(0..0, unlisted);
        outcome.items = outcome.repositories.len() as u64;
        outcome.notes.extend(idle_exclusions(self.source, self.settings, &outcome.repositories));
        let (questions, points) = client.spent();
        self.progress.finished(&format!(
            "{}, with {} and {}",
            summary(self.source, &outcome.repositories),
            words::count(usize::try_from(questions).unwrap_or(usize::MAX), "request", "requests"),
            words::count(usize::try_from(points).unwrap_or(usize::MAX), "point", "points"),
        ));
        Ok(outcome)
    }

    /// Asks who belongs to one owner.
    async fn people(&self, client: &Client, owner: &str, outcome: &mut Outcome) {
        self.progress.started(&format!("listing teams and people of `{owner}`"), None);
        let answer = people::Asking { client, organisation: owner }.people().await;
        let said = match &answer {
            Ok(Some(people)) => {
                let teams = words::count(people.teams.len(), "team", "teams");
                format!(
                    "`{owner}` has {teams} and {}",
                    words::count(people.members.len(), "person", "people")
                )
            }
            Ok(None) => format!("`{owner}` is a person, and has no teams"),
            Err(_) => format!("the teams and people of `{owner}` are not known"),
        };
        self.progress.finished(&said);
        if let Err(reason) = &answer {
            outcome.shortfalls.push(format!("{said}: {reason}"));
        }
        if let Some(answer) = answer.transpose() {
            outcome.directories.push(Directory {
                source: Arc::from(&*self.source.name),
                organisation: Arc::from(owner),
                collected_at: whole(self.settings.now),
                carried: None,
                answer: answer.map_err(Arc::from),
            });
        }
    }

    /// Asks what happened to repositories, if that is wanted.
    async fn activity(&self, client: &Client, owner: &str, subjects: &[Subject], outcome: &mut Outcome) {
        let wants = |also: &Also| matches!(also, Also::Builds | Also::Deployments);
        if subjects.is_empty() || !self.asked.also.iter().any(wants) {
            return;
        }
        self.progress.started(&format!("asking for builds and deployments of `{owner}`"), None);
        let (source, now) = (&*self.source.name, self.settings.now);
        let asking = Asking { client, asked: self.asked, kept: &self.kept, source, owner, now };
        let (activities, missing) = asking.all(subjects).await;
        outcome.activities.extend(activities);
        outcome.shortfalls.extend(missing);
    }

    /// Reads the repositories of one owner, or says why nothing is known of them. Gives those that hold descriptors.
    async fn owner(
        &self,
        client: &Client,
        owner: &str,
        outcome: &mut Outcome,
    ) -> Result<Vec<Subject>, String> {
        self.progress.started(&format!("listing repositories of `{owner}`"), None);
        let owners = self.settings.formats.has(Format::Codeowners);
        let topics = !self.asked.topics.is_empty();
        let review = reviews_owners(self.asked, self.settings);
        let asked = Asked { client, owner, owners, review, topics, now: whole(self.settings.now) };
        let before = self.kept.listing(owner);
        let heads = before.as_ref().map(Heads::of).unwrap_or_default();
        let stands =
            before.as_ref().filter(|before| is_between_sweeps(self.asked, before, self.settings.now));
        let listed = match stands {
            Some(before) => asked.pushed_since(&before.repositories, &mut |seen| self.begin(seen)).await,
            None => Ok(None),
        };
        let seen = match listed {
            Ok(Some(seen)) => {
                let swept = before.as_ref().map_or(asked.now, |before| before.swept);
                self.keep_listing(&asked, &seen, swept)?;
                Ok(seen)
            }
            Ok(None) => self.sweep(&asked, before.as_ref(), outcome).await,
            Err(reason) => Err(reason),
        };
        let seen = match seen {
            Ok(seen) => seen,
            Err(reason) => {
                let before = before.ok_or_else(|| format!("not listed: {reason}"))?.repositories.into_iter();
                let reason = format!("`{owner}` was not listed ({reason})");
                outcome.shortfalls.push(format!("{reason}; its repositories are read as they were before"));
                let doubt = || Some(Doubt::Before { reason: reason.clone(), is_said: true });
                before.map(|listed| Seen { listed, known: None, doubt: doubt() }).collect()
            }
        };
        let found = words::count(seen.len(), "repository", "repositories");
        self.progress.finished(&format!("`{owner}` has {found}"));
        self.progress.started(&format!("reading repositories of `{owner}`"), Some(seen.len() as u64));
        let cases = seen.into_iter().map(|seen| self.case(client, seen)).collect();
        let crawl = Crawl { night: self, asked, heads };
        let mut all = crawl.read(cases).await;
        let undated = firsts::add(&mut all, client, &self.kept, owner).await;
        if undated > 0 {
            let those = words::count(undated, "descriptor", "descriptors");
            outcome.notes.push(format!("the first change of {those} of `{owner}` is not known yet"));
        }
        let mut described = Vec::new();
        for (id, examined) in all {
            let name = &examined.repository.name;
            outcome.shortfalls.extend(examined.shortfalls.iter().map(|why| format!("`{name}`: {why}")));
            if examined.files.iter().any(|file| file.role == FileRole::Descriptor) {
                described.push(Subject { id, name: Arc::clone(name) });
            }
            outcome.repositories.push((examined.repository, examined.files));
        }
        Ok(described)
    }

    /// Lists every repository, and finds out what became of those that were listed before and are not now.
    async fn sweep(
        &self,
        asked: &Asked<'_>,
        before: Option<&Before>,
        outcome: &mut Outcome,
    ) -> Result<Vec<Seen>, String> {
        // On the first night nothing is known of any; later, of nearly all.
        let is_first = before.is_none();
        let listing = asked.list(is_first, &mut |seen| self.begin(seen)).await?;
        let mut seen = listing.seen;
        if listing.hidden > 0 {
            let hidden = usize::try_from(listing.hidden).unwrap_or(usize::MAX);
            let hidden = words::count(hidden, "repository", "repositories");
            outcome
                .shortfalls
                .push(format!("{hidden} of `{}` may not be seen with these credentials", asked.owner));
        }
        let before = before.map(|before| before.repositories.clone()).unwrap_or_default();
        let (still_there, gone) = asked.missing(before, &seen).await;
        seen.extend(still_there);
        self.keep_listing(asked, &seen, asked.now)?;
        for id in gone {
            self.kept.forget(&id);
        }
        Ok(seen)
    }

    fn keep_listing(&self, asked: &Asked<'_>, seen: &[Seen], swept: Moment) -> Result<(), String> {
        let repositories = seen.iter().map(|seen| seen.listed.clone()).collect();
        self.kept
            .keep_listing(asked.owner, &Before { at: asked.now, swept, topics: asked.topics, repositories })
    }

    /// Keeps what was said of repositories, so that a night that is ended here goes on from here. Tells of how
    /// many nothing was known.
    fn begin(&self, seen: &[Seen]) -> Result<usize, String> {
        self.progress.advanced(seen.len() as u64);
        let mut unknown = 0;
        for seen in seen.iter().filter(|seen| !self.need_not_ask(&seen.listed)) {
            unknown += 1;
            if let Some(known) = &seen.known {
                self.kept.begin(&seen.listed.id, known)?;
            }
        }
        Ok(unknown)
    }

    /// Whether the content of a repository is not asked for, or was before.
    fn need_not_ask(&self, listed: &Listed) -> bool {
        let Some(head) = &listed.head else { return true };
        left_out(self.asked, listed).is_some()
            || exclusion::that_holds(&self.source.exclude, &listed.name, self.settings.today).is_some()
            || self.kept.has(&listed.id, head)
    }

    /// What is to be done with a repository.
    fn case(&self, client: &Client, seen: Seen) -> Case {
        let Seen { listed, known, doubt } = seen;
        let mut examined = Examined::new(&listed.name, self.source);
        examined.repository.url = Some(client.page_of(&listed.name).into());
        let stage = if examined.is_excluded(self.source, self.settings) {
            Stage::Done
        } else if let Some(reason) = left_out(self.asked, &listed) {
            examined.repository.state =
                RepositoryState::Excluded { reason: reason.into(), by: None, until: None };
            Stage::Done
        } else {
            match (doubt, &listed.head) {
                (Some(Doubt::Before { .. }), None)
                    if self.kept.known(&listed.id, KeptStage::Whole).is_none() =>
                {
                    Stage::Done
                }
                (Some(Doubt::Before { reason, is_said }), _) => {
                    Stage::Before { known: None, reason, is_said }
                }
                (Some(Doubt::Flawed), _) => Stage::Ask,
                (None, None) => self.without_commit(&listed.id),
                (None, Some(head)) => self.at_commit(&listed.id, head, known),
            }
        };
        Case { id: listed.id, name: listed.name, examined, stage }
    }

    /// A repository without a commit is empty; one that had some before is not believed to be.
    pub(super) fn without_commit(&self, id: &str) -> Stage {
        match self.kept.known(id, KeptStage::Whole) {
            Some(_) => Stage::before("its default branch is gone"),
            None => Stage::Done,
        }
    }

    fn at_commit(&self, id: &str, head: &str, said: Option<super::known::Known>) -> Stage {
        for (stage, is_whole) in [(KeptStage::Whole, true), (KeptStage::Begun, false)] {
            if let Some(known) = self.kept.known(id, stage).filter(|known| *known.commit.id == *head) {
                return Stage::Read { known, is_whole };
            }
        }
        said.map_or(Stage::Ask, |known| Stage::Read { known, is_whole: false })
    }
}

/// Whether the last listing stands, because the next sweep is not due.
pub(super) fn is_between_sweeps(asked: &Github, before: &Before, now: Moment) -> bool {
    // Nights do not begin on the second.
    let due = asked.sweep.map_or(0, |sweep| sweep.seconds().saturating_sub(SLACK));
    (before.topics || asked.topics.is_empty()) && now.since(before.swept).seconds() < due
}

/// Why the configuration leaves a repository out, apart from its exclusions.
pub(super) fn left_out(asked: &Github, listed: &Listed) -> Option<String> {
    if !asked.include.is_empty() && !asked.include.iter().any(|one| exclusion::names(one, &listed.name)) {
        return Some("not one of the repositories that `include` names".to_owned());
    }
    if listed.archived && !asked.archived {
        return Some("archived on GitHub".to_owned());
    }
    if listed.fork && !asked.forks {
        return Some("a fork".to_owned());
    }
    if !asked.visibility.is_empty() && !asked.visibility.iter().any(|one| one.word() == listed.visibility) {
        return Some(format!("not read because it is {}", listed.visibility));
    }
    let has_topic = listed.topics.iter().any(|topic| asked.topics.iter().any(|one| **one == **topic));
    (!asked.topics.is_empty() && !has_topic).then(|| {
        let topics: Vec<&str> = asked.topics.iter().map(|topic| &**topic).collect();
        format!("without the topic {}", words::alternatives(&topics))
    })
}
