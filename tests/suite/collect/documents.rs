//! The documents that descriptors name are collected with them, and nothing else is.

use milepost::collect::snapshot::{Content, FileRole};
use milepost::settings::Repositories;

use super::{Place, file, paths, refused, repository};

#[test]
fn documents_are_taken_as_seen_from_their_descriptor() {
    let place = Place::new();
    place.write(
        "mono/a/service.yaml",
        "doc: docs/runbook.md\ndoc: ../docs/shared.md#part\ndoc: docs/none.md\n",
    );
    place.write("mono/.milepost/b.yaml", "doc: ../docs/shared.md\n");
    place.write("mono/a/docs/runbook.md", "# Runbook");
    place.write("mono/docs/shared.md", "# Shared");
    place.write("mono/docs/other.md", "# Nobody names it");
    let snapshot = place.collect(Repositories::Children);
    assert_eq!(
        paths(&snapshot),
        [
            "mono: .milepost/b.yaml",
            "mono: a/docs/none.md",
            "mono: a/docs/runbook.md",
            "mono: a/service.yaml",
            "mono: docs/shared.md"
        ]
    );
    assert_eq!(file(&snapshot, "a/docs/none.md").content, Content::Missing);
    assert_eq!(file(&snapshot, "docs/shared.md").role, FileRole::Document);
    assert_eq!(file(&snapshot, "a/service.yaml").role, FileRole::Descriptor);
}

#[test]
fn nothing_outside_the_repository_is_a_document() {
    let place = Place::new();
    place.write("outside.md", "secret");
    place.write("quote/.git/config", "[remote \"origin\"]\n\turl = https://user:token@example.com/a/b\n");
    place.write(
        "quote/service.yaml",
        "doc: ../outside.md\ndoc: docs/../../outside.md\ndoc: /etc/passwd\ndoc: https://example.com/x.md\ndoc: .git/config\n",
    );
    assert_eq!(paths(&place.collect(Repositories::Children)), ["quote: service.yaml"]);
}

#[test]
fn a_document_in_another_case_is_another_document() {
    let place = Place::new();
    place.write("quote/service.yaml", "doc: docs/runbook.md\n");
    place.write("quote/docs/Runbook.md", "# Runbook");
    let snapshot = place.collect(Repositories::Children);
    assert_eq!(file(&snapshot, "docs/runbook.md").content, Content::Missing);
}

#[test]
fn a_descriptor_that_another_names_stays_a_descriptor() {
    let place = Place::new();
    place.write("quote/service.yaml", "doc: other/service.yaml\n");
    place.write("quote/other/service.yaml", "serviceId: other\n");
    let snapshot = place.collect(Repositories::Children);
    assert_eq!(paths(&snapshot), ["quote: other/service.yaml", "quote: service.yaml"]);
    assert_eq!(file(&snapshot, "other/service.yaml").role, FileRole::Descriptor);
}

#[test]
fn one_descriptor_cannot_name_documents_without_end() {
    let place = Place::new();
    let names: String = (0..100).map(|number| format!("doc: docs/{number:03}.md\n")).collect();
    place.write("quote/service.yaml", names);
    let snapshot = place.collect(Repositories::Children);
    assert_eq!(snapshot.files.len(), 1 + 64);
    assert_eq!(
        refused(repository(&snapshot, "quote")),
        ["docs/064.md: `service.yaml` names 36 more than the 64 documents that are read for one descriptor"]
    );
}

#[test]
fn descriptors_that_others_name_are_read_inside_the_repository_only() {
    let place = Place::new();
    place.write(
        "a/catalog-info.yaml",
        "descriptor: ./parts/*.yaml\ndescriptor: deep/**/info.yml\ndescriptor: ../b/x.yaml\ndescriptor: gone.yaml\n",
    );
    for path in [
        "a/parts/one.yaml",
        "a/parts/two.yaml",
        "a/parts/notes.md",
        "a/parts/.hidden.yaml",
        "a/deep/info.yml",
        "a/deep/x/y/info.yml",
        "a/deep/node_modules/info.yml",
        "a/other.yaml",
        "b/x.yaml",
    ] {
        place.write(path, "");
    }
    // One that is named names another in its turn; a circle ends.
    place.write("a/parts/one.yaml", "descriptor: ../other.yaml\ndescriptor: ../catalog-info.yaml\n");
    let snapshot = place.collect(Repositories::Children);
    assert_eq!(
        paths(&snapshot),
        [
            "a: catalog-info.yaml",
            "a: deep/info.yml",
            "a: deep/x/y/info.yml",
            "a: other.yaml",
            "a: parts/one.yaml",
            "a: parts/two.yaml"
        ]
    );
}

#[test]
fn codeowners_are_taken_from_their_three_places() {
    let place = Place::new();
    for path in ["a/CODEOWNERS", "a/.github/CODEOWNERS", "a/docs/CODEOWNERS", "a/src/CODEOWNERS"] {
        place.write(path, "* @acme/web\n");
    }
    let snapshot = place.collect(Repositories::Children);
    assert_eq!(paths(&snapshot), ["a: .github/CODEOWNERS", "a: CODEOWNERS", "a: docs/CODEOWNERS"]);
    assert!(snapshot.files.iter().all(|file| file.role == FileRole::Owners));
}
