//! Where a diagnostic lies for tools that see files from outside: the path from the folder they know as
//! the root of the sources, and marks that stay the same while lines move.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Diagnostic, Diagnostics, Place};

/// A file as another tool names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// Beneath the root of the sources, with `/`.
    Inside(String),
    /// Elsewhere: the name of its repository, and the path in it.
    Elsewhere(String, String),
}

/// Says where a place is.
pub type Locate<'a> = dyn Fn(&Place) -> Location + 'a;

/// Bytes of a digest that are enough to tell findings of one run apart.
const MARK_BYTES: usize = 16;

/// For each diagnostic a mark that does not change while it stays and other lines come and go: made of
/// its code, its file and its message, and of its number where these are equal.
pub fn fingerprints(diagnostics: &Diagnostics) -> Vec<String> {
    let mut seen: BTreeMap<[u8; 32], u32> = BTreeMap::new();
    diagnostics
        .iter()
        .map(|diagnostic| {
            let digest = identity(diagnostic);
            let number = seen.entry(digest).or_default();
            *number += 1;
            let mark: String = digest[..MARK_BYTES].iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{mark}:{number}")
        })
        .collect()
}

/// What makes two diagnostics of different runs one: everything but where in the file it stands.
fn identity(diagnostic: &Diagnostic) -> [u8; 32] {
    let mut hash = Sha256::new();
    let place = diagnostic.place.as_ref();
    let repository = place.map_or("", |place| &place.repository);
    let path = place.map_or("", |place| &place.path);
    for part in [diagnostic.code.name, repository, path, &diagnostic.message] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;

    #[test]
    fn a_mark_stays_when_lines_move_and_equal_findings_are_counted() {
        let diagnostics = |lines: &[u32]| {
            let mut diagnostics = Diagnostics::default();
            for line in lines {
                diagnostics.push(Diagnostic::new(&codes::UNKNOWN_KEY, "m").at(Place {
                    repository: "r".into(),
                    path: "p".into(),
                    line: *line,
                    column: 1,
                    length: 1,
                    quote: "q".into(),
                }));
            }
            fingerprints(&diagnostics)
        };
        assert_eq!(diagnostics(&[3, 9]), diagnostics(&[4, 7]));
        let marks = diagnostics(&[3, 9]);
        assert!(marks[0].ends_with(":1") && marks[1].ends_with(":2"), "{marks:?}");
    }
}
