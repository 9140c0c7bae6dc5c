//! What CloudFront is told to drop: the addresses of what changed, few enough for what it takes and costs.

use std::collections::{BTreeMap, BTreeSet};

/// From this many changed files on, a folder is dropped as a whole.
const FILES: usize = 10;

/// Most addresses at once: a thousand a month are free, and a night should not use them up.
const PATHS: usize = 30;

/// Most addresses with `*` that CloudFront takes at once.
const STARS: usize = 15;

/// The addresses of the files `changed`.
pub(super) fn paths<'a>(changed: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut folders = BTreeMap::<&str, Vec<&str>>::new();
    for path in changed {
        let folder = path.split_once('/').map_or("", |(folder, _)| folder);
        folders.entry(folder).or_default().push(path);
    }
    let mut paths = BTreeSet::new();
    for (folder, files) in folders {
        if !folder.is_empty() && files.len() > FILES {
            paths.insert(format!("/{}/*", encoded(folder)));
            continue;
        }
        for file in files {
            paths.insert(format!("/{}", encoded(file)));
            // Who asks for a folder gets its page.
            if let Some(folder) = file.strip_suffix("index.html") {
                paths.insert(format!("/{}", encoded(folder)));
            }
        }
    }
    let stars = paths.iter().filter(|path| path.ends_with('*')).count();
    match paths.len() > PATHS || stars > STARS {
        true => vec!["/*".to_owned()],
        false => paths.into_iter().collect(),
    }
}

/// `path` with everything escaped that an address does not take as it is.
pub(super) fn encoded(path: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(path, KEPT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_two_addresses() {
        assert_eq!(paths(["index.html"]), ["/", "/index.html"]);
        assert_eq!(paths(["a/index.html", "a/x y*.json"]), ["/a/", "/a/index.html", "/a/x%20y%2A.json"]);
        assert_eq!(paths([]), Vec::<String>::new());
    }

    #[test]
    fn many_of_one_folder_are_one_address_and_too_many_are_all() {
        let pages = |folder: &str, count: usize| {
            (0..count).map(|number| format!("{folder}/{number}.html")).collect::<Vec<_>>()
        };
        let services = pages("services", 11);
        assert_eq!(paths(services.iter().map(String::as_str)), ["/services/*"]);
        assert_eq!(paths(services[..10].iter().map(String::as_str)).len(), 10);
        let spread: Vec<_> = (0..16).flat_map(|folder| pages(&format!("f{folder}"), 11)).collect();
        assert_eq!(paths(spread.iter().map(String::as_str)), ["/*"]);
        let roots: Vec<_> = (0..31).map(|number| format!("{number}.txt")).collect();
        assert_eq!(paths(roots.iter().map(String::as_str)), ["/*"]);
    }
}
