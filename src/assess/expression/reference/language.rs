//! What every expression is made of, as data for the reference: the types, the operators, and what
//! becomes of a rule whose expression is neither true nor false.

use serde::Serialize;

use super::Entry;

/// A type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TypeEntry {
    /// What the reference calls it.
    pub name: &'static str,
    /// What it is and what can be asked of it, in Markdown.
    pub meaning: &'static str,
    /// An expression that asks something of one.
    pub example: &'static str,
}

/// What becomes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OutcomeEntry {
    /// What its expression comes to.
    pub value: &'static str,
    /// When it comes to that.
    pub when: &'static str,
    /// What becomes of the rule when its `assert` does.
    pub assert: &'static str,
    /// What becomes of it when its `when`, or the `appliesTo` of its scorecard, does.
    pub condition: &'static str,
}

/// What `and` and `or` make of two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LogicEntry {
    /// One part.
    pub one: &'static str,
    /// The other part; the order makes no difference.
    pub other: &'static str,
    /// What `and` makes of them.
    pub and: &'static str,
    /// What `or` makes of them.
    pub or: &'static str,
}

/// Every type.
pub(super) const TYPES: &[TypeEntry] = &[
    TypeEntry {
        name: "text",
        meaning: "Equal or not, in a list or not; asked with the tests below. Texts have no order.",
        example: "service.runtime == \"ecs-fargate\"",
    },
    TypeEntry {
        name: "one of",
        meaning: "Text that is one of a few words. A word that it never is, is an error with the nearest one.",
        example: "service.criticality in [\"tier-1\", \"tier-2\"]",
    },
    TypeEntry {
        name: "version",
        meaning: "Numbers with dots, ordered part by part: `3.10` comes after `3.9`, and `3` is `3.0`. Written \
                  as text.",
        example: "goldenPathVersion.version >= \"3.1\"",
    },
    TypeEntry {
        name: "number",
        meaning: "Whole or not. Has an order, and can be calculated with.",
        example: "service.slo.availability >= 99.9",
    },
    TypeEntry {
        name: "true or false",
        meaning: "Stands alone: `service.tenantAware`, not `service.tenantAware == true`.",
        example: "service.tenantAware",
    },
    TypeEntry {
        name: "date",
        meaning: "A day. Written as text, year-month-day; `today` is the day of the assessment.",
        example: "service.lifecycle.createdAt >= \"2026-01-01\"",
    },
    TypeEntry {
        name: "duration",
        meaning: "A length of time. Written as text: `30s`, `15m`, `4h`, `7d`, `2w`, `quarterly`.",
        example: "service.resilience.rto <= \"4h\"",
    },
    TypeEntry {
        name: "declaration",
        meaning: "Something declared as `true`, an id, an address or a mapping. Stands alone, and is true unless \
                  it says `false`. `.declared` is never absent; `.value` is the id or address.",
        example: "service.observability.logs.value == \"standard-json\"",
    },
    TypeEntry {
        name: "list of",
        meaning: "Asked for its length, whether something is in it, and item by item with `all`, `any` and \
                  `count`, where `item` is the item.",
        example: "\"soc2\" in service.compliance.frameworks",
    },
    TypeEntry {
        name: "record",
        meaning: "Has fields. Itself it is only defined or not.",
        example: "service.slo is defined",
    },
    TypeEntry {
        name: "by name",
        meaning: "Entries whose names the author chose.",
        example: "service.labels.domain == \"pricing\"",
    },
    TypeEntry {
        name: "anything",
        meaning: "Known only when it is there: facts. A type that does not fit makes the rule unknown, and is \
                  reported.",
        example: "fact(\"alarm-tested\")",
    },
];

/// What becomes of a rule, for everything that an expression can come to.
pub(super) const OUTCOMES: &[OutcomeEntry] = &[
    OutcomeEntry { value: "true", when: "It is so.", assert: "pass", condition: "judged" },
    OutcomeEntry { value: "false", when: "It is not so.", assert: "fail", condition: "n/a" },
    OutcomeEntry {
        value: "absent",
        when: "It depends on a field that nobody declared, or that cannot be read.",
        assert: "fail",
        condition: "judged: a gap is no way out",
    },
    OutcomeEntry {
        value: "unknown",
        when: "It depends on something that was not observed in this run or is too old, or it has no answer.",
        assert: "unknown",
        condition: "unknown",
    },
];

/// What `and` and `or` make of two parts, each pair once.
pub(super) const LOGIC: &[LogicEntry] = &[
    LogicEntry { one: "true", other: "true", and: "true", or: "true" },
    LogicEntry { one: "true", other: "false", and: "false", or: "true" },
    LogicEntry { one: "true", other: "absent", and: "absent", or: "true" },
    LogicEntry { one: "true", other: "unknown", and: "unknown", or: "true" },
    LogicEntry { one: "false", other: "false", and: "false", or: "false" },
    LogicEntry { one: "false", other: "absent", and: "false", or: "absent" },
    LogicEntry { one: "false", other: "unknown", and: "false", or: "unknown" },
    LogicEntry { one: "absent", other: "absent", and: "absent", or: "absent" },
    LogicEntry { one: "absent", other: "unknown", and: "unknown", or: "unknown" },
    LogicEntry { one: "unknown", other: "unknown", and: "unknown", or: "unknown" },
];

const TRUTH: &str = "true or false";

/// Operators, from the loosest to the tightest.
pub(super) const OPERATORS: &[Entry] = &[
    Entry {
        name: "if",
        form: "a if test else b",
        gives: "either",
        meaning: "`a` when the test is true, `b` when it is false; what the test is when it is absent or unknown.",
        example: "service.slo.availability >= (99.9 if service.tenantAware else 99)",
    },
    Entry {
        name: "or",
        form: "a or b",
        gives: TRUTH,
        meaning: "True when one is true, whatever the other is. Else unknown when one is unknown, else absent when one \
         is absent.",
        example: "service.tenantAware or service.requiresDatabase",
    },
    Entry {
        name: "and",
        form: "a and b",
        gives: TRUTH,
        meaning: "False when one is false, whatever the other is. Else unknown when one is unknown, else absent when \
         one is absent.",
        example: "team is defined and service.ownerTeam is not placeholder",
    },
    Entry {
        name: "not",
        form: "not a",
        gives: TRUTH,
        meaning: "Turns true and false round; absent and unknown stay.",
        example: "not service.tenantAware",
    },
    Entry {
        name: "comparison",
        form: "a == b, a != b, a < b, a <= b, a > b, a >= b",
        gives: TRUTH,
        meaning: "Compares values of one type; may be chained. Texts and words have no order. A text literal beside a \
         date, a duration or a version is read as one.",
        example: "99 <= service.slo.availability < 100",
    },
    Entry {
        name: "in",
        form: "a in list, a not in list",
        gives: TRUTH,
        meaning: "Whether the list has an item that equals it.",
        example: "service.lifecycle.state in [\"production\", \"deprecated\"]",
    },
    Entry {
        name: "arithmetic",
        form: "a + b, a - b, a * b, a / b",
        gives: "number, date or duration",
        meaning: "Calculates with numbers. Date minus date is a duration, date plus or minus duration a date.",
        example: "today - service.lifecycle.createdAt >= \"90d\"",
    },
];
