//! Portals and packs for other readers: whatever their profile removes is in no byte, verdicts are those of the full
//! portal, and one value that comes through stops everything.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use zip::ZipArchive;

use super::ferries::Ferries;

const DAY: &[&str] = &["--now", "2026-11-20T03:00:00Z"];

/// What must not be anywhere: values that the files below hold, as a reader may write them.
const VALUES: &[&str] = &[
    "wren.ek@example.org",
    "wren.ek%40example.org",
    "desk@example.org",
    "#harbour-talk",
    "chat.example.org/rooms/7",
    "012345678901",
    "0123-4567-8901",
    "210987654321",
    "table/tickets",
    "arn:aws:s3:::harbour-lists",
    "8123.45",
    "8000.25",
];

/// The ferries with all five kinds, in fields, in texts and in names.
fn open_hearted() -> Ferries {
    let ferries = Ferries::new();
    ferries.write(
        "catalog/teams/harbour.yaml",
        "teamId: harbour\ndisplayName: Harbour\ndescription: Ask wren.ek@example.org or \\<desk@example.org\\>.\nlead: wren.ek@example.org\n\
         members: [wren.ek@example.org, \"@tern\"]\n\
         contacts: {email: desk@example.org, chat: \"#harbour-talk\", onCall: harbour-first}\n",
    );
    ferries.write(
        "catalog/teams/quay.yaml",
        "teamId: quay\nmembers: [\"@a\", \"@b\"]\ncontacts: {chat: quay}\n",
    );
    ferries.write(
        "catalog/accounts.yaml",
        "- {accountId: \"012345678901\", name: prod, owner: harbour, purpose: Times, services: [ferry-times]}\n",
    );
    ferries.write(
        "repositories/ferry-times/service.yaml",
        "serviceId: ferry-times\ndescription: Times. Say so in #harbour-talk.\nownerTeam: harbour\ncriticality: tier-2\n\
         technicalOwner: wren.ek@example.org\nfailureImpact: Nobody knows when to come.\naccountId: \"012345678901\"\n\
         cost: {monthlyBudget: 8000.25}\n\
         dependsOn:\n  - {resource: \"arn:aws:s3:::harbour-lists\"}\n\
         links:\n  runbook: RUNBOOK.md\n  chat: https://chat.example.org/rooms/7\n  desk: mailto:desk@example.org\n",
    );
    ferries.write(
        "repositories/ferry-times/RUNBOOK.md",
        "# Runbook\n\nWrite to <wren.ek@example.org>, wren.ek\\@example.org or mailto:wren.ek%40example.org.\n\n\
         Log in to account 0123-4567-8901, or `arn:aws:iam::210987654321:role/reader`.\n\
         Look into arn:aws:dynamodb:eu-central-1:012345678901:table/tickets.\n\n\
         Call #harbour-talk, see [below](#harbour-talk).\n\n## Harbour talk\n\nText.\n",
    );
    ferries.write(
        "catalog/aws/answers.json",
        r#"[
  {"operation": "organizations:ListAccounts", "account": "210987654321", "region": "us-east-1", "collectedAt": "2026-11-20T02:00:00Z", "answer": {"Accounts": [
    {"Id": "210987654321", "Name": "management", "State": "ACTIVE"}, {"Id": "012345678901", "Name": "prod", "State": "ACTIVE"}]}},
  {"operation": "tagging:GetResources", "account": "012345678901", "region": "eu-central-1", "collectedAt": "2026-11-20T02:00:00Z", "answer": {"PaginationToken": "", "ResourceTagMappingList": [
    {"ResourceARN": "arn:aws:dynamodb:eu-central-1:012345678901:table/tickets", "Tags": [{"Key": "Service", "Value": "ferry-times"}, {"Key": "Contact", "Value": "wren.ek@example.org"}]}]}}
]
"#,
    );
    ferries.replace(
        "catalog/milepost.yaml",
        "  - {name: facts, kind: facts, path: facts}\n",
        "  - {name: facts, kind: facts, path: facts}\n  - {name: aws, kind: aws-recorded, path: aws}\n\
         audiences:\n  public: {remove: [email, chat, account-numbers, arns, cost]}\n  partners: {remove: [cost]}\n",
    );
    ferries.replace(
        "catalog/exceptions/EX-2026-0001.yaml",
        "It is small.",
        "It is small, says wren.ek@example.org.",
    );
    ferries.replace(
        "catalog/facts/drills.csv",
        "service:ferry-times,drills",
        "service:ferry-times,monthly-cost,8123.45,2026-11-20T00:00:00Z,bill,30d\naccount:012345678901,monthly-cost,8123.45,2026-11-20T00:00:00Z,bill,30d\nservice:ferry-times,drills",
    );
    ferries.replace(
        "catalog/scorecards/ready.yaml",
        "rules:\n",
        "rules:\n  - {id: reachable, level: steady, title: R, why: w, assert: 'service.technicalOwner is matching(\"^[a-z.]+@example[.]org$\")', fix: f}\n\
         \x20 - {id: affordable, level: steady, title: A, why: w, needs: [monthly-cost], assert: 'fact(\"monthly-cost\") < 9000', fix: f}\n\
         \x20 - {id: dear, level: steady, title: D, why: w, needs: [monthly-cost], assert: 'fact(\"monthly-cost\") < 100', fix: f}\n",
    );
    let excused = fs::read_to_string(ferries.0.path().join("catalog/exceptions/EX-2026-0001.yaml"));
    let excused = excused.expect("it is there").replace("EX-2026-0001", "EX-2026-0002");
    ferries.write("catalog/exceptions/EX-2026-0002.yaml", &excused.replace("rule: tier-high", "rule: dear"));
    ferries.commit("all", "Wren wren.ek@example.org");
    ferries
}

/// Every file below `folder`, packed ones unpacked, by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("below it").to_string_lossy().into_owned();
            let bytes = fs::read(&path).expect("a file");
            if name.ends_with(".zip") {
                let mut archive = ZipArchive::new(Cursor::new(&bytes)).expect("an archive");
                for index in 0..archive.len() {
                    let mut entry = archive.by_index(index).expect("a file");
                    let inner = entry.name().expect("a name").into_owned();
                    let mut unpacked = Vec::new();
                    entry.read_to_end(&mut unpacked).expect("its bytes");
                    found.insert(format!("{name}/{inner}"), unpacked);
                }
            }
            found.insert(name, bytes);
        }
    }
    found
}

fn holds(bytes: &[u8], value: &str) -> bool {
    let (bytes, value) = (bytes.to_ascii_lowercase(), value.to_ascii_lowercase());
    bytes.windows(value.len()).any(|window| window == value.as_bytes())
}

/// Values that are somewhere in `files`, each with the first file.
fn held(files: &BTreeMap<String, Vec<u8>>, values: &[&str]) -> Vec<String> {
    let of = |value: &&str| {
        let place = files.iter().find(|(name, bytes)| {
            // A heading of that name is a place on a page.
            let bytes = String::from_utf8_lossy(bytes)
                .replace("href=\"#harbour-talk", "")
                .replace("/#harbour-talk", "");
            holds(name.as_bytes(), value) || holds(bytes.as_bytes(), value)
        });
        place.map(|(name, _)| format!("{value} in {name}"))
    };
    values.iter().filter_map(of).collect()
}

/// Takes the schemas out of `files`.
fn without_schemas(files: &mut BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let schemas: Vec<String> = files.keys().filter(|name| name.starts_with("schema/")).cloned().collect();
    schemas.into_iter().filter_map(|name| files.remove_entry(&name)).collect()
}

fn json(site: &Path, path: &str) -> Value {
    let text =
        fs::read_to_string(site.join("api/v1").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).expect("JSON")
}

/// Outcomes by rule of the service.
fn outcomes(site: &Path) -> BTreeMap<String, String> {
    let service = json(site, "services/ferry-times.json");
    let rules = service["scorecards"]["ready"]["rules"].as_array().expect("a list").clone();
    let word = |value: &Value| value.as_str().expect("a word").to_owned();
    rules.iter().map(|rule| (word(&rule["id"]), word(&rule["outcome"]))).collect()
}

#[test]
fn no_byte_of_a_portal_for_others_holds_what_they_must_not_see() {
    let ferries = open_hearted();
    let (full, public) = (ferries.0.path().join("site"), ferries.0.path().join("public"));
    let (_, _, stderr) = ferries.run(&[&["build", "catalog"], DAY].concat());
    assert!(full.is_dir(), "{stderr}");
    let all = files(&full);
    assert_eq!(held(&all, VALUES).len(), VALUES.len(), "the full portal shows all of them");
    let (code, stdout, stderr) =
        ferries.run(&[&["build", "catalog", "--audience", "public", "--out", "public"], DAY].concat());
    assert!(matches!(code, 0 | 4), "{stderr}");
    let mut made = files(&public);
    // Schemas are made of the program alone; their examples may be anybody's.
    assert_eq!(without_schemas(&mut made), without_schemas(&mut files(&full)));
    assert_eq!(held(&made, VALUES), [""; 0]);
    assert_eq!(
        held(&BTreeMap::from([("said".to_owned(), format!("{stdout}{stderr}").into_bytes())]), VALUES),
        [""; 0]
    );
    assert!(
        stderr
            .contains("audience `public`: left out 2 e-mail addresses, 3 chat addresses, 2 account numbers"),
        "{stderr}"
    );
    assert!(
        stderr.contains("audience `public`: 1 chat address left out of the fields that hold them"),
        "{stderr}"
    );
    let index = json(&public, "index.json");
    assert_eq!(index["audience"], "public");
    assert_eq!(index["removed"]["email"], 2);
    assert!(json(&full, "index.json").get("audience").is_none());
    let home = fs::read_to_string(public.join("index.html")).expect("the first page");
    assert!(home.contains("Built for the audience “public”."), "{home}");
    assert!(
        home.contains(
            "Left out: e-mail addresses, chat addresses, account numbers, ARNs and amounts of cost"
        )
    );
    let team = json(&public, "teams/quay.json").to_string();
    assert!(team.contains("(chat-removed)"), "a common word leaves its field: {team}");
    let runbook = fs::read_to_string(public.join("services/ferry-times/docs/RUNBOOK/index.html")).ok();
    let runbook = runbook.unwrap_or_else(|| {
        let all = files(&public);
        let page =
            all.iter().find(|(name, bytes)| name.ends_with(".html") && holds(bytes, "Log in to account"));
        String::from_utf8_lossy(page.expect("the page of the runbook").1).into_owned()
    });
    assert!(runbook.contains("(email-removed-2)") && runbook.contains("0000-0000-0001"), "{runbook}");
}

#[test]
fn verdicts_are_those_of_the_full_portal() {
    let ferries = open_hearted();
    let (full, public) = (ferries.0.path().join("site"), ferries.0.path().join("public"));
    ferries.run(&[&["build", "catalog"], DAY].concat());
    ferries.run(&[&["build", "catalog", "--audience", "public", "--out", "public"], DAY].concat());
    let judged = outcomes(&full);
    assert_eq!(judged["reachable"], "pass", "it reads an e-mail address");
    assert_eq!(judged["affordable"], "pass", "it reads a cost");
    assert_eq!(judged["dear"], "waived", "it reads a cost, and an exception hides that it fails");
    assert_eq!(outcomes(&public), judged);
    let (of_full, of_public) =
        (json(&full, "services/ferry-times.json"), json(&public, "services/ferry-times.json"));
    for key in ["raw", "withExceptions", "known", "level"] {
        assert_eq!(of_full["scorecards"]["ready"][key], of_public["scorecards"]["ready"][key], "{key}");
    }
    assert_eq!(of_full["tier"]["value"], of_public["tier"]["value"]);
    assert_eq!(of_full["resources"]["total"], of_public["resources"]["total"]);
    let exception = |site: &Path| {
        let exception = json(site, "exceptions/EX-2026-0002.json");
        let findings = exception["findings"].as_array().cloned().unwrap_or_default();
        let codes: Vec<Value> = findings.iter().map(|finding| finding["code"].clone()).collect();
        (exception["state"].clone(), exception["hides"].clone(), codes)
    };
    assert_eq!(exception(&full), exception(&public), "it hides what it hid");
    let rules = of_public["scorecards"]["ready"]["rules"].as_array().expect("a list");
    let affordable = rules.iter().find(|rule| rule["id"] == "affordable").expect("the rule").to_string();
    assert!(affordable.contains("removed for this audience"), "{affordable}");
    assert_eq!(
        json(&full, "accounts/index.json").as_object().map(|index| index.len()),
        json(&public, "accounts/index.json").as_object().map(|index| index.len())
    );
    assert!(
        public.join("accounts/000000000001/index.html").is_file(),
        "a running number stands in its place"
    );
}

#[test]
fn a_profile_leaves_out_no_more_than_it_says() {
    let ferries = open_hearted();
    let (_, _, stderr) = ferries.run(&[&["build", "catalog", "--audience", "partners"], DAY].concat());
    let all = files(&ferries.0.path().join("site"));
    assert_eq!(held(&all, &["8123.45", "8000.25"]), [""; 0], "{stderr}");
    for stays in ["wren.ek@example.org", "#harbour-talk", "012345678901", "table/tickets"] {
        assert!(!held(&all, &[stays]).is_empty(), "{stays}");
    }
}

#[test]
fn one_value_that_comes_through_stops_the_build_and_the_portal_of_before_stays() {
    let ferries = open_hearted();
    let build = |more: &[&str]| {
        ferries.run(&[&["build", "catalog", "--audience", "public", "--out", "public"], more, DAY].concat())
    };
    build(&[]);
    let public = ferries.0.path().join("public");
    let before = files(&public);
    // A template is ours and no input: nobody takes anything out of it.
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("site-templates/pages/home.html");
    let home = fs::read_to_string(home).expect("the template");
    ferries.write(
        "templates/pages/home.html",
        &home.replace("<p class=\"lead\">", "<p class=\"lead\">Ask Desk@Example.org. "),
    );
    let (code, stdout, stderr) = build(&["--templates", "templates"]);
    let said = format!("{stdout}{stderr}");
    assert_eq!(code, 5, "{said}");
    assert!(said.contains("`index.html` (e-mail address)"), "{said}");
    assert!(!holds(said.as_bytes(), "desk@example.org"), "{said}");
    assert_eq!(files(&public), before);
}

#[test]
fn a_pack_for_others_withholds_what_was_judged_and_says_so() {
    let ferries = open_hearted();
    ferries.run(&[&["collect", "catalog"], DAY].concat());
    let (code, stdout, stderr) =
        ferries.run(&["evidence", "pack", "catalog", "--offline", "--audience", "public"]);
    assert!(matches!(code, 0 | 4), "{stderr}");
    let all = files(&ferries.0.path().join("evidence"));
    assert_eq!(held(&all, VALUES), [""; 0], "{stdout}{stderr}");
    let text = |ending: &str| {
        let (_, bytes) =
            all.iter().find(|(name, _)| name.ends_with(ending)).unwrap_or_else(|| panic!("{ending}"));
        String::from_utf8_lossy(bytes).into_owned()
    };
    assert!(
        text("bag-info.txt")
            .contains("made for the audience public; what they do not see and the inputs are left out")
    );
    assert!(text("data/README.txt").contains("Made for the audience public"));
    assert!(text("data/results/results.csv").contains("ready"));
    assert!(!all.keys().any(|name| name.ends_with("snapshot.jsonl")));
    let pack = all.keys().find(|name| name.ends_with(".zip")).expect("a pack");
    assert!(pack.contains("-for-public-"), "it is not taken for the full one: {pack}");
    let path = format!("evidence/{pack}");
    let (code, stdout, stderr) = ferries.run(&["evidence", "verify", &path, "--recompute"]);
    assert!(
        format!("{stdout}{stderr}").contains("not recomputable: the inputs are withheld"),
        "{code} {stdout}{stderr}"
    );
}

#[test]
fn a_portal_offers_packs_that_were_made_for_its_readers() {
    let ferries = open_hearted();
    ferries.run(&[&["collect", "catalog"], DAY].concat());
    ferries.run(&["evidence", "pack", "catalog", "--offline"]);
    ferries.run(&["evidence", "pack", "catalog", "--offline", "--audience", "public"]);
    ferries.run(&["build", "catalog", "--offline"]);
    ferries.run(&["build", "catalog", "--offline", "--audience", "public", "--out", "public"]);
    let packs = |site: &str| -> Vec<String> {
        let all = files(&ferries.0.path().join(site));
        let packs = all.into_keys().filter(|name| name.ends_with(".zip"));
        packs.map(|name| name.rsplit('/').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(packs("site"), ["ferries-2026-11-20.zip"]);
    assert_eq!(packs("public"), ["ferries-for-public-2026-11-20.zip"]);
    // One that was made when the profile removed less is found out.
    ferries.replace("catalog/milepost.yaml", "remove: [email, chat, ", "remove: [chat, ");
    fs::remove_dir_all(ferries.0.path().join("evidence")).expect("it is there");
    ferries.run(&["evidence", "pack", "catalog", "--offline", "--audience", "public"]);
    ferries.replace("catalog/milepost.yaml", "remove: [chat, ", "remove: [email, chat, ");
    let (code, _, stderr) =
        ferries.run(&["build", "catalog", "--offline", "--audience", "public", "--out", "public"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("(e-mail address)"), "{stderr}");
    assert_eq!(packs("public"), ["ferries-for-public-2026-11-20.zip"]);
}

#[test]
fn a_profile_that_is_not_there_is_said_before_anything_is_asked() {
    let ferries = open_hearted();
    let (code, _, stderr) = ferries.run(&["build", "catalog", "--audience", "publik"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("has no audience `publik`; did you mean `public`?"), "{stderr}");
    assert!(!ferries.0.path().join("site").exists());
}

#[test]
fn the_example_has_a_portal_for_everybody() {
    let folder = tempfile::tempdir().expect("a folder");
    let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog");
    let output = Command::cargo_bin("milepost")
        .expect("the binary is built")
        .args(["build", "--audience", "public", "--now", "2026-11-21", "--out", "site"])
        .arg(&catalog)
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    let mut made = files(&folder.path().join("site"));
    without_schemas(&mut made);
    for (name, bytes) in made {
        let text = String::from_utf8_lossy(&bytes);
        for word in text.split(|c: char| c.is_whitespace() || "\"'<>(),;:&".contains(c)) {
            // What calendars name their events by is no mailbox.
            let is_event = word.starts_with("EX-") || word.contains(".environment@");
            let is_mailbox = word
                .split_once('@')
                .is_some_and(|(user, host)| !user.is_empty() && host.ends_with("example.com"));
            assert!(is_event || !is_mailbox, "{word} in {name}");
        }
    }
}
