//! The files of a small index, letter by letter, and properties of large ones.

use std::collections::BTreeMap;

use super::*;
use record::Record;

fn record(kind: char, id: &str, title: &str, text: &str) -> Record {
    Record { kind, id: id.into(), title: title.into(), text: text.into(), aliases: Vec::new() }
}

fn written(records: Vec<Record>) -> BTreeMap<String, String> {
    let files = Files::of(Index::of(records));
    files.names().into_iter().enumerate().map(|(position, name)| (name, files.text(position))).collect()
}

fn small() -> Vec<Record> {
    let mut service = record('s', "case-api", "Case Command API", "Takes commands.");
    service.aliases.push("old-api".into());
    vec![service, record('t', "case", "", ""), record('d', "case-api/runbook", "Runbook", "Start here")]
}

#[test]
fn a_small_index_is_three_files() {
    let files = written(small());
    assert_eq!(
        files["root"],
        "milepost(\"root\",[1,0,[\"\"],[[\"s\",\"Service\",\"Services\",\"services/\",1],[\"t\",\"Team\",\"Teams\",\"teams/\",1],[\"d\",\"Document\",\"Documents\",\"services/\",1]]])\n"
    );
    assert_eq!(
        files["n/n-"],
        "milepost(\"n/n-\",[[\"api\",2,0,\"scase-api\\tCase Command API\\told-api\",\"dcase-api/runbook\"],[\"case\",3,0,\"scase-api\\tCase Command API\\told-api\",\"tcase\",\"dcase-api/runbook\"],[\"case-\",1,0,\"tcase\"],[\"case-api-\",1,0,\"scase-api\\tCase Command API\\told-api\"],[\"case-api-runbook-\",1,0,\"dcase-api/runbook\"],[\"command\",1,0,\"scase-api\\tCase Command API\\told-api\"],[\"old\",1,0,\"scase-api\\tCase Command API\\told-api\"],[\"runbook\",1,0,\"dcase-api/runbook\"]])\n"
    );
    assert_eq!(
        files["w/0"],
        "milepost(\"w/0\",[[\"<a\",1,0,\"api\"],[\"<ca\",1,0,\"case\"],[\"<com\",1,0,\"command\"],[\"<o\",1,0,\"old\"],[\"<run\",1,0,\"runbook\"],[\">book\",1,0,\"runbook\"],[\">ld\",1,0,\"old\"],[\">mand\",1,0,\"command\"],[\">pi\",1,0,\"api\"],[\">se\",1,0,\"case\"],[\"command\",1,0,\"scase-api\"],[\"commands\",1,0,\"scase-api\"],[\"here\",1,0,\"dcase-api/runbook\"],[\"old\",1,0,\"scase-api\"],[\"start\",1,0,\"dcase-api/runbook\"],[\"takes\",1,0,\"scase-api\"]])\n"
    );
    assert_eq!(files.len(), 3);
}

#[test]
fn the_order_of_records_does_not_show() {
    let many =
        || (0..900).map(|number| record('s', &format!("service-{number}"), "A service", "does things"));
    let forward: Vec<Record> = many().collect();
    let backward: Vec<Record> = many().rev().collect();
    let files = written(forward);
    assert_eq!(files, written(backward));
    // The words that all of them have lie in parts, none of which is lost.
    let parts: String =
        files.iter().filter(|(name, _)| name.starts_with("w/")).map(|(_, text)| &**text).collect();
    assert_eq!(parts.matches("\"sservice-77\\tA service\"").count(), 2, "one for `a`, one for `service`");
    assert!(files["root"].contains("\"s\",\"Service\",\"Services\",\"services/\",900"));
}

#[test]
fn an_empty_index_can_be_read() {
    let files = written(Vec::new());
    assert_eq!(files["root"], "milepost(\"root\",[1,0,[\"\"],[]])\n");
    assert_eq!(files["w/0"], "milepost(\"w/0\",[])\n");
}

#[test]
fn one_record_cannot_stuff_the_index() {
    let words = |prefix: &str| (0..10_000).map(|number| format!("{prefix}{number} ")).collect::<String>();
    let mut stuffed = record('s', "a", &words("t"), &words("w"));
    stuffed.aliases = (0..10_000).map(|number| format!("alias-{number}")).collect();
    stuffed.text.push_str(&"x".repeat(5000));
    let index = Index::of(vec![stuffed]);
    assert!(
        index.names.len() <= 25 && index.texts.len() <= 88,
        "{} {}",
        index.names.len(),
        index.texts.len()
    );
}

#[test]
fn file_names_stay_short_whatever_titles_say() {
    let same = "漢".repeat(39);
    let records = (0..600_u32).map(|number| {
        record(
            's',
            &format!("s{number}"),
            &format!("{same}{}", char::from_u32(0x4e00 + number).unwrap_or('x')),
            "",
        )
    });
    for name in written(records.collect()).keys() {
        assert!(name.len() < 230 && SitePath::new(&format!("search/{name}.js")).is_some(), "{name}");
    }
}

#[test]
fn names_that_mean_something_to_scripts_are_just_names() {
    let files = written(vec![record('s', "constructor", "__proto__ </script>", "\u{2028}\"\\")]);
    for (name, text) in &files {
        let inside =
            text.strip_prefix("milepost(").and_then(|rest| rest.strip_suffix(")\n")).expect("one call");
        let call: serde_json::Value = serde_json::from_str(&format!("[{inside}]")).expect("two arguments");
        assert_eq!(call[0].as_str(), Some(name.as_str()));
    }
}
