//! Tables of evidence: each as CSV for people and as JSON, which is exact, with the same rows.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::render::spreadsheet::Spreadsheet;

/// What stands in one place of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing: not known, or not applicable; another cell of the row says which.
    Nothing,
    /// A text.
    Text(Cow<'a, str>),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<bool> for Cell<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Cell<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number.try_into().unwrap_or(i64::MAX))
    }
}

impl From<usize> for Cell<'_> {
    fn from(number: usize) -> Self {
        Self::Number(number.try_into().unwrap_or(i64::MAX))
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Nothing, Into::into)
    }
}

impl Cell<'_> {
    /// As people read it; what is nothing is empty.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Nothing => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Flag(true) => Cow::Borrowed("yes"),
            Self::Flag(false) => Cow::Borrowed("no"),
        }
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Nothing => out.write_all(b"null"),
            Self::Text(text) => serde_json::to_writer(out, text).map_err(io::Error::from),
            Self::Number(number) => write!(out, "{number}"),
            Self::Flag(flag) => write!(out, "{flag}"),
        }
    }
}

/// Takes the rows of a table, one after the other.
pub type Rows<'r> = dyn FnMut(&[Cell<'_>]) -> io::Result<()> + 'r;

/// Writes a table to `csv` and to `json`; gives the number of rows. What is not wanted goes to a sink.
pub fn write(
    (csv, mut json): (impl Write, impl Write),
    heads: &[&str],
    rows: impl FnOnce(&mut Rows<'_>) -> io::Result<()>,
) -> io::Result<usize> {
    let mut count = 0;
    json.write_all(b"[")?;
    let mut table = Spreadsheet::begin(csv, heads.iter().copied())?;
    rows(&mut |cells: &[Cell<'_>]| {
        let texts: Vec<Cow<'_, str>> = cells.iter().map(Cell::text).collect();
        table.add(texts.iter().map(|text| &**text))?;
        json.write_all(if count == 0 { b"\n{" } else { b",\n{" })?;
        for (position, (head, cell)) in heads.iter().zip(cells).enumerate() {
            write!(json, "{}\"{head}\":", if position == 0 { "" } else { "," })?;
            cell.json(&mut json)?;
        }
        count += 1;
        json.write_all(b"}")
    })?;
    table.end()?;
    json.write_all(b"\n]\n")?;
    Ok(count)
}
