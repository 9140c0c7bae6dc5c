//! The metrics of the contract (semantics §7), with the targets that it names and what measures each. An
//! organisation may declare any of them anew; one that it does not declare is shown all the same.

use super::attribution::attribution;
use super::combined::combined;
use super::{Figure, Measure, counted};
use crate::assess::Assessment;
use crate::catalog::Catalog;
use crate::catalog::metric::Direction;

/// A metric of the contract.
#[derive(Debug)]
pub(super) struct Standard {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) formula: &'static str,
    pub(super) target: Option<f64>,
    pub(super) direction: Direction,
    pub(super) unit: &'static str,
    /// What measures it.
    pub(super) source: &'static str,
}

macro_rules! standard {
    ($($id:literal, $title:literal, $formula:literal, $target:expr, $direction:ident, $unit:literal, $source:literal;)*) => {
        /// Every metric of the contract: what the catalog counts, then what facts say.
        pub(super) const STANDARD: &[Standard] = &[$(Standard {
            id: $id,
            title: $title,
            formula: $formula,
            target: $target,
            direction: Direction::$direction,
            unit: $unit,
            source: $source,
        }),*];
    };
}

standard! {
    "golden-path-share", "Services on a golden path",
        "services that name a supported version of a golden path divided by all services",
        None, Up, "%", "`goldenPath:` in descriptors";
    "owner-metadata-coverage", "Owner metadata",
        "services at level owned of minimum-metadata, else services whose owner is a team, divided by all services",
        None, Up, "%", "`ownerTeam:` in descriptors";
    "dashboards-and-alarms", "Dashboards and alarms",
        "services that declare both divided by all services",
        None, Up, "%", "`observability:` in descriptors";
    "telemetry-coverage", "Telemetry coverage",
        "services that meet the minimum telemetry contract divided by services it applies to",
        Some(90.0), Up, "%", "a scorecard `telemetry` that applies to services";
    "policy-compliance", "Policy compliance",
        "passed checks of golden-path controls divided by judged ones",
        Some(98.0), Up, "%", "rules that prove controls which a golden path lists under `layers:`";
    "tag-coverage", "Tag coverage",
        "required tags that are right divided by required tags, on resources that carry or carried a tag",
        None, Up, "%", "the tags of AWS resources, from a source that lists them";
    "first-deployment-time", "Time to first production deployment",
        "median days from the first commit of a new service to its first deployment to production",
        None, Down, "days", "the pipeline or the deployments of GitHub";
    "deployment-frequency", "Deployment frequency",
        "deployments to production in seven days, of all services together",
        None, Up, "per week", "the pipeline, or GitHub when a source of it says `also: [deployments]`";
    "failed-deployment-rate", "Failed deployments",
        "deployments to production that failed divided by those that ended",
        None, Down, "%", "the pipeline, or GitHub when a source of it says `also: [deployments]`";
    "commit-to-production", "Commit to production",
        "median minutes from a commit to the end of its deployment, of each service, then the middle one of services",
        Some(30.0), Down, "min", "the pipeline, or GitHub when a source of it says `also: [deployments]`";
    "build-success-rate", "Build success on main",
        "successful builds of main divided by all that ended",
        Some(95.0), Up, "%", "the pipeline, or GitHub when a source of it says `also: [builds]`";
    "time-to-environment", "Time to environment",
        "median minutes from the request to a ready environment",
        Some(10.0), Down, "min", "the log of the provisioning";
    "platform-availability", "Platform availability",
        "share of minutes in which the control plane answered",
        Some(99.9), Up, "%", "a probe of the platform";
    "incident-mttr", "Time to repair",
        "mean minutes from alarm to all-clear",
        None, Down, "min", "an export of the incident tool";
    "incident-rate-by-version", "Incidents by platform version",
        "incidents in thirty days divided by services, for each version of a golden path",
        None, Down, "per service", "an export of the incident tool";
    "developer-satisfaction", "Developer satisfaction",
        "mean answer to the question of the survey",
        None, Up, "points", "a survey of developers";
    "tickets-per-service", "Support tickets for each service",
        "tickets to the platform in thirty days divided by services",
        None, Down, "tickets", "an export of the support desk";
    "cost-attribution", "Cost attribution",
        "cost of resources with a service and a cost centre divided by all cost",
        None, Up, "%", "a cost export in the FOCUS format";
    "unit-cost", "Unit cost",
        "cost divided by what the business counts: requests, tenants, cases",
        None, Down, "per unit", "a cost export in the FOCUS format, and facts about usage";
}

impl Standard {
    /// Whether the organisation measures the same under names of its own: unit costs are called by their unit.
    pub(super) fn is_covered(&self, catalog: &Catalog) -> bool {
        self.id == "unit-cost" && catalog.metrics.ids().any(|id| id.starts_with("cost-per-"))
    }

    /// The figure of an organisation that did not declare it.
    pub(super) fn figure<'a>(&'static self, catalog: &'a Catalog, assessment: &Assessment) -> Figure<'a> {
        let by_catalog = counted(catalog, assessment, self.id);
        let by_facts =
            attribution(catalog, assessment, self.id).or_else(|| combined(catalog, assessment, self.id));
        let measured_by = match &by_catalog {
            Some(_) => self.source.to_owned(),
            None => format!(
                "a metric `{}` with its `fact:` in metrics.yaml, and that fact in a facts file, from {}",
                self.id, self.source
            ),
        };
        Figure {
            id: self.id,
            title: self.title,
            formula: Some(self.formula),
            target: self.target,
            direction: Some(self.direction),
            unit: Some(self.unit),
            measure: by_catalog
                .or(by_facts)
                .unwrap_or_else(|| Measure::NotMeasured("no metric of that name is declared".to_owned())),
            measured_by,
        }
    }
}
