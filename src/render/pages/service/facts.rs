//! The facts of a service: what its record declares, each with its origin and what it is used for.

use std::borrow::Cow;

use crate::catalog::Service;
use crate::catalog::field::{Field, Sourced};
use crate::catalog::id::AccountId;
use crate::catalog::scalar::{Duration, Number};
use crate::catalog::service::ServiceType;
use crate::render::links::{Here, Href, Place};
use crate::render::markup::Markup;
use crate::render::origin::Brief;
use crate::render::parts::cut;
use crate::render::portal::Portal;
use crate::render::templates::Html;

/// One fact. Without a value it is not given.
#[derive(Debug)]
struct Fact<'p> {
    label: &'static str,
    value: Option<Cow<'p, str>>,
    href: Option<Href>,
    copy: bool,
    unreadable: bool,
    origin: Option<Brief>,
    used_for: Option<&'static str>,
}

/// Facts in the order in which they are shown.
struct Sheet<'p, 'a> {
    portal: &'p Portal<'a>,
    facts: Vec<Fact<'p>>,
}

impl<'p> Sheet<'p, '_> {
    /// Adds a fact that every service should state.
    fn needed<T>(
        &mut self,
        label: &'static str,
        field: &'p Field<T>,
        text: impl FnOnce(&'p T) -> Cow<'p, str>,
    ) -> &mut Fact<'p> {
        let fact = Fact {
            label,
            value: field.value().map(text),
            href: None,
            copy: false,
            unreadable: matches!(field, Field::Unreadable(_)),
            origin: field.origin().map(|origin| self.portal.brief(origin)),
            used_for: None,
        };
        self.facts.push(fact);
        self.facts.last_mut().expect("it was just added")
    }

    /// Adds a fact that is shown only where it is stated.
    fn optional<T>(
        &mut self,
        label: &'static str,
        field: &'p Field<T>,
        text: impl FnOnce(&'p T) -> Cow<'p, str>,
    ) {
        if !field.is_absent() {
            self.needed(label, field, text);
        }
    }

    /// Adds a fact that services of this kind should state; of others only where it is stated.
    fn needed_if<T>(
        &mut self,
        applies: bool,
        label: &'static str,
        field: &'p Field<T>,
        text: impl FnOnce(&'p T) -> Cow<'p, str>,
        used_for: Option<&'static str>,
    ) {
        if applies || !field.is_absent() {
            self.needed(label, field, text).used_for = used_for;
        }
    }

    fn place(
        &mut self,
        label: &'static str,
        value: impl Into<Cow<'p, str>>,
        origin: Option<Brief>,
    ) -> &mut Fact<'p> {
        let value = Some(value.into());
        self.facts.push(Fact {
            label,
            value,
            href: None,
            copy: false,
            unreadable: false,
            origin,
            used_for: None,
        });
        self.facts.last_mut().expect("it was just added")
    }
}

impl Fact<'_> {
    fn used_for(&mut self, what: &'static str) -> &mut Self {
        self.used_for = Some(what);
        self
    }

    fn copied(&mut self) -> &mut Self {
        self.copy = self.value.is_some();
        self
    }

    fn leads_to(&mut self, href: Option<Href>) -> &mut Self {
        self.href = href;
        self
    }

    /// Adds its line of the list.
    fn write(&self, out: &mut Markup) {
        out.next_line().ours("<div><dt>").ours(self.label).ours("</dt><dd>");
        match self.value.as_deref().filter(|value| !value.is_empty()) {
            Some(value) if self.copy && self.href.is_none() => {
                out.ours("<code data-copy>").text(value).ours("</code>");
            }
            Some(value) => {
                out.link(value, self.href.as_ref());
            }
            None if self.unreadable => {
                out.ours("<span class=\"muted\">cannot be read</span>");
            }
            None => {
                out.ours("<span class=\"muted\">not given</span>");
            }
        }
        if self.origin.is_some() || self.used_for.is_some() {
            out.ours("<span class=\"origin\">");
            if let Some(origin) = &self.origin {
                out.link(&origin.text, origin.href.as_ref());
            }
            if let Some(what) = self.used_for {
                out.ours(if self.origin.is_some() { " · for " } else { "for " }).ours(what);
            }
            out.ours("</span>");
        }
        out.ours("</dd></div>");
    }
}

/// Longest value shown, in characters.
const LONGEST: usize = 400;

fn text(value: &str) -> Cow<'_, str> {
    cut(value, LONGEST)
}

/// `true` as a person says it.
fn yes(value: &bool) -> Cow<'_, str> {
    Cow::Borrowed(if *value { "yes" } else { "no" })
}

/// The facts of `service`. What each is used for follows lesson §16.
pub(super) fn facts(portal: &Portal<'_>, service: &Service, here: Here<'_>) -> Option<Html> {
    let record = &service.record;
    let mut sheet = Sheet { portal, facts: Vec::with_capacity(32) };
    let owner = service.owner.map(|owner| &portal.catalog.teams[owner]);
    sheet
        .needed("Owner team", &record.owner_team, |name| text(owner.map_or(name, |team| team.record.name())))
        .leads_to(owner.map(|team| here.to(Place::Team(team.id.as_str()))))
        .used_for("ownership reports, approvals, tags");
    sheet.needed("Technical owner", &record.technical_owner, |who| text(who)).used_for("approvals");
    sheet.needed("Business owner", &record.business_owner, |who| text(who)).used_for("exception approvals");
    sheet
        .needed("On call", &record.on_call, |route| text(route))
        .copied()
        .used_for("incident routing, alarms");
    sheet
        .needed("Criticality", &record.criticality, |tier| text(tier.word()))
        .used_for("choosing rules, tags");
    sheet
        .needed("Data classification", &record.data_classification, |class| text(&class.word))
        .used_for("evidence, tags");
    sheet.needed("Type", &record.service_type, |kind| text(kind.word())).used_for("golden path");
    sheet
        .needed("Golden path", &record.golden_path, |path| Cow::Owned(path.to_string()))
        .leads_to(
            service.golden_path.map(|path| here.to(Place::GoldenPath(&portal.catalog.golden_paths[path].id))),
        )
        .used_for("tier, upgrades");
    // What semantics §6 calls not applicable is no gap.
    let runs = record.service_type.value() != Some(&ServiceType::Library);
    let answers = record.service_type.value().is_none_or(|kind| *kind == ServiceType::HttpService);
    let audited = record.compliance.audit_scope.value() != Some(&false);
    sheet.needed_if(runs, "Runtime", &record.runtime, |runtime| text(runtime), Some("dashboards"));
    exposure(&mut sheet, service);
    if runs || !service.environments.is_empty() {
        account(&mut sheet, service);
        region(&mut sheet, service);
    }
    repository(&mut sheet, service);
    sheet.needed("Cost centre", &record.cost_center, |centre| text(centre)).used_for("cost reports, tags");
    sheet.needed("Product", &record.product, |product| text(product.as_str())).used_for("cost reports, tags");
    let availability = &record.slo.availability;
    sheet.needed_if(runs, "Availability target", availability, percent, Some("alarms, dashboards"));
    let latency = &record.slo.p95_latency_ms;
    let milliseconds = |number: &Number| Cow::Owned(format!("{} ms", number.text));
    sheet.needed_if(runs && answers, "Latency, 95th percentile", latency, milliseconds, None);
    sheet.needed("Recovery time objective", &record.resilience.rto, length).used_for("restore drills");
    sheet.needed("Recovery point objective", &record.resilience.rpo, length).used_for("backups");
    sheet.needed("In audit scope", &record.compliance.audit_scope, yes).used_for("evidence collection");
    let retention = &record.compliance.retention_years;
    sheet.needed_if(audited, "Retention", retention, years, Some("evidence collection"));
    sheet
        .needed("Lifecycle state", &record.lifecycle.state, |state| text(state.word()))
        .used_for("lifecycle management, tags");
    sheet.needed("Created", &record.lifecycle.created_at, |day| Cow::Owned(day.long()));
    further(&mut sheet, service);
    let mut out = Markup::default();
    sheet.facts.iter().for_each(|fact| fact.write(&mut out));
    out.finish()
}

/// What only some services state.
fn further<'p>(sheet: &mut Sheet<'p, '_>, service: &'p Service) {
    let record = &service.record;
    sheet.optional("Review due", &record.lifecycle.review_by, |day| Cow::Owned(day.long()));
    sheet.optional("To be gone by", &record.lifecycle.retire_by, |day| Cow::Owned(day.long()));
    sheet.optional("Objective tier", &record.slo_tier, |tier| text(tier));
    sheet.optional("Error rate target", &record.slo.error_rate, percent);
    sheet.optional("Freshness target", &record.slo.freshness, length);
    sheet.optional("Expected traffic", &record.expected_traffic, |traffic| text(traffic));
    sheet.optional("Managed by", &record.managed_by, |tool| text(tool.word()));
    sheet.optional("Serves several tenants", &record.tenant_aware, yes);
    sheet.optional("Monthly budget", &record.cost.monthly_budget, |budget| text(&budget.text));
    sheet.optional("Deployment strategy", &record.deployment.strategy, |strategy| text(strategy));
    sheet.optional("Rollback", &record.deployment.rollback, |rollback| text(rollback));
}

/// The exposure; where only `internetFacing: false` is stated, that it leaves something open.
fn exposure<'p>(sheet: &mut Sheet<'p, '_>, service: &'p Service) {
    let exposure = &service.record.exposure.exposure_type;
    let older = &service.record.internet_facing;
    let fact = match (exposure.is_absent(), older.value()) {
        (true, Some(false)) => {
            let origin = older.origin().map(|origin| sheet.portal.brief(origin));
            sheet.place("Exposure", "not public; private or internal is not stated", origin)
        }
        _ => sheet.needed("Exposure", exposure, |kind| text(kind.word())),
    };
    fact.used_for("public exposure control");
}

fn years(number: &Number) -> Cow<'_, str> {
    Cow::Owned(if &*number.text == "1" { "1 year".to_owned() } else { format!("{} years", number.text) })
}

fn percent(number: &Number) -> Cow<'_, str> {
    match number.text.strip_suffix('%') {
        Some(digits) => Cow::Owned(format!("{} %", digits.trim())),
        None => Cow::Owned(format!("{} %", number.text)),
    }
}

fn length(duration: &Duration) -> Cow<'_, str> {
    Cow::Borrowed(&duration.text)
}

/// The account it names, else those of its environments.
fn account<'p>(sheet: &mut Sheet<'p, '_>, service: &'p Service) {
    let field = &service.record.account_id;
    let environments = service.environments.iter().filter_map(|runs| runs.account.as_ref());
    match from_environments(field, environments) {
        Some((found, more)) => {
            let value = more_of(found.value.as_str(), more);
            let origin = sheet.portal.brief(found.origin);
            let fact = sheet.place("Account", value, Some(origin)).used_for("cost reports, evidence");
            fact.copy = more == 0;
        }
        None => {
            sheet
                .needed("Account", field, |id: &AccountId| text(id.as_str()))
                .copied()
                .used_for("cost reports, evidence");
        }
    }
}

/// The region it names, else those of its environments.
fn region<'p>(sheet: &mut Sheet<'p, '_>, service: &'p Service) {
    let field = &service.record.region;
    let environments = service.environments.iter().filter_map(|runs| runs.region.as_ref());
    match from_environments(field, environments) {
        Some((found, more)) => {
            let value = more_of(&found.value, more);
            let origin = sheet.portal.brief(found.origin);
            sheet.place("Region", value, Some(origin));
        }
        None => {
            sheet.needed("Region", field, |region| text(region));
        }
    }
}

/// The first value of the environments, and how many others there are; `None` when the field itself says.
fn from_environments<'s, T: PartialEq + 's>(
    field: &Field<T>,
    environments: impl Iterator<Item = &'s Sourced<T>>,
) -> Option<(&'s Sourced<T>, usize)> {
    if !field.is_absent() {
        return None;
    }
    let mut found: Vec<&Sourced<T>> = Vec::new();
    for value in environments {
        if !found.iter().any(|known| known.value == value.value) {
            found.push(value);
        }
    }
    found.first().map(|first| (*first, found.len() - 1))
}

fn more_of(first: &str, more: usize) -> Cow<'_, str> {
    match more {
        0 => Cow::Borrowed(first),
        _ => Cow::Owned(format!("{first} and {more} more, see its environments")),
    }
}

/// The repository it names, else the one its descriptor lies in.
fn repository<'p>(sheet: &mut Sheet<'p, '_>, service: &'p Service) {
    let file = &sheet.portal.catalog.files[service.file];
    let address = file.repository_url.as_deref().and_then(Href::external);
    let fact = match service.record.repository.is_absent() {
        false => sheet.needed("Repository", &service.record.repository, |name| text(name)),
        true => {
            let origin = sheet.portal.brief(crate::catalog::origin::Origin::Repository(service.file));
            sheet.place("Repository", text(&file.repository), Some(origin))
        }
    };
    fact.leads_to(address).used_for("evidence, incident routing");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::origin::Origin;

    #[test]
    fn environments_speak_only_where_the_record_is_silent() {
        let sourced = |value: u8| Sourced { value, origin: Origin::Default };
        let environments = [sourced(1), sourced(1), sourced(2)];
        let found = |field: &Field<u8>| {
            from_environments(field, environments.iter()).map(|(found, more)| (found.value, more))
        };
        assert_eq!(found(&Field::Absent), Some((1, 1)));
        assert_eq!(found(&Field::known(9, Origin::Default)), None);
        assert_eq!(found(&Field::Unreadable(Origin::Default)), None);
    }

    #[test]
    fn percentages_are_shown_as_written() {
        let number = |text: &str| Number { value: 99.95, text: text.into() };
        assert_eq!(percent(&number("99.95")), "99.95 %");
        assert_eq!(percent(&number("99.95%")), "99.95 %");
    }
}
