//! Credentials that people wrote where they do not belong, from outside: whatever is written, kept, printed or sealed,
//! no byte of it holds one, and every run says where they stood.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use zip::ZipArchive;

use super::ferries::Ferries;

const PASSWORD: &str = "k3Jx92LmQ0pT";
const DAY: &[&str] = &["--now", "2026-11-20T03:00:00Z"];

/// Put together here, so that no scanner takes this file for a leak.
fn token() -> String {
    ["gh", "p_", "r7Kq2LmZ9xWc4VbN8tYs1", "HdJ5fGa3PuQe6RkX0Tz"].concat()
}

fn key() -> String {
    let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    format!("-----BEGIN PRIVATE {}-----\n{line}\n{line}\n-----END PRIVATE KEY-----", "KEY")
}

/// The ferries with a credential in every kind of text that people write.
fn careless() -> Ferries {
    let ferries = Ferries::new();
    let token = token();
    ferries.write(
        "repositories/ferry-times/service.yaml",
        &format!(
            "serviceId: ferry-times\ndescription: Times {token}\nownerTeam: harbour\ncriticality: tier-2\n\
             failureImpact: \"Log in with the password: {PASSWORD}\"\n\
             links:\n  runbook: RUNBOOK.md\n  dashboard: https://wren:{PASSWORD}@boards.example.com/times\n"
        ),
    );
    let escaped = token.replace('_', "\\_");
    let key = key();
    ferries.write(
        "repositories/ferry-times/RUNBOOK.md",
        &format!("# Runbook {escaped}\n\n```\n{key}\n```\n\nThe token is {token}.\n"),
    );
    ferries.replace(
        "catalog/exceptions/EX-2026-0001.yaml",
        "It is small.",
        &format!("It is small, see https://wren:{PASSWORD}@wiki.example.com"),
    );
    ferries.replace("catalog/facts/drills.csv", "drill book", &format!("drill book password={PASSWORD}"));
    ferries.replace("catalog/milepost.yaml", "{name: Ferries}", &format!("{{name: \"Ferries {token}\"}}"));
    ferries.commit(&format!("careless {token}"), &format!("Wren {token}"));
    ferries
}

/// What must not be anywhere.
fn secrets() -> Vec<String> {
    let body = key().lines().nth(1).expect("a line of the key").to_owned();
    vec![PASSWORD.to_owned(), token()[4..].to_owned(), body]
}

fn assert_clean(what: &str, bytes: &[u8]) {
    for secret in secrets() {
        let held = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!held, "{what} holds a credential");
    }
}

/// Looks at every byte of every file below `folder`, packed ones unpacked; gives how many files there were.
fn look_at(folder: &Path) -> usize {
    let mut seen = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            seen += look_at(&path);
            continue;
        }
        let bytes = fs::read(&path).expect("a file");
        let shown = path.display().to_string();
        assert_clean(&shown, &bytes);
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("zst") => assert_clean(&shown, &zstd::decode_all(bytes.as_slice()).expect("a frame")),
            Some("zip") => {
                let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
                for index in 0..archive.len() {
                    let mut inner = Vec::new();
                    archive.by_index(index).expect("a file").read_to_end(&mut inner).expect("its bytes");
                    assert_clean(&shown, &inner);
                }
            }
            _ => {}
        }
        seen += 1;
    }
    seen
}

/// The file of the pack at `pack` whose name ends so.
fn held(pack: &Path, ending: &str) -> String {
    let mut archive = ZipArchive::new(fs::File::open(pack).expect("the pack")).expect("an archive");
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("a file");
        if entry.name().expect("a name").ends_with(ending) {
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("text");
            return text;
        }
    }
    panic!("the pack has no {ending}");
}

#[test]
fn no_byte_of_a_portal_or_of_what_is_said_holds_a_credential() {
    let ferries = careless();
    let (code, stdout, stderr) = ferries.run(&[&["build", "catalog"], DAY].concat());
    assert_eq!(code, 3, "{stderr}");
    assert_clean("what is said", stderr.as_bytes());
    assert_clean("what is printed", stdout.as_bytes());
    assert!(look_at(&ferries.0.path().join("site")) > 50);
    assert!(look_at(&ferries.0.path().join(".milepost")) > 1);
    for said in [
        "secret: ferry-times/service.yaml:2: a GitHub token stood here and was removed",
        "secret: ferry-times/service.yaml:5: a password stood here and was removed",
        "secret: ferry-times/service.yaml:8: a password in an address stood here and was removed",
        "secret: ferry-times/RUNBOOK.md:1: a GitHub token stood here and was removed",
        "secret: ferry-times/RUNBOOK.md:4: a private key stood here and was removed",
        "secret: ferry-times/RUNBOOK.md:10: a GitHub token stood here and was removed",
        "secret: catalog/exceptions/EX-2026-0001.yaml:4: a password in an address stood here and was removed",
        "secret: catalog/facts/drills.csv:2: a password stood here and was removed",
        "secret: catalog/milepost.yaml:1: a GitHub token stood here and was removed",
        "secret: a GitHub token was removed from what is known of `ferry-times`, which source `repositories` gave",
    ] {
        assert!(stderr.contains(said), "{said}\nin\n{stderr}");
    }
    let page = fs::read_to_string(ferries.0.path().join("site/services/ferry-times/index.html"));
    let page = page.expect("the page of the service");
    assert!(page.contains("(secret-removed:github-token)"), "the mark is there to be seen");
    let problems = fs::read_to_string(ferries.0.path().join("site/problems/index.html"));
    assert!(problems.expect("the page of problems").contains("secret-removed"));
}

#[test]
fn every_verb_that_looks_says_so_and_shows_nothing() {
    let ferries = careless();
    let forms = ["text", "json", "sarif", "github", "markdown"];
    for form in forms {
        let (code, stdout, stderr) = ferries.run(&["check", "catalog", "--format", form]);
        assert_eq!(code, 3, "{form}: {stderr}");
        assert_clean(form, format!("{stdout}{stderr}").as_bytes());
    }
    let (code, stdout, stderr) = ferries.run(&["check", "repositories/ferry-times"]);
    assert_eq!(code, 3, "{stderr}");
    assert_clean("the check of one repository", format!("{stdout}{stderr}").as_bytes());
    assert!(format!("{stdout}{stderr}").contains("RUNBOOK.md:4"), "{stdout}{stderr}");
}

#[test]
fn a_pack_holds_no_credential_and_comes_out_the_same_from_what_was_judged() {
    let ferries = careless();
    let (code, ..) = ferries.run(&[&["collect", "catalog"], DAY].concat());
    assert_eq!(code, 0, "collecting publishes nothing");
    assert!(look_at(&ferries.0.path().join(".milepost")) > 1);
    let (code, stdout, stderr) = ferries.run(&["evidence", "pack", "catalog", "--offline"]);
    assert_eq!(code, 3, "{stderr}");
    assert_clean("what is said", format!("{stdout}{stderr}").as_bytes());
    let folder = ferries.0.path().join("evidence");
    assert_eq!(look_at(&folder), 1);
    let pack = fs::read_dir(&folder).expect("a folder").next().expect("a pack").expect("an entry").path();
    let text = held(&pack, "data/exclusions.csv");
    assert!(text.contains("secret-removed,ferry-times:RUNBOOK.md:4,a private key stood here"), "{text}");
    let pack = pack.to_string_lossy().into_owned();
    let (code, stdout, stderr) = ferries.run(&["evidence", "verify", &pack, "--recompute"]);
    let said = format!("{stdout}{stderr}");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("11 credentials were taken out of them before they were judged"), "{said}");
}

#[test]
fn a_pack_says_who_ran_it_without_the_token_in_the_address() {
    let ferries = careless();
    let output = assert_cmd::Command::cargo_bin("milepost")
        .expect("the binary is built")
        .args(["evidence", "pack", "catalog", DAY[0], DAY[1]])
        .current_dir(ferries.0.path())
        .env("GITHUB_SERVER_URL", format!("https://x:{}@git.example.com", token()))
        .env("GITHUB_REPOSITORY", "wren/ferries")
        .env("GITHUB_RUN_ID", "17")
        .output()
        .expect("it runs");
    assert_clean("what is said", &output.stderr);
    let folder = ferries.0.path().join("evidence");
    assert_eq!(look_at(&folder), 1, "{}", String::from_utf8_lossy(&output.stderr));
    let pack = fs::read_dir(&folder).expect("a folder").next().expect("a pack").expect("an entry").path();
    let text = held(&pack, "data/pack.json");
    assert!(text.contains("git.example.com/wren/ferries/actions/runs/17"), "{text}");
}

#[test]
fn nothing_is_mended_in_a_file_that_holds_a_credential() {
    let ferries = Ferries::new();
    let text = format!(
        "serviceId: ferry-times\nownerTeam: harbour\naccountId: 011122223333\ndescription: password={PASSWORD}\n"
    );
    ferries.write("repositories/ferry-times/service.yaml", &text);
    let (_, stdout, stderr) = ferries.run(&["check", "repositories/ferry-times/service.yaml", "--fix"]);
    let said = format!("{stdout}{stderr}");
    assert_clean("what is said", said.as_bytes());
    let after = fs::read_to_string(ferries.0.path().join("repositories/ferry-times/service.yaml"));
    assert_eq!(after.expect("the file"), text, "{said}");
    assert!(said.contains("is not changed: it holds a credential"), "{said}");
}
