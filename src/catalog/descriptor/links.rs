//! Documents that descriptors name, found without reading the whole record: what collecting needs.

use crate::catalog::foreign;
use crate::catalog::recognise::{Recognition, recognise};
use crate::catalog::yaml::{self, Node};
use crate::settings::{Format, Formats};

/// Paths, relative to the descriptor, of the documents that the descriptors in `text` link to.
pub fn named_documents(text: &str, limits: yaml::Limits) -> Vec<String> {
    // Most files with our name are somebody else's: no need to parse those.
    if !text.contains("links") {
        return Vec::new();
    }
    let mut paths: Vec<String> = yaml::parse(text, limits)
        .iter()
        .flatten()
        .filter(|document| matches!(recognise("", document), Recognition::Ours(_)))
        .flat_map(|document| targets(&document.root))
        .filter_map(|target| relative_path(target).map(str::to_owned))
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Paths and patterns, relative to the descriptor, of the other descriptors that those in `text` name.
pub fn named_descriptors(text: &str, limits: yaml::Limits, formats: Formats) -> Vec<String> {
    // In either case, as kinds are compared.
    let may_name_some = ["Location", "location"].iter().any(|word| text.contains(word));
    if !formats.has(Format::Backstage) || !may_name_some {
        return Vec::new();
    }
    let documents = yaml::parse(text, limits);
    let targets = documents.iter().flatten().flat_map(foreign::targets);
    targets.filter_map(|(_, target)| relative_path(target).map(str::to_owned)).collect()
}

/// The path in `target`, a link as written, without the part after `#` or `?`; `None` when it is an
/// address, an absolute path, or nothing but a fragment.
pub fn relative_path(target: &str) -> Option<&str> {
    let path = target.split(['#', '?']).next().unwrap_or_default().trim();
    let scheme = path.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    (!path.is_empty() && !scheme && !path.starts_with(['/', '\\'])).then_some(path)
}

/// The targets of every link, as written.
fn targets(root: &Node) -> impl Iterator<Item = &str> {
    [Some(root), root.get("service")]
        .into_iter()
        .flatten()
        .flat_map(|place| place.get("links").and_then(Node::entries).unwrap_or_default())
        .flat_map(|entry| entry.value.items().unwrap_or(std::slice::from_ref(&entry.value)))
        .filter_map(|node| Some(&*node.get("url").unwrap_or(node).scalar()?.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_both_shapes_are_named() {
        let flat = "serviceId: a\nlinks:\n  runbook: docs/runbook.md#start\n  adr: [adr/one.md, adr/two.md]\n  \
                    dashboard: https://example.com/d\n  docs: {url: ./README.md}\n";
        assert_eq!(
            named_documents(flat, yaml::Limits::default()),
            ["./README.md", "adr/one.md", "adr/two.md", "docs/runbook.md"]
        );
        let nested = "service: {name: a, links: {runbook: one.md}}\nlinks: {docs: two.md}\n";
        assert_eq!(named_documents(nested, yaml::Limits::default()), ["one.md", "two.md"]);
    }

    #[test]
    fn documents_of_others_and_broken_ones_name_nothing() {
        let other =
            "kind: Service\napiVersion: v1\nlinks: {runbook: a.md}\n---\nserviceId: [\nlinks: {a: b.md}\n";
        assert_eq!(named_documents(other, yaml::Limits::default()), Vec::<String>::new());
    }

    #[test]
    fn addresses_are_no_paths() {
        for address in
            ["https://a.example/b", "mailto:a@example.com", "/etc/passwd", "#top", "", "\\\\host\\a"]
        {
            assert_eq!(relative_path(address), None, "{address}");
        }
        assert_eq!(relative_path("docs/a:b.md"), Some("docs/a:b.md"));
        assert_eq!(relative_path("../runbook.md?plain=1#x"), Some("../runbook.md"));
    }
}
