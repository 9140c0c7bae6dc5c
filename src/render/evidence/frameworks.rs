//! The frameworks that controls name: which of their ids stand on which controls, what proves these, and which
//! exceptions are in force.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::controls::{FRAMEWORKS, Proof, Proofs, sum};
use super::selection::Selection;
use super::table::{Cell, Rows};
use crate::assess::change::Judged;
use crate::assess::outcome::Score;
use crate::catalog::control::Control;
use crate::catalog::{Catalog, Declared, Exception};
use crate::render::parts::cut;

/// Longest name of a framework that is shown, in characters.
const LONGEST: usize = 60;

/// What stands between several values in one cell.
const BETWEEN: &str = " | ";

/// A framework.
#[derive(Debug)]
pub struct Framework<'a> {
    /// Its name, as controls write it.
    pub name: &'a str,
    /// Its ids with the controls that they stand on, in the order in which people count.
    pub entries: Vec<Entry<'a>>,
}

/// An id of a framework with one control.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The id: `CC6.1`.
    pub id: &'a str,
    /// The control.
    pub control: &'a Declared<Control>,
    /// The rules that prove it.
    pub proofs: Vec<Proof<'a>>,
    /// The exceptions in force to it or to one of those rules, in the order of the catalog.
    pub exceptions: Vec<&'a Exception>,
}

impl<'a> Framework<'a> {
    /// Every framework that a control names: those that we know first, then the others by name.
    pub fn all(judged: Judged<'a>) -> Vec<Self> {
        let proofs = Proofs::of(judged, &Selection::everything(judged.catalog));
        let in_force = InForce::of(judged);
        let mut frameworks: BTreeMap<(usize, &str), Vec<Entry<'a>>> = BTreeMap::new();
        for control in judged.catalog.controls.iter() {
            let proofs = proofs.of_control(&control.id);
            let exceptions = in_force.to(&control.id, proofs);
            for (name, ids) in &control.record.frameworks.entries {
                let rank = FRAMEWORKS.iter().position(|known| *known == &**name).unwrap_or(FRAMEWORKS.len());
                let entries = frameworks.entry((rank, name)).or_default();
                let ids: BTreeSet<&str> = ids.value.0.iter().map(|id| &**id).collect();
                entries.extend(ids.into_iter().map(|id| Entry {
                    id,
                    control,
                    proofs: proofs.to_vec(),
                    exceptions: exceptions.clone(),
                }));
            }
        }
        let framework = |((_, name), mut entries): ((usize, &'a str), Vec<Entry<'a>>)| {
            entries.sort_by(|a, b| {
                counted(a.id).cmp(&counted(b.id)).then_with(|| a.control.id.cmp(&b.control.id))
            });
            Self { name, entries }
        };
        frameworks.into_iter().map(framework).collect()
    }

    /// What people call it.
    pub fn title(&self) -> String {
        match self.name {
            "soc2" => "SOC 2".to_owned(),
            "iso27001" => "ISO 27001".to_owned(),
            "pciDss" => "PCI DSS".to_owned(),
            "nist80053" => "NIST SP 800-53".to_owned(),
            other => cut(other, LONGEST).into_owned(),
        }
    }

    /// Its controls, each once.
    pub fn controls(&self) -> BTreeSet<&'a str> {
        self.entries.iter().map(|entry| &*entry.control.id).collect()
    }

    /// Its ids, each once.
    pub fn ids(&self) -> BTreeSet<&'a str> {
        self.entries.iter().map(|entry| entry.id).collect()
    }

    /// The rules that prove its controls, each once.
    pub fn proofs(&self) -> Vec<&Proof<'a>> {
        let proofs = self.entries.iter().flat_map(|entry| &entry.proofs);
        let once: BTreeMap<_, _> =
            proofs.map(|proof| ((proof.scorecard.position(), proof.position), proof)).collect();
        once.into_values().collect()
    }

    /// The results of those rules.
    pub fn score(&self) -> Score {
        sum(self.proofs())
    }

    /// The exceptions in force, each once.
    pub fn exceptions(&self) -> BTreeSet<&'a str> {
        self.entries.iter().flat_map(|entry| &entry.exceptions).map(|exception| &*exception.id).collect()
    }

    /// What makes a pack of it, of the night that the portal shows.
    pub fn command(&self) -> String {
        format!("milepost evidence pack --offline --framework {}", argument(self.name))
    }

    /// The heads of its table.
    pub const HEADS: [&'static str; 13] = [
        "framework",
        "id",
        "control",
        "title",
        "scorecard",
        "rule",
        "ruleTitle",
        "pass",
        "fail",
        "waived",
        "unknown",
        "notApplicable",
        "exceptions",
    ];

    /// Hands a row for each id, control and rule to `each`; a control that nothing proves has one without a rule.
    pub fn rows(&self, judged: Judged<'_>, each: &mut Rows<'_>) -> io::Result<()> {
        for Entry { id, control, proofs, exceptions } in &self.entries {
            let exceptions: Vec<&str> = exceptions.iter().map(|exception| &*exception.id).collect();
            let exceptions = exceptions.join(BETWEEN);
            let mut row = |proof: Option<&Proof<'_>>| {
                let score = |of: fn(&Score) -> u64| proof.map(|proof| of(&proof.score));
                each(&[
                    self.name.into(),
                    (*id).into(),
                    (&*control.id).into(),
                    control.record.title.value().map(|title| &**title).into(),
                    proof.map(|proof| &*judged.catalog.scorecards[proof.scorecard].id).into(),
                    proof.map(|proof| proof.id).into(),
                    proof.and_then(|proof| proof.rule.title.value()).map(|title| &**title).into(),
                    score(|score| score.pass).into(),
                    score(|score| score.fail).into(),
                    score(|score| score.waived).into(),
                    score(|score| score.unknown).into(),
                    score(|score| score.not_applicable).into(),
                    Cell::from(&*exceptions),
                ])
            };
            match proofs.as_slice() {
                [] => row(None)?,
                proofs => proofs.iter().try_for_each(|proof| row(Some(proof)))?,
            }
        }
        Ok(())
    }
}

/// The exceptions in force, by the control and by the rule that they name.
struct InForce<'a> {
    controls: BTreeMap<&'a str, Vec<usize>>,
    rules: BTreeMap<&'a str, Vec<usize>>,
    catalog: &'a Catalog,
}

impl<'a> InForce<'a> {
    fn of(judged: Judged<'a>) -> Self {
        let catalog = judged.catalog;
        let mut found = Self { controls: BTreeMap::new(), rules: BTreeMap::new(), catalog };
        for (index, exception) in catalog.exceptions.indexed() {
            let position = index.position();
            if !judged.assessment.exceptions[position].state.is_in_force() {
                continue;
            }
            if let Some(control) = exception.record.control.value() {
                found.controls.entry(control.as_str()).or_default().push(position);
            }
            if let Some(rule) = exception.record.rule.value() {
                found.rules.entry(rule.as_str()).or_default().push(position);
            }
        }
        found
    }

    /// Those to the control called `id`, or to one of the rules that prove it.
    fn to(&self, id: &str, proofs: &[Proof<'_>]) -> Vec<&'a Exception> {
        let rules = proofs.iter().filter_map(|proof| self.rules.get(proof.id));
        let positions: BTreeSet<usize> =
            self.controls.get(id).into_iter().chain(rules).flatten().copied().collect();
        positions.into_iter().map(|position| &self.catalog.exceptions.rows()[position]).collect()
    }
}

/// `id` so that numbers in it sort as numbers: `A.5.9` before `A.5.10`.
fn counted(id: &str) -> Vec<(&str, u64)> {
    let mut parts = Vec::new();
    let mut rest = id;
    while !rest.is_empty() {
        let digit = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (text, from) = rest.split_at(digit);
        let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        // A number too large to count sorts last; two such ones sort by the text after them.
        parts.push((text, from[..end].parse().unwrap_or(if end == 0 { 0 } else { u64::MAX })));
        rest = &from[end..];
    }
    parts
}

/// `text` as one argument of a shell.
fn argument(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if !text.is_empty() && !text.starts_with('-') && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::testing::Organisation;
    use crate::render::trial::Trial;

    #[test]
    fn ids_stand_in_the_order_in_which_people_count() {
        let mut ids = ["A.5.10", "A.8.1", "A.5.9", "CC6.1", "A.5", "99999999999999999999999", "3"];
        ids.sort_by(|a, b| counted(a).cmp(&counted(b)));
        assert_eq!(ids, ["3", "99999999999999999999999", "A.5", "A.5.9", "A.5.10", "A.8.1", "CC6.1"]);
    }

    #[test]
    fn a_name_that_a_shell_would_read_is_quoted() {
        assert_eq!(argument("soc2"), "soc2");
        assert_eq!(argument("SOC 2"), "'SOC 2'");
        assert_eq!(argument("$(rm)'"), r"'$(rm)'\'''");
        assert_eq!(argument("-x"), "'-x'");
    }

    fn trial() -> Trial {
        let controls = "- {controlId: owned, title: Owned, frameworks: {soc2: [CC6.10, CC6.2], house: [H1]}}\n\
            - {controlId: bare, frameworks: {soc2: [CC6.2]}}\n";
        let scorecard = "scorecardId: small\nlevels: [low]\nrules:\n\
            - {id: named, level: low, assert: service.displayName is defined, controls: [owned]}\n\
            - {id: fact, level: low, needs: [drill], assert: 'fact(\"drill\")', controls: [owned]}\n";
        let organisation = Organisation::default()
            .catalog("controls/all.yaml", controls)
            .catalog("scorecards/small.yaml", scorecard)
            .descriptor("a", "service.yaml", "serviceId: a\ndisplayName: A\n")
            .descriptor("b", "service.yaml", "serviceId: b\n");
        Trial::of(&organisation)
    }

    #[test]
    fn every_id_has_its_controls_with_what_proves_them_and_unknown_stays_unknown() {
        let trial = trial();
        let judged = Judged { catalog: &trial.catalog, assessment: &trial.assessment };
        let frameworks = Framework::all(judged);
        let names: Vec<&str> = frameworks.iter().map(|framework| framework.name).collect();
        assert_eq!(names, ["soc2", "house"]);
        let soc2 = &frameworks[0];
        let shown: Vec<(&str, &str, usize)> =
            soc2.entries.iter().map(|entry| (entry.id, &*entry.control.id, entry.proofs.len())).collect();
        assert_eq!(shown, [("CC6.2", "bare", 0), ("CC6.2", "owned", 2), ("CC6.10", "owned", 2)]);
        // A rule that proves two ids counts once.
        assert_eq!(soc2.score(), Score { pass: 1, fail: 1, unknown: 2, ..Score::default() });
        assert_eq!((soc2.controls().len(), soc2.ids().len(), soc2.proofs().len()), (2, 2, 2));
        let mut rows = Vec::new();
        let collect = &mut |cells: &[Cell<'_>]| {
            rows.push((
                cells.len(),
                cells[1].text().into_owned(),
                cells[5].text().into_owned(),
                cells[10].text().into_owned(),
            ));
            Ok(())
        };
        soc2.rows(judged, collect).expect("memory takes it");
        assert_eq!(rows.len(), 5);
        assert!(rows.iter().all(|(cells, ..)| *cells == Framework::HEADS.len()));
        assert_eq!(rows[0], (13, "CC6.2".into(), String::new(), String::new()), "nothing is not none");
        assert_eq!(rows[2], (13, "CC6.2".into(), "fact".into(), "2".into()));
    }
}
