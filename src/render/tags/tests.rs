//! What is written for every tool; `tests/validators/tags.test.mjs` has it read by those tools' own readers.

use std::borrow::Cow;

use super::*;

const HOSTILE: &[&str] = &[
    "a\"b\\c",
    "${file(\"/etc/passwd\")}",
    "%{ for x in y }",
    "`${process.exit()}`",
    "one\ntwo\r\n",
    "*/ alert() //",
    "\u{2028}",
    "\u{202e}evil",
    "{{resolve:secretsmanager:key}}",
    "!Ref AWS::AccountId",
    "a#b",
];

fn tags<'a>(values: &[(&'a str, &'a str)]) -> Tags<'a> {
    let tag = |&(key, value): &(&'a str, &'a str)| Tag {
        key,
        value: match refused(value) {
            Some(refusal) => Err(Gap { key, why: Why::Refused(refusal) }),
            None => Ok(value.into()),
        },
    };
    Tags { title: "The tags of parcel-quote".to_owned(), tags: values.iter().map(tag).collect() }
}

#[test]
fn terraform_is_aligned_as_its_formatter_does() {
    let text = tags(&[("Service", "parcel-quote"), ("cost centre", "CC 4/7"), ("Product", "a{b")])
        .write(Tool::Terraform);
    let comment =
        "Product is left out: AWS takes letters, digits, spaces and _ . : / = + - @, and no { as in `a{b`";
    assert_eq!(
        text,
        format!(
            "# The tags of parcel-quote\nprovider \"aws\" {{\n  default_tags {{\n    tags = {{\n      \
             Service       = \"parcel-quote\"\n      \"cost centre\" = \"CC 4/7\"\n      # {comment}\n    }}\n  }}\n}}\n"
        )
    );
}

#[test]
fn what_aws_refuses_is_a_comment_of_one_line_in_every_language() {
    for hostile in HOSTILE {
        let tags = tags(&[("Product", hostile), ("Service", "parcel-quote")]);
        for (tool, comment) in [(Tool::Terraform, "#"), (Tool::CloudFormation, "#"), (Tool::Cdk, "//")] {
            let text = tags.write(tool);
            let own = |line: &&str| line.contains("Product");
            if *hostile == "\u{2028}" {
                // A separator is a space to AWS, and is written by its number.
                assert!(text.contains("\\u2028"), "{text}");
                continue;
            }
            assert_eq!(text.lines().filter(own).count(), 1, "{text}");
            let line = text.lines().find(own).expect("one").trim_start();
            assert!(line.starts_with(&format!("{comment} Product is left out: AWS takes letters")), "{line}");
        }
    }
}

#[test]
fn a_gap_says_what_to_fill_in_and_where() {
    let gap = |why| Gap { key: "CostCenter", why }.to_string();
    let place = || "quotes · service.yaml".to_owned();
    let given = |from, allowed: &[&'static str]| Why::NotGiven {
        from,
        place: place(),
        allowed: allowed.iter().map(|value| Cow::Borrowed(*value)).collect(),
    };
    assert_eq!(
        gap(given(Some("costCenter"), &[])),
        "CostCenter is missing: give `costCenter` in quotes · service.yaml"
    );
    assert_eq!(
        gap(given(Some("costCenter"), &["a", "b"])),
        "CostCenter is missing: give `costCenter` in quotes · service.yaml, as `a` or `b`"
    );
    assert_eq!(
        gap(given(None, &[])),
        "CostCenter is missing: fill it in; quotes · service.yaml names no field that gives it"
    );
    let many: Vec<Cow<'_, str>> = (0..100).map(|number| number.to_string().into()).collect();
    assert!(gap(Why::Choice(many)).ends_with("`10` or `11` or another of 100"));
    let long: Cow<'_, str> = Cow::Owned("x".repeat(10_000_000));
    assert!(gap(Why::Choice(vec![long.clone(), long])).len() < 1000);
}

#[test]
fn lengths_and_reserved_keys_are_those_of_aws() {
    let letters = |count| "ä".repeat(count);
    assert_eq!(refused(&letters(256)), None);
    assert_eq!(refused(&letters(257)), Some(Refusal::Long(256)));
    assert_eq!(refused_key(&letters(128)), None);
    assert_eq!(refused_key(&letters(129)), Some(Refusal::Long(128)));
    assert_eq!(refused_key("AWS:created"), Some(Refusal::Reserved));
    assert_eq!(refused_key(""), Some(Refusal::Empty));
    assert_eq!(refused_key("ä€"), Some(Refusal::Character("ä€".into(), '€')));
}

#[test]
fn quoted_text_is_json() {
    for text in HOSTILE.iter().chain(&["plain", "\u{7f}\u{85}\u{0}\t", "\u{ffff}"]) {
        let mut quoted = String::new();
        push_quoted(&mut quoted, text);
        assert_eq!(serde_json::from_str::<String>(&quoted).expect("JSON"), **text);
        assert!(!quoted.contains(['\u{2028}', '\u{85}', '\n']), "{quoted}");
    }
}
