//! Tables for spreadsheets. What an author wrote must stay text there: a cell that a spreadsheet would run
//! gets an apostrophe before it, which the JSON beside it does not have.

use std::io::{self, Write};

/// Begins the file, so that spreadsheets read what follows as UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A table: its heads, then its rows, in memory or as a stream.
#[derive(Debug)]
pub struct Spreadsheet<W: Write = Vec<u8>>(csv::Writer<W>);

impl<W: Write> Spreadsheet<W> {
    /// A table with these heads, written to `stream` as it grows.
    pub fn begin<'h>(mut stream: W, heads: impl IntoIterator<Item = &'h str>) -> io::Result<Self> {
        stream.write_all(BYTE_ORDER_MARK)?;
        let mut table = Self(csv::WriterBuilder::new().flexible(false).from_writer(stream));
        table.add(heads)?;
        Ok(table)
    }

    /// Adds a row with a cell for each head.
    pub fn add<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
        self.0.write_record(cells.into_iter().map(text)).map_err(io::Error::from)
    }

    /// Hands on what is not written yet.
    pub fn end(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Spreadsheet {
    /// A table in memory, with these heads.
    pub fn new(heads: &[&str]) -> Self {
        Self::begin(Vec::new(), heads.iter().copied()).expect("writing to memory cannot fail")
    }

    /// Adds a row with a cell for each head.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        self.add(cells).expect("every row has a cell for each head");
    }

    /// The bytes of the file.
    pub fn finish(self) -> Vec<u8> {
        self.0.into_inner().expect("writing to memory cannot fail")
    }
}

/// `cell` as text that no spreadsheet takes for a formula; a plain number stays one.
fn text(cell: &str) -> String {
    let hidden = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '\u{feff}');
    let first = cell.trim_start_matches(hidden).chars().next();
    let formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let runs = first.is_some_and(formula) || cell.starts_with(['\t', '\r', '\n']);
    if runs && !is_number(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// Whether `cell` is digits with at most one sign before and one point between.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(whole) && are_digits(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_stays_text() {
        for hostile in [
            "=1+1",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            " =1",
            "\"=1",
            "\t=1",
            "\tx",
            "＝1",
            "\u{feff}=1",
            "-",
            "-.5",
        ] {
            assert_eq!(text(hostile), format!("'{hostile}"), "{hostile:?}");
        }
        for harmless in ["", "a=b", "-5", "+7", "-0.25", "99.9", "parcel-quote", "`x`"] {
            assert_eq!(text(harmless), harmless);
        }
    }

    #[test]
    fn a_table_is_quoted_where_it_has_to_be() {
        let mut table = Spreadsheet::new(&["id", "title"]);
        table.row(["a", "one, \"two\"\nthree"]);
        let written = table.finish();
        assert_eq!(written, b"\xef\xbb\xbfid,title\na,\"one, \"\"two\"\"\nthree\"\n");
    }
}
