//! Night after night, from outside: what one night could not see is shown as it was seen last, marked on
//! every page; what is gone is said; and what is gone in too great numbers is kept until somebody accepts it.

use std::fs;
use std::path::Path;
use std::process::Command as Program;

use assert_cmd::Command;
use serde_json::Value;

const CONFIGURATION: &str = "organisation: {name: Ferries}
sources:
  - {name: harbours, kind: folder, path: ../harbours, repositories: children}
  - {name: remotes, kind: git, path: ../mirrors, remotes: [../served/quay.git]}
";

struct Harbours(tempfile::TempDir);

impl Harbours {
    /// Fourteen harbours in a folder, and one repository on a server.
    fn new() -> Self {
        let harbours = Self(tempfile::tempdir().expect("a folder"));
        harbours.write("catalog/milepost.yaml", CONFIGURATION);
        harbours.write("catalog/teams/crew.yaml", "teamId: crew\nmembers: [\"@wren\"]\n");
        for number in 1..=14 {
            let id = format!("harbour-{number:02}");
            harbours.write(
                &format!("harbours/{id}/service.yaml"),
                &format!("serviceId: {id}\nownerTeam: crew\n"),
            );
        }
        harbours
            .write("work/service.yaml", "serviceId: quay\nownerTeam: crew\nlinks: {runbook: runbook.md}\n");
        harbours.write("work/runbook.md", "# When the quay is full\n\nWait.\n");
        let served = harbours.0.path().join("served/quay.git");
        harbours.git("work", &["init", "--quiet", "--initial-branch", "main"]);
        harbours.git("work", &["add", "--all"]);
        harbours.git("work", &["commit", "--quiet", "--message", "begin"]);
        harbours.git("", &["clone", "--quiet", "--bare", "work", &served.to_string_lossy()]);
        harbours
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn remove(&self, path: &str) {
        fs::remove_dir_all(self.0.path().join(path)).expect("it is there");
    }

    fn git(&self, folder: &str, arguments: &[&str]) {
        let done = Program::new("git")
            .args(["-c", "user.name=Wren", "-c", "user.email=wren@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.0.path().join(folder))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn milepost(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::cargo_bin("milepost")
            .expect("the binary is built")
            .args(arguments)
            .current_dir(self.0.path())
            .env("NO_COLOR", "1")
            .output()
            .expect("it runs");
        let code = output.status.code().expect("it ends by itself");
        (code, String::from_utf8(output.stderr).expect("it is text"))
    }

    fn build(&self, day: &str) -> (i32, String) {
        self.milepost(&["build", "catalog", "--now", day])
    }

    fn page(&self, path: &str) -> String {
        let path = self.0.path().join("site").join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn data(&self, path: &str) -> Value {
        serde_json::from_str(&self.page(&format!("api/v1/{path}.json"))).expect("it is JSON")
    }

    fn exists(&self, path: &str) -> bool {
        Path::new(&self.0.path().join("site").join(path)).exists()
    }
}

const STALE: &str = "Stale since 16 November 2026";

#[test]
fn what_a_night_could_not_see_is_marked_on_every_page_that_shows_it() {
    let harbours = Harbours::new();
    assert_eq!(harbours.build("2026-11-16").0, 0);
    assert!(!harbours.page("services/index.html").contains("Stale"));

    // The mirror is lost with the server, so only the last snapshot knows the quay.
    harbours.remove("served");
    harbours.remove("mirrors");
    let (code, said) = harbours.build("2026-11-17");
    assert_eq!(code, 4, "{said}");
    for page in [
        "services/index.html",
        "services/quay/index.html",
        "services/quay/runbook/index.html",
        "teams/crew/index.html",
        "coverage/index.html",
    ] {
        assert!(harbours.page(page).contains(STALE), "{page}");
    }
    assert!(!harbours.page("services/harbour-01/index.html").contains(STALE));
    let footer = "1 of 15 repositories is shown as an earlier run saw it, the oldest as of 16 November 2026";
    assert!(harbours.page("index.html").contains(footer));
    // What nobody saw this night was not collected this night.
    let page = harbours.page("services/quay/index.html");
    assert!(page.contains("<dt>Collected</dt><dd><time datetime=\"2026-11-16T00:00:00Z\">"), "{page}");
    let quay = harbours.data("services/quay");
    assert_eq!(quay["stale"]["since"], "2026-11-16T00:00:00Z");
    assert!(quay["stale"]["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    assert!(harbours.data("services/harbour-01").get("stale").is_none());
    let index = harbours.data("index");
    assert_eq!(index["coverage"]["repositories"]["carriedOver"], 1);
    assert_eq!(index["coverage"]["repositories"]["found"], 15);

    // A week and a day later it is no longer a matter of waiting.
    assert!(harbours.page("services/index.html").contains("badge stale"));
    let (code, _) = harbours.build("2026-11-24");
    assert_eq!(code, 4);
    assert!(harbours.page("services/index.html").contains("badge long-stale"));
    assert!(harbours.page("services/index.html").contains(STALE));
}

#[test]
fn a_mirror_says_since_when_it_is_old() {
    let harbours = Harbours::new();
    harbours.build("2026-11-16");
    harbours.remove("served");
    harbours.remove(".milepost/snapshot");
    assert_eq!(harbours.build("2026-11-18").0, 4);
    assert!(harbours.page("services/quay/index.html").contains(STALE));
}

#[test]
fn a_source_that_fails_keeps_its_services() {
    let harbours = Harbours::new();
    harbours.build("2026-11-16");
    fs::rename(harbours.0.path().join("harbours"), harbours.0.path().join("away")).expect("it moves");
    let (code, said) = harbours.build("2026-11-17");
    assert_eq!(code, 4, "{said}");
    assert!(harbours.page("services/harbour-07/index.html").contains(STALE));
    let sources = harbours.data("index")["sources"].clone();
    assert_eq!(sources[0]["state"], "stale", "{sources}");
    assert_eq!(sources[0]["staleSince"], "2026-11-16T00:00:00Z");
    // Without the run before there is nothing to show, and that is said.
    harbours.remove(".milepost/snapshot");
    assert_eq!(harbours.build("2026-11-17").0, 4);
    assert!(!harbours.exists("services/harbour-07/index.html"));
    assert_eq!(harbours.data("index")["sources"][0]["state"], "failed");
}

#[test]
fn a_few_may_go_and_many_may_not_until_somebody_says_so() {
    let harbours = Harbours::new();
    harbours.build("2026-11-16");
    harbours.remove("harbours/harbour-01");
    let (code, said) = harbours.build("2026-11-17");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("`harbour-01` is gone since 2026-11-16T00:00:00Z"), "{said}");
    assert!(!harbours.exists("services/harbour-01/index.html"));

    for number in 2..=12 {
        harbours.remove(&format!("harbours/harbour-{number:02}"));
    }
    let (code, said) = harbours.build("2026-11-18");
    assert_eq!(code, 5, "{said}");
    assert!(said.contains("11 of 13 repositories are gone, too many to be believed"), "{said}");
    assert!(harbours.page("services/harbour-12/index.html").contains("Stale since 17 November 2026"));
    let withheld = &harbours.data("index")["sources"][0]["withheld"];
    let run = withheld["run"].as_str().expect("it is withheld").to_owned();
    assert!(said.contains(&format!("--accept-removals {run}")), "{said}");
    // Replayed, it is still refused; with a mark that means something else, too.
    assert_eq!(harbours.milepost(&["build", "catalog", "--now", "2026-11-18", "--offline"]).0, 5);
    let accepting =
        |run: &str| harbours.milepost(&["build", "catalog", "--now", "2026-11-19", "--accept-removals", run]);
    assert_eq!(accepting("0123456789ab").0, 5);
    let (code, said) = accepting(&run);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("11 of 13 repositories are gone; somebody accepted that"), "{said}");
    assert!(!harbours.exists("services/harbour-12/index.html"));
    assert_eq!(harbours.build("2026-11-20").0, 0);
}

#[test]
fn collect_guards_its_snapshot_the_same_way() {
    let harbours = Harbours::new();
    let collect = |day: &str| harbours.milepost(&["collect", "catalog", "--now", day]);
    assert_eq!(collect("2026-11-16").0, 0);
    for number in 1..=14 {
        harbours.remove(&format!("harbours/harbour-{number:02}"));
    }
    let (code, said) = collect("2026-11-17");
    assert_eq!(code, 5, "{said}");
    assert!(said.contains("14 of 14 repositories are gone"), "{said}");
}

#[test]
fn a_run_of_another_organisation_or_a_damaged_one_is_left_alone() {
    let harbours = Harbours::new();
    harbours.build("2026-11-16");
    harbours.write("catalog/milepost.yaml", &CONFIGURATION.replace("Ferries", "Trams"));
    fs::rename(harbours.0.path().join("harbours"), harbours.0.path().join("away")).expect("it moves");
    let (code, said) = harbours.build("2026-11-17");
    assert_eq!(code, 4);
    assert!(said.contains("is of another catalog folder"), "{said}");
    assert!(!harbours.exists("services/harbour-07/index.html"));

    harbours.write(".milepost/snapshot/snapshot.jsonl.zst", "not a snapshot");
    let (code, said) = harbours.build("2026-11-18");
    assert_eq!(code, 4);
    assert!(said.contains("nothing is carried over from the run before"), "{said}");
}

#[test]
fn an_exception_that_hides_nothing_night_after_night_is_idle() {
    const RECORD: &str = "harbours/harbour-01/service.yaml";
    let harbours = Harbours::new();
    harbours.write(RECORD, "serviceId: harbour-01\nownerTeam: crew\nfailureImpact: Ships wait.\n");
    harbours.write(
        "catalog/scorecards/ready.yaml",
        "scorecardId: ready\nversion: 1\ntitle: Ready\nreadiness: true\nlevels: [{id: steady, title: Steady}]\n\
         rules:\n  - {id: plain, level: steady, title: Plain, why: w, assert: service.failureImpact is defined, fix: f}\n",
    );
    harbours.write(
        "catalog/exceptions/EX-2026-0001.yaml",
        "exceptionId: EX-2026-0001\nservice: harbour-01\nrule: plain\nreason: It is small.\nrisk: low\n\
         compensatingControls: [a person looks]\nrequestedBy: crew\nrequestedAt: 2026-11-01\n\
         approvals: [{role: team-lead, by: \"@wren\", at: 2026-11-02}]\nexpiresAt: 2027-03-01\n",
    );
    harbours.write("catalog/policy/exceptions.yaml", "risks:\n  low: {longestLife: 365d, approvers: []}\n");
    let page = || harbours.page("exceptions/EX-2026-0001/index.html");
    for day in 2..=14 {
        assert_eq!(harbours.build(&format!("2026-11-{day:02}")).0, 0);
        assert!(page().contains("not yet known"), "on day {day}");
    }
    // A night again counts once; collecting first and building after is a night like any other.
    harbours.build("2026-11-14");
    assert!(page().contains("for 13 nights"), "{}", page());
    assert_eq!(harbours.milepost(&["collect", "catalog", "--now", "2026-11-15"]).0, 0);
    assert_eq!(harbours.milepost(&["build", "catalog", "--now", "2026-11-15", "--offline"]).0, 0);
    assert!(page().contains("hides nothing since 2026-11-02, for 14 nights"), "{}", page());
    assert!(!page().contains("not yet known"));
    // What failed once in between begins anew.
    harbours.write(RECORD, "serviceId: harbour-01\nownerTeam: crew\n");
    harbours.build("2026-11-16");
    assert!(!page().contains("hides nothing"), "{}", page());
    harbours.write(RECORD, "serviceId: harbour-01\nownerTeam: crew\nfailureImpact: Ships wait.\n");
    harbours.build("2026-11-17");
    assert!(page().contains("ides nothing today"), "{}", page());
}
