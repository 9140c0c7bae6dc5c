//! The functions, filters and tests that exist: their names, how they are written, what they mean.
//! The checker finds them here, and the reference prints them.

/// A function, filter or test.
pub(super) struct Described<T: 'static> {
    pub(super) what: T,
    pub(super) name: &'static str,
    /// How it is written.
    pub(super) form: &'static str,
    /// What it gives.
    pub(super) gives: &'static str,
    pub(super) doc: &'static str,
    pub(super) example: &'static str,
    /// How many arguments it takes.
    pub(super) arguments: usize,
}

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    All,
    Any,
    Count,
    Fact,
    FactAge,
    Attested,
    ResourceCount,
    Duration,
    Date,
    DaysSince,
    DaysUntil,
}

/// A filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Length,
    Lower,
    First,
    Default,
}

/// A test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Defined,
    Placeholder,
    Url,
    Empty,
    Matching,
    StartingWith,
    EndingWith,
}

/// The one called `name`.
pub(super) fn find<T>(table: &'static [Described<T>], name: &str) -> Option<&'static Described<T>> {
    table.iter().find(|described| described.name == name)
}

/// Every function.
pub(super) const FUNCTIONS: &[Described<Function>] = &[
    Described {
        what: Function::All,
        name: "all",
        form: "all(list, \"expression about item\")",
        gives: "true or false",
        doc: "Whether the expression is true for every item; true for an empty list, absent for an absent one.",
        example: "all(service.dataStores, \"item.backupRetention >= '7d'\")",
        arguments: 2,
    },
    Described {
        what: Function::Any,
        name: "any",
        form: "any(list, \"expression about item\")",
        gives: "true or false",
        doc: "Whether the expression is true for at least one item; false for an empty list, absent for an \
              absent one.",
        example: "any(service.environments, \"item.name == 'prod'\")",
        arguments: 2,
    },
    Described {
        what: Function::Count,
        name: "count",
        form: "count(list, \"expression about item\")",
        gives: "number",
        doc: "For how many items the expression is true; absent or unknown when it is so for some item.",
        example: "count(service.environments, \"item.ephemeral | default(false)\") <= 3",
        arguments: 2,
    },
    Described {
        what: Function::Fact,
        name: "fact",
        form: "fact(\"name\")",
        gives: "whatever was observed",
        doc: "The observed fact of that name about the subject; unknown when it was not collected or is too \
              old. The rule must name it in `needs`. Compared with a date or a duration, its text is read as one.",
        example: "fact(\"alarm-tested\")",
        arguments: 1,
    },
    Described {
        what: Function::FactAge,
        name: "factAge",
        form: "factAge(\"name\")",
        gives: "duration",
        doc: "How long ago, in whole days, the fact was observed; unknown like the fact itself.",
        example: "factAge(\"alarm-tested\") <= \"30d\"",
        arguments: 1,
    },
    Described {
        what: Function::Attested,
        name: "attested",
        form: "attested(\"name\")",
        gives: "true or false",
        doc: "True while somebody attests it of the subject; unknown after its `validFor`; absent when nobody does.",
        example: "attested(\"restore-drill\")",
        arguments: 1,
    },
    Described {
        what: Function::ResourceCount,
        name: "resourceCount",
        form: "resourceCount(\"type\")",
        gives: "number",
        doc: "How many resources of that type there are, such as `s3:bucket`; unknown like `resources`, which \
              the rule must name in `needs`.",
        example: "resourceCount(\"s3:bucket\") <= 20",
        arguments: 1,
    },
    Described {
        what: Function::Duration,
        name: "duration",
        form: "duration(\"4h\")",
        gives: "duration",
        doc: "A length of time: `30s`, `15m`, `4h`, `7d`, `2w`, several from large to small, or `daily`, \
              `weekly`, `monthly`, `quarterly`, `yearly`.",
        example: "today - service.lifecycle.createdAt >= duration(\"90d\")",
        arguments: 1,
    },
    Described {
        what: Function::Date,
        name: "date",
        form: "date(\"2026-01-01\")",
        gives: "date",
        doc: "A day, as year-month-day.",
        example: "service.lifecycle.createdAt >= date(\"2026-01-01\")",
        arguments: 1,
    },
    Described {
        what: Function::DaysSince,
        name: "daysSince",
        form: "daysSince(date)",
        gives: "number",
        doc: "Days from the date to today; negative when it lies ahead.",
        example: "daysSince(service.resilience.restoreTestedAt) <= 180",
        arguments: 1,
    },
    Described {
        what: Function::DaysUntil,
        name: "daysUntil",
        form: "daysUntil(date)",
        gives: "number",
        doc: "Days from today to the date; negative when it has passed.",
        example: "daysUntil(service.lifecycle.reviewBy) >= 0",
        arguments: 1,
    },
];

/// Every filter.
pub(super) const FILTERS: &[Described<Filter>] = &[
    Described {
        what: Filter::Length,
        name: "length",
        form: "value | length",
        gives: "number",
        doc: "How many items a list has, or characters a text.",
        example: "service.description | length >= 20",
        arguments: 0,
    },
    Described {
        what: Filter::Lower,
        name: "lower",
        form: "text | lower",
        gives: "text",
        doc: "The text in lower case.",
        example: "service.runtime | lower == \"ecs-fargate\"",
        arguments: 0,
    },
    Described {
        what: Filter::First,
        name: "first",
        form: "list | first",
        gives: "an item",
        doc: "The first item; absent when the list is empty.",
        example: "(service.environments | first).name == \"prod\"",
        arguments: 0,
    },
    Described {
        what: Filter::Default,
        name: "default",
        form: "value | default(other)",
        gives: "either",
        doc: "The value, or the other one when it is absent; what is unknown stays unknown.",
        example: "service.lifecycle.state | default(\"production\") != \"retired\"",
        arguments: 1,
    },
];

/// Every test.
pub(super) const TESTS: &[Described<Test>] = &[
    Described {
        what: Test::Defined,
        name: "defined",
        form: "value is defined",
        gives: "true or false",
        doc: "Whether it is declared and readable; never absent itself, and unknown only for what was not collected.",
        example: "service.ownerTeam is defined",
        arguments: 0,
    },
    Described {
        what: Test::Placeholder,
        name: "placeholder",
        form: "text is placeholder",
        gives: "true or false",
        doc: "Whether the text is one that nobody meant, by the `placeholders` of `milepost.yaml`.",
        example: "service.technicalOwner is not placeholder",
        arguments: 0,
    },
    Described {
        what: Test::Url,
        name: "url",
        form: "text is url",
        gives: "true or false",
        doc: "Whether the text is an `http` or `https` address with a host.",
        example: "service.links.dashboard is url",
        arguments: 0,
    },
    Described {
        what: Test::Empty,
        name: "empty",
        form: "value is empty",
        gives: "true or false",
        doc: "Whether a list has no items, or a text nothing but spaces.",
        example: "service.dataStores is not empty",
        arguments: 0,
    },
    Described {
        what: Test::Matching,
        name: "matching",
        form: "text is matching(\"regular expression\")",
        gives: "true or false",
        doc: "Whether the regular expression matches somewhere in the text; `^` and `$` tie it to the ends.",
        example: "service.costCenter is matching(\"^cc-[0-9]{4}$\")",
        arguments: 1,
    },
    Described {
        what: Test::StartingWith,
        name: "startingwith",
        form: "text is startingwith(\"beginning\")",
        gives: "true or false",
        doc: "Whether the text begins so.",
        example: "service.goldenPath is startingwith(\"http-service@\")",
        arguments: 1,
    },
    Described {
        what: Test::EndingWith,
        name: "endingwith",
        form: "text is endingwith(\"end\")",
        gives: "true or false",
        doc: "Whether the text ends so.",
        example: "service.businessOwner is endingwith(\"@example.com\")",
        arguments: 1,
    },
];
