//! Problems: everything that authors wrote and that cannot be used, or may not mean what it says; all of
//! it, and for each team. Errors come first; long lists go on on further pages.

use serde::Serialize;

use super::Kind;
use crate::catalog::Team;
use crate::catalog::table::Index;
use crate::diagnostic::Severity;
use crate::render::badge::Badge;
use crate::render::frame::{Head, Section};
use crate::render::linked;
use crate::render::links::{Here, Href, Place};
use crate::render::paging::{ROWS, Step, steps};
use crate::render::parts::Link;
use crate::render::portal::Portal;
use crate::render::problems::Told;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};
use crate::words;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    heading: String,
    lead: String,
    totals: Vec<Badge>,
    range: Option<String>,
    /// Pages of the teams, on the first page of all.
    teams: Vec<Link>,
    sections: Vec<Group<'p>>,
    empty: &'static str,
    pages: Vec<Step>,
    next: Option<Link>,
}

/// Problems of one severity.
#[derive(Debug, Serialize)]
struct Group<'p> {
    anchor: &'static str,
    heading: &'static str,
    says: &'static str,
    problems: Vec<Told<'p>>,
}

/// Whose problems a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Everybodys,
    Of(Index<Team>),
    Nobodys,
}

/// One page of one list.
#[derive(Clone, Debug)]
pub struct Part {
    whose: Whose,
    /// Positions among all problems, in the order in which they are shown.
    rows: Vec<u32>,
    /// How many there are of each severity on all pages of the list, the heaviest first.
    counts: [usize; 3],
    /// How many are listed on all pages of the list: no file lists more of a kind than anybody reads.
    listed: usize,
    number: usize,
    pages: usize,
}

/// Every severity, the heaviest first.
const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

/// The part of the address of problems that no team answers for. No id begins with `_`.
const NOBODYS: &str = "nobody";

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("problems");
    type Shown<'p> = Page<'p>;
    type Subject = Part;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Part)> {
        let problems = &portal.relations.problems;
        let all: Vec<u32> = (0..).take(problems.all.len()).collect();
        let mut parts = list(portal, Whose::Everybodys, all);
        let nobodys = problems.of_nobody();
        if !nobodys.is_empty() {
            parts.extend(list(portal, Whose::Nobodys, nobodys));
        }
        for (index, _) in portal.catalog.teams.indexed() {
            let own = problems.of_team(index.position());
            if !own.is_empty() {
                parts.extend(list(portal, Whose::Of(index), own.to_vec()));
            }
        }
        parts
    }

    fn page<'p>(portal: &'p Portal<'_>, part: &'p Part, here: Here<'p>) -> (Head, Page<'p>) {
        let Part { whose, listed, number, pages, .. } = *part;
        let all: usize = part.counts.iter().sum();
        let to = |number: usize| -> Href { place(portal, whose, number, |place| here.to(place)) };
        let whole = match whose {
            Whose::Everybodys => "Problems".to_owned(),
            Whose::Of(team) => format!("Problems of {}", portal.catalog.teams[team].record.name()),
            Whose::Nobodys => "Problems that no team answers for".to_owned(),
        };
        let mut crumbs = Vec::new();
        if whose != Whose::Everybodys || number > 1 {
            crumbs.push(Link::new("Problems", here.to(Place::Problems)));
        }
        if let Whose::Of(team) = whose {
            crumbs.push(linked::team(portal, here, team));
        }
        let heading = if number == 1 { whole } else { format!("{whole}, page {number}") };
        let head = Head {
            title: heading.clone(),
            section: Some(Section::Problems),
            data: Some(here.to(Place::Data(&["problems"]))),
            crumbs,
            sources: Vec::new(),
        };
        let first = (number - 1) * ROWS + 1;
        let page = Page {
            heading,
            lead: lead(whose, all),
            totals: totals(part.counts),
            range: (pages > 1).then(|| format!("{first} to {} of {listed}", first + part.rows.len() - 1)),
            teams: match whose {
                Whose::Everybodys if number == 1 => teams(portal, here),
                _ => Vec::new(),
            },
            sections: sections(portal, part, here),
            empty: match whose {
                Whose::Everybodys => "Every file that was read means what it says, as far as we can tell.",
                _ => "Nothing is wrong here.",
            },
            pages: if pages > 1 { steps(pages, number, to) } else { Vec::new() },
            next: (number < pages).then(|| Link::new("Next", to(number + 1))),
        };
        (head, page)
    }
}

/// The pages of one list.
fn list(portal: &Portal<'_>, whose: Whose, mut rows: Vec<u32>) -> Vec<(SitePath, Part)> {
    let severity = |row: &u32| portal.relations.problems.all[*row as usize].severity();
    // Stable: inside one severity the order of places stays.
    rows.sort_by_key(|row| std::cmp::Reverse(severity(row)));
    let counts = SEVERITIES.map(|wanted| {
        let of_severity: Vec<u32> = rows.iter().copied().filter(|row| severity(row) == wanted).collect();
        portal.relations.problems.count(&of_severity)
    });
    let listed = rows.len();
    let pages = rows.len().div_ceil(ROWS).max(1);
    let part = |number: usize| {
        let rows = rows.chunks(ROWS).nth(number - 1).unwrap_or_default().to_vec();
        let path = place(portal, whose, number, |place| place.path());
        (path, Part { whose, rows, counts, listed, number, pages })
    };
    (1..=pages).map(part).collect()
}

/// Calls `use_place` with the address of page `number`.
fn place<T>(portal: &Portal<'_>, whose: Whose, number: usize, use_place: impl FnOnce(Place<'_>) -> T) -> T {
    match (whose, number) {
        (Whose::Everybodys, 1) => use_place(Place::Problems),
        (Whose::Everybodys, _) => use_place(Place::ProblemsPart(&number.to_string())),
        (Whose::Nobodys, 1) => use_place(Place::ProblemsPart(NOBODYS)),
        (Whose::Nobodys, _) => use_place(Place::ProblemsPart(&format!("{NOBODYS}-{number}"))),
        (Whose::Of(team), number) => {
            let id = portal.catalog.teams[team].id.as_str();
            match number {
                1 => use_place(Place::ProblemsOf(id)),
                _ => use_place(Place::ProblemsOfPart(id, &number.to_string())),
            }
        }
    }
}

fn lead(whose: Whose, all: usize) -> String {
    if all == 0 {
        return "Nothing in the files is unreadable or doubtful.".to_owned();
    }
    let things = words::count(all, "thing", "things");
    let where_from = match whose {
        Whose::Everybodys => "in the files that cannot be read or may not mean what they say",
        Whose::Of(_) => "in the files of this team that cannot be read or may not mean what they say",
        Whose::Nobodys => "in files of which we do not know whose they are",
    };
    format!("{things} {where_from}. Each names its place and what to do about it.")
}

fn totals(counts: [usize; 3]) -> Vec<Badge> {
    let badge = |(severity, count): (Severity, usize)| {
        let word = severity.word();
        (count > 0).then(|| Badge::severity(severity).saying(words::count(count, word, &format!("{word}s"))))
    };
    SEVERITIES.into_iter().zip(counts).filter_map(badge).collect()
}

/// The pages of teams that have problems, by name, and of those that nobody answers for.
fn teams(portal: &Portal<'_>, here: Here<'_>) -> Vec<Link> {
    let problems = &portal.relations.problems;
    let mut links: Vec<Link> = portal
        .catalog
        .teams
        .indexed()
        .filter_map(|(index, team)| {
            let count = problems.count(problems.of_team(index.position()));
            let text = format!("{} ({count})", team.record.name());
            (count > 0).then(|| Link::new(text, here.to(Place::ProblemsOf(team.id.as_str()))))
        })
        .collect();
    links.sort_by_cached_key(|link| link.text.to_lowercase());
    let nobodys = problems.count(&problems.of_nobody());
    if nobodys > 0 {
        links.push(Link::new(format!("nobody ({nobodys})"), here.to(Place::ProblemsPart(NOBODYS))));
    }
    links
}

fn sections<'p>(portal: &'p Portal<'_>, part: &'p Part, here: Here<'_>) -> Vec<Group<'p>> {
    let problems = &portal.relations.problems;
    let group = |severity: Severity| {
        let own = |row: &&u32| problems.all[**row as usize].severity() == severity;
        let rows: Vec<u32> = part.rows.iter().filter(own).copied().collect();
        let mut told = problems.tell_all(portal.catalog, &rows);
        if !matches!(part.whose, Whose::Of(_)) {
            for (told, row) in told.iter_mut().zip(&rows) {
                let teams = problems.teams(*row).iter();
                told.teams = teams.map(|team| linked::team(portal, here, *team)).collect();
            }
        }
        let (anchor, heading, says) = match severity {
            Severity::Error => {
                ("errors", "Not used", "The value, or the whole document, does not count until it is mended.")
            }
            Severity::Warning => ("warnings", "Doubtful", "It is used as it stands, and probably not meant."),
            Severity::Note => ("notes", "Worth knowing", "Nothing depends on it; only people can tell."),
        };
        (!told.is_empty()).then_some(Group { anchor, heading, says, problems: told })
    };
    SEVERITIES.into_iter().filter_map(group).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::catalog::testing::Organisation;
    use crate::render::site::Site;
    use crate::render::trial::Trial;

    fn pages(organisation: &Organisation) -> BTreeMap<String, String> {
        let trial = Trial::of(organisation);
        let site = Site::build(trial.inputs()).expect("builds");
        let own = site.entries().iter().filter(|entry| entry.path.as_str().starts_with("problems/"));
        own.map(|entry| {
            let bytes = site.render(entry).expect("renders");
            assert!(bytes.len() < 300_000, "{} has {} bytes", entry.path, bytes.len());
            let path = entry.path.as_str().strip_prefix("problems/").expect("below");
            (path.to_owned(), String::from_utf8(bytes).expect("text"))
        })
        .collect()
    }

    #[test]
    fn every_problem_is_on_one_page_of_the_list_and_errors_come_first() {
        let mut organisation = Organisation::default();
        for number in 0..150 {
            let text = format!("serviceId: s{number:03}\nowmerTeam: x\n");
            organisation = organisation.descriptor(&format!("r{number:03}"), "service.yaml", &text);
        }
        let broken = "serviceId: z\naccountId: 011122223333\n";
        let pages = pages(&organisation.descriptor("z", "service.yaml", broken));
        let (first, second) = (&pages["index.html"], &pages["_2/index.html"]);
        for number in 0..150 {
            let place = format!("r{number:03} · service.yaml:2");
            assert_eq!(first.matches(&place).count() + second.matches(&place).count(), 1, "{place}");
        }
        let error = first.find("z · service.yaml:2").expect("the error is on the first page");
        assert!(error < first.find("r000 · service.yaml").expect("the first warning"));
        assert!(first.contains("<ins>+ accountId: &quot;011122223333&quot;</ins>"), "{first}");
    }

    #[test]
    fn problems_are_those_of_whoever_answers_for_the_file() {
        let organisation = Organisation::default()
            .catalog("teams/web.yaml", "teamId: web\nmembers: ['@a', '@b']\n")
            .catalog("exceptions/EX-2026-0001.yaml", "exceptionId: EX-2026-0001\nservice: shop\nraison: x\n")
            .descriptor("shop", "service.yaml", "serviceId: shop\nownerTeam: web\n")
            .descriptor("lost", "service.yaml", "serviceId: lost\nowmerTeam: web\n");
        let pages = pages(&organisation);
        assert!(pages["web/index.html"].contains("exceptions/EX-2026-0001.yaml:3"));
        assert!(!pages["web/index.html"].contains("lost · "));
        assert!(pages["_nobody/index.html"].contains("lost · service.yaml:2"));
        assert!(!pages["_nobody/index.html"].contains("EX-2026-0001.yaml:3"));
    }

    #[test]
    fn values_as_long_as_files_make_no_long_pages() {
        let mut organisation = Organisation::default();
        for number in 0..100 {
            let text = format!("serviceId: s{number}\naccountId: {}\n", "9".repeat(20_000));
            organisation = organisation.descriptor(&format!("r{number}"), "service.yaml", &text);
        }
        assert_eq!(pages(&organisation)["index.html"].matches("class=\"rule\"").count(), 100);
    }

    #[test]
    fn without_problems_there_is_one_page_that_says_so() {
        let pages = pages(&Organisation::default());
        assert_eq!(pages.keys().collect::<Vec<_>>(), ["index.html"]);
        assert!(pages["index.html"].contains("class=\"empty\""));
    }
}
