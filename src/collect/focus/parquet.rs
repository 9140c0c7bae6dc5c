//! Exports as Parquet.

mod pages;
mod thrift;

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use parquet::schema::types::Type;

use super::charge::{self, Charge, present};
use super::columns::{Column, Columns};
use super::sums::Sums;
use crate::collect::walk::plain;
use crate::day::Moment;

/// The sums of one file. The library is not meant for files that are made to hurt: where it gives up, so do we.
pub(super) fn read(file: File) -> Result<Sums, String> {
    let caught = catch_unwind(AssertUnwindSafe(|| rows(file)));
    caught.unwrap_or_else(|_| Err("it is damaged".to_owned()))
}

fn rows(file: File) -> Result<Sums, String> {
    let broken = |error: parquet::errors::ParquetError| format!("it is damaged, or no Parquet: {error}");
    pages::look_at_footer(&file)?;
    let again = file.try_clone().map_err(|error| plain(&error))?;
    let reader = SerializedFileReader::new(file).map_err(broken)?;
    let schema = reader.metadata().file_metadata().schema();
    Columns::among(schema.get_fields().iter().map(|field| field.name()))?;
    pages::look_at_pages(&again, reader.metadata())?;
    let wanted = |field: &&Arc<Type>| Column::ALL.iter().any(|column| column.name() == field.name());
    let wanted: Vec<Arc<Type>> = schema.get_fields().iter().filter(wanted).map(Arc::clone).collect();
    let projection = Type::group_type_builder(schema.name()).with_fields(wanted).build().map_err(broken)?;
    let names: Vec<String> = projection.get_fields().iter().map(|field| field.name().to_owned()).collect();
    let columns = Columns::among(names.iter().map(String::as_str))?;
    let mut sums = Sums::default();
    for (number, row) in reader.get_row_iter(Some(projection)).map_err(broken)?.enumerate() {
        let row = row.map_err(broken)?;
        let added = charge(&row, &columns).and_then(|charge| sums.add(charge));
        added.map_err(|reason| format!("row {}: {reason}", number + 1))?;
    }
    Ok(sums)
}

fn charge(row: &Row, columns: &Columns) -> Result<Charge, String> {
    let fields: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
    let field = |column: Column| {
        let field = columns.of(column).and_then(|position| fields.get(position).copied());
        field.filter(|field| !matches!(field, Field::Null))
    };
    let needed = |column: Column| field(column).ok_or_else(|| format!("`{}` is empty", column.name()));
    let text = |column: Column| text(needed(column)?, column);
    Ok(Charge {
        month: charge::month(moment(needed(Column::Start)?)?),
        end: moment(needed(Column::End)?)?,
        currency: charge::name(text(Column::Currency)?)?,
        is_usage: charge::is_usage(text(Column::Category)?),
        account: match field(Column::Account) {
            Some(account) => present(self::text(account, Column::Account)?).map(charge::name).transpose()?,
            None => None,
        },
        tags: field(Column::Tags).map_or(Ok(Vec::new()), tags)?,
        cost: amount(needed(Column::Cost)?)?,
    })
}

fn text(field: &Field, column: Column) -> Result<&str, String> {
    match field {
        Field::Str(text) => Ok(text),
        _ => Err(format!("`{}` is no text", column.name())),
    }
}

fn moment(field: &Field) -> Result<Moment, String> {
    let seconds = match field {
        Field::Str(text) => return charge::moment(text),
        Field::TimestampMillis(millis) => millis.div_euclid(1000),
        Field::TimestampMicros(micros) => micros.div_euclid(1_000_000),
        _ => return Err("a time stamp that is none".to_owned()),
    };
    Moment::from_unix_seconds(seconds).ok_or_else(|| format!("`{field}` is no time stamp"))
}

/// Amounts in words, so that a binary fraction reads as it was meant: the shortest text that is it.
fn amount(field: &Field) -> Result<rust_decimal::Decimal, String> {
    match field {
        Field::Double(number) if number.is_finite() => charge::amount(&number.to_string()),
        Field::Float(number) if number.is_finite() => charge::amount(&number.to_string()),
        Field::Str(text) => charge::amount(text),
        Field::Decimal(_) | Field::Int(_) | Field::Long(_) => charge::amount(&field.to_string()),
        _ => Err("an amount that is no number".to_owned()),
    }
}

fn tags(field: &Field) -> Result<Vec<(String, String)>, String> {
    let pairs = match field {
        Field::Str(text) => return present(text).map_or(Ok(Vec::new()), charge::tags_in),
        Field::MapInternal(map) => map.entries(),
        _ => return Err("tags that are no map of texts".to_owned()),
    };
    let mut tags = Vec::new();
    let mut bytes = 0;
    for pair in pairs {
        match pair {
            (Field::Str(key), Field::Str(value)) => {
                bytes += key.len() + value.len();
                if bytes > charge::LONGEST_TAGS {
                    return Err(format!("tags of more than {} bytes", charge::LONGEST_TAGS));
                }
                tags.push((key.clone(), value.clone()));
            }
            (Field::Str(_), Field::Null) => {}
            _ => return Err("tags that are no map of texts".to_owned()),
        }
    }
    Ok(charge::tags(tags.into_iter()))
}
