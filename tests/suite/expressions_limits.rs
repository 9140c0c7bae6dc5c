//! Where expressions end: how long, how deep and how costly they may be, and how much of it is kept.

use std::fmt::Write;

use milepost::assess::expression::{Expression, Scope, Trace, Verdict};
use milepost::catalog::yaml::{self, Limits};

use super::expressions_world::World;

/// The limits hold on their last byte, and end one further.
#[test]
fn limits_are_where_they_are_said_to_be() {
    let compiles = |text: &str| Expression::compile(text, Scope::Service, &[]).is_ok();
    let long = |bytes: usize| format!("service.serviceId == \"{}\"", "x".repeat(bytes - 23));
    assert_eq!(long(4096).len(), 4096);
    assert!(compiles(&long(4096)) && !compiles(&long(4097)));
    let signs = |count: usize| "not ".repeat(count) + "true";
    assert!(compiles(&signs(8)) && !compiles(&signs(9)));
    let sum = |terms: usize| "1 + ".repeat(terms - 1) + "1 > 0";
    let most = (2..100).take_while(|terms| compiles(&sum(*terms))).last();
    assert_eq!(most, Some(48), "terms, each one deeper than the next");
    // What a comma ends is not open any more.
    let choices = |count: usize| format!("1 in [{}]", vec!["1 if true else 2"; count].join(", "));
    assert!(compiles(&choices(100)), "{}", choices(100));
    let asks = |depth: usize| {
        let ask = |text: String, _| format!("any(service.aliases, {text:?})");
        (0..depth).fold("item is not empty".to_owned(), ask)
    };
    assert!(compiles(&asks(3)) && !compiles(&asks(4)), "{}", asks(3));
}

/// Texts are asked as long as they are no longer than 16 KiB.
#[test]
fn long_texts_are_asked_nothing() {
    let verdict = |bytes: usize, text: &str| {
        let case = format!("service: {{description: {}}}", "x".repeat(bytes));
        let document = yaml::parse(&case, Limits::default()).remove(0).expect("a case").root;
        let expression = Expression::compile(text, Scope::Service, &[]).expect("an expression");
        World::read(&document).with(|context| expression.evaluate(context, &mut Trace::off()))
    };
    for text in ["service.description is matching(\"^x+$\")", "service.description | lower != \"y\""] {
        assert_eq!(verdict(16 * 1024, text), Verdict::True, "{text}");
        let Verdict::Unknown(why) = verdict(16 * 1024 + 1, text) else { panic!("{text}") };
        assert!(why.contains("longer than 16384 bytes"), "{why}");
    }
    assert_eq!(verdict(100_000, "service.description | length == 100000"), Verdict::True);
}

/// Reading a long text costs steps: asked again and again, it ends as unknown.
#[test]
fn long_texts_use_the_budget_up() {
    let mut case = format!("service:\n  description: {}\n  aliases:\n", "x".repeat(16_000));
    for number in 0..5000 {
        let _ = writeln!(case, "    - s{number}");
    }
    let document = yaml::parse(&case, Limits { nesting: 64, nodes: 100_000 }).remove(0).expect("a case").root;
    for text in ["service.description is not placeholder", "service.description | length > 0"] {
        let all = format!("all(service.aliases, {text:?})");
        let expression = Expression::compile(&all, Scope::Service, &[]).expect("an expression");
        let verdict = World::read(&document).with(|context| expression.evaluate(context, &mut Trace::off()));
        assert!(matches!(verdict, Verdict::Unknown(_)), "{text}: {verdict:?}");
    }
}

/// A rule over too much data ends as unknown, in time.
#[test]
fn an_expression_that_takes_too_long_is_unknown() {
    let mut case = String::from("service:\n  aliases:\n");
    for number in 0..2000 {
        let _ = writeln!(case, "    - s{number}");
    }
    let document = yaml::parse(&case, Limits { nesting: 64, nodes: 100_000 }).remove(0).expect("a case").root;
    let text = "all(service.aliases, \"all(service.aliases, 'item is not empty')\")";
    let expression = Expression::compile(text, Scope::Service, &[]).expect("an expression");
    World::read(&document).with(|context| {
        let Verdict::Unknown(why) = expression.evaluate(context, &mut Trace::on()) else {
            panic!("four million questions were answered");
        };
        assert!(why.contains("steps"), "{why}");
    });
}

/// Nobody reads more inputs than fit on a page: what is left out is counted.
#[test]
fn a_trace_of_a_long_list_is_bounded() {
    let mut case = String::from("service:\n  aliases:\n");
    for number in 0..2000 {
        let _ = writeln!(case, "    - s{number}");
    }
    let document = yaml::parse(&case, Limits { nesting: 64, nodes: 100_000 }).remove(0).expect("a case").root;
    let expression = Expression::compile("all(service.aliases, 'item is not empty')", Scope::Service, &[]);
    let mut trace = Trace::on();
    let expression = expression.expect("an expression");
    assert_eq!(
        World::read(&document).with(|context| expression.evaluate(context, &mut trace)),
        Verdict::True
    );
    assert_eq!((trace.inputs().len(), trace.left_out()), (500, 1501));
    // What is known is known: the same again adds nothing but what was left out before.
    World::read(&document).with(|context| expression.evaluate(context, &mut trace));
    assert_eq!((trace.inputs().len(), trace.left_out()), (500, 3002));
    trace.clear();
    assert_eq!((trace.inputs().len(), trace.left_out()), (0, 0));
}
