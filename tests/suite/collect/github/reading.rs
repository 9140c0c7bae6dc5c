//! What is read of repositories on GitHub, and what is left out.

use milepost::collect::snapshot::{Content, RepositoryState, Revision, SourceState};
use milepost::settings::{Exclusion, GithubAccess, GithubApp, Secret, Visibility};

use super::super::{Place, file, now, paths, reason, refused, report, repository as found};
use super::hub::Hub;
use super::repository::Thing;
use super::world::World;
use super::{RECORD, apps, asked, repository, service, text, world};

#[test]
fn a_repository_is_read_with_its_documents_and_their_last_change() {
    let mut quote = repository(1, "quote");
    let first = quote.commit("2026-01-05", &[("service.yaml", RECORD), ("docs/runbook.md", "# Runbook\n")]);
    let last = quote.commit("2026-02-06", &[("docs/runbook.md", "# Runbook, again\n"), ("big.bin", "x")]);
    let hub = Hub::serve(world(vec![quote]));
    let snapshot = Place::new().collect_hub(&hub);
    assert_eq!(reason(&snapshot), "");
    assert_eq!(paths(&snapshot), ["example/quote: docs/runbook.md", "example/quote: service.yaml"]);
    assert_eq!(text(&file(&snapshot, "service.yaml").content), RECORD);
    let change = |path: &str| file(&snapshot, path).last_change.clone().map(|commit| commit.id.to_string());
    assert_eq!((change("service.yaml"), change("docs/runbook.md")), (Some(first), Some(last.clone())));
    let quote = found(&snapshot, "example/quote");
    assert_eq!(quote.revision, Revision::Commit(last.as_str().into()));
    assert_eq!(quote.last_commit.as_ref().map(|commit| &*commit.author), Some("Wren"));
    assert_eq!(quote.url.as_deref(), Some(format!("{}/example/quote", hub.api()).as_str()));
    assert!(hub.authorizations().iter().all(|shown| shown == "Bearer s3cret"));
}

#[test]
fn the_first_change_of_a_descriptor_is_asked_for_once() {
    let mut quote = repository(1, "quote");
    quote.commit("2025-03-10", &[("README.md", "hello")]);
    let first =
        quote.commit("2025-03-11", &[("service.yaml", "serviceId: quote\ngoldenPath: http-service\n")]);
    quote.commit("2026-02-06", &[("service.yaml", RECORD), ("docs/runbook.md", "# Runbook\n")]);
    let hub = Hub::serve(world(vec![quote]));
    let place = Place::new();
    for night in 1..=2 {
        let snapshot = place.collect_hub(&hub);
        let descriptor = file(&snapshot, "service.yaml");
        let told = descriptor.first_change.as_ref().map(|commit| (&*commit.id, commit.at.to_string()));
        assert_eq!(told, Some((first.as_str(), "2025-03-11T12:00:00Z".to_owned())), "night {night}");
        let text = descriptor.first_text.as_ref().map(|text| text.read().to_string());
        assert_eq!(text.as_deref(), Some("serviceId: quote\ngoldenPath: http-service\n"));
        assert_eq!(file(&snapshot, "docs/runbook.md").first_change, None, "only descriptors need it");
        hub.change(|world| _ = world.repositories[0].commit("2026-03-07", &[("README.md", "again")]));
    }
    let asked = |hub: &Hub| hub.exchanges().iter().filter(|one| one.operation == "Firsts").count();
    hub.record();
    place.collect_hub(&hub);
    assert_eq!(asked(&hub), 0, "what was first stays first");
}

#[test]
fn a_first_change_that_is_not_told_is_asked_for_in_another_night() {
    let hub = Hub::serve(world((0..3).map(|number| service(number, &format!("s{number}"))).collect()));
    let place = Place::new();
    hub.garble(|_, body| {
        let text = String::from_utf8_lossy(body);
        if text.contains("first0") {
            *body = br#"{"data":{"first0":null},"errors":[{"type":"TIMEOUT","message":"too long","path":["first0"]}]}"#.to_vec();
        }
    });
    let blind = place.collect_hub(&hub);
    assert_eq!(reason(&blind), "", "nothing is missing that was there before");
    assert_eq!(
        report(&blind).notes,
        ["the first change of 3 descriptors of `example` is not known yet".into()]
    );
    assert!(blind.files.iter().all(|file| file.first_change.is_none()));
    hub.garble(|_, _| {});
    let later = place.collect_hub(&hub);
    assert_eq!(later.files.iter().filter(|file| file.first_change.is_some()).count(), 3);
    assert_eq!(report(&later).notes, []);
}

#[test]
fn a_quiet_night_asks_for_the_list_and_only_what_moved_is_read() {
    let hub = Hub::serve(world((0..250).map(|number| service(number, &format!("s{number}"))).collect()));
    let place = Place::new();
    let cold = place.collect_hub(&hub);
    assert_eq!((reason(&cold), cold.files.len()), ("", 500));
    assert_eq!(
        hub.spent(),
        (3 + 2 + 2, 3 + 3 + 3),
        "three pages, 250 runbooks by up to 240, and as many first changes"
    );
    let quiet = place.collect_hub(&hub);
    assert_eq!(hub.spent(), (3, 3));
    assert_eq!((quiet.files, quiet.repositories), (cold.files, cold.repositories));
    hub.change(|world| _ = world.repositories[7].commit("2026-03-07", &[("docs/runbook.md", "# Moved\n")]));
    let moved = place.collect_hub(&hub);
    assert_eq!(hub.spent().0, 3 + 1 + 1, "the list, one root, one runbook");
    let texts: Vec<String> = moved.files.iter().map(|file| text(&file.content)).collect();
    assert_eq!(texts.iter().filter(|text| *text == "# Moved\n").count(), 1);
}

#[test]
fn folders_are_looked_through_as_far_as_the_configuration_says() {
    let mut house = repository(1, "house");
    house.commit(
        "2026-01-05",
        &[
            ("services/a/service.yaml", "serviceId: a\n"),
            ("services/a/deep/service.yaml", "serviceId: deep\n"),
            ("services/b/.milepost/b.yaml", "serviceId: b\n"),
            ("apps/c/service.yml", "serviceId: c\ndescriptor: ../../odd/place/d.yaml\n"),
            ("odd/place/d.yaml", "serviceId: d\n"),
            (".github/CODEOWNERS", "* @example/web\n"),
            ("catalog-info.yaml", "kind: Component\n"),
        ],
    );
    let hub = Hub::serve(world(vec![house]));
    let read = |folders: &[&str]| {
        let folders = folders.iter().map(|folder| Box::from(*folder)).collect();
        let snapshot = Place::new().collect_asked(milepost::settings::Github { folders, ..asked(&hub) });
        assert_eq!(reason(&snapshot), "");
        snapshot.files.iter().map(|file| file.path.to_string()).collect::<Vec<_>>()
    };
    let always = [".github/CODEOWNERS", "catalog-info.yaml"];
    assert_eq!(
        read(&["services/*"]),
        [always[0], always[1], "services/a/service.yaml", "services/b/.milepost/b.yaml"]
    );
    assert_eq!(read(&[]), always);
    assert_eq!(
        read(&["**"]),
        [
            always[0],
            "apps/c/service.yml",
            always[1],
            "odd/place/d.yaml",
            "services/a/deep/service.yaml",
            "services/a/service.yaml",
            "services/b/.milepost/b.yaml",
        ]
    );
}

#[test]
fn what_is_left_out_is_said_with_its_reason() {
    let mut all: Vec<_> = ["read", "old", "copy", "open", "plain", "excluded", "other"]
        .into_iter()
        .enumerate()
        .map(|(number, name)| service(number, &format!("parcel-{name}")))
        .collect();
    all.iter_mut().for_each(|one| one.topics = vec!["service".to_owned()]);
    all[1].archived = true;
    all[2].fork = true;
    all[3].visibility = "PUBLIC".to_owned();
    all[4].topics = vec!["library".to_owned()];
    all[6].name = "example/unrelated".to_owned();
    let hub = Hub::serve(world(all));
    let mut place = Place::new();
    place.exclude = vec![Exclusion {
        repository: "parcel-excluded".into(),
        reason: "moved".into(),
        by: None,
        until: None,
    }];
    let snapshot = place.collect_asked(milepost::settings::Github {
        include: vec!["parcel-*".into()],
        topics: vec!["service".into()],
        visibility: vec![Visibility::Private, Visibility::Internal],
        ..asked(&hub)
    });
    assert_eq!((reason(&snapshot), report(&snapshot).state), ("", SourceState::Ok));
    assert_eq!(
        paths(&snapshot),
        ["example/parcel-read: docs/runbook.md", "example/parcel-read: service.yaml"]
    );
    let said: Vec<String> = snapshot
        .repositories
        .iter()
        .filter_map(|one| match &one.state {
            RepositoryState::Excluded { reason, .. } => Some(format!("{}: {reason}", one.name)),
            _ => None,
        })
        .collect();
    assert_eq!(
        said,
        [
            "example/parcel-copy: a fork",
            "example/parcel-excluded: moved",
            "example/parcel-old: archived on GitHub",
            "example/parcel-open: not read because it is public",
            "example/parcel-plain: without the topic `service`",
            "example/unrelated: not one of the repositories that `include` names",
        ]
    );
}

#[test]
fn links_and_submodules_are_refused_by_their_mode() {
    let mut quote = repository(1, "quote");
    quote.commit_things(
        "2026-01-05",
        &[
            ("service.yaml", Thing::Link("/etc/passwd".to_owned())),
            (".milepost/inside.yaml", Thing::Link("../inside.yaml".to_owned())),
            (
                "services/b/service.yaml",
                Thing::File(b"serviceId: b\ndoc: ../../vendored/x.md\ndoc: ../../docs/x.md\n".to_vec()),
            ),
            ("vendored", Thing::Submodule),
            ("docs", Thing::Link("elsewhere".to_owned())),
        ],
    );
    let snapshot = Place::new().collect_hub(&Hub::serve(world(vec![quote])));
    assert_eq!(reason(&snapshot), "");
    assert_eq!(paths(&snapshot), ["example/quote: services/b/service.yaml"]);
    assert_eq!(
        refused(found(&snapshot, "example/quote")),
        [
            ".milepost/inside.yaml: a symbolic link",
            "docs/x.md: a symbolic link",
            "service.yaml: a symbolic link that leaves the repository",
            "vendored/x.md: a submodule",
        ]
    );
}

#[test]
fn a_descriptor_that_becomes_a_link_is_no_descriptor_any_more() {
    let hub = Hub::serve(world(vec![service(1, "quote")]));
    let place = Place::new();
    place.collect_hub(&hub);
    let link = |world: &mut World| {
        _ = world.repositories[0]
            .commit_things("2026-02-01", &[("service.yaml", Thing::Link("../../secret".to_owned()))]);
    };
    hub.change(link);
    let snapshot = place.collect_hub(&hub);
    assert_eq!((reason(&snapshot), snapshot.files.len()), ("", 0));
    let said = refused(found(&snapshot, "example/quote"));
    assert_eq!(said, ["service.yaml: a symbolic link that leaves the repository"]);
}

#[test]
fn odd_paths_and_odd_bytes_come_through_as_they_are() {
    let mut quote = repository(1, "quote");
    let large = "a".repeat(700_000);
    let record = "serviceId: quote\ndoc: docs/a\tb.md\ndoc: ../../etc/passwd\ndoc: docs/large.md\ndoc: docs/latin.md\ndoc: docs/none.md\ndoc: docs/huge.md\n";
    quote.commit_things(
        "2026-01-05",
        &[
            ("service.yaml", Thing::File([b"\xEF\xBB\xBF", record.as_bytes()].concat())),
            (".milepost/with\nnewline.yaml", Thing::File(b"serviceId: line\n".to_vec())),
            (".milepost/..", Thing::File(b"up".to_vec())),
            ("docs/a\tb.md", Thing::File(b"tab".to_vec())),
            ("docs/large.md", Thing::File(large.clone().into_bytes())),
            ("docs/latin.md", Thing::File(b"J\xFCrgen".to_vec())),
            ("docs/huge.md", Thing::File(vec![b'a'; (2 << 20) + 1])),
        ],
    );
    let snapshot = Place::new().collect_hub(&Hub::serve(world(vec![quote])));
    assert_eq!(reason(&snapshot), "");
    let names: Vec<&str> = snapshot.files.iter().map(|file| &*file.path).collect();
    assert_eq!(
        names,
        [
            ".milepost/with\nnewline.yaml",
            "docs/a\tb.md",
            "docs/huge.md",
            "docs/large.md",
            "docs/latin.md",
            "docs/none.md",
            "service.yaml"
        ]
    );
    assert_eq!(text(&file(&snapshot, "service.yaml").content), record);
    assert_eq!(text(&file(&snapshot, "docs/large.md").content), large);
    assert_eq!(file(&snapshot, "docs/none.md").content, Content::Missing);
    assert_eq!(file(&snapshot, "docs/huge.md").content, Content::TooLarge { limit: 2 << 20 });
    let Content::NotText { looks_like } = &file(&snapshot, "docs/latin.md").content else {
        panic!("it is no text")
    };
    assert_eq!(&**looks_like, "text in another encoding");
}

#[test]
fn an_empty_repository_is_there_and_one_that_was_not_empty_is_not_believed() {
    let hub = Hub::serve(world(vec![repository(1, "empty"), service(2, "quote")]));
    let place = Place::new();
    let first = place.collect_hub(&hub);
    assert_eq!((reason(&first), &found(&first, "example/empty").state), ("", &RepositoryState::Read));
    hub.change(|world| world.repositories[1].versions.clear());
    let second = place.collect_hub(&hub);
    assert_eq!(second.files, first.files);
    assert!(reason(&second).contains("its default branch is gone"), "{}", reason(&second));
}

#[test]
fn an_app_shows_a_statement_and_is_given_a_token() {
    let hub = Hub::serve(world(vec![service(1, "quote")]));
    hub.demand(apps::TOKEN);
    let app = |id: &str, key: &str| GithubAccess {
        app: Some(GithubApp { id: id.into(), key: Secret::new(key) }),
        ..GithubAccess::nobody(now())
    };
    let place = Place::new();
    let snapshot = place.collect_as(asked(&hub), app(apps::ID, apps::KEY));
    assert_eq!((reason(&snapshot), snapshot.files.len()), ("", 2));
    let elsewhere = milepost::settings::Github { organisations: vec!["others".into()], ..asked(&hub) };
    let snapshot = Place::new().collect_as(elsewhere, app(apps::ID, apps::KEY));
    assert!(reason(&snapshot).contains("the App is not installed for `others`"), "{}", reason(&snapshot));
    let snapshot = Place::new().collect_as(asked(&hub), app("another", apps::KEY));
    assert!(reason(&snapshot).contains("does not accept our credentials"), "{}", reason(&snapshot));
    let snapshot = Place::new().collect_as(asked(&hub), app(apps::ID, "hunter2"));
    assert!(
        reason(&snapshot).contains("no PEM") && !reason(&snapshot).contains("hunter2"),
        "{}",
        reason(&snapshot)
    );
}

#[test]
fn two_repositories_that_claim_one_service_are_both_read() {
    let mut all = vec![repository(1, "quote"), repository(2, "quote-copy")];
    all.iter_mut().for_each(|one| _ = one.commit("2026-01-05", &[("service.yaml", "serviceId: quote\n")]));
    let snapshot = Place::new().collect_hub(&Hub::serve(world(all)));
    assert_eq!(paths(&snapshot), ["example/quote: service.yaml", "example/quote-copy: service.yaml"]);
}

#[test]
fn between_sweeps_only_what_was_pushed_is_listed_unless_the_number_is_another() {
    let hub = Hub::serve(world((0..250).map(|number| service(number, &format!("s{number}"))).collect()));
    let place = Place::new();
    let weekly = || milepost::settings::Github { sweep: milepost::day::Length::parse("7d"), ..asked(&hub) };
    let first = place.collect_asked(weekly());
    hub.spent();
    hub.change(|world| {
        world.repositories[7].commit("2026-03-07", &[("docs/runbook.md", "# Moved\n")]);
        world.repositories[9].name = "example/renamed".to_owned();
    });
    let second = place.collect_asked(weekly());
    assert_eq!((reason(&second), second.files.len()), ("", first.files.len()));
    assert_eq!(hub.spent().0, 2 + 1, "a page with a push, one without, and a runbook");
    assert!(second.files.iter().any(|file| text(&file.content) == "# Moved\n"));
    hub.change(|world| world.repositories.push(service(250, "new")));
    let third = place.collect_asked(weekly());
    assert_eq!(third.repositories.len(), 251);
    assert!(third.repositories.iter().any(|one| &*one.name == "example/renamed"), "all of them were listed");
}

#[test]
fn nobody_is_told_to_say_who_they_are() {
    let hub = Hub::serve(world(vec![service(1, "quote")]));
    let snapshot = Place::new().collect_as(asked(&hub), GithubAccess::nobody(now()));
    assert!(reason(&snapshot).contains("MILEPOST_GITHUB_TOKEN"), "{}", reason(&snapshot));
    assert_eq!(hub.spent().0, 0);
}
