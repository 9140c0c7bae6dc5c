//! Who reviewed the revisions of exceptions, asked of the stand-in about a real history of git.

use std::path::Path;

use milepost::assess::{Assessment, ExceptionState};
use milepost::catalog::{Catalog, configuration};
use milepost::collect::snapshot::{CatalogFolder, ReviewState, Snapshot, SourceState};
use milepost::collect::{self, Silent};
use milepost::day::Day;
use milepost::diagnostic::Diagnostics;
use milepost::settings::{Also, Github, GithubAccess, Limits, Secret};
use serde_json::{Value, json};

use super::super::{Place, now, reason, report, settings};
use super::hub::{Exchange, Fault, Hub, PASSING};
use super::{asked, repository, world};

const EXCEPTION: &str = "exceptionId: EX-2026-0001\nservice: quote\ncontrol: encryption\nrisk: low\nreason: old engine\n\
                         requestedBy: checkout\nrequestedAt: 2026-09-01\nexpiresAt: 2026-12-31\n\
                         compensatingControls: [no customer data]\n";
const FILE: &str = "exceptions/EX-2026-0001.yaml";

/// A catalog in a folder of its repository, with one exception that has two revisions.
struct Kept {
    place: Place,
    hub: Hub,
    commits: [String; 2],
}

impl Kept {
    fn new() -> Self {
        let place = Place::new();
        place.init("platform");
        place.write("platform/catalog/milepost.yaml", CONFIGURATION);
        for (path, text) in RECORDS {
            place.write(&format!("platform/catalog/{path}"), text);
        }
        place.write(&format!("platform/catalog/{FILE}"), EXCEPTION);
        let first = place.commit("platform", "2026-09-03");
        place.write(&format!("platform/catalog/{FILE}"), format!("{EXCEPTION}owner: '@mira'\n"));
        let second = place.commit("platform", "2026-10-01");
        let mut house = repository(1, "platform");
        house.commit("2026-10-01", &[("README.md", "hello")]);
        house.reviewed.insert(first.clone(), merged(7, &place.blob(&first), "rook"));
        let hub = Hub::serve(world(vec![house]));
        place.git("platform", &["remote", "add", "origin", &format!("{}/Example/platform.git", hub.api())]);
        Self { place, hub, commits: [first, second] }
    }

    fn folder(&self) -> CatalogFolder {
        let path = self.place.at("platform/catalog");
        collect::catalog_folder(&path, true, Limits::default()).expect("a folder")
    }

    fn collect(&self) -> Snapshot {
        self.collect_of(&self.folder(), vec![Also::Reviews])
    }

    fn collect_of(&self, folder: &CatalogFolder, also: Vec<Also>) -> Snapshot {
        let source = self.place.source(Github { also, ..asked(&self.hub) });
        let access = GithubAccess { token: Some(Secret::new("s3cret")), ..GithubAccess::nobody(now()) };
        let settings = settings(vec![source], access);
        let mut snapshot = collect::collect(&settings, &super::super::named, &Silent);
        collect::code_reviews(&settings, folder, &mut snapshot, &Silent);
        snapshot
    }
}

impl Place {
    fn blob(&self, commit: &str) -> String {
        self.git("platform", &["rev-parse", &format!("{commit}:catalog/{FILE}")])
    }
}

const CONFIGURATION: &str = "organisation: {name: Example}\nsources: []\n";
const RECORDS: [(&str, &str); 3] = [
    ("controls/encryption.yaml", "controlId: encryption\ntitle: Data is encrypted\n"),
    ("teams/security.yaml", "teamId: security\nmembers: ['@rook']\n"),
    ("policy/exceptions.yaml", "approvals: verified\nrisks: {low: {approvers: [security]}}\n"),
];

const HEAD: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// What GitHub tells of a commit that came with a merged pull request, in which the file was `blob`.
fn merged(number: u64, blob: &str, by: &str) -> Value {
    let review = json!({
        "state": "APPROVED", "submittedAt": "2026-09-02T10:00:00Z", "author": { "login": by }, "commit": { "oid": HEAD },
    });
    let authors = json!({ "totalCount": 1, "nodes": [{ "user": { "login": "wren" } }] });
    json!({ "requests": { "nodes": [{
        "number": number, "merged": true, "mergedAt": "2026-09-03T11:00:00Z", "headRefOid": HEAD,
        "baseRepository": { "nameWithOwner": "example/platform" }, "author": { "login": "wren" },
        "commits": { "totalCount": 1, "nodes": [{ "commit": { "authors": authors } }] },
        "head": { "nodes": [{ "commit": { "file": { "oid": blob } } }] },
        "reviews": { "nodes": [review] },
    }] } })
}

/// What is asked and answered, for the judges.
pub(super) fn exchanges() -> Vec<Exchange> {
    let kept = Kept::new();
    kept.hub.record();
    kept.collect();
    kept.hub.exchanges().into_iter().filter(|exchange| exchange.operation == "Revisions").collect()
}

#[test]
fn a_review_proves_the_approval_of_an_exception() {
    let kept = Kept::new();
    let folder = kept.folder();
    let snapshot = kept.collect();
    assert_eq!(reason(&snapshot), "");
    let known: Vec<_> = snapshot.reviews.iter().map(|review| &*review.commit).collect();
    let mut commits: Vec<&str> = kept.commits.iter().map(|commit| &**commit).collect();
    commits.sort_unstable();
    assert_eq!(known, commits);
    let first = snapshot.reviews.iter().find(|review| *review.commit == *kept.commits[0]).expect("asked");
    let request = &first.answer.as_ref().expect("an answer")[0];
    assert_eq!(&*request.url, format!("{}/Example/platform/pull/7", kept.hub.api()));
    assert!(request.is_as_merged && request.authors_are_known);
    assert_eq!(request.authors, ["wren".into()]);
    assert_eq!((&*request.reviews[0].by, request.reviews[0].state), ("rook", ReviewState::Approved));

    let mut diagnostics = Diagnostics::default();
    let configuration = configuration::read(CONFIGURATION, Path::new("milepost.yaml"), &mut diagnostics);
    let judge = |snapshot: &Snapshot| {
        let catalog = Catalog::resolve(snapshot, &folder, configuration.as_ref().expect("a configuration"));
        let assessment = Assessment::of(&catalog, Day::parse("2026-11-21").expect("a day"), now());
        (assessment.exceptions[0].state, assessment.exceptions[0].approvals.clone())
    };
    let (state, approvals) = judge(&snapshot);
    assert_eq!(state, ExceptionState::Active);
    let proof = approvals[0].proof.as_ref().expect("a proof");
    assert_eq!((&*proof.by, proof.at.to_string().as_str()), ("rook", "2026-09-02"));
    let nobody_asked = kept.collect_of(&folder, Vec::new());
    assert_eq!(nobody_asked.reviews, []);
    assert_eq!(judge(&nobody_asked).0, ExceptionState::Pending);
}

#[test]
fn a_repository_that_was_renamed_keeps_its_reviews() {
    let kept = Kept::new();
    let commit = kept.commits[0].clone();
    kept.hub.change(|world| {
        // It answers to its old name, and says the new one.
        let said = world.repositories[0].reviewed.get_mut(&commit).expect("it is there");
        said["requests"]["nodes"][0]["baseRepository"]["nameWithOwner"] = json!("example/catalog");
        world.repositories[0].formerly = vec!["example/platform".to_owned()];
        world.repositories[0].name = "example/catalog".to_owned();
    });
    let snapshot = kept.collect();
    assert_eq!(reason(&snapshot), "");
    assert!(snapshot.reviews.iter().any(|review| review.answer.as_ref().is_ok_and(|all| all.len() == 1)));
}

#[test]
fn what_was_merged_is_asked_for_once() {
    let kept = Kept::new();
    let first = kept.collect();
    kept.hub.change(|world| {
        let (first, of_platform) =
            (world.repositories[0].reviewed.keys().next().cloned(), &mut world.repositories[0]);
        of_platform.reviewed.remove(&first.expect("a commit"));
    });
    assert_eq!(kept.collect().reviews, first.reviews, "it is kept, though GitHub would say otherwise now");
}

#[test]
fn every_request_failed_once_in_turn_loses_no_review() {
    let kept = Kept::new();
    let whole = kept.collect();
    let cold = kept.hub.spent().0;
    for number in 1..=cold {
        for fault in PASSING {
            std::fs::remove_dir_all(kept.place.at("kept")).expect("removed");
            kept.hub.fail_at(number, fault);
            let snapshot = kept.collect();
            assert_eq!(reason(&snapshot), "", "request {number} failed with {fault:?}");
            assert_eq!(snapshot.reviews, whole.reviews, "request {number} failed with {fault:?}");
        }
    }
}

#[test]
fn a_night_without_an_answer_leaves_it_unknown_and_an_earlier_one_stands_in() {
    let kept = Kept::new();
    let before = kept.collect();
    std::fs::remove_dir_all(kept.place.at("kept")).expect("removed");
    kept.hub.fail_always(Some(Fault::Unauthorized));
    let mut blind = kept.collect();
    assert_eq!(report(&blind).state, SourceState::Failed);
    assert!(blind.reviews.iter().all(|review| review.answer.is_err()) && blind.reviews.len() == 2);
    blind.carry_over(&before, None);
    assert_eq!(blind.reviews, before.reviews);
}

#[test]
fn a_refusal_of_one_commit_costs_that_commit() {
    let kept = Kept::new();
    kept.hub.garble(|_, body| {
        let mut answer: Value = serde_json::from_slice(body).expect("JSON");
        if answer["data"]["repository"].get("commit0").is_some() {
            answer["data"]["repository"]["commit0"] = Value::Null;
            let path = ["repository", "commit0", "requests"];
            answer["errors"] =
                json!([{ "type": "FORBIDDEN", "message": "Resource not accessible", "path": path }]);
        }
        *body = answer.to_string().into_bytes();
    });
    let snapshot = kept.collect();
    assert_eq!(report(&snapshot).state, SourceState::Partial);
    assert!(reason(&snapshot).contains("who reviewed some exceptions is not known: Resource not accessible"));
    assert_eq!(snapshot.reviews.iter().filter(|review| review.answer.is_err()).count(), 1);
}

#[test]
fn a_pull_request_that_is_open_or_of_another_repository_brings_nothing() {
    for (key, value) in
        [("merged", json!(false)), ("baseRepository", json!({ "nameWithOwner": "mallory/platform" }))]
    {
        let kept = Kept::new();
        let commit = kept.commits[0].clone();
        kept.hub.change(|world| {
            let said = world.repositories[0].reviewed.get_mut(&commit).expect("it is there");
            said["requests"]["nodes"][0][key] = value;
        });
        let snapshot = kept.collect();
        assert_eq!(reason(&snapshot), "");
        assert!(snapshot.reviews.iter().all(|review| review.answer == Ok(Vec::new())), "{key}");
    }
}

#[test]
fn what_cannot_be_true_proves_nothing() {
    let odd = |change: fn(&mut Value)| {
        let kept = Kept::new();
        let commit = kept.commits[0].clone();
        kept.hub.change(|world| {
            let said = world.repositories[0].reviewed.get_mut(&commit).expect("it is there");
            change(&mut said["requests"]["nodes"][0]);
        });
        let snapshot = kept.collect();
        let review = snapshot.reviews.into_iter().find(|review| *review.commit == *commit).expect("asked");
        review.answer
    };
    let one = |change| odd(change).expect("an answer").remove(0);
    assert!(!one(|request| request["head"]["nodes"][0]["commit"]["file"]["oid"] = json!(HEAD)).is_as_merged);
    assert!(!one(|request| request["head"]["nodes"][0]["commit"]["file"] = Value::Null).is_as_merged);
    assert!(!one(|request| request["commits"]["totalCount"] = json!(101)).authors_are_known);
    assert!(!one(|request| request["author"] = Value::Null).authors_are_known);
    let stranger = one(|request| {
        request["commits"]["nodes"][0]["commit"]["authors"]["nodes"][0]["user"] = Value::Null;
    });
    assert!(!stranger.authors_are_known);
    let many = one(|request| request["commits"]["nodes"][0]["commit"]["authors"]["totalCount"] = json!(11));
    assert!(!many.authors_are_known);
    let together = one(|request| {
        let authors = &mut request["commits"]["nodes"][0]["commit"]["authors"];
        *authors = json!({ "totalCount": 2, "nodes": [{ "user": { "login": "wren" } }, { "user": { "login": "rook" } }] });
    });
    assert_eq!(
        together.authors,
        ["rook".into(), "wren".into()],
        "who wrote it together with somebody wrote it"
    );
    let gone = one(|request| request["reviews"]["nodes"][0]["author"] = Value::Null);
    assert_eq!(gone.reviews, []);
    let script = one(|request| request["reviews"]["nodes"][0]["author"]["login"] = json!("<script>rook"));
    assert_eq!(script.reviews, []);
    assert!(odd(|request| request["mergedAt"] = json!("yesterday")).is_err());
    assert!(odd(|request| request["reviews"] = Value::Null).is_err());
    assert!(odd(|request| request["headRefOid"] = json!("--upload-pack")).is_err());
}

#[test]
fn a_catalog_from_elsewhere_is_said_to_be() {
    let kept = Kept::new();
    let mut folder = kept.folder();
    folder.repository.url = Some("https://git.example.com/example/platform".into());
    let snapshot = kept.collect_of(&folder, vec![Also::Reviews]);
    assert_eq!(report(&snapshot).state, SourceState::Partial);
    assert!(reason(&snapshot).contains("the catalog folder is no clone of a repository there"));
}
