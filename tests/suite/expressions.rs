//! Expressions: the case table, the example's scorecards, and texts that nobody meant.

use std::fmt::Write;

use milepost::assess::InputState;
use milepost::assess::expression::reference::Reference;
use milepost::assess::expression::{Expression, Scope, Trace, Verdict};
use milepost::catalog::origin::Origin;
use milepost::catalog::yaml::{self, Limits, Node};

use proptest::prelude::*;

use super::expressions_world::{World, text, texts};

fn documents(path: &str) -> Vec<Node> {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("a file of the repository");
    yaml::parse(&text, Limits::default())
        .into_iter()
        .map(|document| {
            document.unwrap_or_else(|broken| panic!("{path}:{}: {}", broken.mark, broken.message)).root
        })
        .collect()
}

fn scope(word: Option<&str>) -> Scope {
    match word {
        None | Some("service") => Scope::Service,
        Some("golden-path") => Scope::GoldenPath,
        Some("account") => Scope::Account,
        Some(other) => panic!("`{other}` is no subject"),
    }
}

/// What a case gives, as the table writes it.
fn outcome(case: &Node, expression: &str) -> (String, Option<String>, Vec<String>) {
    let needs = texts(case, "needs");
    let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
    match Expression::compile(expression, scope(text(case, "subject").as_deref()), &needs) {
        Ok(expression) => World::read(case).with(|context| {
            let mut trace = Trace::on();
            let verdict = expression.evaluate(context, &mut trace);
            assert_eq!(expression.evaluate(context, &mut Trace::off()), verdict, "tracing changes nothing");
            let reads = trace
                .inputs()
                .iter()
                .map(|input| format!("{} = {}", input.path, input.value.as_deref().unwrap_or("nothing")));
            let (word, why) = match verdict {
                Verdict::True => ("true", None),
                Verdict::False => ("false", None),
                Verdict::Absent => ("absent", None),
                Verdict::Unknown(why) => ("unknown", Some(why.to_string())),
            };
            (word.to_owned(), why, reads.collect())
        }),
        Err(mistakes) => {
            let lines = mistakes.iter().map(|mistake| {
                let place = expression.get(mistake.start..mistake.end).unwrap_or("?");
                let help = mistake.help.as_deref().unwrap_or("none");
                format!("{}; at {place}; help: {help}\n", mistake.message)
            });
            ("mistake".to_owned(), Some(lines.collect()), Vec::new())
        }
    }
}

/// Every sentence of the contract with its cases: what an expression gives, why, and what it reads.
#[test]
fn every_case_of_the_table_holds() {
    let mut wrong = String::new();
    let mut count = 0;
    for sentence in documents("tests/cases/expressions.yaml") {
        let contract = text(&sentence, "contract").expect("the sentence that the cases show");
        for case in sentence.get("cases").and_then(Node::items).expect("cases") {
            count += 1;
            let expression = text(case, "expression").expect("an expression");
            let wanted = text(case, "gives").expect("what it gives");
            let (given, why, reads) = outcome(case, &expression);
            let mut complain = |what: &str, wanted: &str, given: &str| {
                let _ = writeln!(
                    wrong,
                    "{contract}\n  {expression}\n  {what}: wanted {wanted}\n{:>w$}given {given}",
                    "",
                    w = what.len() + 4
                );
            };
            if given != wanted {
                complain("gives", &wanted, &format!("{given} ({})", why.as_deref().unwrap_or("no reason")));
                continue;
            }
            for wanted in texts(case, "because").into_iter().chain(text(case, "because")) {
                if !why.as_deref().unwrap_or("").contains(&wanted) {
                    complain("because", &wanted, why.as_deref().unwrap_or("no reason"));
                }
            }
            if case.get("reads").is_some() && texts(case, "reads") != reads {
                complain("reads", &texts(case, "reads").join(" · "), &reads.join(" · "));
            }
        }
    }
    assert!(wrong.is_empty(), "of {count} cases these do not hold:\n{wrong}");
}

/// Whatever the language has is shown at work: by a case that is true because of it and by one that is not.
#[test]
fn every_word_of_the_language_has_cases_of_both_kinds() {
    let mut cases: Vec<(String, bool)> = Vec::new();
    for sentence in documents("tests/cases/expressions.yaml") {
        for case in sentence.get("cases").and_then(Node::items).expect("cases") {
            let gives = text(case, "gives").expect("what it gives");
            if gives != "mistake" {
                cases.push((text(case, "expression").expect("an expression"), gives == "true"));
            }
        }
    }
    let Reference { functions, filters, tests, names, .. } = Reference::default();
    let functions = functions.iter().map(|entry| format!("{}(", entry.name));
    let filters = filters.iter().map(|entry| format!("| {}", entry.name));
    let tests = tests.iter().map(|entry| format!(" {}", entry.name));
    let words = functions.chain(filters).chain(tests).chain(names.iter().map(|name| name.name.to_owned()));
    let missing = words.flat_map(|word| [(word.clone(), true), (word, false)]).filter(|(word, kind)| {
        !cases.iter().any(|(expression, gives)| gives == kind && expression.contains(&**word))
    });
    assert_eq!(missing.collect::<Vec<_>>(), [], "no case with the word that is true, or is not");
}

/// A misspelt name brings the name that can stand in its place; a name that is none brings nothing.
#[test]
fn a_misspelt_name_brings_what_was_meant() {
    for (text, wanted) in [
        ("service.ownerTaem is defined", Some("ownerTeam")),
        ("sevice.type is defined", Some("service")),
        ("service.zzzzzzzz is defined", None),
    ] {
        let mistakes = Expression::compile(text, Scope::Service, &[]).expect_err("a mistake");
        assert_eq!(mistakes[0].meant, wanted, "{text}");
    }
}

/// The expressions of the example organisation.
#[test]
fn every_expression_of_the_example_compiles() {
    let folder = format!("{}/catalog/scorecards", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the example's scorecards")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
        .collect();
    files.sort();
    let mut wrong = String::new();
    let mut count = 0;
    for file in files {
        for scorecard in documents(&format!("catalog/scorecards/{file}")) {
            let scope = scope(text(&scorecard, "subject").as_deref());
            let rules = scorecard.get("rules").and_then(Node::items).unwrap_or_default();
            let mut all_needs: Vec<String> = Vec::new();
            let mut compile = |owner: &str, expression: Option<String>, needs: &[String]| {
                let Some(expression) = expression else { return };
                count += 1;
                let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
                if let Err(mistakes) = Expression::compile(&expression, scope, &needs) {
                    let _ = writeln!(wrong, "{file} {owner}: {expression}\n  {mistakes:?}");
                }
            };
            for rule in rules {
                let needs = texts(rule, "needs");
                let id = text(rule, "id").unwrap_or_default();
                compile(&id, text(rule, "when"), &needs);
                compile(&id, text(rule, "assert"), &needs);
                all_needs.extend(needs);
            }
            compile("appliesTo", text(&scorecard, "appliesTo"), &all_needs);
        }
    }
    assert!(count > 100, "the example has {count} expressions");
    assert!(wrong.is_empty(), "{wrong}");
}

/// Pieces that random expressions are made of: everything the language has, and some things it has not.
const PIECES: &[&str] = &[
    "service",
    ".slo",
    ".availability",
    ".dataStores",
    ".observability.logs",
    ".value",
    ".lifecycle.state",
    "team",
    "goldenPath.versions",
    "documents.runbook.words",
    "resources",
    "tags.Service.ok",
    "today",
    "item",
    ".pitr",
    " and ",
    " or ",
    " not ",
    " == ",
    " < ",
    " >= ",
    " in ",
    " not in ",
    " + ",
    " - ",
    " / ",
    " * ",
    " if ",
    " else ",
    " is defined",
    " is empty",
    " is placeholder",
    " is matching(\"a*\")",
    " | length",
    " | first",
    " | default(",
    "(",
    ")",
    "[",
    "]",
    ", ",
    "all(",
    "any(",
    "count(",
    "fact(\"f\")",
    "attested(\"a\")",
    "duration(\"4h\")",
    "daysSince(",
    "\"item.pitr\"",
    "\"text\"",
    "'4h'",
    "99.9",
    "0",
    "1e400",
    "true",
    "none",
    "~",
    "é",
    "\u{0}",
    "{{",
    "}}",
    "{%",
    "#}",
    "\\",
    "\"",
    "'",
    "\n",
    "18446744073709551616",
    "-",
    "**",
];

fn survives(text: &str) {
    let scopes = [Scope::Service, Scope::GoldenPath, Scope::Account];
    for scope in scopes {
        match Expression::compile(text, scope, &["f", "resources", "tags"]) {
            Ok(expression) => World::default().with(|context| {
                let _ = expression.evaluate(context, &mut Trace::on());
            }),
            Err(mistakes) => {
                assert!(!mistakes.is_empty(), "a refusal without a reason: {text}");
                for mistake in mistakes {
                    assert!(text.get(mistake.start..mistake.end).is_some(), "{mistake:?} of {text}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text compiles or says what is wrong with it, within the text.
    #[test]
    fn no_text_brings_the_compiler_down(text in "\\PC{0,80}") {
        survives(&text);
    }

    /// Whatever compiles can be evaluated.
    #[test]
    fn no_expression_brings_the_evaluation_down(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24),
    ) {
        survives(&pieces.concat());
    }
}

/// Nesting, length and repetition end in a mistake, not in an exhausted stack: not even in one as small as
/// this, when the parser is built without optimisation.
#[test]
fn what_is_too_deep_or_too_long_is_refused() {
    let small = std::thread::Builder::new().stack_size(1 << 20);
    small.spawn(refuses_what_is_too_deep_or_too_long).expect("a thread").join().expect("every text ended");
}

fn refuses_what_is_too_deep_or_too_long() {
    let nested = |open: &str, inside: &str, close: &str, times: usize| {
        format!("{}{inside}{}", open.repeat(times), close.repeat(times))
    };
    let texts = [
        nested("(", "true", ")", 1900),
        nested("not ", "true", "", 1000),
        nested("-", "1", "", 4000),
        nested("[", "1", "]", 2000),
        nested("true if true else ", "true", "", 200),
        nested("daysSince(", "today", ")", 300),
        nested("1 + ", "1 == 1", "", 900),
        nested("service", ".a", "", 500),
        nested("not not not not not not not not (", "true", ")", 100),
        nested("(true if true else ", "true", ")", 100),
        nested("[1, {\"a\": (", "1", ")}]", 100),
        nested("service.aliases | default(", "[]", ")", 100),
        nested("true", "", " and true", 600),
        "true or ".repeat(600) + "true",
        "a".repeat(5000),
        format!("service.serviceId == \"{}\"", "x".repeat(5000)),
    ];
    for text in &texts {
        survives(text);
    }
    for text in &texts[..12] {
        assert!(Expression::compile(text, Scope::Service, &[]).is_err(), "{}", &text[..40]);
    }
    // A long chain of one operator is not deep, and many brackets side by side are not.
    let chain = "true and ".repeat(300) + "true";
    let side_by_side = "(true if true else false) and ".repeat(90) + "true";
    for text in [chain, side_by_side] {
        assert!(Expression::compile(&text, Scope::Service, &[]).is_ok(), "{}", &text[..40]);
    }
}

/// Every input says where it came from; counts and days are nobody's lines.
#[test]
fn every_input_keeps_its_origin() {
    let case = "service:\n  slo:\n    availability: 99.9\n  dataStores:\n    - {name: a, pitr: true}\n";
    let document = yaml::parse(case, Limits::default()).remove(0).expect("a case").root;
    let text = "service.slo.availability > 99 and all(service.dataStores, 'item.pitr') and today > '2026-01-01' \
                and service.runtime is not defined";
    let expression = Expression::compile(text, Scope::Service, &[]).expect("an expression");
    let mut trace = Trace::on();
    assert_eq!(
        World::read(&document).with(|context| expression.evaluate(context, &mut trace)),
        Verdict::True
    );
    let places: Vec<String> = trace
        .inputs()
        .iter()
        .map(|input| match input.origin {
            Some(Origin::File { mark, .. }) => format!("{} at {mark}", input.path),
            Some(other) => format!("{} from {other:?}", input.path),
            None => format!("{} from nowhere", input.path),
        })
        .collect();
    let wanted = [
        "service.slo.availability at 3:19",
        "service.dataStores at 5:5",
        "service.dataStores[0].pitr at 5:23",
        "today from nowhere",
        "service.runtime from nowhere",
    ];
    assert_eq!(places, wanted);
}

/// Every input says whether there was something to read.
#[test]
fn every_input_says_whether_it_was_there() {
    let case = "service: {serviceId: a, slo: {availability: high}}";
    let document = yaml::parse(case, Limits::default()).remove(0).expect("a case").root;
    let text = "service.serviceId is defined and service.slo.availability is not defined \
                and service.runtime is not defined and fact('f') is defined";
    let expression = Expression::compile(text, Scope::Service, &["f"]).expect("an expression");
    let mut trace = Trace::on();
    World::read(&document).with(|context| expression.evaluate(context, &mut trace));
    let states: Vec<InputState> = trace.inputs().iter().map(|input| input.state).collect();
    let wanted = [InputState::Known, InputState::Unreadable, InputState::Absent, InputState::Unknown];
    assert_eq!(states, wanted);
}
