//! The columns of a tag report that are read. AWS documents none of their names, so they are found by what they are
//! called in its interface, however that is spelled.

use csv::ByteRecord;

/// Most headings that are repeated in what is said about them, and most letters of each.
const SHOWN: (usize, usize) = (20, 40);

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// The account that the resource lies in.
    Account,
    /// The region that it lies in.
    Region,
    /// Its Amazon Resource Name.
    Arn,
    /// Whether its tags comply with the tag policies of the organisation.
    Status,
    /// Keys that do not comply.
    Keys,
    /// Keys whose values do not comply.
    Values,
}

impl Column {
    const ALL: [Self; 6] = [Self::Account, Self::Region, Self::Arn, Self::Status, Self::Keys, Self::Values];

    /// What it may be called, in small letters and without anything between words; the first that is there counts.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Account => &["accountid", "targetid", "owneraccountid", "owneraccount", "account"],
            Self::Region => &["region", "awsregion"],
            Self::Arn => &["resourcearn", "arn"],
            Self::Status => &["compliancestatus"],
            Self::Keys => &["noncompliantkeys"],
            Self::Values => &["keyswithnoncompliantvalues"],
        }
    }
}

/// Where in a report each column stands.
#[derive(Clone, Debug)]
pub(super) struct Columns([Option<usize>; Column::ALL.len()]);

impl Columns {
    /// The columns among the headings; which headings there are when no resource can be found in such a report.
    pub(super) fn among(heads: &ByteRecord) -> Result<Self, String> {
        let heads: Vec<String> =
            heads.iter().map(|head| String::from_utf8_lossy(head).into_owned()).collect();
        let folded: Vec<String> = heads.iter().map(|head| fold(head)).collect();
        let place = |column: Column| {
            column.names().iter().find_map(|name| folded.iter().position(|head| head == name))
        };
        let columns = Self(Column::ALL.map(place));
        if columns.of(Column::Arn).is_some() {
            return Ok(columns);
        }
        let shown: Vec<String> = heads.iter().take(SHOWN.0).map(|head| shown(head)).collect();
        let more = if heads.len() > SHOWN.0 { " and more" } else { "" };
        Err(format!(
            "it has no column of ARNs, so it is no tag report; its columns are {}{more}, and one of them must be called `ResourceARN` or `ARN`",
            shown.join(", ")
        ))
    }

    /// Where `column` stands.
    pub(super) const fn of(&self, column: Column) -> Option<usize> {
        self.0[column as usize]
    }

    /// Which of those are missing that say what AWS thinks of tags.
    pub(super) fn silent(&self) -> Vec<&'static str> {
        let said = [
            (Column::Status, "ComplianceStatus"),
            (Column::Keys, "NoncompliantKeys"),
            (Column::Values, "KeysWithNoncompliantValues"),
        ];
        said.into_iter().filter(|(column, _)| self.of(*column).is_none()).map(|(_, name)| name).collect()
    }
}

/// A heading without what people spell in different ways.
fn fold(head: &str) -> String {
    let between = |c: &char| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{FEFF}');
    head.chars().filter(between).map(|c| c.to_ascii_lowercase()).collect()
}

/// The beginning of what a report says, for people.
pub(super) fn shown(text: &str) -> String {
    let plain: String = text.chars().take(SHOWN.1).flat_map(char::escape_debug).collect();
    let more = if text.chars().nth(SHOWN.1).is_some() { "…" } else { "" };
    format!("`{plain}{more}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(heads: &[&str]) -> Result<Columns, String> {
        Columns::among(&ByteRecord::from(heads.to_vec()))
    }

    #[test]
    fn headings_are_found_however_they_are_spelled() {
        for heads in [
            [
                "\u{FEFF}AccountId",
                "Region",
                "ResourceARN",
                "ComplianceStatus",
                "NoncompliantKeys",
                "KeysWithNoncompliantValues",
            ],
            [
                "account id",
                "region",
                "Resource ARN",
                "compliance-status",
                "noncompliant_keys",
                "Keys with noncompliant values",
            ],
            [
                "TARGET_ID",
                "AWS Region",
                "arn",
                "Compliance Status",
                "NONCOMPLIANTKEYS",
                "keys-with-noncompliant-values",
            ],
        ] {
            let columns = columns(&heads).expect("a report");
            let places: Vec<_> = Column::ALL.into_iter().map(|column| columns.of(column)).collect();
            assert_eq!(places, (0..6).map(Some).collect::<Vec<_>>(), "{heads:?}");
            assert!(columns.silent().is_empty());
        }
    }

    #[test]
    fn a_table_without_arns_says_what_it_has() {
        let reason = columns(&["Cost", "=cmd|' /C calc'!A0\u{202e}"]).expect_err("no report");
        assert!(reason.contains("`Cost`, `=cmd|\\' /C calc\\'!A0\\u{202e}`"), "{reason}");
        let many = vec!["x"; 100];
        assert!(columns(&many).expect_err("no report").contains(" and more, "));
        let bare = columns(&["ARN", "Tags"]).expect("ARNs are enough");
        assert_eq!(bare.silent(), ["ComplianceStatus", "NoncompliantKeys", "KeysWithNoncompliantValues"]);
    }
}
