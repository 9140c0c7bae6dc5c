//! What comes after a publication: removals that are refused or accepted, ways back, old publications, the network.

use super::*;

#[test]
fn much_is_not_removed_unless_somebody_says_so() {
    let store = Memory::default();
    let paths: Vec<String> = (0..30).map(|number| format!("services/{number}/index.html")).collect();
    let mut all: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "service")).collect();
    all.push(("index.html", "first"));
    publish(&store, &all, &asked(Mode::Releases, "20")).expect("publishes");
    let refused = publish(&store, &all[15..], &asked(Mode::Releases, "21")).expect_err("refuses");
    let RunError::TooMuchGone { release, .. } = &refused else { panic!("{refused}") };
    assert!(refused.to_string().contains("15 of 30 files of `services/` would be gone"), "{refused}");
    assert_eq!(seen(&store).len(), 31);
    // What is left of the notes when some are lost is enough to notice.
    let manifest = Manifest::key(&pointer(&store).and_then(|pointer| pointer.release).expect("there"));
    for key in [POINTER, &manifest] {
        let spoilt = store.fork();
        spoilt.lose(key);
        let refused = publish(&spoilt, &all[15..], &asked(Mode::Releases, "21")).expect_err("refuses");
        assert!(refused.to_string().contains("would be gone"), "{key}: {refused}");
    }
    let accepted = Asked { accepted: Some(release.clone()), ..asked(Mode::Releases, "21") };
    publish(&store, &all[15..], &accepted).expect("publishes");
    assert_eq!(seen(&store).len(), 16);
}

#[test]
fn an_earlier_publication_comes_back_when_it_is_whole() {
    let store = Memory::default();
    let heard = Heard::default();
    let roll = |asked_for: Option<&str>| {
        let task = Task::Rollback(asked_for.map(str::to_owned));
        carry_out(&store, &heard, task, &asked(Mode::Releases, "22")).0
    };
    assert!(matches!(roll(None), Err(RunError::Impossible(Impossible::NoReturn(_)))));
    publish(&store, OLD, &asked(Mode::Releases, "20")).expect("publishes");
    publish(&store, NEW, &asked(Mode::Releases, "21")).expect("publishes");
    roll(None).expect("returns");
    assert_eq!((seen(&store), pointer(&store).expect("there").run), (expected(OLD), 3));
    roll(Some("2")).expect("returns");
    assert_eq!(seen(&store), expected(NEW));
    assert!(roll(Some("7")).expect_err("there is none").to_string().contains("`7` is not kept there"));
    let old = pointer(&store).expect("there").releases[0].id.clone();
    store.lose(&format!("releases/{old}/x.json"));
    let lost = roll(Some(&old)).expect_err("it is not whole");
    assert!(matches!(lost, RunError::Apply(ApplyError::Lost(_))), "{lost}");
    assert_eq!(seen(&store), expected(NEW));
}

#[test]
fn old_publications_go_and_what_others_put_among_them_stays() {
    let store = Memory::default();
    let texts: Vec<String> = (0..13).map(|number| number.to_string()).collect();
    let site = |number: usize| [("index.html", texts[number].as_str()), ("same", "same")];
    publish(&store, &site(0), &asked(Mode::Releases, "01")).expect("publishes");
    let first = pointer(&store).and_then(|pointer| pointer.release).expect("there");
    let theirs = format!("releases/{first}/notes.txt");
    store.plant(&theirs, "theirs");
    for number in 1..=10 {
        publish(&store, &site(number), &asked(Mode::Releases, "02")).expect("publishes");
    }
    let left = |store: &Memory| below(store, &format!("releases/{first}/")).into_keys().collect::<Vec<_>>();
    assert_eq!(left(&store), ["index.html", "notes.txt", "same"]);
    let outcome = publish(&store, &site(11), &asked(Mode::Releases, "20")).expect("publishes");
    assert_eq!((outcome.removed, left(&store)), (4, vec!["notes.txt".to_owned()]));
    assert!(!store.objects().contains_key(&Manifest::key(&first)));
}

#[test]
fn the_network_hears_of_what_changed_even_when_it_failed_once() {
    let store = Memory::default();
    let folder = tempfile::tempdir().expect("a folder");
    publish(&store, OLD, &asked(Mode::Releases, "20")).expect("publishes");
    write(folder.path(), NEW);
    let told = Asked { distribution: Some("E1".to_owned()), ..asked(Mode::Releases, "21") };
    let task = Task::Publish(folder.path().to_owned());
    let failing = Heard { fails: true, ..Heard::default() };
    carry_out(&store, &failing, task.clone(), &told).0.expect_err("it fails");
    assert_eq!(seen(&store), expected(NEW));
    let heard = Heard::default();
    let (done, plan) = carry_out(&store, &heard, task.clone(), &told);
    assert_eq!((done.expect("tells").sent, plan.expect("told").uploads.len()), (0, 0));
    let all = heard.told.lock().expect("no other thread failed").clone();
    assert_eq!(all[0].paths, ["/", "/b/", "/b/index.html", "/index.html", "/x.json"]);
    carry_out(&store, &heard, task, &told).0.expect("has nothing to tell");
    assert_eq!(heard.told.lock().expect("no other thread failed").len(), 1);
}
