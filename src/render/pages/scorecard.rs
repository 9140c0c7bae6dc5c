//! One scorecard: what it judges, who has reached what, and its rules by level.

use serde::Serialize;

use super::names::{level_part, level_title};
use super::scorecards::{title, uses};
use super::{Kind, distinct};
use crate::assess::RuleTestCounts;
use crate::assess::outcome::Share;
use crate::assess::scorecard::Gate;
use crate::catalog::Declared;
use crate::catalog::scorecard::{Rule, Scorecard, Subject};
use crate::catalog::table::Index;
use crate::render::badge::Badge;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::name_list::NameList;
use crate::render::origin::Provenance;
use crate::render::parts::{Link, Meter, When};
use crate::render::populations::{rule_id, subject};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::site::SitePath;
use crate::render::templates::{Html, Template, page_template};
use crate::words;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    id: &'p str,
    title: &'p str,
    description: Option<Html>,
    facts: String,
    uses: Vec<String>,
    source: Provenance,
    applies: Option<Condition<'p>>,
    broken: Option<String>,
    reach_caption: String,
    reach: Vec<Reach>,
    tested: Html,
    levels: Vec<LevelRules<'p>>,
}

/// A condition as its author wrote it.
#[derive(Debug, Serialize)]
struct Condition<'p> {
    text: &'p str,
    origin: Provenance,
}

#[derive(Debug, Serialize)]
struct Reach {
    title: String,
    asks: Option<Html>,
    count: usize,
    meter: Option<Meter>,
    without_exceptions: Option<usize>,
    summary: String,
    who: NameList,
}

#[derive(Debug, Serialize)]
struct LevelRules<'p> {
    title: &'p str,
    anchor: String,
    caption: String,
    rows: Vec<Row<'p>>,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    id: &'p str,
    title: Html,
    href: Href,
    weight: u64,
    fail: u64,
    unknown: u64,
    waived: u64,
    pass: u64,
    /// How it is tested; empty when it is not.
    tests: String,
    broken: bool,
    announced: Option<Badge>,
    since: Option<When>,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("scorecard");
    type Shown<'p> = Page<'p>;
    type Subject = Index<Declared<Scorecard>>;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Self::Subject)> {
        let scorecards = portal.catalog.scorecards.indexed();
        distinct(scorecards.map(|(index, scorecard)| (Place::Scorecard(&scorecard.id).path(), index)))
    }

    fn page<'p>(portal: &'p Portal<'_>, index: &'p Self::Subject, here: Here<'p>) -> (Head, Page<'p>) {
        let scorecard = &portal.catalog.scorecards[*index];
        let record = &scorecard.record;
        let head = Head {
            title: title(scorecard).to_owned(),
            section: Some(Section::Scorecards),
            data: Some(here.to(Place::Data(&["scorecards", &scorecard.id]))),
            crumbs: vec![Link::new("Scorecards", here.to(Place::Scorecards))],
            sources: Vec::new(),
        };
        let kind = subject(record);
        let population = &portal.populations.scorecards[index.position()];
        let page = Page {
            id: &scorecard.id,
            title: title(scorecard),
            description: record.description.value().map(|text| prose(text)),
            facts: facts(record, kind),
            uses: uses(portal, scorecard),
            source: portal.provenance(scorecard.origin),
            applies: record
                .applies_to
                .sourced()
                .map(|written| Condition { text: &written.value, origin: portal.provenance(written.origin) }),
            broken: match &portal.explainer.scorecards().get(*index).applies_to {
                Gate::Broken(why) => Some(why.to_string()),
                Gate::Open | Gate::If(_) => None,
            },
            reach_caption: format!(
                "{} that it applies to, by the highest level reached with exceptions",
                subjects(kind, population.subjects())
            ),
            reach: reach(portal, *index, here),
            tested: prose(&tested(portal, *index)),
            levels: levels(portal, *index, here),
        };
        (head, page)
    }
}

/// `2 services`.
pub(super) fn subjects(kind: Subject, count: usize) -> String {
    match kind {
        Subject::Service => words::count(count, "service", "services"),
        Subject::GoldenPath => words::count(count, "golden path", "golden paths"),
        Subject::Account => words::count(count, "account", "accounts"),
    }
}

fn facts(record: &Scorecard, kind: Subject) -> String {
    let judges = match kind {
        Subject::Service => "judges services",
        Subject::GoldenPath => "judges golden paths",
        Subject::Account => "judges accounts",
    };
    match record.version.value() {
        Some(version) => format!("version {} · {judges}", version.text),
        None => judges.to_owned(),
    }
}

fn reach(portal: &Portal<'_>, index: Index<Declared<Scorecard>>, here: Here<'_>) -> Vec<Reach> {
    let scorecard = &portal.catalog.scorecards[index];
    let population = &portal.populations.scorecards[index.position()];
    let kind = subject(&scorecard.record);
    let whole = population.subjects() as u64;
    let row = |title: &str, asks, rows: &[u32], without_exceptions, part: &str| Reach {
        title: title.to_owned(),
        asks,
        count: rows.len(),
        meter: Share::of(rows.len() as u64, whole).map(Meter::from),
        without_exceptions,
        summary: format!("{} at {title}", subjects(kind, rows.len())),
        who: NameList::new(portal, here, kind, rows, Place::ScorecardPart(&scorecard.id, part)),
    };
    let levels = scorecard.record.levels.items.iter().zip(&population.levels).enumerate().rev();
    let reached = levels.map(|(position, (level, rows))| {
        let level = &level.value;
        let asks = level.description.value().map(|text| prose(text));
        let without = Some(population.without_exceptions[position]);
        row(level_title(level), asks, rows, without, &level_part(level))
    });
    let lowest = scorecard.record.levels.items.first();
    let below = match lowest {
        Some(lowest) => format!("below {}", level_title(&lowest.value)),
        None => "no level".to_owned(),
    };
    let below = Reach {
        summary: format!("{} {below}", subjects(kind, population.below.len())),
        ..row(&below, None, &population.below, None, "no-level")
    };
    reached.chain([below]).collect()
}

/// The rules by level, the highest level first; inside a level most failures first.
fn levels<'p>(
    portal: &'p Portal<'_>,
    index: Index<Declared<Scorecard>>,
    here: Here<'_>,
) -> Vec<LevelRules<'p>> {
    let scorecard = &portal.catalog.scorecards[index];
    let compiled = &portal.explainer.scorecards().get(index).rules;
    let statistics = portal.assessment.rules.iter().filter(|rule| rule.scorecard == index);
    let mut rows: Vec<(usize, Row<'p>)> = Vec::new();
    for statistic in statistics {
        let position = statistic.position;
        let (Some(rule), Some(written)) =
            (compiled.get(position), scorecard.record.rules.items.get(position))
        else {
            continue;
        };
        let id = rule_id(portal, index, position);
        let counts = statistic.counts;
        rows.push((
            rule.level,
            Row {
                id,
                title: prose(rule_title(&written.value, id)),
                href: here.to(Place::Rule(&scorecard.id, id)),
                weight: rule.weight,
                fail: counts.fail,
                unknown: counts.unknown,
                waived: counts.waived,
                pass: counts.pass,
                tests: tests(statistic.tests),
                broken: statistic.broken.is_some(),
                announced: announced(portal, &written.value),
                since: written.value.effective_from.value().map(|day| portal.when(*day)),
            },
        ));
    }
    let mut levels = Vec::new();
    for (position, level) in scorecard.record.levels.items.iter().enumerate().rev() {
        let (own, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(level, _)| *level == position);
        rows = rest;
        let mut own: Vec<Row<'p>> = own.into_iter().map(|(_, row)| row).collect();
        own.sort_by_key(|row| std::cmp::Reverse((row.fail, row.unknown, row.waived)));
        let title = level_title(&level.value);
        let count = words::count(own.len(), "rule", "rules");
        levels.push(LevelRules {
            title,
            anchor: format!("level-{}", position + 1),
            caption: format!("{count} of level {title}, most failures first"),
            rows: own,
        });
    }
    levels
}

/// How many of the rules are tested.
fn tested(portal: &Portal<'_>, index: Index<Declared<Scorecard>>) -> String {
    let own = || portal.assessment.rules.iter().filter(|rule| rule.scorecard == index);
    let tested = own().filter(|rule| rule.tests.total() > 0).count();
    let tests = portal.catalog.scorecards[index].record.tests.items.len();
    match tests {
        0 => "None of its rules is tested: the scorecard has no `tests`.".to_owned(),
        _ => format!(
            "{} of {} tested with {}. Every run tries them.",
            tested,
            words::count(own().count(), "rule is", "rules are"),
            words::count(tests, "made-up subject", "made-up subjects")
        ),
    }
}

/// `2 pass, 1 fail`.
fn tests(counts: RuleTestCounts) -> String {
    let parts = [(counts.pass, "pass"), (counts.fail, "fail"), (counts.other, "other")];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    parts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

/// What a rule asks, in a line.
pub(super) fn rule_title<'r>(rule: &'r Rule, id: &'r str) -> &'r str {
    rule.title.value().map_or(id, |title| title)
}

/// From when a rule counts, when that lies ahead.
pub(super) fn announced(portal: &Portal<'_>, rule: &Rule) -> Option<Badge> {
    let from = rule.effective_from.value().filter(|day| **day > portal.run.as_of)?;
    Some(Badge::announced(*from))
}
