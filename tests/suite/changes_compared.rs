//! `check --base` on real git repositories: a change cannot exempt itself, what it does to scores is said,
//! and the comment of a review holds both.

use std::fs;
use std::path::Path;

use super::check::{milepost, said, write};

/// Runs git in `folder`; gives what it printed.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = std::process::Command::new("git")
        .args(["-c", "init.defaultBranch=main", "-c", "user.name=Wren", "-c", "user.email=wren@example.com"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", "2026-06-01T12:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-06-01T12:00:00Z")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

fn commit(folder: &Path) -> String {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "a change"]);
    git(folder, &["rev-parse", "HEAD"])
}

const SCORECARD: &str = "\
scorecardId: safety
levels: [basic]
rules:
  - {id: encrypted, level: basic, title: Encrypted, assert: service.description == 'safe', controls: [encryption]}
  - {id: explained, level: basic, title: Explained, assert: service.displayName is defined}
";

fn exception(id: &str, rest: &str) -> String {
    format!(
        "exceptionId: {id}\nservice: quote\ncontrol: encryption\nreason: no key yet\nrisk: low\n\
         compensatingControls: [a fence]\nrequestedBy: checkout\nrequestedAt: 2026-05-01\n{rest}"
    )
}

/// An organisation with one service, which fails a rule that nothing waives yet, on a branch of its own.
fn organisation() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(
        root,
        "catalog/milepost.yaml",
        "sources: [{name: here, kind: folder, path: ../services, repositories: children}]\n\
         gates: {production: safety/basic}\n",
    );
    write(root, "catalog/teams/checkout.yaml", "teamId: checkout\nmembers: [\"@mira\", \"@noor\"]\n");
    write(
        root,
        "catalog/controls/encryption.yaml",
        "controlId: encryption\ntitle: Encrypted\nwaivable: true\n",
    );
    write(root, "catalog/scorecards/safety.yaml", SCORECARD);
    write(root, "catalog/policy/exceptions.yaml", "risks: {low: {longestLife: 365d}}\n");
    write(root, "services/quote/service.yaml", "serviceId: quote\nownerTeam: checkout\ndisplayName: Quote\n");
    git(root, &["init", "--quiet"]);
    commit(root);
    git(root, &["switch", "--quiet", "--create", "change"]);
    folder
}

/// Checks the catalog of `folder` against `main`, with more arguments: exit code, output, messages.
fn compared(folder: &Path, more: &[&str]) -> (i32, String, String) {
    let mut command = milepost(folder);
    command.args(["check", "catalog", "--now", "2026-11-21", "--base", "main", "--gate", "production"]);
    said(command.args(more))
}

#[test]
fn an_exception_of_the_change_itself_does_not_count() {
    let folder = organisation();
    let root = folder.path();
    write(
        root,
        "catalog/exceptions/EX-2026-0001.yaml",
        &exception("EX-2026-0001", "expiresAt: 2026-12-31\n"),
    );
    commit(root);
    let alone =
        said(milepost(root).args(["check", "catalog", "--now", "2026-11-21", "--gate", "production"]));
    assert_eq!(alone.0, 0, "once it is merged it counts: {}", alone.2);
    let (code, _, stderr) = compared(root, &[]);
    assert_eq!(code, 3, "{stderr}");
    assert!(
        stderr.contains("exception `EX-2026-0001` is added by this change, and waives nothing in it"),
        "{stderr}"
    );
    assert!(stderr.contains("`quote` does not reach safety/basic"), "{stderr}");

    // Not committed makes no difference, nor does what the branch itself is called.
    git(root, &["reset", "--quiet", "--soft", "main"]);
    assert_eq!(compared(root, &[]).0, 3);
}

#[test]
fn an_exception_that_was_in_force_counts_until_the_change_touches_it() {
    let folder = organisation();
    let root = folder.path();
    let file = "catalog/exceptions/EX-2026-0001.yaml";
    let before = exception("EX-2026-0001", "expiresAt: 2026-12-31\nscope: {rule: encrypted}\n");
    git(root, &["switch", "--quiet", "main"]);
    write(root, file, &before);
    write(
        root,
        "catalog/exceptions/EX-2026-0002.yaml",
        &exception(
            "EX-2026-0002",
            "expiresAt: 2027-03-01\nclosure: {at: 2026-06-02, state: fixed, why: done}\n",
        ),
    );
    commit(root);
    git(root, &["switch", "--quiet", "change"]);
    git(root, &["merge", "--quiet", "main"]);

    write(root, "services/quote/runbook.md", "# Quote\n");
    let (code, _, stderr) = compared(root, &[]);
    assert_eq!((code, stderr.contains("EX-2026-0001")), (0, false), "{stderr}");
    assert!(stderr.contains("no score moves"), "{stderr}");

    for (change, why) in [
        (before.replace("2026-12-31", "2027-02-28"), "is extended by this change"),
        (before.replace("scope: {rule: encrypted}\n", ""), "covers something else by this change"),
    ] {
        write(root, file, &change);
        let (code, _, stderr) = compared(root, &[]);
        assert_eq!(code, 3, "{stderr}");
        assert!(stderr.contains(&format!("exception `EX-2026-0001` {why}")), "{stderr}");
    }
    // To end earlier asks for nothing.
    write(root, file, &before.replace("2026-12-31", "2026-12-01"));
    assert_eq!(compared(root, &[]).0, 0);

    fs::remove_file(root.join(file)).expect("the file");
    write(
        root,
        "catalog/exceptions/EX-2026-0002.yaml",
        &exception("EX-2026-0002", "expiresAt: 2027-03-01\n"),
    );
    let (code, _, stderr) = compared(root, &[]);
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("exception `EX-2026-0002` comes into force by this change"), "{stderr}");
}

#[test]
fn the_change_is_measured_from_where_it_began() {
    let folder = organisation();
    let root = folder.path();
    let service = "services/quote/service.yaml";
    write(root, service, "serviceId: quote\nownerTeam: checkout\ndisplayName: Quote\ndescription: safe\n");
    commit(root);
    // The branch went on meanwhile: what it did is not what the change does.
    git(root, &["switch", "--quiet", "main"]);
    write(root, service, "serviceId: quote\nownerTeam: checkout\n");
    write(root, "services/label/service.yaml", "serviceId: label\nownerTeam: checkout\n");
    commit(root);
    git(root, &["switch", "--quiet", "change"]);
    let (code, _, stderr) = compared(root, &[]);
    assert_eq!(code, 0, "{stderr}");
    let expected = "`quote` on safety: score 1 of 2 → 2 of 2, with exceptions 1 of 2 → 2 of 2, \
                    level none → basic; now passes `encrypted`";
    assert!(stderr.contains(expected), "{stderr}");
    assert!(!stderr.contains("label"), "{stderr}");

    write(root, service, "serviceId: quote\nownerTeam: checkout\n");
    write(root, "services/new/service.yaml", "serviceId: new\nownerTeam: checkout\n");
    let (code, _, stderr) = compared(root, &[]);
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("`quote` on safety: score 1 of 2 → 0 of 2"), "{stderr}");
    assert!(stderr.contains("; no longer passes `explained`"), "{stderr}");
    assert!(stderr.contains("`new` on safety: score not judged → 0 of 2"), "{stderr}");
}

#[test]
fn the_comment_of_a_review_says_what_the_change_brings() {
    let folder = organisation();
    let root = folder.path();
    git(root, &["switch", "--quiet", "main"]);
    write(root, "services/quote/service.yaml", "serviceId: quote\nownerTeam: checkout\nold: 1\n");
    commit(root);
    git(root, &["switch", "--quiet", "change"]);
    git(root, &["merge", "--quiet", "main"]);
    write(
        root,
        "services/quote/service.yaml",
        "serviceId: quote\nownerTeam: checkout\nold: 1\ndisplayName: Q\n\"@mira|<b>\": 1\n",
    );
    let (code, comment, stderr) = compared(root, &["--format", "markdown"]);
    assert_eq!(code, 3, "{stderr}");
    let base = git(root, &["rev-parse", "main"]);
    for expected in [
        "<!-- milepost check -->\n### Milepost: 2 warnings\n",
        "**The gate <code>production</code> is not passed:** <code>quote</code> does not reach",
        &format!("Compared with <code>{}</code>.", &base[..12]),
        "| <code>quote</code> | <code>safety</code> | 0 of 2 → 1 of 2 | 0 of 2 → 1 of 2 |  | now passes <code>explained</code> |\n",
        "| warning | <code>services/quote/service&#46;yaml&#58;5&#58;1</code> |",
        "1 problem was there before this change.",
    ] {
        assert!(comment.contains(expected), "{expected}\nis not in\n{comment}");
    }
    assert!(!comment.contains("yaml&#58;3&#58;1") && !comment.contains("<b>"), "{comment}");
    assert!(!stderr.contains("does not reach"), "{stderr}");

    let flood: String = (0..300).map(|number| format!("unknown{number}: 1\n")).collect();
    write(root, "services/quote/service.yaml", &format!("serviceId: quote\nownerTeam: checkout\n{flood}"));
    let (_, comment, _) = compared(root, &["--format", "markdown"]);
    assert!(comment.len() < 60_000, "{}", comment.len());
    assert!(comment.contains("more problems like these."), "{comment}");
}

#[test]
fn descriptors_without_a_catalog_are_compared_too() {
    let folder = organisation();
    let root = folder.path();
    write(root, "services/quote/service.yaml", "serviceId: quote\nownerTaem: checkout\n");
    write(root, "services/new/service.yaml", "serviceId: new\nownerTaem: checkout\n");
    let arguments = ["check", "services", "--base", "main", "--format", "markdown", "--fail-on", "warning"];
    let (code, comment, stderr) = said(milepost(root).args(arguments));
    assert_eq!(code, 3, "{stderr}");
    assert!(comment.contains("### Milepost: 2 warnings") && comment.contains("No score moves."), "{comment}");
    assert!(!comment.contains("before this change"), "{comment}");
}

#[test]
fn what_cannot_be_compared_is_said_and_nothing_is_left_behind() {
    let folder = organisation();
    let root = folder.path();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let check = |folder: &Path, revision: &str| {
        let (code, _, stderr) =
            said(milepost(folder).env("TMPDIR", elsewhere.path()).args(["check", ".", "--base", revision]));
        (code, stderr)
    };
    let (code, stderr) = check(root, "nowhere");
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("nothing to compare `.` with at `nowhere`"), "{stderr}");

    let (code, stderr) = check(root, "main");
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 0);

    let bare = tempfile::tempdir().expect("a folder");
    let (code, stderr) = check(bare.path(), "main");
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("there is no git work tree around it"), "{stderr}");

    git(root, &["switch", "--quiet", "--orphan", "other"]);
    write(root, "a.md", "# A\n");
    commit(root);
    let (code, stderr) = check(root, "main");
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("it shares no history with what is checked out"), "{stderr}");

    // A clone without the commit that both share.
    git(root, &["switch", "--quiet", "change"]);
    write(root, "a.md", "# A\n");
    commit(root);
    let url = format!("file://{}", root.display());
    let clone = elsewhere.path().join("clone");
    let clone_to = clone.to_str().expect("a path");
    git(root, &["clone", "--quiet", "--depth", "1", "--no-single-branch", &url, clone_to]);
    let (code, stderr) = check(&clone, "origin/main");
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("only a part of the history is here"), "{stderr}");
    git(&clone, &["fetch", "--quiet", "--unshallow"]);
    let (code, stderr) = check(&clone, "origin/main");
    assert_eq!(code, 0, "{stderr}");
}
