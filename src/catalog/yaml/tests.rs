//! What the tree holds, in the shortest words that show it.

use super::{Limits, Node, Value, parse};

/// The tree of `node`: `'a'` for quoted text, `a` for plain text, `~` for nothing.
fn words(node: &Node) -> String {
    match &node.value {
        Value::Null => "~".to_owned(),
        Value::Scalar(scalar) if scalar.quoted => format!("'{}'", scalar.text.escape_default()),
        Value::Scalar(scalar) => scalar.text.to_string(),
        Value::Sequence(items) => format!("[{}]", items.iter().map(words).collect::<Vec<_>>().join(", ")),
        Value::Mapping(entries) => {
            let entry = |entry: &super::Entry| format!("{}: {}", entry.key, words(&entry.value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Every document of `text` in words, or the code for which it is refused.
fn read(text: &str) -> Vec<String> {
    let parsed = parse(text, Limits::default());
    parsed
        .into_iter()
        .map(|parsed| match parsed {
            Ok(document) => words(&document.root),
            Err(broken) => format!("{} {}", broken.mark, broken.code.name),
        })
        .collect()
}

/// The only document of `text` in words.
fn one(text: &str) -> String {
    let documents = read(text);
    assert_eq!(documents.len(), 1, "{documents:?}");
    documents.into_iter().next().expect("one document")
}

/// `line:column+length` of the node under `key`.
fn place(text: &str, key: &str) -> String {
    let documents = parse(text, Limits::default());
    let node = documents[0].as_ref().expect("a document").root.get(key).expect("the key");
    format!("{}+{}", node.mark, node.length)
}

#[test]
fn scalars_keep_how_they_were_written() {
    assert_eq!(one("a: b\nc: 'd'\ne: \"f\\n\"\ng: |\n  h\n"), "{a: b, c: 'd', e: 'f\\n', g: 'h\\n'}");
    assert_eq!(one("[1, 1.5, true, 012, 2026-11-21]"), "[1, 1.5, true, 012, 2026-11-21]");
}

#[test]
fn nothing_has_many_spellings_and_quotes_are_none_of_them() {
    assert_eq!(one("[~, null, Null, NULL, '', '~', \"null\"]"), "[~, ~, ~, ~, '', '~', 'null']");
    assert_eq!(one("a:\nb: # comment\nc:\n"), "{a: ~, b: ~, c: ~}");
}

#[test]
fn tags_of_yaml_are_respected_and_others_ignored() {
    assert_eq!(one("[!!str 1, !!str , !!str null, ! 1]"), "['1', '', 'null', '1']");
    assert_eq!(one("[!!int '1', !!bool \"true\", !!null '']"), "[1, true, ~]");
    assert_eq!(one("[!Ref queue, !secret 'x', !foo {a: b}]"), "[queue, 'x', {a: b}]");
    assert_eq!(one("%TAG !y! tag:yaml.org,2002:\n---\na: !y!str 1\n"), "{a: '1'}");
}

#[test]
fn keys_are_text_whatever_they_look_like() {
    assert_eq!(one("1: a\ntrue: b\n~: c\n? d\n'e f': g\n"), "{1: a, true: b, ~: c, d: ~, e f: g}");
    assert_eq!(one(": a\n"), "{: a}");
    assert_eq!(one("&k key: {*k : again}\n"), "{key: {key: again}}");
}

#[test]
fn a_key_stands_once() {
    assert_eq!(one("a: 1\nb: 2\n'a': 3\n"), "3:1 duplicate-key");
    assert_eq!(one("{1: a, \"1\": b}"), "1:8 duplicate-key");
    let many: String = (0..100).map(|key| format!("k{key}: x\n")).collect();
    assert_eq!(one(&format!("{many}k7: y\n")), "101:1 duplicate-key");
    assert_eq!(one("a: {b: 1}\nb: {b: 2}\n"), "{a: {b: 1}, b: {b: 2}}");
}

#[test]
fn aliases_repeat_what_their_anchor_marks() {
    assert_eq!(one("a: &x [1, 2]\nb: *x\nc: &x 3\nd: *x\n"), "{a: [1, 2], b: [1, 2], c: 3, d: 3}");
    assert_eq!(read("a: &x 1\n---\nb: *x\n"), ["{a: 1}", "3:4 unknown-anchor"]);
    assert_eq!(one("a: &x {b: *x}\n"), "1:11 unknown-anchor");
    assert_eq!(one("a: &x\nb: *x\n"), "{a: ~, b: ~}");
}

#[test]
fn merged_entries_fill_what_is_not_there() {
    assert_eq!(one("a: &x {k: 1, l: 2}\nb: {<<: *x, l: 3}\n"), "{a: {k: 1, l: 2}, b: {l: 3, k: 1}}");
    assert_eq!(
        one("a: &x {k: 1}\nb: &y {k: 2, l: 2}\nc:\n  <<: [*x, *y]\n  m: 3\n"),
        "{a: {k: 1}, b: {k: 2, l: 2}, c: {m: 3, k: 1, l: 2}}"
    );
    assert_eq!(one("a: {<<: 1}\n"), "1:5 yaml-syntax");
    assert_eq!(one("a: {<<: {b: 1}, <<: {c: 2}}\n"), "1:17 duplicate-key");
    assert_eq!(one("a: {'<<': 1, <<: }\n"), "{a: {<<: 1}}");
}

#[test]
fn empty_documents_are_left_out() {
    assert!(read("").is_empty());
    assert!(read("# nothing\n---\n---\n# nothing\n...\n~\n").is_empty());
    assert_eq!(read("---\n---\na: 1\n---\n\n---\nb: 2\n"), ["{a: 1}", "{b: 2}"]);
    let numbers: Vec<u32> = parse("---\n---\na\n---\n[\n---\nb\n", Limits::default())
        .into_iter()
        .map(|parsed| parsed.map_or_else(|broken| broken.number, |document| document.number))
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
}

#[test]
fn places_count_characters_and_every_kind_of_line_end() {
    for end in ["\n", "\r\n", "\r"] {
        let text = format!("# ä{end}größe: 'ü 💥'  # c{end}b:{end}  - x{end}");
        assert_eq!(place(&text, "größe"), "2:8+5", "{end:?}");
        assert_eq!(place(&text, "b"), "4:3+0", "{end:?}");
    }
    assert_eq!(place("\u{feff}a: b\n", "a"), "1:4+1");
    assert_eq!(place("# c\n---\n\na: b\n", "a"), "4:4+1");
}

#[test]
fn lists_begin_at_their_first_dash() {
    assert_eq!(place("a:\n- x\n- y\n", "a"), "2:1+0");
    assert_eq!(place("a:\n  - x\n", "a"), "2:3+0");
    assert_eq!(place("a:\n  - - x\n", "a"), "2:3+0");
    assert_eq!(place("a: [x]\n", "a"), "1:4+0");
}

#[test]
fn lengths_are_those_of_single_lines() {
    assert_eq!(place("a: \"b c\" # d\n", "a"), "1:4+5");
    assert_eq!(place("a: b c  \n", "a"), "1:4+3");
    assert_eq!(place("a: &x !!str 12\n", "a"), "1:13+2");
    assert_eq!(place("a: \"b\n  c\"\n", "a"), "1:4+0");
    assert_eq!(place("a: |-\n  b", "a"), "2:3+0");
    assert_eq!(place("a: ~\n", "a"), "1:4+1");
    assert_eq!(place("a:\n", "a"), "1:2+0");
}

#[test]
fn line_ends_of_windows_leave_no_trace_in_texts() {
    assert_eq!(one("a: |\r\n  b\r\n  c\r\nd: e\r\n"), "{a: 'b\\nc\\n', d: e}");
    assert_eq!(one("a: >\r\n  b\r\n  c\r\n"), "{a: 'b c\\n'}");
}

#[test]
fn limits_hold_for_what_aliases_make() {
    let limits = Limits { nesting: 3, nodes: 20 };
    let refused = |text: &str| match parse(text, limits).remove(0) {
        Ok(document) => words(&document.root),
        Err(broken) => broken.code.name.to_owned(),
    };
    assert_eq!(refused("[[[x]]]"), "[[[x]]]");
    assert_eq!(refused("[[[[x]]]]"), "too-deep");
    assert_eq!(refused("[&a [x], [*a]]"), "[[x], [[x]]]");
    assert_eq!(refused("[&a [x], [[*a]]]"), "too-deep");
    assert_eq!(refused("[&a [1, 2, 3], *a, *a]"), "[[1, 2, 3], [1, 2, 3], [1, 2, 3]]");
    assert_eq!(refused("[&a [1, 2, 3], *a, *a, *a]"), "too-large");
    assert_eq!(refused(&format!("[&a {}, *a, *a]", "x".repeat(300))), "too-large");
}
