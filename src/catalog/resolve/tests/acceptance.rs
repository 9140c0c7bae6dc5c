//! The lesson's own records (mission map A5), alone and inside the example organisation.

use crate::catalog::Catalog;
use crate::catalog::testing::Organisation;

/// Code, place and message of everything that is said about files whose path contains one of `paths`.
fn said_of(catalog: &Catalog, paths: &[&str]) -> Vec<String> {
    let line = |diagnostic: &crate::diagnostic::Diagnostic| {
        let place = diagnostic.place.as_ref()?;
        let path = format!("{}/{}", place.repository, place.path);
        paths
            .iter()
            .any(|wanted| path.contains(wanted))
            .then(|| format!("{} {path}:{}: {}", diagnostic.code.name, place.line, diagnostic.message))
    };
    catalog.diagnostics.iter().filter_map(line).collect()
}

#[test]
fn the_records_of_the_lesson_are_told_apart_and_together() {
    let catalog = Organisation::example().resolve();
    let said = said_of(&catalog, &["case-command-api", "enforcement-case-api", "EX-2026-0017"]);
    let descriptor = "enforcement-case-api/service.yaml";
    assert_eq!(
        said,
        [
            "unknown-service catalog/exceptions/EX-2026-0017.yaml:2: no service is called `case-report-exporter`"
                .to_owned(),
            format!("similar-owner {descriptor}:3: `regulatory-platform-team` looks like the team `regulatory-platform` in another spelling"),
            format!("unknown-team {descriptor}:3: no team is called `regulatory-platform-team`"),
            format!("similar-on-call {descriptor}:23: `regulatory-platform-oncall` looks like the on-call route `regulatory-platform-primary` in another spelling"),
            format!("similar-cost-center {descriptor}:32: `regulatory-systems` looks like the cost centre `regtech-platform` in another spelling"),
        ]
    );
    let one = catalog.services.by_id("case-command-api").expect("the service of section 16");
    assert!(one.record.product.is_absent());
    let other = catalog.services.by_id("enforcement-case-api").expect("the contract of section 8");
    assert!(other.record.account_id.is_absent());
    let names: Vec<&str> =
        other.environments.iter().filter_map(|runs| Some(runs.name.as_ref()?.as_str())).collect();
    assert_eq!(names, ["dev", "staging", "prod"]);
}

#[test]
fn the_two_samples_alone_suggest_the_same() {
    let example = Organisation::example();
    let mut alone = Organisation::default();
    for name in ["case-command-api", "enforcement-case-api"] {
        let position = example.snapshot.repositories.iter().position(|known| *known.name == *name);
        let file = example
            .snapshot
            .files
            .iter()
            .find(|file| Some(file.repository.0 as usize) == position && *file.path == *"service.yaml");
        alone = alone.file(
            name,
            "service.yaml",
            crate::collect::snapshot::FileRole::Descriptor,
            file.expect("its descriptor").content.clone(),
        );
    }
    let catalog = alone.resolve();
    let mut codes: Vec<&str> = catalog.diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["similar-cost-center", "similar-on-call", "similar-owner"]);
}

#[test]
fn proton_is_flagged_wherever_it_is_named() {
    let catalog = Organisation::example().resolve();
    let said: Vec<String> =
        said_of(&catalog, &["/"]).into_iter().filter(|line| line.starts_with("retired-technology")).collect();
    assert_eq!(said.len(), 3, "{said:?}");
}
