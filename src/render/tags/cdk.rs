//! Tags as TypeScript of the CDK: everything below a construct gets them.

use super::{Tags, push_quoted};

/// A module with one function.
pub(super) fn write(tags: &Tags<'_>) -> String {
    let mut out = format!(
        "// {}\nimport {{ Tags }} from \"aws-cdk-lib\";\nimport type {{ IConstruct }} from \"constructs\";\n\n\
         export function addTags(scope: IConstruct): void {{\n",
        tags.title
    );
    for (key, value) in tags.values() {
        out.push_str("  Tags.of(scope).add(");
        push_quoted(&mut out, key);
        out.push_str(", ");
        push_quoted(&mut out, value);
        out.push_str(");\n");
    }
    for gap in tags.gaps() {
        out.push_str(&format!("  // {gap}\n"));
    }
    out.push_str("}\n");
    out
}
