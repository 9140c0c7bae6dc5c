//! What a doctor says of GitHub before a collect, and what the stand-in says of whoever asks.

use std::collections::BTreeSet;
use std::process::Command;

use axum::http::StatusCode;
use axum::response::Response;
use milepost::collect::Silent;
use milepost::collect::doctor::{self, Cost, NightKind, Prospect, Verdict};
use milepost::day::Length;
use milepost::settings::{Also, Github, GithubAccess, GithubApp, Secret, Source, SourceKind};
use serde_json::{Value, json};

use super::super::{Place, now, settings};
use super::hub::{Fault, Hub, PASSING, json_answer};
use super::{apps, asked, people, repository, service, world};

/// How who asks stands with GitHub.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) login: String,
    /// The scopes of a classic token; others have none.
    pub(super) scopes: Option<&'static str>,
    pub(super) remaining: u64,
}

impl Default for Standing {
    fn default() -> Self {
        Self { login: "wren".to_owned(), scopes: Some("repo, read:org"), remaining: 4990 }
    }
}

/// The answer to a question for limits.
pub(super) fn rate_limit(standing: &Standing) -> Response {
    let limit = |limit: u64, remaining: u64| json!({ "limit": limit, "used": limit - remaining, "remaining": remaining, "reset": 1_795_000_000 });
    let points = limit(5000, standing.remaining);
    let resources = json!({ "core": limit(5000, 5000), "search": limit(30, 30), "graphql": points });
    let body = json!({ "resources": resources, "rate": limit(5000, 5000) });
    let mut answer = json_answer(StatusCode::OK, body.to_string().into_bytes());
    if let Some(scopes) = standing.scopes {
        answer.headers_mut().insert("x-oauth-scopes", scopes.parse().expect("a value"));
    }
    answer
}

impl Place {
    pub(super) fn examine(&self, asked: Github) -> Prospect {
        let token = Some(Secret::new("s3cret"));
        let token_from = Some("MILEPOST_GITHUB_TOKEN");
        self.examine_as(asked, GithubAccess { token, token_from, ..GithubAccess::nobody(now()) })
    }

    fn examine_as(&self, asked: Github, access: GithubAccess) -> Prospect {
        let source = Source {
            name: "hub".into(),
            kind: SourceKind::Github(Box::new(asked)),
            path: self.at("kept"),
            remotes: Vec::new(),
            exclude: Vec::new(),
        };
        let mut prospects = doctor::examine(&settings(vec![source], access), &Silent);
        assert_eq!(prospects.len(), 1);
        prospects.remove(0)
    }
}

/// `subject: says` of every remark of this verdict.
fn remarks(prospect: &Prospect, verdict: Verdict) -> Vec<String> {
    let those = prospect.remarks.iter().filter(|remark| remark.verdict == verdict);
    those.map(|remark| format!("{}: {}", remark.subject, remark.says)).collect()
}

/// Repositories of two documents beside the descriptor, as the estimate supposes.
fn organisation(count: usize) -> Hub {
    let one = |number: usize| {
        let mut one = repository(number, &format!("s{number}"));
        let record = format!("serviceId: s{number}\ndoc: docs/runbook.md\ndoc: docs/architecture.md\n");
        let files =
            [("service.yaml", &*record), ("docs/runbook.md", "# R\n"), ("docs/architecture.md", "# A\n")];
        one.commit("2026-01-05", &files);
        one
    };
    Hub::serve(world((0..count).map(one).collect()))
}

#[test]
fn the_estimate_is_what_nights_cost() {
    let hub = organisation(250);
    let place = Place::new();
    let tonight = |prospect: &Prospect| (prospect.budgets[0].kind, prospect.budgets[0].tonight);
    let cost = |(requests, points): (u64, u64)| Cost { requests, points };

    let first = place.examine(asked(&hub));
    assert!(first.is_whole() && first.budgets[0].repositories == 250, "{first:?}");
    assert!(!place.at("kept").exists(), "a doctor writes nothing");
    assert_eq!(hub.spent().0, 2, "one for the limits, one for the rest");
    place.collect_hub(&hub);
    assert_eq!(tonight(&first), (NightKind::First, cost(hub.spent())));

    // Of 250 repositories three are supposed to have moved.
    hub.change(|world| {
        for one in world.repositories.iter_mut().take(3) {
            one.commit("2026-02-01", &[("docs/runbook.md", "# Moved\n")]);
        }
    });
    let (kind, sweep) = tonight(&place.examine(asked(&hub)));
    let weekly = || Github { sweep: Length::parse("7d"), ..asked(&hub) };
    let between = tonight(&place.examine(weekly()));
    hub.spent();
    let copy = place.copy();
    place.collect_hub(&hub);
    assert_eq!((kind, sweep), (NightKind::Sweep, cost(hub.spent())));
    copy.collect_asked(weekly());
    assert_eq!(between, (NightKind::BetweenSweeps, cost(hub.spent())));
}

#[test]
fn what_is_read_beside_descriptors_is_in_the_estimate() {
    let hub = organisation(120);
    let place = Place::new();
    let active = || Github { also: vec![Also::Builds, Also::Deployments], ..asked(&hub) };
    let prospect = place.examine(active());
    hub.spent();
    place.collect_asked(active());
    let (requests, points) = hub.spent();
    assert_eq!(prospect.budgets[0].tonight, Cost { requests, points });
}

#[test]
fn teams_and_people_are_in_the_estimate() {
    let hub = organisation(120);
    hub.change(|world| world.people = people::many(230, 150));
    let place = Place::new();
    let with_people = || Github { also: vec![Also::People], ..asked(&hub) };
    let prospect = place.examine(with_people());
    assert!(remarks(&prospect, Verdict::Good).iter().any(|line| line.starts_with("people of `example`: ")));
    hub.spent();
    place.collect_asked(with_people());
    let (requests, points) = hub.spent();
    let Cost { requests: estimated, .. } = prospect.budgets[0].tonight;
    assert!(estimated <= requests && requests <= estimated + 2, "{estimated} estimated, {requests} asked");
    assert!(points >= prospect.budgets[0].tonight.points);
    hub.change(|world| world.people.refused = Some("INSUFFICIENT_SCOPES"));
    let missing = remarks(&place.examine(with_people()), Verdict::Wanting);
    assert!(missing[0].starts_with("people of `example`: "), "{missing:?}");
}

#[test]
fn what_was_not_read_whole_is_in_the_estimate() {
    let hub = organisation(250);
    let place = Place::new();
    // All but the first questions fail: the listing is kept, and hardly any repository.
    hub.meddle(|number| (number > 3).then_some(Fault::NotFound));
    place.collect_hub(&hub);
    hub.meddle(|_| None);
    let prospect = place.examine(asked(&hub));
    hub.spent();
    place.collect_hub(&hub);
    let (requests, _) = hub.spent();
    let estimate = prospect.budgets[0].tonight.requests;
    assert!(estimate >= requests && estimate <= requests + 6, "{estimate} estimated, {requests} asked");
}

#[test]
fn what_a_token_may_not_do_is_known_without_trying() {
    let hub = Hub::serve(world(vec![service(0, "quote")]));
    let all =
        || Github { also: vec![Also::People, Also::Builds, Also::Deployments, Also::Reviews], ..asked(&hub) };
    let with = |scopes: Option<&'static str>| {
        hub.change(|world| world.standing.scopes = scopes);
        Place::new().examine(all())
    };
    for enough in [Some("repo, read:org"), Some("admin:org, repo"), None] {
        let prospect = with(enough);
        assert!(prospect.is_whole(), "{enough:?}: {prospect:?}");
    }
    let short = with(Some("repo"));
    assert_eq!(
        remarks(&short, Verdict::Wanting),
        ["scopes: without `read:org`, `also: people` is refused"],
        "{short:?}"
    );
    assert!(
        short.remarks.iter().any(|one| one.advice.as_deref().is_some_and(|say| say.contains("read:org")))
    );
    let public = with(Some(""));
    assert_eq!(
        remarks(&public, Verdict::Notable),
        ["scopes: without `repo`, only public repositories are seen"]
    );
    assert!(with(None).remarks.iter().any(|one| one.says.contains("does not say")));
}

#[test]
fn an_app_says_where_it_is_installed_and_what_it_may_read() {
    let hub = Hub::serve(world(vec![service(0, "quote")]));
    hub.demand(apps::TOKEN);
    let app = || GithubAccess {
        app: Some(GithubApp { id: apps::ID.into(), key: Secret::new(apps::KEY) }),
        ..GithubAccess::nobody(now())
    };
    let with = |also: Vec<Also>| Github { also, ..asked(&hub) };
    let sound = Place::new().examine_as(with(vec![Also::People]), app());
    assert!(sound.is_whole(), "{sound:?}");
    let good = remarks(&sound, Verdict::Good).join("\n");
    for said in ["`milepost-example` is installed for all repositories", "GitHub knows us as `wren`"] {
        assert!(good.contains(said), "{good}");
    }
    let narrow = Place::new().examine_as(with(vec![Also::Builds, Also::Reviews]), app());
    let missing = remarks(&narrow, Verdict::Wanting);
    for permission in ["checks", "statuses", "pull_requests"] {
        assert!(missing.iter().any(|line| line.contains(&format!("`{permission}`"))), "{missing:?}");
    }
    let elsewhere = Github { organisations: vec!["narrow".into(), "others".into()], ..asked(&hub) };
    let elsewhere = remarks(&Place::new().examine_as(elsewhere, app()), Verdict::Wanting).join("\n");
    for said in ["its installation is suspended", "the App is not installed for `others`"] {
        assert!(elsewhere.contains(said), "{elsewhere}");
    }
}

#[test]
fn what_does_not_answer_says_why_and_what_to_do() {
    let hub = Hub::serve(world(vec![service(0, "quote")]));
    let with = |fault| {
        hub.fail_always(Some(fault));
        Place::new().examine(asked(&hub))
    };
    for (fault, said) in [
        (Fault::Unauthorized, "it does not accept our credentials (401)"),
        (Fault::ServerError, "it answered with 500"),
        (Fault::BadGateway, "it answered with 502"),
        (Fault::Secondary, "its limit is reached, and the night is over before it ends"),
        (Fault::Elsewhere, "it sends us to another address (301), which is not followed"),
    ] {
        let prospect = with(fault);
        let missing = remarks(&prospect, Verdict::Wanting);
        assert!(missing.iter().any(|line| line.contains(said)), "{fault:?}: {missing:?}");
        let unadvised =
            prospect.remarks.iter().find(|one| one.verdict > Verdict::Good && one.advice.is_none());
        assert_eq!(unadvised, None);
    }
    hub.fail_always(None);
    let nobody = Place::new().examine(Github { organisations: vec!["nobody".into()], ..asked(&hub) });
    assert_eq!(
        remarks(&nobody, Verdict::Wanting),
        ["organisation `nobody`: Could not resolve to a RepositoryOwner"]
    );
    let anonymous = Place::new().examine_as(asked(&hub), GithubAccess::nobody(now()));
    assert!(remarks(&anonymous, Verdict::Wanting)[0].starts_with("credentials: GitHub answers nobody"));
    let away = GithubApiAway::address();
    let away = Place::new().examine(Github { api: away, ..asked(&hub) });
    assert!(remarks(&away, Verdict::Wanting)[0].contains("connection refused"), "{away:?}");
}

/// An address at which nobody listens.
struct GithubApiAway;

impl GithubApiAway {
    fn address() -> milepost::settings::GithubApi {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        milepost::settings::GithubApi::parse(&format!("http://127.0.0.1:{port}"), true).expect("an address")
    }
}

#[test]
fn every_question_may_fail_once() {
    let hub = Hub::serve(world(vec![service(0, "quote")]));
    for fault in PASSING {
        for number in 1..=2 {
            hub.fail_at(number, fault);
            let prospect = Place::new().examine(asked(&hub));
            assert!(prospect.is_whole(), "{fault:?} at {number}: {prospect:?}");
        }
    }
}

#[test]
fn a_limit_that_is_spent_or_too_small_is_said() {
    let hub = Hub::serve(world(vec![service(0, "quote")]));
    hub.change(|world| world.standing.remaining = 0);
    let spent = Place::new().examine(asked(&hub));
    assert!(spent.is_whole(), "a collect waits: {spent:?}");
    assert_eq!(
        remarks(&spent, Verdict::Notable),
        ["organisation `example`: not asked, because no point remains"]
    );
    hub.change(|world| world.standing.remaining = 250);
    let small = Place::new().examine(asked(&hub));
    let said = remarks(&small, Verdict::Notable).join("\n");
    assert!(said.contains("of 0 that may be spent in this hour: it does not fit"), "{said}");
}

#[test]
fn fewer_repositories_than_before_are_worth_a_line() {
    let hub = organisation(20);
    let place = Place::new();
    place.collect_hub(&hub);
    hub.change(|world| world.repositories.truncate(5));
    let prospect = place.examine(asked(&hub));
    assert_eq!(
        remarks(&prospect, Verdict::Notable),
        ["organisation `example`: 5 repositories visible, 20 when they were listed last"]
    );
}

#[test]
fn the_program_says_it_to_people_and_scripts() {
    let hub = organisation(3);
    hub.change(|world| world.standing.login = format!("wr\u{1b}[31men\u{202e}{}", "x".repeat(5000)));
    let place = Place::new();
    let configuration = format!(
        "sources:\n  - {{name: hub, kind: github, organisations: [example], also: [people], loopback: true, api: \"{}\"}}\n",
        hub.api()
    );
    place.write("catalog/milepost.yaml", configuration);
    let files = |place: &Place| -> BTreeSet<String> {
        let listed = Command::new("find").arg(place.at("")).output().expect("find");
        String::from_utf8_lossy(&listed.stdout).lines().map(str::to_owned).collect()
    };
    let before = files(&place);
    let run = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_milepost"));
        command.args(["doctor", "catalog"]).args(more).current_dir(place.at(""));
        command.env_remove("MILEPOST_GITHUB_TOKEN").env("GITHUB_TOKEN", "s3cret");
        let output = command.output().expect("it runs");
        let said = String::from_utf8(output.stdout).expect("text");
        let complained = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("s3cret") && !complained.contains("s3cret"), "{said}{complained}");
        assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}') && said.len() < 20_000, "{said}");
        (output.status.code(), said)
    };
    let (code, text) = run(&[]);
    assert_eq!(code, Some(0), "{text}");
    for said in
        ["the token of GITHUB_TOKEN", "3 repositories visible", "about 5 requests and 5 points", "estimate"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.ends_with("a collect would be whole: 1 source\n"), "{text}");
    hub.change(|world| world.standing.scopes = Some("repo"));
    let (code, json) = run(&["--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((code, &json["whole"]), (Some(4), &json!(false)), "{json}");
    let budget = &json["sources"][0]["budgets"][0];
    assert_eq!(budget["repositories"], 3);
    assert_eq!(
        budget["limit"],
        json!({ "points": 5000, "remaining": 4990, "resets": "2026-11-18T11:06:40Z" })
    );
    assert_eq!((&budget["night"], &budget["cold"]["points"]), (&json!("first"), &json!(5)));
    assert_eq!(files(&place), before, "a doctor writes nothing");
}
