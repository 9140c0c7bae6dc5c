//! Several documents about one service: who wins, what joins, what contradicts.

use crate::catalog::testing::{Organisation, of_code};

const NATIVE: &str = "serviceId: quote\nownerTeam: checkout\n";

fn backstage(rest: &str) -> String {
    format!("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: quote\n{rest}")
}

/// Where the documents lie, and what comes of them: the owner, the state of life, how many claim the id, and
/// the problems told.
struct Case<'a> {
    what: &'a str,
    documents: &'a [(&'a str, &'a str, &'a str)],
    owner: &'a str,
    state: &'a str,
    claims: usize,
    told: &'a [&'a str],
}

#[test]
fn documents_about_one_service_become_one_or_contradict() {
    let owned = backstage("spec: {owner: other, lifecycle: production}\n");
    let elsewhere = backstage(
        "  annotations: {github.com/project-slug: acme/web}\nspec: {owner: other, lifecycle: production}\n",
    );
    let namesake = backstage(
        "  annotations: {github.com/project-slug: acme/else}\nspec: {owner: other, lifecycle: production}\n",
    );
    let datadog = "schema-version: v2.2\ndd-service: quote\nteam: third\nlifecycle: deprecated\n";
    let alias = "serviceId: price\naliases: [quote]\nownerTeam: checkout\n";
    let cases = [
        Case {
            what: "ours wins, the other fills",
            documents: &[("acme/web", "service.yaml", NATIVE), ("acme/web", "catalog-info.yaml", &owned)],
            owner: "checkout",
            state: "production",
            claims: 0,
            told: &[],
        },
        Case {
            what: "a collection of descriptors that names our repository",
            documents: &[("acme/web", "service.yaml", NATIVE), ("acme/all", "catalog-info.yaml", &elsewhere)],
            owner: "checkout",
            state: "production",
            claims: 0,
            told: &[],
        },
        Case {
            what: "a collection of descriptors that names no repository",
            documents: &[("acme/web", "service.yaml", NATIVE), ("acme/all", "catalog-info.yaml", &owned)],
            owner: "checkout",
            state: "production",
            claims: 0,
            told: &[],
        },
        Case {
            what: "a namesake elsewhere gives nothing",
            documents: &[("acme/web", "service.yaml", NATIVE), ("acme/else", "catalog-info.yaml", &namesake)],
            owner: "checkout",
            state: "absent",
            claims: 0,
            told: &["namesake"],
        },
        Case {
            what: "two formats in the order of trust",
            documents: &[
                ("acme/web", "a/service.datadog.yaml", datadog),
                ("acme/web", "b/catalog-info.yaml", &owned),
            ],
            owner: "other",
            state: "production",
            claims: 0,
            told: &[],
        },
        Case {
            what: "one format in two repositories",
            documents: &[
                ("acme/web", "catalog-info.yaml", &owned),
                ("acme/else", "catalog-info.yaml", &namesake),
            ],
            owner: "other",
            state: "production",
            claims: 2,
            told: &["service-conflict"],
        },
        Case {
            what: "a copy in one repository",
            documents: &[
                ("acme/web", "catalog-info.yaml", &owned),
                ("acme/web", "z/catalog-info.yaml", &namesake),
            ],
            owner: "other",
            state: "production",
            claims: 0,
            told: &["repeated-entity"],
        },
        Case {
            what: "two of ours contradict whatever else there is",
            documents: &[
                ("acme/web", "service.yaml", NATIVE),
                ("acme/else", "service.yaml", NATIVE),
                ("acme/web", "catalog-info.yaml", &owned),
            ],
            owner: "checkout",
            state: "absent",
            claims: 2,
            told: &["service-conflict"],
        },
        Case {
            what: "a former id of ours",
            documents: &[("acme/web", "service.yaml", alias), ("acme/web", "catalog-info.yaml", &owned)],
            owner: "checkout",
            state: "production",
            claims: 0,
            told: &[],
        },
    ];
    for case in cases {
        let organisation = Organisation::default().configured("descriptors: {formats: all}\n");
        let organisation =
            case.documents.iter().fold(organisation, |organisation, (repository, path, text)| {
                organisation.descriptor(repository, path, text)
            });
        for seed in 0..3 {
            let catalog = organisation.clone().shuffled(seed).resolve();
            let what = case.what;
            assert_eq!(catalog.services.len(), 1, "{what}");
            let service = catalog.services.iter().next().expect("one");
            let owner = service.record.owner_team.value().map_or("absent", |owner| owner);
            if case.claims == 0 {
                assert_eq!(owner, case.owner, "{what}");
                let state = service.record.lifecycle.state.value().map_or("absent", |state| state.word());
                assert_eq!(state, case.state, "{what}");
            }
            assert_eq!(service.conflict.len(), case.claims, "{what}");
            let mut told: Vec<&str> =
                catalog.diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
            told.dedup();
            assert_eq!(told, case.told, "{what}");
        }
    }
}

#[test]
fn every_field_of_a_merged_record_keeps_its_own_place() {
    let catalog = Organisation::default()
        .configured("descriptors: {formats: all}\n")
        .descriptor("web", "service.yaml", NATIVE)
        .descriptor(
            "web",
            "catalog-info.yaml",
            &backstage("spec:\n  owner: other\n  lifecycle: production\n"),
        )
        .resolve();
    let service = catalog.services.iter().next().expect("one");
    let line = |origin| catalog.files.place(origin).map(|place| (place.path.to_string(), place.line));
    let owner = service.record.owner_team.origin().and_then(line);
    assert_eq!(owner, Some(("service.yaml".into(), 2)));
    let state = service.record.lifecycle.state.origin().and_then(line);
    assert_eq!(state, Some(("catalog-info.yaml".into(), 7)));
    assert_eq!(service.also.len(), 1);
}

#[test]
fn teams_of_the_catalog_folder_win_per_field() {
    let group = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: checkout-devs, description: From Backstage}\nspec: {profile: {displayName: Devs}, members: [jo, mira]}\n";
    let catalog = Organisation::default()
        .configured("descriptors: {formats: all}\n")
        .catalog("teams/checkout.yaml", "teamId: checkout\ndisplayName: Checkout\naliases: [checkout-devs]\n")
        .descriptor("web", "catalog-info.yaml", group)
        .resolve();
    assert_eq!(catalog.teams.ids().collect::<Vec<_>>(), ["checkout"]);
    let team = &catalog.teams.iter().next().expect("one").record;
    assert_eq!(team.display_name.value().map(|name| &**name), Some("Checkout"));
    assert_eq!(team.description.value().map(|text| &**text), Some("From Backstage"));
    assert_eq!(team.members.items.len(), 2);
}

#[test]
fn codeowners_propose_an_owner_and_speak_up() {
    let owners = "* @acme/platform\n/services/quote/ @acme/checkout\n";
    let organisation = Organisation::default()
        .configured("descriptors: {formats: [codeowners]}\n")
        .catalog("teams/checkout.yaml", "teamId: checkout\ngithub: [acme/checkout]\nmembers: [a, b]\n")
        .catalog("teams/platform.yaml", "teamId: platform\ngithub: [acme/platform]\nmembers: [a, b]\n")
        .descriptor("web", "services/quote/service.yaml", "serviceId: quote\n")
        .descriptor("web", "services/label/service.yaml", "serviceId: label\nownerTeam: checkout\n")
        .descriptor("web", "service.yaml", "serviceId: web\nownerTeam: platform\n")
        .owners("web", ".github/CODEOWNERS", owners)
        .owners("web", "CODEOWNERS", "* @acme/nobody\n");
    let catalog = organisation.resolve();
    let quote = &catalog.services[catalog.services.find("quote").expect("a service")];
    assert_eq!(quote.owner.map(|owner| catalog.teams[owner].id.to_string()).as_deref(), Some("checkout"));
    let origin = quote.record.owner_team.origin().and_then(|origin| catalog.files.place(origin));
    assert_eq!(
        origin.map(|place| (place.path.to_string(), place.line)),
        Some((".github/CODEOWNERS".into(), 2))
    );
    let told = of_code(&catalog, "owners-disagree");
    assert_eq!(told.len(), 1);
    assert!(
        told[0].message.contains("`platform`") && told[0].message.contains("`checkout`"),
        "{}",
        told[0].message
    );
    assert_eq!(catalog.diagnostics.len(), 1, "{:?}", catalog.diagnostics);
}

#[test]
fn a_repository_tells_who_reviews_it_when_that_is_looked_at() {
    let organisation = |formats: &str| {
        let mut organisation = Organisation::default()
            .configured(&format!("descriptors: {{formats: [{formats}]}}\n"))
            .owners("held", "CODEOWNERS", "* @acme/platform @wren\n/docs/ @acme/writers\n")
            .owners("parts", "CODEOWNERS", "/docs/ @acme/writers\n");
        organisation.repository("bare");
        organisation
    };
    let reviewers = |formats: &str| -> Vec<_> {
        let catalog = organisation(formats).resolve();
        let rows = catalog.ledger.repositories.iter();
        rows.map(|row| (row.repository.name.to_string(), row.reviewers.clone())).collect()
    };
    let names = |names: &[&str]| Some(names.iter().map(|name| (*name).into()).collect());
    let expected: [(String, Option<Vec<Box<str>>>); 3] = [
        ("bare".into(), names(&[])),
        ("held".into(), names(&["@acme/platform", "@wren"])),
        ("parts".into(), names(&[])),
    ];
    let mut found = reviewers("codeowners");
    found.sort();
    assert_eq!(found, expected);
    assert!(reviewers("backstage").iter().all(|(_, reviewers)| reviewers.is_none()));
}
