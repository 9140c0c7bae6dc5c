//! Tags as a `default_tags` block of Terraform's AWS provider: every resource of the configuration gets them.

use super::{Tags, push_quoted};

/// The block, aligned as `terraform fmt` does.
pub(super) fn write(tags: &Tags<'_>) -> String {
    let mut out = format!("# {}\nprovider \"aws\" {{\n  default_tags {{\n    tags = {{\n", tags.title);
    let rows: Vec<(String, &str)> = tags.values().map(|(key, value)| (name(key), value)).collect();
    let widest = rows.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
    for (key, value) in rows {
        out.push_str("      ");
        out.push_str(&key);
        out.extend(std::iter::repeat_n(' ', widest - key.chars().count()));
        out.push_str(" = ");
        push_template(&mut out, value);
        out.push('\n');
    }
    for gap in tags.gaps() {
        out.push_str(&format!("      # {gap}\n"));
    }
    out.push_str("    }\n  }\n}\n");
    out
}

/// A key as Terraform reads it: bare when it cannot be taken for anything else.
fn name(key: &str) -> String {
    let bare = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        && !matches!(key, "for" | "if" | "in" | "null" | "true" | "false");
    if bare {
        return key.to_owned();
    }
    let mut quoted = String::new();
    push_template(&mut quoted, key);
    quoted
}

/// Adds `text` as a template in which nothing is computed.
fn push_template(out: &mut String, text: &str) {
    let start = out.len();
    push_quoted(out, text);
    if text.contains("${") || text.contains("%{") {
        let literal = out[start..].replace("${", "$${").replace("%{", "%%{");
        out.replace_range(start.., &literal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_computed() {
        for (text, written) in [
            ("${file(\"x\")}", r#""$${file(\"x\")}""#),
            ("%{ if true }", r#""%%{ if true }""#),
            ("$ % {x}", r#""$ % {x}""#),
            ("a\"b\\c\n\t", r#""a\"b\\c\n\t""#),
        ] {
            let mut template = String::new();
            push_template(&mut template, text);
            assert_eq!(template, written);
        }
    }

    #[test]
    fn a_word_of_the_language_is_no_bare_key() {
        assert_eq!(name("CostCenter"), "CostCenter");
        assert_eq!(name("cost-center"), "cost-center");
        for (key, quoted) in [("for", "\"for\""), ("a b", "\"a b\""), ("2nd", "\"2nd\""), ("a:b", "\"a:b\"")]
        {
            assert_eq!(name(key), quoted);
        }
    }
}
