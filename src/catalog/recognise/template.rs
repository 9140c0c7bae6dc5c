//! Marks of template engines: text that becomes a document only once it is rendered.

use std::sync::Arc;

use crate::catalog::yaml::{Node, Value};

/// The first mark of a template engine in `text`: `{{`, `{%`, `<%`.
pub(super) fn marks(text: &str) -> Option<&str> {
    let marks = ["{{", "{ {", "{%", "<%"];
    let (at, length) = marks.iter().filter_map(|mark| Some((text.find(mark)?, mark.len()))).min()?;
    let at = if text[..at].ends_with('$') { at - 1 } else { at };
    let end = text[at..].char_indices().map(|(offset, _)| offset).find(|offset| *offset >= length + 40);
    Some(&text[at..end.map_or(text.len(), |end| at + end)])
}

/// The mark in `text`, a name: of a template engine, or of anything that is filled in before use, such as
/// `${NAME}` and `<name>`.
pub(super) fn placeholder(text: &str) -> Option<&str> {
    let shell = text
        .find('$')
        .filter(|at| text[at + 1..].starts_with(|c: char| c == '{' || c == '_' || c.is_ascii_uppercase()));
    let angle = || text.find('<').filter(|at| text[*at..].contains('>'));
    marks(text).or_else(|| shell.or_else(angle).map(|at| &text[at..]))
}

/// The first mark in a key or value of `node`.
pub(super) fn marks_below(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Null => None,
        Value::Scalar(scalar) => marks(&scalar.text),
        Value::Sequence(items) => items.iter().find_map(marks_below),
        Value::Mapping(entries) => {
            entries.iter().find_map(|entry| marks(&entry.key).or_else(|| marks_below(&entry.value)))
        }
    }
}

/// Whether files at `path` are usually templates.
pub(super) fn is_kept_in(path: &str) -> bool {
    let mut folders = path.split('/').rev().skip(1);
    folders.any(|folder| matches!(folder, "templates" | "template" | "skeleton" | "skeletons"))
}

/// What the file at `path` with this mark is a template of.
pub(super) fn kind(path: &str, mark: &str) -> Arc<str> {
    let helm = [".Values", ".Release", ".Chart", "include ", "template ", "toYaml", "{{-"];
    let chart = path.split('/').any(|folder| matches!(folder, "charts" | "chart" | "helm" | "helmfile"));
    if helm.iter().any(|word| mark.contains(word)) || (chart && is_kept_in(path)) {
        "Helm template"
    } else if mark.starts_with("${{") {
        "scaffolder template"
    } else if mark.starts_with("{%") {
        "Jinja template"
    } else if mark.starts_with("<%") {
        "ERB template"
    } else {
        "unrendered template"
    }
    .into()
}
