//! Documents of every format, with the traits that public files show.

mod backstage;

use crate::catalog::Catalog;
use crate::catalog::record::{Fields, View};
use crate::catalog::testing::{Organisation, of_code};

const ALL: &str = "descriptors: {formats: all}\n";

/// The catalog of one file in one repository, every format switched on.
fn catalog(path: &str, text: &str) -> Catalog {
    Organisation::default().configured(ALL).descriptor("acme/parcels", path, text).resolve()
}

/// The value at `path` of the service `id`, in words.
fn value(catalog: &Catalog, id: &str, path: &str) -> String {
    let index = catalog.services.find(id).unwrap_or_else(|| panic!("`{id}` is a service"));
    let mut record: &dyn Fields = &catalog.services[index].record;
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        match record.field(part).unwrap_or_else(|| panic!("`{part}` is a field")) {
            View::Record(below, _) => record = below,
            View::Named(entries, _) => {
                let rest = parts.collect::<Vec<_>>().join(".");
                let found = entries.into_iter().find(|(name, _)| *name == rest);
                return found.map_or_else(|| "absent".into(), |(_, view)| words(&view));
            }
            view => {
                assert!(parts.peek().is_none(), "nothing lies below `{part}`");
                return words(&view);
            }
        }
    }
    "a record".to_owned()
}

fn words(view: &View<'_>) -> String {
    match view {
        View::Text(text, _) => text.to_string(),
        View::Number(number, _) => number.to_string(),
        View::Bool(value, _) => value.to_string(),
        View::List(items, _) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        View::Record(record, _) => {
            let shown =
                |key: &str| record.field(key).map(|view| words(&view)).filter(|text| text != "absent");
            let fields = record.shape().fields.iter();
            fields
                .filter_map(|field| Some(format!("{} {}", field.key, shown(field.key)?)))
                .collect::<Vec<_>>()
                .join("; ")
        }
        View::Unreadable(_) => "unreadable".to_owned(),
        _ => "absent".to_owned(),
    }
}

fn check(catalog: &Catalog, id: &str, expected: &[(&str, &str)]) {
    for (path, text) in expected {
        assert_eq!(value(catalog, id, path), *text, "{path}");
    }
}

fn not_carried(catalog: &Catalog) -> Vec<&str> {
    catalog.ledger.foreign.iter().flat_map(|document| &document.not_carried).map(|key| &*key.path).collect()
}

#[test]
fn all_versions_of_datadog_are_read() {
    let text = "\
schema-version: v2.2
dd-service: quote
team: checkout
application: web-shop
tier: '1'
lifecycle: production
type: web
contacts:
  - {type: slack, contact: https://parcels.slack.example/archives/C1}
links:
  - {name: Night, type: runbook, url: https://wiki.example.com/night}
  - {name: Code, type: repo, url: https://github.com/acme/parcels}
tags: [cost-center:cc-1]
integrations: {pagerduty: {service-url: https://acme.pagerduty.com/service-directory/P1}}
---
{\"schema-version\": \"v2\", \"dd-service\": \"label\", \"dd-team\": \"print\", \"integrations\": {\"pagerduty\": \"https://acme.pagerduty.com/service-directory/P2\"}}
---
apiVersion: v3
kind: service
metadata: {name: rates, owner: tariff, displayName: Rates, additionalOwners: [{name: print, type: Operator}]}
spec: {lifecycle: experimental, tier: Zero, componentOf: ['system:web-shop'], dependsOn: ['service:default/quote', 'datastore:rates-db']}
datadog: {codeLocations: [{repositoryURL: https://github.com/acme/rates.git}]}
---
apiVersion: v3
kind: datastore
metadata: {name: rates-db}
---
schema-version: v1
info: {dd-service: parcel-map, display-name: Parcel map, service-tier: Tier 2}
org: {team: maps, application: web-shop}
contact: {slack: https://parcels.slack.example/archives/C2}
external-resources: [{name: Day, type: runbook, url: https://wiki.example.com/day}]
integrations: {github: https://github.com/acme/map}
";
    let catalog = catalog("service.datadog.yaml", text);
    check(
        &catalog,
        "quote",
        &[
            ("ownerTeam", "checkout"),
            ("product", "web-shop"),
            ("criticality", "tier-1"),
            ("links.runbook", "https://wiki.example.com/night"),
            ("repository", "acme/parcels"),
            ("labels.cost-center", "cc-1"),
            ("onCall", "https://acme.pagerduty.com/service-directory/P1"),
        ],
    );
    check(
        &catalog,
        "label",
        &[("ownerTeam", "print"), ("onCall", "https://acme.pagerduty.com/service-directory/P2")],
    );
    check(
        &catalog,
        "rates",
        &[
            ("lifecycle.state", "development"),
            ("criticality", "tier-1"),
            ("product", "web-shop"),
            ("dependsOn", "service quote, resource rates-db"),
            ("repository", "acme/rates"),
            ("labels.operator-owner", "print"),
        ],
    );
    check(
        &catalog,
        "parcel-map",
        &[
            ("displayName", "Parcel map"),
            ("ownerTeam", "maps"),
            ("product", "web-shop"),
            ("criticality", "tier-2"),
            ("links.runbook", "https://wiki.example.com/day"),
            ("repository", "acme/map"),
        ],
    );
    assert_eq!(catalog.services.len(), 4, "a data store is no service");
    assert!(catalog.diagnostics.is_empty(), "{:?}", catalog.diagnostics);
}

#[test]
fn opslevel_is_read_though_most_keys_are_empty() {
    let text = "\
version: 1
service:
  name: Order Workflow Service
  lifecycle: generally_available
  tier: Tier-3
  product: Order Pipeline
  owner: order_management
  language: Scala
  aliases:
  tags: [{key: db, value: mysql}]
  repositories: [{name: acme/orders, path: '/', provider: github}]
  tools:
    - {name: PagerDuty, category: incidents, url: https://acme.pagerduty.com/services/P1, environment: }
    - {name: Splunk, category: logs, url: https://logs.example.com/orders}
  dependencies: [{alias: fraud_detection}]
  properties: {vpc_enabled: }
";
    let catalog = catalog("opslevel.yml", text);
    check(
        &catalog,
        "order-workflow-service",
        &[
            ("displayName", "Order Workflow Service"),
            ("aliases", "order_workflow_service"),
            ("lifecycle.state", "production"),
            ("criticality", "tier-3"),
            ("product", "order-pipeline"),
            ("ownerTeam", "order_management"),
            ("labels.language", "Scala"),
            ("labels.db", "mysql"),
            ("repository", "acme/orders"),
            ("path", "."),
            ("onCall", "https://acme.pagerduty.com/services/P1"),
            ("links.logs", "https://logs.example.com/orders"),
            ("dependsOn", "service fraud_detection"),
        ],
    );
    assert_eq!(not_carried(&catalog), ["service.repositories[0].provider"]);
}

#[test]
fn cortex_compass_and_score_are_read() {
    let cortex = "\
openapi: 3.0.1
info:
  title: Duty rates
  x-cortex-tag: duty-rates
  x-cortex-type: service
  x-cortex-git: {github: {repository: acme/duty}}
  x-cortex-owners: [{type: SLACK, channel: duty}, {type: group, name: customs}, {type: EMAIL, email: d@parcels.example}]
  x-cortex-oncall: {pagerduty: {id: 12435, type: SCHEDULE}}
  x-cortex-domain-parents: [{tag: border}]
  x-cortex-slos: {prometheus: [{name: latency, slo: 95}, {name: errors, slo: 99.95}]}
";
    check(
        &catalog("cortex.yaml", cortex),
        "duty-rates",
        &[
            ("displayName", "Duty rates"),
            ("ownerTeam", "customs"),
            ("technicalOwner", "d@parcels.example"),
            ("repository", "acme/duty"),
            ("onCall", "12435"),
            ("businessCapability", "border"),
            ("slo.availability", "99.95"),
        ],
    );
    let bucket = "info: {title: Labels, x-cortex-tag: labels, x-cortex-type: 'AWS::S3::Bucket'}\n";
    assert!(self::catalog("cortex.yaml", bucket).services.is_empty(), "a bucket is no service");
    let dependency =
        "info:\n  x-cortex-tag: quote\n  x-cortex-dependency: {cortex: [{tag: rates}, {tag: map}]}\n";
    check(&self::catalog("cortex.yaml", dependency), "quote", &[("dependsOn", "service rates, service map")]);
    let compass = "\
name: Label Printer
id: ari:cloud:compass:1:component/2/3
configVersion: 1
typeId: LIBRARY
ownerId: null
fields: {tier: 4, lifecycle: Pre-release}
links: [{name: null, type: REPOSITORY, url: https://github.com/acme/labels}]
relationships: {}
labels: [source:github]
customFields: [{name: Domain, type: text, value: print}, {name: Owner, type: text, value: null}]
";
    check(
        &catalog("compass.yml", compass),
        "label-printer",
        &[
            ("type", "library"),
            ("criticality", "tier-4"),
            ("lifecycle.state", "development"),
            ("repository", "acme/labels"),
            ("labels.Domain", "print"),
            ("ownerTeam", "absent"),
        ],
    );
    let score = "\
apiVersion: score.dev/v1b1
metadata: {name: image-service}
containers: {main: {image: .}}
resources: {db: {type: postgres}, queue: {type: amqp, id: shared}, dns: {type: dns}, rates: {type: service}}
";
    check(
        &catalog("score.yaml", score),
        "image-service",
        &[("dataStores", "name db; type postgres"), ("dependsOn", "resource shared, service rates")],
    );
}

#[test]
fn files_of_the_same_name_that_mean_something_else_are_left_alone() {
    for (path, text, problems) in [
        ("compass.yml", "name: compass\nchannels: [conda-forge]\ndependencies: [numpy]\n", 0),
        ("cortex.yaml", "- {name: grocery, kind: RealtimeAPI}\n", 0),
        ("score.yaml", "matrix: {os: [linux]}\n", 0),
        ("catalog-info.yaml", "apiVersion: x/v1\napp: {secret: s}\n", 1),
    ] {
        let catalog = catalog(path, text);
        assert!(catalog.services.is_empty() && catalog.ledger.unreadable.is_empty(), "{path}");
        assert_eq!(catalog.diagnostics.len(), problems, "{path}: {:?}", catalog.diagnostics);
        assert_eq!(catalog.ledger.skipped.len(), 1, "{path}");
    }
}

#[test]
fn an_object_without_a_kind_is_told_and_listed() {
    for (path, text) in [
        ("catalog-info.yaml", "apiVersion: backstage.io/v1alpha1\nkind: ''\nmetadata: {name: a}\n"),
        ("entity.datadog.yaml", "apiVersion: v3\nmetadata: {name: a}\n"),
        ("slos/a.yaml", "apiVersion: openslo/v1\nmetadata: {name: a}\nspec: {}\n"),
    ] {
        let catalog = catalog(path, text);
        assert_eq!(of_code(&catalog, "no-kind").len(), 1, "{path}");
        assert_eq!(catalog.ledger.unreadable.len(), 1, "{path}");
    }
}

#[test]
fn objectives_fill_what_a_service_does_not_promise_itself() {
    let slo = |name: &str, service: &str, rest: &str| {
        format!(
            "apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: {name}}}\nspec: {{service: {service}, {rest}}}\n---\n"
        )
    };
    let ratio = "indicator: {spec: {ratioMetric: {counter: true}}}, objectives: [{target: 0.995}]";
    let text = slo("quote-latency", "Quote", ratio)
        + &slo("quote-ratio", "Quote", ratio)
        + &slo("quote-availability", "Quote", "objectives: [{targetPercent: 99.9}]")
        + &slo("label-uptime", "label", "objectives: [{target: 0.99}]")
        + &slo("nobody-uptime", "nobody", "objectives: [{target: 0.99}]");
    let catalog = Organisation::default()
        .configured(ALL)
        .descriptor("a", "slos/quote.yaml", &text)
        .descriptor("a", "service.yaml", "serviceId: quote\n---\nserviceId: label\nslo: {availability: 95}\n")
        .resolve();
    check(&catalog, "quote", &[("slo.availability", "99.9")]);
    check(&catalog, "label", &[("slo.availability", "95")]);
    assert_eq!(of_code(&catalog, "unknown-service").len(), 1);
}

#[test]
fn a_list_of_openslo_is_read_object_by_object() {
    let text = "\
- {apiVersion: openslo.com/v2alpha, kind: Service, metadata: {name: quote}}
- apiVersion: openslo.com/v2alpha
  kind: SLO
  metadata: {name: quote-answers}
  spec: {serviceRef: quote, sli: {spec: {ratioMetric: {}}}, objectives: [{target: 0.99}]}
";
    let catalog = Organisation::default()
        .configured(ALL)
        .descriptor("a", "slos/quote.yaml", text)
        .descriptor("a", "service.yaml", "serviceId: quote\n")
        .resolve();
    check(&catalog, "quote", &[("slo.availability", "99")]);
    assert_eq!(catalog.ledger.foreign.len(), 2);
    assert!(catalog.ledger.skipped.is_empty());
}

#[test]
fn a_format_that_is_off_is_counted_and_never_read() {
    let text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\n";
    let catalog = Organisation::default()
        .configured("descriptors: {formats: [datadog]}\n")
        .descriptor("a", "catalog-info.yaml", text)
        .resolve();
    assert!(catalog.services.is_empty());
    assert_eq!(&*catalog.ledger.skipped[0].what, "Backstage Component");
}

#[test]
fn free_keys_give_the_fields_that_the_configuration_says() {
    let text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\n  annotations: {acme.example/cost: cc-7}\n  tags: [pci:restricted]\n  labels: {grade: High}\n";
    let catalog = Organisation::default()
        .configured(
            "descriptors:\n  formats: all\n  fields:\n    costCenter: [cost, acme.example/cost]\n    dataClassification: pci\n    criticality: grade\n",
        )
        .descriptor("a", "catalog-info.yaml", text)
        .resolve();
    check(
        &catalog,
        "a",
        &[("costCenter", "cc-7"), ("dataClassification", "restricted"), ("criticality", "tier-2")],
    );

    let text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a, tags: [pci:Restrictd, net:yes]}\n";
    let catalog = Organisation::default()
        .configured("descriptors: {formats: all, fields: {dataClassification: pci, tenantAware: net}}\n")
        .descriptor("a", "catalog-info.yaml", text)
        .resolve();
    let said = of_code(&catalog, "unknown-word");
    assert!(said.len() == 1 && said[0].replacement.is_none(), "a tag is not mended with a word of ours");
    check(&catalog, "a", &[("tenantAware", "true"), ("dataClassification", "unreadable")]);
}
