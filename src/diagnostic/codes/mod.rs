//! Every kind of diagnostic, with its explanation, one file per area. Names never change once released.

mod catalog;
mod configuration;
mod descriptor;
mod fit;
mod judgement;
mod likeness;
mod people;
mod reference;
mod source;
mod value;
mod yaml;

use super::Code;
pub use catalog::*;
pub use configuration::*;
pub use descriptor::*;
pub use fit::*;
pub use judgement::*;
pub use likeness::*;
pub use people::*;
pub use reference::*;
pub use source::*;
pub use value::*;
pub use yaml::*;

/// Defines the codes of one area: each a static, and `ALL` of them.
macro_rules! codes {
    ($( $constant:ident = $name:literal, $severity:ident, $summary:literal, $explanation:literal; )*) => {
        $(
            #[doc = $summary]
            pub static $constant: $crate::diagnostic::Code = $crate::diagnostic::Code {
                name: $name,
                severity: $crate::diagnostic::Severity::$severity,
                summary: $summary,
                explanation: $explanation,
            };
        )*
        pub(super) static ALL: &[&$crate::diagnostic::Code] = &[$(&$constant),*];
    };
}
use codes;

static AREAS: &[&[&Code]] = &[
    yaml::ALL,
    value::ALL,
    source::ALL,
    descriptor::ALL,
    configuration::ALL,
    catalog::ALL,
    reference::ALL,
    likeness::ALL,
    people::ALL,
    judgement::ALL,
    fit::ALL,
];

/// Every code, area by area.
pub fn all() -> impl Iterator<Item = &'static Code> {
    AREAS.iter().copied().flatten().copied()
}

/// The code called `name`.
pub fn named(name: &str) -> Option<&'static Code> {
    all().find(|code| code.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_explained_beyond_its_summary() {
        for code in super::all() {
            let (summary, explanation) = (code.summary, code.explanation.trim());
            assert!(!summary.is_empty() && !summary.ends_with('.'), "{}: {summary}", code.name);
            let length = explanation.split_whitespace().count();
            assert!(length >= 10, "{}: {explanation}", code.name);
            assert!(explanation.ends_with(['.', ':', '`', ')']), "{}: {explanation}", code.name);
        }
    }

    #[test]
    fn names_are_kebab_case_and_unique() {
        let mut seen = BTreeSet::new();
        for code in super::all() {
            assert!(
                code.name.split('-').all(|word| !word.is_empty()
                    && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())),
                "{}",
                code.name
            );
            assert!(seen.insert(code.name), "{} is defined twice", code.name);
        }
    }
}
