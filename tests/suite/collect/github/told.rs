//! Builds and deployments from GitHub to the pages: as facts with their origin, for rules and for those who lead.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::super::Place;
use super::activity::busy;
use super::hub::Hub;

const SCORECARD: &str = "scorecardId: delivery
levels: [base]
rules:
  - {id: builds-pass, level: base, title: Builds pass, needs: [build-success-percent], assert: 'fact(\"build-success-percent\") >= 40'}
  - {id: deploys-often, level: base, title: Deploys often, needs: [deployments-per-week], assert: 'fact(\"deployments-per-week\") >= 1'}
";

fn organisation(hub: &Hub) -> Place {
    let place = Place::new();
    let configuration = format!(
        "sources:\n  - name: hub\n    kind: github\n    organisations: [example]\n    loopback: true\n    api: {}\n    \
         also: [builds, deployments]\n",
        hub.api()
    );
    place.write("catalog/milepost.yaml", configuration);
    place.write("catalog/scorecards/delivery.yaml", SCORECARD);
    place
}

/// Builds the portal; gives how it ended.
fn build(place: &Place, now: &str) -> i32 {
    let output = Command::new(env!("CARGO_BIN_EXE_milepost"))
        .args(["build", "catalog", "--now", now])
        .current_dir(place.at(""))
        .env("MILEPOST_GITHUB_TOKEN", "s3cret")
        .output()
        .expect("it runs");
    output.status.code().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn page(place: &Place, path: &str) -> String {
    fs::read_to_string(place.at(&format!("site/{path}"))).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn data(place: &Place, path: &str) -> Value {
    serde_json::from_str(&page(place, &format!("api/v1/{path}.json"))).expect("it is JSON")
}

fn outcomes(place: &Place, service: &str) -> Vec<String> {
    let told = data(place, &format!("services/{service}"));
    let rules = told["scorecards"]["delivery"]["rules"].as_array().expect("rules").clone();
    rules.iter().map(|rule| rule["outcome"].as_str().expect("an outcome").to_owned()).collect()
}

#[test]
fn facts_lead_back_to_github_and_rules_read_them() {
    let hub = Hub::serve(busy());
    let place = organisation(&hub);
    assert_eq!(build(&place, "2026-11-21T08:00:00Z"), 0);
    assert_eq!(outcomes(&place, "quote"), ["pass", "fail"]);
    assert_eq!(outcomes(&place, "quiet"), ["unknown", "unknown"], "nothing was built, and nothing deployed");

    let observed = data(&place, "services/quote")["observed"].as_array().expect("facts").clone();
    let values: Vec<(&str, f64)> = observed
        .iter()
        .map(|fact| (fact["fact"].as_str().expect("a name"), fact["value"].as_f64().expect("a number")))
        .collect();
    assert_eq!(
        values,
        [
            ("build-success-percent", 50.0),
            ("builds-failed", 2.0),
            ("builds-finished", 4.0),
            ("commit-to-production-minutes", 70.0),
            ("deployments-failed", 2.0),
            ("deployments-finished", 5.0),
            ("deployments-per-week", 0.75),
            ("failed-deployment-percent", 40.0),
        ]
    );
    let origin = &observed[0]["origin"];
    assert_eq!(
        (&origin["kind"], &origin["operation"], &origin["repository"], &origin["collectedAt"]),
        (&"github".into(), &"builds".into(), &"example/quote".into(), &"2026-11-21T08:00:00Z".into())
    );

    let service = page(&place, "services/quote/index.html");
    assert!(service.contains("<code>deployments-per-week</code>") && service.contains("GitHub, 28 days"));
    assert!(
        service.contains(&format!("href=\"{}/example/quote/deployments\"", hub.api())),
        "people can look"
    );
    let adoption = page(&place, "adoption/index.html");
    assert!(adoption.contains("50 %, from 1 service") && adoption.contains("0.75 per week, from 1 service"));
    let metrics = data(&place, "metrics");
    let metrics = metrics["metrics"].as_array().expect("metrics");
    let builds = metrics.iter().find(|one| one["id"] == "build-success-rate").expect("it is there");
    assert_eq!(
        (&builds["numerator"], &builds["denominator"], &builds["value"]),
        (&2.into(), &4.into(), &50.into())
    );
    assert_eq!(builds["observations"][0]["origin"]["kind"], "github");
}

#[test]
fn what_is_not_told_any_more_is_used_until_it_is_too_old() {
    let hub = Hub::serve(busy());
    let place = organisation(&hub);
    assert_eq!(build(&place, "2026-11-21T08:00:00Z"), 0);
    hub.change(|world| {
        world.happened.hides_checks = true;
        world.happened.hides_deployments = true;
    });
    assert_eq!(build(&place, "2026-11-22T08:00:00Z"), 4, "what is refused is missing");
    assert_eq!(outcomes(&place, "quote"), ["pass", "fail"]);
    assert_eq!(data(&place, "services/quote")["observed"][0]["observedAt"], "2026-11-21T08:00:00Z");
    assert_eq!(build(&place, "2026-11-24T08:00:00Z"), 4);
    assert_eq!(outcomes(&place, "quote"), ["unknown", "unknown"]);
    let told = data(&place, "services/quote");
    assert!(told["observed"][0]["unused"].as_str().is_some_and(|why| why.contains("is older than")));
    assert!(page(&place, "services/quote/index.html").contains("Not used"));
    assert!(page(&place, "coverage/index.html").contains("Deployments: read"));
}
