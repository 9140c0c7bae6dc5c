//! People from outside: what is said of those whom the catalog and `CODEOWNERS` name, on pages, in the data and
//! as problems, when GitHub answered; and that nothing is claimed when it did not, or too long ago.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use milepost::collect::snapshot::{Directory, ObservedTeam, OwnersError, OwnersReview, People};
use milepost::collect::snapshot_file;
use milepost::day::Moment;
use serde_json::Value;

const CONFIGURATION: &str = "organisation: {name: Shop}
descriptors: {formats: [codeowners]}
sources:
  - {name: hub, kind: folder, path: ../repositories, repositories: children}
";

const SEEN: &str = "2026-11-20T03:00:00Z";

struct Shop(tempfile::TempDir);

fn team(slug: &str, members: &[&str]) -> ObservedTeam {
    ObservedTeam {
        id: slug.into(),
        slug: slug.into(),
        formerly: Vec::new(),
        name: slug.into(),
        parent: None,
        members: members.iter().map(|login| (*login).into()).collect(),
    }
}

/// What GitHub says of the shop's people.
fn answer() -> People {
    let teams = vec![
        team("alone", &["zoe"]),
        ObservedTeam { formerly: vec!["Vanished".into()], ..team("archive", &[]) },
        team("checkout", &["Mira", "eve"]),
        ObservedTeam { parent: Some("checkout".into()), ..team("payments", &["bob"]) },
    ];
    let members = ["Mira", "bob", "eve", "wren", "zoe"].map(Into::into).to_vec();
    People { teams, members, secret_teams: true }
}

impl Shop {
    fn new() -> Self {
        let shop = Self(tempfile::tempdir().expect("a folder"));
        shop.write("catalog/milepost.yaml", CONFIGURATION);
        for (id, rest) in [
            (
                "checkout",
                "lead: \"@mira\"\nmembers: [\"@mira\", \"@bob\", \"@wren\", \"@gone\"]\ngithub: [\"@example/Checkout\"]\n",
            ),
            ("alone", "members: [\"@zoe\", \"@wren\"]\ngithub: [example/alone]\n"),
            ("empty", "members: [\"@zoe\", \"@wren\"]\ngithub: [example/archive]\n"),
            ("lost", "members: [\"@zoe\", \"wren@example.com\"]\ngithub: [example/chekout, others/lost]\n"),
            ("plain", "members: [\"@zoe\", \"@wren\"]\n"),
            ("past", "members: [\"@gone\"]\ngithub: [example/past]\nstatus: dissolved\n"),
        ] {
            shop.write(&format!("catalog/teams/{id}.yaml"), &format!("teamId: {id}\n{rest}"));
        }
        for (id, owner) in [("quote", "checkout"), ("label", "alone"), ("store", "empty")] {
            let path = format!("repositories/{id}/service.yaml");
            shop.write(&path, &format!("serviceId: {id}\nownerTeam: {owner}\n"));
        }
        let owners = "* @example/vanished @example/checkout @MIRA\n/docs/ @ghost @others/team ghost@example.com\n*** @zoe\n";
        shop.write("repositories/quote/CODEOWNERS", owners);
        shop.write("repositories/label/CODEOWNERS", "* @example/checkout\n");
        shop
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn milepost(&self, arguments: &[&str]) {
        let mut command = Command::cargo_bin("milepost").expect("the binary is built");
        let output = command.args(arguments).current_dir(self.0.path()).env("NO_COLOR", "1").output();
        let output = output.expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Builds as of `now` with what GitHub answered at [`SEEN`].
    fn build(&self, answer: Result<People, &str>, carried: Option<&str>, now: &str) {
        // The repositories below are renamed, which the next run would take for gone.
        let _ = fs::remove_dir_all(self.at("snapshot"));
        self.milepost(&["collect", "catalog", "--snapshot", "snapshot", "--now", "2026-11-20"]);
        let mut snapshot = snapshot_file::load(&self.at("snapshot")).expect("a snapshot");
        let seen = Moment::parse(SEEN).expect("a moment");
        for repository in &mut snapshot.repositories {
            let errors = [
                (1, 3, "Unknown owner"),
                (2, 8, "Unknown owner"),
                (3, 1, "Invalid `pattern`"),
                (0, 0, "Odd"),
            ];
            let error = |(line, column, kind): (u32, u32, &str)| OwnersError {
                path: "CODEOWNERS".into(),
                line,
                column,
                kind: kind.into(),
                suggestion: (line == 3).then(|| "did you mean **?".into()),
            };
            let is_flawed = &*repository.name == "quote";
            let errors = errors.into_iter().filter(|_| is_flawed).map(error).collect();
            repository.owners_review = Some(OwnersReview { seen, errors });
            repository.name = format!("example/{}", repository.name).into();
        }
        snapshot.directories = vec![Directory {
            source: "hub".into(),
            organisation: "example".into(),
            collected_at: seen,
            carried: carried.map(Into::into),
            answer: answer.map_err(Into::into),
        }];
        snapshot_file::save(&snapshot, &self.at("snapshot")).expect("saved");
        self.milepost(&["build", "catalog", "--snapshot", "snapshot", "--now", now]);
    }

    fn page(&self, path: &str) -> String {
        let path = self.at("site").join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn data(&self, path: &str) -> Value {
        serde_json::from_str(&self.page(&format!("api/v1/{path}.json"))).expect("it is JSON")
    }

    /// `code path:line:column message` of every problem that is about people.
    fn problems(&self) -> Vec<String> {
        let about_people = [
            "unknown-github-team",
            "departed-member",
            "members-differ",
            "unknown-code-owner",
            "code-owner-outside",
            "broken-codeowners",
            "team-of-one",
            "empty-team",
            "owners-disagree",
        ];
        let document = self.data("problems");
        let all = document["problems"].as_array().expect("a list").iter();
        let told = all.filter(|one| about_people.iter().any(|code| one["code"] == *code)).map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            let place = format!("{}:{}:{}", text("path"), one["line"], one["column"]);
            format!("{} {place} {}", text("code"), text("message"))
        });
        told.collect()
    }
}

/// What is said whoever belongs to what: from the files alone, and from GitHub about the text of one.
const ALWAYS: [&str; 3] = [
    "owners-disagree service.yaml:2:12 `CODEOWNERS`, line 1, has `checkout` review this folder, not `alone`",
    "broken-codeowners CODEOWNERS:null:null GitHub finds a mistake here: `Odd`",
    "broken-codeowners CODEOWNERS:3:1 GitHub finds a mistake here: `Invalid 'pattern'`",
];

#[test]
fn whoever_is_gone_is_said_at_the_line_that_names_them() {
    let shop = Shop::new();
    shop.build(Ok(answer()), None, "2026-11-20");
    let expected = [
        "members-differ teams/alone.yaml:2:10 the members of `alone` differ from GitHub: 1 only in the record (`@wren`)",
        "team-of-one teams/alone.yaml:3:10 the team `alone` owns 1 service, and has one member on GitHub, `zoe` in `example/alone`",
        "members-differ teams/checkout.yaml:3:10 the members of `checkout` differ from GitHub: 1 only in the record (`@wren`), 1 only on GitHub (`eve`)",
        "departed-member teams/checkout.yaml:3:37 `@gone` of the team `checkout` is not among the people of `example`",
        "empty-team teams/empty.yaml:3:10 the team `empty` owns 1 service, and has nobody on GitHub in `example/archive`",
        "unknown-github-team teams/lost.yaml:3:10 the team `lost` names `example/chekout`, which GitHub does not have",
        ALWAYS[0],
        ALWAYS[1],
        "unknown-code-owner CODEOWNERS:1:3 `@example/vanished` reviews nothing: `example` has no such team",
        "code-owner-outside CODEOWNERS:2:8 `@ghost` reviews here, and does not belong to `example`",
        ALWAYS[2],
    ];
    assert_eq!(shop.problems(), expected);
    let document = shop.data("problems");
    let help = |code: &str| {
        let all = document["problems"].as_array().expect("a list");
        all.iter().rfind(|one| one["code"] == code).expect("one")["help"].clone()
    };
    assert_eq!(help("unknown-github-team"), "did you mean `example/checkout`?");
    assert_eq!(help("unknown-code-owner"), "it is called `example/archive` now");
    assert_eq!(help("broken-codeowners"), "GitHub says: did you mean **?");

    // Who is shown no secret teams does not know that a team is gone.
    shop.build(Ok(People { secret_teams: false, ..answer() }), None, "2026-11-20");
    let secret = ", or does not show because it is secret";
    assert_eq!(shop.problems().iter().filter(|one| one.ends_with(secret)).count(), 2);
    assert!(shop.page("coverage/index.html").contains("secret teams are not shown to these credentials"));
    let page = shop.page("teams/lost/index.html");
    assert!(page.contains("it may be secret") && !page.contains("a complete listing"), "{page}");
    assert_eq!(shop.data("teams/lost")["github"]["teams"][0]["state"], "unknown");
}

#[test]
fn nothing_is_claimed_of_an_organisation_that_did_not_answer_or_too_long_ago() {
    let shop = Shop::new();
    let own = "broken-codeowners CODEOWNERS";
    let of_github = [(1, 3), (2, 8)]
        .map(|(line, column)| format!("{own}:{line}:{column} GitHub finds a mistake here: `Unknown owner`"));
    shop.build(Err("it takes `read:org`"), None, "2026-11-20");
    let [disagree, odd, pattern] = ALWAYS.map(str::to_owned);
    let [first, second] = of_github;
    assert_eq!(shop.problems(), [disagree.clone(), odd.clone(), first, second, pattern.clone()]);
    let team = shop.page("teams/checkout/index.html");
    assert!(team.contains("Unknown") && team.contains("it takes <code>read:org</code>"), "{team}");
    assert!(!team.contains("Only on GitHub") && !team.contains("the same people"), "{team}");
    let coverage = shop.page("coverage/index.html");
    assert!(coverage.contains("it takes <code>read:org</code>") && coverage.contains("not known"));
    let state = |shop: &Shop| shop.data("index")["sources"][0]["directories"][0].clone();
    assert_eq!((&state(&shop)["state"], &state(&shop)["teams"]), (&"unknown".into(), &Value::Null));

    // Three days later nobody knows, whatever was seen then.
    shop.build(Ok(answer()), Some("the server is away"), "2026-11-23");
    assert_eq!(shop.problems(), [disagree, odd, pattern]);
    let reason = "what was seen on 2026-11-20 is older than 2d, the longest it may be used; since then: the server is away";
    assert_eq!(state(&shop)["reason"], reason);
    assert_eq!(shop.data("teams/checkout")["github"]["teams"][0]["reason"], reason);
    assert!(shop.page("coverage/index.html").contains("the longest it may be used"));
}

#[test]
fn a_team_and_the_ledger_show_what_github_knows_and_as_of_when() {
    let shop = Shop::new();
    shop.build(Ok(answer()), Some("the server is away"), "2026-11-20");
    let page = shop.page("teams/checkout/index.html");
    for part in [
        "<code>@example/Checkout</code>",
        "<td class=\"number\">3</td>",
        "Only in the record: <code>@wren</code>.",
        "Only on GitHub: <code>eve</code>.",
        "Named in the record, and in no organisation that was asked: <code>@gone</code>.",
        "Stale since 20 November 2026",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(shop.page("teams/plain/index.html").contains("Its record names no GitHub team."));
    assert!(shop.page("teams/alone/index.html").contains("one member is in its GitHub teams, for 1 service"));
    let why = "Members are not compared with the record: what GitHub has of them is not all known";
    let lost = shop.page("teams/lost/index.html");
    assert!(lost.contains(why) && !page.contains(why), "{lost}");
    assert!(lost.contains("a complete listing of <code>example</code> does not have it"), "{lost}");
    assert!(lost.contains("no source asks who belongs to <code>others</code>"), "{lost}");
    assert!(!shop.page("teams/past/index.html").contains("Only"));
    let coverage = shop.page("coverage/index.html");
    assert!(coverage.contains("Teams and people") && coverage.contains("the server is away"), "{coverage}");
    let directory = &shop.data("index")["sources"][0]["directories"][0];
    assert_eq!(
        (&directory["state"], &directory["teams"], &directory["people"]),
        (&"carried".into(), &4.into(), &5.into())
    );
    assert_eq!(directory["collectedAt"], SEEN);
    let github = &shop.data("teams/checkout")["github"];
    assert_eq!((&github["teams"][0]["people"], &github["onlyOnGithub"][0]), (&3.into(), &"eve".into()));
    let schemas: BTreeMap<_, _> = milepost::render::data::v1::schemas().into_iter().collect();
    for (name, document) in [("index", shop.data("index")), ("team", shop.data("teams/checkout"))] {
        let schema = &schemas[format!("api-v1-{name}").as_str()];
        let validator = jsonschema::validator_for(schema.as_value()).expect("a schema");
        assert!(validator.is_valid(&document), "{name}");
    }

    let same = People { teams: vec![team("checkout", &["mira", "bob", "wren", "gone"])], ..answer() };
    let everybody = ["mira", "bob", "wren", "gone", "zoe"].map(Into::into).to_vec();
    shop.build(Ok(People { members: everybody, ..same }), None, "2026-11-20");
    assert!(shop.page("teams/checkout/index.html").contains("The record and GitHub name the same people."));
}
