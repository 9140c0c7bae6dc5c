//! A draft on its page: lines in the order of the record, those of one section together, those that nobody
//! said as comments that become values when the `#` goes.

use std::fmt::Write as _;

use crate::catalog::record::{Record, RecordShape, Shape};
use crate::catalog::schema;
use crate::catalog::service::ServiceRecord;
use crate::catalog::yaml::write;

const HEAD: &str = "\
# A draft: what this repository says of itself, each line with where it says so. Correct what is wrong, fill
# in what is commented out, remove what does not apply; then run `milepost check`.
";

/// One field on the page.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// The field, such as `lifecycle.state`.
    pub(super) field: &'static str,
    /// Its value, as YAML.
    pub(super) value: String,
    /// What stands behind it.
    pub(super) comment: String,
    /// Whether something said so; else the value is an example, and the line a comment.
    pub(super) is_said: bool,
}

/// The lines of a draft.
pub(super) struct Page {
    schema: String,
    lines: Vec<Line>,
}

impl Page {
    /// An empty page; editors find the schema at `schema`.
    pub(super) fn new(schema: &str) -> Self {
        Self { schema: write::comment(schema), lines: Vec::new() }
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.lines.iter().any(|line| line.field == field)
    }

    pub(super) fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// The page as text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        if !self.schema.is_empty() {
            text.push_str(&schema::header(&self.schema));
            text.push_str(HEAD);
        }
        for field in ServiceRecord::SHAPE.fields {
            let lines: Vec<&Line> =
                self.lines.iter().filter(|line| section(line.field) == field.key).collect();
            write_section(&mut text, field.key, &lines);
        }
        text
    }
}

fn section(field: &str) -> &str {
    field.split('.').next().unwrap_or(field)
}

/// Writes the field `key`, or the section with that name and its fields.
fn write_section(text: &mut String, key: &str, lines: &[&Line]) {
    if let [line] = lines
        && line.field == key
    {
        write_line(text, if line.is_said { "" } else { "# " }, key, line);
        return;
    }
    let Some(first) = lines.first() else { return };
    let is_said = lines.iter().any(|line| line.is_said);
    let outer = if is_said { "" } else { "# " };
    let _ = writeln!(text, "{outer}{}:", section(first.field));
    for line in lines {
        let inner = if line.is_said || !is_said { "" } else { "# " };
        let name = line.field.split_once('.').map_or(line.field, |(_, name)| name);
        write_line(text, &format!("{outer}  {inner}"), name, line);
    }
}

fn write_line(text: &mut String, before: &str, key: &str, line: &Line) {
    let _ = write!(text, "{before}{key}: {}", line.value);
    if !line.comment.is_empty() {
        let _ = write!(text, "  # {}", write::comment(&line.comment));
    }
    text.push('\n');
}

/// What `field` means, in a line.
pub(super) fn meaning(field: &str) -> String {
    let of = |shape: &RecordShape, key: &str| {
        let field = shape.field(key)?;
        Some((field.doc.trim().lines().next().unwrap_or_default().to_owned(), field.shape))
    };
    let (outer, inner) = field.split_once('.').map_or((field, None), |(outer, inner)| (outer, Some(inner)));
    let meaning = match (of(&ServiceRecord::SHAPE, outer), inner) {
        (Some((_, Shape::Record(shape))), Some(inner)) => of(shape, inner),
        (found, _) => found,
    };
    meaning.map_or_else(String::new, |(meaning, _)| meaning.trim_end_matches('.').to_owned())
}
