//! Who reviewed the revisions of exceptions before they came into the catalog: for each revision the merged pull
//! requests that brought it, with their reviews. What was merged does not change any more, so it is asked for once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::client::Client;
use super::kept::Kept;
use super::night::kept_for;
use super::queries::{self, Answer, Flaw, is_oid};
use super::transport::Trouble;
use crate::collect::git::blob_id;
use crate::collect::progress::Progress;
use crate::collect::runtime;
use crate::collect::snapshot::{CatalogFolder, CodeReview, HistoricText, PullRequest, Review, ReviewState};
use crate::day::Moment;
use crate::settings::{Github, Settings, Source};
use crate::words;

/// How many revisions one question asks about. Each takes up to 160 connections, and a hundred of them are a point.
const SLOTS: usize = 20;

/// Most revisions that are asked about in one night: a register has thousands of them at most.
const MOST_REVISIONS: usize = 20_000;

/// Pull requests of one commit that are looked at.
const MOST_REQUESTS: usize = 3;

/// Longest login that GitHub gives out, with room for those of apps.
const LONGEST_LOGIN: usize = 100;

/// The folder of the files whose revisions are asked about.
const EXCEPTIONS: &str = "exceptions/";

/// What GitHub said of revisions, by commit and path in the repository.
type Known = BTreeMap<String, Vec<PullRequest>>;

/// One revision of one file.
struct Revision<'a> {
    /// Path in the catalog folder.
    path: &'a Arc<str>,
    /// The catalog folder in its repository.
    folder: &'a str,
    written: &'a HistoricText,
}

impl Revision<'_> {
    /// What it is kept under. A commit is of one length, so nothing else looks like it.
    fn key(&self) -> String {
        format!("{} {}", self.written.commit.id, self.whole_path())
    }

    /// Path in the repository.
    fn whole_path(&self) -> String {
        match self.folder {
            "" => self.path.to_string(),
            folder => format!("{folder}/{}", self.path),
        }
    }

    fn review(&self, at: Moment, answer: Result<Vec<PullRequest>, Arc<str>>) -> CodeReview {
        CodeReview {
            path: Arc::clone(self.path),
            commit: Arc::clone(&self.written.commit.id),
            collected_at: at,
            answer,
        }
    }

    /// Whether `oid` is what git calls the file as this revision has it. A byte-order mark is part of what git keeps
    /// and not of the text.
    fn is(&self, oid: &str) -> bool {
        let text = self.written.text.read();
        [text.as_bytes().to_vec(), format!("\u{FEFF}{text}").into_bytes()]
            .iter()
            .any(|bytes| blob_id(bytes, oid).as_deref() == Some(oid))
    }
}

/// What GitHub knows of every revision of the exceptions in `folder`, and what is missing of it. Nothing when the
/// folder does not come from the GitHub that `asked` names.
pub(super) fn collect(
    source: &Source,
    asked: &Github,
    settings: &Settings,
    folder: &CatalogFolder,
    progress: &dyn Progress,
) -> (Vec<CodeReview>, Vec<String>) {
    let repository = folder.repository.url.as_deref().and_then(|url| asked.api.name_of(url));
    let Some(repository) = repository else {
        let reason =
            "the catalog folder is no clone of a repository there, so who reviewed exceptions is not known";
        return (Vec::new(), vec![reason.to_owned()]);
    };
    let mut revisions: Vec<Revision<'_>> = folder
        .files
        .iter()
        .filter(|file| file.path.starts_with(EXCEPTIONS))
        .flat_map(|file| {
            let revision = |written| Revision { path: &file.path, folder: &folder.folder, written };
            file.history.iter().map(revision)
        })
        .collect();
    let mut shortfalls = Vec::new();
    if revisions.len() > MOST_REVISIONS {
        // The newest say what is in force today.
        revisions.sort_by_key(|revision| std::cmp::Reverse(revision.written.commit.at));
        revisions.truncate(MOST_REVISIONS);
        shortfalls.push(format!("only the newest {MOST_REVISIONS} revisions of exceptions are asked about"));
    }
    if revisions.is_empty() {
        return (Vec::new(), shortfalls);
    }
    let asking = Asking { source, asked, settings, repository, progress };
    let answers = runtime::carry(asking.all(&revisions)).flatten();
    let answers = answers.unwrap_or_else(|reason| vec![Err(Arc::from(reason)); revisions.len()]);
    let reasons: BTreeSet<&str> =
        answers.iter().filter_map(|answer| answer.as_ref().err()).map(|reason| &**reason).collect();
    shortfalls
        .extend(reasons.iter().map(|reason| format!("who reviewed some exceptions is not known: {reason}")));
    let reviews = revisions.iter().zip(answers);
    (reviews.map(|(revision, answer)| revision.review(settings.now, answer)).collect(), shortfalls)
}

struct Asking<'a> {
    source: &'a Source,
    asked: &'a Github,
    settings: &'a Settings,
    /// Such as `org/name`.
    repository: String,
    progress: &'a dyn Progress,
}

impl Asking<'_> {
    async fn all(
        &self,
        revisions: &[Revision<'_>],
    ) -> Result<Vec<Result<Vec<PullRequest>, Arc<str>>>, String> {
        let form = kept_for(self.asked, self.settings);
        let kept = Kept::new(&self.source.path, &self.source.name, &self.asked.api.graphql(), form)?;
        let client = Client::new(&self.asked.api, self.settings)?;
        let mut known: Known = kept.reviews(&self.repository).unwrap_or_default();
        let mut refused: BTreeMap<String, Arc<str>> = BTreeMap::new();
        let unknown = revisions.iter().filter(|revision| !known.contains_key(&revision.key()));
        let unknown: Vec<&Revision<'_>> = unknown.collect();
        let what = format!("reading reviews of `{}`", self.repository);
        self.progress.started(&what, Some(unknown.len() as u64));
        let mut jobs: Vec<&[&Revision<'_>]> = unknown.chunks(SLOTS).rev().collect();
        while let Some(these) = jobs.pop() {
            match self.ask(&client, these).await {
                Ok(answers) => {
                    for (revision, answer) in these.iter().zip(answers) {
                        match answer {
                            Ok(requests) => _ = known.insert(revision.key(), requests),
                            Err(reason) => _ = refused.insert(revision.key(), reason.into()),
                        }
                    }
                    self.progress.advanced(these.len() as u64);
                    // That it cannot be kept costs questions, not answers.
                    let _ = self.keep(&kept, &known);
                }
                Err(Trouble::TooMuch(_)) if these.len() > 1 => {
                    let (first, second) = these.split_at(these.len() / 2);
                    jobs.extend([second, first]);
                }
                Err(trouble) => {
                    let reason: Arc<str> = trouble.reason().into();
                    refused.extend(these.iter().map(|revision| (revision.key(), Arc::clone(&reason))));
                }
            }
        }
        let (questions, _) = client.spent();
        let questions = usize::try_from(questions).unwrap_or(usize::MAX);
        self.progress.finished(&format!(
            "reviews of {}, with {}",
            words::count(revisions.len(), "revision", "revisions"),
            words::count(questions, "request", "requests"),
        ));
        let answer = |revision: &Revision<'_>| {
            let key = revision.key();
            match (known.get(&key), refused.get(&key)) {
                (Some(requests), _) => Ok(requests.clone()),
                (None, Some(reason)) => Err(Arc::clone(reason)),
                (None, None) => Err("it was not asked for".into()),
            }
        };
        Ok(revisions.iter().map(answer).collect())
    }

    /// Keeps what is final: what came with a pull request. A commit without one may yet be merged by one.
    fn keep(&self, kept: &Kept, known: &Known) -> Result<(), String> {
        let merged: BTreeMap<&String, &Vec<PullRequest>> =
            known.iter().filter(|(_, requests)| !requests.is_empty()).collect();
        kept.keep_reviews(&self.repository, &merged)
    }

    async fn ask(
        &self,
        client: &Client,
        these: &[&Revision<'_>],
    ) -> Result<Vec<Result<Vec<PullRequest>, String>>, Trouble> {
        let (owner, name) = self.repository.split_once('/').unwrap_or_default();
        let mut variables = Map::from_iter([
            ("owner".to_owned(), json!(owner)),
            ("name".to_owned(), json!(name)),
            ("most".to_owned(), json!(MOST_REQUESTS)),
        ]);
        for (slot, revision) in these.iter().enumerate() {
            variables.insert(format!("commit{slot}"), json!(revision.written.commit.id));
            variables.insert(format!("path{slot}"), json!(revision.whole_path()));
        }
        let query = queries::revisions(these.len());
        let answer = client.query(owner, "Revisions", &query, &Value::Object(variables)).await?;
        let mut answer: Answer<Data> = answer;
        let Some(mut repository) = answer.data.take().and_then(|data| data.repository) else {
            let reason = answer.errors.first().map_or_else(|| "it is not shown".to_owned(), Flaw::reason);
            let reason = format!("`{}`, which holds the catalog: {reason}", self.repository);
            return Err(Trouble::Refused(reason));
        };
        // It may be called otherwise by now than the address of the clone says.
        let name = std::mem::take(&mut repository.name_with_owner);
        Ok(these
            .iter()
            .enumerate()
            .map(|(slot, revision)| {
                let key = format!("commit{slot}");
                if let Some(flaw) = answer.flaw(&["repository".into(), key.as_str().into()]) {
                    return Err(flaw.reason());
                }
                // A commit that GitHub does not know came by no pull request of it.
                let Some(commit) = repository.commits.remove(&key).flatten() else { return Ok(Vec::new()) };
                let requests = commit.requests.ok_or_else(|| "its pull requests are not shown".to_owned())?;
                let mut merged = Vec::new();
                for request in requests.nodes.into_iter().flatten().filter(|request| request.merged) {
                    let of = request.base_repository.as_ref().map(|base| &*base.name_with_owner);
                    if of.is_some_and(|of| of.eq_ignore_ascii_case(&name)) {
                        merged.push(self.request(request, revision)?);
                    }
                }
                Ok(merged)
            })
            .collect())
    }

    /// A pull request as we keep it, or what is not shown of it.
    fn request(&self, request: Request, revision: &Revision<'_>) -> Result<PullRequest, String> {
        let number = request.number;
        let hidden = |what: &str| format!("{what} of pull request {number} is not shown");
        let merged_at = request.merged_at.as_deref().and_then(Moment::parse);
        let commits = request.commits.ok_or_else(|| hidden("what was committed"))?;
        let reviews = request.reviews.ok_or_else(|| hidden("who reviewed"))?;
        let mut are_all = commits.total_count == commits.nodes.len() as u64;
        let mut writers = vec![login(request.author)];
        for commit in commits.nodes {
            let authors = commit.and_then(|node| node.commit?.authors);
            are_all &= authors.as_ref().is_some_and(|all| all.total_count == all.nodes.len() as u64);
            writers.extend(authors.into_iter().flat_map(|all| all.nodes).map(|author| login(author?.user)));
        }
        let authors: BTreeSet<Arc<str>> = writers.iter().flatten().cloned().collect();
        Ok(PullRequest {
            number,
            url: self.asked.api.page_of(&format!("{}/pull/{number}", self.repository)).into(),
            merged_at: merged_at.ok_or_else(|| hidden("when it was merged"))?,
            authors: authors.into_iter().collect(),
            authors_are_known: are_all && writers.iter().all(Option::is_some),
            is_as_merged: request
                .head
                .and_then(|head| head.nodes.into_iter().flatten().next()?.commit?.file)
                .is_some_and(|file| is_oid(&file.oid) && revision.is(&file.oid)),
            head: Some(request.head_ref_oid)
                .filter(|oid| is_oid(oid))
                .ok_or_else(|| hidden("the end"))?
                .into(),
            reviews: reviews.nodes.into_iter().flatten().filter_map(review).collect(),
        })
    }
}

/// A review by somebody who has an account still; what nobody stands behind approves nothing.
fn review(said: Said) -> Option<Review> {
    let state = match &*said.state {
        "APPROVED" => ReviewState::Approved,
        "CHANGES_REQUESTED" => ReviewState::ChangesRequested,
        "DISMISSED" => ReviewState::Dismissed,
        _ => return None,
    };
    Some(Review {
        by: login(said.author)?,
        state,
        at: Moment::parse(&said.submitted_at?)?,
        commit: said.commit.filter(|commit| is_oid(&commit.oid)).map(|commit| commit.oid.into()),
    })
}

fn login(actor: Option<Actor>) -> Option<Arc<str>> {
    let login = actor?.login;
    let is_sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '[' | ']');
    (!login.is_empty() && login.len() <= LONGEST_LOGIN && login.chars().all(is_sound)).then(|| login.into())
}

#[derive(Deserialize)]
struct Data {
    repository: Option<Repository>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Repository {
    #[serde(default)]
    name_with_owner: String,
    #[serde(flatten)]
    commits: BTreeMap<String, Option<Commit>>,
}

#[derive(Deserialize)]
struct Commit {
    requests: Option<Nodes<Request>>,
}

#[derive(Deserialize)]
struct Nodes<T> {
    nodes: Vec<Option<T>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    number: u64,
    merged: bool,
    merged_at: Option<String>,
    #[serde(default)]
    head_ref_oid: String,
    base_repository: Option<Named>,
    author: Option<Actor>,
    commits: Option<Counted<Committed>>,
    head: Option<Nodes<Committed>>,
    reviews: Option<Nodes<Said>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    name_with_owner: String,
}

#[derive(Deserialize)]
struct Actor {
    login: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counted<T> {
    total_count: u64,
    nodes: Vec<Option<T>>,
}

#[derive(Deserialize)]
struct Committed {
    commit: Option<Written>,
}

#[derive(Deserialize)]
struct Written {
    authors: Option<Counted<Author>>,
    file: Option<Entry>,
}

#[derive(Deserialize)]
struct Author {
    user: Option<Actor>,
}

#[derive(Deserialize)]
struct Entry {
    oid: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    state: String,
    submitted_at: Option<String>,
    author: Option<Actor>,
    commit: Option<Object>,
}

#[derive(Deserialize)]
struct Object {
    oid: String,
}
