//! The language that most files of a folder are written in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Hint;

/// Endings of source files, and the language.
const LANGUAGES: &[(&str, &str)] = &[
    ("c", "c"),
    ("cc", "c++"),
    ("clj", "clojure"),
    ("cpp", "c++"),
    ("cs", "c#"),
    ("dart", "dart"),
    ("ex", "elixir"),
    ("exs", "elixir"),
    ("fs", "f#"),
    ("go", "go"),
    ("hs", "haskell"),
    ("java", "java"),
    ("js", "javascript"),
    ("jsx", "javascript"),
    ("kt", "kotlin"),
    ("mjs", "javascript"),
    ("php", "php"),
    ("py", "python"),
    ("rb", "ruby"),
    ("rs", "rust"),
    ("scala", "scala"),
    ("swift", "swift"),
    ("ts", "typescript"),
    ("tsx", "typescript"),
];

/// The language of most of `paths`. Of two with as many files it is the first by name.
pub(super) fn hint(paths: &[Arc<str>]) -> Option<Hint> {
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for path in paths {
        let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.'));
        let language = ending.and_then(|(_, ending)| LANGUAGES.iter().find(|(known, _)| *known == ending));
        if let Some((_, language)) = language {
            *files.entry(language).or_default() += 1;
        }
    }
    let all: usize = files.values().sum();
    let (language, count) = files.into_iter().rev().max_by_key(|(_, count)| *count)?;
    Some(Hint::value("labels.language", language, format!("{count} of {all} source files")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(paths: &[&str]) -> Option<(String, String)> {
        let paths: Vec<Arc<str>> = paths.iter().map(|path| Arc::from(*path)).collect();
        hint(&paths).map(|hint| (hint.value, hint.from))
    }

    #[test]
    fn most_files_decide() {
        let most = language(&["a.go", "b/c.go", "d.py", "README.md", "go", ".go"]);
        assert_eq!(most, Some(("go".to_owned(), "3 of 4 source files".to_owned())));
        assert_eq!(language(&["a.py", "b.go"]).expect("one").0, "go");
        assert_eq!(language(&["README.md", "Makefile"]), None);
    }
}
