//! One row of a tag report, checked.

use csv::ByteRecord;

use super::columns::{Column, Columns, shown};

/// Longest ARN, in bytes: what AWS allows.
const LONGEST_ARN: usize = 2048;

/// Longest name of a region, in bytes.
const LONGEST_REGION: usize = 32;

/// Longest key of a tag, in letters, and most of them on one resource: more than AWS allows.
const LONGEST_KEY: usize = 128;
const MOST_KEYS: usize = 200;

/// Stands for the region of what has none.
const NO_REGION: &str = "global";

/// One resource of a report.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry<'r> {
    pub(super) account: &'r str,
    pub(super) region: &'r str,
    pub(super) arn: &'r str,
    /// Whether its tags comply, when that is said in words that are known.
    pub(super) complies: Option<bool>,
    /// What else is said of that.
    pub(super) strange_status: Option<&'r str>,
    pub(super) noncompliant_keys: Vec<&'r str>,
    pub(super) keys_with_noncompliant_values: Vec<&'r str>,
    /// How many keys are left out.
    pub(super) left_out: usize,
}

impl<'r> Entry<'r> {
    /// The resource of `row`, or what is wrong with it.
    pub(super) fn of(row: &'r ByteRecord, columns: &Columns) -> Result<Self, String> {
        let bytes = |column: Column| columns.of(column).and_then(|position| row.get(position)).unwrap_or(b"");
        let field = |column: Column| -> Result<&'r str, String> {
            let text = std::str::from_utf8(bytes(column)).map_err(|_| "it is no text in UTF-8".to_owned())?;
            Ok(text.trim())
        };
        // Who may tag a resource must not be able to hide it, so what is said of its tags breaks no row.
        let (noncompliant_keys, odd_keys) = keys(bytes(Column::Keys));
        let (keys_with_noncompliant_values, odd_values) = keys(bytes(Column::Values));
        let arn = field(Column::Arn)?;
        if arn.is_empty() {
            return Err("it names no ARN".to_owned());
        }
        // What AWS names can be seen and printed.
        let is_plain = arn.len() <= LONGEST_ARN && !arn.chars().any(|c| c.is_control() || is_hidden(c));
        let (of_arn, in_arn) =
            place(arn).filter(|_| is_plain).ok_or_else(|| format!("{} is no ARN", shown(arn)))?;
        let account = first(field(Column::Account)?, of_arn);
        if account.is_empty() {
            return Err(format!("no column and no ARN names the account of {}", shown(arn)));
        }
        if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("{} is no account of twelve digits", shown(account)));
        }
        let region = first(first(field(Column::Region)?, in_arn), NO_REGION);
        let is_region = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if region.len() > LONGEST_REGION || !region.bytes().all(is_region) {
            return Err(format!("{} is no region", shown(region)));
        }
        let status = field(Column::Status).unwrap_or("\u{fffd}");
        let complies = complies(status);
        Ok(Self {
            account,
            region,
            arn,
            complies,
            strange_status: Some(status).filter(|status| complies.is_none() && !status.is_empty()),
            noncompliant_keys,
            keys_with_noncompliant_values,
            left_out: odd_keys + odd_values,
        })
    }
}

/// The account and the region that an ARN names; nothing when it is none.
fn place(arn: &str) -> Option<(&str, &str)> {
    let mut parts = arn.splitn(6, ':');
    let (arn, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let is_whole = arn == "arn" && [partition, service, resource].iter().all(|part| !part.is_empty());
    is_whole.then_some((account, region))
}

/// `text`, unless it is empty.
fn first<'r>(text: &'r str, otherwise: &'r str) -> &'r str {
    if text.is_empty() { otherwise } else { text }
}

/// Letters that are not seen, or that turn the order of others.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether tags comply: a truth value in the interface of AWS, a word in its documents.
fn complies(status: &str) -> Option<bool> {
    let letters: String = status.chars().filter(char::is_ascii_alphabetic).take(16).collect();
    match letters.to_ascii_lowercase().as_str() {
        "true" | "compliant" => Some(true),
        "false" | "noncompliant" => Some(false),
        _ => None,
    }
}

/// The keys in a field, whatever stands between them that cannot be part of one, and how many are left out: those that
/// are no text, cannot be seen, or are longer or more than AWS allows. AWS does allow some that cannot be seen.
fn keys(field: &[u8]) -> (Vec<&str>, usize) {
    let between = |byte: &u8| matches!(byte, b',' | b';' | b'|' | b'[' | b']' | b'"' | b'\'' | b'\n' | b'\r');
    let (mut keys, mut left_out) = (Vec::new(), 0);
    for key in field.split(between).map(<[u8]>::trim_ascii).filter(|key| !key.is_empty()) {
        match std::str::from_utf8(key).map(str::trim) {
            Ok(key) if keys.len() < MOST_KEYS && is_key(key) => keys.push(key),
            _ => left_out += 1,
        }
    }
    (keys, left_out)
}

fn is_key(text: &str) -> bool {
    let is_odd = |c: char| c.is_control() || is_hidden(c);
    !text.is_empty() && text.chars().nth(LONGEST_KEY).is_none() && !text.chars().any(is_odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADS: [&str; 6] =
        ["AccountId", "Region", "ARN", "ComplianceStatus", "NoncompliantKeys", "KeysWithNoncompliantValues"];
    const QUEUE: &str = "arn:aws:sqs:eu-central-1:111122223333:labels";

    fn said(fields: [&str; 6]) -> Result<String, String> {
        let columns = Columns::among(&ByteRecord::from(HEADS.to_vec())).expect("columns");
        let row = ByteRecord::from(fields.to_vec());
        Entry::of(&row, &columns).map(|entry| {
            let Entry { account, region, complies, noncompliant_keys, keys_with_noncompliant_values, .. } =
                entry;
            format!("{account} {region} {complies:?} {noncompliant_keys:?} {keys_with_noncompliant_values:?}")
        })
    }

    #[test]
    fn account_and_region_come_from_the_arn_where_no_column_has_them() {
        for (fields, expected) in [
            (["", "", QUEUE, "", "", ""], "111122223333 eu-central-1 None [] []"),
            (["444455556666", "eu-west-1", QUEUE, "true", "", ""], "444455556666 eu-west-1 Some(true) [] []"),
            (
                ["444455556666", "", "arn:aws:s3:::labels", "NON_COMPLIANT", "owner", "Stage; Team"],
                "444455556666 global Some(false) [\"owner\"] [\"Stage\", \"Team\"]",
            ),
            (
                ["", "", QUEUE, "maybe", "[\"a b\",\"c:d\"]", "x|y\nz"],
                "111122223333 eu-central-1 None [\"a b\", \"c:d\"] [\"x\", \"y\", \"z\"]",
            ),
        ] {
            assert_eq!(said(fields).as_deref(), Ok(expected), "{fields:?}");
        }
    }

    #[test]
    fn a_row_that_is_none_says_why() {
        let endless = format!("arn:aws:sqs:eu-central-1:111122223333:{}", "x".repeat(LONGEST_ARN));
        for (fields, reason) in [
            (["", "", "", "", "", ""], "it names no ARN"),
            (["", "", "=HYPERLINK(\"x\")", "", "", ""], "`=HYPERLINK(\\\"x\\\")` is no ARN"),
            (["", "", "arn:aws:sqs:eu-central-1:111122223333:a\u{202e}b", "", "", ""], "is no ARN"),
            (["", "", &endless, "", "", ""], "is no ARN"),
            (["", "", "arn:aws:s3:::labels", "", "", ""], "no column and no ARN names the account"),
            (["11122223333", "", QUEUE, "", "", ""], "`11122223333` is no account of twelve digits"),
            (["", "eu central 1", QUEUE, "", "", ""], "`eu central 1` is no region"),
        ] {
            let error = said(fields).expect_err(reason);
            assert!(error.contains(reason), "{error}");
            assert!(error.len() < 200, "{error}");
        }
    }

    #[test]
    fn no_key_hides_its_resource() {
        let columns = Columns::among(&ByteRecord::from(HEADS.to_vec())).expect("columns");
        let many = "k,".repeat(MOST_KEYS + 3);
        let long = format!("{},owner", "k".repeat(LONGEST_KEY + 1));
        for (said, kept, left_out) in [
            (many.as_bytes(), MOST_KEYS, 3),
            (long.as_bytes(), 1, 1),
            ("a\u{2028}b,owner,c\u{202e}d".as_bytes(), 1, 2),
            (&b"\xff,owner"[..], 1, 1),
            (&b""[..], 0, 0),
        ] {
            let row: Vec<&[u8]> = vec![b"", b"", QUEUE.as_bytes(), b"\xff", said, b"Stage"];
            let row = ByteRecord::from(row);
            let entry = Entry::of(&row, &columns).expect("its resource is named");
            assert_eq!((entry.noncompliant_keys.len(), entry.left_out), (kept, left_out));
            assert_eq!((entry.complies, &*entry.keys_with_noncompliant_values), (None, &["Stage"][..]));
        }
    }
}
