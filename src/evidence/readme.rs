//! What the pack says to somebody who opens it without any of our programs.

use std::fmt::Write as _;
use std::io;

use super::archive::Spool;
use super::pack::Material;
use super::period::Period;
use super::population::Population;
use super::selection::Selection;
use super::{bag, paths};
use crate::diagnostic::text::harmless;

/// Adds the text.
pub(super) fn add(
    spool: &mut Spool,
    material: &Material<'_>,
    selection: &Selection,
    populations: &[Population],
    counted: (usize, Option<Period>),
) -> io::Result<()> {
    let text = text(material, selection, populations, counted).expect("writing to a string cannot fail");
    spool.add(paths::README, |out| out.write_all(text.as_bytes()))
}

fn text(
    material: &Material<'_>,
    selection: &Selection,
    populations: &[Population],
    (results, period): (usize, Option<Period>),
) -> Result<String, std::fmt::Error> {
    let Material { catalog, run, request, .. } = *material;
    let mut text = String::new();
    writeln!(text, "Evidence of {}, as of {}", harmless(&catalog.organisation), run.as_of)?;
    writeln!(text, "Covers: {}", request.covers.words())?;
    if let Some(period) = period {
        writeln!(text, "Period: {} (data/period.csv)", period.words())?;
    }
    writeln!(text, "Judged at {} by Milepost {}", run.moment, run.version)?;
    match &request.signed_by {
        Some(key) => writeln!(text, "Signed by the key {key}; without its signature it is not whole")?,
        None => writeln!(text, "Signed by nobody")?,
    }
    if let Some(audience) = &request.audience {
        writeln!(
            text,
            "Made for the audience {}: what they do not see is left out, and so are",
            harmless(audience)
        )?;
        writeln!(text, "the inputs, which hold it; this pack cannot be judged again.")?;
    }
    match &request.previous {
        Some(earlier) => {
            writeln!(text, "Compared with {} (tag manifest {})\n", earlier.name, earlier.tag_manifest)?
        }
        None => writeln!(text, "Compared with no earlier pack, so data/changes.csv is empty\n")?,
    }
    writeln!(text, "HOW TO VERIFY, in the folder that holds bagit.txt\n")?;
    writeln!(text, "  1. Who sealed it (needs OpenSSH, and allowed_signers from outside of this pack):")?;
    writeln!(
        text,
        "     ssh-keygen -Y verify -f allowed_signers -I SIGNER -n {} \\\n       -s {} < {}",
        super::signature::NAMESPACE,
        bag::SIGNATURE,
        bag::TAG_MANIFEST
    )?;
    writeln!(text, "  2. That nothing changed since:")?;
    writeln!(text, "     sha256sum -c {} {}", bag::TAG_MANIFEST, bag::MANIFEST)?;
    writeln!(text, "     (macOS: shasum -a 256 -c {} {})\n", bag::TAG_MANIFEST, bag::MANIFEST)?;
    writeln!(text, "  Neither sees files that were added. The count in {} does, and so does", bag::INFO)?;
    writeln!(text, "  any checker of BagIt 1.0: pip install bagit; bagit.py --validate .")?;
    writeln!(text, "  Where {} is not there, the pack is not signed:", bag::SIGNATURE)?;
    writeln!(text, "  then it proves only that it is whole in itself, not who made it.\n")?;
    writeln!(text, "  With Milepost: milepost evidence verify PACK --recompute")?;
    writeln!(text, "  It judges the inputs in this pack again and compares every byte of the outcome.\n")?;
    writeln!(text, "POPULATIONS\n")?;
    for population in populations {
        writeln!(text, "  {:<13} {:>8} rows of {}", population.name, population.rows, population.of)?;
        writeln!(text, "                compared with {}", harmless(&population.compared_with))?;
    }
    writeln!(text, "\n  results       {results:>8} rows: one for each subject and rule")?;
    writeln!(
        text,
        "  exceptions    {:>8} files, with approvals and life lines\n",
        selection.exceptions.len()
    )?;
    writeln!(text, "  What is left out stands in data/exclusions.csv, with the reason.")?;
    writeln!(
        text,
        "  Credentials in the inputs were taken out before they were judged; each has a row there."
    )?;
    writeln!(text, "  \"unknown\" means that nobody could look; it is neither pass nor fail.\n")?;
    writeln!(text, "TO DRAW A SAMPLE\n")?;
    writeln!(text, "  milepost evidence sample PACK --population services --n 25 --seed YOUR_SEED")?;
    writeln!(text, "  The draw is that of the smallest SHA-256 of SEED, a line feed, the name of the")?;
    writeln!(text, "  population, a line feed, and the key of the row (its first column in the JSON).")?;
    writeln!(text, "  Anybody can repeat it with any program.\n")?;
    writeln!(text, "WHAT IS WHERE\n")?;
    for (path, what) in WHERE {
        writeln!(text, "  {path:<26} {what}")?;
    }
    writeln!(
        text,
        "\n  Tables are there twice: as .csv, in which a cell that a spreadsheet would run has an"
    )?;
    writeln!(text, "  apostrophe in front, and as .json, which is exact.")?;
    Ok(text)
}

/// The files, and what they hold.
const WHERE: [(&str, &str); 15] = [
    ("data/summary.html", "this pack on a page, for reading and for print"),
    ("data/scope.json", "every source asked, when, with how many items, and what became of it"),
    ("data/exclusions.csv", "everything left out, and why"),
    ("data/population/*.csv", "everything there is of a kind; index.csv has the counts"),
    ("data/controls/index.csv", "controls with their ids in frameworks, rules and outcomes"),
    (
        "data/results/results.csv",
        "one row for each subject and rule: outcome, what was read, where it stands",
    ),
    ("data/exceptions/*.json", "each exception: worksheet, approvals, life line"),
    ("data/period.csv", "where a period is covered: its days, and the runs of each"),
    ("data/changes.csv", "what moved since the earlier pack"),
    ("data/oscal/*.json", "where there are controls: assessment plan and results in OSCAL 1.2"),
    ("data/inputs/", "the exact bytes that were judged; index.csv says which file is which"),
    ("data/pack.json", "what the pack was asked for"),
    ("data/run.intoto.json", "statement of the run (in-toto): program, inputs, outputs"),
    ("data/ledger.jsonl", "the runs before this one, as a chain of digests"),
    ("bagit.txt", "says that this is a bag (BagIt 1.0, RFC 8493)"),
];
