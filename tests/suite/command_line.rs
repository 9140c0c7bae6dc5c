//! The binary from outside: verbs, streams and exit codes, as scripts see them.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use assert_cmd::Command;

/// The day that the example organisation is made for.
const DAY: &str = "2026-11-21";

/// A working directory with nothing but the example organisation: what a run keeps there for the next one
/// is none of the checkout's business.
fn place() -> &'static Path {
    static PLACE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let make = || {
        let place = folder();
        let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog");
        std::os::unix::fs::symlink(catalog, place.path().join("catalog")).expect("a link");
        place
    };
    PLACE.get_or_init(make).path()
}

fn milepost() -> Command {
    let mut command = Command::cargo_bin("milepost").expect("the binary is built");
    command.current_dir(place()).env("NO_COLOR", "1");
    command
}

/// Everything a command said: exit code, standard output, standard error.
fn said(command: &mut Command) -> (i32, String, String) {
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is text");
    (output.status.code().expect("it ends by itself"), text(&output.stdout), text(&output.stderr))
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
    fs::write(path, text).expect("a file");
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn build_of_the_example_is_done_with_a_refused_listing_as_exit_code_four() {
    let out = folder();
    let site = out.path().join("site");
    let (code, stdout, stderr) =
        said(milepost().args(["build", "catalog", "--now", DAY, "--out"]).arg(&site));
    assert_eq!((code, stdout.as_str()), (4, ""), "{stderr}");
    assert!(site.join("index.html").is_file());
    assert!(stderr.contains("as of 2026-11-21"), "{stderr}");
}

#[test]
fn quiet_says_nothing_when_nothing_is_wrong() {
    let out = folder();
    write(out.path(), "catalog/milepost.yaml", "organisation: {name: Quiet}\n");
    let (code, stdout, stderr) = said(
        milepost()
            .args(["build", "--quiet", "--now", DAY])
            .arg(out.path().join("catalog"))
            .arg("--out")
            .arg(out.path().join("site")),
    );
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (0, "", ""));
}

#[test]
fn wrong_usage_and_wrong_configuration_are_exit_code_two() {
    let out = folder();
    write(out.path(), "milepost.yaml", "sorces: []\n");
    let cases: [(&[&str], &str); 5] = [
        (&["build", "--nonsense"], "--nonsense"),
        (&["build", "nowhere"], "there is no `milepost.yaml` in `nowhere`"),
        (&["build", "catalog", "--now", "yesterday"], "`--now yesterday`"),
        (&["schema", "servic"], "did you mean `service`?"),
        (&["explain", "parcel-qoute", "--catalog", "catalog"], "did you mean `parcel-quote`?"),
    ];
    for (arguments, expected) in cases {
        let (code, _, stderr) = said(milepost().args(arguments));
        assert_eq!(code, 2, "{arguments:?}: {stderr}");
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
    }
    let (code, _, stderr) = said(milepost().arg("build").arg(out.path()));
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("did you mean `sources`?"), "{stderr}");
}

#[test]
fn a_configuration_that_is_no_text_or_has_no_end_is_refused_and_not_taken_in() {
    let place = folder();
    fs::write(place.path().join("milepost.yaml"), b"\xFF\xFEs\0").expect("a file");
    let (code, _, stderr) = said(milepost().arg("build").arg(place.path()));
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("it is not UTF-8 text"), "{stderr}");
    let file = fs::File::create(place.path().join("milepost.yaml")).expect("a file");
    file.set_len(1 << 40).expect("a sparse file");
    let (code, _, stderr) = said(milepost().arg("build").arg(place.path()));
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("it is larger than 1048576 bytes"), "{stderr}");
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_a_failure() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    for arguments in
        [&["schema"][..], &["explain", "unknown-key"], &["check", "src/lib.rs", "--format", "json"]]
    {
        let ended = std::process::Command::new(env!("CARGO_BIN_EXE_milepost"))
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(full())
            .output()
            .expect("it runs");
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{arguments:?}: {stderr}");
        assert!(stderr.contains("writing to standard output"), "{arguments:?}: {stderr}");
    }
}

#[test]
fn check_of_one_descriptor_needs_no_catalog_and_names_the_mistake() {
    let repository = folder();
    write(
        repository.path(),
        "service.yaml",
        "serviceId: quote\nownerTaem: checkout\naccountId: 011122223333\n",
    );
    let (code, stdout, stderr) = said(milepost().arg("check").arg(repository.path().join("service.yaml")));
    assert_eq!((code, stdout.as_str()), (3, ""), "{stderr}");
    for expected in
        ["service.yaml:2:1", "did you mean `ownerTeam`?", "service.yaml:3:12", "`\"011122223333\"`"]
    {
        assert!(stderr.contains(expected), "{expected} in {stderr}");
    }
}

#[test]
fn check_passes_what_is_right_and_fails_on_what_it_is_told_to() {
    let repository = folder();
    write(repository.path(), "service.yaml", "serviceId: quote\nownerTeam: checkout\n");
    assert_eq!(said(milepost().arg("check").arg(repository.path())).0, 0);
    write(repository.path(), "service.yaml", "serviceId: quote\nownerTaem: checkout\n");
    assert_eq!(said(milepost().arg("check").arg(repository.path())).0, 0);
    assert_eq!(said(milepost().arg("check").arg(repository.path()).args(["--fail-on", "warning"])).0, 3);
    write(repository.path(), "service.yaml", "serviceId: [quote\n");
    assert_eq!(said(milepost().arg("check").arg(repository.path()).args(["--fail-on", "never"])).0, 3);
}

#[test]
fn check_prints_json_that_a_script_can_read() {
    let repository = folder();
    write(repository.path(), "service.yaml", "serviceId: quote\nownerTaem: checkout\n");
    let (_, stdout, _) = said(milepost().arg("check").arg(repository.path()).args(["--format", "json"]));
    let printed: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    let first = &printed.as_array().or_else(|| printed["diagnostics"].as_array()).expect("a list")[0];
    assert_eq!(first["code"], "unknown-key");
    assert_eq!(first["line"], 2);
}

#[test]
fn check_judges_a_gate() {
    let (code, _, stderr) = said(milepost().args([
        "check",
        "catalog",
        "--gate",
        "production",
        "--fail-on",
        "never",
        "--now",
        DAY,
    ]));
    assert!(stderr.contains("`depot-clock` does not reach"), "{stderr}");
    assert!(!stderr.contains("`parcel-quote` does not reach"), "{stderr}");
    assert_eq!(code, 4, "{stderr}");
    let (code, _, stderr) = said(milepost().args(["check", "catalog", "--gate", "prodction"]));
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("did you mean `production`?"), "{stderr}");
}

#[test]
fn a_snapshot_is_replayed_into_the_same_site() {
    let out = folder();
    let at = |name: &str| out.path().join(name);
    said(milepost().args(["collect", "catalog", "--now", DAY, "--snapshot"]).arg(at("snapshot")));
    said(milepost().args(["build", "catalog", "--now", DAY, "--out"]).arg(at("direct")));
    said(
        milepost()
            .args(["build", "catalog", "--now", DAY, "--snapshot"])
            .arg(at("snapshot"))
            .arg("--out")
            .arg(at("replayed")),
    );
    assert_eq!(contents(&at("direct")), contents(&at("replayed")));
}

#[test]
fn two_builds_give_the_same_bytes_whatever_the_order_zone_and_locale() {
    let out = folder();
    let copy = out.path().join("elsewhere/catalog");
    copy_backwards(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/catalog")), &copy);
    let at = |name: &str| out.path().join(name);
    said(milepost().args(["build", "catalog", "--now", DAY, "--out"]).arg(at("one")));
    said(
        milepost()
            .args(["build", "--now", DAY, "--out"])
            .arg(at("two"))
            .arg(&copy)
            .current_dir(out.path())
            .envs([("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8"), ("RAYON_NUM_THREADS", "1")]),
    );
    assert_eq!(contents(&at("one")), contents(&at("two")));
}

/// Copies a folder, its entries in reverse order, so that directory listings differ.
fn copy_backwards(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    let mut entries: Vec<_> = fs::read_dir(from).expect("a folder").flatten().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.file_name()));
    for entry in entries {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_backwards(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copies");
        }
    }
}

/// Every file below `folder` with its bytes.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(place) = waiting.pop() {
        for entry in fs::read_dir(&place).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
                found.push((name, fs::read(&path).expect("reads")));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn init_writes_a_starter_that_has_nothing_to_mend() {
    let out = folder();
    let catalog = out.path().join("catalog");
    let (code, _, stderr) = said(milepost().arg("init").arg(&catalog));
    assert_eq!(code, 0, "{stderr}");
    let (code, _, stderr) = said(milepost().args(["check", "--now", DAY]).arg(&catalog));
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("checked 1 service: nothing to mend"), "{stderr}");
    let (code, _, stderr) = said(milepost().arg("init").arg(&catalog));
    assert_eq!(code, 5, "a folder that is not empty is left alone: {stderr}");
}

#[test]
fn who_names_the_owner_with_the_chain_of_reasons() {
    let who = |thing: &str, more: &[&str]| {
        let arguments = ["who", thing, "--catalog", "catalog", "--now", DAY];
        said(milepost().args(arguments).args(more))
    };
    let (_, stdout, stderr) = who("Service=parcel-quote", &[]);
    assert!(
        stdout.contains("service  parcel-quote") && stdout.contains("team     checkout"),
        "{stdout}{stderr}"
    );
    assert!(stdout.contains("tagging:GetResources in account 012345678901"), "{stdout}");
    let (_, stdout, _) = who("444455556666", &["--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(document["owners"][0]["team"], "delivery");
    assert_eq!(document["owners"][0]["reasons"][0]["ground"], "account-owner");
    assert_eq!(document["owners"][0]["reasons"][0]["origin"]["path"], "accounts.yaml");
    assert_eq!(document["ownershipQuestions"].as_array().map(Vec::len), Some(7));
    let (_, stdout, _) = who("arn:aws:dynamodb:eu-central-1:012345678901:table/quotes", &[]);
    let questions = stdout.lines().skip_while(|line| !line.contains("Who owns it?")).take(7);
    let questions: Vec<&str> = questions.collect();
    assert!(questions[0].ends_with("Checkout"), "{stdout}");
    assert!(questions[5].contains("unknown: no cost of single resources"), "{stdout}");
    assert!(questions[4].ends_with("(of its service)"), "{stdout}");
    let (_, stdout, _) = who("arn:aws:sqs:eu-central-1:444455556666:stray", &[]);
    assert!(stdout.contains("seven questions about the account 444455556666"), "{stdout}");
    let (_, stdout, _) = who("parcel-quote", &["--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(document["askedOf"], serde_json::json!({"kind": "service", "id": "parcel-quote"}));
    assert_eq!(document["ownershipQuestions"].as_array().map(Vec::len), Some(7));
    let (_, stdout, _) = who("arn:aws:sqs:eu-central-1:000000000000:stray", &[]);
    assert!(!stdout.contains("Who owns it?"), "what was not found is asked nothing: {stdout}");
    assert!(stdout.contains("nobody is known to own it"), "{stdout}");
    assert!(stdout.contains("account 000000000000 was not asked for its resources"), "{stdout}");
    let (code, _, stderr) = who("parcel-qoute", &[]);
    assert_eq!(code, 2);
    assert!(stderr.contains("did you mean `parcel-quote`?"), "{stderr}");
}

#[test]
fn explain_tells_what_was_read_and_from_where() {
    let explain = |rule: &str| {
        said(milepost().args(["explain", "parcel-quote", rule, "--catalog", "catalog", "--now", DAY]))
    };
    let (code, stdout, stderr) = explain("owner-known");
    assert_eq!(code, 4, "{stderr}");
    assert_eq!(explain("minimum-metadata/owner-known").1, stdout, "the scorecard may be named too");
    assert_eq!(explain("telemetry/owner-known").0, 2, "and then it must be the right one");
    for expected in
        ["pass for parcel-quote", "team = checkout", "teams/checkout.yaml:1", "assert team is defined"]
    {
        assert!(stdout.contains(expected), "{expected} in {stdout}");
    }
    let (code, stdout, _) = said(milepost().args(["explain", "unknown-key"]));
    assert_eq!(code, 0);
    assert!(stdout.starts_with("unknown-key (warning)"), "{stdout}");
}

#[test]
fn every_schema_is_one_that_a_validator_accepts() {
    let (code, stdout, _) = said(milepost().arg("schema"));
    assert_eq!(code, 0);
    let schemas: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&stdout).expect("it is JSON");
    assert!(schemas.len() >= 15);
    for (name, schema) in &schemas {
        jsonschema::validator_for(schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let service = jsonschema::validator_for(&schemas["service"]).expect("a schema");
    assert!(
        service.is_valid(
            &serde_json::json!({"serviceId": "quote", "ownerTeam": "checkout", "exposure": "public"})
        )
    );
    assert!(!service.is_valid(&serde_json::json!({"serviceId": "quote", "ownerTaem": "checkout"})));
}

#[test]
fn a_folder_of_somebody_else_is_refused_before_any_source_is_asked() {
    let out = folder();
    write(out.path(), "thesis.txt", "years of work");
    let (code, _, stderr) =
        said(milepost().args(["build", "catalog", "--now", DAY, "--out"]).arg(out.path()));
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("holds files that no earlier build wrote"), "{stderr}");
    assert!(!stderr.contains("repositories"), "the sources were asked first: {stderr}");
}

#[test]
fn a_moment_has_an_offset_that_exists() {
    for offset in ["+25:00", "-24:00"] {
        let now = format!("2026-11-21T00:00:00{offset}");
        let (code, _, stderr) = said(milepost().args(["check", "catalog", "--now", &now]));
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("is no day or moment"), "{stderr}");
    }
    assert_ne!(said(milepost().args(["check", "catalog", "--now", "2026-11-21T00:00:00+05:30"])).0, 2);
}
