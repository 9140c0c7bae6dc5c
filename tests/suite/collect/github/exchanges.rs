//! Writes down what was asked and answered, for the judges in `tests/validators/github.test.mjs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use milepost::settings::Also;
use serde_json::json;

use super::super::Place;
use super::hub::Hub;
use super::repository::Thing;
use super::{asked, people, repository, service, world};

#[test]
fn questions_and_answers_are_written_down_for_the_judges() {
    let mut odd = repository(3, "odd");
    odd.topics = vec!["service".to_owned()];
    let owners = Thing::File(b"* @example/team-0001\n".to_vec());
    odd.commit_things(
        "2026-01-05",
        &[
            ("services/a/service.yaml", Thing::File(b"serviceId: a\ndoc: none.md\ndoc: b.md\n".to_vec())),
            ("services/a/b.md", Thing::File(b"J\xFCrgen".to_vec())),
            (".milepost/link.yaml", Thing::Link("elsewhere".to_owned())),
            ("service.yml", Thing::Submodule),
            ("CODEOWNERS", owners),
        ],
    );
    let hub = Hub::serve(world(vec![repository(0, "empty"), service(1, "quote"), service(2, "label"), odd]));
    hub.record();
    let place = Place::new();
    let with_topics = || milepost::settings::Github { topics: vec!["service".into()], ..asked(&hub) };
    place.collect_hub(&hub);
    hub.change(|world| _ = world.repositories[1].commit("2026-02-01", &[("docs/runbook.md", "# Moved\n")]));
    place.collect_hub(&hub);
    place.collect_asked(with_topics());
    place.examine(asked(&hub));
    hub.change(|world| _ = world.repositories.remove(2));
    place.collect_hub(&hub);
    hub.change(|world| *world = super::activity::busy());
    hub.change(|world| {
        for nth in 10..59 {
            world.happened.deploy(
                "R_000002",
                "production",
                &format!("2026-11-19T00:00:{nth}Z"),
                &["SUCCESS"],
            );
        }
        world.happened.deploy("R_000002", "production", "2026-11-18T00:00:00Z", &["SUCCESS"]);
        world.happened.deploy("R_000002", "production", "2026-11-17T00:00:00Z", &["SUCCESS"]);
    });
    place.collect_active(&hub);

    let with_people = || milepost::settings::Github { also: vec![Also::People], ..asked(&hub) };
    hub.change(|world| world.people = people::many(120, 130));
    Place::new().collect_asked(with_people());
    assert!(Place::new().examine(with_people()).is_whole());

    let mut exchanges = hub.exchanges();
    exchanges.extend(super::reviews::exchanges());
    let operations: BTreeSet<&str> = exchanges.iter().map(|one| one.operation.as_str()).collect();
    let expected = [
        "Activity",
        "DeploymentStatuses",
        "DeploymentsAfter",
        "Doctor",
        "DoctorPeople",
        "Files",
        "Firsts",
        "Members",
        "People",
        "Repositories",
        "RepositoriesById",
        "Revisions",
        "Teams",
    ];
    assert_eq!(operations.into_iter().collect::<Vec<_>>(), expected);
    let written: Vec<_> =
        exchanges.iter().map(|one| json!({ "question": one.question, "answer": one.answer })).collect();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("github-exchanges.json");
    fs::write(path, serde_json::to_vec(&written).expect("JSON")).expect("written");
}
