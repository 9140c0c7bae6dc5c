//! The ledger: a chain of the runs that sealed packs. Every line names the digest of the one before, so a run that
//! is missing or replaced shows. A pack carries the lines of the runs before its own; its own line is written beside
//! it after sealing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::pack::Earlier;
use crate::day::Moment;
use crate::render::digest::Digest;

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Run {
    /// The moment it stands for.
    pub at: Moment,
    /// When what it judged was collected, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected_at: Option<Moment>,
    /// Its number, from 1.
    pub number: u64,
    /// The packs that it sealed, each with the digest of its tag manifest.
    pub packs: BTreeMap<String, String>,
    /// The digest of the line before; none for the first.
    pub previous: Option<String>,
    /// The digest of what was collected.
    pub snapshot: String,
}

/// A chain that holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The runs from old to new.
    pub runs: Vec<Run>,
    text: String,
}

impl Ledger {
    /// Reads the lines of a ledger. What breaks the chain is an error, with the number of the line.
    pub fn read(text: &str) -> Result<Self, String> {
        if !text.is_empty() && !text.ends_with('\n') {
            return Err("the last line of the ledger is cut short".to_owned());
        }
        let mut ledger = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let run: Run = serde_json::from_str(line)
                .map_err(|error| format!("line {number} of the ledger is no run: {error}"))?;
            ledger.check(&run).map_err(|why| format!("line {number} of the ledger {why}"))?;
            if line_of(&run) != line {
                return Err(format!("line {number} of the ledger is not written as we write it"));
            }
            ledger.push(run);
        }
        Ok(ledger)
    }

    /// The text of it, a run a line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether `run` may come next.
    fn check(&self, run: &Run) -> Result<(), String> {
        let expected = self.next_number();
        if run.number != expected {
            return Err(format!("has number {} where run {expected} is missing", run.number));
        }
        if run.previous != self.last_digest() {
            return Err(format!(
                "does not follow the line before: run {} was replaced or changed",
                expected - 1
            ));
        }
        if let Some(collected) = run.collected_at.filter(|collected| *collected > run.at) {
            return Err(format!("is of {}, and what it judged was collected later, at {collected}", run.at));
        }
        match self.runs.last() {
            Some(last) if last.at > run.at => {
                Err(format!("is of {}, which is before the run before it", run.at))
            }
            _ => Ok(()),
        }
    }

    fn push(&mut self, run: Run) {
        self.text.push_str(&line_of(&run));
        self.text.push('\n');
        self.runs.push(run);
    }

    /// The number of the run that comes next.
    pub fn next_number(&self) -> u64 {
        self.runs.len() as u64 + 1
    }

    /// The digest of the last line.
    fn last_digest(&self) -> Option<String> {
        self.text.lines().next_back().map(|line| Digest::of(line.as_bytes()).hexadecimal())
    }

    /// The number of the run that sealed `pack`. An error says why it is not of this chain.
    pub fn run_of(&self, pack: &Earlier) -> Result<u64, String> {
        let sealed = |run: &&Run| run.at == pack.now && run.packs.get(&pack.name) == Some(&pack.tag_manifest);
        self.runs.iter().find(sealed).map(|run| run.number).ok_or_else(|| {
            let (count, name) = (self.runs.len(), &pack.name);
            format!("none of the {count} runs before sealed the earlier pack, `{name}` of {}", pack.now)
        })
    }

    /// The runs before the one of `snapshot` at `at`, and the packs that this very run has sealed already: a run has
    /// one line, whatever its packs cover and however often it seals them.
    pub fn before(mut self, snapshot: Digest, at: Moment) -> (Self, BTreeMap<String, String>) {
        let is_same = |run: &Run| run.at == at && run.snapshot == snapshot.hexadecimal();
        if !self.runs.last().is_some_and(is_same) {
            return (self, BTreeMap::new());
        }
        let packs = self.runs.pop().map(|run| run.packs).unwrap_or_default();
        self.text = self.text.lines().take(self.runs.len()).map(|line| format!("{line}\n")).collect();
        (self, packs)
    }

    /// Adds the run that sealed `packs` of `snapshot`, with the moment at which that was collected.
    pub fn seal(
        &mut self,
        (snapshot, collected_at): (Digest, Option<Moment>),
        at: Moment,
        packs: BTreeMap<String, String>,
    ) -> Result<(), String> {
        let run = Run {
            at,
            collected_at,
            number: self.next_number(),
            packs,
            previous: self.last_digest(),
            snapshot: snapshot.hexadecimal(),
        };
        self.check(&run).map_err(|why| format!("the new line of the ledger {why}"))?;
        self.push(run);
        Ok(())
    }
}

fn line_of(run: &Run) -> String {
    serde_json::to_string(run).expect("a run is plain data")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Moment {
        Moment::parse(&format!("2026-11-{day}T03:00:00Z")).expect("a moment")
    }

    fn three_nights() -> Ledger {
        let mut ledger = Ledger::default();
        for day in ["19", "20", "21"] {
            let packs = BTreeMap::from([(
                format!("example-2026-11-{day}"),
                Digest::of(day.as_bytes()).hexadecimal(),
            )]);
            ledger.seal((Digest::of(day.as_bytes()), Some(at(day))), at(day), packs).expect("it follows");
        }
        ledger
    }

    #[test]
    fn a_ledger_comes_back_as_it_was_written() {
        let ledger = three_nights();
        assert_eq!(Ledger::read(ledger.text()), Ok(ledger));
    }

    #[test]
    fn a_night_that_is_missing_replaced_or_out_of_order_breaks_the_chain() {
        let text = three_nights().text().to_owned();
        let lines: Vec<&str> = text.lines().collect();
        let said = |lines: &[&str]| {
            let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
            Ledger::read(&text).expect_err("the chain is broken")
        };
        assert_eq!(said(&[lines[0], lines[2]]), "line 2 of the ledger has number 3 where run 2 is missing");
        assert_eq!(said(&lines[1..]), "line 1 of the ledger has number 2 where run 1 is missing");
        let replaced = lines[1].replace("example-2026-11-20", "example-2026-11-2x");
        assert_eq!(
            said(&[lines[0], &replaced, lines[2]]),
            "line 3 of the ledger does not follow the line before: run 2 was replaced or changed"
        );
        let spaced = lines[0].replacen(':', ": ", 1);
        assert_eq!(said(&[&spaced]), "line 1 of the ledger is not written as we write it");
        assert_eq!(Ledger::read(lines[0]), Err("the last line of the ledger is cut short".into()));
    }

    #[test]
    fn sealing_a_night_again_takes_the_place_of_its_line() {
        let ledger = three_nights();
        let (before, packs) = ledger.clone().before(Digest::of(b"21"), at("21"));
        assert_eq!((before.next_number(), before.runs.len(), packs.len()), (3, 2, 1));
        assert_eq!(ledger.clone().before(Digest::of(b"22"), at("21")), (ledger, BTreeMap::new()));
        let mut late = before.clone();
        let first = (Digest::of(b"1"), None);
        assert!(late.seal(first, at("01"), BTreeMap::new()).is_err(), "time runs forward");
    }

    #[test]
    fn a_night_cannot_be_judged_before_it_was_collected() {
        let mut ledger = three_nights();
        let said = ledger.seal((Digest::of(b"23"), Some(at("23"))), at("22"), BTreeMap::new());
        assert!(said.is_err_and(|why| why.contains("what it judged was collected later")));
    }
}
