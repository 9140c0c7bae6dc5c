//! The figures of the adoption page as a table for spreadsheets: one row each, and for each what is missing.

use crate::assess::adoption::Adoption;
use crate::assess::metrics::{Figure, Measure};
use crate::assess::outcome::Share;
use crate::catalog::metric::Direction;
use crate::catalog::resource::{Fact, FactValue};
use crate::render::links::Place;
use crate::render::portal::Portal;
use crate::render::site::{CachePolicy, Entry, MediaType};
use crate::render::spreadsheet::Spreadsheet;

const HEADS: [&str; 14] = [
    "group",
    "id",
    "title",
    "subject",
    "numerator",
    "denominator",
    "value",
    "unit",
    "target",
    "direction",
    "met",
    "asOf",
    "source",
    "notMeasured",
];

/// One row: what its cells say, in the order of [`HEADS`] after the group.
#[derive(Default)]
struct Row {
    id: String,
    title: String,
    subject: String,
    share: Option<Share>,
    value: String,
    unit: String,
    target: Option<f64>,
    direction: Option<Direction>,
    met: Option<bool>,
    as_of: String,
    source: String,
    not_measured: String,
}

/// Lists the table.
pub(super) fn register<'a>(entries: &mut Vec<Entry<'a>>) {
    let make = |portal: &Portal<'a>, _: &_| Ok(table(portal));
    let path = Place::AdoptionTable.path();
    entries.push(Entry::new(path, MediaType::Csv, CachePolicy::Revalidate, make));
}

fn table(portal: &Portal<'_>) -> Vec<u8> {
    let mut table = Spreadsheet::new(&HEADS);
    let adoption = &portal.adoption;
    for row in tiers(portal, adoption) {
        row.write("tier", &mut table);
    }
    for row in versions(portal, adoption) {
        row.write("golden-path-version", &mut table);
    }
    for row in adoption.figures.iter().flat_map(|figure| figure_rows(portal, figure)) {
        row.write("metric", &mut table);
    }
    for ((risk, state), exceptions) in &adoption.exceptions {
        let risk = risk.map_or("not given", |risk| risk.word());
        let row =
            Row { title: format!("{risk} risk, {}", state.word()), ..counted(portal, exceptions.len()) };
        row.write("exceptions", &mut table);
    }
    for control in &adoption.waived {
        let row = Row { id: control.control.to_owned(), ..counted(portal, control.services()) };
        row.write("waived-control", &mut table);
    }
    for fix in &adoption.rule_fixes {
        let scorecard = &portal.catalog.scorecards[fix.scorecard].id;
        let rule = &portal.explainer.scorecards().get(fix.scorecard).rules[fix.position].id;
        let row = Row { id: format!("{scorecard}/{rule}"), ..counted(portal, fix.lifts.len()) };
        row.write("lifted-by-rule", &mut table);
    }
    for fix in &adoption.layer_fixes {
        let path = &portal.catalog.golden_paths[fix.path];
        let layer = &path.record.layers.entries[fix.layer].0;
        let row = Row { id: format!("{}/{layer}", path.id), ..counted(portal, fix.lifts.len()) };
        row.write("lifted-by-layer", &mut table);
    }
    for stage in &adoption.maturity {
        let counting = stage.items.iter().filter(|item| item.counts()).count();
        let share = Share::of(counting as u64, stage.items.len() as u64);
        Row { id: stage.name.to_owned(), ..shared(portal, share) }.write("maturity", &mut table);
    }
    table.finish()
}

impl Row {
    fn write(&self, group: &str, table: &mut Spreadsheet) {
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        table.row([
            group,
            &self.id,
            &self.title,
            &self.subject,
            &number(self.share.map(|share| share.part)),
            &number(self.share.map(|share| share.whole)),
            &self.value,
            &self.unit,
            &self.target.map(|target| target.to_string()).unwrap_or_default(),
            self.direction.map_or("", Direction::word),
            self.met.map_or("", |met| if met { "yes" } else { "no" }),
            &self.as_of,
            &self.source,
            &self.not_measured,
        ]);
    }
}

/// What the catalog counts on the assessment day.
fn counted(portal: &Portal<'_>, count: usize) -> Row {
    Row {
        value: count.to_string(),
        as_of: portal.run.as_of.to_string(),
        source: "catalog".to_owned(),
        ..Row::default()
    }
}

/// What the catalog counts as a share.
fn shared(portal: &Portal<'_>, share: Option<Share>) -> Row {
    let value = share.map(|share| share.percent().to_string()).unwrap_or_default();
    Row { share, value, unit: "%".to_owned(), ..counted(portal, 0) }
}

fn tiers(portal: &Portal<'_>, adoption: &Adoption<'_>) -> Vec<Row> {
    let whole = adoption.counted.len() as u64;
    let row = |(tier, services): &(crate::assess::Tier, Vec<_>)| Row {
        id: tier.word().to_owned(),
        ..shared(portal, Share::of(services.len() as u64, whole))
    };
    let outside = [("outside", &adoption.outside), ("in-conflict", &adoption.in_conflict)];
    let outside = outside.map(|(id, services)| Row { id: id.to_owned(), ..counted(portal, services.len()) });
    adoption.tiers.iter().map(row).chain(outside).collect()
}

fn versions(portal: &Portal<'_>, adoption: &Adoption<'_>) -> Vec<Row> {
    let whole = adoption.counted.len() as u64;
    let shared =
        |id: String, services: usize| Row { id, ..shared(portal, Share::of(services as u64, whole)) };
    let row = |used: &crate::assess::adoption::VersionUse| {
        let path = &portal.catalog.golden_paths[used.path];
        let version = used.version.and_then(|position| path.record.versions.items.get(position));
        let version = version.and_then(|version| version.value.version.value());
        let id = match version {
            Some(version) => format!("{}@{}", path.id, &**version),
            None => path.id.to_string(),
        };
        shared(id, used.services.len())
    };
    let without = shared("none".to_owned(), adoption.without_path.len());
    adoption.versions.iter().map(row).chain([without]).collect()
}

/// A row; of a figure that facts give, a row for each subject.
fn figure_rows(portal: &Portal<'_>, figure: &Figure<'_>) -> Vec<Row> {
    let row = || Row {
        id: figure.id.to_owned(),
        title: figure.title.to_owned(),
        unit: figure.unit.unwrap_or_default().to_owned(),
        target: figure.target,
        direction: figure.direction,
        ..Row::default()
    };
    match &figure.measure {
        Measure::Counted(tally) => {
            let share = tally.share();
            let Row { value, as_of, source, .. } = shared(portal, share);
            let met = share.and_then(|share| figure.meets_share(share));
            vec![Row { share, value, met, as_of, source, unit: "%".to_owned(), ..row() }]
        }
        Measure::Observed(facts) => facts.iter().map(|fact| observed(figure, fact, row())).collect(),
        Measure::Combined(combined) => {
            let met = figure.meets_combined(combined);
            let whole = Row { share: combined.share, value: combined.value.to_string(), met, ..row() };
            let single = combined.facts.iter().map(|fact| observed(figure, fact, row()));
            std::iter::once(whole).chain(single).collect()
        }
        Measure::NotMeasured(why) => {
            vec![Row { not_measured: why.clone(), source: figure.measured_by.clone(), ..row() }]
        }
    }
}

fn observed(figure: &Figure<'_>, fact: &Fact, row: Row) -> Row {
    let (value, met) = match &fact.value {
        FactValue::Number(value) => (value.to_string(), figure.meets(*value)),
        FactValue::Bool(value) => (value.to_string(), None),
        FactValue::Text(text) => (text.to_string(), None),
    };
    let (subject, as_of) = (fact.subject.to_string(), fact.observed_at.to_string());
    Row { subject, value, met, as_of, source: fact.source.to_string(), ..row }
}
