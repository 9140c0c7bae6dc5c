//! Draws a sample from a population, so that auditor and auditee draw the same: the rows whose key has the smallest
//! SHA-256 together with the seed. Nobody can choose a row, and anybody can repeat the draw.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::opened::Opened;
use super::paths;
use crate::render::digest::Digest;
use crate::render::evidence::population::Kind;
use crate::words;

/// A draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The name of the population.
    pub population: String,
    /// How many rows it has.
    pub of: usize,
    /// Its keys: the heads of the table.
    pub heads: Vec<String>,
    /// The rows drawn, in the order in which they were drawn.
    pub rows: Vec<Map<String, Value>>,
}

/// Draws `n` rows of `population` from `pack`.
pub fn draw(pack: &mut Opened, population: &str, n: usize, seed: &str) -> Result<Sample, String> {
    let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == population) else {
        let known = Kind::ALL.map(Kind::name);
        return Err(format!("no population is called `{population}`; there are {}", words::list(&known)));
    };
    let path = format!("{}{population}.json", paths::POPULATIONS);
    let rows: Vec<Map<String, Value>> =
        serde_json::from_str(&pack.text(&path)?).map_err(|error| format!("`{path}` is not ours: {error}"))?;
    let of = rows.len();
    let heads = rows.first().map(|row| row.keys().cloned().collect()).unwrap_or_default();
    let mut drawn: BTreeSet<(Digest, usize)> = BTreeSet::new();
    for (position, row) in rows.iter().enumerate() {
        let key = row.get(kind.heads()[0]).and_then(Value::as_str).unwrap_or_default();
        drawn.insert((lot(seed, population, key), position));
        if drawn.len() > n {
            drawn.pop_last();
        }
    }
    let rows = drawn.into_iter().map(|(_, position)| rows[position].clone()).collect();
    Ok(Sample { population: population.to_owned(), of, heads, rows })
}

/// What decides over a row: SHA-256 of the seed, the population and the key, a line feed between them.
fn lot(seed: &str, population: &str, key: &str) -> Digest {
    let mut hash = Sha256::new();
    hash.update(seed.as_bytes());
    hash.update(b"\n");
    hash.update(population.as_bytes());
    hash.update(b"\n");
    hash.update(key.as_bytes());
    Digest(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lot_of_a_row_is_what_any_program_computes() {
        // printf 'audit-7\nservices\nparcel-quote' | sha256sum
        let lot = lot("audit-7", "services", "parcel-quote").hexadecimal();
        assert_eq!(lot, "db35e3ac204ffa310c7de99ced1741fc541d1394aa0ed10d18b0f7d2f5ad5827");
    }
}
