//! Tables on a terminal: columns as wide as their longest cell, the last one free.

use crate::diagnostic::text::harmless;

/// `rows` below `heads`, without trailing blanks.
pub(super) fn render<const N: usize>(heads: [&str; N], rows: &[[String; N]]) -> String {
    let rows: Vec<[String; N]> =
        rows.iter().map(|row| std::array::from_fn(|column| harmless(&row[column]).into_owned())).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([heads[column].len()]).max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    let mut line = |cells: [&str; N]| {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    };
    line(heads);
    for row in &rows {
        line(std::array::from_fn(|column| row[column].as_str()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn columns_are_as_wide_as_their_longest_cell() {
        let rows = [["a".to_owned(), "é".to_owned()], ["long".to_owned(), String::new()]];
        assert_eq!(render(["X", "LAST"], &rows), "X     LAST\na     é\nlong\n");
    }

    #[test]
    fn a_cell_gives_the_terminal_no_orders() {
        assert!(!render(["X"], &[["a\u{1b}[31m\nb".to_owned()]]).contains(['\u{1b}', '\r']));
        assert_eq!(render(["X"], &[["a\nb".to_owned()]]).lines().count(), 2);
    }
}
