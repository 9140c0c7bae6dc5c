//! The index in memory: words and the records that have them, as numbers. Rows become text only when
//! their file is rendered.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::record::{KINDS, Record};
use super::words::{each_word, flat, hash, power};

/// A list of names longer than this is cut into parts.
const NAMES_IN_ROW: usize = 512;
/// A list of texts longer than this is cut into parts.
const TEXTS_IN_ROW: usize = 48;
/// Longest word that is kept.
const LONGEST_WORD: usize = 40;
/// Most words of a record's names, and of its text: against stuffing.
const MOST_NAMES: usize = 24;
const MOST_TEXTS: usize = 64;

/// One record as rows show it.
#[derive(Debug)]
pub(super) struct Entry {
    /// The whole entry, as JSON.
    pub(super) entry: Box<str>,
    /// Its key alone, as JSON.
    pub(super) key: Box<str>,
    /// What decides in which part of a long list it lies.
    hash: u32,
}

/// The records that have a word.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) size: usize,
    /// The list lies in 2^power parts; in its own row when 0.
    pub(super) power: u32,
    postings: Vec<u32>,
    /// Where each part ends, when there are parts.
    ends: Vec<u32>,
}

impl List {
    fn new(postings: Vec<u32>, most: usize, exact: bool, entries: &[Entry]) -> Self {
        let power = power(postings.len(), most);
        let size = if power == 0 || exact { postings.len() } else { most << power };
        if power == 0 {
            return Self { size, power, postings, ends: Vec::new() };
        }
        let part = |posting: &u32| entries[*posting as usize].hash & ((1 << power) - 1);
        let mut postings = postings;
        postings.sort_by_key(part);
        let ends = (0..1_u32 << power)
            .map(|number| u32::try_from(postings.partition_point(|posting| part(posting) <= number)))
            .map(|end| end.expect("postings are counted in 32 bits"))
            .collect();
        Self { size, power, postings, ends }
    }

    /// The postings of its own row: all, or none when it lies in parts.
    pub(super) fn own(&self) -> &[u32] {
        if self.power == 0 { &self.postings } else { &[] }
    }

    /// How many parts it lies in.
    pub(super) fn parts(&self) -> u32 {
        if self.power == 0 { 0 } else { 1 << self.power }
    }

    /// The postings of part `number`.
    pub(super) fn part(&self, number: u32) -> &[u32] {
        let end = |number: u32| self.ends[number as usize] as usize;
        let start = if number == 0 { 0 } else { end(number - 1) };
        &self.postings[start..end(number)]
    }
}

/// Words by their rows.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) entries: Vec<Entry>,
    /// How many records of each kind there are, in the order of [`KINDS`].
    pub(super) counts: [usize; KINDS.len()],
    /// Words of names, and whole ids with `-` behind them; sorted.
    pub(super) names: Vec<(Box<str>, List)>,
    /// Words of texts; sorted.
    pub(super) texts: Vec<(Box<str>, List)>,
    /// Halves of words, with the positions of the words in `names`.
    pub(super) halves: Vec<(Box<str>, Vec<u32>)>,
}

/// One record, taken apart.
struct Parted {
    rank: usize,
    id: String,
    entry: Entry,
    names: Vec<String>,
    texts: Vec<String>,
}

impl Index {
    /// Takes `records` apart.
    pub(super) fn of(records: Vec<Record>) -> Self {
        let mut parted: Vec<Parted> = records.into_par_iter().filter_map(part).collect();
        parted.par_sort_unstable_by(|a, b| (a.rank, &a.id).cmp(&(b.rank, &b.id)));
        parted.dedup_by(|later, earlier| (later.rank, &later.id) == (earlier.rank, &earlier.id));
        let mut index = Self::default();
        let (mut names, mut texts) = (HashMap::new(), HashMap::new());
        for (number, parted) in parted.into_iter().enumerate() {
            let number = u32::try_from(number).expect("records are counted in 32 bits");
            index.counts[parted.rank] += 1;
            for (words, lists) in [(parted.names, &mut names), (parted.texts, &mut texts)] {
                for word in words {
                    lists.entry(word.into_boxed_str()).or_insert_with(Vec::new).push(number);
                }
            }
            index.entries.push(parted.entry);
        }
        index.names = sorted(names, NAMES_IN_ROW, true, &index.entries);
        index.texts = sorted(texts, TEXTS_IN_ROW, false, &index.entries);
        index.halves = halves(&index.names);
        index
    }
}

fn sorted(
    lists: HashMap<Box<str>, Vec<u32>>,
    most: usize,
    exact: bool,
    entries: &[Entry],
) -> Vec<(Box<str>, List)> {
    let mut lists: Vec<(Box<str>, List)> = lists
        .into_par_iter()
        .map(|(word, postings)| (word, List::new(postings, most, exact, entries)))
        .collect();
    lists.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
    lists
}

fn part(record: Record) -> Option<Parted> {
    let rank = KINDS.iter().position(|(letter, ..)| *letter == record.kind)?;
    let mut of_id: HashSet<String> = HashSet::new();
    each_word(&record.id, |word| {
        of_id.insert(word.to_owned());
    });
    let mut says_more = false;
    each_word(&record.title, |word| says_more |= !of_id.contains(word));
    let mut entry = format!("{}{}", record.kind, record.id);
    let key = json(&entry);
    let aliases = record.aliases.join(" ");
    if says_more || !aliases.is_empty() {
        entry.push('\t');
        if says_more {
            entry.extend(record.title.chars().map(|c| if c.is_control() { ' ' } else { c }));
        }
    }
    if !aliases.is_empty() {
        entry.push('\t');
        entry.push_str(&aliases);
    }
    let mut own: Vec<String> = Vec::new();
    let mut met: HashSet<String> = HashSet::new();
    each_word(&entry[record.kind.len_utf8()..], |word| {
        if own.len() < MOST_NAMES && is_short(word) && met.insert(word.to_owned()) {
            own.push(word.to_owned());
        }
    });
    let mut texts: Vec<String> = own.iter().filter(|word| !of_id.contains(*word)).cloned().collect();
    let most = texts.len() + MOST_TEXTS;
    // From here on `met` holds what is known already: own words and those of the text so far.
    each_word(&record.text, |word| {
        let fits = texts.len() < most && word.chars().nth(1).is_some() && is_short(word);
        if fits && met.insert(word.to_owned()) {
            texts.push(word.to_owned());
        }
    });
    let flat = flat(&record.id);
    let hash = hash(&format!("{}{flat}", record.kind));
    own.push(format!("{flat}-"));
    let entry = Entry { entry: json(&entry), key, hash };
    Some(Parted { rank, id: record.id, entry, names: own, texts })
}

fn is_short(word: &str) -> bool {
    word.len() <= LONGEST_WORD || word.chars().nth(LONGEST_WORD).is_none()
}

fn halves(names: &[(Box<str>, List)]) -> Vec<(Box<str>, Vec<u32>)> {
    let mut halves: BTreeMap<Box<str>, Vec<u32>> = BTreeMap::new();
    for (position, (word, _)) in names.iter().enumerate() {
        let length = word.chars().count();
        if length < 3 || word.contains('-') {
            continue;
        }
        let middle = word.char_indices().nth(length / 2).map_or(word.len(), |(at, _)| at);
        let position = u32::try_from(position).expect("words are counted in 32 bits");
        for half in [format!("<{}", &word[..middle]), format!(">{}", &word[middle..])] {
            halves.entry(half.into()).or_default().push(position);
        }
    }
    halves.into_iter().collect()
}

/// `text` as JSON.
pub(super) fn json(text: &str) -> Box<str> {
    serde_json::to_string(text).expect("text is always JSON").into()
}
