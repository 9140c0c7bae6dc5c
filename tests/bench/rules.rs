//! Measures judging: 100 rules over 10,000 services, every input of every rule recorded, against minijinja,
//! the engine whose syntax the rules have, evaluating the same expressions on the same values. Both run on
//! all cores and take turns; only their ratio counts. Run it with `cargo bench --bench rules`.

#![allow(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use milepost::assess::Assessment;
use milepost::assess::explain::Explainer;
use milepost::assess::expression::{Expression, Scope, Trace, Verdict};
use milepost::catalog::configuration;
use milepost::catalog::{Catalog, descriptor};
use milepost::collect::{self, Named, Silent};
use milepost::day::Moment;
use milepost::diagnostic::Diagnostics;
use minijinja::{Environment, Value};
use rayon::prelude::*;

const SERVICES: usize = 10_000;
const RULES: usize = 100;
const ROUNDS: usize = 7;

/// One made-up service. Both sides are given the same values.
struct Made {
    id: String,
    team: String,
    service_type: &'static str,
    runtime: &'static str,
    criticality: String,
    availability: f64,
    latency: usize,
    exposure: &'static str,
    waf: bool,
    on_call: Option<String>,
}

fn made() -> Vec<Made> {
    let service = |number: usize| Made {
        id: format!("parcel-{number:05}"),
        team: format!("team-{:03}", number % 800),
        service_type: ["http-service", "event-consumer", "batch", "library"][number % 4],
        runtime: ["ecs-fargate", "lambda", "eks"][number % 3],
        criticality: format!("tier-{}", number % 4 + 1),
        availability: 99.0 + (number % 100) as f64 / 100.0,
        latency: 50 + number % 900,
        exposure: ["private", "internal", "public"][number % 3],
        waf: number.is_multiple_of(2),
        on_call: (!number.is_multiple_of(5)).then(|| format!("route-{}", number % 800)),
    };
    (0..SERVICES).map(service).collect()
}

/// Twenty shapes of what teams ask, five of each with other numbers and words.
fn rules() -> Vec<String> {
    let shapes = |k: usize| {
        let (low, team, tier) = (k * 100, k * 7, k % 4 + 1);
        [
            "service.ownerTeam is defined".to_owned(),
            format!("service.ownerTeam != \"team-{team:03}\""),
            format!("service.criticality in [\"tier-{tier}\", \"tier-4\"]"),
            format!("service.slo.availability >= 99.{k}"),
            format!("service.slo.p95LatencyMs is defined and service.slo.p95LatencyMs < {low}"),
            format!("service.slo.p95LatencyMs > {low} or service.type == \"batch\""),
            format!(
                "service.exposure.type != \"public\" or service.exposure.waf or service.slo.availability < 99.{k}"
            ),
            "service.onCall is defined".to_owned(),
            format!("service.onCall is defined and service.criticality != \"tier-{tier}\""),
            format!("not (service.runtime == \"eks\" and service.slo.availability < 99.{k})"),
            "service.runtime in [\"lambda\", \"ecs-fargate\"]".to_owned(),
            format!("service.type in [\"library\", \"batch\"] or service.slo.availability > 99.{k}"),
            format!("service.serviceId != \"parcel-0000{k}\""),
            format!("service.slo.availability * 2 > 198.{k}"),
            format!("service.slo.p95LatencyMs + {low} < 1000"),
            "service.exposure.type in [\"private\", \"internal\"]".to_owned(),
            format!("service.exposure.waf and service.slo.p95LatencyMs < {low}"),
            "service.type == \"http-service\" and service.exposure.type == \"public\"".to_owned(),
            format!("service.criticality == \"tier-{tier}\" or not service.exposure.waf"),
            format!(
                "service.ownerTeam is defined and service.onCall is defined and service.slo.availability > 99.{k}"
            ),
        ]
    };
    (1..=RULES / 20).flat_map(shapes).collect()
}

/// The organisation in `folder`: one repository, one scorecard.
fn write(folder: &Path, services: &[Made], rules: &[String]) {
    let mut scorecard = String::from(
        "scorecardId: all\nversion: 1\ntitle: All\nreadiness: true\nrequired: true\nlevels: [{id: done, title: Done}]\nrules:\n",
    );
    for (number, rule) in rules.iter().enumerate() {
        let _ = writeln!(
            scorecard,
            "  - {{id: rule-{number:03}, level: done, title: t, why: w, fix: f, assert: '{rule}'}}"
        );
    }
    let file = |path: String, text: String| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    file(
        "milepost.yaml".to_owned(),
        "organisation: {name: Bench}\nsources: [{name: services, kind: folder, path: services, repositories: own}]\n"
            .to_owned(),
    );
    file("scorecards/all.yaml".to_owned(), scorecard);
    for Made {
        id,
        team,
        service_type,
        runtime,
        criticality,
        availability,
        latency,
        exposure,
        waf,
        on_call,
    } in services
    {
        let on_call = on_call.as_ref().map_or_else(String::new, |route| format!("onCall: {route}\n"));
        file(
            format!("services/{id}/service.yaml"),
            format!(
                "serviceId: {id}\nownerTeam: {team}\ntype: {service_type}\nruntime: {runtime}\ncriticality: {criticality}\n{on_call}\
                 slo: {{availability: {availability}, p95LatencyMs: {latency}}}\nexposure: {{type: {exposure}, waf: {waf}}}\n"
            ),
        );
    }
}

fn catalog(folder: &Path) -> (Catalog, Moment) {
    let file = folder.join("milepost.yaml");
    let text = fs::read_to_string(&file).expect("it was written");
    let configuration =
        configuration::read(&text, &file, &mut Diagnostics::default()).expect("it can be read");
    let now = Moment::parse("2026-11-21T00:00:00Z").expect("a moment");
    let settings = configuration.settings(folder, now);
    let limits = settings.limits;
    let named = |_: &str, text: &str| Named {
        documents: descriptor::named_documents(text, limits.into()),
        ..Named::default()
    };
    let snapshot = collect::collect(&settings, &named, &Silent);
    let folder = collect::catalog_folder(folder, false, limits).expect("it is a catalog folder");
    (Catalog::resolve(&snapshot, &folder, &configuration), now)
}

/// What the engine is given of a service.
fn value(made: &Made) -> Value {
    let text = |text: &str| Value::from(text);
    let slo = [("availability", Value::from(made.availability)), ("p95LatencyMs", Value::from(made.latency))];
    let exposure = [("type", text(made.exposure)), ("waf", Value::from(made.waf))];
    let always = [
        ("serviceId", text(&made.id)),
        ("ownerTeam", text(&made.team)),
        ("type", text(made.service_type)),
        ("runtime", text(made.runtime)),
        ("criticality", text(&made.criticality)),
        ("slo", Value::from_pairs(slo)),
        ("exposure", Value::from_pairs(exposure)),
    ];
    let on_call = made.on_call.as_deref().map(|route| ("onCall", text(route)));
    Value::from_pairs([("service", Value::from_pairs(always.into_iter().chain(on_call)))])
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let result = work();
    (result, begin.elapsed())
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let (services, rules) = (made(), rules());
    write(folder.path(), &services, &rules);
    let (catalog, now) = catalog(folder.path());
    assert_eq!((catalog.services.len(), rules.len()), (SERVICES, RULES));
    let today = milepost::day::Day::parse("2026-11-21").expect("a day");
    let assessment = Assessment::of(&catalog, today, now);
    let explainer = Explainer::new(&catalog, &assessment);
    let compiled: Vec<Expression> = rules
        .iter()
        .map(|rule| {
            Expression::compile(rule, Scope::Service, &[]).unwrap_or_else(|why| panic!("{rule}: {why:?}"))
        })
        .collect();
    let environment = Environment::new();
    let engine: Vec<_> =
        rules.iter().map(|rule| environment.compile_expression(rule).expect("it has the syntax")).collect();
    let values: Vec<Value> = services.iter().map(value).collect();

    // Services stand in the order of their ids on both sides.
    let ours = || -> usize {
        let judged = catalog.services.rows().par_iter().map(|service| {
            let view = explainer.service(service);
            let context = view.context();
            let passes = |rule: &&Expression| {
                let mut trace = Trace::on();
                let verdict = rule.evaluate(&context, &mut trace);
                std::hint::black_box(trace.into_inputs());
                verdict == Verdict::True
            };
            compiled.iter().filter(passes).count()
        });
        judged.sum()
    };
    let theirs = || -> usize {
        let passes = |value: &Value| {
            engine.iter().filter(|rule| rule.eval(value).is_ok_and(|it| it.is_true())).count()
        };
        values.par_iter().map(passes).sum()
    };
    let mut ratios = Vec::new();
    let mut whole = Vec::new();
    for round in 1..=ROUNDS {
        let (passed, mine) = timed(ours);
        let (agreed, engine) = timed(theirs);
        let (_, all) = timed(|| Assessment::of(&catalog, today, now));
        assert_eq!(passed, agreed, "both must come to the same");
        ratios.push(mine.as_secs_f64() / engine.as_secs_f64());
        whole.push(all.as_secs_f64() / engine.as_secs_f64());
        println!("round {round}: judged {mine:.2?}, the engine {engine:.2?}, the whole assessment {all:.2?}");
    }
    let median = |ratios: &mut Vec<f64>| {
        ratios.sort_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    };
    println!(
        "{RULES} rules over {SERVICES} services: {:.2} times the engine with every input recorded, {:.2} times for the whole assessment",
        median(&mut ratios),
        median(&mut whole)
    );
}
