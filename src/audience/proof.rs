//! The proof: looks for every value that was removed in every byte that is about to be published, in all spellings that
//! pages, documents and addresses give it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::ops::Bound::{Included, Unbounded};
use std::sync::Mutex;

use aho_corasick::AhoCorasick;
use percent_encoding::percent_decode;

use super::finding::Found;
use super::forms::{can_be_searched_for, html_escaped, is_elsewhere, percent_encoded};
use crate::catalog::configuration::Removable;

/// Files that are named in a refusal at most.
const NAMED: usize = 12;

/// Bytes of a long file that are looked at together.
const PIECE: usize = 4 << 20;

/// How names of resources begin. There may be millions, so what follows is looked up and not searched for.
const ARN_BEGINNINGS: [&str; 2] = ["arn:aws", "arn%3aaws"];

/// Bytes of a name that are looked at; AWS allows 2,048, and an address may write each with three.
const LONGEST_ARN: usize = 3 * 2048;

/// Bytes before a value that say whether it is one.
const CONTEXT: usize = 16;

/// How often values were met, by their position.
type Met = BTreeMap<usize, usize>;

/// Looks at everything that is made for an audience.
#[derive(Debug)]
pub struct Proof {
    search: AhoCorasick,
    kinds: Vec<Removable>,
    arns: BTreeSet<String>,
    longest: usize,
    unproven: BTreeMap<Removable, usize>,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    files: usize,
    leaks: BTreeMap<String, BTreeSet<Removable>>,
}

impl Proof {
    pub(super) fn of(found: &Found, kinds: &BTreeSet<Removable>) -> Result<Self, String> {
        let (mut spelt, mut of, mut unproven) = (BTreeSet::new(), Vec::new(), BTreeMap::new());
        for &kind in kinds {
            let values = if kind == Removable::Arns { &BTreeSet::new() } else { found.of(kind) };
            for value in values {
                if can_be_searched_for(kind, value) {
                    spelt.extend(spellings(kind, value).map(|text| (text, kind)));
                } else {
                    *unproven.entry(kind).or_default() += 1;
                }
            }
        }
        let arns = found.of(Removable::Arns).clone();
        if !arns.is_empty() {
            spelt.extend(ARN_BEGINNINGS.map(|text| (text.to_owned(), Removable::Arns)));
        }
        of.extend(spelt.iter().map(|(_, kind)| *kind));
        let longest = spelt.iter().map(|(text, _)| text.len()).max().unwrap_or_default().max(LONGEST_ARN);
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(spelt.iter().map(|(text, _)| text))
            .map_err(|error| error.to_string())?;
        Ok(Self { search, kinds: of, arns, longest, unproven, seen: Mutex::default() })
    }

    /// How many values cannot be searched for, by kind: too short, or the same as common words and numbers.
    pub fn unproven(&self) -> &BTreeMap<Removable, usize> {
        &self.unproven
    }

    /// Looks at the file called `name`. What our own text `own` says that it is made with, such as the account in an
    /// example, counts only where it stands more often than there.
    pub fn look(&self, name: &str, bytes: &[u8], own: &[u8]) {
        let mut met = self.met(bytes);
        // Lines of calendars are folded in the middle of words.
        if name.ends_with(".ics") {
            let unfolded = String::from_utf8_lossy(bytes).replace("\r\n ", "");
            met.extend(self.met(unfolded.as_bytes()));
        }
        if !met.is_empty() {
            let ours = self.met(own);
            met.retain(|value, count| ours.get(value).is_none_or(|ours| *count > *ours));
        }
        self.note(name, &met);
    }

    /// Looks at the file called `name`, which may be too long to be held.
    pub fn look_through(&self, name: &str, reader: &mut dyn Read) -> io::Result<()> {
        let mut met = Met::new();
        let mut held = Vec::new();
        loop {
            let read = reader.take(PIECE as u64).read_to_end(&mut held)?;
            met.extend(self.met(&held));
            if read == 0 {
                break;
            }
            // What begins in this piece may end in the next.
            held.drain(..held.len().saturating_sub(self.longest + CONTEXT));
        }
        self.note(name, &met);
        Ok(())
    }

    fn met(&self, bytes: &[u8]) -> Met {
        let mut met = Met::new();
        for found in self.search.find_overlapping_iter(bytes) {
            let value = found.pattern().as_usize();
            let is_met = match self.kinds[value] {
                Removable::Arns => self.is_removed_arn(&bytes[found.start()..]),
                kind => !is_elsewhere(kind, bytes, found.range()),
            };
            if is_met {
                *met.entry(value).or_default() += 1;
            }
        }
        met
    }

    /// Whether a name of a resource that was removed stands at the beginning of `bytes`, alone or with more behind it.
    fn is_removed_arn(&self, bytes: &[u8]) -> bool {
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`<>\\".contains(byte);
        let end = bytes.iter().take(LONGEST_ARN).position(is_end).unwrap_or(bytes.len().min(LONGEST_ARN));
        let written = percent_decode(&bytes[..end]).decode_utf8_lossy();
        let written = written.replace("&#x2F;", "/").replace("&#x27;", "'").replace("&amp;", "&");
        let mut rest = written.as_str();
        // Of what sorts before it, only the last can be its beginning; else what both begin with is asked for again.
        while let Some(known) = self.arns.range::<str, _>((Unbounded, Included(rest))).next_back() {
            let shared = known.bytes().zip(rest.bytes()).take_while(|(a, b)| a == b).count();
            if shared == known.len() {
                let behind = written[shared..].bytes().next();
                if behind.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b"-_".contains(&byte)) {
                    return true;
                }
            }
            let shorter = if shared == known.len() { shared.saturating_sub(1) } else { shared };
            let shorter = (0..=shorter).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or_default();
            if shorter == 0 {
                return false;
            }
            rest = &rest[..shorter];
        }
        false
    }

    fn note(&self, name: &str, met: &Met) {
        // A value in the name of a file is one, too, and the name is not said.
        let of_name = self.met(name.as_bytes());
        let shown = if of_name.is_empty() { name.to_owned() } else { "the name of a file".to_owned() };
        let mut seen = self.seen.lock().expect("nobody panics while noting");
        seen.files += 1;
        let kinds: BTreeSet<_> = met.keys().chain(of_name.keys()).map(|value| self.kinds[*value]).collect();
        if !kinds.is_empty() {
            seen.leaks.entry(shown).or_default().extend(kinds);
        }
    }

    /// How many files were looked at; or where something came through, and of which kind, never what.
    pub fn verdict(&self) -> Result<usize, String> {
        let seen = self.seen.lock().expect("nobody panics while noting");
        if seen.leaks.is_empty() {
            return Ok(seen.files);
        }
        let lines = seen.leaks.iter().take(NAMED).map(|(name, kinds)| {
            let kinds: Vec<&str> = kinds.iter().map(|kind| kind.nouns().0).collect();
            format!("`{name}` ({})", kinds.join(", "))
        });
        let lines: Vec<String> = lines.collect();
        let more = seen.leaks.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(", and {more} more files") } else { String::new() };
        Err(format!("{}{more}", lines.join(", ")))
    }
}

/// How `value` may be written.
fn spellings(kind: Removable, value: &str) -> impl Iterator<Item = String> {
    let json = serde_json::to_string(value).unwrap_or_default();
    let json = json.trim_matches('"').to_owned();
    let dashed = match (kind, value.get(..4), value.get(4..8), value.get(8..)) {
        (Removable::AccountNumbers, Some(a), Some(b), Some(c)) => format!("{a}-{b}-{c}"),
        _ => value.to_owned(),
    };
    [value.to_owned(), percent_encoded(value), html_escaped(value), json, dashed].into_iter()
}
