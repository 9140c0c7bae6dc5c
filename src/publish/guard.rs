//! The guard against mass removal: a site that lost much of one kind overnight is more often a mistake than the truth.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::cache_policy;
use super::manifest::Item;

/// So many files of a kind may always go.
const FILES: usize = 10;

/// And so many of a hundred.
const PERCENT: usize = 10;

/// That much of one kind would be gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// The folder that the files lie in.
    pub kind: String,
    /// How many would be gone.
    pub gone: usize,
    /// Of how many.
    pub of: usize,
}

/// What is too much of what `before` has and `after` has not. Files whose name changes with their bytes do not count:
/// they go whenever they change.
pub(super) fn losses(before: &[Item], after: &[Item]) -> Vec<Loss> {
    let stays: BTreeSet<&str> = after.iter().map(|file| file.path.as_str()).collect();
    let mut kinds = BTreeMap::<&str, (usize, usize)>::new();
    for file in before.iter().filter(|file| !cache_policy::is_immutable(&file.headers)) {
        let (gone, of) = kinds.entry(kind(&file.path)).or_default();
        *of += 1;
        *gone += usize::from(!stays.contains(file.path.as_str()));
    }
    kinds.into_iter().filter_map(|(kind, (gone, of))| loss(kind, gone, of)).collect()
}

/// The loss of `gone` of `of` files, when that is too much.
pub(super) fn loss(kind: &str, gone: usize, of: usize) -> Option<Loss> {
    let is_too_much = gone > FILES && gone * 100 > of * PERCENT;
    is_too_much.then(|| Loss { kind: kind.to_owned(), gone, of })
}

/// What kind of thing a file is about: the folder it lies in, `services/` or `api/v1/services/`. What lies deeper
/// counts there too, for a service has pages below its own.
fn kind(path: &str) -> &str {
    let folders = if path.starts_with("api/") { 3 } else { 1 };
    path.match_indices('/').take(folders).last().map_or("", |(end, _)| &path[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::site::Digest;

    fn items(folder: &str, numbers: std::ops::Range<usize>) -> Vec<Item> {
        let item = |number| {
            let path = format!("{folder}{number}/index.html");
            Item { headers: cache_policy::of(&path, Digest::of(b"")), path, sha256: Digest::of(b""), size: 1 }
        };
        numbers.map(item).collect()
    }

    #[test]
    fn more_than_ten_and_more_than_a_tenth_of_a_kind_is_too_much() {
        for (before, after, is_refused) in
            [(200, 180, false), (200, 179, true), (20, 10, false), (20, 9, true)]
        {
            let found = losses(&items("services/", 0..before), &items("services/", 0..after));
            let loss = Loss { kind: "services/".into(), gone: before - after, of: before };
            assert_eq!(found, if is_refused { vec![loss] } else { Vec::new() }, "{before} to {after}");
        }
    }

    #[test]
    fn one_kind_does_not_hide_the_loss_of_another() {
        let before = [items("services/", 0..1000), items("teams/", 0..20)].concat();
        let found = losses(&before, &items("services/", 0..1000));
        assert_eq!(found, [Loss { kind: "teams/".into(), gone: 20, of: 20 }]);
        for (path, expected) in [
            ("index.html", ""),
            ("api/v1/services/a.json", "api/v1/services/"),
            ("services/a/b/c", "services/"),
        ] {
            assert_eq!(kind(path), expected);
        }
    }

    #[test]
    fn files_with_fingerprints_come_and_go() {
        let digest = Digest::of(b"");
        let item = |number: usize| {
            let path = format!("assets/{number}.{}.js", &digest.hexadecimal()[..10]);
            Item { headers: cache_policy::of(&path, digest), path, sha256: digest, size: 1 }
        };
        assert_eq!(losses(&(0..50).map(item).collect::<Vec<_>>(), &[]), []);
    }
}
