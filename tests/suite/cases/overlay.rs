//! Cases say only what matters: their records are laid over those given, and written out as YAML again,
//! so that every case goes through the real reader.

use std::fmt::Write;

use milepost::catalog::yaml::{Entry, Node, Scalar, Value};

/// `base` with `over` laid on it: mappings key by key, everything else replaced; `null` removes a key.
pub(super) fn overlay(base: &Node, over: &Node) -> Node {
    let (Value::Mapping(below), Value::Mapping(above)) = (&base.value, &over.value) else {
        return over.clone();
    };
    let mut entries = below.clone();
    for entry in above {
        let known = entries.iter().position(|known| known.key == entry.key);
        match (known, entry.value.is_null()) {
            (Some(position), true) => {
                entries.remove(position);
            }
            (Some(position), false) => {
                entries[position].value = overlay(&entries[position].value, &entry.value)
            }
            (None, true) => {}
            (None, false) => entries.push(entry.clone()),
        }
    }
    Node { value: Value::Mapping(entries), ..base.clone() }
}

/// `node` as YAML on one line.
pub(super) fn written(node: &Node) -> String {
    let mut text = String::new();
    write_node(node, &mut text);
    text
}

fn write_node(node: &Node, text: &mut String) {
    match &node.value {
        Value::Null => text.push_str("null"),
        Value::Scalar(scalar) => write_scalar(scalar, text),
        Value::Sequence(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                text.push_str(if position > 0 { ", " } else { "" });
                write_node(item, text);
            }
            text.push(']');
        }
        Value::Mapping(entries) => {
            text.push('{');
            for (position, Entry { key, value, .. }) in entries.iter().enumerate() {
                let _ = write!(text, "{}{key:?}: ", if position > 0 { ", " } else { "" });
                write_node(value, text);
            }
            text.push('}');
        }
    }
}

/// Plain scalars stay plain where they can, so that `yes` and `012345678901` mean what they would.
fn write_scalar(scalar: &Scalar, text: &mut String) {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '+');
    if !scalar.quoted && !scalar.text.is_empty() && scalar.text.chars().all(plain) {
        text.push_str(&scalar.text);
    } else {
        let _ = write!(text, "{}", serde_json::Value::from(&*scalar.text));
    }
}

/// The text under `key`.
pub(super) fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    Some(&node.get(key)?.scalar()?.text)
}

/// The items under `key`: those of a list, or the one that stands there.
pub(super) fn items<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    match node.get(key) {
        None => &[],
        Some(found) => match &found.value {
            Value::Sequence(items) => items,
            Value::Null => &[],
            Value::Scalar(_) | Value::Mapping(_) => std::slice::from_ref(found),
        },
    }
}

/// The texts under `key`.
pub(super) fn texts<'a>(node: &'a Node, key: &str) -> Vec<&'a str> {
    items(node, key).iter().filter_map(|item| Some(&*item.scalar()?.text)).collect()
}
