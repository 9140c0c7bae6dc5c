//! Any text at all: the reader ends in documents or reports, within its limits, and never panics.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;

use milepost::catalog::descriptor;
use milepost::catalog::origin::FileIndex;
use milepost::catalog::reader::{Reader, Source};
use milepost::catalog::recognise::{Recognition, recognise, unreadable};
use milepost::catalog::vocabulary::Vocabulary;
use milepost::catalog::yaml::{self, Limits, Mark, Node, Parsed, Value};
use milepost::diagnostic::{Diagnostics, MOST_OF_A_KIND, json, text};

/// Small enough that random text reaches them.
const LIMITS: Limits = Limits { nesting: 6, nodes: 60 };

/// Text made of what means something to YAML and to us.
fn yaml_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\r\n",
        "\r",
        "\t",
        " ",
        " ",
        ": ",
        ":",
        "- ",
        "-",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ",",
        "'",
        "\"",
        "\\",
        "#",
        " #",
        "&a ",
        "*a",
        "*",
        "&",
        "!",
        "!!str ",
        "!x ",
        "|",
        ">",
        "|-\n  ",
        "%",
        "@",
        "`",
        "<<: ",
        "---",
        "---\n",
        "\n---\n",
        "...\n",
        "\n...\n",
        "%YAML 1.2\n",
        "~",
        "null",
        "a",
        "b",
        "ä",
        "💥",
        "0",
        "1",
        "true",
        "no",
        "serviceId: ",
        "service:\n  name: ",
        "ownerTeam: ",
        "slo: ",
        "apiVersion: milepost/v1\n",
        "links:\n  runbook: ",
        "{{ x }}",
        "${{ x }}",
        "{% if %}",
        "\u{feff}",
        "\u{1b}",
        "\0",
        "\u{2028}",
        "\u{85}",
    ]);
    prop::collection::vec(pieces, 0..120).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    let bytes = prop::collection::vec(any::<u8>(), 0..300);
    prop_oneof![
        4 => yaml_like(),
        1 => any::<String>(),
        1 => bytes.prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ]
}

fn below(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::Null | Value::Scalar(_) => Vec::new(),
        Value::Sequence(items) => items.iter().collect(),
        Value::Mapping(entries) => entries.iter().map(|entry| &entry.value).collect(),
    }
}

/// How many nodes there are, and how deep they lie in each other.
fn measure(node: &Node) -> (u32, u32) {
    let collection = matches!(node.value, Value::Sequence(_) | Value::Mapping(_));
    below(node)
        .into_iter()
        .map(measure)
        .fold((1, u32::from(collection)), |(nodes, depth), inner| (nodes + inner.0, depth.max(inner.1 + 1)))
}

/// A document in words, its number left out, its lines counted from `first`.
fn in_words(parsed: &Parsed, first: u32) -> String {
    fn node(node_: &Node, first: u32, words: &mut String) {
        let Mark { line, column } = node_.mark;
        let _ = write!(words, "({}:{column}+{} ", line - first, node_.length);
        match &node_.value {
            Value::Scalar(scalar) => {
                let _ = write!(words, "{scalar:?}");
            }
            Value::Mapping(entries) => {
                for entry in entries {
                    let _ =
                        write!(words, "{} @ {}:{} ", entry.key, entry.mark.line - first, entry.mark.column);
                    node(&entry.value, first, words);
                }
            }
            Value::Null | Value::Sequence(_) => below(node_).iter().for_each(|item| node(item, first, words)),
        }
        words.push(')');
    }
    match parsed {
        Ok(document) => {
            let mut words = String::new();
            node(&document.root, first, &mut words);
            words
        }
        Err(broken) => {
            format!("{}:{} {}", broken.mark.line - first, broken.mark.column, broken.code.name)
        }
    }
}

/// Everything that is said about `input` as a descriptor.
fn read(input: &str) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    read_into(input, LIMITS, &mut diagnostics);
    diagnostics
}

fn read_into(input: &str, limits: Limits, diagnostics: &mut Diagnostics) {
    let source = Source::new(FileIndex(0), Arc::from("shop"), Arc::from("service.yaml"), input);
    let vocabulary = Vocabulary::default();
    for parsed in yaml::parse(input, limits) {
        match parsed {
            Err(broken) => {
                unreadable("service.yaml", input, &broken);
                diagnostics.push(broken.diagnostic(&source));
            }
            Ok(document) => {
                if let Recognition::Ours(shape) = recognise("service.yaml", &document) {
                    let mut reader = Reader { source: &source, vocabulary: &vocabulary, diagnostics };
                    descriptor::read(&document, shape, &mut reader);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1500),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_ends_in_documents_within_the_limits(input in any_text()) {
        let lines = u32::try_from(yaml::lines(&input).count()).expect("a short text");
        for (index, parsed) in yaml::parse(&input, LIMITS).iter().enumerate() {
            match parsed {
                Ok(document) => {
                    prop_assert_eq!(document.number as usize, index + 1);
                    let (nodes, depth) = measure(&document.root);
                    prop_assert!(nodes <= LIMITS.nodes && depth <= LIMITS.nesting);
                }
                Err(broken) => {
                    prop_assert_eq!(broken.number as usize, index + 1);
                    prop_assert!((1..=lines + 1).contains(&broken.mark.line), "{:?}", broken);
                    prop_assert!(broken.mark.column >= 1);
                    prop_assert!(!broken.message.is_empty() && !broken.help.is_empty());
                    prop_assert!(broken.message.len() + broken.help.len() < 2_000);
                }
            }
        }
    }

    #[test]
    fn whatever_is_said_can_be_printed_and_is_not_obeyed(input in any_text()) {
        let diagnostics = read(&input);
        let printed = text::render(&diagnostics, false);
        prop_assert!(printed.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()), "{:?}", printed);
        prop_assert!(printed.lines().all(|line| !line.trim_start().starts_with("::")), "{}", printed);
        let parsed: serde_json::Value = serde_json::from_str(&json::render(&diagnostics)).expect("JSON");
        prop_assert_eq!(parsed.as_array().map(Vec::len), Some(diagnostics.len()));
    }

    #[test]
    fn a_document_is_read_as_if_it_stood_alone(first in yaml_like(), second in yaml_like()) {
        // A directive at its end would belong to the second document.
        let first = format!("---\n{}\n", first.replace('%', ""));
        let second = format!("---\n{second}\n");
        let above = u32::try_from(yaml::lines(&first).count()).expect("a short text");
        let alone: Vec<String> = yaml::parse(&first, LIMITS)
            .iter()
            .map(|parsed| in_words(parsed, 0))
            .chain(yaml::parse(&second, LIMITS).iter().map(|parsed| in_words(parsed, 0)))
            .collect();
        let count = yaml::parse(&first, LIMITS).len();
        let together: Vec<String> = yaml::parse(&format!("{first}{second}"), LIMITS)
            .iter()
            .enumerate()
            .map(|(index, parsed)| in_words(parsed, if index < count { 0 } else { above }))
            .collect();
        prop_assert_eq!(together, alone);
    }

    #[test]
    fn the_length_of_a_value_is_exactly_what_is_written(input in yaml_like()) {
        // Marks do not count a byte-order mark, which collecting takes away.
        let input = input.replace('\u{feff}', "");
        let lines: Vec<&str> = yaml::lines(&input).collect();
        for document in yaml::parse(&input, LIMITS).into_iter().flatten() {
            let mut open = vec![&document.root];
            while let Some(node) = open.pop() {
                open.extend(below(node));
                let Some(scalar) = node.scalar().filter(|_| node.length > 0) else { continue };
                let line = lines[node.mark.line as usize - 1];
                let skipped = node.mark.column as usize - 1;
                let written: String = line.chars().skip(skipped).take(node.length as usize).collect();
                let again = yaml::parse(&format!(" {written}\n"), LIMITS);
                let again = again.first().and_then(|parsed| parsed.as_ref().ok());
                let read = again.and_then(|document| document.root.scalar());
                // A tag of text makes text of what would be nothing on its own.
                prop_assert!(
                    read.is_some_and(|read| read.text == scalar.text) || matches!(&*scalar.text, "~" | "null"),
                    "{:?} is written {:?} in {:?}", scalar, written, input
                );
            }
        }
    }
}

/// The code for which the only document of `input` is refused.
fn refused(input: &str) -> &'static str {
    match yaml::parse(input, Limits::default()).as_slice() {
        [Err(broken)] => broken.code.name,
        other => panic!("not refused, but {} documents", other.len()),
    }
}

#[test]
fn bombs_are_refused() {
    assert_eq!(refused(&"[".repeat(10_000)), "too-deep");
    assert_eq!(refused(&"{a: ".repeat(10_000)), "too-deep");
    assert_eq!(refused(&"- ".repeat(10_000)), "too-deep");
    let lines: String = (0..10_000).fold(String::new(), |mut text, depth| {
        let _ = writeln!(text, "{}a:", " ".repeat(depth));
        text
    });
    assert_eq!(refused(&lines), "too-deep");
    let chain: String = (1..10_000).fold("a0: &a0 [x]\n".to_owned(), |mut text, link| {
        let _ = writeln!(text, "a{link}: &a{link} [*a{}]", link - 1);
        text
    });
    assert_eq!(refused(&chain), "too-deep");
    let bomb: String = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned(), |mut text, level| {
        let _ = writeln!(text, "a{level}: &a{level} [{}]", format!("*a{},", level - 1).repeat(8));
        text
    });
    assert_eq!(refused(&bomb), "too-large");
    let merges: String = (1..24).fold("a0: &a0 {x: 1}\n".to_owned(), |mut text, level| {
        let _ =
            writeln!(text, "a{level}: &a{level} {{k{level}: {{<<: [*a{0}, *a{0}]}}, l: *a{0}}}", level - 1);
        text
    });
    assert_eq!(refused(&merges), "too-large");
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), "*a,".repeat(100_000));
    assert_eq!(refused(&long), "too-large");
}

#[test]
fn a_descriptor_may_hold_so_many_values_and_the_catalog_folder_more() {
    let list = |values: usize| format!("aliases: [{}]\n", vec!["x"; values - 3].join(","));
    let values = |input: &str, limits: Limits| match yaml::parse(input, limits).remove(0) {
        Ok(document) => measure(&document.root).0.to_string(),
        Err(broken) => broken.code.name.to_owned(),
    };
    let descriptor = Limits::default();
    assert_eq!(descriptor.nodes, 20_000);
    // A key counts as one value, and is no node of its own.
    assert_eq!(values(&list(20_000), descriptor), "19999");
    assert_eq!(values(&list(20_001), descriptor), "too-large");
    assert_eq!(values(&list(200_000), descriptor.for_catalog_folder()), "199999");
    assert_eq!(values(&list(200_001), descriptor.for_catalog_folder()), "too-large");
}

#[test]
fn lists_and_mappings_may_lie_so_deep_and_no_deeper() {
    let limits = Limits::default();
    assert_eq!(limits.nesting, 64);
    let shapes: [fn(usize) -> String; 3] = [
        |depth| format!("{}x{}\n", "[".repeat(depth), "]".repeat(depth)),
        |depth| format!("{}x{}\n", "{a: ".repeat(depth), "}".repeat(depth)),
        |depth| (0..depth).map(|level| format!("{}a:\n", " ".repeat(level))).collect(),
    ];
    for shape in shapes {
        let document = yaml::parse(&shape(64), limits).remove(0).expect("it is within the limit");
        assert_eq!(measure(&document.root).1, 64);
        assert_eq!(refused(&shape(65)), "too-deep");
    }
}

#[test]
fn aliases_may_repeat_so_much_and_no_more() {
    // A list of 99 is a hundred values, as many again are kept for its aliases, and each alias is as many:
    // 204 + 196 × 100, and 2 + `others`.
    let input = |others: usize| {
        let list = |item: &str, count: usize| vec![item; count].join(",");
        format!("a: &a [{}]\nb: [{}]\nc: [{}]\n", list("x", 99), list("*a", 196), list("x", others))
    };
    assert!(yaml::parse(&input(194), Limits::default()).remove(0).is_ok());
    assert_eq!(refused(&input(195)), "too-large");
}

#[test]
fn a_flood_of_unknown_keys_is_counted_and_costs_little() {
    let mut input = "serviceId: quote\n".to_owned();
    (0..9_000).for_each(|number| {
        let _ = writeln!(input, "ownerTea{number}: x");
    });
    let mut diagnostics = Diagnostics::default();
    read_into(&input, Limits::default(), &mut diagnostics);
    assert_eq!(diagnostics.len(), MOST_OF_A_KIND + 1);
    assert_eq!(text::summary(&diagnostics), "9000 warnings");
    let said = text::render(&diagnostics, false);
    assert!(said.contains("and 8900 more of this kind in this file"), "{}", &said[said.len() - 400..]);
}

#[test]
fn a_flood_of_documents_ends_in_one_report() {
    let documents = yaml::parse(&"---\n[\n".repeat(100_000), Limits::default());
    assert!(documents.len() < 5_000, "{}", documents.len());
    let last = documents.last().expect("documents").as_ref().expect_err("the last one is the report");
    assert_eq!(last.code.name, "too-large");
}

#[test]
fn a_good_document_stands_beside_broken_ones() {
    let input = "serviceId: a\n---\n\"open\n---\nserviceId: b\n---\n{{ x }}\n---\n[\n...\nserviceId: c\n";
    let found: Vec<Option<String>> = yaml::parse(input, Limits::default())
        .into_iter()
        .map(|parsed| Some(parsed.ok()?.root.get("serviceId")?.scalar()?.text.to_string()))
        .collect();
    let id = |text: &str| Some(text.to_owned());
    assert_eq!(found, [id("a"), None, id("b"), None, None, id("c")]);
}
