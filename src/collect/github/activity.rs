//! Asks what happened to repositories that hold descriptors: how the builds of their default branches ended, and what
//! was deployed to production. It is asked after everything else, so that trouble with it costs nothing else.

mod answers;
mod ends;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;

use self::answers::{BUILDS_NEED, ById, DEPLOYMENTS_NEED, Older, Page, Progress, Repository, refusal};
use super::client::Client;
use super::kept::Kept;
use super::queries::{Answer, Flaw};
use super::transport::Trouble;
use crate::collect::snapshot::{Activity, Builds, Deployment, Deployments, Happened};
use crate::day::Moment;
use crate::settings::{Also, Github};
use crate::words;

const ACTIVITY: &str = concat!(include_str!("activity.graphql"), "\n", include_str!("deployed.graphql"));
const OLDER: &str =
    concat!(include_str!("deployments_after.graphql"), "\n", include_str!("deployed.graphql"));

/// How far back we look: four weeks, so that every day of the week counts as often.
const WINDOW: i64 = 28 * 24 * 60 * 60;

/// How many repositories one question is about: what it costs is then one point.
pub(super) const PER_QUESTION: usize = 50;

/// How many pages of older deployments are asked for of one repository.
const MOST_PAGES: u32 = 10;

/// How many names a reason lists.
const NAMES_SHOWN: usize = 3;

/// A repository that is asked about.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) id: String,
    pub(super) name: Arc<str>,
}

/// Asks about the repositories of one owner.
pub(super) struct Asking<'a> {
    pub(super) client: &'a Client,
    pub(super) asked: &'a Github,
    pub(super) kept: &'a Kept,
    pub(super) source: &'a str,
    pub(super) owner: &'a str,
    pub(super) now: Moment,
}

/// What is known of one repository so far.
#[derive(Default)]
struct Case {
    builds: Option<Result<Builds, String>>,
    refused: Option<String>,
    /// From when on the deployments are all there.
    since: Option<Moment>,
    deployments: BTreeMap<String, Seen>,
    /// The newest deployment that lies before the window.
    before: Option<Seen>,
}

/// A deployment that may be to production.
struct Seen {
    names: Vec<Arc<str>>,
    created_at: Moment,
    committed_at: Option<Moment>,
    progress: Progress,
}

/// A page of older deployments.
struct Next {
    case: usize,
    after: String,
    page: u32,
}

/// What is still to be asked about builds and deployments together, and about how many repositories at once.
struct Waiting {
    these: VecDeque<usize>,
    /// Of which only builds are asked for, because deployments were refused.
    builds_only: BTreeSet<usize>,
    size: usize,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Asking<'_> {
    /// What happened to `subjects`, and why some of it is not known.
    pub(super) async fn all(&self, subjects: &[Subject]) -> (Vec<Activity>, Vec<String>) {
        let cases: Vec<Mutex<Case>> = subjects.iter().map(|_| Mutex::default()).collect();
        let older = Mutex::new(VecDeque::new());
        let these = (0..subjects.len()).collect();
        let waiting = Mutex::new(Waiting { these, builds_only: BTreeSet::new(), size: PER_QUESTION });
        let work = async || self.newest(subjects, &cases, &waiting, &older).await;
        // Few at once: these are the questions that GitHub has most work with.
        tokio::join!(work(), work(), work());
        let work = async || self.older(subjects, &cases, &older).await;
        tokio::join!(work(), work(), work());
        let mut cases: Vec<Case> =
            cases.into_iter().map(|case| case.into_inner().unwrap_or_else(PoisonError::into_inner)).collect();
        self.ends(&mut cases).await;
        self.told(subjects, cases)
    }

    fn wants(&self, also: Also) -> bool {
        self.asked.also.contains(&also)
    }

    fn window(&self) -> Moment {
        Moment::from_unix_seconds(self.now.unix_seconds() - WINDOW).unwrap_or(self.now)
    }

    /// Asks for builds and the newest deployments until nothing waits.
    async fn newest(
        &self,
        subjects: &[Subject],
        cases: &[Mutex<Case>],
        waiting: &Mutex<Waiting>,
        older: &Mutex<VecDeque<Next>>,
    ) {
        loop {
            let (these, deployments) = {
                let mut waiting = locked(waiting);
                let Some(first) = waiting.these.front() else { return };
                let only = waiting.builds_only.contains(first);
                let alike = waiting.these.iter().take_while(|at| waiting.builds_only.contains(at) == only);
                let size = alike.take(waiting.size).count();
                (waiting.these.drain(..size).collect::<Vec<_>>(), !only && self.wants(Also::Deployments))
            };
            let ids: Vec<&str> = these.iter().map(|at| &*subjects[*at].id).collect();
            let variables = json!({
                "ids": ids, "since": self.window().to_string(),
                "builds": self.wants(Also::Builds), "deployments": deployments,
            });
            let answer = self.client.query(self.owner, "Activity", ACTIVITY, &variables).await;
            let mut answer: Answer<ById<Repository>> = match answer {
                Ok(answer) => answer,
                Err(Trouble::TooMuch(_)) if these.len() > 1 => {
                    let mut waiting = locked(waiting);
                    waiting.size = these.len() / 2;
                    these.into_iter().rev().for_each(|at| waiting.these.push_front(at));
                    continue;
                }
                Err(trouble) => {
                    these.iter().for_each(|at| self.refuse(&mut locked(&cases[*at]), trouble.reason()));
                    continue;
                }
            };
            let Some(data) = answer.data.take().filter(|data| data.nodes.len() == these.len()) else {
                let reason = answer.errors.first().map_or("its answer is short".to_owned(), Flaw::reason);
                these.iter().for_each(|at| self.refuse(&mut locked(&cases[*at]), &reason));
                continue;
            };
            let mut once_more = Vec::new();
            for (position, (at, node)) in these.into_iter().zip(data.nodes).enumerate() {
                let path = ["nodes".into(), position.into()];
                let flaw = |field: &str| answer.flaw(&[&path[..], &[field.into()]].concat());
                let mut case = locked(&cases[at]);
                let Some(node) = node.filter(|node| node.id == subjects[at].id) else {
                    // What may not be null and is refused takes along what lies around it.
                    match answer.flaw(&path) {
                        Some(flaw) if deployments && flaw.path.get(2) == Some(&"deployments".into()) => {
                            case.refused = Some(refusal(flaw, DEPLOYMENTS_NEED));
                            once_more.extend(self.wants(Also::Builds).then_some(at));
                        }
                        flaw => {
                            self.refuse(&mut case, &flaw.map_or("it is not shown".to_owned(), Flaw::reason))
                        }
                    }
                    continue;
                };
                if self.wants(Also::Builds) {
                    let refused = flaw("defaultBranchRef").map(|flaw| refusal(flaw, BUILDS_NEED));
                    let told = answers::builds(node.default_branch_ref);
                    let told = told.ok_or_else(|| "its history is not shown".to_owned());
                    case.builds = Some(refused.map_or(told, Err));
                }
                if deployments {
                    let refused = flaw("deployments").map(|flaw| refusal(flaw, DEPLOYMENTS_NEED));
                    let page = node.deployments.ok_or_else(|| "its deployments are not shown".to_owned());
                    let next = refused.map_or(page, Err).and_then(|page| self.take(&mut case, page, 0));
                    match next {
                        Ok(next) => locked(older).extend(next.map(|after| Next { case: at, after, page: 1 })),
                        Err(reason) => case.refused = Some(reason),
                    }
                }
            }
            let mut waiting = locked(waiting);
            waiting.builds_only.extend(&once_more);
            waiting.these.extend(once_more);
            waiting.size = (waiting.size + 1).min(PER_QUESTION);
        }
    }

    /// Nothing is told of a repository.
    fn refuse(&self, case: &mut Case, reason: &str) {
        if self.wants(Also::Builds) {
            case.builds = Some(Err(reason.to_owned()));
        }
        if self.wants(Also::Deployments) {
            case.refused.get_or_insert(reason.to_owned());
        }
    }

    /// Asks for older deployments until nothing waits.
    async fn older(&self, subjects: &[Subject], cases: &[Mutex<Case>], older: &Mutex<VecDeque<Next>>) {
        while let Some(Next { case, after, page }) = { locked(older).pop_front() } {
            let variables = json!({ "id": subjects[case].id, "after": after });
            let answer = self.client.query(self.owner, "DeploymentsAfter", OLDER, &variables).await;
            let told: Result<Page, String> = match answer {
                Ok(Answer::<Older> { data, errors }) => {
                    let told = data.and_then(|data| data.node).and_then(|node| node.deployments);
                    match (errors.first(), told) {
                        (Some(flaw), _) => Err(refusal(flaw, DEPLOYMENTS_NEED)),
                        (None, told) => told.ok_or_else(|| "its deployments are not shown".to_owned()),
                    }
                }
                Err(trouble) => Err(trouble.to_string()),
            };
            let mut case_now = locked(&cases[case]);
            match told.and_then(|told| self.take(&mut case_now, told, page)) {
                Ok(Some(next)) if next != after => {
                    locked(older).push_back(Next { case, after: next, page: page + 1 });
                }
                Ok(Some(_)) => case_now.refused = Some(ENDLESS.to_owned()),
                Ok(None) => {}
                Err(reason) => case_now.refused = Some(reason),
            }
        }
    }

    /// Keeps the deployments of a page; gives where the next begins, when there is one that is wanted.
    fn take(&self, case: &mut Case, page: Page, number: u32) -> Result<Option<String>, String> {
        let senseless = || "its deployments make no sense".to_owned();
        let window = self.window();
        let mut oldest = None;
        for one in page.nodes.ok_or_else(senseless)? {
            let one = one.ok_or_else(senseless)?;
            let created_at = Moment::parse(&one.created_at).ok_or_else(senseless)?;
            let progress = answers::progress(one.latest_status.as_ref()).ok_or_else(senseless)?;
            oldest = Some(oldest.map_or(created_at, |oldest: Moment| oldest.min(created_at)));
            let names =
                answers::names(one.environment.as_deref().unwrap_or_default(), &self.asked.production);
            if names.is_empty() {
                continue;
            }
            let committed_at = one.commit.and_then(|commit| Moment::parse(&commit.committed_date));
            let seen = Seen { names, created_at, committed_at, progress };
            if created_at >= window {
                case.deployments.insert(one.id, seen);
            } else if case.before.as_ref().is_none_or(|before| before.created_at < created_at) {
                case.before = Some(seen);
            }
        }
        let is_covered = !page.page_info.has_next_page || oldest.is_some_and(|oldest| oldest < window);
        if is_covered {
            case.since = Some(window);
            return Ok(None);
        }
        if number == MOST_PAGES {
            // Of the second in which the last began there may be more.
            let whole_from = oldest.and_then(|oldest| Moment::from_unix_seconds(oldest.unix_seconds() + 1));
            case.since = Some(whole_from.ok_or_else(senseless)?);
            return Ok(None);
        }
        page.page_info.end_cursor.map(Some).ok_or_else(|| ENDLESS.to_owned())
    }

    /// What is told in the end.
    fn told(&self, subjects: &[Subject], cases: Vec<Case>) -> (Vec<Activity>, Vec<String>) {
        let mut activities = Vec::new();
        let mut missing: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
        for (subject, case) in subjects.iter().zip(cases) {
            let mut tell = |what: Happened| {
                let reason = match &what {
                    Happened::Builds(Err(reason)) => Some(("builds", reason.to_string())),
                    Happened::Deployments(Err(reason)) => Some(("deployments", reason.to_string())),
                    Happened::Builds(Ok(_)) | Happened::Deployments(Ok(_)) => None,
                };
                if let Some(reason) = reason {
                    missing.entry(reason).or_default().push(&subject.name);
                }
                activities.push(Activity {
                    repository: Arc::clone(&subject.name),
                    source: self.source.into(),
                    collected_at: Moment::from_unix_seconds(self.now.unix_seconds()).unwrap_or(self.now),
                    what,
                });
            };
            if let Some(builds) = &case.builds {
                tell(Happened::Builds(builds.clone().map_err(Arc::from)));
            }
            if self.wants(Also::Deployments) {
                tell(Happened::Deployments(case.into_deployments().map_err(Arc::from)));
            }
        }
        let missing = missing.into_iter().map(|((what, reason), names)| {
            format!("{what} of {} are not known ({reason})", words::first(&names, NAMES_SHOWN))
        });
        let missing = missing.collect();
        (activities, missing)
    }
}

/// Why a list of deployments is not believed.
const ENDLESS: &str = "the list of its deployments does not say where it goes on";

impl Case {
    fn into_deployments(self) -> Result<Deployments, String> {
        if let Some(reason) = self.refused {
            return Err(reason);
        }
        let since = self.since.ok_or_else(|| "not all of its deployments were read".to_owned())?;
        let seen = self.deployments.into_values().chain(self.before);
        let one = |seen: Seen| Deployment {
            names: seen.names,
            created_at: seen.created_at,
            committed_at: seen.committed_at,
            end: match seen.progress {
                Progress::Ended(end) => Some(end),
                Progress::Open | Progress::Inactive => None,
            },
        };
        let mut list: Vec<Deployment> = seen.map(one).collect();
        list.sort_by_key(|one| std::cmp::Reverse((one.created_at, one.committed_at)));
        Ok(Deployments { since, list })
    }
}
