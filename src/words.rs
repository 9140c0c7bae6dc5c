//! Counts and lists in English: the only place that pluralises or joins.

use std::fmt::Display;

/// `1 service`, `2 services`, `no services`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

/// `` `a` ``, `` `a` or `b` ``, `` `a`, `b` or `c` ``.
pub fn alternatives<T: Display>(items: &[T]) -> String {
    join(items, "or")
}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``.
pub fn list<T: Display>(items: &[T]) -> String {
    join(items, "and")
}

/// The first `most` of `items`, and how many more there are: `` `a`, `b` and 3 more ``.
pub fn first<T: Display>(items: &[T], most: usize) -> String {
    match items.len().saturating_sub(most) {
        0 => list(items),
        more => {
            let quoted: Vec<String> = items[..most].iter().map(|item| format!("`{item}`")).collect();
            format!("{} and {more} more", quoted.join(", "))
        }
    }
}

/// `text` with its first letter as a capital: the beginning of a sentence or of a row.
pub fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// `a`, `a and b`, `a, b and c`: words, not names.
pub fn plain_list(items: &[&str]) -> String {
    enumerated(items.iter().map(ToString::to_string).collect(), "and")
}

fn join<T: Display>(items: &[T], conjunction: &str) -> String {
    enumerated(items.iter().map(|item| format!("`{item}`")).collect(), conjunction)
}

fn enumerated(items: Vec<String>, conjunction: &str) -> String {
    match items.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} {conjunction} {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(count(0, "service", "services"), "no services");
        assert_eq!(count(1, "service", "services"), "1 service");
        assert_eq!(count(7, "service", "services"), "7 services");
    }

    #[test]
    fn only_the_first_letter_becomes_a_capital() {
        assert_eq!(capitalised("unmanaged standard"), "Unmanaged standard");
        assert_eq!(capitalised("éclair"), "Éclair");
        assert_eq!(capitalised(""), "");
    }

    #[test]
    fn lists_end_in_a_conjunction() {
        assert_eq!(alternatives(&["a"]), "`a`");
        assert_eq!(alternatives(&["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(list(&["a", "b"]), "`a` and `b`");
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(first(&["a", "b", "c"], 3), "`a`, `b` and `c`");
        assert_eq!(first(&["a", "b", "c"], 2), "`a`, `b` and 1 more");
    }
}
