//! What came of a rule: everybody who does not pass, with what was found, and who passes.

use std::sync::Arc;

use serde::Serialize;

use crate::assess::{Input, ScorecardResult};
use crate::catalog::Declared;
use crate::catalog::origin::Origin;
use crate::catalog::scorecard::{Scorecard, Subject};
use crate::catalog::table::Index;
use crate::render::badge::Badge;
use crate::render::linked;
use crate::render::links::{Here, Place};
use crate::render::name_list::NameList;
use crate::render::pages::scorecard::subjects;
use crate::render::paging::ROWS;
use crate::render::parts::{Link, cut};
use crate::render::populations::{assessed, result, rule_id, subject};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::reading::{Reading, UNKNOWN, explain, forecast, most_telling};
use crate::render::templates::Html;

/// Longest message shown, in characters.
const LONGEST: usize = 400;

/// Inputs shown for each row.
const SHOWN: usize = 3;

/// The results that one page shows.
#[derive(Debug, Serialize)]
pub(super) struct Results<'p> {
    /// What the rows are: `Service`.
    one: &'static str,
    /// Whether rows have an owner.
    owned: bool,
    caption: String,
    rows: Vec<Row<'p>>,
    /// Who passes, on the first page.
    passing: Option<Passing>,
    empty: &'static str,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    link: Link,
    badge: Badge,
    team: Option<Link>,
    /// The owner as written, when no team is called that.
    named: Option<&'p str>,
    message: Option<Html>,
    inputs: Vec<Reading>,
    left_out: usize,
    exception: Option<Link>,
}

#[derive(Debug, Serialize)]
struct Passing {
    summary: String,
    who: NameList,
}

impl<'p> Results<'p> {
    /// The results on page `number` of the rule at `position`.
    pub(super) fn new(
        portal: &'p Portal<'_>,
        index: Index<Declared<Scorecard>>,
        position: usize,
        number: usize,
        here: Here<'_>,
    ) -> Self {
        let scorecard = &portal.catalog.scorecards[index];
        let kind = subject(&scorecard.record);
        let population = &portal.populations.scorecards[index.position()].rules[position];
        let id = rule_id(portal, index, position);
        let start = (number - 1) * ROWS;
        let end = (start + ROWS).min(population.open.len());
        let shown = &population.open[start..end];
        let all = Place::RulePart(&scorecard.id, id, "passing");
        let passing = &population.passing;
        let announced = population.forecast.is_some();
        let does = match (announced, passing.len()) {
            (true, _) => "would pass",
            (false, 1) => "passes",
            (false, _) => "pass",
        };
        Self {
            one: match kind {
                Subject::Service => "Service",
                Subject::GoldenPath => "Golden path",
                Subject::Account => "Account",
            },
            owned: kind != Subject::GoldenPath,
            caption: caption(kind, announced, population.open.len(), start, shown.len()),
            rows: shown.iter().filter_map(|row| open(portal, index, position, *row, here)).collect(),
            passing: (number == 1 && !passing.is_empty()).then(|| Passing {
                summary: format!("{} {does}", subjects(kind, passing.len())),
                who: NameList::new(portal, here, kind, passing, all),
            }),
            empty: match (population.open.is_empty(), passing.is_empty()) {
                (true, true) => "It applies to nobody today, so nobody passes and nobody fails.",
                (true, false) if announced => "Everybody to whom it applies would pass today.",
                (true, false) => "Everybody to whom it applies passes.",
                (false, _) => "",
            },
        }
    }
}

/// Where the record of a subject begins.
fn record(portal: &Portal<'_>, kind: Subject, row: u32) -> Option<Origin> {
    let row = row as usize;
    match kind {
        Subject::Service => portal.catalog.services.rows().get(row).map(|service| service.origin),
        Subject::GoldenPath => portal.catalog.golden_paths.rows().get(row).map(|path| path.origin),
        Subject::Account => {
            let account = portal.catalog.accounts.rows().get(row)?;
            account.declared.as_ref().map(|declared| declared.origin)
        }
    }
}

fn caption(kind: Subject, announced: bool, all: usize, start: usize, shown: usize) -> String {
    let do_not = match (announced, all) {
        (true, _) => "would not pass today",
        (false, 1) => "does not pass",
        (false, _) => "do not pass",
    };
    let whole = format!("{} that {do_not}, failing ones first, then by id", subjects(kind, all));
    if shown == all { whole } else { format!("{} to {} of {whole}", start + 1, start + shown) }
}

/// What was found for one subject.
struct Found {
    badge: Badge,
    message: Option<Arc<str>>,
    inputs: Vec<Input>,
    left_out: usize,
}

impl Found {
    fn new(
        portal: &Portal<'_>,
        subject: (Subject, u32),
        result: &ScorecardResult,
        position: usize,
    ) -> Option<Self> {
        let judged = result.rules.get(position)?;
        if judged.announced {
            let found = forecast(portal, subject, result.scorecard, position)?;
            return Some(Self {
                badge: Badge::would_be(found.outcome),
                message: found.message,
                inputs: found.inputs,
                left_out: found.left_out,
            });
        }
        let found = explain(portal, subject, result, position)?;
        Some(Self {
            badge: Badge::result(judged),
            message: found.message,
            inputs: found.inputs,
            left_out: found.left_out,
        })
    }
}

fn open<'p>(
    portal: &'p Portal<'_>,
    index: Index<Declared<Scorecard>>,
    position: usize,
    row: u32,
    here: Here<'_>,
) -> Option<Row<'p>> {
    let kind = subject(&portal.catalog.scorecards[index].record);
    let result = result(assessed(portal.assessment, kind, row)?, index)?;
    let judged = result.rules.get(position)?;
    let found = Found::new(portal, (kind, row), result, position)?;
    let (mut inputs, left_out) =
        most_telling(portal, &found.inputs, found.left_out, SHOWN, record(portal, kind, row));
    let message = found.message.as_deref();
    if message.is_some() {
        // The message names what is not known, and why.
        inputs.retain(|input| input.state != UNKNOWN);
    }
    let mut link = linked::subject(portal, here, kind, row);
    let (mut team, mut named) = (None, None);
    match kind {
        Subject::Service => {
            let service = &portal.catalog.services.rows()[row as usize];
            team = service.owner.map(|team| linked::team(portal, here, team));
            named = service.record.owner_team.value().map(|name| &**name);
            let anchor = format!("rule-{}", rule_id(portal, index, position));
            link.href = Some(here.to_part(Place::Service(service.id.as_str()), &anchor));
        }
        Subject::Account => {
            let account = &portal.catalog.accounts.rows()[row as usize];
            team = account.owner.map(|team| linked::team(portal, here, team));
        }
        Subject::GoldenPath => {}
    }
    Some(Row {
        link,
        badge: found.badge,
        named: if team.is_some() { None } else { named },
        team,
        message: message.map(|message| prose(&cut(message, LONGEST))),
        inputs,
        left_out,
        exception: judged.exception.map(|index| linked::exception(portal, here, index)),
    })
}
