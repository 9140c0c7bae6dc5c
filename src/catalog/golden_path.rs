//! Golden paths: what the platform offers, in versions with an end of support.

use super::field::{Field, List, Named};
use super::id::{ControlId, GoldenPathId, ServiceId, TeamId};
use super::origin::Origin;
use super::reader::Reader;
use super::record::{Readable, Shape, View, record};
use super::scalar::{Duration, choice};
use super::service::ServiceType;
use super::yaml::Node;
use crate::day::Day;

choice! {
    /// How firmly the platform stands behind a way of doing things (lesson §5).
    pub enum PathType called "a type of path" {
        /// The supported way.
        GoldenPath = "golden-path",
        /// A supported way with choices.
        PavedRoad = "paved-road",
        /// A way out, with conditions.
        EscapeHatch = "escape-hatch",
    }
}

choice! {
    /// Layers of reuse (lesson §13.1).
    pub enum Layer called "a layer" {
        /// One resource, well set up.
        Primitive = "primitive",
        /// Several that belong together.
        Pattern = "pattern",
        /// What a team orders.
        Product = "product",
        /// What a team builds.
        Application = "application",
    }
}

choice! {
    /// How much help there is (lesson §26.2).
    pub enum SupportLevel called "a support level" {
        /// All of it.
        FullySupported = "fully-supported",
        /// Within limits.
        SupportedWithConstraints = "supported-with-constraints",
        /// When there is time.
        BestEffort = "best-effort",
        /// None.
        Unsupported = "unsupported",
        /// It must not be used; no exception can waive that.
        Prohibited = "prohibited",
    }
}

choice! {
    /// Where a version is in its life.
    pub enum VersionStatus called "a version status" {
        /// The one to choose.
        Current = "current",
        /// Still supported.
        Supported = "supported",
        /// Leave it.
        Deprecated = "deprecated",
        /// Gone.
        Retired = "retired",
    }
}

choice! {
    /// How much a version changes (lesson §13.3).
    pub enum VersionChange called "a kind of change" {
        /// Rolls out by itself.
        Patch = "patch",
        /// Comes with release notes.
        Minor = "minor",
        /// Comes with a migration plan.
        Major = "major",
        /// Is chosen explicitly, within a support window.
        Breaking = "breaking",
    }
}

record! {
    /// One golden path, paved road or escape hatch.
    pub struct GoldenPath called "golden path" {
        /// Names the path for ever.
        "goldenPathId" => golden_path_id: Field<GoldenPathId>,
        /// What people call it.
        #[example("HTTP service")]
        "title" => title: Field<Box<str>>,
        /// What it is for.
        #[example("A service behind the shared load balancer.")]
        "description" => description: Field<Box<str>>,
        /// How firmly the platform stands behind it.
        "type" => path_type: Field<PathType>,
        /// Its layer of reuse.
        "layer" => layer: Field<Layer>,
        /// The team that answers for it.
        "owner" => owner: Field<TeamId>,
        /// How much help there is.
        "supportLevel" => support_level: Field<SupportLevel>,
        /// Workloads it suits.
        "workloadTypes" => workload_types: List<ServiceType>,
        /// Runtimes it offers.
        #[example("ecs-fargate")]
        "runtimes" => runtimes: List<Box<str>>,
        /// Its versions.
        "versions" => versions: List<Version>,
        /// What a team gives it.
        "inputs" => inputs: List<Part>,
        /// What a team gets.
        "outputs" => outputs: List<Part>,
        /// What a team still answers for.
        #[example("business logic")]
        "developerOwns" => developer_owns: List<Box<str>>,
        /// Its layers, by name.
        "layers" => layers: Named<PathLayer>,
        /// What it cannot do.
        #[example("no public load balancer of its own")]
        "constraints" => constraints: List<Box<str>>,
        /// Environments it supports.
        #[example("prod")]
        "environments" => environments: List<Box<str>>,
        /// Who pays for what.
        #[example("30 EUR a month and environment, and what it uses")]
        "costModel" => cost_model: Field<Box<str>>,
        /// Where to ask, and how soon an answer comes.
        #[example("#platform-help")]
        "supportChannel" => support_channel: Field<Box<str>>,
        /// Where its changes are listed.
        #[example("CHANGELOG.md")]
        "changelog" => changelog: Field<Box<str>>,
        /// How versions end.
        #[example("twelve months, announced in the changelog")]
        "deprecationPolicy" => deprecation_policy: Field<Box<str>>,
        /// How compatibility is tested.
        #[example("tests/compatibility")]
        "compatibilityTests" => compatibility_tests: Field<Box<str>>,
        /// How to go back.
        #[example("redeploy the version before")]
        "rollbackPlan" => rollback_plan: Field<Box<str>>,
        /// A service that shows it.
        "exampleService" => example_service: Field<ServiceId>,
        /// Where its interface is documented.
        #[example("schema/inputs.json")]
        "schema" => schema: Field<Box<str>>,
        /// Where it is documented.
        #[example("docs/http-service.md")]
        "docs" => docs: Field<Box<str>>,
        /// Tags that it sets on all it creates.
        #[example("CostCenter")]
        "mandatoryTags" => mandatory_tags: List<Box<str>>,
        /// The way out of it, for those who must deviate.
        #[example("a task definition of your own, with an exception")]
        "escapeHatch" => escape_hatch: Field<Box<str>>,
        /// How its workloads are rolled out.
        #[example("canary")]
        "deploymentStrategy" => deployment_strategy: Field<Box<str>>,
        /// The template of the runbook it generates.
        #[example("templates/runbook.md")]
        "runbookTemplate" => runbook_template: Field<Box<str>>,
        /// What only a person can state of it, by readiness item.
        "readiness" => readiness: Named<ReadinessAttestation>,
    }
}

record! {
    /// One version.
    pub struct Version called "version" shorthand "version" {
        /// Its number, such as `3` or `3.1.0`.
        "version" => version: Field<VersionNumber>,
        /// Where it is in its life.
        "status" => status: Field<VersionStatus>,
        /// How much help there is, when it differs from the path's.
        "supportLevel" => support_level: Field<SupportLevel>,
        /// How much it changes.
        "change" => change: Field<VersionChange>,
        /// Its first day.
        "releasedAt" => released_at: Field<Day>,
        /// Its last day.
        "endOfSupport" => end_of_support: Field<Day>,
        /// How to come from the version before.
        #[example("docs/migrate-2-to-3.md")]
        "migration" => migration: Field<Box<str>>,
        /// What changed.
        #[example("Health checks moved to `/healthz`.")]
        "notes" => notes: Field<Box<str>>,
    }
}

record! {
    /// One input or output.
    pub struct Part called "part" shorthand "name" {
        /// Its name.
        #[example("deployment-pipeline")]
        "name" => name: Field<Box<str>>,
        /// What it is.
        #[example("Builds, tests and deploys.")]
        "description" => description: Field<Box<str>>,
    }
}

record! {
    /// One layer of a path: what it provides and which controls it proves.
    pub struct PathLayer called "layer" shorthand "provides" {
        /// What it provides.
        #[example("a dashboard and four alarms")]
        "provides" => provides: Field<Box<str>>,
        /// Controls it proves.
        "controls" => controls: List<ControlId>,
    }
}

record! {
    /// What a person states of one readiness item.
    pub struct ReadinessAttestation called "attestation" {
        /// Who says so.
        #[example("@fern")]
        "by" => by: Field<Box<str>>,
        /// When they said so.
        "at" => at: Field<Day>,
        /// How long it holds.
        "validFor" => valid_for: Field<Duration>,
        /// Where the proof is.
        #[example("docs/review-2026-10.md")]
        "evidence" => evidence: Field<Box<str>>,
    }
}

/// A version as written: `3` or `3.1.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionNumber(Box<str>);

impl VersionNumber {
    /// The order of two versions, part by part, a missing part counting as 0; `None` when one of them
    /// is not made of numbers.
    pub fn order(one: &str, other: &str) -> Option<std::cmp::Ordering> {
        let (mut one, mut other) = (parts(one), parts(other));
        let mut order = std::cmp::Ordering::Equal;
        loop {
            match (one.next(), other.next()) {
                (None, None) => return Some(order),
                (one, other) => order = order.then(one.unwrap_or(Some(0))?.cmp(&other.unwrap_or(Some(0))?)),
            }
        }
    }

    /// Whether `text` is made of numbers with dots between them.
    pub fn is_valid(text: &str) -> bool {
        parts(text).all(|part| part.is_some())
    }
}

/// The numbers between the dots; `None` in place of what is no number.
fn parts(text: &str) -> impl Iterator<Item = Option<u64>> {
    text.split('.').map(|part| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?)
}

impl std::ops::Deref for VersionNumber {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Readable for VersionNumber {
    const SHAPE: Shape = Shape::Version;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        Box::<str>::read(node, reader).map(Self)
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Text((&*self.0).into(), origin)
    }
}

impl std::fmt::Display for VersionNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl schemars::JsonSchema for VersionNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "VersionNumber".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A version: numbers with dots between them, in quotes.",
            "type": ["string", "number"],
            "examples": ["3", "3.1.0"]
        })
    }
}

impl GoldenPath {
    /// The version written as `number`.
    pub fn version(&self, number: &str) -> Option<&Version> {
        self.versions.values().find(|version| version.version.value().is_some_and(|known| **known == *number))
    }
}

#[cfg(test)]
mod tests {
    use super::VersionNumber;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn versions_are_ordered_part_by_part() {
        for (one, other, order) in [
            ("3", "3.0.0", Some(Equal)),
            ("3.10", "3.9", Some(Greater)),
            ("2.9.9", "3", Some(Less)),
            ("3", "beta", None),
            ("3.", "3", None),
            ("", "3", None),
        ] {
            assert_eq!(VersionNumber::order(one, other), order, "{one} and {other}");
        }
    }
}
