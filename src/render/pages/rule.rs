//! One rule: what it asks and why, its very text, how to fix it, which controls it proves, who passes
//! and who does not. Long results go on on further pages.

mod controls;
mod results;

use serde::Serialize;

use super::names::level_title;
use super::scorecard::{announced, rule_title};
use super::scorecards::title;
use super::{Kind, distinct};
use crate::assess::outcome::Score;
use crate::catalog::Declared;
use crate::catalog::expression_text::ExpressionText;
use crate::catalog::field::Field;
use crate::catalog::origin::Origin;
use crate::catalog::scorecard::Scorecard;
use crate::catalog::table::Index;
use crate::render::badge::Badge;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Provenance;
use crate::render::paging::{ROWS, Step, steps};
use crate::render::parts::{Link, When};
use crate::render::populations::rule_id;
use crate::render::portal::Portal;
use crate::render::prose::{plain, prose};
use crate::render::site::SitePath;
use crate::render::templates::{Html, Template, page_template};
use crate::words;
use controls::Control;
use results::Results;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    title: Html,
    id: &'p str,
    why: Option<Html>,
    /// What only the first page shows.
    about: Option<About<'p>>,
    broken: Option<String>,
    totals: Vec<Badge>,
    results: Results<'p>,
    pages: Vec<Step>,
    next: Option<Link>,
}

/// The rule itself.
#[derive(Debug, Serialize)]
struct About<'p> {
    facts: String,
    since: Option<When>,
    announced: Option<Badge>,
    waivable: &'static str,
    expressions: Vec<Expression<'p>>,
    /// What rules can say.
    language: Href,
    needs: Vec<&'p str>,
    source: Provenance,
    changed: Option<When>,
    fix: Option<Html>,
    controls: Vec<Control<'p>>,
    controls_caption: String,
    tests: Vec<Test<'p>>,
}

/// An expression as its author wrote it.
#[derive(Debug, Serialize)]
struct Expression<'p> {
    key: &'static str,
    text: &'p str,
    origin: Provenance,
}

/// A made-up subject that the rule is tried with in every run.
#[derive(Debug, Serialize)]
struct Test<'p> {
    name: &'p str,
    expect: &'static str,
    origin: Provenance,
}

/// One page about one rule.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    scorecard: Index<Declared<Scorecard>>,
    position: usize,
    number: usize,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("rule");
    type Shown<'p> = Page<'p>;
    type Subject = Part;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Part)> {
        let mut parts = Vec::new();
        for (index, scorecard) in portal.catalog.scorecards.indexed() {
            for position in 0..scorecard.record.rules.items.len() {
                let id = rule_id(portal, index, position);
                let open = &portal.populations.scorecards[index.position()].rules[position].open;
                for number in 1..=open.len().div_ceil(ROWS).max(1) {
                    let path = match number {
                        1 => Place::Rule(&scorecard.id, id).path(),
                        _ => Place::RulePart(&scorecard.id, id, &number.to_string()).path(),
                    };
                    parts.push((path, Part { scorecard: index, position, number }));
                }
            }
        }
        distinct(parts.into_iter())
    }

    fn page<'p>(portal: &'p Portal<'_>, part: &'p Part, here: Here<'p>) -> (Head, Page<'p>) {
        let Part { scorecard: index, position, number } = *part;
        let scorecard = &portal.catalog.scorecards[index];
        let id = rule_id(portal, index, position);
        let rule = &scorecard.record.rules.items[position].value;
        let to = |number: usize| -> Href {
            match number {
                1 => here.to(Place::Rule(&scorecard.id, id)),
                _ => here.to(Place::RulePart(&scorecard.id, id, &number.to_string())),
            }
        };
        let mut crumbs = vec![
            Link::new("Scorecards", here.to(Place::Scorecards)),
            Link::new(title(scorecard), here.to(Place::Scorecard(&scorecard.id))),
        ];
        let name = plain(rule_title(rule, id));
        if number > 1 {
            crumbs.push(Link::new(id, to(1)));
        }
        let head = Head {
            title: if number == 1 { name } else { format!("{name}, page {number}") },
            section: Some(Section::Scorecards),
            data: Some(here.to(Place::Data(&["scorecards", &scorecard.id]))),
            crumbs,
            sources: Vec::new(),
        };
        let statistic =
            portal.assessment.rules.iter().find(|rule| rule.scorecard == index && rule.position == position);
        let population = &portal.populations.scorecards[index.position()].rules[position];
        let pages = population.open.len().div_ceil(ROWS).max(1);
        let page = Page {
            title: prose(rule_title(rule, id)),
            id,
            why: rule.why.value().map(|text| prose(text)),
            about: (number == 1).then(|| About::new(portal, index, position, here)),
            broken: statistic.and_then(|statistic| statistic.broken.as_deref()).map(str::to_owned),
            totals: match population.forecast {
                Some(counts) => Badge::would_total(counts),
                None => Badge::totals(statistic.map_or_else(Score::default, |statistic| statistic.counts)),
            },
            results: Results::new(portal, index, position, number, here),
            pages: if pages > 1 { steps(pages, number, to) } else { Vec::new() },
            next: (number < pages).then(|| Link::new("Next", to(number + 1))),
        };
        (head, page)
    }
}

impl<'p> About<'p> {
    fn new(
        portal: &'p Portal<'_>,
        index: Index<Declared<Scorecard>>,
        position: usize,
        here: Here<'_>,
    ) -> Self {
        let scorecard = &portal.catalog.scorecards[index];
        let compiled = &portal.explainer.scorecards().get(index).rules[position];
        let written = &scorecard.record.rules.items[position];
        let rule = &written.value;
        let level = scorecard.record.levels.items.get(compiled.level);
        let level = level.map_or("none", |level| level_title(&level.value));
        let expression = |key, field: &'p Field<ExpressionText>| {
            let written = field.sourced()?;
            Some(Expression { key, text: &written.value, origin: portal.provenance(written.origin) })
        };
        let controls: Vec<Control<'p>> =
            rule.controls.items.iter().map(|control| Control::new(portal, control)).collect();
        Self {
            facts: format!("level {level} · weight {}", compiled.weight),
            since: rule.effective_from.value().map(|day| portal.when(*day)),
            announced: announced(portal, rule),
            waivable: if compiled.is_waivable() {
                "an exception may waive it"
            } else {
                "no exception can waive it"
            },
            expressions: [
                expression("appliesTo", &scorecard.record.applies_to),
                expression("when", &rule.when),
                expression("assert", &rule.assert),
            ]
            .into_iter()
            .flatten()
            .collect(),
            language: here.to(Place::Expressions),
            needs: rule.needs.values().map(|need| &**need).collect(),
            source: portal.provenance(written.origin),
            changed: changed(portal, written.origin),
            fix: rule.fix.value().map(|text| prose(text)),
            controls_caption: words::count(controls.len(), "control", "controls"),
            controls,
            tests: tests(portal, &scorecard.record, compiled.id.as_str()),
        }
    }
}

/// The day of the last commit that touched the file that `origin` stands in.
fn changed(portal: &Portal<'_>, origin: Origin) -> Option<When> {
    let Origin::File { file, .. } = origin else { return None };
    let commit = portal.catalog.files[file].last_change.as_ref()?;
    Some(portal.when_of(commit.at))
}

fn tests<'p>(portal: &Portal<'_>, scorecard: &'p Scorecard, id: &str) -> Vec<Test<'p>> {
    let expecting = scorecard.tests.items.iter().filter_map(|test| Some((test, test.value.expect.get(id)?)));
    let shown = expecting.map(|(test, expected)| Test {
        name: test.value.name.value().map_or("not named", |name| name),
        expect: expected.value.word(),
        origin: portal.provenance(expected.origin),
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use crate::catalog::testing::Organisation;
    use crate::render::site::Site;
    use crate::render::trial::Trial;

    /// 250 services that fail and 250 that pass, and a second rule with the id of the first.
    fn many() -> Trial {
        let scorecard = "scorecardId: small\nlevels: [low]\nrules:\n\
            - {id: named, level: low, assert: service.displayName is defined}\n\
            - {id: named, level: low, assert: service.displayName is defined}\n";
        let mut organisation = Organisation::default().catalog("scorecards/small.yaml", scorecard);
        for number in 0..500 {
            let name = if number % 2 == 0 { "displayName: X\n" } else { "" };
            let text = format!("serviceId: s{number:03}\n{name}");
            organisation = organisation.descriptor(&format!("r{number}"), "service.yaml", &text);
        }
        Trial::of(&organisation)
    }

    #[test]
    fn long_results_go_on_on_further_pages_and_every_name_is_somewhere() {
        let trial = many();
        let site = Site::build(trial.inputs()).expect("builds");
        let below = "scorecards/small/named/";
        let mut pages = Vec::new();
        let mut text = String::new();
        for entry in site.entries().iter().filter(|entry| entry.path.as_str().starts_with(below)) {
            let bytes = site.render(entry).expect("renders");
            assert!(bytes.len() < 300_000, "{} has {} bytes", entry.path, bytes.len());
            pages.push(entry.path.as_str().strip_prefix(below).expect("below").to_owned());
            text.push_str(&String::from_utf8(bytes).expect("text"));
        }
        pages.sort();
        assert_eq!(pages, ["_2/index.html", "_3/index.html", "_passing/index.html", "index.html"]);
        for number in 0..500 {
            let service = format!("services/s{number:03}/index.html");
            assert!(text.contains(&service), "{service} is nowhere");
        }
    }
}
