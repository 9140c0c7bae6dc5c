//! `adoption.json`: what the page for those who lead says. What the figures themselves are stands in
//! `metrics.json`, and the services behind each in pages of their own (`figure.rs`).

use schemars::JsonSchema;
use serde::Serialize;

use super::figure;
use super::files;
use super::next_step::{LayerFix, RuleFix, ids, layer_fix, rule_fix};
use crate::assess::adoption as inside;
use crate::assess::adoption::{Proof, reached};
use crate::assess::{ExceptionState, metrics};
use crate::catalog::control::Risk;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Exception};
use crate::render::portal::Portal;

/// How far the organisation has come with its platform.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Adoption<'a> {
    /// The assessment date.
    pub as_of: String,
    /// How many services count.
    pub counted: usize,
    /// Exceptions by risk and state.
    pub exceptions: Vec<Exceptions<'a>>,
    /// The services behind each metric that the catalog counts.
    pub figures: Vec<Figure<'a>>,
    /// Services in conflict: outside every figure until that is solved.
    pub in_conflict: Vec<&'a str>,
    /// What mending one layer of a golden path would bring, what lifts most first.
    pub layer_fixes: Vec<LayerFix<'a>>,
    /// How mature the platform is.
    pub maturity: Maturity<'a>,
    /// What has no value on this day.
    pub not_measured: Vec<NotMeasured<'a>>,
    /// Proposed and retired services: outside every figure.
    pub outside: Vec<&'a str>,
    /// What mending one rule everywhere would bring, what lifts most first.
    pub rule_fixes: Vec<RuleFix<'a>>,
    /// Services that count by migration tier.
    pub tiers: Vec<Tier<'a>>,
    /// Services that count by golden path and version.
    pub versions: Vec<Version<'a>>,
    /// Controls that exceptions waive today, most waived first.
    pub waived_controls: Vec<WaivedControl<'a>>,
    /// Services that count and name no golden path.
    pub without_golden_path: Vec<&'a str>,
}

/// Exceptions of one risk in one state.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Exceptions<'a> {
    /// Their ids.
    pub exceptions: Vec<&'a str>,
    /// Their risk, when it can be read.
    pub risk: Option<&'static str>,
    /// Their state.
    pub state: &'static str,
}

/// The services behind one metric: how many there are, and where they are listed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Figure<'a> {
    /// How many services bear on it.
    pub count: usize,
    /// Id of the metric.
    pub id: &'a str,
    /// The pages of their list, relative to `index.json`.
    pub pages: Vec<String>,
}

/// How mature the platform is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Maturity<'a> {
    /// The highest stage that is reached.
    pub reached: Option<&'static str>,
    /// Every stage, the lowest first.
    pub stages: Vec<Stage<'a>>,
}

/// One stage of maturity.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stage<'a> {
    /// What it asks for.
    pub items: Vec<Item<'a>>,
    /// `beginner`, `intermediate` or `advanced`.
    pub name: &'static str,
}

/// One thing that a stage asks for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Item<'a> {
    /// Who attests it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<&'a str>,
    /// Its key in `policy/platform.yaml`.
    pub id: &'static str,
    /// `shown`, `attested`, `lapsed` or `not-shown`.
    pub proof: &'static str,
    /// What shows it, why it counts no more, or what would show it.
    pub text: Option<&'a str>,
    /// In words.
    pub title: &'static str,
}

/// Something without a value.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotMeasured<'a> {
    /// Its id, when it is a metric.
    pub id: Option<&'a str>,
    /// What would measure it.
    pub measured_by: &'a str,
    /// What people call it.
    pub title: &'a str,
    /// Why there is no value.
    pub why: &'a str,
}

/// The services of one tier.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tier<'a> {
    /// Their ids.
    pub services: Vec<&'a str>,
    /// The tier.
    pub tier: &'static str,
}

/// The services on one version of a golden path.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Version<'a> {
    /// Id of the path.
    pub golden_path: &'a str,
    /// Their ids.
    pub services: Vec<&'a str>,
    /// The version; none for services that name none that is listed.
    pub version: Option<&'a str>,
}

/// A control, and what of it is waived.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WaivedControl<'a> {
    /// Id of the control.
    pub control: &'a str,
    /// What is waived.
    pub waivers: Vec<Waiver<'a>>,
}

/// A rule of a service that fails and is excused.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Waiver<'a> {
    /// Id of the exception.
    pub exception: &'a str,
    /// Id of the rule.
    pub rule: &'a str,
    /// Id of the service.
    pub service: &'a str,
}

impl<'a> Adoption<'a> {
    pub(super) fn of(portal: &'a Portal<'_>) -> Self {
        let catalog = portal.catalog;
        let adoption = &portal.adoption;
        Self {
            as_of: portal.run.as_of.to_string(),
            counted: adoption.counted.len(),
            exceptions: exceptions(catalog, adoption),
            figures: figures(adoption),
            in_conflict: ids(portal, &adoption.in_conflict),
            layer_fixes: adoption.layer_fixes.iter().map(|fix| layer_fix(portal, fix)).collect(),
            maturity: maturity(adoption),
            not_measured: adoption
                .not_measured(portal.comparison.is_some())
                .into_iter()
                .map(not_measured)
                .collect(),
            outside: ids(portal, &adoption.outside),
            rule_fixes: adoption.rule_fixes.iter().map(|fix| rule_fix(portal, fix)).collect(),
            tiers: adoption
                .tiers
                .iter()
                .map(|(tier, services)| Tier { services: ids(portal, services), tier: tier.word() })
                .collect(),
            versions: adoption.versions.iter().map(|used| version(portal, used)).collect(),
            waived_controls: adoption.waived.iter().map(|control| waived(catalog, control)).collect(),
            without_golden_path: ids(portal, &adoption.without_path),
        }
    }
}

fn exceptions<'a>(catalog: &'a Catalog, adoption: &inside::Adoption<'_>) -> Vec<Exceptions<'a>> {
    type Cell<'c> = (&'c (Option<Risk>, ExceptionState), &'c Vec<Index<Exception>>);
    let cell = |((risk, state), exceptions): Cell<'_>| Exceptions {
        exceptions: exceptions.iter().map(|index| &*catalog.exceptions[*index].id).collect(),
        risk: risk.map(|risk| risk.word()),
        state: state.word(),
    };
    adoption.exceptions.iter().map(cell).collect()
}

fn figures<'a>(adoption: &'a inside::Adoption<'_>) -> Vec<Figure<'a>> {
    let figure = |figure: &'a metrics::Figure<'_>| {
        let count = figure::count(figure)?;
        Some(Figure { count, id: figure.id, pages: files(figure::pages(figure.id, count)) })
    };
    adoption.figures.iter().filter_map(figure).collect()
}

fn maturity<'a>(adoption: &'a inside::Adoption<'_>) -> Maturity<'a> {
    let stage = |stage: &'a inside::Stage<'_>| Stage {
        items: stage.items.iter().map(item).collect(),
        name: stage.name,
    };
    Maturity {
        reached: reached(&adoption.maturity).map(|stage| stage.name),
        stages: adoption.maturity.iter().map(stage).collect(),
    }
}

fn item<'a>(item: &'a inside::Item<'_>) -> Item<'a> {
    let (proof, text, statement) = match &item.proof {
        Proof::Shown(text) => ("shown", Some(text.as_str()), None),
        Proof::Attested(statement) => ("attested", None, Some(statement)),
        Proof::Lapsed(statement, why) => ("lapsed", Some(&**why), Some(statement)),
        Proof::Missing(wanted) => ("not-shown", *wanted, None),
    };
    let by = statement.and_then(|statement| statement.by.value()).map(|by| &**by);
    Item { by, id: item.id, proof, text, title: item.title }
}

fn not_measured<'a>(silent: inside::NotMeasured<'a>) -> NotMeasured<'a> {
    NotMeasured { id: silent.id, measured_by: silent.measured_by, title: silent.title, why: silent.why }
}

fn version<'a>(portal: &'a Portal<'_>, used: &inside::VersionUse) -> Version<'a> {
    let path = &portal.catalog.golden_paths[used.path];
    let version = used.version.and_then(|position| path.record.versions.items.get(position));
    Version {
        golden_path: &path.id,
        services: ids(portal, &used.services),
        version: version.and_then(|version| version.value.version.value()).map(|number| &**number),
    }
}

fn waived<'a>(catalog: &'a Catalog, control: &'a inside::WaivedControl<'_>) -> WaivedControl<'a> {
    let waivers = control.waivers.iter().map(|(service, exception, rule)| Waiver {
        exception: &catalog.exceptions[*exception].id,
        rule,
        service: catalog.services[*service].id.as_str(),
    });
    WaivedControl { control: control.control, waivers: waivers.collect() }
}
