//! `CODEOWNERS`, as GitHub reads it: patterns and who reviews what fits them, the last that fits counting.
//! Sections and exclusions of other hosts are passed over.

use std::collections::VecDeque;

use crate::catalog::yaml::Mark;

/// The name of a file that no pattern names: what fits it, fits whatever lies in the folder.
const ANY_FILE: &str = "\u{1}";

/// So many rules are kept, from the last one on: every one is tried for every service of a repository.
const MOST_RULES: usize = 10_000;

/// The rules of one file, in its order.
#[derive(Debug, Default)]
pub(in crate::catalog) struct Rules(Vec<Rule>);

/// One line: a pattern and its owners.
#[derive(Debug)]
struct Rule {
    /// Its parts between the slashes.
    parts: Vec<Box<str>>,
    /// Whether it counts from the root of the repository.
    anchored: bool,
    /// Whether it fits only folders, and so all that lies in them.
    folder: bool,
    owners: Vec<Owner>,
}

/// One owner, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::catalog) struct Owner {
    /// `@org/team`, `@somebody` or a mailbox.
    pub(in crate::catalog) name: Box<str>,
    /// Where it stands.
    pub(in crate::catalog) mark: Mark,
}

impl Owner {
    /// `org/team`, when it is a team.
    pub(in crate::catalog) fn team(&self) -> Option<&str> {
        self.name.strip_prefix('@').filter(|name| name.contains('/'))
    }
}

impl Rules {
    /// Reads the text of a file. Every line is a rule, or nothing.
    pub(in crate::catalog) fn read(text: &str) -> Self {
        let mut rules: VecDeque<Rule> = VecDeque::new();
        for (line, number) in text.lines().zip(1..) {
            rules.extend(rule(line, number));
            if rules.len() > MOST_RULES {
                rules.pop_front();
            }
        }
        Self(rules.into())
    }

    /// Every owner that a rule names, in the order of the file.
    pub(in crate::catalog) fn all(&self) -> impl Iterator<Item = &Owner> {
        self.0.iter().flat_map(|rule| &rule.owners)
    }

    /// The owners of what lies in `folder`, `""` being the root: those of the last rule that fits.
    pub(in crate::catalog) fn owners(&self, folder: &str) -> &[Owner] {
        let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        path.push(ANY_FILE);
        let last = self.0.iter().rev().find(|rule| rule.fits(&path));
        last.map_or(&[], |rule| &rule.owners)
    }
}

fn rule(line: &str, number: u32) -> Option<Rule> {
    let mut words = words(line).into_iter();
    let (_, pattern) = words.next()?;
    // Sections of GitLab, and exclusions, which GitHub does not know.
    if pattern.starts_with(['[', '^', '!']) {
        return None;
    }
    let owners = words
        .map(|(column, name)| Owner { name: name.into(), mark: Mark { line: number, column } })
        .collect();
    let folder = pattern.ends_with('/');
    let inner = pattern.trim_matches('/');
    let anchored = pattern.starts_with('/') || inner.contains('/');
    let parts = inner.split('/').filter(|part| !part.is_empty()).map(Box::from).collect();
    Some(Rule { parts, anchored, folder, owners })
}

/// The words of a line with their columns; a backslash keeps the blank or mark after it.
fn words(line: &str) -> Vec<(u32, String)> {
    let mut words: Vec<(u32, String)> = Vec::new();
    let mut inside = false;
    let mut escaped = false;
    for (c, column) in line.chars().zip(1..) {
        if !escaped && (c == '#' && !inside) {
            break;
        }
        if !escaped && c.is_whitespace() {
            inside = false;
            continue;
        }
        if !inside {
            words.push((column, String::new()));
            inside = true;
        }
        if !escaped && c == '\\' {
            escaped = true;
            continue;
        }
        escaped = false;
        if let Some((_, word)) = words.last_mut() {
            word.push(c);
        }
    }
    words
}

impl Rule {
    /// Whether the file at `path` fits: itself, or a folder it lies in.
    fn fits(&self, path: &[&str]) -> bool {
        if self.parts.is_empty() {
            // `/` alone is the root, which is a folder.
            return self.folder;
        }
        let longest = if self.folder { path.len() - 1 } else { path.len() };
        let starts = if self.anchored { 0..1 } else { 0..path.len() };
        // A pattern such as `docs/*` fits what lies in the folder and nothing below.
        let direct = self.parts.len() > 1 && self.parts.last().is_some_and(|part| &**part == "*");
        let shortest = if direct && !self.folder { path.len() } else { 1 };
        starts.into_iter().any(|start| {
            (shortest.max(start + 1)..=longest).any(|end| parts_fit(&self.parts, &path[start..end]))
        })
    }
}

/// Whether the parts of a pattern fit all of `path`; `**` stands for any number of parts.
fn parts_fit(pattern: &[Box<str>], path: &[&str]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < path.len() {
        match pattern.get(p) {
            Some(part) if &**part == "**" => {
                star = Some((p + 1, n));
                p += 1;
            }
            Some(part) if fits(part, path[n]) => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((after, from)) = star else { return false };
                star = Some((after, from + 1));
                (p, n) = (after, from + 1);
            }
        }
    }
    pattern[p..].iter().all(|part| &**part == "**")
}

/// Whether one part fits, `*` standing for any run of characters and `?` for one.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p + 1, n));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((after, from)) = star else { return false };
                star = Some((after, from + 1));
                (p, n) = (after, from + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(text: &str, folder: &str) -> String {
        Rules::read(text).owners(folder).iter().map(|owner| &*owner.name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_last_rule_that_fits_the_folder_counts() {
        let text = "# all of it\n*\t@acme/platform\n*.md @acme/writers\n/services/quote/ @acme/checkout @mira # why\n\
                    services/*/legacy @acme/archive\napps @acme/web\n/open/\n";
        for (folder, expected) in [
            ("", "@acme/platform"),
            (".", "@acme/platform"),
            ("services/quote", "@acme/checkout @mira"),
            ("services/quote/src", "@acme/checkout @mira"),
            ("other/services/quote", "@acme/platform"),
            ("services/label/legacy/x", "@acme/archive"),
            ("deep/apps/one", "@acme/web"),
            ("open", ""),
        ] {
            assert_eq!(owner(text, folder), expected, "{folder}");
        }
    }

    #[test]
    fn patterns_fit_as_those_of_git() {
        for (pattern, folder, fits) in [
            ("docs/*", "docs", true),
            ("docs/*", "docs/deep", false),
            ("/**/api", "a/b/api", true),
            ("**/logs", "build/logs", true),
            ("/a/**", "a/b/c", true),
            ("/a?c", "abc", true),
            ("/catalog-info.yaml", "", false),
            ("*.yaml", "a", false),
            ("/", "any", true),
            ("with\\ blank/", "with blank", true),
        ] {
            assert_eq!(owner(&format!("{pattern} @acme/x"), folder) == "@acme/x", fits, "{pattern} {folder}");
        }
    }

    #[test]
    fn of_too_many_rules_the_last_are_kept() {
        let text = "* @acme/first\n".to_owned() + &"/x/ @acme/x\n".repeat(MOST_RULES - 1);
        assert_eq!(owner(&text, ""), "@acme/first");
        assert_eq!(owner(&(text + "/y/ @acme/y\n"), ""), "");
    }

    #[test]
    fn places_and_teams_are_kept_and_sections_passed_over() {
        let rules = Rules::read("[Section] @acme/none\n  * @acme/web  mira@example.com\n!x @acme/y\n");
        let owners = rules.owners("");
        assert_eq!(owners[0].mark, Mark { line: 2, column: 5 });
        assert_eq!(owners[0].team(), Some("acme/web"));
        assert_eq!(owners[1].team(), None);
    }
}
