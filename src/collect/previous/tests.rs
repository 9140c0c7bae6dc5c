//! Three answers, never two: there, gone, and not seen; and a guard between the second and the third.

use super::*;
use crate::collect::snapshot::{CatalogFolder, FactsFile, RepositoryIndex};
use crate::collect::text::Text;

pub(super) const MONDAY: &str = "2026-11-16T03:00:00Z";
pub(super) const TUESDAY: &str = "2026-11-17T03:00:00Z";
const WEDNESDAY: &str = "2026-11-18T03:00:00Z";

pub(super) fn moment(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

fn descriptor(path: &str, text: &str) -> File {
    File {
        repository: RepositoryIndex(0),
        path: path.into(),
        role: FileRole::Descriptor,
        size: text.len() as u64,
        content: Content::Text(Text::new(text)),
        last_change: None,
        first_change: None,
        first_text: None,
        history: Vec::new(),
    }
}

fn repository(name: &str, state: RepositoryState) -> Repository {
    Repository { name: name.into(), source: "git".into(), state, ..CatalogFolder::none().repository }
}

pub(super) fn read(name: &str) -> Held {
    (repository(name, RepositoryState::Read), vec![descriptor("service.yaml", name)])
}

fn unreadable(name: &str) -> Held {
    (repository(name, RepositoryState::Unreadable { reason: "no answer".into() }), Vec::new())
}

/// A run of the source `git` that met these repositories.
pub(super) fn run(at: &str, held: Vec<Held>) -> Snapshot {
    let is_whole = held.iter().all(|(one, _)| !matches!(one.state, RepositoryState::Unreadable { .. }));
    let report = SourceReport {
        name: "git".into(),
        kind: "git".into(),
        state: if is_whole { SourceState::Ok } else { SourceState::Partial },
        collected_at: moment(at),
        stale_since: None,
        items: held.len() as u64,
        reason: (!is_whole).then(|| "something is missing".into()),
        withheld: None,
        unlisted: Vec::new(),
        notes: Vec::new(),
    };
    let mut snapshot =
        Snapshot { collected_at: Some(moment(at)), sources: vec![report], ..Snapshot::default() };
    snapshot.take(held);
    snapshot
}

fn failed(at: &str) -> Snapshot {
    let mut snapshot = run(at, Vec::new());
    snapshot.sources[0].state = SourceState::Failed;
    snapshot.sources[0].reason = Some("the server is away".into());
    snapshot
}

fn many(count: usize) -> Vec<Held> {
    (0..count).map(|number| read(&format!("example/parcel-{number:03}"))).collect()
}

fn names(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.repositories.iter().map(|repository| &*repository.name).collect()
}

fn after(mut now: Snapshot, previous: &Snapshot) -> Snapshot {
    now.carry_over(previous, None);
    now
}

fn since(snapshot: &Snapshot, name: &str) -> Option<String> {
    let repository = snapshot.repositories.iter().find(|one| &*one.name == name).expect("it is there");
    repository.carried.as_ref().map(|carried| carried.since.to_string())
}

#[test]
fn a_source_that_fails_takes_nothing_away_and_says_since_when() {
    let monday = run(MONDAY, vec![read("a"), read("b")]);
    let tuesday = after(failed(TUESDAY), &monday);
    assert_eq!(names(&tuesday), ["a", "b"]);
    assert_eq!(tuesday.files.len(), 2);
    let report = &tuesday.sources[0];
    assert_eq!((report.state, report.items), (SourceState::Stale, 2));
    assert_eq!(report.stale_since, Some(moment(MONDAY)));
    let wednesday = after(failed(WEDNESDAY), &tuesday);
    assert_eq!(since(&wednesday, "a").as_deref(), Some(MONDAY), "it was not seen on Tuesday");
    assert_eq!(wednesday.sources[0].stale_since, Some(moment(MONDAY)));
    let again = after(run(WEDNESDAY, vec![read("a"), read("b")]), &tuesday);
    assert_eq!((since(&again, "a"), again.sources[0].stale_since), (None, None), "seen again");
}

#[test]
fn a_source_that_fails_and_was_never_read_stays_failed() {
    let tuesday = after(failed(TUESDAY), &run(MONDAY, Vec::new()));
    assert_eq!(tuesday.sources[0].state, SourceState::Failed);
    assert_eq!(tuesday.sources[0].stale_since, None);
}

#[test]
fn facts_of_a_source_that_fails_are_kept_as_they_were() {
    let mut monday = run(MONDAY, Vec::new());
    let facts = |source: &str| FactsFile {
        source: source.into(),
        path: "cost.csv".into(),
        content: Content::Text(Text::new("x")),
    };
    monday.facts = vec![facts("git"), facts("other")];
    let tuesday = after(failed(TUESDAY), &monday);
    assert_eq!(tuesday.facts, [facts("git")], "the other source is no longer configured");
    assert_eq!((tuesday.sources[0].state, tuesday.sources[0].items), (SourceState::Stale, 1));
}

#[test]
fn repositories_of_an_owner_that_was_not_listed_are_as_they_were() {
    for gone in [&["b/only"][..], &["b/only", "b/other"]] {
        let there = std::iter::once("a/one").chain(gone.iter().copied());
        let monday = run(MONDAY, there.map(read).collect());
        let mut tuesday = run(TUESDAY, vec![read("a/one")]);
        tuesday.sources[0].state = SourceState::Partial;
        tuesday.sources[0].unlisted = vec!["B".into()];
        let tuesday = after(tuesday, &monday);
        assert_eq!((since(&tuesday, "a/one"), since(&tuesday, "b/only").as_deref()), (None, Some(MONDAY)));
        let report = &tuesday.sources[0];
        assert_eq!(
            (&report.withheld, tuesday.repositories.len()),
            (&None, 1 + gone.len()),
            "nobody need accept it"
        );
        assert!(report.notes.is_empty(), "{:?}", report.notes);
    }
}

#[test]
fn one_file_of_facts_that_cannot_be_read_is_as_it_was() {
    let file = |path: &str, content: Content| FactsFile { source: "git".into(), path: path.into(), content };
    let text = |text: &str| Content::Text(Text::new(text));
    let broken = || Content::Unreadable { reason: "an error of the disk".into() };
    let mut monday = run(MONDAY, Vec::new());
    monday.facts = vec![file("a.csv", text("a")), file("b.csv", text("b")), file("c.csv", text("c"))];
    let mut tuesday = run(TUESDAY, Vec::new());
    let large = || Content::TooLarge { limit: 1 };
    tuesday.facts = vec![file("a.csv", broken()), file("b.csv", large()), file("d.csv", broken())];
    tuesday.sources[0].state = SourceState::Partial;
    let tuesday = after(tuesday, &monday);
    assert_eq!(tuesday.facts, [file("a.csv", text("a")), file("b.csv", large()), file("d.csv", broken())]);
    let report = &tuesday.sources[0];
    assert_eq!((report.state, report.stale_since), (SourceState::Partial, monday.collected_at));
    assert_eq!(report.notes, [format!("the facts in `a.csv` are those of the run of {MONDAY}").into()]);
}

#[test]
fn one_repository_that_cannot_be_read_is_as_it_was() {
    let monday = run(MONDAY, vec![read("a"), read("b")]);
    let tuesday = after(run(TUESDAY, vec![read("a"), unreadable("b")]), &monday);
    assert_eq!((since(&tuesday, "a"), since(&tuesday, "b").as_deref()), (None, Some(MONDAY)));
    assert_eq!(tuesday.repositories[1].state, RepositoryState::Read);
    assert_eq!(tuesday.repositories[1].carried.as_ref().map(|carried| &*carried.reason), Some("no answer"));
    assert_eq!(tuesday.sources[0].state, SourceState::Partial);
}

#[test]
fn a_repository_that_was_never_read_stays_unreadable() {
    let monday = run(MONDAY, vec![unreadable("a")]);
    let tuesday = after(run(TUESDAY, vec![unreadable("a"), unreadable("b")]), &monday);
    assert!(tuesday.repositories.iter().all(|one| one.carried.is_none()));
    assert!(tuesday.repositories.iter().all(|one| one.state != RepositoryState::Read));
}

#[test]
fn a_damaged_clone_is_known_by_its_folder() {
    let monday = run(MONDAY, vec![read("example/quote"), read("example/label")]);
    let tuesday = after(run(TUESDAY, vec![unreadable("quote"), read("example/label")]), &monday);
    assert_eq!(names(&tuesday), ["example/label", "example/quote"]);
    assert_eq!(since(&tuesday, "example/quote").as_deref(), Some(MONDAY));
    // Two owners have a repository of that name: which one it is, nobody knows.
    let monday = run(MONDAY, vec![read("example/quote"), read("other/quote")]);
    let tuesday = after(run(TUESDAY, vec![unreadable("quote")]), &monday);
    assert_eq!(names(&tuesday), ["quote"]);
}

#[test]
fn what_a_whole_listing_no_longer_names_is_gone_and_said() {
    let monday = run(MONDAY, many(40));
    let tuesday = after(run(TUESDAY, many(40).split_off(10)), &monday);
    assert_eq!(tuesday.repositories.len(), 30, "ten may go");
    assert_eq!(tuesday.sources[0].withheld, None);
    assert_eq!(
        &*tuesday.sources[0].notes[0],
        "`example/parcel-000`, `example/parcel-001`, `example/parcel-002`, `example/parcel-003`, \
         `example/parcel-004` and 5 more are gone since 2026-11-16T03:00:00Z"
    );
}

#[test]
fn more_than_ten_and_more_than_a_tenth_are_withheld() {
    let monday = run(MONDAY, many(40));
    let tuesday = after(run(TUESDAY, many(40).split_off(11)), &monday);
    assert_eq!(tuesday.repositories.len(), 40);
    let report = &tuesday.sources[0];
    assert_eq!((report.state, report.items), (SourceState::Partial, 40));
    let withheld = report.withheld.as_ref().expect("it is withheld");
    assert_eq!(&*withheld.what, "11 of 40 repositories are gone");
    assert_eq!(since(&tuesday, "example/parcel-000").as_deref(), Some(MONDAY));
    assert!(report.reason.as_deref().is_some_and(|reason| reason.contains(&*withheld.run)), "{report:?}");
    // A tenth of many is not too many; one more is.
    let monday = run(MONDAY, many(200));
    assert_eq!(after(run(TUESDAY, many(200).split_off(20)), &monday).repositories.len(), 180);
    assert_eq!(after(run(TUESDAY, many(200).split_off(21)), &monday).repositories.len(), 200);
}

#[test]
fn a_removal_goes_through_with_its_own_mark_alone() {
    let monday = run(MONDAY, many(40));
    let left = || run(TUESDAY, many(40).split_off(11));
    let run_of =
        |snapshot: &Snapshot| snapshot.sources[0].withheld.as_ref().map(|withheld| withheld.run.clone());
    let mark = run_of(&after(left(), &monday)).expect("it is withheld");
    let mut accepted = left();
    accepted.carry_over(&monday, Some(&mark));
    assert_eq!((accepted.repositories.len(), run_of(&accepted)), (29, None));
    assert_eq!(&*accepted.sources[0].notes[0], "11 of 40 repositories are gone; somebody accepted that");
    let mut more = run(TUESDAY, many(40).split_off(12));
    more.carry_over(&monday, Some(&mark));
    assert_eq!(more.repositories.len(), 40, "one more is gone than was accepted");
    assert_ne!(run_of(&more), Some(mark.clone()));
    // The next night meets the same removal, and the same mark accepts it.
    let wednesday = after(run(WEDNESDAY, many(40).split_off(11)), &after(left(), &monday));
    assert_eq!(run_of(&wednesday), Some(mark));
    assert_eq!(since(&wednesday, "example/parcel-000").as_deref(), Some(MONDAY));
}

#[test]
fn a_source_or_an_owner_that_is_empty_at_once_is_withheld_however_small() {
    let monday = run(MONDAY, vec![read("a"), read("b")]);
    assert_eq!(names(&after(run(TUESDAY, Vec::new()), &monday)), ["a", "b"]);
    let monday = run(MONDAY, vec![read("one/a"), read("one/b"), read("two/a")]);
    let tuesday = after(run(TUESDAY, vec![read("two/a")]), &monday);
    assert_eq!(names(&tuesday), ["one/a", "one/b", "two/a"]);
    let withheld = tuesday.sources[0].withheld.as_ref().map(|withheld| &*withheld.what);
    assert_eq!(withheld, Some("2 of 3 repositories are gone, all of `one` among them"));
    // An owner's only repository may go like any other.
    assert_eq!(names(&after(run(TUESDAY, vec![read("one/a"), read("one/b")]), &monday)), ["one/a", "one/b"]);
}

#[test]
fn descriptors_that_vanish_everywhere_are_withheld_with_their_repositories() {
    let monday = run(MONDAY, many(40));
    let without = |count: usize| {
        let mut held = many(40);
        for (_, files) in held.iter_mut().take(count) {
            files.clear();
        }
        run(TUESDAY, held)
    };
    assert_eq!(after(without(10), &monday).files.len(), 30);
    let tuesday = after(without(11), &monday);
    assert_eq!(tuesday.files.len(), 40);
    assert_eq!(
        tuesday.sources[0].withheld.as_ref().map(|withheld| &*withheld.what),
        Some("11 of 40 descriptors are gone from 11 repositories that are still there")
    );
    assert_eq!(since(&tuesday, "example/parcel-039"), None, "it lost nothing");
}

#[test]
fn what_is_excluded_now_or_no_longer_configured_is_not_missed() {
    let monday = run(MONDAY, many(40));
    let excluded = RepositoryState::Excluded { reason: "archived".into(), by: None, until: None };
    let held = many(40).into_iter().map(|(one, _)| (repository(&one.name, excluded.clone()), Vec::new()));
    let tuesday = after(run(TUESDAY, held.collect()), &monday);
    assert!(tuesday.files.is_empty() && tuesday.sources[0].withheld.is_none());
    let mut other = run(TUESDAY, Vec::new());
    other.sources[0].name = "elsewhere".into();
    assert!(after(other, &monday).repositories.is_empty());
}

#[test]
fn a_run_that_is_later_than_this_one_is_not_looked_at() {
    let wednesday = run(WEDNESDAY, many(3));
    assert!(after(failed(TUESDAY), &wednesday).repositories.is_empty());
    let own = run(WEDNESDAY, many(3));
    assert_eq!(after(own.clone(), &wednesday), own, "the same night again changes nothing");
}

#[test]
fn two_work_trees_of_one_name_are_told_apart() {
    let monday = run(MONDAY, vec![read("a"), read("a")]);
    let tuesday = after(run(TUESDAY, vec![read("a"), unreadable("a")]), &monday);
    let carried = tuesday.repositories.iter().filter(|one| one.carried.is_some()).count();
    assert_eq!((tuesday.repositories.len(), carried, tuesday.files.len()), (2, 1, 2));
}
