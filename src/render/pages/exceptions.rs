//! The register of exceptions: by state, worst first, with what each hides today; how many there are by
//! risk; and what happens next.

mod by_risk;
mod next_dates;

use serde::Serialize;

use super::Kind;
use super::exception::keeps_tier;
use crate::assess::exceptions::{answering, roles};
use crate::assess::{ExceptionAssessment, ExceptionState};
use crate::catalog::Exception;
use crate::render::badge::Badge;
use crate::render::frame::{Head, Section};
use crate::render::linked;
use crate::render::links::{Here, Href, Place};
use crate::render::paging::{ROWS, Step, steps};
use crate::render::parts::{Link, When, cut};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::site::SitePath;
use crate::render::standing::urgency;
use crate::render::templates::{Html, Template, page_template};
use crate::words;
pub(super) use by_risk::ByRisk;
use next_dates::NextDates;

/// Longest reason shown in the register, in characters.
const LONGEST: usize = 300;

/// Longest name of a role shown, in characters.
const LONGEST_ROLE: usize = 60;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    heading: String,
    lead: String,
    totals: Vec<Badge>,
    first: bool,
    partial: bool,
    caption: String,
    rows: Vec<Row<'p>>,
    pages: Vec<Step>,
    next: Option<Link>,
    by_risk: Option<ByRisk>,
    next_dates: Option<NextDates>,
    feeds: Option<Feeds>,
    json: Href,
}

/// What calendars and mail programs subscribe to.
#[derive(Debug, Serialize)]
struct Feeds {
    all: Href,
    approvers: Vec<Link>,
    digest: Href,
    digest_json: Href,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    id: &'p str,
    href: Href,
    badge: Badge,
    state: &'static str,
    rank: u8,
    why: Option<Html>,
    service: Option<Link>,
    team: &'p str,
    about: Option<String>,
    risk: &'static str,
    risk_rank: usize,
    ends: Option<When>,
    endless: &'static str,
    hides: usize,
    keeps_tier: bool,
    findings: String,
}

/// One page of the register.
#[derive(Clone, Debug)]
pub struct Part {
    rows: Vec<u32>,
    number: usize,
    pages: usize,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("exceptions");
    type Shown<'p> = Page<'p>;
    type Subject = Part;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Part)> {
        let rows = by_state(portal);
        let pages = rows.len().div_ceil(ROWS).max(1);
        let part = |number: usize| {
            let rows = rows.chunks(ROWS).nth(number - 1).unwrap_or_default().to_vec();
            let path = match number {
                1 => Place::Exceptions.path(),
                _ => Place::ExceptionsPart(&number.to_string()).path(),
            };
            (path, Part { rows, number, pages })
        };
        (1..=pages).map(part).collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, part: &'p Part, here: Here<'p>) -> (Head, Page<'p>) {
        let Part { ref rows, number, pages } = *part;
        let all = portal.catalog.exceptions.len();
        let to = |number: usize| -> Href {
            match number {
                1 => here.to(Place::Exceptions),
                _ => here.to(Place::ExceptionsPart(&number.to_string())),
            }
        };
        let heading = match number {
            1 => "Exceptions".to_owned(),
            _ => format!("Exceptions, page {number}"),
        };
        let json = here.to(Place::Data(&["exceptions/index"]));
        let head = Head {
            title: heading.clone(),
            section: Some(Section::Exceptions),
            data: Some(json.clone()),
            crumbs: if number == 1 { Vec::new() } else { vec![Link::new("Exceptions", to(1))] },
            sources: Vec::new(),
        };
        let first = number == 1;
        let page = Page {
            heading,
            lead: lead(portal),
            totals: totals(portal),
            first,
            partial: rows.len() < all,
            caption: caption(number, rows.len(), all),
            rows: rows.iter().map(|row| Row::new(portal, *row as usize, here)).collect(),
            pages: if pages > 1 { steps(pages, number, to) } else { Vec::new() },
            next: (number < pages).then(|| Link::new("Next", to(number + 1))),
            by_risk: first.then(|| ByRisk::new(portal)).flatten(),
            next_dates: first.then(|| NextDates::new(portal, here)),
            feeds: first.then(|| Feeds::new(portal, here)),
            json,
        };
        (head, page)
    }
}

impl Feeds {
    fn new(portal: &Portal<'_>, here: Here<'_>) -> Self {
        let approver =
            |role: &str| Link::new(cut(role, LONGEST_ROLE), here.to(Place::CalendarOfApprover(role)));
        Self {
            all: here.to(Place::Calendar),
            approvers: roles(portal.catalog).into_iter().map(approver).collect(),
            digest: here.to(Place::Digest),
            digest_json: here.to(Place::Data(&["digest"])),
        }
    }
}

/// Every exception: by state, worst first, then by the day it ends, then by id.
fn by_state(portal: &Portal<'_>) -> Vec<u32> {
    let mut rows: Vec<u32> = (0..).take(portal.catalog.exceptions.len()).collect();
    rows.sort_by_key(|row| {
        let judged = &portal.assessment.exceptions[*row as usize];
        (urgency(judged.state), judged.days_left.unwrap_or(i64::MIN))
    });
    rows
}

fn caption(number: usize, shown: usize, all: usize) -> String {
    let whole = words::count(all, "exception", "exceptions");
    let range = match shown < all {
        true => format!("{} to {} of {whole}", (number - 1) * ROWS + 1, (number - 1) * ROWS + shown),
        false => whole,
    };
    format!("{range}, by state, worst first")
}

fn lead(portal: &Portal<'_>) -> String {
    let judged = &portal.assessment.exceptions;
    let excusing = judged.iter().filter(|judged| !judged.hides.is_empty()).count();
    let unmanaged = judged.iter().filter(|judged| has(judged, "unmanaged-standard")).count();
    let excuse = if excusing == 1 { "excuses" } else { "excuse" };
    let records = words::count(judged.len(), "record", "records");
    let excusing = if excusing == 0 { "none".to_owned() } else { excusing.to_string() };
    let mut text = format!("{}; {excusing} {excuse} a failing rule today.", words::capitalised(&records));
    if unmanaged > 0 {
        let are = if unmanaged == 1 { "is an unmanaged standard" } else { "are unmanaged standards" };
        text.push_str(&format!(" {unmanaged} {are}: allowed without an end, or beyond it."));
    }
    text
}

fn has(judged: &ExceptionAssessment, code: &str) -> bool {
    judged.findings.iter().any(|finding| finding.code == code)
}

/// Every state, worst first.
const STATES: [ExceptionState; 7] = [
    ExceptionState::Expired,
    ExceptionState::Invalid,
    ExceptionState::Pending,
    ExceptionState::ReviewOverdue,
    ExceptionState::Expiring,
    ExceptionState::Active,
    ExceptionState::Closed,
];

fn totals(portal: &Portal<'_>) -> Vec<Badge> {
    let judged = &portal.assessment.exceptions;
    let badge = |state: ExceptionState| {
        let count = judged.iter().filter(|judged| judged.state == state).count();
        let badge = Badge::exception(state);
        let word = badge.text.to_lowercase();
        (count > 0).then(|| badge.saying(format!("{count} {word}")))
    };
    STATES.into_iter().filter_map(badge).collect()
}

impl<'p> Row<'p> {
    fn new(portal: &'p Portal<'_>, row: usize, here: Here<'_>) -> Self {
        let exception = &portal.catalog.exceptions.rows()[row];
        let judged = &portal.assessment.exceptions[row];
        let record = &exception.record;
        let risk = record.risk.value();
        let explained = matches!(
            judged.state,
            ExceptionState::Invalid | ExceptionState::Pending | ExceptionState::ReviewOverdue
        );
        let reason = judged.reasons.first().filter(|_| explained);
        Self {
            id: &exception.id,
            href: here.to(Place::Exception(&exception.id)),
            badge: badge(judged),
            state: judged.state.word(),
            rank: urgency(judged.state),
            why: reason.map(|reason| prose(&cut(&reason.text, LONGEST))),
            service: service(portal, exception, here),
            team: team(portal, exception),
            about: about(exception),
            risk: risk.map_or("not given", |risk| risk.word()),
            risk_rank: risk.map_or(9, |risk| *risk as usize),
            ends: record.expires_at.value().map(|day| portal.when(*day)),
            endless: if record.expires_at.is_absent() { "never" } else { "cannot be read" },
            hides: judged.hides.len(),
            keeps_tier: keeps_tier(portal, exception, judged.state).is_some(),
            findings: findings(judged),
        }
    }
}

/// The state with what makes it urgent; one in force that has nothing to excuse says so.
pub(super) fn badge(judged: &ExceptionAssessment) -> Badge {
    if judged.state.is_in_force() && has(judged, "exception-covers-nothing") {
        return Badge::idle();
    }
    Badge::exception_with_days(judged.state, judged.days_left)
}

/// The service that deviates: its page, or the name that leads nowhere.
pub(super) fn service(portal: &Portal<'_>, exception: &Exception, here: Here<'_>) -> Option<Link> {
    match exception.service {
        Some(index) => Some(linked::service(portal, here, index)),
        None => exception.record.service.value().map(|id| Link::plain(id.as_str())),
    }
}

/// What it is about: a rule, else a control.
pub(super) fn about(exception: &Exception) -> Option<String> {
    let record = &exception.record;
    let rule = record.rule.value().map(ToString::to_string);
    rule.or_else(|| record.control.value().map(ToString::to_string))
}

/// The team that owns the service, else the one that asked.
fn team<'p>(portal: &'p Portal<'_>, exception: &'p Exception) -> &'p str {
    answering(portal.catalog, exception).map_or("none", |index| portal.catalog.teams[index].record.name())
}

/// What is to be said about it, in a few words: `dangling, unmanaged standard`.
fn findings(judged: &ExceptionAssessment) -> String {
    let codes = judged.findings.iter().map(|finding| finding_words(finding.code));
    let mut words: Vec<String> = codes.collect();
    words.sort();
    words.dedup();
    words.join(", ")
}

/// A code as words: `exception-covers-nothing` is `covers nothing`.
fn finding_words(code: &str) -> String {
    let code = code.strip_prefix("exception-").unwrap_or(code);
    code.strip_suffix("-exceptions").unwrap_or(code).replace('-', " ")
}

#[cfg(test)]
mod tests {
    use crate::catalog::testing::Organisation;
    use crate::render::trial::Trial;

    fn exception(number: usize, ends: &str) -> String {
        format!(
            "exceptionId: EX-2026-{number:04}\nservice: shop\ncontrol: golden-path\nreason: x\nrisk: low\n\
             requestedBy: web\nrequestedAt: 2026-06-01\ncompensatingControls: [y]\nexpiresAt: {ends}\n\
             approvals: [{{role: platform, by: '@a', at: 2026-11-01}}]\n"
        )
    }

    #[test]
    fn the_register_goes_on_on_further_pages_and_begins_with_the_worst() {
        let mut organisation = Organisation::default()
            .configured("organisation: {name: Trial}\n")
            .catalog("controls/path.yaml", "controlId: golden-path\n")
            .descriptor("shop", "service.yaml", "serviceId: shop\n");
        for number in 0..150 {
            let ends = if number == 140 { "2026-11-01" } else { "2027-03-01" };
            let path = format!("exceptions/EX-2026-{number:04}.yaml");
            organisation = organisation.catalog(&path, &exception(number, ends));
        }
        let trial = Trial::of(&organisation);
        let site = crate::render::site::Site::build(trial.inputs()).expect("builds");
        let text = |path: &str| {
            let entry = site.entries().iter().find(|entry| entry.path.as_str() == path).expect(path);
            String::from_utf8(site.render(entry).expect("renders")).expect("text")
        };
        let first = text("exceptions/index.html");
        let second = text("exceptions/_2/index.html");
        let row = |page: &str, id: &str| page.matches(&format!("{id}/index.html\">{id}</a></th>")).count();
        for number in 0..150 {
            let id = format!("EX-2026-{number:04}");
            assert_eq!(row(&first, &id) + row(&second, &id), 1, "{id}");
        }
        assert_eq!(row(&first, "EX-2026-0140"), 1);
        let expired = first.find("EX-2026-0140</a></th>").expect("it is there");
        assert!(expired < first.find("EX-2026-0000</a></th>").expect("it is there"));
        assert!(first.contains("1 to 100 of 150 exceptions"), "{first}");
    }
}
