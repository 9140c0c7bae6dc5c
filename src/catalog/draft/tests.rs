//! Whatever a folder says, its draft can be read without a remark, and says where each value came from.

use proptest::prelude::*;

use super::*;
use crate::catalog::record::Record as _;
use crate::catalog::service::ServiceRecord;
use crate::collect::survey::Surveyed;

const SCHEMA: &str = "https://portal.example.com/schema/service.json";

fn file(kind: SurveyedKind, path: &str, text: &str) -> Surveyed {
    Surveyed { kind, path: path.into(), text: text.into() }
}

fn drafted(survey: &Survey) -> String {
    draft(survey, &documents(&survey.paths), &Vocabulary::default(), SCHEMA)
}

/// The record in `text`, which must be flawless.
fn record(text: &str) -> ServiceRecord {
    let mut diagnostics = Diagnostics::default();
    let source = Source::new(FileIndex(0), "".into(), "service.yaml".into(), text);
    let vocabulary = Vocabulary::default();
    let mut reader = Reader { source: &source, vocabulary: &vocabulary, diagnostics: &mut diagnostics };
    let document =
        parse(text, Limits::default()).remove(0).unwrap_or_else(|broken| panic!("{broken:?}\n{text}"));
    let record = descriptor::read(&document, Shape::Flat, &mut reader);
    let said = crate::diagnostic::text::render(&diagnostics, false);
    assert!(diagnostics.is_empty(), "{said}\n{text}");
    record.expect("it has an id")
}

#[test]
fn every_value_says_where_it_came_from() {
    let survey = Survey {
        name: "quote".into(),
        inside: "".into(),
        repository: Some("example/parcel-quote".into()),
        paths: ["README.md", "src/main.go", "main.tf", "docs/runbook.md"].map(Into::into).into(),
        texts: vec![
            file(SurveyedKind::Readme, "README.md", "# Parcel: quote\n\nPrices a parcel, \"at once\".\n"),
            file(SurveyedKind::Containerfile, "Dockerfile", "FROM scratch\nEXPOSE 8080\n"),
            file(
                SurveyedKind::Terraform,
                "main.tf",
                "tags = {\n Criticality = \"huge\"\n LifecycleState = \"production\"\n}\n",
            ),
        ],
        owners: Some(file(SurveyedKind::Owners, "CODEOWNERS", "* @example/checkout @mira\n")),
        gaps: Vec::new(),
    };
    let text = drafted(&survey);
    let expected = [
        "# yaml-language-server: $schema=https://portal.example.com/schema/service.json\n",
        "serviceId: parcel-quote  # the remote `origin`\n",
        "displayName: \"Parcel: quote\"  # from README.md:1\n",
        "description: \"Prices a parcel, \\\"at once\\\".\"  # from README.md:3\n",
        "# businessCapability: order-intake  # The business capability it serves\n",
        "type: http-service  # from Dockerfile:2, which exposes 8080: see whether it speaks HTTP\n",
        "ownerTeam: checkout  # from CODEOWNERS:1, @example/checkout\n",
        "technicalOwner: \"@mira\"  # from CODEOWNERS:1\n",
        "words for them; main.tf:2 says huge\n",
        "# runtime: ecs-fargate  # What it runs on, such as `ecs-fargate`; Dockerfile:1 says scratch\n",
        "repository: example/parcel-quote  # the remote `origin`\n",
        "managedBy: terraform  # from main.tf\n",
        "# slo:\n#   availability: 99.9  # Share of time, or of requests, in percent\n",
        "lifecycle:\n  state: production  # from main.tf:3\n  # createdAt: 2026-01-31  # When it was created\n",
        "links:\n  docs: README.md  # it is there\n  runbook: docs/runbook.md  # it is there\n",
        "  architecture: docs/architecture.md  # an empty template, to be written\n",
        "labels:\n  language: go  # 1 of 1 source files\n",
    ];
    for expected in expected {
        assert!(text.contains(expected), "{expected}\nis not in\n{text}");
    }
    record(&text);
}

#[test]
fn a_folder_that_says_nothing_has_a_draft_all_the_same() {
    let text = drafted(&Survey { name: "日本".into(), ..Survey::default() });
    assert_eq!(record(&text).service_id.value().map(|id| id.as_str()), Some(NO_NAME));
}

#[test]
fn every_example_can_be_filled_in_as_it_stands() {
    let survey = Survey { name: "quote".into(), ..Survey::default() };
    let draft = drafted(&survey);
    let uncommented: String = draft
        .lines()
        .filter(|line| !line.starts_with("# ") || line.contains(':'))
        .filter(|line| !line.contains("language-server") && !line.contains("each line with"))
        .map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line)))
        .collect();
    let record = record(&uncommented);
    for (field, _) in ASKED {
        let key = field.split('.').next().expect("it has one");
        let view = crate::catalog::record::Fields::field(&record, key).expect("a field of the record");
        assert!(!matches!(view, crate::catalog::record::View::Absent), "{field}");
        assert!(!page::meaning(field).is_empty(), "{field}");
    }
    assert!(ServiceRecord::SHAPE.field("serviceId").is_some());
}

proptest! {
    #[test]
    fn any_folder_has_a_draft_that_can_be_read(
        name in any::<String>(),
        repository in proptest::option::of(any::<String>()),
        readme in "(# )?\\PC{0,40}\n\n\\PC{0,400}",
        readme_name in prop::sample::select(vec!["README.md", "README", "README.rst"]),
        owners in "(\\* |/|#)?@?\\PC{0,40}",
        key in prop::sample::select(vec!["Service", "OwnerTeam", "Criticality", "Product", "ManagedBy"]),
        tag in any::<String>(),
        path in "\\PC{0,20}\\.tf",
        image in any::<String>(),
    ) {
        let tag = tag.replace(['\\', '"'], "");
        let survey = Survey {
            name: name.into(),
            inside: "".into(),
            repository: repository.map(Into::into),
            paths: vec![path.as_str().into()],
            texts: vec![
                file(SurveyedKind::Readme, readme_name, &readme),
                file(SurveyedKind::Containerfile, "Dockerfile", &format!("FROM {image}\nEXPOSE {image}")),
                file(SurveyedKind::Terraform, &path, &format!("tags = {{ {key} = \"{tag}\" }}")),
            ],
            owners: Some(file(SurveyedKind::Owners, "CODEOWNERS", &owners)),
            gaps: Vec::new(),
        };
        record(&drafted(&survey));
    }
}
