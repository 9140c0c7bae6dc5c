//! What a descriptor means by a link: a path in its repository, or nothing that could be read there.

/// The path inside the repository that `link` means in the descriptor at `descriptor`: relative to the
/// descriptor's folder, its `#fragment` left out. `None` when it is an address or an absolute path, names
/// nothing, leaves the repository or looks into `.git`.
pub fn document_path(descriptor: &str, link: &str) -> Option<String> {
    let link = link.split('#').next().unwrap_or_default();
    let is_address = link.split('/').next().is_some_and(|first| first.contains(':'));
    if is_address || link.starts_with('/') || link.contains('\0') {
        return None;
    }
    let folder = descriptor.rsplit_once('/').map(|(folder, _)| folder);
    let mut parts: Vec<&str> = folder.map(|folder| folder.split('/').collect()).unwrap_or_default();
    let mut names_something = false;
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            ".git" => return None,
            name => {
                names_something = true;
                parts.push(name);
            }
        }
    }
    (names_something && !parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::document_path;

    #[test]
    fn links_are_resolved_inside_the_repository_only() {
        for (descriptor, link, expected) in [
            ("service.yaml", "docs/runbook.md", "docs/runbook.md"),
            ("services/quote/service.yaml", "docs/runbook.md", "services/quote/docs/runbook.md"),
            ("services/quote/service.yaml", "./docs/../runbook.md", "services/quote/runbook.md"),
            ("a/service.yaml", "docs/.github/x.md#alerts", "a/docs/.github/x.md"),
            (".milepost/quote.yaml", "../quote/docs/runbook.md", "quote/docs/runbook.md"),
        ] {
            assert_eq!(document_path(descriptor, link).as_deref(), Some(expected), "{descriptor} {link}");
        }
        for (descriptor, link) in [
            ("service.yaml", "../other/runbook.md"),
            ("a/service.yaml", "../../other/runbook.md"),
            ("service.yaml", "/etc/passwd"),
            ("service.yaml", ".git/config"),
            ("a/service.yaml", "../vendor/x/.git/config"),
            ("service.yaml", "https://wiki.example.com/runbook"),
            ("service.yaml", "mailto:team@example.com"),
            ("service.yaml", "//wiki.example.com/runbook"),
            ("service.yaml", ""),
            ("service.yaml", "#alerts"),
            ("a/service.yaml", "."),
            ("a/b/service.yaml", ".."),
            ("service.yaml", "a\0b"),
        ] {
            assert_eq!(document_path(descriptor, link), None, "{descriptor} {link}");
        }
    }
}
