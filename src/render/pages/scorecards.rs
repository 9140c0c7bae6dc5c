//! The list of scorecards: what each judges, what rests on it, and how its rules come out.

use serde::Serialize;

use super::Kind;
use crate::assess::outcome::{Score, Share};
use crate::assess::tier::TELEMETRY_SCORECARD;
use crate::catalog::Declared;
use crate::catalog::scorecard::{Scorecard, Subject};
use crate::catalog::table::Index;
use crate::render::badge::Badge;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::parts::Meter;
use crate::render::populations::subject;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::site::SitePath;
use crate::render::templates::{Html, Template, page_template};
use crate::words;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    lead: String,
    /// What rules can say.
    expressions: Href,
    groups: Vec<Group<'p>>,
}

/// The scorecards that judge one kind of thing.
#[derive(Debug, Serialize)]
struct Group<'p> {
    anchor: &'static str,
    heading: &'static str,
    one: &'static str,
    caption: String,
    rows: Vec<Row<'p>>,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    id: &'p str,
    title: &'p str,
    href: Href,
    description: Option<Html>,
    uses: Vec<String>,
    rules: usize,
    subjects: usize,
    top: Option<Meter>,
    totals: Vec<Badge>,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("scorecards");
    type Shown<'p> = Page<'p>;
    type Subject = ();

    fn list(_: &Portal<'_>) -> Vec<(SitePath, ())> {
        vec![(Place::Scorecards.path(), ())]
    }

    fn page<'p>(portal: &'p Portal<'_>, (): &'p (), here: Here<'p>) -> (Head, Page<'p>) {
        let head = Head {
            title: "Scorecards".to_owned(),
            section: Some(Section::Scorecards),
            data: Some(here.to(Place::Data(&["index"]))),
            ..Head::default()
        };
        let scorecards = &portal.catalog.scorecards;
        let rules: usize = scorecards.iter().map(|scorecard| scorecard.record.rules.items.len()).sum();
        let lead = format!(
            "{} in {}: what is asked of services, golden paths and accounts, why, and who answers it.",
            words::count(rules, "rule", "rules"),
            words::count(scorecards.len(), "scorecard", "scorecards"),
        );
        let kinds = [Subject::Service, Subject::GoldenPath, Subject::Account];
        let groups = kinds.into_iter().filter_map(|kind| group(portal, kind, here)).collect();
        (head, Page { lead, expressions: here.to(Place::Expressions), groups })
    }
}

fn group<'p>(portal: &'p Portal<'_>, kind: Subject, here: Here<'_>) -> Option<Group<'p>> {
    let scorecards = portal.catalog.scorecards.indexed();
    let own = scorecards.filter(|(_, scorecard)| subject(&scorecard.record) == kind);
    let rows: Vec<Row<'p>> = own.map(|(index, scorecard)| row(portal, index, scorecard, here)).collect();
    let (anchor, heading, one) = match kind {
        Subject::Service => ("services", "About services", "Services"),
        Subject::GoldenPath => ("golden-paths", "About golden paths", "Paths"),
        Subject::Account => ("accounts", "About accounts", "Accounts"),
    };
    let caption = format!(
        "{} {}, by id. Outcomes are counted over all rules and all that they apply to.",
        words::count(rows.len(), "scorecard", "scorecards"),
        heading.to_lowercase()
    );
    (!rows.is_empty()).then_some(Group { anchor, heading, one, caption, rows })
}

fn row<'p>(
    portal: &'p Portal<'_>,
    index: Index<Declared<Scorecard>>,
    scorecard: &'p Declared<Scorecard>,
    here: Here<'_>,
) -> Row<'p> {
    let record = &scorecard.record;
    let population = &portal.populations.scorecards[index.position()];
    let mut counts = Score::default();
    for rule in portal.assessment.rules.iter().filter(|rule| rule.scorecard == index) {
        counts.pass += rule.counts.pass;
        counts.fail += rule.counts.fail;
        counts.waived += rule.counts.waived;
        counts.unknown += rule.counts.unknown;
    }
    let top = population.levels.last().map_or(0, Vec::len);
    Row {
        id: &scorecard.id,
        title: title(scorecard),
        href: here.to(Place::Scorecard(&scorecard.id)),
        description: record.description.value().map(|text| prose(text)),
        uses: uses(portal, scorecard),
        rules: record.rules.items.len(),
        subjects: population.subjects(),
        top: Share::of(top as u64, population.subjects() as u64).map(Meter::from),
        totals: Badge::totals(counts),
    }
}

/// What people call a scorecard.
pub(super) fn title(scorecard: &Declared<Scorecard>) -> &str {
    scorecard.record.title.value().map_or(&scorecard.id, |title| title)
}

/// What rests on a scorecard.
pub(super) fn uses(portal: &Portal<'_>, scorecard: &Declared<Scorecard>) -> Vec<String> {
    let record = &scorecard.record;
    let mut uses = Vec::new();
    if record.readiness.value() == Some(&true) {
        uses.push("its score is the readiness".to_owned());
    }
    if record.required.value() == Some(&true) {
        uses.push("its lowest level is asked for by the tier native".to_owned());
    }
    if &*scorecard.id == TELEMETRY_SCORECARD {
        uses.push("its lowest level is the minimum telemetry contract of the tier adopted".to_owned());
    }
    for (gate, asked) in &portal.catalog.gates {
        if let Some((own, level)) = asked.split_once('/')
            && *own == *scorecard.id
        {
            uses.push(format!("the gate {gate} asks for its level {level}"));
        }
    }
    uses
}
