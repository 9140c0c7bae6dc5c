//! References between records: found by every name, reported when they dangle.

use super::of_service;
use crate::catalog::testing::{Organisation, of_code};
use crate::catalog::{Catalog, DependencyTarget};

fn targets(catalog: &Catalog, id: &str) -> Vec<String> {
    let service = catalog.services.by_id(id).expect("the service");
    let target = |target: &DependencyTarget| match target {
        DependencyTarget::Service(index) => catalog.services[*index].id.to_string(),
        other => format!("{other:?}"),
    };
    service.depends_on.iter().map(|dependency| target(&dependency.target)).collect()
}

#[test]
fn dependencies_are_found_by_id_and_by_former_id() {
    let catalog = Organisation::default()
        .descriptor("a", "service.yaml", &of_service("quote", "aliases: [price]\n"))
        .descriptor(
            "b",
            "service.yaml",
            &of_service("book", "dependsOn: [price, quite, {external: carrier}, book]\n"),
        )
        .resolve();
    assert_eq!(targets(&catalog, "book"), ["quote", "Missing", "External"]);
    assert_eq!(catalog.services.by_id("quote").expect("there").dependents.len(), 1);
    let dangling = of_code(&catalog, "unknown-service");
    assert_eq!(dangling.len(), 1);
    assert_eq!(dangling[0].help.as_deref(), Some("did you mean `quote`?"));
    assert_eq!(of_code(&catalog, "self-dependency").len(), 1);
}

#[test]
fn a_flood_of_dangling_names_is_counted() {
    for (wrong, listed) in [(100, 100), (101, 101), (350, 101)] {
        let names: Vec<String> = (0..wrong).map(|number| format!("nowhere-{number}")).collect();
        let fields = format!("dependsOn: [{}]\n", names.join(", "));
        let catalog =
            Organisation::default().descriptor("a", "service.yaml", &of_service("quote", &fields)).resolve();
        let dangling = of_code(&catalog, "unknown-service");
        assert_eq!(dangling.len(), listed, "of {wrong}");
        assert_eq!(dangling.iter().map(|diagnostic| diagnostic.stands_for()).sum::<usize>(), wrong);
        assert_eq!(targets(&catalog, "quote").len(), wrong);
    }
}

#[test]
fn an_alias_of_two_services_means_neither() {
    let catalog = Organisation::default()
        .descriptor("a", "service.yaml", &of_service("a", "aliases: [old]\n"))
        .descriptor("b", "service.yaml", &of_service("b", "aliases: [old, a]\n"))
        .descriptor("c", "service.yaml", &of_service("c", "dependsOn: [old, a]\n"))
        .resolve();
    assert_eq!(targets(&catalog, "c"), ["Missing", "a"]);
    assert_eq!(of_code(&catalog, "alias-clash").len(), 2);
}

#[test]
fn owners_are_found_by_id_alias_and_github_team() {
    let team = "teamId: web\nmembers: [a, b]\naliases: [Shop Team]\ngithub: [example/web]\n";
    let names = ["web", "WEB", "shop team", "example/web", "other"];
    let mut organisation = Organisation::default().catalog("teams/web.yaml", team);
    for (number, name) in names.iter().enumerate() {
        let text = format!("serviceId: s{number}\nownerTeam: {name}\n");
        organisation = organisation.descriptor("mono", &format!("s{number}/service.yaml"), &text);
    }
    let catalog = organisation.resolve();
    let owned: Vec<bool> = catalog.services.iter().map(|service| service.owner.is_some()).collect();
    assert_eq!(owned, [true, true, true, true, false]);
    assert_eq!(catalog.teams.by_id("web").expect("there").services.len(), 4);
}

#[test]
fn what_the_catalog_does_not_keep_cannot_dangle() {
    let text = "serviceId: quote\nownerTeam: web\nproduct: shop\nbusinessCapability: intake\n\
                accountId: \"012345678901\"\nenvironments: [eu]\ngoldenPath: http@1\n";
    let catalog = Organisation::default().descriptor("a", "service.yaml", text).resolve();
    assert_eq!(catalog.diagnostics.len(), 0, "{:?}", catalog.diagnostics);
}

#[test]
fn a_version_is_found_in_its_golden_path() {
    let path = "goldenPathId: http\nversions: [\"2\", \"3.0\", \"3.1\"]\n";
    let catalog = Organisation::default()
        .catalog("golden-paths/http.yaml", path)
        .descriptor("a", "service.yaml", &of_service("a", "goldenPath: http@3\n"))
        .descriptor("b", "service.yaml", &of_service("b", "goldenPath: http@9\n"))
        .resolve();
    let versions: Vec<Option<usize>> =
        catalog.services.iter().map(|service| service.golden_path_version).collect();
    assert_eq!(versions, [Some(2), None]);
    assert!(catalog.services.iter().all(|service| service.golden_path.is_some()));
    assert_eq!(of_code(&catalog, "unknown-version").len(), 1);
}

#[test]
fn a_circle_of_teams_is_cut_and_the_rest_stands() {
    let team = |id: &str, parent: &str| format!("teamId: {id}\nparent: {parent}\nmembers: [a, b]\n");
    let catalog = Organisation::default()
        .catalog("teams/a.yaml", &team("a", "b"))
        .catalog("teams/b.yaml", &team("b", "a"))
        .catalog("teams/c.yaml", &team("c", "a"))
        .resolve();
    let parents: Vec<bool> = catalog.teams.iter().map(|team| team.parent.is_some()).collect();
    assert_eq!(parents, [false, false, true]);
    assert_eq!(catalog.teams.by_id("a").expect("there").children.len(), 1);
}

#[test]
fn names_of_other_records_in_the_catalog_folder_are_checked() {
    let catalog = Organisation::default()
        .catalog("teams/web.yaml", "teamId: web\nmembers: [a, b]\n")
        .catalog("capabilities.yaml", "[{capabilityId: intake}]\n")
        .catalog("products/shop.yaml", "productId: shop\nowner: wbe\ncapability: intkae\n")
        .catalog("controls.yaml", "[{controlId: tls, owner: nobody}]\n")
        .catalog("environments/eu.yaml", "environmentId: eu\nowner: web\naccountId: \"111111111111\"\n")
        .catalog("accounts.yaml", "[{accountId: \"222222222222\", owner: web}]\n")
        .resolve();
    let messages: Vec<(&str, &str)> = catalog
        .diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.code.name, diagnostic.message.as_str()))
        .collect();
    assert_eq!(
        messages,
        [
            ("unknown-team", "no team is called `nobody`"),
            ("unknown-account", "no account is called `111111111111`"),
            ("unknown-team", "no team is called `wbe`"),
            ("unknown-capability", "no capability is called `intkae`"),
        ]
    );
    assert!(catalog.accounts.iter().all(|account| account.owner.is_some()));
}
