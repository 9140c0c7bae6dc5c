//! Tags as the `Tags` list of a CloudFormation resource, in YAML and without a macro.

use super::{Tags, push_quoted};

/// The list, as it stands below `Properties`.
pub(super) fn write(tags: &Tags<'_>) -> String {
    let mut out = format!("# {}\n", tags.title);
    let mut rows = tags.values().peekable();
    out.push_str(if rows.peek().is_some() { "Tags:\n" } else { "Tags: []\n" });
    for (key, value) in rows {
        out.push_str("  - Key: ");
        push_quoted(&mut out, key);
        out.push_str("\n    Value: ");
        push_quoted(&mut out, value);
        out.push('\n');
    }
    for gap in tags.gaps() {
        out.push_str(&format!("  # {gap}\n"));
    }
    out
}
