//! `doctor`: whether every source would answer, as whom it is asked, and what a collect would cost, before one
//! starts.

use serde::Serialize;

use super::progress::Bars;
use super::{Console, Failure, interruption, organisation};
use crate::cli::{self, ReportFormat};
use crate::collect::doctor::{self, Allowance, Budget, Calls, Cost, NightKind, Prospect, Remark};
use crate::day::Moment;
use crate::diagnostic::text::harmless;
use crate::exit_code::ExitCode;
use crate::words;

/// The version of the JSON.
const SCHEMA_VERSION: u32 = 1;

/// How the estimate comes about.
const RECKONED: &str = "an estimate: pages of 100 repositories, two files beside each descriptor, 240 files to a question, \
    one repository in a hundred moved since the last night; further members of large teams, how replaced deployments ended, and more \
    `folders` come on top";

pub(super) fn run(
    arguments: &cli::Doctor,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let (settings, _) = organisation::settings(arguments.catalog.as_deref(), shared, console)?;
    let prospects = console.phase("asking", || doctor::examine(&settings, &Bars::new(console)));
    interruption::heed(&settings.interruption)?;
    match arguments.format {
        ReportFormat::Text => console.data(&text(&prospects))?,
        ReportFormat::Json => console.data(&json(&prospects))?,
    }
    Ok(if prospects.iter().all(Prospect::is_whole) { ExitCode::Done } else { ExitCode::Incomplete })
}

/// For people.
fn text(prospects: &[Prospect]) -> String {
    let mut text = String::new();
    let mut line = |indent: usize, said: &str| {
        text.push_str(&" ".repeat(indent));
        text.push_str(&harmless(said));
        text.push('\n');
    };
    for prospect in prospects {
        line(0, &format!("{} `{}`", prospect.kind, prospect.source));
        for Remark { verdict, subject, says, advice } in &prospect.remarks {
            line(2, &format!("{:<8} {subject}: {says}", verdict.word()));
            if let Some(advice) = advice {
                line(11, advice);
            }
        }
        for budget in &prospect.budgets {
            let Budget { organisation, kind, tonight, cold, warm, .. } = budget;
            let kind = match kind {
                NightKind::First => "nothing is kept of it",
                NightKind::Sweep => "every repository is listed",
                NightKind::BetweenSweeps => "only what was pushed is listed",
            };
            line(2, &format!("cost     `{organisation}` tonight: {}; {kind}", cost(*tonight)));
            line(11, &format!("from nothing: {}; a night with little new: {}", cost(*cold), cost(*warm)));
        }
        if !prospect.budgets.is_empty() {
            line(11, RECKONED);
        }
        if let Some(calls) = &prospect.calls {
            let [tonight, rest @ ..] = spent(calls);
            line(2, &format!("cost     {tonight}"));
            rest.iter().filter(|said| !said.is_empty()).for_each(|said| line(11, said));
        }
    }
    let short = prospects.iter().filter(|prospect| !prospect.is_whole()).count();
    let sources = words::count(prospects.len(), "source", "sources");
    line(
        0,
        &match short {
            0 => format!("a collect would be whole: {sources}"),
            short => format!("a collect would be incomplete: {short} of {sources}"),
        },
    );
    text
}

fn count(number: u64, one: &str, many: &str) -> String {
    words::count(usize::try_from(number).unwrap_or(usize::MAX), one, many)
}

/// What a night asks of AWS, how long that takes, and what is not known of it.
fn spent(calls: &Calls) -> [String; 3] {
    let Calls { organization, tags, policies, untagged, sessions, pages, longest, unknown, seconds, spent } =
        calls;
    let policies = match policies {
        0 => String::new(),
        calls => format!(", {calls} for tag policies"),
    };
    let untagged = match untagged {
        0 => String::new(),
        calls => format!(", {calls} for what carries no tag"),
    };
    let tonight = format!(
        "tonight: about {}: {organization} for accounts and units, {tags} for their tags{policies}{untagged}, {} and {}",
        count(calls.total(), "call", "calls"),
        count(*sessions, "session", "sessions"),
        count(*pages, "page of resources", "pages of resources"),
    );
    let time = format!(
        "at least {}; the largest listing has {}; it took {} to say so",
        count(*seconds, "second", "seconds"),
        count(*longest, "page", "pages"),
        count(*spent, "call", "calls"),
    );
    let open = match unknown {
        0 => String::new(),
        listings => format!(
            "more, because {} more than a page and no night before: counted as two pages each",
            count(*listings, "listing has", "listings have"),
        ),
    };
    [tonight, time, open]
}

fn cost(cost: Cost) -> String {
    format!(
        "about {} and {}",
        count(cost.requests, "request", "requests"),
        count(cost.points, "point", "points")
    )
}

/// For scripts.
fn json(prospects: &[Prospect]) -> String {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        whole: prospects.iter().all(Prospect::is_whole),
        sources: prospects.iter().map(SourceEntry::of).collect(),
        reckoned: RECKONED,
    };
    serde_json::to_string_pretty(&document).expect("texts and numbers are JSON")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    whole: bool,
    sources: Vec<SourceEntry<'a>>,
    reckoned: &'static str,
}

#[derive(Serialize)]
struct SourceEntry<'a> {
    name: &'a str,
    kind: &'a str,
    whole: bool,
    remarks: Vec<RemarkEntry<'a>>,
    budgets: Vec<BudgetEntry<'a>>,
    calls: Option<CallsEntry>,
}

#[derive(Serialize)]
struct RemarkEntry<'a> {
    verdict: &'static str,
    subject: &'a str,
    says: &'a str,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct BudgetEntry<'a> {
    organisation: &'a str,
    repositories: u64,
    limit: Option<LimitEntry>,
    night: &'static str,
    tonight: CostEntry,
    cold: CostEntry,
    warm: CostEntry,
}

#[derive(Serialize)]
struct LimitEntry {
    points: u64,
    remaining: u64,
    resets: Option<Moment>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallsEntry {
    total: u64,
    organization: u64,
    tags: u64,
    policies: u64,
    untagged: u64,
    sessions: u64,
    pages: u64,
    longest_listing: u64,
    listings_of_unknown_size: u64,
    seconds: u64,
    spent: u64,
}

#[derive(Serialize)]
struct CostEntry {
    requests: u64,
    points: u64,
}

impl<'a> SourceEntry<'a> {
    fn of(prospect: &'a Prospect) -> Self {
        let remark = |remark: &'a Remark| RemarkEntry {
            verdict: remark.verdict.word(),
            subject: &remark.subject,
            says: &remark.says,
            help: remark.advice.as_deref(),
        };
        Self {
            name: &prospect.source,
            kind: prospect.kind,
            whole: prospect.is_whole(),
            remarks: prospect.remarks.iter().map(remark).collect(),
            budgets: prospect.budgets.iter().map(BudgetEntry::of).collect(),
            calls: prospect.calls.as_ref().map(CallsEntry::of),
        }
    }
}

impl CallsEntry {
    fn of(calls: &Calls) -> Self {
        Self {
            total: calls.total(),
            organization: calls.organization,
            tags: calls.tags,
            policies: calls.policies,
            untagged: calls.untagged,
            sessions: calls.sessions,
            pages: calls.pages,
            longest_listing: calls.longest,
            listings_of_unknown_size: calls.unknown,
            seconds: calls.seconds,
            spent: calls.spent,
        }
    }
}

impl<'a> BudgetEntry<'a> {
    fn of(budget: &'a Budget) -> Self {
        let cost = |cost: Cost| CostEntry { requests: cost.requests, points: cost.points };
        let limit = |Allowance { limit, remaining, resets }| LimitEntry { points: limit, remaining, resets };
        Self {
            organisation: &budget.organisation,
            repositories: budget.repositories,
            limit: budget.allowance.map(limit),
            night: budget.kind.word(),
            tonight: cost(budget.tonight),
            cold: cost(budget.cold),
            warm: cost(budget.warm),
        }
    }
}
