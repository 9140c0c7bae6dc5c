//! Where one publication is written over the other: the order of things, what is deleted when, what is never touched.

use super::*;

#[test]
fn in_place_a_run_that_ends_at_any_question_is_put_right_by_the_next() {
    let start = Memory::default();
    publish(&start, OLD, &asked(Mode::InPlace, "20")).expect("publishes");
    start.plant("theirs.html", "not ours");
    for question in 1.. {
        // What comes after may be the new site, the old one again, or a third that mixes them.
        let third: Files<'_> = &[("index.html", "new"), ("a/index.html", "same"), ("x.json", "1")];
        for next in [NEW, OLD, third] {
            let store = start.fork();
            store.end_at(Some(question));
            let killed = Asked { owner: "killed", ..asked(Mode::InPlace, "21") };
            let done = publish(&store, NEW, &killed);
            store.end_at(None);
            publish(&store, next, &asked(Mode::InPlace, "21")).expect("publishes");
            let found = below(&store, "");
            for (path, text) in next {
                assert_eq!(found[*path], *text, "{question}: {path}");
            }
            // A day later nothing is left but the site and what is not ours.
            publish(&store, next, &asked(Mode::InPlace, "23")).expect("publishes");
            let mut all = expected(next);
            all.insert("theirs.html".to_owned(), "not ours".to_owned());
            assert_eq!(below(&store, ""), all, "{question}");
            publish(&store, &next[..1], &asked(Mode::InPlace, "24")).expect("publishes");
            let manifests = wait(store.list(".milepost/manifests/")).expect("lists");
            assert_eq!(manifests.len(), 1, "{question}: {manifests:?}");
            if done.is_ok() && next == third {
                return;
            }
        }
    }
}

#[test]
fn in_place_pages_come_after_what_they_load_and_the_first_page_last() {
    let store = Memory::default();
    let site: Files<'_> = &[
        ("index.html", "1"),
        ("a/index.html", "2"),
        ("a/b/index.html", "3"),
        ("api/v1/index.json", "4"),
        ("assets/site.6b86b273ff.css", "1"),
    ];
    publish(&store, site, &asked(Mode::InPlace, "20")).expect("publishes");
    let order =
        ["assets/site.6b86b273ff.css", "api/v1/index.json", "a/b/index.html", "a/index.html", "index.html"];
    assert_eq!(store.sent(), order);
    assert_eq!(publish(&store, site, &asked(Mode::Releases, "20")).expect_err("refuses").to_string(), {
        "sites were published there with `--in-place`; go on so, or choose another place"
    });
}

#[test]
fn in_place_what_is_gone_stays_for_a_day_and_what_is_not_ours_for_ever() {
    let store = Memory::default();
    publish(&store, OLD, &asked(Mode::InPlace, "20")).expect("publishes");
    publish(&store, NEW, &asked(Mode::InPlace, "21")).expect("publishes");
    assert!(store.objects().contains_key("b/index.html"));
    let outcome = publish(&store, NEW, &asked(Mode::InPlace, "22")).expect("publishes");
    assert_eq!((outcome.sent, outcome.removed), (0, 1));
    assert!(!store.objects().contains_key("b/index.html"));

    let taken = Memory::default();
    taken.plant("a/index.html", "theirs");
    let refused = publish(&taken, OLD, &asked(Mode::InPlace, "20"));
    assert!(matches!(refused, Err(RunError::Impossible(Impossible::Foreign(_)))), "{refused:?}");
    assert_eq!(taken.objects().len(), 1);
    // In the way of a later publication, too.
    store.plant("new/index.html", "theirs");
    let more: Files<'_> = &[("index.html", "new"), ("new/index.html", "ours")];
    let refused = publish(&store, more, &asked(Mode::InPlace, "23"));
    assert!(matches!(refused, Err(RunError::Apply(ApplyError::Foreign(_)))), "{refused:?}");
    assert_eq!(store.objects()["new/index.html"].bytes, b"theirs");
}
