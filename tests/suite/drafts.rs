//! `init --service` from outside: what it writes, what it leaves alone, and that its draft is flawless.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use assert_cmd::Command;

fn milepost(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("milepost").expect("the binary is built");
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

/// What a command said: exit code and standard error.
fn said(command: &mut Command) -> (i32, String) {
    let output = command.output().expect("it runs");
    let stderr = String::from_utf8(output.stderr).expect("output is text");
    (output.status.code().expect("it ends by itself"), stderr)
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
    fs::write(path, text).expect("a file");
}

fn git(folder: &Path, arguments: &[&str]) {
    let ended =
        std::process::Command::new("git").args(arguments).current_dir(folder).output().expect("git runs");
    assert!(ended.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

/// A repository that says what it is in every way but with a descriptor.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [
        ("README.md", "# Parcel: Quote\n\nPrices a parcel for the web shop \"at once\".\n"),
        (".github/CODEOWNERS", "* @example/checkout\n"),
        ("Dockerfile", "FROM golang:1.26 AS build\nFROM scratch\nEXPOSE 8080\n"),
        ("main.go", "package main\n"),
        (
            "infra/main.tf",
            "provider \"aws\" {\n  default_tags {\n    tags = { CostCenter = \"CC-4100\" }\n  }\n}\n",
        ),
        ("docs/Architecture.md", "# Architecture\n\nOne process and one queue.\n"),
    ] {
        write(folder.path(), path, text);
    }
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["remote", "add", "origin", "git@git.example.com:example/parcel-quote.git"]);
    folder
}

fn text(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn a_draft_says_where_everything_came_from_and_has_nothing_to_mend() {
    let repository = repository();
    let folder = repository.path();
    let (code, stderr) = said(milepost(folder).args(["init", "--service"]));
    assert_eq!(code, 0, "{stderr}");
    let draft = text(folder, "service.yaml");
    for expected in [
        "# yaml-language-server: $schema=.milepost/schema/service-v1.json\n",
        "\nserviceId: parcel-quote  # the remote `origin`\n",
        "\ndisplayName: \"Parcel: Quote\"  # from README.md:1\n",
        "\ntype: http-service  # from Dockerfile:3",
        "\nownerTeam: checkout  # from .github/CODEOWNERS:1",
        "\nrepository: example/parcel-quote  # the remote `origin`\n",
        "\ncostCenter: CC-4100  # from infra/main.tf:3\n",
        "\n  architecture: docs/Architecture.md  # it is there\n",
        "\n  language: go  # 1 of 1 source files\n",
    ] {
        assert!(draft.contains(expected), "{expected} in\n{draft}");
    }
    let (code, stderr) = said(milepost(folder).args(["check", "--fail-on", "warning"]));
    assert_eq!(code, 0, "{stderr}");
    let schema: serde_json::Value =
        serde_json::from_str(&text(folder, ".milepost/schema/service-v1.json")).expect("it is JSON");
    assert!(schema["properties"]["ownerTeam"].is_object());
}

#[test]
fn the_templates_of_documents_count_as_not_written() {
    let repository = repository();
    let folder = repository.path();
    assert_eq!(said(milepost(folder).args(["init", "--service"])).0, 0);
    write(
        folder,
        "catalog/milepost.yaml",
        "sources:\n  - {name: here, kind: folder, path: .., repositories: self}\n",
    );
    let site = folder.join("site");
    let (code, stderr) = said(
        milepost(folder).args(["build", "catalog", "--quiet", "--now", "2026-11-21", "--out"]).arg(&site),
    );
    assert_eq!(code, 0, "{stderr}");
    let service: serde_json::Value =
        serde_json::from_str(&text(&site, "api/v1/services/parcel-quote.json")).expect("it is JSON");
    let written: Vec<(&str, bool)> = service["documents"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|document| {
            (document["target"].as_str().expect("a path"), document["written"].as_bool().expect("known"))
        })
        .collect();
    assert!(written.contains(&("docs/Architecture.md", true)), "{written:?}");
    for template in ["docs/runbook.md", "docs/operational-readiness.md"] {
        assert!(written.contains(&(template, false)), "{written:?}");
    }
}

#[test]
fn a_portal_of_the_organisation_serves_the_schema() {
    let repository = repository();
    let folder = repository.path();
    write(folder, "milepost.yaml", "organisation: {name: A, portalUrl: https://portal.example.com/}\n");
    assert_eq!(said(milepost(folder).args(["init", "--service", "."])).0, 0);
    let head = "# yaml-language-server: $schema=https://portal.example.com/schema/service-v1.json\n";
    assert!(text(folder, "service.yaml").starts_with(head));
    assert!(!folder.join(".milepost").exists());
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let repository = repository();
    let folder = repository.path();
    for name in ["service.yaml", "service.yml"] {
        write(folder, name, "serviceId: mine\n");
        let (code, stderr) = said(milepost(folder).args(["init", "--service"]));
        assert_eq!(code, 5, "{stderr}");
        assert!(stderr.contains("is not overwritten; nothing was written"), "{stderr}");
        assert_eq!(text(folder, name), "serviceId: mine\n");
        fs::remove_file(folder.join(name)).expect("it was there");
    }
    assert!(!folder.join("docs/runbook.md").exists());
    assert_eq!(said(milepost(folder).args(["init", "--service"])).0, 0);
    assert_eq!(text(folder, "docs/Architecture.md"), "# Architecture\n\nOne process and one queue.\n");
}

#[test]
fn nothing_is_written_through_a_link() {
    let outside = tempfile::tempdir().expect("a folder");
    let repository = repository();
    let folder = repository.path();
    fs::remove_dir_all(folder.join("docs")).expect("it was there");
    symlink(outside.path(), folder.join("docs")).expect("a link");
    let (code, stderr) = said(milepost(folder).args(["init", "--service"]));
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("docs` is in the way; nothing was written"), "{stderr}");
    assert!(!folder.join("service.yaml").exists());
    assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 0);
}

#[test]
fn a_folder_of_a_repository_of_many_names_its_service() {
    let repository = repository();
    let folder = repository.path();
    write(folder, "services/Label_Printer/main.py", "");
    git(folder, &["add", "."]);
    git(folder, &["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "all"]);
    assert_eq!(said(milepost(folder).args(["init", "--service", "services/Label_Printer"])).0, 0);
    let draft = text(folder, "services/Label_Printer/service.yaml");
    assert!(draft.contains("\nserviceId: label-printer  # the name of the folder\n"), "{draft}");
    assert!(draft.contains("\nownerTeam: checkout  # from .github/CODEOWNERS:1"), "{draft}");
    assert_eq!(said(milepost(folder).args(["check", "services", "--fail-on", "warning"])).0, 0);
}
