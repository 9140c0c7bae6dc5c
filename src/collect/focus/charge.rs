//! One charge of an export, checked: whatever form it came in.

use rust_decimal::Decimal;

use crate::day::Moment;

/// Longest text of tags, in bytes.
pub(super) const LONGEST_TAGS: usize = 64 << 10;

/// Longest name of an account or a currency, in bytes: some providers write whole paths for accounts.
const LONGEST_NAME: usize = 1024;

/// Most letters of a value that are repeated in what is said about it.
const SHOWN: usize = 40;

/// What exporters write before the keys of tags that people gave.
const GIVEN_BY_PEOPLE: &str = "user:";

/// One charge.
pub(super) struct Charge {
    /// The month in which it began (`YYYY-MM`, UTC).
    pub(super) month: String,
    /// When it ended.
    pub(super) end: Moment,
    pub(super) currency: String,
    pub(super) is_usage: bool,
    pub(super) account: Option<String>,
    /// By key.
    pub(super) tags: Vec<(String, String)>,
    pub(super) cost: Decimal,
}

/// The text of a field; nothing when it is empty or the word for nothing.
pub(super) fn present(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty() && !text.eq_ignore_ascii_case("null")).then_some(text)
}

/// A moment as exports write it: with a blank or a `T`, and in UTC when they do not say.
pub(super) fn moment(text: &str) -> Result<Moment, String> {
    let wrong = || format!("{} is no time stamp", shown(text));
    if text.len() > LONGEST_NAME {
        return Err(wrong());
    }
    let iso = text.replacen(' ', "T", 1);
    Moment::parse(&iso).or_else(|| Moment::parse(&format!("{iso}Z"))).ok_or_else(wrong)
}

/// The month of a moment in UTC.
pub(super) fn month(start: Moment) -> String {
    start.to_string().chars().take(7).collect()
}

/// An amount as exports write it, with an exponent or without.
pub(super) fn amount(text: &str) -> Result<Decimal, String> {
    if text.len() > LONGEST_NAME {
        return Err(format!("{} is no amount", shown(text)));
    }
    let parsed = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text));
    // More digits than can be kept are far behind the point.
    parsed.or_else(|_| text.parse()).map_err(|_| format!("{} is no amount", shown(text)))
}

/// The beginning of a value, for people.
fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => format!("`{text}`"),
        Some((end, _)) => format!("`{}…`", &text[..end]),
    }
}

/// Whether a charge of this category is for usage.
pub(super) fn is_usage(category: &str) -> bool {
    category.eq_ignore_ascii_case("usage")
}

/// A name of bounded length.
pub(super) fn name(text: &str) -> Result<String, String> {
    match text.len() <= LONGEST_NAME {
        true => Ok(text.to_owned()),
        false => Err(format!("an account or currency of {} bytes", text.len())),
    }
}

/// The tags in a JSON text.
pub(super) fn tags_in(text: &str) -> Result<Vec<(String, String)>, String> {
    if text.len() > LONGEST_TAGS {
        return Err(format!("tags of {} bytes", text.len()));
    }
    let map: std::collections::BTreeMap<String, Option<String>> =
        serde_json::from_str(text).map_err(|_| "tags that are no map of texts".to_owned())?;
    Ok(tags(map.into_iter().filter_map(|(key, value)| Some((key, value?)))))
}

/// Tags by key, under the keys that people gave.
pub(super) fn tags(pairs: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let given = |(key, value): (String, String)| match key.strip_prefix(GIVEN_BY_PEOPLE) {
        Some(rest) => (rest.to_owned(), value),
        None => (key, value),
    };
    let mut tags: Vec<(String, String)> = pairs.map(given).collect();
    tags.sort();
    tags.dedup_by(|later, first| later.0 == first.0);
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_amounts_are_read_as_exporters_write_them() {
        let at = |text| moment(text).map(|at| at.to_string());
        for text in ["2026-10-01 00:00:00", "2026-10-01T00:00:00Z", "2026-10-01T02:00:00+02:00"] {
            assert_eq!(at(text).as_deref(), Ok("2026-10-01T00:00:00Z"), "{text}");
        }
        assert_eq!(month(moment("2026-09-30 23:00:00").expect("a moment")), "2026-09");
        assert!(at("October").is_err());
        let exact = |text| amount(text).map(|amount| amount.normalize().to_string());
        assert_eq!(exact("0.00000080000").as_deref(), Ok("0.0000008"));
        assert_eq!(exact("8E-7").as_deref(), Ok("0.0000008"));
        assert_eq!(exact("-12").as_deref(), Ok("-12"));
        assert!(exact("=1+1").is_err() && exact("NaN").is_err());
        let endless = "9".repeat(1 << 20);
        let expected = format!("`{}…` is no", "9".repeat(SHOWN));
        assert!(amount(&endless).is_err_and(|reason| reason.starts_with(&expected)));
        assert!(at(&endless).is_err_and(|reason| reason.starts_with(&expected)));
    }

    #[test]
    fn tags_are_those_that_people_gave() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            tags_in(r#"{"user:Service": "quote", "aws:createdBy": "x", "None": null}"#),
            Ok(vec![pair("Service", "quote"), pair("aws:createdBy", "x")])
        );
        assert!(tags_in("[]").is_err() && tags_in("{").is_err());
        assert!(tags_in(&format!("{{\"a\": \"{}\"}}", "x".repeat(LONGEST_TAGS))).is_err());
    }

    #[test]
    fn nothing_is_written_in_more_ways_than_one() {
        assert_eq!((present(" NULL "), present(""), present("a")), (None, None, Some("a")));
    }
}
