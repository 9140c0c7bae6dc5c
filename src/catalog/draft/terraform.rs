//! Terraform files: the tags they set, the region of their provider, and that they are there. A tolerant
//! reading of the tokens, not of the language: a parser of all of it (hcl-edit was tried) takes a whole file or
//! nothing of it, and a file with one mistake should still say its tags. Only literal values count.

mod tokens;

use std::collections::BTreeMap;

use super::Hint;
use crate::collect::survey::Surveyed;
use tokens::{Placed, Token, tokens};

/// Tags in lower-case letters and digits, and the field each is made from.
const TAGS: &[(&str, &str)] = &[
    ("service", "serviceId"),
    ("serviceid", "serviceId"),
    ("ownerteam", "ownerTeam"),
    ("owner", "ownerTeam"),
    ("team", "ownerTeam"),
    ("costcenter", "costCenter"),
    ("costcentre", "costCenter"),
    ("product", "product"),
    ("dataclassification", "dataClassification"),
    ("criticality", "criticality"),
    ("managedby", "managedBy"),
    ("lifecyclestate", "lifecycle.state"),
];

/// A value that is set somewhere.
struct Set {
    field: &'static str,
    value: String,
    from: String,
    /// Whether it holds for everything the file makes.
    is_default: bool,
}

/// What `files` say.
pub(super) fn hints<'a>(files: impl Iterator<Item = &'a Surveyed>) -> Vec<Hint> {
    let mut set = Vec::new();
    let mut first = None;
    for file in files {
        first.get_or_insert_with(|| file.path.to_string());
        read(file, &mut set);
    }
    let mut by_field: BTreeMap<&str, Vec<Set>> = BTreeMap::new();
    for one in set {
        by_field.entry(one.field).or_default().push(one);
    }
    let mut hints: Vec<Hint> = by_field.into_values().flat_map(agreed).collect();
    hints.extend(first.map(|path| Hint::value("managedBy", "terraform", path)));
    hints
}

/// One hint when all that set a field agree, defaults before single resources; else a trace of two.
fn agreed(mut set: Vec<Set>) -> Vec<Hint> {
    if set.iter().any(|one| one.is_default) {
        set.retain(|one| one.is_default);
    }
    let Some(first) = set.first() else { return Vec::new() };
    match set.iter().find(|one| one.value != first.value) {
        None => vec![Hint::value(first.field, &*first.value, &*first.from)],
        Some(other) => vec![Hint::trace(
            first.field,
            &*first.value,
            format!("{} says {:?}, {}", other.from, other.value, first.from),
        )],
    }
}

/// Notes what `file` sets.
fn read(file: &Surveyed, set: &mut Vec<Set>) {
    let tokens = tokens(&file.text);
    // The words that opened the blocks around the place that is read.
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some((token, line)) = tokens.get(at) {
        at += 1;
        match token {
            Token::Open => open.push(opener(&tokens, at - 1)),
            Token::Close => {
                open.pop();
            }
            Token::Word(word) if is_set(&tokens, at) => {
                let value = tokens.get(at + 1).map(|(token, _)| token);
                let from = || format!("{}:{line}", file.path);
                match value {
                    Some(Token::Text(region)) if *word == "region" && open == ["provider"] => {
                        set.push(Set {
                            field: "region",
                            value: region.clone(),
                            from: from(),
                            is_default: true,
                        });
                    }
                    Some(_) if is_tags(word) => {
                        let is_default = open.contains(&"default_tags") || open == ["locals"];
                        at = read_tags(file, &tokens, at + 1, is_default, set);
                    }
                    _ => {}
                }
            }
            Token::Word(_) | Token::Text(_) | Token::Sign(_) | Token::LineEnd => {}
        }
    }
}

/// The first word of the line on which the block at `open` begins: `provider "aws" {`, `tags = {`.
fn opener<'t>(tokens: &[Placed<'t>], open: usize) -> &'t str {
    let line = tokens[..open].iter().rev().take_while(|(token, _)| !token.ends_line());
    line.filter_map(|(token, _)| if let Token::Word(word) = token { Some(*word) } else { None })
        .last()
        .unwrap_or("")
}

fn is_set(tokens: &[Placed<'_>], at: usize) -> bool {
    matches!(tokens.get(at), Some((Token::Sign(b'='), _)))
}

/// `tags`, `common_tags`, `default_tags` …
fn is_tags(word: &str) -> bool {
    word == "tags" || word.ends_with("_tags")
}

/// Reads the maps of the expression at `at`, such as `{…}` or `merge(local.tags, {…})`; returns where the
/// expression ends.
fn read_tags(
    file: &Surveyed,
    tokens: &[Placed<'_>],
    mut at: usize,
    is_default: bool,
    set: &mut Vec<Set>,
) -> usize {
    let mut depth = 0_usize;
    while let Some((token, line)) = tokens.get(at) {
        match token {
            Token::Open | Token::Sign(b'(' | b'[') => depth += 1,
            Token::Close | Token::Sign(b')' | b']') if depth == 0 => return at,
            Token::Close | Token::Sign(b')' | b']') => depth -= 1,
            Token::LineEnd if depth == 0 => return at,
            _ => {}
        }
        let key = match token {
            Token::Word(word) => Some(*word),
            Token::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let is_entry = matches!(tokens.get(at + 1), Some((Token::Sign(b'=' | b':'), _)));
        let is_whole = tokens.get(at + 3).is_none_or(|(token, _)| token.ends_value());
        if let (Some(key), true, true, Some((Token::Text(value), _))) =
            (key, is_entry, is_whole, tokens.get(at + 2))
            && let Some(field) = field(key).filter(|_| !value.is_empty())
        {
            let from = format!("{}:{line}", file.path);
            set.push(Set { field, value: value.clone(), from, is_default });
        }
        at += 1;
    }
    at
}

/// The field that is made from the tag `key`.
fn field(key: &str) -> Option<&'static str> {
    let key: String =
        key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    TAGS.iter().find(|(tag, _)| *tag == key).map(|(_, field)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::survey::SurveyedKind;

    fn said(text: &str) -> Vec<(&'static str, String, String, bool)> {
        let file = Surveyed { kind: SurveyedKind::Terraform, path: "main.tf".into(), text: text.into() };
        let hints = hints([file].iter());
        hints.into_iter().map(|hint| (hint.field, hint.value, hint.from, hint.is_value)).collect()
    }

    fn value(field: &'static str, value: &str, from: &str) -> (&'static str, String, String, bool) {
        (field, value.to_owned(), from.to_owned(), true)
    }

    #[test]
    fn default_tags_come_before_the_tags_of_resources() {
        let text = r#"
provider "aws" {
  region = "eu-central-1" # Frankfurt
  default_tags {
    tags = {
      Service   = "parcel-quote"
      OwnerTeam : "checkout",
      "cost-center" = "CC-4100"
      Product   = var.product
      Criticality = "tier-${var.tier}"
    }
  }
}
resource "aws_s3_bucket" "a" {
  region = "us-east-1"
  tags = merge(local.tags, { Service = "other" })
}
"#;
        assert_eq!(
            said(text),
            [
                value("costCenter", "CC-4100", "main.tf:8"),
                value("ownerTeam", "checkout", "main.tf:7"),
                value("region", "eu-central-1", "main.tf:3"),
                value("serviceId", "parcel-quote", "main.tf:6"),
                value("managedBy", "terraform", "main.tf"),
            ]
        );
    }

    #[test]
    fn tags_that_disagree_are_only_a_trace() {
        let text = "resource \"a\" \"b\" {\n tags = { Team = \"x\" }\n}\nresource \"a\" \"c\" {\n tags = { Team = \"y\" }\n}\n";
        let (field, value, from, is_value) = said(text).remove(0);
        assert_eq!(
            (field, &*value, &*from, is_value),
            ("ownerTeam", "x", "main.tf:5 says \"y\", main.tf:2", false)
        );
    }

    #[test]
    fn comments_heredocs_and_expressions_set_nothing() {
        let text = "# tags = { Team = \"a\" }\n/* tags = { Team = \"b\" } */\nx = <<EOT\ntags = { Team = \"c\" }\nEOT\n\
                    y = \"tags = { Team = 1 }\"\ntags = { Team = \"d\" == var.e ? 1 : 2, Owner = upper(\"f\") }\n";
        assert_eq!(said(text), [value("managedBy", "terraform", "main.tf")]);
    }

    #[test]
    fn hostile_files_end() {
        for unit in
            ["{", "tags = {", "tags = merge(", "\"${", "<<A\n", "/*", "x = {\n", "\"", "}", "\\", "tags ="]
        {
            said(&unit.repeat(50_000));
        }
    }
}
