//! Exports as CSV.

use std::io::Read;

use csv::ByteRecord;

use super::charge::{self, Charge, present};
use super::columns::{Column, Columns};
use super::sums::Sums;
use crate::collect::rows::{LARGEST, LONGEST_FIELD, Rows};

/// The sums of one table.
pub(super) fn read(bytes: impl Read) -> Result<Sums, String> {
    up_to(LARGEST, bytes)
}

/// The sums of a table of at most so many bytes.
fn up_to(largest: u64, bytes: impl Read) -> Result<Sums, String> {
    let mut rows = Rows::of(bytes, largest, false);
    let heads = rows.heads()?;
    let columns = Columns::among(heads.iter().map(|head| std::str::from_utf8(head).unwrap_or_default()))?;
    let mut sums = Sums::default();
    let mut row = ByteRecord::new();
    while let Some(line) = rows.next(&mut row)? {
        let added = charge(&row, &columns).and_then(|charge| sums.add(charge));
        added.map_err(|reason| format!("line {line}: {reason}"))?;
    }
    Ok(sums)
}

fn charge(row: &ByteRecord, columns: &Columns) -> Result<Charge, String> {
    let field = |column: Column| -> Result<Option<&str>, String> {
        let Some(bytes) = columns.of(column).and_then(|position| row.get(position)) else { return Ok(None) };
        if bytes.len() > LONGEST_FIELD {
            return Err(format!("`{}` has {} bytes", column.name(), bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| format!("`{}` is no text", column.name()))?;
        Ok(present(text))
    };
    let needed = |column: Column| field(column)?.ok_or_else(|| format!("`{}` is empty", column.name()));
    Ok(Charge {
        month: charge::month(charge::moment(needed(Column::Start)?)?),
        end: charge::moment(needed(Column::End)?)?,
        currency: charge::name(needed(Column::Currency)?)?,
        is_usage: charge::is_usage(needed(Column::Category)?),
        account: field(Column::Account)?.map(charge::name).transpose()?,
        tags: field(Column::Tags)?.map_or(Ok(Vec::new()), charge::tags_in)?,
        cost: charge::amount(needed(Column::Cost)?)?,
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    const HEAD: &str =
        "ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,EffectiveCost,SubAccountId,Tags\n";

    fn months(rows: &str) -> Result<Vec<String>, String> {
        let months = read(format!("{HEAD}{rows}").as_bytes())?.months("bill");
        let line = |line: &crate::collect::snapshot::CostLine| {
            let tags: Vec<String> = line.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let account = line.account.as_deref().unwrap_or("none");
            format!("{account} {} {} {}", line.is_usage, tags.join(","), line.cost)
        };
        Ok(months
            .iter()
            .flat_map(|month| {
                let head = format!("{} until {}: {}", month.month, month.until, month.charges);
                std::iter::once(head).chain(month.lines.iter().map(line))
            })
            .collect())
    }

    #[test]
    fn charges_that_are_alike_are_one_sum() {
        let rows = "2026-10-30 22:00:00,2026-10-30 23:00:00,USD,Usage,0.1,111111111111,\"{\"\"Service\"\": \"\"quote\"\"}\"\n\
                    2026-10-31 23:00:00,2026-11-01 00:00:00,USD,Usage,0.2,111111111111,\"{\"\"user:Service\"\": \"\"quote\"\"}\"\n\
                    2026-10-31 23:00:00,2026-11-01 00:00:00,USD,Tax,1,NULL,NULL\n\
                    2026-11-01 00:00:00,2026-11-01 01:00:00,USD,Usage,5,,\n";
        assert_eq!(
            months(rows).expect("sound"),
            [
                "2026-10 until 2026-11-01T00:00:00Z: 3",
                "none false  1",
                "111111111111 true Service=quote 0.3",
                "2026-11 until 2026-11-01T01:00:00Z: 1",
                "none true  5",
            ]
        );
    }

    #[test]
    fn one_bad_row_says_where_it_is() {
        let row = "2026-10-30 22:00:00,2026-10-30 23:00:00,USD,Usage,1,,\n";
        for (bad, said) in [
            ("x,2026-10-30 23:00:00,USD,Usage,1,,\n", "line 3: `x` is no time stamp"),
            ("2026-10-30 22:00:00,2026-10-30 23:00:00,USD,Usage,free,,\n", "line 3: `free` is no amount"),
            ("2026-10-30 22:00:00,2026-10-30 23:00:00,USD,Usage,,,\n", "line 3: `EffectiveCost` is empty"),
            ("2026-10-30 22:00:00,2026-10-30 23:00:00,USD\n", "line 3: it is no table, or broken off"),
        ] {
            assert_eq!(months(&format!("{row}{bad}")).expect_err(bad), said);
        }
        assert!(read("a,b\n1,2\n".as_bytes()).is_err_and(|reason| reason.contains("FOCUS")));
    }

    #[test]
    fn what_never_ends_is_not_read_to_its_end() {
        let endless = |text: &'static str, letter: u8| text.as_bytes().chain(io::repeat(letter));
        let said = |bytes: &mut dyn Read| read(bytes).err().expect("it never ends");
        assert_eq!(said(&mut endless(HEAD, b'x')), "line 2: it is longer than 4194304 bytes");
        assert_eq!(said(&mut io::repeat(b',')), "line 1: it is longer than 4194304 bytes");
        let quoted = format!("{HEAD}\"").leak();
        assert_eq!(said(&mut endless(quoted, b'\n')), "line 2: it is longer than 4194304 bytes");
        let row = "2026-10-30 22:00:00,2026-10-30 23:00:00,USD,Usage,1,,\n";
        let many = format!("{HEAD}{}", row.repeat(1000));
        let reason = up_to(many.len() as u64 - 1, many.as_bytes()).err().expect("too long");
        assert_eq!(reason, format!("it holds more than {} bytes, unpacked", many.len() - 1));
        assert!(up_to(many.len() as u64 + 1, many.as_bytes()).is_ok());
    }
}
