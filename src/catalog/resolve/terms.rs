//! The terms of an exception: what is agreed to when it is approved. Two revisions of a file have the same terms
//! when they say the same of everything but who approved, who reviewed, and who looks after it.

use std::collections::BTreeMap;

use crate::catalog::yaml::{self, Node, Parsed, Value};

/// What may change without a new approval. A closure may not: lifting one puts the exception in force again.
const FREE: [&str; 3] = ["approvals", "owner", "reviews"];

/// The terms of every exception in a file, by id; `None` for an id that stands there more than once.
pub(super) type Terms = BTreeMap<Box<str>, Option<String>>;

/// The terms of the exceptions in these documents.
pub(super) fn of(documents: &[Parsed]) -> Terms {
    let mut terms = Terms::new();
    for document in documents.iter().flatten() {
        let root = &document.root;
        for node in root.items().unwrap_or(std::slice::from_ref(root)) {
            let id = node.get("exceptionId").and_then(Node::scalar).map(|id| id.text.clone());
            if let Some(id) = id {
                terms.entry(id).and_modify(|known| *known = None).or_insert_with(|| Some(text(node)));
            }
        }
    }
    terms
}

/// What an exception says, whatever the order of its keys and the way it is written.
fn text(exception: &Node) -> String {
    let mut entries: Vec<&yaml::Entry> = exception.entries().unwrap_or_default().iter().collect();
    entries.retain(|entry| !FREE.contains(&&*entry.key));
    entries.sort_by(|a, b| a.key.cmp(&b.key));
    let mut text = String::new();
    for entry in entries {
        text.push_str(&format!("{:?}:", entry.key));
        write(&entry.value, &mut text);
    }
    text
}

/// A value as text that no other value has. Nesting is bounded by the limits it was read with.
fn write(node: &Node, text: &mut String) {
    match &node.value {
        Value::Null => text.push('~'),
        Value::Scalar(scalar) => text.push_str(&format!("{:?}", scalar.text.trim())),
        Value::Sequence(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Mapping(entries) => {
            let mut entries: Vec<&yaml::Entry> = entries.iter().collect();
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            text.push('{');
            for entry in entries {
                text.push_str(&format!("{:?}:", entry.key));
                write(&entry.value, text);
                text.push(',');
            }
            text.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(file: &str) -> Option<String> {
        of(&yaml::parse(file, yaml::Limits::default())).remove("EX-1").flatten()
    }

    #[test]
    fn what_is_agreed_to_is_the_same_however_it_is_written() {
        let one = terms("exceptionId: EX-1\nexpiresAt: 2026-12-01\nscope: {environment: prod, rule: r}\n");
        let other = "# why\nscope:\n  rule: 'r'\n  environment: prod\nexpiresAt: \"2026-12-01\"\nexceptionId: EX-1\n\
                     reviews: [{at: 2026-11-01, by: '@a'}]\nowner: '@b'\napprovals: []\n";
        assert!(one.is_some());
        assert_eq!(one, terms(other));
    }

    #[test]
    fn whatever_else_differs_needs_a_new_approval() {
        let one = terms("exceptionId: EX-1\nexpiresAt: 2026-12-01\nrisk: low\n");
        for other in [
            "exceptionId: EX-1\nexpiresAt: 2026-12-02\nrisk: low\n",
            "exceptionId: EX-1\nexpiresAt: 2026-12-01\nrisk: low\nclosure: {at: 2026-11-01}\n",
            "exceptionId: EX-1\nexpiresAt: 2026-12-01\nrisk: low\nrequestedBy: '@a'\n",
            "exceptionId: EX-1\nexpiresAt: [2026-12-01]\nrisk: low\n",
            "exceptionId: EX-1\nexpiresAt: 2026-12-01\n",
        ] {
            assert_ne!(one, terms(other), "{other}");
        }
    }

    #[test]
    fn an_id_that_stands_there_twice_has_no_terms() {
        assert_eq!(terms("- {exceptionId: EX-1, risk: low}\n- {exceptionId: EX-1, risk: low}\n"), None);
    }
}
