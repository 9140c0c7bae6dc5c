//! Changes: what moved since an earlier run, of which service or exception, and why. The same page says
//! what would move when a preview is built.

use serde::Serialize;

use super::Kind;
use crate::assess::change::{Because, Change, Comparison, Direction, Measure, Moved, RuleMove, Value, worst};
use crate::render::badge::Badge;
use crate::render::frame::Head;
use crate::render::linked;
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Brief;
use crate::render::paging::{ROWS, Step, steps};
use crate::render::parts::{Link, cut};
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};
use crate::words;

/// Rules that are named at most for one move.
const RULES_NAMED: usize = 6;

/// Longest cause that is shown, in characters.
const LONGEST_CAUSE: usize = 300;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    heading: String,
    lead: String,
    compared: bool,
    totals: Vec<Total>,
    caption: String,
    rows: Vec<Row>,
    teams: Vec<TeamRow>,
    pages: Vec<Step>,
    next: Option<Link>,
}

#[derive(Debug, Serialize)]
struct Total {
    word: &'static str,
    count: usize,
}

/// One service or exception.
#[derive(Debug, Serialize)]
struct Row {
    subject: Link,
    team: Option<Link>,
    direction: &'static str,
    moves: Vec<Shown>,
}

/// One measure that moved.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    what: String,
    from: Side,
    to: Side,
    direction: &'static str,
    because: Vec<Reason>,
    rules: Vec<String>,
    more: usize,
}

/// What a measure said: a badge where there is one for it.
#[derive(Debug, Serialize)]
struct Side {
    badge: Option<Badge>,
    text: String,
}

#[derive(Debug, Serialize)]
struct Reason {
    cause: &'static str,
    text: String,
    origin: Option<Brief>,
}

/// How the services of one team moved.
#[derive(Debug, Serialize)]
struct TeamRow {
    team: Link,
    worse: usize,
    better: usize,
    other: usize,
}

impl Kind for Page {
    const TEMPLATE: Template = page_template!("changes");
    type Shown<'p> = Page;
    /// Number of the page, from 1.
    type Subject = usize;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, usize)> {
        (1..=pages(portal)).map(|number| (place(number, |place| place.path()), number)).collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, number: &'p usize, here: Here<'p>) -> (Head, Page) {
        let (number, pages) = (*number, pages(portal));
        let to = |number: usize| -> Href { place(number, |place| here.to(place)) };
        let supposed = portal.comparison.is_some_and(|comparison| comparison.supposed);
        let title = if supposed { "What would change" } else { "What changed" };
        let heading = if number == 1 { title.to_owned() } else { format!("{title}, page {number}") };
        let head = Head {
            title: heading.clone(),
            data: Some(here.to(Place::Data(&["changes"]))),
            crumbs: if number > 1 { vec![Link::new(title, to(1))] } else { Vec::new() },
            ..Head::default()
        };
        let subjects = portal.comparison.map(subjects).unwrap_or_default();
        let first = (number - 1) * ROWS;
        let shown = subjects.iter().skip(first).take(ROWS);
        let rows: Vec<Row> = shown.map(|changes| row(portal, changes, here)).collect();
        let caption = match pages {
            1 => format!("{}, the worst first", words::count(subjects.len(), "row", "rows")),
            _ => format!("{} to {} of {}, the worst first", first + 1, first + rows.len(), subjects.len()),
        };
        let page = Page {
            heading,
            lead: portal.comparison.map(lead).unwrap_or_default(),
            compared: portal.comparison.is_some(),
            totals: portal.comparison.filter(|_| !subjects.is_empty()).map(totals).unwrap_or_default(),
            caption,
            rows,
            teams: if number == 1 { teams(portal, &subjects, here) } else { Vec::new() },
            pages: if pages > 1 { steps(pages, number, to) } else { Vec::new() },
            next: (number < pages).then(|| Link::new("Next", to(number + 1))),
        };
        (head, page)
    }
}

fn place<T>(number: usize, at: impl FnOnce(Place<'_>) -> T) -> T {
    if number == 1 { at(Place::Changes) } else { at(Place::ChangesPart(&number.to_string())) }
}

fn pages(portal: &Portal<'_>) -> usize {
    portal.comparison.map_or(1, |comparison| subjects(comparison).len().div_ceil(ROWS).max(1))
}

/// The moves of each service and exception, the worst first.
pub(super) fn subjects(comparison: &Comparison) -> Vec<&[Change]> {
    let mut subjects: Vec<&[Change]> =
        comparison.changes.chunk_by(|one, other| one.subject == other.subject).collect();
    subjects.sort_by_key(|changes| worst(changes));
    subjects
}

/// With what this run was compared, and which inputs differ.
fn lead(comparison: &Comparison) -> String {
    let inputs: Vec<&str> = comparison
        .differing
        .iter()
        .map(|cause| match cause {
            crate::assess::change::Cause::Descriptor => "what teams wrote",
            crate::assess::change::Cause::Rule => "the catalog folder",
            crate::assess::change::Cause::Clock => "the day",
            crate::assess::change::Cause::Facts => "what was observed",
        })
        .collect();
    let with = &comparison.with;
    match inputs.as_slice() {
        [] => format!("Compared with {with}: every input is the same."),
        _ => format!("Compared with {with}. Not the same: {}.", words::plain_list(&inputs)),
    }
}

fn totals(comparison: &Comparison) -> Vec<Total> {
    let total = |direction, word| Total { word, count: comparison.count(direction) };
    vec![
        total(Direction::Worse, "worse"),
        total(Direction::Better, "better"),
        total(Direction::Other, "otherwise"),
    ]
}

fn row(portal: &Portal<'_>, changes: &[Change], here: Here<'_>) -> Row {
    let catalog = portal.catalog;
    let first = &changes[0];
    let subject = match &first.subject {
        Moved::Service(id) => linked::service_named(portal, here, id),
        Moved::Exception(id) => match catalog.exceptions.find(id) {
            Some(index) => linked::exception(portal, here, index),
            None => Link::plain(&**id),
        },
    };
    let team = match catalog.teams.find(&first.team) {
        Some(index) => Some(linked::team(portal, here, index)),
        None => (!first.team.is_empty()).then(|| Link::plain(&*first.team)),
    };
    let direction = worst(changes).map_or("other", Direction::word);
    Row { subject, team, direction, moves: changes.iter().map(|change| shown(portal, change)).collect() }
}

/// One move for the template.
pub(super) fn shown(portal: &Portal<'_>, change: &Change) -> Shown {
    let catalog = portal.catalog;
    let title = |id: &str| {
        let title = catalog.scorecards.by_id(id).and_then(|scorecard| scorecard.record.title.value());
        title.map_or(id, |title| title).to_owned()
    };
    let what = match &change.measure {
        Measure::Existence => "Listed".to_owned(),
        Measure::Tier => "Tier".to_owned(),
        Measure::State => "State".to_owned(),
        Measure::Level(scorecard) => format!("Level of {}", title(scorecard)),
        Measure::Score(scorecard) => format!("Score of {}", title(scorecard)),
    };
    let reason = |because: &Because| Reason {
        cause: because.cause.word(),
        text: cut(&because.text, LONGEST_CAUSE).into_owned(),
        origin: because.origin.map(|origin| portal.brief(origin)),
    };
    Shown {
        what,
        from: side(&change.from),
        to: side(&change.to),
        direction: change.direction.word(),
        because: change.because.iter().map(reason).collect(),
        rules: change.rules.iter().take(RULES_NAMED).map(rule).collect(),
        more: change.rules.len().saturating_sub(RULES_NAMED),
    }
}

fn side(value: &Value) -> Side {
    let text = |text: &str| Side { badge: None, text: text.to_owned() };
    match value {
        Value::Absent => text("absent"),
        Value::Present => text("listed"),
        Value::Tier(Some(tier)) => Side { badge: Some(Badge::tier(*tier)), text: String::new() },
        Value::Tier(None) => text("in conflict"),
        Value::State(state) => {
            Side { badge: Some(Badge::exception_with_days(*state, None)), text: String::new() }
        }
        Value::Level(Some((_, id))) => text(id),
        Value::Level(None) => text("none"),
        Value::Score(Some(share)) => text(&format!("{} of {}", share.part, share.whole)),
        Value::Score(None) => text("not measured"),
    }
}

/// `restore-drilled: pass, now fail`.
fn rule(rule: &RuleMove) -> String {
    let word = |outcome: Option<crate::assess::outcome::Outcome>| outcome.map_or("not asked", |it| it.word());
    format!("{}: {}, now {}", rule.rule, word(rule.from), word(rule.to))
}

/// How the services of each team moved, each service once by its worst move.
fn teams(portal: &Portal<'_>, subjects: &[&[Change]], here: Here<'_>) -> Vec<TeamRow> {
    let mut counts = std::collections::BTreeMap::<&str, [usize; 3]>::new();
    for changes in subjects.iter().filter(|changes| matches!(changes[0].subject, Moved::Service(_))) {
        if let Some(direction) = worst(changes) {
            counts.entry(&changes[0].team).or_default()[direction as usize] += 1;
        }
    }
    let row = |(team, [worse, better, other]): (&str, [usize; 3])| TeamRow {
        team: match portal.catalog.teams.find(team) {
            Some(index) => linked::team(portal, here, index),
            None => Link::plain(if team.is_empty() { "no team" } else { team }),
        },
        worse,
        better,
        other,
    };
    counts.into_iter().map(row).collect()
}
