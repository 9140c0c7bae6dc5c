//! What `milepost.yaml` becomes.

use std::path::{Path, PathBuf};

use super::{Configuration, read};
use crate::day::Moment;
use crate::diagnostic::Diagnostics;
use crate::settings::{AwsAlso, Exclusion, Repositories, Settings, Source, SourceKind};

fn read_text(text: &str) -> (Option<Configuration>, Vec<&'static str>) {
    let mut diagnostics = Diagnostics::default();
    let configuration = read(text, Path::new("org/catalog/milepost.yaml"), &mut diagnostics);
    (configuration, diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect())
}

fn settings(text: &str) -> Settings {
    let now = Moment::parse("2026-11-20T23:30:00Z").expect("a moment");
    let (configuration, _) = read_text(text);
    configuration.expect("a configuration").settings(Path::new("org/catalog"), now)
}

#[test]
fn an_empty_file_means_the_defaults() {
    let (configuration, codes) = read_text("");
    assert!(codes.is_empty());
    let settings = settings("");
    assert_eq!(settings.today.to_string(), "2026-11-20");
    assert!(settings.catalog_history && settings.sources.is_empty());
    assert_eq!(settings.limits, crate::settings::Limits::default());
    let configuration = configuration.expect("a configuration");
    assert_eq!(configuration.words(), crate::catalog::vocabulary::Vocabulary::default());
    assert_eq!(configuration.fact_max_age().to_string(), "2d");
}

#[test]
fn every_setting_arrives() {
    let text = "clock: {zone: Europe/Berlin}\ncatalogHistory: digest\nlimits: {nesting: 9, documentBytes: 77}\n\
        sources:\n  - name: shop\n    kind: folder\n    path: ../repositories\n    repositories: children\n    \
        exclude: [{repository: trial-*, reason: trials, by: web, until: 2027-01-31}]\n  \
        - {name: aws, kind: aws-recorded, path: /srv/aws}\n";
    let settings = settings(text);
    assert_eq!(settings.today.to_string(), "2026-11-21", "the day has begun in Berlin");
    assert!(!settings.catalog_history);
    assert_eq!((settings.limits.nesting, settings.limits.document_bytes), (9, 77));
    let exclusion = Exclusion {
        repository: "trial-*".into(),
        reason: "trials".into(),
        by: Some("web".into()),
        until: crate::day::Day::parse("2027-01-31"),
    };
    let folder = Source {
        name: "shop".into(),
        kind: SourceKind::Folder(Repositories::Children),
        path: PathBuf::from("org/catalog/../repositories"),
        remotes: Vec::new(),
        exclude: vec![exclusion],
    };
    let aws = Source {
        name: "aws".into(),
        kind: SourceKind::AwsRecorded,
        path: "/srv/aws".into(),
        remotes: Vec::new(),
        exclude: vec![],
    };
    assert_eq!(settings.sources, [folder, aws]);
}

#[test]
fn a_source_of_aws_says_where_and_as_whom_it_asks() {
    let text = "sources:\n  - name: aws\n    kind: aws\n    role: arn:aws:iam::111122223333:role/Crawl\n    \
        regions: [us-east-1, eu-central-1, us-east-1]\n    also: [untagged, policies, untagged]\n    loopback: true\n    \
        endpoint: http://127.0.0.1:5000\n    accounts:\n      include: [shop-*]\n      \
        exclude: [{account: \"444455556666\", reason: trials, until: 2027-01-31}]\n";
    let (_, codes) = read_text(text);
    assert!(codes.is_empty(), "{codes:?}");
    let settings = settings(text);
    let [Source { kind: SourceKind::Aws(aws), path, .. }] = &settings.sources[..] else {
        panic!("{:?}", settings.sources)
    };
    assert_eq!(*path, PathBuf::from(".milepost/aws"));
    assert_eq!(aws.regions, [Box::from("eu-central-1"), Box::from("us-east-1")], "each is asked once");
    assert_eq!((&*aws.member_role, aws.external_id.as_deref()), ("milepost/MilepostRead", None));
    assert_eq!(aws.role.as_deref(), Some("arn:aws:iam::111122223333:role/Crawl"));
    assert_eq!((aws.include.len(), &*aws.exclude[0].account), (1, "444455556666"));
    assert_eq!(aws.also, [AwsAlso::Policies, AwsAlso::Untagged]);
    assert_eq!(aws.endpoint.as_ref().map(|one| one.as_str()), Some("http://127.0.0.1:5000"));
}

#[test]
fn a_source_of_aws_that_cannot_be_asked_is_reported_and_left_out() {
    for (fields, code) in [
        ("", "incomplete-source"),
        ("regions: [Frankfurt]", "incomplete-source"),
        ("regions: [eu-central-1], role: Crawl", "incomplete-source"),
        ("regions: [eu-central-1], memberRole: \"a b\"", "incomplete-source"),
        ("regions: [eu-central-1], endpoint: \"http://aws.example.com\"", "unsafe-api"),
        ("regions: [eu-central-1], endpoint: \"https://me:secret@aws.example.com\"", "unsafe-api"),
    ] {
        let comma = if fields.is_empty() { "" } else { ", " };
        let text = format!("sources: [{{name: a, kind: aws{comma}{fields}}}]");
        let (_, codes) = read_text(&text);
        assert!(codes.contains(&code), "{text}: {codes:?}");
        assert!(settings(&text).sources.is_empty(), "{text}");
    }
    let silent =
        "sources: [{name: a, kind: aws, regions: [eu-central-1], accounts: {exclude: [{account: b}]}}]";
    assert_eq!(read_text(silent).1, ["incomplete-exclusion"]);
    let of_github = "sources: [{name: a, kind: aws, regions: [eu-central-1], also: [builds]}]";
    assert_eq!(read_text(of_github).1, ["incomplete-source"], "AWS builds nothing");
    assert!(settings(of_github).sources.len() == 1, "the rest of it is asked all the same");
    let (_, codes) = read_text("sources: [{name: a, kind: folder, path: a, regions: [eu-central-1]}]");
    assert_eq!(codes, ["incomplete-source"], "only a source of AWS has regions");
}

#[test]
fn the_organisation_chooses_its_words() {
    let (configuration, codes) = read_text(
        "vocabulary:\n  dataClassifications: [open, closed]\n  criticality: {gold: tier-1, tin: tier-9}\n  \
         environments: [live]\nplaceholders: {owners: [nobody], texts: [xxx]}\n",
    );
    assert_eq!(codes, ["unknown-word"]);
    let words = configuration.expect("a configuration").words();
    assert_eq!(words.data_classifications, ["open".into(), Box::from("closed")]);
    assert_eq!(words.criticality.len(), 1, "what means no tier is left out");
    assert_eq!(words.environments, [Box::from("live")]);
    assert_eq!(words.placeholder_owners, [Box::from("nobody")]);
}

#[test]
fn what_cannot_be_used_is_reported_and_left_out() {
    for (text, code) in [
        ("sources: [{kind: folder, path: a}]", "incomplete-source"),
        ("sources: [{name: a, kind: folder}]", "incomplete-source"),
        ("sources: [{name: a, kind: folder, path: a, exclude: [{repository: b}]}]", "incomplete-exclusion"),
        ("sources: [{name: a, kind: folder, path: a, exclude: [{reason: b}]}]", "incomplete-exclusion"),
        ("clock: {zone: Nowhere}", "unknown-zone"),
        ("limits: {nesting: 1000000}", "invalid-limit"),
        ("limits: {nesting: 1.5}", "invalid-limit"),
        ("organization: {name: a}", "unknown-setting"),
        ("clock: {zome: UTC}", "unknown-setting"),
        ("a: 1\n---\nb: 2\n", "wrong-type"),
    ] {
        let (configuration, codes) = read_text(text);
        assert!(codes.contains(&code), "{text}: {codes:?}");
        assert!(configuration.is_some(), "{text}");
        let settings = settings(text);
        assert!(settings.sources.iter().all(|source| source.exclude.is_empty()), "{text}");
        assert_eq!(settings.limits, crate::settings::Limits::default(), "{text}");
    }
    assert!(read_text("clock: [").0.is_none(), "what is not YAML is no configuration");
}
