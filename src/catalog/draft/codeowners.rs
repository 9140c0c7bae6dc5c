//! CODEOWNERS: who reviews the descriptor is a candidate for its owner. The last rule that matches counts.

use ignore::gitignore::GitignoreBuilder;

use super::Hint;

/// So many rules are looked at, from the last one on.
const MOST_RULES: usize = 2_000;

/// What the file at `path` says about a descriptor in the folder `inside` of the repository.
pub(super) fn hints(path: &str, text: &str, inside: &str) -> Vec<Hint> {
    let descriptor =
        if inside.is_empty() { "service.yaml".to_owned() } else { format!("{inside}/service.yaml") };
    let lines: Vec<(usize, &str)> = (1..).zip(text.lines()).collect();
    for (number, line) in lines.into_iter().rev().take(MOST_RULES) {
        let line = line.split(" #").next().unwrap_or(line).trim();
        // `[` begins a section of GitLab's.
        if line.is_empty() || line.starts_with(['#', '[', '^']) {
            continue;
        }
        let mut words = line.split_whitespace();
        let pattern = words.next().unwrap_or_default();
        if matches(pattern, &descriptor) {
            let from = format!("{path}:{number}");
            return owners(words, &from);
        }
    }
    Vec::new()
}

/// The first team and the first person of `names`: teams own, people are asked.
fn owners<'a>(names: impl Iterator<Item = &'a str>, from: &str) -> Vec<Hint> {
    let (mut team, mut person) = (None, None);
    for name in names {
        match name.strip_prefix('@').map(|handle| handle.rsplit_once('/')) {
            Some(Some((_, slug))) => {
                team.get_or_insert_with(|| Hint::value("ownerTeam", slug, format!("from {from}, {name}")));
            }
            Some(None) => {
                person.get_or_insert_with(|| Hint::value("technicalOwner", name, from));
            }
            None if name.contains('@') => {
                person.get_or_insert_with(|| Hint::value("technicalOwner", name, from));
            }
            None => {}
        }
    }
    team.into_iter().chain(person).collect()
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut builder = GitignoreBuilder::new("");
    // A pattern that means nothing matches nothing.
    builder.add_line(None, pattern).is_ok()
        && builder.build().is_ok_and(|rules| rules.matched_path_or_any_parents(path, false).is_ignore())
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
