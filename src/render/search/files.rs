//! Which row lies in which file, and how a file is written: one call of a function, so that pages read
//! it as a script, which works from a folder as well as from a server.

use super::index::{Index, List, json};
use super::record::KINDS;
use super::words::{hash, power};

/// Version of the format.
const FORMAT: u32 = 1;
/// A leaf of names is split when it is larger.
const LEAF: usize = 24_000;
/// Size of a bucket, about.
const BUCKET: usize = 2048;
/// Longest file name: a leaf that would need a longer one is not split any more.
const LONGEST_NAME: usize = 200;

/// One row of the index.
#[derive(Clone, Copy, Debug)]
pub(super) enum Row {
    /// A word of names.
    Name(u32),
    /// Part of the list of a word of names.
    NamePart(u32, u32),
    /// A word of texts.
    Text(u32),
    /// Part of the list of a word of texts.
    TextPart(u32, u32),
    /// Half a word.
    Half(u32),
}

/// Which rows lie in which file.
#[derive(Debug)]
pub(super) struct Files {
    index: Index,
    /// Leaves with the range of names they hold; sorted.
    leaves: Vec<(String, std::ops::Range<usize>)>,
    buckets: Vec<Vec<Row>>,
    bits: u32,
}

impl Files {
    pub(super) fn of(index: Index) -> Self {
        let mut files = Self { index, leaves: Vec::new(), buckets: Vec::new(), bits: 0 };
        files.grow_leaves();
        files.fill_buckets();
        files
    }

    /// Names of all files, below `search/` and without their ending.
    pub(super) fn names(&self) -> Vec<String> {
        let leaves = self.leaves.iter().map(|(leaf, _)| leaf_name(leaf));
        let buckets = (0..self.buckets.len()).map(|number| self.bucket_name(number));
        std::iter::once("root".to_owned()).chain(leaves).chain(buckets).collect()
    }

    /// The text of the file at `position` of [`Files::names`].
    pub(super) fn text(&self, position: usize) -> String {
        if position == 0 {
            return self.root();
        }
        if let Some((leaf, range)) = self.leaves.get(position - 1) {
            let rows = range.clone().map(|row| self.row(Row::Name(number(row))));
            return call(&leaf_name(leaf), rows);
        }
        let bucket = position - 1 - self.leaves.len();
        call(&self.bucket_name(bucket), self.buckets[bucket].iter().map(|row| self.row(*row)))
    }

    fn root(&self) -> String {
        let leaves: Vec<&str> = self.leaves.iter().map(|(leaf, _)| leaf.as_str()).collect();
        let kinds: Vec<_> = KINDS
            .iter()
            .zip(self.index.counts)
            .filter(|(_, count)| *count > 0)
            .map(|((letter, one, many, path), count)| (letter, one, many, path, count))
            .collect();
        let root = serde_json::to_string(&(FORMAT, self.bits, leaves, kinds)).expect("texts and numbers");
        format!("milepost(\"root\",{root})\n")
    }

    fn bucket_name(&self, bucket: usize) -> String {
        let digits = self.bits.div_ceil(4) as usize;
        format!("w/{bucket:0digits$x}")
    }

    fn grow_leaves(&mut self) {
        let mut before = Vec::with_capacity(self.index.names.len() + 1);
        let mut total = 0;
        before.push(total);
        for row in 0..self.index.names.len() {
            total += self.size(Row::Name(number(row)));
            before.push(total);
        }
        let mut open = vec![(String::new(), 0..self.index.names.len())];
        while let Some((prefix, range)) = open.pop() {
            let small = before[range.end] - before[range.start] <= LEAF || range.len() <= 1;
            if small || leaf_name(&prefix).len() > LONGEST_NAME {
                self.leaves.push((prefix, range));
                continue;
            }
            let mut start = range.start;
            if *self.index.names[start].0 == *prefix {
                self.leaves.push((format!("{prefix}$"), start..start + 1));
                start += 1;
            }
            // Rows are sorted, so those with one next character lie together.
            let next = |row: usize| self.index.names[row].0[prefix.len()..].chars().next();
            while start < range.end {
                let first = next(start);
                let end = (start..range.end).find(|row| next(*row) != first).unwrap_or(range.end);
                open.push((format!("{prefix}{}", first.map(String::from).unwrap_or_default()), start..end));
                start = end;
            }
        }
        self.leaves.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    }

    fn fill_buckets(&mut self) {
        let mut rows = Vec::new();
        for (row, (_, list)) in self.index.names.iter().enumerate() {
            rows.extend((0..list.parts()).map(|part| Row::NamePart(number(row), part)));
        }
        for (row, (_, list)) in self.index.texts.iter().enumerate() {
            rows.push(Row::Text(number(row)));
            rows.extend((0..list.parts()).map(|part| Row::TextPart(number(row), part)));
        }
        rows.extend((0..self.index.halves.len()).map(|row| Row::Half(number(row))));
        let total: usize = rows.iter().map(|row| self.size(*row)).sum();
        self.bits = power(total.div_ceil(BUCKET), 1);
        self.buckets = vec![Vec::new(); 1 << self.bits];
        for row in rows {
            let place = hash(&self.key(row)) & ((1 << self.bits) - 1);
            self.buckets[place as usize].push(row);
        }
        let mut buckets = std::mem::take(&mut self.buckets);
        for bucket in &mut buckets {
            bucket.sort_by_cached_key(|row| self.key(*row));
        }
        self.buckets = buckets;
    }

    fn key(&self, row: Row) -> String {
        match row {
            Row::Name(row) => self.name(row).0.to_string(),
            Row::NamePart(row, part) => format!("{}@{part}", self.name(row).0),
            Row::Text(row) => self.index.texts[row as usize].0.to_string(),
            Row::TextPart(row, part) => format!("{}#{part}", self.index.texts[row as usize].0),
            Row::Half(row) => self.index.halves[row as usize].0.to_string(),
        }
    }

    fn name(&self, row: u32) -> &(Box<str>, List) {
        &self.index.names[row as usize]
    }

    /// Calls `each` with the JSON of every value of `row`; gives size and power.
    fn values(&self, row: Row, mut each: impl FnMut(&str)) -> (usize, u32) {
        let mut entries = |postings: &[u32]| {
            postings.iter().for_each(|posting| each(&self.index.entries[*posting as usize].entry));
        };
        match row {
            Row::Name(row) => {
                let list = &self.name(row).1;
                entries(list.own());
                (list.size, list.power)
            }
            Row::NamePart(row, part) => {
                entries(self.name(row).1.part(part));
                (0, 0)
            }
            Row::Text(_) | Row::TextPart(..) => {
                let (list, postings) = match row {
                    Row::TextPart(row, part) => {
                        let list = &self.index.texts[row as usize].1;
                        (None, list.part(part))
                    }
                    Row::Text(row) | Row::Name(row) | Row::NamePart(row, _) | Row::Half(row) => {
                        let list = &self.index.texts[row as usize].1;
                        (Some(list), list.own())
                    }
                };
                postings.iter().for_each(|posting| each(&self.index.entries[*posting as usize].key));
                list.map_or((0, 0), |list| (list.size, list.power))
            }
            Row::Half(row) => {
                let words = &self.index.halves[row as usize].1;
                words.iter().for_each(|word| each(&json(&self.name(*word).0)));
                (words.len(), 0)
            }
        }
    }

    /// `row` as JSON.
    fn row(&self, row: Row) -> String {
        let mut values = String::new();
        let (size, power) = self.values(row, |value| {
            values.push(',');
            values.push_str(value);
        });
        format!("[{},{size},{power}{values}]", json(&self.key(row)))
    }

    /// How many bytes [`Files::row`] gives, without writing them.
    fn size(&self, row: Row) -> usize {
        let mut bytes = 0;
        let (size, power) = self.values(row, |value| bytes += 1 + value.len());
        let digits = |number: usize| number.checked_ilog10().unwrap_or(0) as usize + 1;
        bytes + json(&self.key(row)).len() + digits(size) + digits(power as usize) + 4
    }
}

fn number(position: usize) -> u32 {
    u32::try_from(position).expect("words are counted in 32 bits")
}

fn call(name: &str, rows: impl Iterator<Item = String>) -> String {
    let rows: Vec<String> = rows.collect();
    format!("milepost({},[{}])\n", json(name), rows.join(","))
}

/// The file name of a leaf: percent-encoded as browsers do, with `_` for `%`.
fn leaf_name(leaf: &str) -> String {
    use std::fmt::Write;
    let mut name = String::from("n/n-");
    for byte in leaf.bytes() {
        if byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')')
        {
            name.push(char::from(byte));
        } else {
            write!(name, "_{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    name
}
