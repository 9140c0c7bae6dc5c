//! Exports as CSV.

use std::io::Read;

use csv::{ByteRecord, Position, ReaderBuilder};

use super::charge::{self, Charge, present};
use super::columns::{Column, Columns};
use super::sums::Sums;

/// Most bytes of one field, tags included.
const LONGEST_FIELD: usize = 1 << 20;

/// The sums of one table.
pub(super) fn read(bytes: impl Read) -> Result<Sums, String> {
    let mut rows = ReaderBuilder::new().from_reader(bytes);
    let broken = |error: csv::Error| match error.position().map(Position::line) {
        Some(line) => format!("line {line}: it is no table, or broken off"),
        None => "it is no table, or broken off".to_owned(),
    };
    let heads = rows.headers().map_err(broken)?.clone();
    let columns = Columns::among(heads.iter())?;
    let mut sums = Sums::default();
    let mut row = ByteRecord::new();
    while rows.read_byte_record(&mut row).map_err(broken)? {
        let line = row.position().map_or(0, Position::line);
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
}
