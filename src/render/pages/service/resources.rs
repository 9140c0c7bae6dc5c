//! The resources of a service and their tags: what each must carry, and what it carries.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::assess::ownership::Owners;
use crate::assess::resources::Found;
use crate::assess::tags::{Expectations, TagVerdict};
use crate::assess::{Finding, ServiceAssessment, TagCounts};
use crate::catalog::Service;
use crate::catalog::resource::{Resource, UNTOLD};
use crate::diagnostic::codes;
use crate::render::frame::Section;
use crate::render::links::{Here, Href, Place};
use crate::render::markup::Markup;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::tags::{TagPolicyDocument, Tags, Tool};
use crate::render::templates::Html;
use crate::words;

/// What the template sees of the section.
#[derive(Debug, Serialize)]
pub(super) struct Resources {
    unknown: Option<Html>,
    coverage: Option<Href>,
    lead: String,
    zombie: Option<Html>,
    /// A row of the table for each required key.
    keys: Option<Html>,
    judged: bool,
    keys_caption: String,
    /// A row of the table for each resource.
    rows: Option<Html>,
    rows_caption: String,
    /// The required tags in the languages of those who set them.
    to_copy: Vec<ToCopy>,
}

/// The tags as one tool takes them.
#[derive(Debug, Serialize)]
struct ToCopy {
    tool: &'static str,
    text: String,
}

/// One required key. Values that policy allows are a choice; those of the record are the ones to copy.
struct Key<'p> {
    key: &'p str,
    expected: &'p [Cow<'p, str>],
    is_choice: bool,
    from: Option<&'p str>,
    counts: Option<&'p TagCounts>,
}

/// One resource.
struct Row<'p> {
    kind: &'p str,
    arn: &'p str,
    account: Option<&'p str>,
    undeclared: bool,
    /// What somebody else has for it, when somebody has.
    contested: Option<String>,
    region: &'p str,
    right: usize,
    of: usize,
    wrong: Vec<String>,
    exempt: Option<&'p str>,
}

impl Resources {
    pub(super) fn of(
        portal: &Portal<'_>,
        service: &Service,
        judged: &ServiceAssessment,
        here: Here<'_>,
    ) -> Self {
        let expectations = Expectations::of(portal.catalog, service, portal.run.as_of);
        let all = service.resources.len();
        let owners = Owners::of(portal.catalog);
        let index = portal.catalog.services.find(service.id.as_str());
        let found = index.and_then(|index| portal.assessment.resources.found.get(&index));
        let first = found.into_iter().flat_map(Found::first);
        let first = first.map(|position| &portal.catalog.resources[position as usize]);
        let rows: Vec<Row<'_>> = first.map(|resource| row(&expectations, owners, resource)).collect();
        let counts = judged.tags.as_ref().filter(|verdicts| verdicts.total > 0);
        let keys = expectations.tags().iter().enumerate().map(|(position, expected)| Key {
            key: expected.key,
            expected: &expected.values,
            is_choice: expected.values.len() > 1 && !expected.declared,
            from: expected.tag.from.value().map(|from| &**from),
            counts: counts.and_then(|verdicts| verdicts.keys.get(position)),
        });
        Self {
            unknown: service.resources_unknown.as_deref().map(prose),
            coverage: portal.sections.contains(&Section::Coverage).then(|| here.to(Place::Coverage)),
            lead: lead(all, found),
            zombie: zombie(judged),
            judged: counts.is_some(),
            keys: lines(keys, |key, out| key.write(out)),
            keys_caption: keys_caption(counts.map(|verdicts| verdicts.total)),
            rows_caption: rows_caption(rows.len(), all),
            rows: lines(rows.iter(), |row, out| row.write(out)),
            to_copy: to_copy(portal, service),
        }
    }
}

/// The tags of `service` for every tool; none while documents contradict each other.
fn to_copy(portal: &Portal<'_>, service: &Service) -> Vec<ToCopy> {
    if !service.conflict.is_empty() || portal.catalog.tag_policy.required.items.is_empty() {
        return Vec::new();
    }
    let (catalog, today) = (portal.catalog, portal.run.as_of);
    let tags = Tags::of(catalog, service, today, None);
    let tools =
        [("Terraform", Tool::Terraform), ("CloudFormation", Tool::CloudFormation), ("CDK", Tool::Cdk)];
    let written = tools.into_iter().map(|(tool, language)| ToCopy { tool, text: tags.write(language) });
    let policy = TagPolicyDocument::of_service(catalog, service, today, None);
    written.chain([ToCopy { tool: "Tag policy", text: policy.text }]).collect()
}

/// A line for each of `items`.
fn lines<T>(items: impl Iterator<Item = T>, write: impl Fn(&T, &mut Markup)) -> Option<Html> {
    let mut out = Markup::default();
    for item in items {
        write(&item, out.next_line());
    }
    out.finish()
}

impl Key<'_> {
    fn write(&self, out: &mut Markup) {
        out.ours("<tr><th scope=\"row\"><code>").text(self.key);
        out.ours("</code></th><td class=\"sentence\">");
        if self.is_choice {
            out.ours("<span class=\"muted\">one of</span> ");
        }
        for (position, value) in self.expected.iter().enumerate() {
            out.ours(if position == 0 { "" } else { ", " });
            match self.is_choice {
                true => out.text(value),
                false => out.ours("<code data-copy>").text(value).ours("</code>"),
            };
        }
        if self.expected.is_empty() {
            out.ours("<span class=\"muted\">any value");
            if let Some(from) = self.from {
                out.ours(": <code>").text(from).ours("</code> is not given");
            }
            out.ours("</span>");
        }
        out.ours("</td>");
        if let Some(counts) = self.counts {
            let TagCounts { ok, missing, wrong_case, wrong_value, exempt, contested, unknown: _ } = *counts;
            for count in [ok, missing, wrong_case, wrong_value, exempt, contested] {
                out.ours("<td class=\"number\">");
                match count {
                    0 => out.ours("<span class=\"muted\">none</span>"),
                    _ => out.number(count.into()),
                };
                out.ours("</td>");
            }
        }
        out.ours("</tr>");
    }
}

impl Row<'_> {
    fn write(&self, out: &mut Markup) {
        out.ours("<tr><th scope=\"row\">").text(self.kind).ours("</th><td class=\"sentence\"><code>");
        out.text(self.arn).ours("</code></td><td>");
        match self.account {
            Some(account) => out.ours("<code>").text(account).ours("</code> "),
            None => out.ours("<span class=\"muted\">none</span> "),
        };
        out.text(self.region);
        if self.undeclared {
            out.ours(" ").badge("warning", "Undeclared account");
        }
        if self.contested.is_some() {
            out.ours(" ").badge("warning", "Contested");
        }
        out.ours("</td><td class=\"number\">");
        match self.of {
            0 => out.ours("<span class=\"muted\">not judged</span>"),
            of => out.ours("<b>").number(self.right as u64).ours(" of ").number(of as u64).ours("</b>"),
        };
        out.ours("</td><td class=\"sentence\">");
        if let Some(contested) = &self.contested {
            out.text(contested).ours("; ");
        }
        match self.exempt {
            Some(reason) => out.badge("not-applicable", "Exempt").ours(" ").text(reason),
            None if self.wrong.is_empty() => out.ours("<span class=\"muted\">nothing</span>"),
            None => out.text(&self.wrong.join("; ")),
        };
        out.ours("</td></tr>");
    }
}

/// `41 resources in 2 accounts`.
fn lead(all: usize, found: Option<&Found>) -> String {
    let places = found.into_iter().flat_map(|found| found.places.keys());
    let accounts: BTreeSet<_> = places.filter_map(|place| place.account.as_ref()).collect();
    format!(
        "{} in {}.",
        words::count(all, "resource", "resources"),
        words::count(accounts.len(), "account", "accounts")
    )
}

/// What a service that is gone still owns.
fn zombie(judged: &ServiceAssessment) -> Option<Html> {
    let own = |finding: &&Finding| finding.code == codes::RETIRED_AND_STILL_THERE.name;
    judged.findings.iter().find(own).map(|finding| prose(&finding.message))
}

fn keys_caption(judged: Option<u32>) -> String {
    let order = "in the order of the policy";
    match judged {
        Some(total) => {
            let total = usize::try_from(total).unwrap_or(usize::MAX);
            format!("Tags on {}, by key, {order}", words::count(total, "resource", "resources"))
        }
        None => format!("Tags that its resources must carry, by key, {order}"),
    }
}

fn rows_caption(shown: usize, all: usize) -> String {
    let total = words::count(all, "resource", "resources");
    match all {
        _ if shown < all => format!("The first {shown} of {total}, what needs somebody first"),
        _ => format!("{total}, what needs somebody first"),
    }
}

fn row<'p>(expectations: &Expectations<'p>, owners: Owners<'p>, resource: &'p Resource) -> Row<'p> {
    let ownership = owners.who(resource);
    let mut wrong = Vec::new();
    let (mut right, mut of) = (0, 0);
    let judged = expectations.judges(resource);
    let keys = expectations.keys().map(|(key, _)| key);
    for (key, verdict) in keys.zip(expectations.judge(resource)).filter(|_| judged) {
        match verdict {
            TagVerdict::Ok => right += 1,
            TagVerdict::Exempt(_) | TagVerdict::Unknown { .. } => continue,
            verdict => wrong.extend(said(key, &verdict)),
        }
        of += 1;
    }
    let exemption = expectations.exemption(resource);
    Row {
        kind: &resource.resource_type,
        arn: &resource.arn,
        account: resource.account.as_ref().map(|account| account.as_str()),
        undeclared: ownership.undeclared_account,
        contested: owners.contest(&ownership, resource.account.as_ref()).map(|why| why.replace('`', "")),
        region: &resource.region,
        right,
        of,
        wrong,
        exempt: exemption.and_then(|exemption| exemption.reason.value()).map(|reason| &**reason),
    }
}

/// What is wrong with one key, in words.
pub(in crate::render::pages) fn said(key: &str, verdict: &TagVerdict<'_>) -> Option<String> {
    Some(match verdict {
        TagVerdict::Ok | TagVerdict::Exempt(_) => return None,
        TagVerdict::Missing => format!("{key} is missing"),
        TagVerdict::Unknown { found: None } => format!("{key} is unknown: {UNTOLD}"),
        TagVerdict::Unknown { found: Some(found) } => {
            format!("{key}: whether {found} exists is unknown, because not everything could be read")
        }
        TagVerdict::WrongCase { found, expected } => format!("{key}: {found} should be {expected}"),
        TagVerdict::WrongValue { found, expected } => {
            let shown = if found.trim().is_empty() { "empty" } else { found };
            match *expected {
                [] if found.trim().is_empty() => format!("{key} is empty"),
                [] => format!("{key}: {found} names nothing in the catalog"),
                [one] => format!("{key}: {shown} should be {one}"),
                several => format!("{key}: {shown} should be one of {}", several.join(", ")),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_say_what_is_there_and_what_should_be() {
        let said = |verdict: &TagVerdict<'_>| said("Product", verdict);
        assert_eq!(said(&TagVerdict::Ok), None);
        assert_eq!(said(&TagVerdict::Missing).as_deref(), Some("Product is missing"));
        let wrong = |found, expected: &[&'static str]| {
            let expected: Vec<_> = expected.iter().map(|value| Cow::Borrowed(*value)).collect();
            said(&TagVerdict::WrongValue { found, expected: &expected })
        };
        assert_eq!(wrong("shop", &["web-shop"]).as_deref(), Some("Product: shop should be web-shop"));
        assert_eq!(wrong("shop", &["a", "b"]).as_deref(), Some("Product: shop should be one of a, b"));
        assert_eq!(wrong("", &[]).as_deref(), Some("Product is empty"));
        assert_eq!(wrong("", &["a"]).as_deref(), Some("Product: empty should be a"));
        assert_eq!(wrong("shop", &[]).as_deref(), Some("Product: shop names nothing in the catalog"));
    }

    #[test]
    fn captions_say_what_is_not_shown() {
        assert_eq!(rows_caption(40, 41), "The first 40 of 41 resources, what needs somebody first");
        assert_eq!(rows_caption(1, 1), "1 resource, what needs somebody first");
    }
}
