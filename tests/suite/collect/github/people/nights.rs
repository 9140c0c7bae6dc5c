//! Nights that ask for people: complete, in pages, refused, with requests that fail, and with hostile names.

use milepost::collect::snapshot::{Directory, People as Observed, Snapshot, SourceState};
use milepost::settings::{Also, Github, GithubAccess, GithubApp, Secret};

use super::super::super::{Place, now, reason, report, repository as found};
use super::super::hub::{Fault, Hub, PASSING};
use super::super::world::World;
use super::super::{apps, asked, repository, service, world};
use super::{PERSON, People, Team, many};

/// An organisation of two services, of which one says who reviews it.
fn organisation(people: People) -> World {
    let mut label = service(2, "label");
    label.commit("2026-01-06", &[("CODEOWNERS", "* @example/checkout\n")]);
    World { people, ..world(vec![service(1, "quote"), label]) }
}

fn with_people(hub: &Hub) -> Github {
    Github { also: vec![Also::People], ..asked(hub) }
}

fn collect(place: &Place, hub: &Hub) -> Snapshot {
    place.collect_asked(with_people(hub))
}

fn directory(snapshot: &Snapshot) -> &Directory {
    assert_eq!(snapshot.directories.len(), 1);
    &snapshot.directories[0]
}

fn known(snapshot: &Snapshot) -> &Observed {
    directory(snapshot).answer.as_ref().expect("it answered")
}

fn members<'s>(snapshot: &'s Snapshot, slug: &str) -> Vec<&'s str> {
    let team = known(snapshot).teams.iter().find(|team| &*team.slug == slug).expect("a team");
    team.members.iter().map(|login| &**login).collect()
}

#[test]
fn teams_and_people_are_listed_whole_and_only_when_that_is_asked_for() {
    let teams = vec![Team::new(1, "checkout", &["mira", "wren"]), Team::new(2, "nobody", &[])];
    let everybody = ["mira", "wren", "zoe"].map(str::to_owned).to_vec();
    let hub = Hub::serve(organisation(People { teams, members: everybody, ..People::default() }));
    let without = Place::new().collect_hub(&hub);
    assert!(without.directories.is_empty() && found(&without, "example/label").owners_review.is_none());
    let snapshot = collect(&Place::new(), &hub);
    assert_eq!(reason(&snapshot), "");
    let Directory { source, organisation, collected_at, carried, .. } = directory(&snapshot);
    assert_eq!((&**source, &**organisation, *collected_at, carried), ("hub", "example", now(), &None));
    assert_eq!(members(&snapshot, "checkout"), ["mira", "wren"]);
    assert!(members(&snapshot, "nobody").is_empty() && known(&snapshot).secret_teams);
    assert_eq!(known(&snapshot).members.len(), 3);
}

#[test]
fn a_large_organisation_costs_a_request_and_a_point_for_each_hundred() {
    let hub = Hub::serve(organisation(many(800, 3000)));
    let place = Place::new();
    place.collect_hub(&hub);
    let without = hub.spent();
    let snapshot = collect(&Place::new(), &hub);
    assert_eq!((reason(&snapshot), known(&snapshot).teams.len()), ("", 800));
    assert_eq!((known(&snapshot).members.len(), members(&snapshot, "team-0000").len()), (3000, 3000));
    assert_eq!(known(&snapshot).teams[1].parent.as_deref(), Some("team-0000"));
    let with = hub.spent();
    // Eight pages of teams, 29 of the team of everybody beyond its first, thirty of people.
    assert_eq!((with.0 - without.0, with.1 - without.1), (8 + 29 + 30, 8 + 29 + 30));
}

#[test]
fn a_person_has_no_teams_and_that_is_no_shortfall() {
    let mut one = repository(1, "dotfiles");
    one.name = format!("{PERSON}/dotfiles");
    let hub = Hub::serve(world(vec![one]));
    let of_person = Github { organisations: vec![PERSON.into()], ..with_people(&hub) };
    let snapshot = Place::new().collect_asked(of_person);
    assert_eq!((reason(&snapshot), snapshot.directories.len()), ("", 0));
    assert_eq!(snapshot.repositories.len(), 1);
}

#[test]
fn what_is_refused_is_not_known_and_says_what_it_takes() {
    for kind in ["FORBIDDEN", "INSUFFICIENT_SCOPES"] {
        let hub = Hub::serve(organisation(People { refused: Some(kind), ..many(3, 3) }));
        let snapshot = collect(&Place::new(), &hub);
        assert_eq!(
            (report(&snapshot).state, snapshot.repositories.len()),
            (SourceState::Partial, 2),
            "{kind}"
        );
        assert!(reason(&snapshot).contains("`read:org`"), "{}", reason(&snapshot));
        assert!(directory(&snapshot).answer.is_err(), "{kind}");
    }
    // Whoever belongs to nobody there is shown public members only, and would take the others for gone.
    let hub = Hub::serve(organisation(People { viewer: (false, false), ..many(3, 3) }));
    assert!(reason(&collect(&Place::new(), &hub)).contains("public members only"));
    let hub = Hub::serve(organisation(People { viewer: (true, false), ..many(3, 3) }));
    assert!(!known(&collect(&Place::new(), &hub)).secret_teams);
}

#[test]
fn an_app_sees_everybody_when_it_may_read_members() {
    let hub = Hub::serve(organisation(People { viewer: (false, false), ..many(3, 3) }));
    let app = Some(GithubApp { id: apps::ID.into(), key: Secret::new(apps::KEY) });
    let access = GithubAccess { app, ..GithubAccess::nobody(now()) };
    let snapshot = Place::new().collect_as(with_people(&hub), access);
    assert_eq!((reason(&snapshot), known(&snapshot).teams.len()), ("", 3));
    assert!(known(&snapshot).secret_teams);
}

#[test]
fn a_page_lost_in_the_middle_makes_the_whole_unknown() {
    for (listing, at) in [("teams", 100), ("people", 100), ("members", 100)] {
        let hub = Hub::serve(organisation(People { hole: Some((listing, at)), ..many(250, 250) }));
        let snapshot = collect(&Place::new(), &hub);
        assert!(directory(&snapshot).answer.is_err(), "{listing}");
        assert_eq!(report(&snapshot).state, SourceState::Partial, "{listing}");
        assert!(hub.spent().0 < 60, "{listing}");
    }
}

#[test]
fn every_request_failed_once_in_turn_loses_nobody() {
    let hub = Hub::serve(organisation(many(150, 230)));
    let whole = collect(&Place::new(), &hub);
    assert_eq!(reason(&whole), "");
    let requests = hub.spent().0;
    for number in 1..=requests {
        for fault in PASSING {
            hub.fail_at(number, fault);
            let snapshot = collect(&Place::new(), &hub);
            let when = format!("request {number} failed with {fault:?}");
            assert_eq!(snapshot, whole, "{when}");
            assert_eq!(hub.spent().0, requests + 1, "{when}");
        }
    }
}

#[test]
fn what_is_final_leaves_yesterdays_people_with_yesterdays_moment() {
    let hub = Hub::serve(organisation(many(3, 5)));
    let place = Place::new();
    let mut before = collect(&place, &hub);
    let yesterday = milepost::day::Moment::parse("2026-11-20T08:00:00Z").expect("a moment");
    before.collected_at = Some(yesterday);
    before.directories[0].collected_at = yesterday;
    hub.change(|world| world.people.refused = Some("FORBIDDEN"));
    let mut during = collect(&place, &hub);
    during.carry_over(&before, None);
    let Directory { collected_at, carried, .. } = directory(&during);
    assert_eq!((*collected_at, known(&during)), (yesterday, known(&before)));
    assert!(carried.as_ref().is_some_and(|why| why.contains("`read:org`")), "{carried:?}");
    assert_eq!(report(&during).state, SourceState::Partial);
    assert_eq!(report(&during).stale_since, Some(yesterday));
    hub.fail_always(Some(Fault::Unauthorized));
    let mut away = collect(&Place::new(), &hub);
    assert_eq!((report(&away).state, away.directories.len()), (SourceState::Failed, 1));
    assert!(directory(&away).answer.is_err(), "unknown, and said to be");
    away.carry_over(&before, None);
    assert_eq!((directory(&away).collected_at, known(&away)), (yesterday, known(&before)));
}

#[test]
fn what_changes_between_two_pages_is_listed_anew() {
    let hub = Hub::serve(organisation(many(150, 3)));
    // Renamed to the front between two pages, the team moves all others by one.
    hub.change_at(4, |world| {
        let mut last = world.people.teams.pop().expect("a team");
        last.slug = "a-team".to_owned();
        world.people.teams.insert(0, last);
    });
    let snapshot = collect(&Place::new(), &hub);
    assert_eq!((reason(&snapshot), known(&snapshot).teams.len()), ("", 150));
    assert!(known(&snapshot).teams.iter().any(|team| &*team.slug == "a-team"));
}

#[test]
fn hostile_names_make_the_whole_unknown_and_nobody_panics() {
    for name in ["", "../../etc", "a\u{0}b", "`; rm", &"x".repeat(100_000), "<script>alert(1)</script>"] {
        let mut people = many(3, 3);
        people.members.push(name.to_owned());
        let hub = Hub::serve(organisation(people));
        let snapshot = collect(&Place::new(), &hub);
        assert!(directory(&snapshot).answer.is_err(), "{name:.40}");
        assert!(reason(&snapshot).chars().count() < 1000);
        let mut people = many(3, 3);
        people.teams[0].slug = name.to_owned();
        people.teams[1].name = format!("Name\n{name}");
        let hub = Hub::serve(organisation(people));
        assert!(directory(&collect(&Place::new(), &hub)).answer.is_err(), "{name:.40}");
    }
}

#[test]
fn what_github_finds_wrong_in_codeowners_is_kept_with_its_commit() {
    let hub = Hub::serve(organisation(many(3, 3)));
    let place = Place::new();
    let cold = collect(&place, &hub);
    let review =
        |snapshot: &Snapshot, name: &str| found(snapshot, name).owners_review.clone().expect("asked");
    assert_eq!(review(&cold, "example/quote").errors, []);
    let errors = review(&cold, "example/label").errors;
    assert_eq!(
        (errors.len(), errors[0].line, errors[0].column, &*errors[0].kind),
        (1, 1, 3, "Unknown owner")
    );
    hub.spent();
    let warm = collect(&place, &hub);
    assert_eq!((hub.spent().0, review(&warm, "example/label")), (3, review(&cold, "example/label")));

    // Refused, it is not known; the repository is read all the same, and asked again.
    hub.change(|world| world.people.errors = None);
    let place = Place::new();
    for _ in 0..2 {
        let refused = collect(&place, &hub);
        assert_eq!(
            reason(&refused),
            "`example/label`: what GitHub finds wrong in its `CODEOWNERS` was not given"
        );
        assert_eq!(found(&refused, "example/label").owners_review, None);
        assert_eq!(refused.files, cold.files);
    }
    hub.change(|world| world.people.errors = Some(Vec::new()));
    assert_eq!(reason(&collect(&place, &hub)), "");
}
