//! Parquet files that are made to hurt: each is refused with what is wrong, and sound ones are read.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::sync::Arc;

use parquet::basic::{Encoding, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::*;
use crate::collect::focus::parquet::read;

const SCHEMA: &str = "message export {
    required binary ChargePeriodStart (UTF8);
    required binary ChargePeriodEnd (UTF8);
    required binary BillingCurrency (UTF8);
    required binary ChargeCategory (UTF8);
    required double EffectiveCost;
    required binary Tags (UTF8);
}";

/// An export with one charge that has `tags`.
fn export(tags: &str, properties: WriterPropertiesBuilder) -> File {
    let file = tempfile::tempfile().expect("a file");
    let properties = properties.set_statistics_enabled(EnabledStatistics::None).build();
    let schema = Arc::new(parse_message_type(SCHEMA).expect("a schema"));
    let copy = file.try_clone().expect("the same file");
    let mut writer = SerializedFileWriter::new(copy, schema, Arc::new(properties)).expect("a writer");
    let mut texts = ["2026-10-01 00:00:00", "2026-10-01 01:00:00", "USD", "Usage", tags].into_iter();
    let mut group = writer.next_row_group().expect("a group");
    while let Some(mut column) = group.next_column().expect("a column") {
        match column.untyped() {
            ColumnWriter::ByteArrayColumnWriter(column) => {
                let text = ByteArray::from(texts.next().expect("a text for each column"));
                column.write_batch(&[text], None, None).expect("written");
            }
            ColumnWriter::DoubleColumnWriter(column) => {
                column.write_batch(&[1.5], None, None).expect("written");
            }
            _ => unreachable!("the schema has no other columns"),
        }
        column.close().expect("written");
    }
    group.close().expect("written");
    writer.close().expect("written");
    file
}

fn plain() -> WriterPropertiesBuilder {
    WriterProperties::builder().set_dictionary_enabled(false)
}

fn zstd() -> Compression {
    Compression::ZSTD(ZstdLevel::default())
}

fn gzip() -> Compression {
    Compression::GZIP(parquet::basic::GzipLevel::default())
}

fn metadata(file: &File) -> ParquetMetaData {
    let reader = SerializedFileReader::new(file.try_clone().expect("the same file")).expect("sound");
    reader.metadata().clone()
}

/// Where the first page of `Tags` begins.
fn tags_begin(file: &File) -> u64 {
    metadata(file).row_group(0).column(5).byte_range().0
}

fn written(mut file: &File, at: u64, bytes: &[u8]) {
    file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(bytes)).expect("written");
}

#[test]
fn sound_exports_are_read_however_they_are_packed() {
    for packing in [Compression::UNCOMPRESSED, Compression::SNAPPY, gzip(), zstd()] {
        for has_dictionary in [true, false] {
            let properties = WriterProperties::builder().set_compression(packing);
            let file = export("{\"Service\": \"quote\"}", properties.set_dictionary_enabled(has_dictionary));
            let months = read(file).unwrap_or_else(|reason| panic!("{packing}: {reason}")).months("bill");
            assert_eq!((months[0].charges, months[0].lines[0].cost.to_string()), (1, "1.5".to_owned()));
        }
    }
}

#[test]
fn a_page_that_unpacks_to_more_than_any_export_has_is_not_unpacked() {
    let bomb = " ".repeat((64 << 20) + 1);
    let file = export(&bomb, plain().set_compression(zstd()));
    assert!(file.metadata().expect("it is there").len() < 64 << 10, "it is small");
    let reason = read(file).err().expect("a bomb");
    assert!(reason.starts_with("a page of `Tags` unpacks to 67108869 bytes"), "{reason}");
}

#[test]
fn a_page_that_unpacks_to_more_than_it_promises_is_not_unpacked() {
    let file = export(&" ".repeat(1 << 20), plain().set_compression(gzip()));
    // The kind, then how many bytes: 64, written in as many bytes as were there.
    written(&file, tags_begin(&file) + 3, &[0x80, 0x81, 0x80, 0]);
    let reason = read(file).err().expect("a lie");
    assert!(reason.contains("unpacks to more than the 64 bytes that it promises"), "{reason}");
}

#[test]
fn texts_in_deltas_are_refused() {
    for encoding in [Encoding::DELTA_BYTE_ARRAY, Encoding::DELTA_LENGTH_BYTE_ARRAY] {
        let reason = read(export("{}", plain().set_column_encoding("Tags".into(), encoding))).err();
        assert!(reason.is_some_and(|reason| reason.contains("deltas")), "{encoding}");
    }
}

#[test]
fn counts_that_cannot_be_are_refused() {
    let file = export("{}", plain());
    let with_rows = |rows: i64| {
        let metadata = metadata(&file);
        let group = metadata.row_group(0).clone().into_builder().set_num_rows(rows).build().expect("a group");
        look_at_pages(&file, &metadata.into_builder().set_row_groups(vec![group]).build())
    };
    assert_eq!(with_rows(1), Ok(()));
    assert_eq!(with_rows(0), Err("`ChargePeriodStart` holds more than 0 values".to_owned()));
    assert_eq!(with_rows(1 << 40), Err("it says that it holds more than 100000000 charges".to_owned()));
    let twice = metadata(&file);
    let group = twice.row_group(0).clone();
    let overlapping = twice.into_builder().set_row_groups(vec![group; 100]).build();
    assert_eq!(look_at_pages(&file, &overlapping), Err("its columns are longer than the file".to_owned()));
}

/// A number of Thrift.
fn number(number: i64) -> Vec<u8> {
    let mut coded = (number << 1 ^ number >> 63).cast_unsigned();
    let mut bytes = Vec::new();
    while coded >= 0x80 {
        bytes.push(coded as u8 | 0x80);
        coded >>= 7;
    }
    bytes.push(coded as u8);
    bytes
}

/// A dictionary of so many values, in so many bytes.
fn dictionary(unpacked: i64, values: i64, encoding: i64) -> Vec<u8> {
    let sizes = [2, unpacked, 0].map(|size| [vec![0x15], number(size)].concat()).concat();
    let inner = [values, encoding].map(|size| [vec![0x15], number(size)].concat()).concat();
    [sizes, vec![0x4c], inner, vec![0, 0]].concat()
}

#[test]
fn a_dictionary_that_says_it_is_huge_is_not_made_room_for() {
    let judged = |header: &[u8]| {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(header).expect("written");
        let chunk = Chunk { file: &file, name: "Tags", is_gzip: false, most: 10 };
        chunk.look_at(0, header.len() as u64)
    };
    assert_eq!(judged(&dictionary(4000, 1000, 0)), Ok(()));
    let said = "a dictionary of `Tags` says that 4000 bytes hold 2147483647 values";
    assert_eq!(judged(&dictionary(4000, 2_147_483_647, 0)), Err(said.to_owned()));
    assert_eq!(judged(&dictionary(-1, 0, 0)), Err(DAMAGED.to_owned()));
    assert_eq!(judged(&dictionary(40, 1, 0)[..4]), Err(DAMAGED.to_owned()));
}

/// A header with so many values in so many bytes; `inner` is what follows the sizes, field by field from 3 on.
fn header(inner: &[u8]) -> Vec<u8> {
    let sizes = [2, 4000, 0].map(|size| [vec![0x15], number(size)].concat()).concat();
    [&sizes, inner, &[0]].concat()
}

/// A structure: so many steps after the field before it, with numbers in its fields from 1 on.
fn structure(step: u8, numbers: &[i64]) -> Vec<u8> {
    let fields = numbers.iter().flat_map(|value| [vec![0x15], number(*value)].concat());
    [step << 4 | 0xc].into_iter().chain(fields).chain([0]).collect()
}

#[test]
fn a_page_that_says_what_it_holds_twice_is_refused() {
    let judged = |inner: &[u8]| {
        let mut file = tempfile::tempfile().expect("a file");
        let header = header(inner);
        file.write_all(&header).expect("written");
        let chunk = Chunk { file: &file, name: "Tags", is_gzip: false, most: 10 };
        chunk.look_at(0, header.len() as u64)
    };
    // Field 5 is about data, 7 about a dictionary, 8 about data of the second version.
    let (data, dictionary) = (structure(2, &[1, 0]), structure(4, &[1, 0]));
    assert_eq!((judged(&data), judged(&dictionary)), (Ok(()), Ok(())));
    let refused = Err(DAMAGED.to_owned());
    let both = [data.clone(), structure(2, &[1, 0])].concat();
    assert_eq!(judged(&both), refused, "data and a dictionary");
    let second = [dictionary.clone(), structure(1, &[1, 0, 0, 0])].concat();
    assert_eq!(judged(&second), refused, "a dictionary and data of the second version");
    // Without a step the number of the field is spelt out.
    let again = [data, vec![0x0c], number(5), structure(0, &[1, 0])[1..].to_vec()].concat();
    assert_eq!(judged(&again), refused, "data, and data again");
    let twice =
        [vec![0x2c], vec![0x15], number(1), vec![0x05], number(1), number(1), vec![0x15, 0, 0]].concat();
    assert_eq!(judged(&twice), refused, "one number of values, and another");
    // The second says how its values are written, and not how many there are.
    let encoding = [structure(2, &[1, 0]), vec![0x2c, 0x25, 0, 0]].concat();
    assert_eq!(judged(&encoding), refused, "two ways in which values are written");
}

/// A file with nothing but this at its end.
fn footer(footer: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a file");
    let length = u32::try_from(footer.len()).expect("it is short").to_le_bytes();
    file.write_all(&[b"PAR1", footer, &length, b"PAR1"].concat()).expect("written");
    file
}

/// A footer whose columns have so many columns each.
fn columns(children: &[i64]) -> Vec<u8> {
    let head = [0x15, 2, 0x19, 0xfc];
    let mut count = Vec::new();
    let mut rest = children.len();
    while rest >= 0x80 {
        count.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    count.push(rest as u8);
    let one = |children: &i64| [vec![0x55], number(*children), vec![0]].concat();
    [head.to_vec(), count, children.iter().flat_map(one).collect(), vec![0]].concat()
}

#[test]
fn columns_that_cannot_be_are_refused_before_there_is_room_made_for_them() {
    let said = |children: &[i64]| look_at_footer(&footer(&columns(children)));
    assert_eq!(said(&[2, 0, 0]), Ok(()));
    let huge = "a column of it says that it has 2147483647 columns".to_owned();
    assert_eq!(said(&[2_147_483_647, 0]), Err(huge));
    assert_eq!(said(&[1; 100_000]), Err("its columns lie too deep in each other".to_owned()));
    assert_eq!(look_at_footer(&footer(&[0x19; 1000])), Err(DAMAGED.to_owned()));
    let long = look_at_footer(&footer(&vec![0; (8 << 20) + 1]));
    assert_eq!(long, Err("it says 8388609 bytes about itself; at most 8388608 are read".to_owned()));
    for end in [&b"PAR1"[..], b"PAR1\xff\xff\xff\xffPAR1", b"", b"PAR1\0\0\0\0PARE"] {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(end).expect("written");
        assert_eq!(look_at_footer(&file), Err(DAMAGED.to_owned()), "{end:?}");
    }
}

#[test]
fn a_file_with_any_byte_changed_is_read_or_refused() {
    let sound = export("{\"Service\": \"quote\"}", WriterProperties::builder().set_compression(zstd()));
    let mut bytes = vec![0; usize::try_from(sound.metadata().expect("it is there").len()).expect("small")];
    sound.read_exact_at(&mut bytes, 0).expect("read");
    for position in 0..bytes.len() {
        for change in [0x00, 0x7f, 0xff] {
            let before = std::mem::replace(&mut bytes[position], change);
            let mut file = tempfile::tempfile().expect("a file");
            file.write_all(&bytes).expect("written");
            // It may still be an export, with another amount; what matters is that it is one or the other.
            if let Err(reason) = read(file) {
                assert!(reason.len() < 500, "{reason}");
            }
            bytes[position] = before;
        }
    }
}
