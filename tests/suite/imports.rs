//! `import` from outside: what it writes reads as what the other tools' descriptors said, what it could not
//! carry is listed, and nothing that is there is touched.

use std::fs;
use std::path::Path;

use super::check::{copy, milepost, said, write};

const COMPONENT: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: quote
  title: Parcel quote
  description: \"Prices: all of them\"
  annotations:
    pagerduty.com/integration-key: abc
  links:
    - {url: docs/runbook.md, title: Runbook, type: runbook, icon: book}
spec:
  type: service
  lifecycle: production
  owner: group:default/checkout
  system: parcels
  profile: {colour: blue}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: checkout, description: Sells parcels.}
spec: {type: team, children: [], members: [mira]}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: quote-api}
spec: {type: openapi, lifecycle: production, owner: checkout, definition: x}
";

fn text(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn a_component_becomes_a_descriptor_and_a_group_a_team() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(root, "services/quote/catalog-info.yaml", COMPONENT);
    write(root, "services/quote/docs/runbook.md", "# Quote\n");
    let (code, not_carried, stderr) =
        said(milepost(root).args(["import", "services/quote/catalog-info.yaml", "--catalog", "catalog"]));
    assert_eq!(code, 0, "{stderr}");
    let service = text(root, "services/quote/service.yaml");
    for expected in [
        "# yaml-language-server: $schema=.milepost/schema/service-v1.json\nserviceId: quote  # catalog-info.yaml:4\n",
        "displayName: Parcel quote  # catalog-info.yaml:5\n",
        "description: \"Prices: all of them\"  # catalog-info.yaml:6\n",
        "ownerTeam: checkout  # catalog-info.yaml:14\n",
        "lifecycle:\n  state: production  # catalog-info.yaml:13\n",
        "  runbook: docs/runbook.md  # catalog-info.yaml:10\n",
    ] {
        assert!(service.contains(expected), "{expected}\nis not in\n{service}");
    }
    let team = text(root, "catalog/teams/checkout.yaml");
    assert!(team.contains("schema=../.milepost/schema/team-v1.json\nteamId: checkout  #"), "{team}");
    assert!(team.contains("members:\n  - mira  #"), "{team}");
    let schema = text(root, "catalog/.milepost/schema/team-v1.json");
    assert!(schema.contains("Milepost: teams"), "{schema}");
    for expected in [
        "services/quote/catalog-info.yaml:16: spec.profile",
        "services/quote/catalog-info.yaml:23: API `quote-api`",
    ] {
        assert!(not_carried.contains(expected), "{expected}\nis not in\n{not_carried}");
    }

    // What was written is used from now on, and has nothing to mend.
    let (code, _, stderr) = said(milepost(root).args(["check", "services", "--fail-on", "warning"]));
    assert_eq!(code, 0, "{stderr}");
    let (code, _, stderr) = said(milepost(root).args(["import", "services"]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("`quote` has a native descriptor, and is left alone"), "{stderr}");
    assert!(stderr.contains("team `checkout` is not written: `--catalog DIR` says where to"), "{stderr}");
}

#[test]
fn nothing_that_is_there_is_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(root, "a/catalog-info.yaml", COMPONENT);
    for there in ["a/service.yaml", "a/service.yml", "catalog/teams/checkout.yaml"] {
        write(root, there, "kind: another\n");
        let arguments = ["import", "a/catalog-info.yaml", "--catalog", "catalog"];
        let (code, _, stderr) = said(milepost(root).args(arguments));
        assert_eq!(code, 5, "{there}: {stderr}");
        assert!(stderr.contains("is in the way; nothing was written"), "{stderr}");
        assert_eq!(text(root, there), "kind: another\n");
        assert!(!root.join("a/.milepost").exists() && !root.join("catalog/products").exists());
        fs::remove_file(root.join(there)).expect("the file");
    }
    let (code, _, stderr) = said(milepost(root).args(["import", "none.yaml"]));
    assert_eq!(code, 2, "{stderr}");
}

/// What `check` knows of the services in `folder`, as JSON of the portal: fields without their origins.
fn fields(folder: &Path) -> Vec<serde_json::Value> {
    write(
        folder,
        "catalog/milepost.yaml",
        "sources: [{name: here, kind: folder, path: ../repository, repositories: self}]\n\
         descriptors: {formats: all}\n",
    );
    let site = folder.join("site");
    let (code, _, stderr) =
        said(milepost(folder).args(["build", "catalog", "--now", "2026-11-21", "--out"]).arg(&site));
    assert_eq!(code, 0, "{stderr}");
    let services = fs::read_dir(site.join("api/v1/services")).expect("services").flatten();
    let mut services: Vec<_> = services.map(|entry| entry.path()).collect();
    services.retain(|path| path.file_name().is_some_and(|name| name != "index.json"));
    services.sort();
    services
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).expect("text");
            let service: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            let fields = service["fields"].as_object().cloned().unwrap_or_default();
            fields.into_iter().map(|(key, field)| (key, field["value"].clone())).collect()
        })
        .collect()
}

#[test]
fn the_repository_of_a_bought_company_says_the_same_afterwards() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog/repositories/locker-network");
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    copy(&example, &root.join("repository"));
    let before = fields(root);
    assert!(!before.is_empty());
    let (code, _, stderr) = said(milepost(root).args(["import", "repository", "--catalog", "catalog"]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("wrote `repository/display/service.yaml`"), "{stderr}");
    assert_eq!(fields(root), before);
}
