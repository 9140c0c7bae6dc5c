//! Reads the repositories of one owner in rounds: each is read as far as it is known, and what they miss is asked
//! for together, many files of many repositories in one question.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::folders::LookedThrough;
use super::kept::{Before, Stage as KeptStage};
use super::known::{Known, Reading, Wanted, is_blob};
use super::listing::{Asked, Listed, PAGE, Seen};
use super::night::Night;
use super::queries::{self, Answer, Slot};
use super::transport::Trouble;
use crate::collect::repository::{Examined, Plan};
use crate::collect::snapshot::{Carried, Revision};
use crate::collect::walk::Found;
use crate::day::Moment;

/// How many files and folders one question asks for. Each last change costs a hundredth of a point, and points
/// are rounded.
pub(super) const SLOTS: usize = 240;

/// How often repositories are read and found to miss something: folders below folders, then descriptors,
/// then documents.
const ROUNDS: usize = 32;

/// One repository on its way.
pub(super) struct Case {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) examined: Examined,
    pub(super) stage: Stage,
}

/// How far a repository is.
pub(super) enum Stage {
    /// Nothing is known of its content.
    Ask,
    /// It is read, and perhaps misses something; what is kept of it may be whole already.
    Read { known: Known, is_whole: bool },
    /// It cannot be read now, for this reason; it is what it was before, else as far as it is known.
    /// Whether that was said already, of all that were not listed.
    Before { known: Option<Known>, reason: String, is_said: bool },
    /// There is nothing more to do.
    Done,
}

impl Stage {
    /// It cannot be read now; it is what it was before.
    pub(super) fn before(reason: &str) -> Self {
        Self::Before { known: None, reason: reason.to_owned(), is_said: false }
    }
}

impl Case {
    /// Something of it was not given.
    fn fail(&mut self, reason: &str) {
        let reason = reason.to_owned();
        self.stage = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Read { known, .. } => Stage::Before { known: Some(known), reason, is_said: false },
            Stage::Ask => Stage::Before { known: None, reason, is_said: false },
            stage @ (Stage::Before { .. } | Stage::Done) => stage,
        };
    }
}

/// A question.
enum Job {
    /// What lies at the root of repositories.
    Roots(Vec<usize>),
    /// What lies at paths.
    Paths(Vec<Path>),
    /// The bytes of a file.
    Bytes { case: usize, path: String, oid: String },
}

/// A path in the repository of a case.
#[derive(Clone)]
struct Path {
    case: usize,
    path: String,
    dated: bool,
}

/// Reads the repositories of one owner.
pub(super) struct Crawl<'a> {
    pub(super) night: &'a Night<'a>,
    pub(super) asked: Asked<'a>,
    pub(super) heads: Heads,
}

/// The heads of repositories as they were listed the last time.
#[derive(Default)]
pub(super) struct Heads {
    at: Option<Moment>,
    by_id: BTreeMap<String, String>,
}

impl Heads {
    /// Those of a listing.
    pub(super) fn of(before: &Before) -> Self {
        let heads =
            before.repositories.iter().filter_map(|listed| Some((listed.id.clone(), listed.head.clone()?)));
        Self { at: Some(before.at), by_id: heads.collect() }
    }

    /// When a repository was seen to be what is known of it.
    fn last_seen(&self, id: &str, known: &Known) -> Moment {
        let was_listed = self.by_id.get(id).is_some_and(|head| **head == *known.commit.id);
        self.at.filter(|_| was_listed).map_or(known.seen, |at| at.max(known.seen))
    }
}

/// The cases, while questions about them are on their way.
type Cases = Mutex<Vec<Case>>;

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Crawl<'_> {
    /// Reads them all; each comes with its id.
    pub(super) async fn read(&self, cases: Vec<Case>) -> Vec<(String, Examined)> {
        let unknown: Vec<usize> = cases
            .iter()
            .enumerate()
            .filter(|(_, case)| matches!(case.stage, Stage::Ask))
            .map(|(at, _)| at)
            .collect();
        let cases = Mutex::new(cases);
        self.ask(&cases, unknown.chunks(PAGE).map(|ids| Job::Roots(ids.to_vec())).collect()).await;
        for _ in 0..ROUNDS {
            let jobs = self.round(&mut locked(&cases));
            if jobs.is_empty() {
                break;
            }
            self.ask(&cases, jobs).await;
        }
        let cases = cases.into_inner().unwrap_or_else(PoisonError::into_inner);
        cases.into_par_iter().map(|case| (case.id.clone(), self.end(case))).collect()
    }

    /// Reads every repository as far as it is known; gives what they miss.
    fn round(&self, cases: &mut [Case]) -> VecDeque<Job> {
        let missed: Vec<BTreeSet<Wanted>> = cases.par_iter_mut().map(|case| self.look(case)).collect();
        let mut jobs = VecDeque::new();
        let mut paths: Vec<Path> = Vec::new();
        for (case, wanted) in missed.into_iter().enumerate() {
            for wanted in wanted {
                match wanted {
                    Wanted::Bytes { path, oid } => jobs.push_back(Job::Bytes { case, path, oid }),
                    Wanted::Path { path, dated } => match paths.last_mut() {
                        Some(last) if last.case == case && last.path == path => last.dated |= dated,
                        _ => paths.push(Path { case, path, dated }),
                    },
                }
            }
        }
        jobs.extend(paths.chunks(SLOTS).map(|paths| Job::Paths(paths.to_vec())));
        jobs
    }

    /// Reads one repository as far as it is known; it is done when it misses nothing.
    fn look(&self, case: &mut Case) -> BTreeSet<Wanted> {
        let (known, is_whole) = match std::mem::replace(&mut case.stage, Stage::Done) {
            Stage::Read { known, is_whole } => (known, is_whole),
            stage => {
                case.stage = stage;
                return BTreeSet::new();
            }
        };
        let (examined, known, wanted) = self.examine(case.examined.clone(), known);
        if !wanted.is_empty() {
            case.stage = Stage::Read { known, is_whole: false };
            return wanted;
        }
        case.examined = examined;
        let missing = [
            known.is_undated.then_some("the last change of some of its files was not given"),
            (self.asked.review && known.owners_review.is_none())
                .then_some("what GitHub finds wrong in its `CODEOWNERS` was not given"),
        ];
        if missing.iter().any(Option::is_some) {
            case.examined.shortfalls.extend(missing.into_iter().flatten().map(str::to_owned));
            self.night.kept.drop_begun(&case.id);
        } else if !is_whole && let Err(reason) = self.night.kept.settle(&case.id, &known) {
            case.examined.shortfalls.push(reason);
        }
        self.night.progress.advanced(1);
        wanted
    }

    /// What can be read of a repository with what is known of it, and what is missed.
    fn examine(&self, mut examined: Examined, known: Known) -> (Examined, Known, BTreeSet<Wanted>) {
        let settings = self.night.settings;
        let reading = Reading::new(known);
        let through = LookedThrough {
            reading: &reading,
            folders: &self.night.asked.folders,
            formats: settings.formats,
        };
        let found = Found::beneath(&through, b"", settings.formats);
        let plan =
            Plan { root: Box::new(reading.clone()), from: String::new(), tree: None, found: Some(found) };
        examined.read(plan, settings, self.night.named);
        let (known, wanted) = reading.into_parts();
        examined.repository.revision = Revision::Commit(known.commit.id.clone());
        examined.repository.last_commit = Some(known.commit.clone());
        examined.repository.owners_review.clone_from(&known.owners_review);
        for file in &mut examined.files {
            file.last_change = known.changes.get(&*file.path).cloned();
        }
        (examined.sorted(), known, wanted)
    }

    /// What is shown of a repository in the end.
    fn end(&self, case: Case) -> Examined {
        let (partly, reason, is_said) = match case.stage {
            Stage::Done => return case.examined,
            Stage::Before { known, reason, is_said } => (known, reason, is_said),
            Stage::Ask => (None, "its content was not asked for".to_owned(), false),
            Stage::Read { known, .. } => (Some(known), "not all of it was read".to_owned(), false),
        };
        self.night.progress.advanced(1);
        let mut examined = case.examined;
        if let Some(before) = self.night.kept.known(&case.id, KeptStage::Whole) {
            let since = self.heads.last_seen(&case.id, &before);
            (examined, ..) = self.examine(examined, before);
            if !is_said {
                examined.shortfalls.push(format!("not read ({reason}); read as it was before"));
            }
            examined.repository.carried = Some(Carried { since, reason: reason.into() });
        } else if let Some(known) = partly {
            (examined, ..) = self.examine(examined, known);
            examined.shortfalls.push(reason);
        } else {
            examined.give_up(reason);
        }
        examined
    }

    /// Asks, several questions at once, and keeps the answers.
    async fn ask(&self, cases: &Cases, jobs: VecDeque<Job>) {
        let jobs = Mutex::new(jobs);
        let work = async || {
            while let Some(job) = { locked(&jobs).pop_front() } {
                let more = match job {
                    Job::Roots(these) => self.roots(cases, these).await,
                    Job::Paths(these) => self.paths(cases, these).await,
                    Job::Bytes { case, path, oid } => {
                        self.bytes(cases, case, &path, &oid).await;
                        Vec::new()
                    }
                };
                locked(&jobs).extend(more);
            }
        };
        // As many as the transport lets through at once.
        tokio::join!(work(), work(), work(), work(), work(), work(), work(), work());
    }

    async fn roots(&self, cases: &Cases, these: Vec<usize>) -> Vec<Job> {
        let ids: Vec<String> = these.iter().map(|at| locked(cases)[*at].id.clone()).collect();
        let answers = match self.asked.by_id(&ids, true).await {
            Ok(answers) => answers,
            Err(Trouble::TooMuch(_)) if these.len() > 1 => return halves(&these).map(Job::Roots).into(),
            Err(trouble) => {
                these.iter().for_each(|at| locked(cases)[*at].fail(trouble.reason()));
                return Vec::new();
            }
        };
        for (at, answer) in these.into_iter().zip(answers) {
            let case = &mut locked(cases)[at];
            case.stage = match answer {
                Ok(Seen { known: Some(known), .. }) => {
                    self.keep(&case.id, &known);
                    Stage::Read { known, is_whole: false }
                }
                Ok(Seen { listed: Listed { head: None, .. }, .. }) => self.night.without_commit(&case.id),
                Ok(_) => Stage::before("its content is not shown"),
                Err((true, _)) => Stage::before("gone while it was read"),
                Err((false, reason)) => Stage::before(&reason),
            };
        }
        Vec::new()
    }

    async fn paths(&self, cases: &Cases, these: Vec<Path>) -> Vec<Job> {
        // What belongs to a repository that failed meanwhile need not be asked.
        let (these, commits): (Vec<Path>, Vec<(String, String)>) = {
            let cases = locked(cases);
            let commit = |path: &Path| match &cases[path.case].stage {
                Stage::Read { known, .. } => Some((known.node.clone(), known.commit.id.to_string())),
                Stage::Ask | Stage::Before { .. } | Stage::Done => None,
            };
            these
                .into_iter()
                .filter_map(|path| Some((commit(&path)?, path)))
                .map(|(commit, path)| (path, commit))
                .unzip()
        };
        if these.is_empty() {
            return Vec::new();
        }
        let dated: Vec<bool> = these.iter().map(|path| path.dated).collect();
        let mut variables = Map::new();
        for (slot, (path, (node, _))) in these.iter().zip(&commits).enumerate() {
            variables.insert(format!("commit{slot}"), json!(node));
            variables.insert(format!("path{slot}"), json!(path.path));
        }
        let (client, query) = (self.asked.client, queries::files(&dated));
        let answer = client.query(self.asked.owner, "Files", &query, &Value::Object(variables)).await;
        let mut answer: Answer<BTreeMap<String, Option<Slot>>> = match answer {
            Ok(answer) => answer,
            Err(Trouble::TooMuch(_)) if these.len() > 1 => return halves(&these).map(Job::Paths).into(),
            Err(Trouble::TooMuch(_)) if these[0].dated => return vec![undated(&these[0])],
            Err(trouble) => {
                these.iter().for_each(|path| locked(cases)[path.case].fail(trouble.reason()));
                return Vec::new();
            }
        };
        let mut slots = answer.data.take().unwrap_or_default();
        let mut more = Vec::new();
        let mut touched = BTreeSet::new();
        for (slot, (path, (_, oid))) in these.iter().zip(&commits).enumerate() {
            let name = format!("file{slot}");
            let flaw = answer.flaw(&[name.as_str().into()]);
            let case = &mut locked(cases)[path.case];
            match (flaw, slots.remove(&name).flatten()) {
                (Some(flaw), None) if flaw.is_gone() => case.fail("gone while it was read"),
                (Some(_), _) if these.len() > 1 => more.push(Job::Paths(vec![path.clone()])),
                (Some(_), _) if path.dated => more.push(undated(path)),
                (Some(flaw), _) => case.fail(&flaw.reason()),
                (None, Some(answered)) if answered.oid == *oid => {
                    let Stage::Read { known, .. } = &mut case.stage else { continue };
                    match known.learn(&path.path, answered.file, answered.history) {
                        true => {
                            known.is_undated |= !path.dated && known.has_file(&path.path);
                            touched.insert(path.case);
                        }
                        false => case.fail("a part of the answer is missing"),
                    }
                }
                (None, _) => case.fail("its commit is not shown"),
            }
        }
        for case in touched {
            if let Case { id, stage: Stage::Read { known, .. }, .. } = &locked(cases)[case] {
                self.keep(id, known);
            }
        }
        more
    }

    async fn bytes(&self, cases: &Cases, case: usize, path: &str, oid: &str) {
        let name = locked(cases)[case].name.clone();
        let mut answer = self.asked.client.blob(&name, oid).await;
        // Its own name shows whether it is whole; what broke off may come whole the next time.
        if answer.as_ref().is_ok_and(|bytes| !is_blob(bytes, oid)) {
            answer = self.asked.client.blob(&name, oid).await;
        }
        let mut cases = locked(cases);
        let case = &mut cases[case];
        let Stage::Read { known, .. } = &mut case.stage else { return };
        let reason = match answer {
            Ok(bytes) => match known.learn_bytes(path, bytes) {
                true => return self.keep(&case.id, known),
                false => format!("`{path}` came damaged"),
            },
            Err(trouble) => trouble.to_string(),
        };
        case.fail(&reason);
    }

    /// Keeps what is known so far. That it cannot be kept costs questions, not answers; what is whole says so.
    fn keep(&self, id: &str, known: &Known) {
        let _ = self.night.kept.begin(id, known);
    }
}

/// A question that is too much, as two.
pub(super) fn halves<T: Clone>(these: &[T]) -> [Vec<T>; 2] {
    let (first, second) = these.split_at(these.len() / 2);
    [first.to_vec(), second.to_vec()]
}

/// The same question without the last change, which costs GitHub most.
fn undated(path: &Path) -> Job {
    Job::Paths(vec![Path { dated: false, ..path.clone() }])
}
