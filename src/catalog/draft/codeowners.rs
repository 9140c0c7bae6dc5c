//! CODEOWNERS: who reviews the descriptor is a candidate for its owner. The last rule that matches counts.

use super::Hint;
use crate::catalog::foreign::Rules;

/// What the file at `path` says about a descriptor in the folder `inside` of the repository: the first team
/// and the first person. Teams own, people are asked.
pub(super) fn hints(path: &str, text: &str, inside: &str) -> Vec<Hint> {
    let rules = Rules::read(text);
    let (mut team, mut person) = (None, None);
    for owner in rules.owners(inside) {
        let from = format!("{path}:{}", owner.mark.line);
        match owner.team().and_then(|name| name.rsplit_once('/')) {
            Some((_, slug)) => {
                team.get_or_insert_with(|| {
                    Hint::value("ownerTeam", slug, format!("from {from}, {}", owner.name))
                });
            }
            None if owner.name.contains('@') => {
                person.get_or_insert_with(|| Hint::value("technicalOwner", &*owner.name, from));
            }
            None => {}
        }
    }
    team.into_iter().chain(person).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, inside: &str) -> Vec<(&'static str, String, String)> {
        hints("CODEOWNERS", text, inside)
            .into_iter()
            .map(|hint| (hint.field, hint.value, hint.from))
            .collect()
    }

    #[test]
    fn the_last_rule_that_matches_counts() {
        let text =
            "* @example/everybody\n/services/quote/ @mira @example/checkout # since May\n*.go @example/go\n";
        assert_eq!(
            said(text, "services/quote"),
            [
                ("ownerTeam", "checkout".to_owned(), "from CODEOWNERS:2, @example/checkout".to_owned()),
                ("technicalOwner", "@mira".to_owned(), "CODEOWNERS:2".to_owned())
            ]
        );
        assert_eq!(said(text, "").len(), 1);
        assert_eq!(said("# nobody\n[Section]\n/docs/ a@example.com\n", ""), []);
        assert_eq!(said("* a@example.com\n", "")[0].1, "a@example.com");
    }
}
