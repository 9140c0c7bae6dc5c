//! One framework: its ids, the controls that they stand on, the rules that prove these with their outcomes, and the
//! exceptions in force.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Kind, distinct};
use crate::render::badge::Badge;
use crate::render::evidence::controls::Proof;
use crate::render::evidence::frameworks::{Entry, Framework};
use crate::render::frame::{Head, Section};
use crate::render::links::evidence::{Evidence, framework as segment};
use crate::render::links::{Here, Href, Place};
use crate::render::parts::{Link, cut};
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};
use crate::words;

/// Ids with a control that are shown at most; the downloads have them all.
const SHOWN: usize = 250;
/// Longest id and longest title, in characters.
const LONGEST: usize = 120;
/// Rules and exceptions of one control that are shown at most.
const NAMED: usize = 12;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    title: String,
    lead: String,
    results: Vec<Badge>,
    command: String,
    csv: Href,
    json: Href,
    caption: String,
    rows: Vec<Row<'p>>,
    evidence: Href,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    /// Where the row can be linked to, when it is the first of its id.
    anchor: Option<String>,
    id: String,
    control: &'p str,
    title: String,
    rules: Vec<Rule>,
    more_rules: usize,
    exceptions: Vec<Link>,
    more_exceptions: usize,
}

#[derive(Debug, Serialize)]
struct Rule {
    link: Link,
    results: Vec<Badge>,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("framework");
    type Shown<'p> = Page<'p>;
    type Subject = usize;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, usize)> {
        let place = |framework: &Framework<'_>| Place::Evidence(Evidence::Framework(framework.name)).path();
        distinct(portal.frameworks.iter().enumerate().map(|(position, one)| (place(one), position)))
    }

    fn page<'p>(portal: &'p Portal<'_>, position: &'p usize, here: Here<'p>) -> (Head, Page<'p>) {
        let framework = &portal.frameworks[*position];
        let json = here.to(Place::Data(&["evidence", &segment(framework.name)]));
        let evidence = here.to(Place::Evidence(Evidence::All));
        let head = Head {
            title: framework.title(),
            section: Some(Section::Evidence),
            crumbs: vec![Link::new("Evidence", evidence.clone())],
            data: Some(json.clone()),
            sources: Vec::new(),
        };
        let mut seen = BTreeSet::new();
        let rows = framework.entries.iter().take(SHOWN);
        let page = Page {
            title: framework.title(),
            lead: lead(framework),
            results: Badge::totals(framework.score()),
            command: framework.command(),
            csv: here.to(Place::Evidence(Evidence::Proofs(framework.name))),
            json,
            caption: caption(framework.entries.len()),
            rows: rows.map(|entry| row(portal, entry, seen.insert(entry.id), here)).collect(),
            evidence,
        };
        (head, page)
    }
}

/// `12 ids stand on 9 controls. 7 rules prove these. No exceptions are in force.`
fn lead(framework: &Framework<'_>) -> String {
    let unproven = framework.entries.iter().filter(|entry| entry.proofs.is_empty());
    let unproven: BTreeSet<&str> = unproven.map(|entry| &*entry.control.id).collect();
    let mut sentences = vec![
        format!(
            "{} on {}.",
            words::count(framework.ids().len(), "id stands", "ids stand"),
            words::count(framework.controls().len(), "control", "controls")
        ),
        format!("{} these.", words::count(framework.proofs().len(), "rule proves", "rules prove")),
    ];
    if !unproven.is_empty() {
        let controls = words::count(unproven.len(), "control has", "controls have");
        sentences.push(format!("{controls} no rule, so nothing is known of them here."));
    }
    let in_force = framework.exceptions().len();
    sentences.push(format!("{} in force.", words::count(in_force, "exception is", "exceptions are")));
    sentences.iter().map(|sentence| words::capitalised(sentence)).collect::<Vec<_>>().join(" ")
}

fn caption(all: usize) -> String {
    let counted = words::count(all, "pair of id and control", "pairs of id and control");
    match all {
        0..=SHOWN => format!("{counted}, with what proves the control and how that came out"),
        _ => format!("The first {SHOWN} of {counted}, with what proves the control and how that came out"),
    }
}

fn row<'p>(portal: &Portal<'_>, entry: &Entry<'p>, is_first: bool, here: Here<'_>) -> Row<'p> {
    let id = cut(entry.id, LONGEST).into_owned();
    let rule = |proof: &Proof<'_>| {
        let scorecard = &portal.catalog.scorecards[proof.scorecard].id;
        Rule {
            link: Link::new(proof.id, here.to(Place::Rule(scorecard, proof.id))),
            results: Badge::totals(proof.score),
        }
    };
    let title = entry.control.record.title.value().map_or(&*entry.control.id, |title| title);
    let exceptions = entry.exceptions.iter().take(NAMED);
    Row {
        anchor: is_first.then(|| anchor(entry.id)),
        id,
        control: &entry.control.id,
        title: cut(title, LONGEST).into_owned(),
        rules: entry.proofs.iter().take(NAMED).map(rule).collect(),
        more_rules: entry.proofs.len().saturating_sub(NAMED),
        exceptions: exceptions.map(|one| Link::new(&*one.id, here.to(Place::Exception(&one.id)))).collect(),
        more_exceptions: entry.exceptions.len().saturating_sub(NAMED),
    }
}

/// The name of the row of `id` in addresses. No other part of the page begins so.
fn anchor(id: &str) -> String {
    format!("id-{}", crate::render::links::segment(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::change::Judged;
    use crate::catalog::testing::Organisation;
    use crate::render::trial::Trial;

    #[test]
    fn the_lead_says_what_nothing_proves() {
        let said = |controls: &str| {
            let trial = Trial::of(&Organisation::default().catalog("controls/all.yaml", controls));
            let judged = Judged { catalog: &trial.catalog, assessment: &trial.assessment };
            Framework::all(judged).iter().map(lead).collect::<Vec<_>>()
        };
        assert_eq!(said("- {controlId: owned}\n"), [] as [String; 0]);
        assert_eq!(
            said("- {controlId: owned, frameworks: {soc2: [CC6.1, CC6.2]}}\n"),
            [
                "2 ids stand on 1 control. No rules prove these. 1 control has no rule, so nothing is known of them here. \
              No exceptions are in force."
            ]
        );
    }
}
