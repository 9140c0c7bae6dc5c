//! Publishing as a whole, to a target in memory that can be made to stop at any question: what readers see in between,
//! and what the next run makes of it.

mod afterwards;
mod in_place;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use super::apply::{ApplyError, Outcome, Progress};
use super::edge::Edge;
use super::lock::{self, LockError, Owner};
use super::manifest::{self, Invalidation, Manifest, Mode, POINTER, Pointer};
use super::plan::{Impossible, Plan, Wish, releases};
use super::run::{self, Run, RunError, Task};
use super::source;
use super::store::memory::Memory;
use super::store::{Condition, Store, StoreError};
use crate::day::Moment;
use crate::settings::Interruption;

type Files<'a> = &'a [(&'a str, &'a str)];

const OLD: Files<'static> =
    &[("index.html", "old"), ("a/index.html", "same"), ("b/index.html", "gone"), ("x.json", "1")];
const NEW: Files<'static> = &[
    ("index.html", "new"),
    ("a/index.html", "same"),
    ("c/d/index.html", "fresh"),
    ("x.json", "2"),
    ("copy.txt", "1"),
];

struct Silent;

impl Progress for Silent {
    fn started(&self, _: &str, _: usize) {}
    fn advanced(&self) {}
    fn finished(&self, _: &str) {}
}

/// A network that remembers what it was told, and fails when asked to.
#[derive(Default)]
struct Heard {
    told: std::sync::Mutex<Vec<Invalidation>>,
    fails: bool,
}

impl Edge for Heard {
    async fn invalidate(&self, what: &Invalidation) -> Result<String, StoreError> {
        if self.fails {
            return Err(StoreError::failed("telling", &"no"));
        }
        self.told.lock().expect("no other thread failed").push(what.clone());
        Ok("I1".to_owned())
    }
}

/// What is asked for in a test.
#[derive(Clone)]
struct Asked<'a> {
    mode: Mode,
    day: &'a str,
    accepted: Option<String>,
    distribution: Option<String>,
    owner: &'a str,
    is_applied: bool,
}

fn asked(mode: Mode, day: &str) -> Asked<'_> {
    Asked { mode, day, accepted: None, distribution: None, owner: "me", is_applied: true }
}

fn moment(day: &str) -> Moment {
    Moment::parse(&format!("2026-11-{day}T03:00:00Z")).expect("a moment")
}

fn owner(nonce: &str) -> Owner {
    Owner { by: nonce.to_owned(), nonce: nonce.to_owned(), machine: None, process: None }
}

fn write(folder: &Path, files: Files<'_>) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("creates");
        fs::write(path, text).expect("writes");
    }
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(work)
}

fn carry_out(
    store: &Memory,
    edge: &Heard,
    task: Task,
    asked: &Asked<'_>,
) -> (Result<Outcome, RunError>, Option<Plan>) {
    let files = match &task {
        Task::Publish(folder) => source::read(folder, false).expect("a site"),
        Task::Rollback(_) => Vec::new(),
    };
    let wish = Wish {
        mode: asked.mode,
        site: manifest::digest_of(&files),
        files,
        now: moment(asked.day),
        by: asked.owner.to_owned(),
        distribution: asked.distribution.clone(),
        accepted: asked.accepted.clone(),
    };
    let plan = std::sync::Mutex::new(None);
    let run = Run {
        task,
        wish,
        owner: owner(asked.owner),
        began: (moment(asked.day), Instant::now()),
        // Whoever was killed in these tests ran here.
        is_dead: &|owner| owner.nonce == "killed",
        jobs: 3,
        is_applied: asked.is_applied,
        interruption: Interruption::default(),
        progress: &Silent,
    };
    let told = |told: &Plan| *plan.lock().expect("no other thread failed") = Some(told.clone());
    let done = wait(run::run(store, edge, run, told));
    (done, plan.into_inner().expect("no other thread failed"))
}

fn publish(store: &Memory, files: Files<'_>, asked: &Asked<'_>) -> Result<Outcome, RunError> {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), files);
    carry_out(store, &Heard::default(), Task::Publish(folder.path().to_owned()), asked).0
}

fn pointer(store: &Memory) -> Option<Pointer> {
    Pointer::parse(&store.objects().get(POINTER)?.bytes)
}

/// What readers who follow the pointer see.
fn seen(store: &Memory) -> BTreeMap<String, String> {
    let Some(release) = pointer(store).and_then(|pointer| pointer.release) else { return BTreeMap::new() };
    below(store, &releases::folder(&release))
}

fn below(store: &Memory, folder: &str) -> BTreeMap<String, String> {
    let objects = store.objects().into_iter();
    let site = objects.filter(|(key, _)| !key.starts_with(".milepost/"));
    site.filter_map(|(key, object)| {
        Some((key.strip_prefix(folder)?.to_owned(), String::from_utf8(object.bytes).expect("text")))
    })
    .collect()
}

fn expected(files: Files<'_>) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn what_did_not_change_is_not_sent_and_takes_two_questions() {
    for mode in [Mode::Releases, Mode::InPlace] {
        let store = Memory::default();
        publish(&store, OLD, &asked(mode, "20")).expect("publishes");
        let before = store.objects();
        store.end_at(None);
        assert_eq!(publish(&store, OLD, &asked(mode, "21")).expect("publishes"), Outcome::default());
        assert_eq!((store.requests(), store.objects() == before), (2, true), "{mode:?}");
    }
}

#[test]
fn what_changed_is_sent_and_the_rest_is_copied_there() {
    let store = Memory::default();
    let first = publish(&store, OLD, &asked(Mode::Releases, "20")).expect("publishes");
    assert_eq!((first.sent, first.copied), (4, 0));
    let second = publish(&store, NEW, &asked(Mode::Releases, "21")).expect("publishes");
    // `copy.txt` has the bytes that `x.json` had.
    assert_eq!((second.sent, second.copied), (3, 2));
    assert_eq!(seen(&store), expected(NEW));
    // Back to what was published before: that is there, whole, and nothing is sent.
    let third = publish(&store, OLD, &asked(Mode::Releases, "22")).expect("publishes");
    assert_eq!((third.sent, third.copied), (0, 0));
    assert_eq!((seen(&store), pointer(&store).expect("there").run), (expected(OLD), 3));
}

#[test]
fn nothing_is_done_without_being_asked_to() {
    let store = Memory::default();
    let only_planned = Asked { is_applied: false, ..asked(Mode::Releases, "20") };
    publish(&store, OLD, &only_planned).expect("plans");
    assert!(store.objects().is_empty());
    publish(&store, OLD, &asked(Mode::Releases, "20")).expect("publishes");
    let before = store.objects();
    publish(&store, NEW, &only_planned).expect("plans");
    assert!(store.objects() == before);
}

#[test]
fn a_run_that_ends_at_any_question_leaves_the_old_site_or_the_new_one() {
    let start = Memory::default();
    publish(&start, OLD, &asked(Mode::Releases, "20")).expect("publishes");
    for question in 1.. {
        let store = start.fork();
        store.end_at(Some(question));
        let killed = Asked { owner: "killed", ..asked(Mode::Releases, "21") };
        let done = publish(&store, NEW, &killed);
        let found = seen(&store);
        assert!(found == expected(OLD) || found == expected(NEW), "{question}: {found:?}");
        store.end_at(None);
        let again = publish(&store, NEW, &asked(Mode::Releases, "21")).expect("publishes");
        assert_eq!(seen(&store), expected(NEW), "{question}");
        if done.is_ok() {
            assert_eq!(again, Outcome::default());
            return;
        }
        // Days later, nothing is left of what was begun and never read.
        publish(&store, OLD, &asked(Mode::Releases, "23")).expect("publishes");
        assert_eq!(pointer(&store).expect("there").releases.len(), 2, "{question}");
    }
}

#[test]
fn what_was_sent_before_a_run_was_killed_is_not_sent_again() {
    let store = Memory::default();
    // Lock, pointer, listing twice; manifest; two of four files.
    store.end_at(Some(9));
    publish(&store, OLD, &Asked { owner: "killed", ..asked(Mode::Releases, "20") }).expect_err("is killed");
    let sent = store.sent().len();
    assert!((1..4).contains(&sent), "{sent}");
    store.end_at(None);
    let outcome = publish(&store, OLD, &asked(Mode::Releases, "20")).expect("publishes");
    assert_eq!(outcome.sent, 4 - sent);
}

#[test]
fn lost_or_spoiled_notes_cost_time_and_never_truth() {
    for mode in [Mode::Releases, Mode::InPlace] {
        let start = Memory::default();
        publish(&start, OLD, &asked(mode, "20")).expect("publishes");
        let manifest = Manifest::key(&pointer(&start).and_then(|pointer| pointer.release).expect("there"));
        for key in [POINTER, &manifest] {
            for spoiled in [None, Some(""), Some("{}"), Some("null"), Some("<html>")] {
                let store = start.fork();
                match spoiled {
                    None => store.lose(key),
                    Some(text) => store.plant(key, text),
                }
                publish(&store, NEW, &asked(mode, "21")).expect("publishes");
                let found = if mode == Mode::Releases { seen(&store) } else { below(&store, "") };
                let all = expected(NEW);
                assert!(
                    all.iter().all(|(path, text)| found.get(path) == Some(text)),
                    "{mode:?} {key} {spoiled:?}"
                );
            }
        }
    }
}

#[test]
fn what_somebody_took_away_or_changed_is_put_back() {
    for (mode, page) in [(Mode::Releases, "releases/000001-"), (Mode::InPlace, "index.html")] {
        let store = Memory::default();
        publish(&store, OLD, &asked(mode, "20")).expect("publishes");
        let key = store.objects().into_keys().find(|key| key.starts_with(page) && key.ends_with("html"));
        let folder = key.expect("a page").strip_suffix("index.html").expect("it ends so")
            [..if mode == Mode::Releases { 29 } else { 0 }]
            .to_owned();
        store.plant(&format!("{folder}index.html"), "odd");
        publish(&store, OLD, &asked(mode, "21")).expect("publishes");
        assert_eq!(below(&store, &folder), expected(OLD), "{mode:?}");
        // A source of copies that is not what it was is not copied.
        store.plant(&format!("{folder}a/index.html"), "oddly");
        publish(&store, NEW, &asked(mode, "22")).expect("publishes");
        if mode == Mode::Releases {
            assert_eq!(seen(&store), expected(NEW));
        }
    }
}

#[test]
fn two_runs_do_not_work_at_once() {
    let store = Memory::default();
    publish(&store, OLD, &asked(Mode::Releases, "20")).expect("publishes");
    let other = wait(lock::Lock::take(&store, &owner("other"), moment("21"), &|_| false)).expect("locks");
    let refused = publish(&store, NEW, &asked(Mode::Releases, "21")).expect_err("refuses");
    assert!(matches!(refused, RunError::Lock(LockError::Held { .. })), "{refused}");
    assert!(refused.to_string().contains("`other`"), "{refused}");
    // Five minutes without a word, and it is anybody's.
    publish(&store, NEW, &asked(Mode::Releases, "22")).expect("publishes");
    assert_eq!(seen(&store), expected(NEW));
    wait(other.release(&store)).expect("it is gone already");
}

#[test]
fn a_late_run_does_not_overwrite_a_newer_one() {
    let store = Memory::default();
    publish(&store, OLD, &asked(Mode::Releases, "20")).expect("publishes");
    let (text, tag) = wait(store.read(POINTER)).expect("reads").expect("there");
    publish(&store, NEW, &asked(Mode::Releases, "21")).expect("publishes");
    let late = wait(store.write(POINTER, &text, &Condition::Unchanged(tag)));
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
}
