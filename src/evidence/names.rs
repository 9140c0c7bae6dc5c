//! Names of files inside a pack, made of names that others chose: in characters that no tool has to escape, short,
//! and different even where upper and lower case are one.

use std::collections::{BTreeMap, BTreeSet};

/// Most characters that are kept of one part of a name.
const LONGEST_PART: usize = 60;

/// Names given so far, in small letters: of files, and of the folders they lie in.
#[derive(Debug, Default)]
pub(super) struct Names {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
    /// How often each name was asked for, in small letters: many files end alike, and counting from one for each of
    /// them would take as long as all of them together.
    asked: BTreeMap<String, u32>,
}

impl Names {
    /// A name close to `wanted` that nobody has yet: `folder` in front, `ending` behind. What is given depends on
    /// what was given before, so names are asked for in an order that never changes.
    pub(super) fn give(&mut self, folder: &str, wanted: &str, ending: &str) -> String {
        let plain = plain(wanted);
        let key = format!("{folder}{plain}{ending}").to_lowercase();
        let mut number = self.asked.get(&key).copied().unwrap_or(0);
        loop {
            number += 1;
            let more = if number == 1 { String::new() } else { format!("~{number}") };
            let name = format!("{folder}{plain}{more}{ending}");
            if self.take(name.to_lowercase()) {
                self.asked.insert(key, number);
                return name;
            }
        }
    }

    /// Takes `name`, unless a file or a folder has it, or a file has the name of a folder that it needs.
    fn take(&mut self, name: String) -> bool {
        let folders = || name.match_indices('/').map(|(end, _)| &name[..end]);
        if self.folders.contains(&name) || folders().any(|folder| self.files.contains(folder)) {
            return false;
        }
        self.folders.extend(folders().map(str::to_owned));
        self.files.insert(name)
    }
}

/// `name` with `=` and hexadecimal digits for every byte that could mean something to a tool, as quoted-printable
/// text has it, and cut where it grows too long. Slashes stay; no part is empty or leads anywhere.
fn plain(name: &str) -> String {
    let parts = name.split('/').filter(|part| !part.is_empty()).map(|part| {
        let mut kept = String::new();
        for byte in part.bytes() {
            match byte {
                b'.' if kept.is_empty() => kept.push_str("=2E"),
                _ if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) => kept.push(char::from(byte)),
                _ => kept.push_str(&format!("={byte:02X}")),
            }
            if kept.len() >= LONGEST_PART {
                break;
            }
        }
        kept
    });
    let mut parts: Vec<String> = parts.collect();
    // Deep folders are cut from above: the end of a path says more than its beginning.
    parts.drain(..parts.len().saturating_sub(MOST_PARTS));
    if parts.is_empty() { "unnamed".to_owned() } else { parts.join("/") }
}

/// Most parts of a name.
const MOST_PARTS: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::bag::is_plain;

    #[test]
    fn hostile_names_stay_inside_and_readable() {
        for (hostile, given) in [
            ("service.yaml", "service.yaml"),
            ("docs/run book.md", "docs/run=20book.md"),
            ("../../etc/passwd", "=2E./=2E./etc/passwd"),
            ("/etc//passwd", "etc/passwd"),
            ("", "unnamed"),
            ("a\nb\\c", "a=0Ab=5Cc"),
            (".hidden", "=2Ehidden"),
        ] {
            let name = Names::default().give("", hostile, "");
            let end = given.split('/').rev().take(MOST_PARTS).collect::<Vec<_>>();
            assert_eq!(name.split('/').rev().collect::<Vec<_>>(), end, "{hostile:?}");
            assert!(is_plain(&name), "{name}");
        }
        assert!(is_plain(&Names::default().give("data/", &"ü/".repeat(200), ".json")));
    }

    #[test]
    fn no_two_files_have_one_name_where_case_does_not_count() {
        let mut names = Names::default();
        let given = ["Readme", "README", "readme"].map(|wanted| names.give("data/", wanted, ".md"));
        assert_eq!(given, ["data/Readme.md", "data/README~2.md", "data/readme~3.md"]);
        assert_eq!(names.give("", "data", ""), "data~2");
    }
}
